"""How the numbers in a file are said to be written."""

import pytest

from linreg_cli.errors import UsageError
from linreg_cli.reading.csv.csv_options import CsvOptions


@pytest.mark.parametrize("written", ["tab", "\\t", "\t"])
def test_a_tab_can_be_written_in_three_ways(written: str) -> None:
    assert CsvOptions(delimiter=written).delimiter == "\t"


@pytest.mark.parametrize("delimiter", [",", ";", "|", " ", "\x01", "~", "'"])
def test_any_other_ascii_sign_can_be_the_delimiter(delimiter: str) -> None:
    assert CsvOptions(delimiter=delimiter).delimiter == delimiter


@pytest.mark.parametrize("sign", ["", ";;", "€", "\xa0"])
def test_a_sign_is_one_ascii_character(sign: str) -> None:
    with pytest.raises(UsageError, match=r"^--delimiter .* is not one ASCII character$"):
        CsvOptions(delimiter=sign)


@pytest.mark.parametrize("sign", ["5", "e", "Z", "+", "-", '"', "\n", "\r", "\0"])
@pytest.mark.parametrize("option", ["delimiter", "decimal", "thousands"])
def test_a_sign_is_no_part_of_numbers_or_quotes(option: str, sign: str) -> None:
    with pytest.raises(UsageError, match=f"^--{option} .* cannot be told from the numbers"):
        CsvOptions(**{option: sign})  # type: ignore[arg-type] # the option varies


def test_a_blank_is_no_decimal_sign() -> None:
    with pytest.raises(UsageError, match=r"^--decimal ' ' cannot be told"):
        CsvOptions(decimal=" ")


def test_the_decimal_character_may_be_the_delimiter_because_of_quotes() -> None:
    assert CsvOptions(delimiter=",", decimal=",").decimal == ","


def test_the_decimal_character_is_not_the_thousands_character_too() -> None:
    with pytest.raises(UsageError) as raised:
        CsvOptions(thousands=".")
    assert raised.value.message == "--thousands and --decimal are both '.'"
    assert raised.value.hint == "With decimal commas: --decimal , --delimiter ';' --thousands ."


def test_the_thousands_character_may_be_the_delimiter_because_of_quotes() -> None:
    assert CsvOptions(delimiter=",", thousands=",").thousands == ","


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "UTF-16", "shift_jis"])
def test_a_text_encoding_of_python_is_known(encoding: str) -> None:
    assert CsvOptions(encoding=encoding).encoding == encoding


@pytest.mark.parametrize("encoding", ["", "utf-9", "hex", "rot13", "undefined", "a\0b"])
def test_another_encoding_is_not_known(encoding: str) -> None:
    with pytest.raises(UsageError) as raised:
        CsvOptions(encoding=encoding)
    assert raised.value.message == f"--encoding {encoding!r} is not known"
    assert raised.value.hint == "Try --encoding utf-8, --encoding latin-1 or --encoding utf-16."
