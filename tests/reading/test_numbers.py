"""Columns of cells as exact decimals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.exact.block import Block
from linreg_cli.reading.csv.cell_numbers import parse_cell
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.numbers import BadCell, Numbers, as_block, read_numbers
from linreg_cli.reading.csv.plain_cells import MAX_PLAIN_LENGTH, read_plain_cells

DEFAULT = CsvOptions()
COMMA = CsvOptions(decimal=",")
GROUPED = CsvOptions(thousands=",")

BLANKS = st.text(alphabet=" \t", max_size=3)
EXPONENTS = st.one_of(st.just(""), st.from_regex(r"[eE][+-]?[0-9]{1,2}", fullmatch=True))
NUMBERS = st.from_regex(r"[+-]?([0-9]{1,25}(\.[0-9]{0,25})?|\.[0-9]{1,25})", fullmatch=True)
CELLS = st.builds("{}{}{}{}".format, BLANKS, NUMBERS, EXPONENTS, BLANKS)


def block_of(numbers: Numbers) -> Block:
    return as_block([numbers], ~numbers.missing)


def fractions(block: Block) -> list[Fraction]:
    (decimals,) = block.decimals
    return [Fraction(int(value), 10**decimals) for value in block.values[:, 0]]


@pytest.mark.slow
@given(st.lists(CELLS))
def test_every_number_is_read_exactly(cells: list[str]) -> None:
    numbers = read_numbers(cells, DEFAULT)
    assert not numbers.bad
    assert fractions(block_of(numbers)) == [Fraction(cell.strip()) for cell in cells]


@given(st.lists(st.text(alphabet=" \t+-.,0123e\xe9", max_size=8)))
def test_a_cell_is_bad_exactly_if_it_is_bad_alone(cells: list[str]) -> None:
    def is_bad(cell: str) -> bool:
        try:
            parse_cell(cell, DEFAULT)
        except ValueError:
            return bool(cell.strip(" \t"))
        return False

    bad = read_numbers(cells, DEFAULT).bad
    rows = [row for row, cell in enumerate(cells) if is_bad(cell)]
    assert [cell.row for cell in bad] == rows


@given(st.text(alphabet=" \t+-.0123456789", max_size=24))
def test_a_plain_cell_is_what_it_is_when_parsed_alone(cell: str) -> None:
    plain = read_plain_cells([cell], ".")
    assume(plain.is_plain[0])
    alone = parse_cell(cell, DEFAULT)
    assert (plain.integers[0], plain.decimals[0]) == alone


@pytest.mark.parametrize(
    "cell", ["0", "-1.5", "+.5", "5.", " 12 ", "\t7\t", "9" * 18, "-0." + "9" * 17, "0.00"]
)
def test_common_cells_are_plain(cell: str) -> None:
    assert read_plain_cells(["x", cell, ""], ".").is_plain.tolist() == [False, True, False]


@pytest.mark.parametrize(
    "cell", ["", " ", ".", "+", "1 2", "1.2.3", "--1", "1-", "- 1", "1e5", "1,5", "9" * 19, "NA"]
)
def test_other_cells_are_not_plain(cell: str) -> None:
    assert read_plain_cells(["1", cell, "2"], ".").is_plain.tolist() == [True, False, True]


def test_a_very_long_cell_is_not_plain_but_read() -> None:
    cell = " " * MAX_PLAIN_LENGTH + "7"
    assert not read_plain_cells([cell], ".").is_plain[0]
    assert fractions(block_of(read_numbers([cell], DEFAULT))) == [7]


@pytest.mark.slow
@given(st.lists(st.one_of(CELLS, st.sampled_from(["", " NA ", "n/A", "NaN", "null", "NONE"]))))
def test_missing_cells_are_told_from_numbers(cells: list[str]) -> None:
    numbers = read_numbers(cells, DEFAULT)
    assert numbers.missing.tolist() == [not any(map(str.isdigit, cell)) for cell in cells]


def test_the_first_bad_cell_is_reported_with_its_reason() -> None:
    numbers = read_numbers(["1", "NA", "1e999", "x"], DEFAULT)
    assert numbers.bad[0] == BadCell(2, "1e999", "is outside the range of float64")


@pytest.mark.parametrize("cell", ["1_000", "٣", "0x10", "inf", "1e", "1.2.3", "5\u200b"])
def test_what_is_not_a_number_is_bad(cell: str) -> None:
    assert read_numbers([cell], DEFAULT).bad == (BadCell(0, cell, "is not a number"),)


def test_no_cells_are_no_numbers() -> None:
    assert block_of(read_numbers([], DEFAULT)).values.shape == (0, 1)


def test_a_column_has_the_decimals_that_its_cells_need_most() -> None:
    block = block_of(read_numbers(["1", "2.5", "-0.125", "1e-1"], DEFAULT))
    assert block.decimals == (3,)
    assert block.values[:, 0].tolist() == [1000, 2500, -125, 100]


def test_a_zero_needs_no_decimals_however_it_is_written() -> None:
    assert block_of(read_numbers(["0.000", "0e-5", "-.0", "3"], DEFAULT)).decimals == (0,)


@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        (["9" * 18], np.int64),
        (["1" + "0" * 18], np.object_),
        (["0" * 30 + "5"], np.int64),
        (["1" + "0" * 16, "0.5"], np.int64),
        (["1" + "0" * 17, "0.5"], np.object_),
        (["1", "1e-17"], np.int64),
        (["1", "1e-18"], np.object_),
        (["0", "1e-300"], np.int64),
        (["0", "1e17", "-1e17"], np.int64),
    ],
)
def test_a_block_is_of_int64_exactly_if_18_digits_are_enough(
    cells: list[str], dtype: type[np.generic]
) -> None:
    block = block_of(read_numbers(cells, DEFAULT))
    assert block.values.dtype == dtype
    assert fractions(block) == [Fraction(cell) for cell in cells]


def test_one_wide_column_makes_the_block_one_of_objects() -> None:
    columns = [read_numbers(["1" * 30], DEFAULT), read_numbers(["5"], DEFAULT)]
    block = as_block(columns, np.array([True]))
    assert block.values.dtype == object
    assert [type(value) for value in block.values[0]] == [int, int]


def test_rows_left_out_have_no_say_in_the_block() -> None:
    numbers = read_numbers(["1", "1e30", "0.125"], DEFAULT)
    block = as_block([numbers], np.array([True, False, False]))
    assert block.values.dtype == np.int64
    assert block.decimals == (0,)


@pytest.mark.parametrize(
    ("cell", "options", "value"),
    [
        ("1,5", COMMA, "1.5"),
        ("-,5e1", COMMA, "-5"),
        ("1,234", GROUPED, "1234"),
        ("-12,345,678.25", GROUPED, "-12345678.25"),
        ("1,234e2", GROUPED, "123400"),
        ("999", GROUPED, "999"),
        ("1234", GROUPED, "1234"),
        ("1.234,5", CsvOptions(decimal=",", thousands="."), "1234.5"),
        ("1 234 567", CsvOptions(thousands=" "), "1234567"),
        (" 1'234 ", CsvOptions(thousands="'"), "1234"),
    ],
)
def test_signs_are_read_as_the_options_say(cell: str, options: CsvOptions, value: str) -> None:
    assert fractions(block_of(read_numbers([cell], options))) == [Fraction(value)]


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("1.5", COMMA),
        ("1,2,3", COMMA),
        ("1.234,5", COMMA),
        ("12,34", GROUPED),
        ("1234,567", GROUPED),
        (",123", GROUPED),
        ("1,234,", GROUPED),
        ("1,,234", GROUPED),
        ("1,2345", GROUPED),
        ("0.123,456", GROUPED),
        ("1,234e1,000", GROUPED),
        ("1.23", CsvOptions(decimal=",", thousands=".")),
        ("1 2", CsvOptions(thousands=" ")),
    ],
)
def test_signs_in_the_wrong_place_are_bad(cell: str, options: CsvOptions) -> None:
    assert read_numbers([cell], options).bad == (BadCell(0, cell, "is not a number"),)


def test_a_missing_marker_is_known_before_the_thousands_sign() -> None:
    assert read_numbers(["n/a"], CsvOptions(thousands="/")).missing.tolist() == [True]
