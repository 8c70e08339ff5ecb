"""Arithmetic of exact decimals against fractions."""

import operator
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.design.expressions import evaluate
from linreg_cli.design.number_column import NumberColumn
from linreg_cli.design.terms import Call, Column, Expression, Number, Operation
from linreg_cli.exact.decimals import ExactDecimal, parse
from tests.strategies import LARGEST, LONG_CELLS

A, B = Column("a"), Column("b")
CELLS = st.one_of(
    st.none(), st.builds(ExactDecimal, LONG_CELLS, st.integers(0, 20)), st.just(ExactDecimal(0, 3))
)
Row: TypeAlias = tuple[ExactDecimal | None, ExactDecimal | None]
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=5)
CONSTANTS = ["2", "0.5", "-3", "7", "1e3", "0.0003", "123456789012345678901", "6.25"]


def numbers_of(expression: Expression, rows: list[Row]) -> list[Fraction | None]:
    """Return the number of an expression of `A` and `B` in each row."""
    known: dict[Expression, NumberColumn] = {
        A: NumberColumn.of_decimals(a for a, _ in rows),
        B: NumberColumn.of_decimals(b for _, b in rows),
    }
    numbers = evaluate(expression, known, len(rows))
    is_short = int(np.abs(numbers.values).max(initial=0)) <= LARGEST
    assert numbers.values.dtype == (np.int64 if is_short else np.object_)
    return [fraction(number) for number in numbers.of_rows()]


def fraction(number: ExactDecimal | None) -> Fraction | None:
    return None if number is None else Fraction(*number.as_integer_ratio())


def is_nearest(result: Fraction, value: Fraction) -> bool:
    """Return whether a result has at most 17 digits, and no other such number is closer."""
    if value == 0:
        return result == 0
    written = Context(prec=100).divide(Decimal(value.numerator), Decimal(value.denominator))
    unit = Fraction(Decimal(1).scaleb(written.adjusted() - 16))
    return (result / unit).denominator == 1 and abs(result - value) <= unit / 2


@pytest.mark.parametrize(
    ("sign", "compute"), [("+", operator.add), ("-", operator.sub), ("*", operator.mul)]
)
@given(ROWS)
def test_sums_and_products_are_exact(
    sign: Literal["+", "-", "*"], compute: Callable[[Fraction, Fraction], Fraction], rows: list[Row]
) -> None:
    expected = [
        None
        if a is None or b is None
        else compute(Fraction(*a.as_integer_ratio()), Fraction(*b.as_integer_ratio()))
        for a, b in rows
    ]
    assert numbers_of(Operation(sign, A, B), rows) == expected


@given(ROWS)
def test_a_quotient_has_17_digits_and_is_the_nearest(rows: list[Row]) -> None:
    quotients = numbers_of(Operation("/", A, B), rows)
    for (a, b), result in zip(rows, quotients, strict=True):
        if a is None or b is None or b.integer == 0:
            assert result is None
        else:
            assert result is not None
            assert is_nearest(
                result, Fraction(*a.as_integer_ratio()) / Fraction(*b.as_integer_ratio())
            )


@pytest.mark.parametrize(
    ("numerator", "quotient"),
    [
        ("20000000000000001", "1.0000000000000000e16"),
        ("20000000000000003", "1.0000000000000002e16"),
    ],
)
def test_a_quotient_halfway_between_two_decimals_is_the_even_one(
    numerator: str, quotient: str
) -> None:
    row = (parse(numerator), parse("2"))
    assert numbers_of(Operation("/", A, B), [row]) == [Fraction(quotient)]


@pytest.mark.parametrize("text", CONSTANTS)
@given(CELLS)
def test_arithmetic_with_a_constant(text: str, cell: ExactDecimal | None) -> None:
    constant = Number(text)
    rows: list[Row] = [(cell, None)]
    value, number = Fraction(text), fraction(cell)
    assert numbers_of(Operation("*", A, constant), rows) == [number and number * value]
    assert numbers_of(Operation("-", constant, A), rows) == [
        None if number is None else value - number
    ]
    (quotient,) = numbers_of(Operation("/", A, constant), rows)
    if number is None:
        assert quotient is None
    elif value.numerator in {1, 2, 1000, 25}:  # that divide a power of ten
        assert quotient == number / value
    else:
        assert quotient is not None
        assert is_nearest(quotient, number / value)


@given(CELLS, st.integers(0, 7))
def test_a_power_is_exact(cell: ExactDecimal | None, exponent: int) -> None:
    number = fraction(cell)
    expected = None if number is None else number**exponent
    assert numbers_of(Operation("^", A, Number(str(exponent))), [(cell, None)]) == [expected]


@given(CELLS)
def test_a_negative_power_is_a_quotient(cell: ExactDecimal | None) -> None:
    number = fraction(cell)
    (result,) = numbers_of(Operation("^", A, Number("-2")), [(cell, None)])
    if not number:
        assert result is None
    else:
        assert result is not None
        assert is_nearest(result, 1 / number**2)


def test_expressions_contain_expressions() -> None:
    inner = Operation("/", Operation("-", A, Number("1")), B)
    root = Operation("+", Call("sqrt", inner), Call("abs", A))
    rows: list[Row] = [
        (parse("10"), parse("4")),
        (parse("0"), parse("4")),
        (parse("5"), parse("0")),
    ]
    assert numbers_of(root, rows) == [Fraction("11.5"), None, None]


def test_numbers_computed_from_texts_are_given() -> None:
    sold = Call("days", Column("sold"))
    known: dict[Expression, NumberColumn] = {sold: NumberColumn.all_exist(np.array([3, 7]), 0)}
    numbers = evaluate(Operation("^", sold, Number("2")), known, 2)
    assert numbers.values.tolist() == [9, 49]
