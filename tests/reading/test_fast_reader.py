"""The fast reader gives what the general one gives, or leaves the work to it."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from linreg_cli import native
from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.reading.csv import general_reader, record_pieces
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.numbers import Numbers, as_block
from linreg_cli.reading.csv.table import Table
from tests.markers import slow_but_every
from tests.reading.both_readers import (
    LINE_ENDS,
    MISSING,
    ODD_NUMBERS,
    TEXTS,
    THREADS,
    WHOLE,
    assert_agree,
    found_in,
    people,
    read,
    readings,
)
from tests.strategies import examples

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the scanner")


NASTY = (
    b'\xef\xbb\xbf\r\n"x,\r\n1",y, z \r\n1,2,3\r\r\n"1.5"," 2 ",4\n\n-1e3,"say ""hi""\r\n,",3.25\n'
    b'5,\xe2\x82\xac,NA\r\n\t\n+.5,5" pipe,5.\r\n"00012","a\rb",  nUlL\t\r\n12345678901234567,,-0.0'
)
BAD_RECORDS = [
    b"1,2",
    b"1,2,3,4",
    b"x,2,3",
    b"1,2,x",
    b'1,"\0",3',
    b'1,2,"3"\0',
    b"1,\xff,3",
    b'1,"a"b,3',
    b'1,"2,3',
    b"2e308,2,3",
    b"1e-400,2,3",
    b'"1""2",2,3',
    b"1" * 1001 + b",2,3",
]


@pytest.mark.slow
@examples(400)
@given(reading=readings(), chunk_bytes=st.one_of(st.integers(1, 80), st.just(WHOLE)))
@example((b"a b\n1\t 2\n", CsvOptions(delimiter=" "), [0, 1]), 1)
@example((b"a\n1\n\n2\n", CsvOptions(), [0]), 1)
@example((b"a,b\n1,2\n1,2\r", CsvOptions(), [0]), 3)
def test_both_readers_read_the_same(
    reading: tuple[bytes, CsvOptions, list[int]], chunk_bytes: int
) -> None:
    assert_agree(*reading, chunk_bytes=chunk_bytes)


@pytest.mark.slow
@examples(400)
@given(reading=people(), chunk_bytes=st.one_of(st.integers(1, 80), st.just(WHOLE)))
def test_both_readers_read_the_same_of_files_as_people_write_them(
    reading: tuple[bytes, CsvOptions, list[int]], chunk_bytes: int
) -> None:
    assert_agree(*reading, chunk_bytes=chunk_bytes)


@pytest.mark.slow
@examples(150)
@given(reading=readings(), chunk_bytes=st.integers(1, 80))
def test_both_readers_read_the_same_where_records_do_not_matter(
    reading: tuple[bytes, CsvOptions, list[int]], chunk_bytes: int
) -> None:
    assert_agree(*reading, chunk_bytes=chunk_bytes, keeps_records=False)


# each column by itself


def read_cells(
    data: bytes, options: CsvOptions, *, has_scanner: bool, chunk_bytes: int, threads: int = 1
) -> list[object]:
    """Read all columns; give what was read of each, and at the end the error, if there is one."""

    def each_of(table: Table) -> Iterator[object]:
        for cells, result in table.each_cells(lambda cells: cells.count, threads=threads):
            yield cells.count, result, cells.groupings_by_source
            for j, column in enumerate(cells.columns):
                yield (
                    [
                        ExactDecimal(int(integer), int(places))
                        for integer, places in zip(*as_block_of(column), strict=True)
                    ],
                    column.missing.tolist(),
                    column.is_number.tolist(),
                    column.bad_count,
                    column.first_bad,
                    counts_of(column.bad_texts),
                    column.are_dates,
                    cells.bad_example(j),
                )

    return found_in(data, options, each_of, has_scanner=has_scanner, chunk_bytes=chunk_bytes)


def counts_of(texts: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for text, count in texts:
        counts[text] += count
    return dict(counts)


def as_block_of(column: Numbers) -> tuple[list[int], list[int]]:
    block = as_block([column], column.is_number)
    return block.values[:, 0].tolist(), [block.decimals[0]] * len(block.values)


@pytest.mark.slow
@examples(400)
@given(reading=readings() | people(), chunk_bytes=st.one_of(st.integers(1, 80), st.just(WHOLE)))
def test_both_readers_read_the_same_columns_each_by_itself(
    reading: tuple[bytes, CsvOptions, list[int]], chunk_bytes: int
) -> None:
    data, options, _ = reading
    slow, fast, fast_on_three = (
        read_cells(data, options, has_scanner=has_scanner, chunk_bytes=chunk_bytes, threads=threads)
        for has_scanner, threads in [(False, 1), (True, 1), (True, 3)]
    )
    assert fast == slow
    assert fast_on_three == slow


@pytest.mark.parametrize("chunk_bytes", slow_but_every(7, range(1, len(NASTY) + 2)))
def test_both_readers_read_the_same_whatever_the_size_of_chunks(chunk_bytes: int) -> None:
    assert_agree(NASTY, CsvOptions(), [0, 2], chunk_bytes=chunk_bytes)


@pytest.mark.parametrize("bad", BAD_RECORDS, ids=range(len(BAD_RECORDS)))
@pytest.mark.parametrize("chunk_bytes", slow_but_every(4, [1, 7, 20, 50, WHOLE]))
@pytest.mark.parametrize("sets_aside", [False, True])
def test_both_readers_find_the_same_fault(
    bad: bytes, chunk_bytes: int, *, sets_aside: bool
) -> None:
    data = NASTY.replace(b"-1e3,", bad + b"\r-1e3,")
    options = CsvOptions(sets_aside=sets_aside)
    assert_agree(data, options, [0, 2], chunk_bytes=chunk_bytes)


@pytest.mark.parametrize("rest", [b"", b"\n", b"   \n", b"\n5,6,7\n"])
def test_both_readers_refuse_a_record_that_is_too_long(
    rest: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_pieces, "MAX_RECORD_BYTES", 50)
    data = b"a,b,c\n1,2,3\n1,2," + b"x" * 60 + rest
    assert_agree(data, CsvOptions(), [0, 1], chunk_bytes=10)


@pytest.mark.parametrize(
    "columns", [[0, 0], [0, 1, 0], [1, 1, 1]], ids=lambda columns: "".join(map(str, columns))
)
def test_both_readers_read_a_column_that_is_wanted_twice(columns: list[int]) -> None:
    assert_agree(b"a,b\n1,2\n3,4\n", CsvOptions(), columns)


@pytest.mark.parametrize("cell", slow_but_every(8, [*ODD_NUMBERS, *MISSING, *TEXTS]), ids=ascii)
@pytest.mark.parametrize("decimal", [".", ","])
def test_both_readers_read_a_cell_the_same(cell: str, decimal: str) -> None:
    options = CsvOptions(delimiter=";", decimal=decimal)
    for text in (cell, f" {cell}\t", f'"{cell}"', f'" {cell} "'):
        for data in (
            f"a;b\n7;{text}\n",
            f"a;b\n7;{text}",
            f"a;b\n7.25;1\n{text};0.001\n3;{text}\n",
        ):
            assert_agree(data.encode(), options, [0, 1])


@pytest.mark.parametrize("size", slow_but_every(4, [63, 64, 65, 127, 128, 129, 191, 192, 193]))
@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_both_readers_read_the_same_around_the_64_bytes_that_are_looked_at_together(
    size: int, line_end: str
) -> None:
    for quoted in ("{}", '"{}"', '"{},"', '"{}""x"', "{}€"):
        for text in (quoted.format("z" * (size - offset)) for offset in range(12)):
            data = f"a,b{line_end}{text},1{line_end}{text},2.5{line_end}{line_end}{text},NA"
            assert_agree(data.encode(), CsvOptions(), [1])


@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_most_files_are_read_by_the_scanner_alone(
    monkeypatch: pytest.MonkeyPatch, line_end: str
) -> None:
    def refuse(*_: object) -> Any:
        raise AssertionError("the general reader was asked")

    rows = ['1,"x, y",2.5', "-3.25,€,NA", "", '"4","say ""hi""",1e3']
    text = line_end.join(["a,name,b", *rows * 500]).encode()
    wanted = read(text, CsvOptions(), [0, 2], has_scanner=False, chunk_bytes=1000)
    monkeypatch.setattr(general_reader, "parse_chunk", refuse)
    for threads in THREADS:
        found = read(
            text, CsvOptions(), [0, 2], has_scanner=True, chunk_bytes=1000, threads=threads
        )
        assert found == wanted


# on several threads


@pytest.mark.parametrize("has_scanner", [True, False])
@pytest.mark.parametrize("threads", slow_but_every(3, [2, 3, 8]))
def test_threads_give_everything_before_an_error_and_then_the_error(
    threads: int, *, has_scanner: bool
) -> None:
    rows = [f"{i},{i}.5" for i in range(2000)]
    rows[1500] = "1500,oops"
    data = "\n".join(["a,b", *rows]).encode()
    one, several = (
        read(data, CsvOptions(), [0, 1], has_scanner=has_scanner, chunk_bytes=100, threads=count)
        for count in (1, threads)
    )
    assert several == one
    *parts, error = several[1:]
    assert isinstance(error, tuple)
    assert error[3:] == ("'oops' is not a number", "stdin", 1502, "b")
    values = itertools.chain.from_iterable(part["values"] for part in parts)  # type: ignore[index]
    assert [row[0] for row in values][:1400] == list(range(1400))
