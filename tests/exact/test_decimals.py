"""Numbers as written, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given

from linreg_cli.exact.decimals import MAX_DIGITS, ExactDecimal, is_number, parse
from tests.strategies import NUMBER_TEXTS


@pytest.mark.parametrize(
    ("text", "integer", "decimals"),
    [
        ("0", 0, 0),
        ("-0.00", 0, 0),
        ("0e999999999999", 0, 0),
        ("1800", 1800, 0),
        ("007", 7, 0),
        ("-1203.50", -120350, 2),
        ("+.5", 5, 1),
        ("5.", 5, 0),
        ("1.5e3", 1500, 0),
        ("1.5E+1", 15, 0),
        ("15e-1", 15, 1),
        (" \t42 ", 42, 0),
        ("1.7976931348623157e308", 17976931348623157 * 10**292, 0),
        ("5e-324", 5, 324),
    ],
)
def test_a_number_is_an_integer_and_a_count_of_decimals(
    text: str, integer: int, decimals: int
) -> None:
    assert parse(text) == (integer, decimals)


@given(NUMBER_TEXTS)
def test_a_number_is_read_without_error(text: str) -> None:
    number = parse(text)
    assert Fraction(number.integer, 10**number.decimals) == Fraction(text)


@given(NUMBER_TEXTS)
def test_decimals_are_never_negative(text: str) -> None:
    assert parse(text).decimals >= 0


@given(NUMBER_TEXTS)
def test_rounding_an_exact_decimal_gives_the_float_that_python_reads(text: str) -> None:
    assert float(parse(text)) == float(text)


@given(NUMBER_TEXTS)
def test_an_exact_decimal_written_out_reads_back_as_itself(text: str) -> None:
    number = parse(text)
    assert parse(str(number)) == number


@pytest.mark.parametrize("text", ["0", "7", "-7", "0.05", "-0.050", "120.50", "-1203.5", "1000"])
def test_a_plain_number_is_written_out_as_it_was_read(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize("text", ["", ".", "+", "-.", "e5", "1e", "1e+", "1e5.0", "1.2.3", "--1"])
def test_a_broken_number_is_not_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a number$"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "1,5",
        "1 2",
        "0x1F",
        "0b1",
        "1j",
        "1f",
        "inf",
        "-Infinity",
        "nan",
        "1/2",
        "5\n",
        "5\v",
    ],
)
def test_what_only_python_or_c_reads_is_not_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a number$"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    ["\u0663", "\uff11", "\u00b2", "\u2013" + "5", "5\u00a0" + "5", "5\u200b"],
    ids=[
        "Arabic digit",
        "fullwidth digit",
        "superscript",
        "en dash",
        "inner no-break space",
        "zero width space",
    ],
)
def test_digits_signs_and_invisible_characters_beyond_ascii_are_not_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a number$"):
        parse(text)


@pytest.mark.parametrize("text", ["\u22125", "\u00a0-5", "-5\u2003", "\u3000-50e\u22121\t"])
def test_unicode_has_a_minus_and_blanks_around_numbers(text: str) -> None:
    assert parse(text).integer * Fraction(1, 10 ** parse(text).decimals) == -5


@pytest.mark.parametrize(
    "text", ["1e309", "-1.7976931348623159e308", "1e-400", "-2e-324", "9e99999999999999999999"]
)
def test_a_number_that_float64_does_not_reach_is_out_of_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is outside the range of float64$"):
        parse(text)


def test_a_number_of_the_most_digits_is_read() -> None:
    assert parse("0." + "9" * (MAX_DIGITS - 1)) == (10 ** (MAX_DIGITS - 1) - 1, MAX_DIGITS - 1)


@pytest.mark.parametrize("text", ["1" * 1001, "0" * 1001, "0." + "1" * 1000])
def test_a_number_of_more_than_1000_digits_is_too_long(text: str) -> None:
    with pytest.raises(ValueError, match=r"^has more than 1000 digits$"):
        parse(text)


@pytest.mark.parametrize("text", ["-5", " 1e6", ".5", "1e999", "1" * 2000])
def test_what_is_written_as_a_number_is_one_be_it_in_range_or_not(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "houses.csv", "-", "--only", "1800x", "1_000", "nan"])
def test_what_is_written_otherwise_is_no_number(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (ExactDecimal(5, 3), "0.005"),
        (ExactDecimal(-5, 1), "-0.5"),
        (ExactDecimal(500, 2), "5.00"),
        (ExactDecimal(0, 2), "0.00"),
    ],
)
def test_a_number_is_written_out_with_exactly_its_decimals(number: ExactDecimal, text: str) -> None:
    assert str(number) == text
