"""How a field and a record of CSV are written: as Python's csv module writes them."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading.csv.writing import quoted, record

FIELDS = st.text(st.sampled_from('a1 ,;"\r\n\t\u00e9'), max_size=6)


@given(st.lists(FIELDS, min_size=2, max_size=4), st.sampled_from(",;\t"))
def test_a_record_is_that_of_the_csv_module(fields: list[str], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(fields)
    assert record(fields, delimiter, b"\r\n") == text.getvalue().encode()


@pytest.mark.parametrize("text", ["plain", "two words", "'single'", ""])
def test_a_field_without_special_characters_is_unchanged(text: str) -> None:
    assert quoted(text) == text.encode()


def test_numbers_are_written_with_all_digits_and_none_as_an_empty_field() -> None:
    assert record([3, 0.1, None, "x"]) == b"3,0.1,,x\n"
