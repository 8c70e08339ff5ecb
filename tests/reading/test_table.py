"""An open CSV file."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.csv.table import Table
from linreg_cli.reading.csv.table_start import open_table
from linreg_cli.reading.sources.source import Source

DEFAULT = CsvOptions()

NASTY = (
    b'\xef\xbb\xbf\r\n"x,\r\n1";y; z \r\n1;2;3\r\r\n"1.5";" 2 ";4\n\n'
    b'-1e3;"say ""hi""\r\n;";3.25\n5;\xe2\x82\xac;NA\r\n\t\n6;5" pipe;.5'
)
"""Its rows are on lines 4, 6, 8, 10 and 12."""


@contextmanager
def table(
    data: bytes, options: CsvOptions = DEFAULT, *, chunk_bytes: int = 1 << 20
) -> Iterator[Table]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with open_table(Source("stdin"), options, chunk_bytes=chunk_bytes) as opened:
            yield opened


def rows_of(opened: Table, columns: list[str]) -> Iterator[Rows]:
    """Return the wanted columns, chunk by chunk."""
    return (rows for rows, _ in opened.each(columns, lambda _: None, threads=1))


def read(
    data: bytes, columns: list[str], options: CsvOptions = DEFAULT, *, chunk_bytes: int = 1 << 20
) -> list[Rows]:
    with table(data, options, chunk_bytes=chunk_bytes) as opened:
        return list(rows_of(opened, columns))


def values(rows: list[Rows]) -> list[list[Fraction]]:
    return [
        [Fraction(int(v), 10**d) for v, d in zip(row, some.block.decimals, strict=True)]
        for some in rows
        for row in some.block.values
    ]


def error(
    data: bytes, columns: list[str], options: CsvOptions = DEFAULT, *, chunk_bytes: int = 1 << 20
) -> DataError:
    with pytest.raises(DataError) as raised:
        read(data, columns, options, chunk_bytes=chunk_bytes)
    return raised.value


CHUNK_SIZES = range(1, len(NASTY) + 2)


class TestChunksOfAnySize:
    def test_give_the_same_values(self) -> None:
        for chunk_bytes in CHUNK_SIZES:
            rows = read(NASTY, ["x,\r\n1", "z"], chunk_bytes=chunk_bytes)
            assert values(rows) == [
                [1, 3],
                [Fraction("1.5"), 4],
                [-1000, Fraction("3.25")],
                [6, Fraction("0.5")],
            ], chunk_bytes

    def test_give_the_same_account(self) -> None:
        for chunk_bytes in CHUNK_SIZES:
            rows = read(NASTY, ["x,\r\n1", "z"], chunk_bytes=chunk_bytes)
            assert sum(some.count for some in rows) == 5, chunk_bytes
            assert sum(some.missing[0] for some in rows) == 0, chunk_bytes
            assert sum(some.missing[1] for some in rows) == 1, chunk_bytes
            complete = [flag for some in rows for flag in some.complete]
            assert complete == [True, True, True, False, True], chunk_bytes

    def test_give_the_same_lines(self) -> None:
        for chunk_bytes in CHUNK_SIZES:
            rows = read(NASTY, ["z"], chunk_bytes=chunk_bytes)
            lines = [line for some in rows for line in some.records.lines]
            assert lines == [4, 6, 8, 10, 12], chunk_bytes

    def test_give_the_same_header(self) -> None:
        for chunk_bytes in CHUNK_SIZES:
            with table(NASTY, chunk_bytes=chunk_bytes) as opened:
                assert opened.names == ("x,\r\n1", "y", "z"), chunk_bytes
                assert opened.header == b'"x,\r\n1";y; z ', chunk_bytes
                assert (opened.delimiter, opened.line_end) == (";", b"\r\n"), chunk_bytes

    @pytest.mark.parametrize(
        ("bad", "line"),
        [
            (b"x;4;4", 8),
            (b"4;4", 8),
            (b'4;"\0";4', 8),
            (b"4;\xff;4", 8),
            (b'4;"a"b;4', 8),
            (b'4;"b;4', 9),
        ],
    )
    def test_give_the_same_first_error(self, bad: bytes, line: int) -> None:
        data = NASTY.replace(b"-1e3;", bad + b"\r-1e3;")
        for chunk_bytes in CHUNK_SIZES:
            found = error(data, ["x,\r\n1"], chunk_bytes=chunk_bytes)
            assert found.line == line, chunk_bytes


def test_names_are_stripped_of_quotes_and_spaces() -> None:
    with table(b'"a ""b""", c ,"d,e"\n') as opened:
        assert opened.names == ('a "b"', "c", "d,e")


