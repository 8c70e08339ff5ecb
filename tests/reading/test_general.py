"""Parsing a chunk with pandas: the reference for every faster reader."""

import csv
import io
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.general_reader import parse_chunk
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.csv.syntax import Syntax

LAYOUT = Layout(
    source="a.csv",
    syntax=Syntax(","),
    width=3,
    names=("x", "z"),
    positions=(0, 2),
    options=CsvOptions(),
)
ONE_COLUMN = replace(LAYOUT, width=1, names=("x",), positions=(0,))


def parse(data: bytes, layout: Layout = LAYOUT, first_line: int = 2) -> Rows:
    return parse_chunk(Chunk(data, layout.syntax, first_line), layout)


def error(data: bytes, layout: Layout = LAYOUT) -> DataError:
    with pytest.raises(DataError) as raised:
        parse(data, layout)
    return raised.value


def options(**changes: str | bool) -> Layout:
    return replace(LAYOUT, options=replace(CsvOptions(), **changes))


def test_the_wanted_columns_are_read() -> None:
    rows = parse(b"1,a,2.5\n-3,b,4\n")
    assert rows.block.values.tolist() == [[1, 25], [-3, 40]]
    assert rows.block.decimals == (0, 1)


def test_columns_come_in_the_order_they_are_wanted() -> None:
    layout = replace(LAYOUT, names=("z", "x"), positions=(2, 0))
    assert parse(b"1,a,2\n", layout).block.values.tolist() == [[2, 1]]


def test_a_column_can_be_wanted_twice() -> None:
    layout = replace(LAYOUT, names=("x", "x"), positions=(0, 0))
    assert parse(b"1,a,2\n", layout).block.values.tolist() == [[1, 1]]


def test_quotes_around_a_number_are_no_part_of_it() -> None:
    assert parse(b'"1","a ""b"",\n","2"\n').block.values.tolist() == [[1, 2]]


def test_a_row_with_a_missing_cell_is_counted_and_left_out() -> None:
    rows = parse(b"1,a,2\nNA,b,3\n4,c,\nnull,d,\n5,,6\n")
    assert rows.block.values.tolist() == [[1, 2], [5, 6]]
    assert rows.complete.tolist() == [True, False, False, False, True]
    assert rows.missing == (2, 2)
    assert rows.count == 5


def test_blank_lines_are_no_records() -> None:
    rows = parse(b"\n1,a,2\n \t\r\n\r3,b,4\n\n")
    assert rows.block.values.tolist() == [[1, 2], [3, 4]]
    assert rows.count == 2
    assert rows.records.lines.tolist() == [3, 6]


def test_a_chunk_of_blank_lines_has_no_rows() -> None:
    rows = parse(b"\n \n")
    assert (rows.count, rows.block.values.shape, rows.missing) == (0, (0, 2), (0, 0))


def test_a_line_of_tabs_is_a_record_where_they_are_delimiters() -> None:
    rows = parse(b"\t\t\n1\ta\t2\n", replace(LAYOUT, syntax=Syntax("\t")))
    assert rows.complete.tolist() == [False, True]


def test_in_one_column_an_empty_line_is_a_missing_cell() -> None:
    rows = parse(b"1\n\n \n2\n\n", ONE_COLUMN)
    assert rows.block.values.tolist() == [[1], [2]]
    assert rows.complete.tolist() == [True, False, False, True, False]


def test_each_record_can_be_written_back_as_it_stands_in_the_file() -> None:
    rows = parse('1,"a\r\n€",2\r\n\r\n3 ,b,4\r5,c,6'.encode())
    data, records = rows.records.chunk.data, rows.records
    assert [data[i:j] for i, j in zip(records.starts, records.ends, strict=True)] == [
        '1,"a\r\n€",2'.encode(),
        b"3 ,b,4",
        b"5,c,6",
    ]
    assert records.starts.dtype == records.ends.dtype == np.int64


def test_the_mark_of_utf8_in_the_middle_of_a_file_is_text() -> None:
    assert error(b"\xef\xbb\xbf1,a,2\n").problem == (
        "'\ufeff1' is not a number: it holds U+FEFF (ZERO WIDTH NO-BREAK SPACE)"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1,a,2\n1,a\n", "a.csv, line 3: has 2 fields, the header has 3"),
        (b'1,"a\nb",2\n1\n', "a.csv, line 4: has 1 field, the header has 3"),
        (b"1,a,2,3\n", "a.csv, line 2: has 4 fields, the header has 3"),
        (b'" "\n', "a.csv, line 2: has 1 field, the header has 3"),
    ],
)
def test_a_ragged_record_is_an_error(data: bytes, message: str) -> None:
    assert error(data).message == message


def test_a_record_with_too_many_fields_hints_at_quotes_and_decimal_commas() -> None:
    assert error(b"1,a,2,3\n").hint == (
        "--rejects rejects.csv writes such rows to this file and continues. "
        "Put a field that contains ',' in double quotes. "
        "With decimal commas: --decimal , --delimiter ';'"
    )


