"""The inverse of a target as an expression of its prediction: exp of that of log(price)."""

import math
from types import MappingProxyType
from typing import Literal

from linreg_cli.design import Call, Column, Expression, Number, Operation
from linreg_cli.errors import UsageError

RESULT = Column("\0")
"""Stands for the prediction of the target; no column of a file has this name."""
_TINY = Number("1e-300")
"""Changes no number above 1e-284."""
_LOGARITHMS = MappingProxyType({"log": None, "log2": math.log(2), "log10": math.log(10)})

_OPPOSITES = MappingProxyType[str, Literal["+", "-", "*", "/"]](
    {"+": "-", "-": "+", "*": "/", "/": "*"}
)


def inverse_of(target: Expression) -> Expression:
    """Return the column that a target is computed from, computed from the target.

    Raises
    ------
    UsageError
        If exported code cannot have the inverse.

    """
    expression, found = target, _undone(target, RESULT)
    while found is not None:
        expression, undone = found
        if isinstance(expression, Column):
            return undone
        found = _undone(expression, undone)
    raise UsageError(
        f"exported code cannot undo {expression}",
        hint="Leave out --inverse; log, log2, log10, log1p, exp, sqrt, odd powers and "
        "arithmetic with a number can be undone.",
    )


def _undone(target: Expression, value: Expression) -> tuple[Expression, Expression] | None:
    """Return what a target is computed from, and that computed from the value of the target."""
    match target:
        case Call(function, argument):
            undone = _undone_call(function, value)
            return None if undone is None else (argument, undone)
        case Operation("^", argument, Number(exponent)):
            undone = _root(value, int(exponent))
            return None if undone is None else (argument, undone)
        case Operation(operator, argument, Number() as number) if operator != "^":
            return argument, Operation(_OPPOSITES[operator], value, number)
        case Operation("+" | "*" as operator, Number() as number, argument):
            return argument, Operation(_OPPOSITES[operator], value, number)
        case Operation("-" | "/" as operator, Number() as number, argument):
            return argument, Operation(operator, number, value)
    return None


def _root(value: Expression, degree: int) -> Expression | None:
    """Return the root of an odd degree with the functions of all targets: y |y|^(1/degree - 1)."""
    if degree % 2 == 0:
        return None
    if degree == -1:
        return Operation("/", Number("1"), value)
    exponent = Number(repr(1 / degree - 1))
    size: Expression = Call("abs", value)
    if degree > 0:  # the root of 0 is 0, of which there is no logarithm
        size = Operation("+", size, _TINY)
    return Operation("*", value, Call("exp", Operation("*", Call("log", size), exponent)))


def _undone_call(function: str, value: Expression) -> Expression | None:
    match function:
        case "log" | "log2" | "log10":
            base = _LOGARITHMS[function]
            return Call("exp", value if base is None else Operation("*", value, Number(repr(base))))
        case "log1p":
            return Operation("-", Call("exp", value), Number("1"))
        case "exp":
            return Call("log", value)
        case "sqrt":  # the root in it exists if the value is not negative
            return Operation("*", value, Operation("^", Call("sqrt", value), Number("2")))
    return None
