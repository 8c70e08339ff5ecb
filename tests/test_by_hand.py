"""Numbers for print: what a reader works out from them is what is printed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_cli.terminal.by_hand import DIGITS, Line, Term, show

A, B = Term("a"), Term("b")
THREE, MINUS_TWO = Term("3", Fraction(3)), Term("-2", Fraction(-2))
FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda value: not value or 1e-200 < abs(value) < 1e200
)


def unit(text: str) -> Fraction:
    """Give one unit of the last digit of a number as it is printed."""
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(exponent or 0) - decimals)


@pytest.mark.parametrize(
    ("term", "text", "value"),
    [
        (THREE + THREE, "3 + 3", 6),
        (THREE + MINUS_TWO, "3 - 2", 1),
        (THREE - MINUS_TWO, "3 + 2", 5),
        (THREE + MINUS_TWO * THREE, "3 - 2 * 3", -3),
        (THREE - THREE * MINUS_TWO, "3 - 3 * -2", 9),
        (MINUS_TWO * MINUS_TWO + THREE, "-2 * -2 + 3", 7),
        ((THREE - MINUS_TWO) / THREE, "(3 + 2) / 3", Fraction(5, 3)),
        (THREE * (THREE + MINUS_TWO), "3 * (3 - 2)", 3),
        (THREE / MINUS_TWO, "3 / -2", Fraction(-3, 2)),
    ],
)
def test_a_formula_is_written_as_it_is_calculated(term: Term, text: str, value: Fraction) -> None:
    assert (term.text, term.value) == (text, value)


def test_a_formula_of_names_is_the_formula() -> None:
    assert (A * B + B).text == "a * b + b"
    assert ((A - B) / B).text == "(a - b) / b"
    assert (A + Term("-name")).text == "a + -name"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-75000.0, "-75000"),
        (0.1, "0.1"),
        (2 / 3, "0.666666667"),
        (-1234567.891234, "-1234567.89"),
        (247500000000.0, "247500000000"),
        (1234567890123.0, "1.23456789e+12"),
        (123456789.25, "123456789"),
        (12345678901.25, "1.23456789e+10"),
        (1e-7, "1e-07"),
        (0.000123456789123, "0.000123456789"),
        (2e300, "2e+300"),
        (-3.5e-300, "-3.5e-300"),
    ],
)
def test_a_number_is_rounded_to_nine_digits_and_whole_ones_are_not(value: float, text: str) -> None:
    assert show(value).text == text


@pytest.mark.parametrize(
    ("value", "by_hand", "text"),
    [
        (74999.9999999999, "75000", "75000"),
        (-1.4e-11, "0", "0"),
        (150.0, "149.99999975", "150"),
        (0.123456789, "0.123456689", "0.123457"),
        (75000.0, "0.0001", "0"),
        (2.0, "2.04", "2"),
    ],
)
def test_a_result_has_the_digits_that_a_reader_gets(value: float, by_hand: str, text: str) -> None:
    assert show(value, Fraction(by_hand)).text == text


def test_the_last_digit_can_line_up_with_that_of_another_number() -> None:
    center = Fraction("1700000000.123456789")
    assert show(center, beside=2.5).text == "1700000000.12345679"
    assert show(1.5e-12, beside=225000.0).text == "0"


@given(FLOATS, st.floats(min_value=-1e-3, max_value=1e-3))
def test_what_is_printed_is_what_the_reader_gets_and_next_to_the_truth(
    value: float, off: float
) -> None:
    by_hand = Fraction(value) * (1 + Fraction(off))
    printed = show(value, by_hand)
    assert Fraction(printed.text) == printed.value
    assert abs(printed.value - by_hand) <= unit(printed.text) / 2
    # zeros at the end are not printed, so that the unit that is seen is the real one or larger
    assert abs(printed.value - Fraction(value)) <= unit(printed.text) * 3 / 4
    assert len(printed.text.partition("e")[0].strip("-0.").replace(".", "")) <= DIGITS + 3


def test_a_line_is_an_equation_where_a_reader_can_work_it_out() -> None:
    assert str(Line.of(-6.0, THREE * MINUS_TWO)) == "3 * -2 = -6"
    assert str(Line.of(-6.0, None)) == "-6"