def test_without_a_header_the_first_record_says_how_many_fields_there_are() -> None:
    problem = error(b"1,a\n", options(has_header=False)).problem
    assert problem == "has 2 fields, the first record has 3"


def test_a_bad_cell_is_named_by_line_and_column() -> None:
    found = error(b'1,"\n",2\n1,a,n/a?\n')
    assert found.message == "a.csv, line 4, column 'z': 'n/a?' is not a number"
    assert (found.source, found.line, found.column) == ("a.csv", 4, "z")
    assert found.hint == (
        "--rejects rejects.csv writes such rows to this file and continues; "
        "if the whole column is text, leave the column out."
    )


def test_a_long_bad_cell_is_shortened() -> None:
    assert error(b"x" * 41 + b",a,2\n").problem == f"'{'x' * 39}…' is not a number"
    assert error(b"x" * 40 + b",a,2\n").problem == f"'{'x' * 40}' is not a number"


def test_a_number_out_of_range_is_told_the_range() -> None:
    found = error(b"1e309,a,2\n")
    assert found.problem == "'1e309' is outside the range of float64"
    assert found.hint == (
        "--rejects rejects.csv writes such rows to this file and continues; "
        "numbers are 0 or from 4.9e-324 to 1.8e308 in size, of up to 1000 digits."
    )


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("12,5", "--decimal , reads it as 12.5."),
        ("1,234", "--decimal , reads it as 1.234; --thousands , reads it as 1234."),
        ("1,234.5", "--thousands , reads it as 1234.5."),
        ("1.234,5", "--decimal , --thousands . reads it as 1234.5."),
        ("1 234", "--thousands ' ' reads it as 1234."),
        ("1'234", "--thousands ''\"'\"'' reads it as 1234."),
    ],
)
def test_a_cell_that_other_signs_would_read_hints_at_them(cell: str, hint: str) -> None:
    layout = replace(LAYOUT, syntax=Syntax(";"))
    assert error(f"{cell};a;2\n".encode(), layout).hint == hint


def test_a_decimal_point_is_hinted_at_where_the_comma_is_the_decimal_sign() -> None:
    layout = replace(options(decimal=","), syntax=Syntax(";"))
    assert error(b"1.5;a;2\n", layout).hint == "--decimal . reads it as 1.5."


def test_a_quoted_delimiter_may_be_the_decimal_or_the_thousands_character() -> None:
    hint = "--thousands , reads it as 1234; --decimal , reads it as 1.234."
    assert error(b'"1,234",a,2\n').hint == hint


def test_other_cells_of_the_column_tell_which_of_the_two_it_is() -> None:
    assert error(b'"1,234",a,2\n"5,25",a,3\n').hint == "--decimal , reads it as 1.234."
    assert error(b'"1,234",a,2\n"5.25",a,3\n').hint == "--thousands , reads it as 1234."


def test_a_missing_cell_is_an_error_if_so_asked() -> None:
    found = error(b"1,a,2\n3,a,NA\n,a,4\n", options(fail_on_missing=True))
    assert found.message == "a.csv, line 3, column 'z': the value is missing"


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"1,a,bad\nbad,a,2\n", 2, "z"),
        (b"1,a,2\nbad,a,bad\n", 3, "x"),
        (b"1,a,2\nbad,a,2\n1\n", 3, "x"),
        (b"1,a\nbad,a,2\n", 2, ""),
        (b"1,a,\nbad,a,2\n", 2, "z"),
        (b"bad,a,\n,a,2\n", 2, "x"),
    ],
)
def test_the_first_error_in_the_file_is_the_one_reported(
    data: bytes, line: int, column: str
) -> None:
    found = error(data, options(fail_on_missing=True))
    assert (found.line, found.column) == (line, column)


CELLS = st.one_of(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3
    ),
    st.integers(-(10**20), 10**20),
).map(str)
TEXTS = st.text(alphabet='a",\r\n é')


@given(
    st.lists(st.tuples(CELLS, TEXTS, CELLS)),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_python_writes_as_csv_is_read_exactly(
    table: list[tuple[str, str, str]], delimiter: str, line_end: str
) -> None:
    file = io.StringIO(newline="")
    # Left to itself, Python quotes no line ends but its own.
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows(table)
    rows = parse(file.getvalue().encode(), replace(LAYOUT, syntax=Syntax(delimiter)))
    scale = [Fraction(1, 10**decimals) for decimals in rows.block.decimals]
    values = [
        [int(value) * unit for value, unit in zip(row, scale, strict=True)]
        for row in rows.block.values
    ]
    assert values == [[Fraction(x), Fraction(z)] for x, _, z in table]


@given(
    st.lists(st.sampled_from(["1,a,2", '"1","",""', '1,a"b,2', "", " ", ',"\r\n",']), min_size=1)
)
def test_pandas_and_our_structure_see_the_same_records(lines: list[str]) -> None:
    for line_end in ("\n", "\r\n", "\r"):
        rows = parse(line_end.join(lines).encode())
        assert rows.count == sum(bool(line.strip()) for line in lines)
