"""Columns of numbers for print: one format, and the values that a reader types in."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from linreg_cli.output.explain.printed_numbers import (
    DIGITS,
    Number,
    as_typed,
    column,
    exponent_of,
    negated,
    show,
    sum_of,
)

VALUES = st.fractions(min_value=-(10**30), max_value=10**30)


def fractions(*texts: str) -> list[Fraction]:
    return list(map(Fraction, texts))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["150000", "300000"], ["150000", "300000"]),
        (["-2121320.343559", "0", "4.25"], ["-2121320.344", "0.000", "4.250"]),
        (["0", "0"], ["0", "0"]),
        (["3.5", "4.25", "8"], ["3.50", "4.25", "8.00"]),
        (["562500000000", "1"], ["562500000000", "1"]),
        (["5625000000001", "0", "-12"], ["5.625e+12", "0", "-1.200e+01"]),
        (["2e-9", "-3.25e-8"], ["2.00e-09", "-3.25e-08"]),
    ],
)
def test_a_column_has_one_format(values: list[str], texts: list[str]) -> None:
    assert [str(number) for number in column(fractions(*values))] == texts


def test_each_number_of_a_relative_column_has_its_digits() -> None:
    values = [Fraction(1, 3), Fraction(2000, 7)]
    assert list(map(str, column(values, 4, is_relative=True))) == ["0.3333", "285.7143"]
    values = [Fraction(1, 3), Fraction(2 * 10**7, 7)]
    assert list(map(str, column(values, 4, is_relative=True))) == ["3.333e-01", "2.857e+06"]


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_what_is_printed_is_the_value_rounded(values: list[Fraction]) -> None:
    largest = max(map(abs, values))
    for value, number in zip(values, column(values), strict=True):
        assert Fraction(number.text) == number.value
        # to ten digits of the largest, or of the number itself
        assert abs(number.value - value) <= largest / 10 ** (DIGITS - 1) / 2


@given(VALUES.filter(bool))
def test_the_exponent_is_that_of_the_first_digit(value: Fraction) -> None:
    assert 1 <= abs(value) / Fraction(10) ** exponent_of(value) < 10


def test_the_last_digit_can_be_that_of_another_number() -> None:
    center = Fraction("1700000000.123456789012")
    assert show(center, beside=Fraction("2.5")).text == "1700000000.123456789"


def test_sums_and_settings_are_written_as_by_hand() -> None:
    assert sum_of(["3 * -2", "-5 * 4", "1"]) == "3 * -2 - 5 * 4 + 1"
    assert [negated(Number(t, Fraction(t))) for t in ("-2.5", "3")] == ["2.5", "-3"]
    assert as_typed(0.1) == Number("0.1", Fraction(1, 10))
    assert as_typed(1e-07).text == "1e-07"
    assert as_typed(2.0).text == "2"
