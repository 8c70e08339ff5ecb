"""The numbers of an expression, from those of the columns in it."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from linreg_cli.design.arithmetic import add, divide, multiply, power, reciprocal, subtract
from linreg_cli.design.number_column import NumberColumn
from linreg_cli.design.terms import Call, Expression, Number, Operation
from linreg_cli.design.transformed import transformed
from linreg_cli.exact import ExactDecimal, parse

_ARITHMETIC = MappingProxyType({"+": add, "-": subtract, "*": multiply, "/": divide})


def evaluate(
    expression: Expression, known: Mapping[Expression, NumberColumn], rows: int
) -> NumberColumn:
    """Return the number of an expression in each row.

    Parameters
    ----------
    expression
        Columns, constants, transforms and arithmetic. What stands to the right of ``^`` is an
        integer.
    known
        The numbers of each column, and of each ``days(...)`` and ``bool(...)``, which are computed
        from texts.
    rows
        The number of rows.

    """
    if expression in known:
        return known[expression]
    match expression:
        case Number(text):
            return _constant(parse(text), rows)
        case Call(function, argument):
            return transformed(function, evaluate(argument, known, rows))
        case Operation("^", left, Number(text)):
            return _power(evaluate(left, known, rows), parse(text), rows)
        case Operation("/", left, Number(text)):
            return _quotient(evaluate(left, known, rows), parse(text), rows)
        case Operation(operator, left, right):
            compute = _ARITHMETIC[operator]
            return compute(evaluate(left, known, rows), evaluate(right, known, rows))
    raise AssertionError(f"the numbers of {expression} are not given")


def _power(base: NumberColumn, exponent: ExactDecimal, rows: int) -> NumberColumn:
    if exponent.integer >= 0:
        return power(base, exponent.integer)
    return divide(_constant(ExactDecimal(1, 0), rows), power(base, -exponent.integer))


def _quotient(numerator: NumberColumn, denominator: ExactDecimal, rows: int) -> NumberColumn:
    factor = reciprocal(denominator)
    if factor is None:
        return divide(numerator, _constant(denominator, rows))
    return multiply(numerator, _constant(factor, rows))


def _constant(number: ExactDecimal, rows: int) -> NumberColumn:
    values = np.full(rows, number.integer, dtype=np.object_)
    return NumberColumn.all_exist(values, number.decimals)