def test_without_a_header_columns_are_numbered_from_1() -> None:
    options = CsvOptions(has_header=False)
    with table(b"7,8\n9,10\n", options) as opened:
        assert opened.names == ("1", "2")
        assert opened.header == b""
        assert values(list(rows_of(opened, ["2"]))) == [[8], [10]]


@pytest.mark.parametrize(
    ("data", "line_end"),
    [(b"a\n1", b"\n"), (b"a\r\n1", b"\r\n"), (b"a\r1\n", b"\r"), (b"a", b"\n")],
)
def test_the_line_end_is_that_of_the_first_record(data: bytes, line_end: bytes) -> None:
    with table(data) as opened:
        assert opened.line_end == line_end


@pytest.mark.parametrize(
    ("header", "is_numeric"),
    [(b"1500,-2.5", True), (b"1500,b", False), (b"1500,", False), (b"2020,NA", False)],
)
def test_a_header_of_nothing_but_numbers_is_noticed(header: bytes, *, is_numeric: bool) -> None:
    with table(header + b"\n1,2\n") as opened:
        assert opened.has_numeric_header is is_numeric


def test_a_first_record_of_numbers_is_no_header_if_none_is_expected() -> None:
    with table(b"1,2\n", CsvOptions(has_header=False)) as opened:
        assert not opened.has_numeric_header


@pytest.mark.parametrize("chunk_bytes", [1, 1000])
def test_the_header_can_be_made_a_row_after_opening(chunk_bytes: int) -> None:
    with table(b"1500, 3\n1600,4\n", chunk_bytes=chunk_bytes) as opened:
        assert opened.first_record == ("1500", " 3")
        bare = opened.without_header(["area", "rooms"])
        assert (bare.names, bare.header, bare.line_end) == (("area", "rooms"), b"", b"\n")
        rows = list(rows_of(bare, ["rooms", "area"]))
    assert values(rows) == [[3, 1500], [4, 1600]]
    assert [line for some in rows for line in some.records.lines] == [1, 2]


def test_names_for_a_file_without_header_are_as_many_as_its_columns() -> None:
    with (
        table(b"1,2,3\n") as opened,
        pytest.raises(DataError, match=r"^stdin: has 3 columns; needed are area, rooms$"),
    ):
        opened.without_header(["area", "rooms"])


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("has_header", [True, False])
def test_a_file_without_a_record_is_empty(data: bytes, *, has_header: bool) -> None:
    found = error(data, ["x"], CsvOptions(has_header=has_header))
    assert found.message == "stdin: is empty"
    assert found.hint == "Give a file with a header line and rows."


@pytest.mark.parametrize("data", [b"a,b", b"a,b\n", b"a,b\r\n\r\n \r\n"])
def test_a_header_without_rows_gives_nothing(data: bytes) -> None:
    assert read(data, ["a"]) == []


def test_an_unknown_column_is_an_error_before_any_row_is_read() -> None:
    with table(b"area,price\n1,x\n") as opened, pytest.raises(DataError, match="no column 'prise'"):
        rows_of(opened, ["prise"])


def test_a_name_that_occurs_twice_is_no_error_unless_it_is_used() -> None:
    data = b"a,b,a\n1,2,3\n"
    assert values(read(data, ["b"])) == [[2]]
    assert error(data, ["a"]).message == "stdin, column 'a': occurs twice in the header"


def test_the_options_reach_the_cells() -> None:
    options = CsvOptions(decimal=",", thousands=".")
    assert values(read(b"a;b\n1.234,5;2\n", ["a"], options)) == [[Fraction("1234.5")]]


def test_progress_is_counted_in_bytes() -> None:
    data = b"a\n" + b"1\n" * 200_000
    with table(data, chunk_bytes=1000) as opened:
        assert 0 < opened.bytes_read < len(data)
        for _ in rows_of(opened, ["a"]):
            pass
        assert opened.bytes_read == len(data)


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_order_whatever_the_threads(threads: int) -> None:
    data = b"a\n" + b"".join(b"%d\n" % i for i in range(5000))
    with table(data, chunk_bytes=100) as opened:
        found = opened.each(["a"], lambda rows: rows.block.values[:, 0].tolist(), threads=threads)
        assert [value for _, values in found for value in values] == list(range(5000))
