"""The fast reader gives what the general one gives, or leaves the work to it."""

import io
import itertools
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st

from linreg_cli import native
from linreg_cli.errors import DataError, LinregError
from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.reading.csv import records, table
from linreg_cli.reading.csv.fast_reader import scan
from linreg_cli.reading.csv.general_reader import Rows
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.missing import MissingMarkers
from linreg_cli.reading.csv.numbers import Numbers, as_block, is_missing, parse_cell
from linreg_cli.reading.csv.options import CsvOptions
from linreg_cli.reading.csv.structure import mask_quoted
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.csv.table import open_table
from linreg_cli.reading.sources.source import Source
from tests.strategies import FLOATS, NUMBER_TEXTS

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the scanner")

WHOLE = 1 << 19
WORDS = (tuple(MissingMarkers().any_case), tuple(MissingMarkers().as_written), ())
THREADS = [1, 3]


# reading with and without the scanner


def described(rows: Rows, result: object, *, keeps_records: bool) -> dict[str, Any]:
    """Return everything that was read, to compare two readings."""
    kept = rows.records
    of_records = {
        "lines": kept.lines.tolist(),
        "texts": [kept.text(i) for i in range(len(kept))],
        "complete": rows.complete.tolist(),
        "complete lines": rows.complete_lines.tolist(),
    }
    return {
        "source": rows.source,
        "values": rows.block.values.tolist(),
        "shape": rows.block.values.shape,
        "is whole": rows.block.values.dtype == np.int64,
        "decimals": rows.block.decimals,
        "missing": rows.missing,
        "count": rows.count,
        "rejects": [(error_of(error), text) for error, text in rows.rejects],
        "result": result,
    } | (of_records if keeps_records else {})


def error_of(error: LinregError) -> tuple[object, ...]:
    place = (
        (error.problem, error.source, error.line, error.column)
        if isinstance(error, DataError)
        else ()
    )
    return type(error), error.message, error.hint, *place


def read(  # noqa: PLR0913 - what makes a reading
    data: bytes,
    options: CsvOptions,
    columns: Sequence[int],
    *,
    has_scanner: bool,
    chunk_bytes: int = WHOLE,
    threads: int = 1,
    keeps_records: bool = True,
) -> list[object]:
    """Read columns by position; give what was read, and at the end the error, if there is one."""
    found: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", has_scanner)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            with open_table(Source("stdin"), options, chunk_bytes=chunk_bytes) as opened:
                found.append((opened.names, opened.header, opened.line_end, opened.delimiter))
                names = [opened.names[j] for j in columns if j < len(opened.names)]
                if not names:
                    return found
                for rows, result in opened.each(
                    names,
                    lambda rows: rows.block.values.tolist(),
                    threads=threads,
                    keeps_records=keeps_records,
                ):
                    found.append(described(rows, result, keeps_records=keeps_records))
        except LinregError as error:
            found.append(error_of(error))
    return found


def assert_agree(
    data: bytes,
    options: CsvOptions,
    columns: Sequence[int],
    *,
    chunk_bytes: int = WHOLE,
    keeps_records: bool = True,
) -> None:
    slow, fast, fast_on_three, slow_on_three = (
        read(
            data,
            options,
            columns,
            has_scanner=has_scanner,
            chunk_bytes=chunk_bytes,
            threads=threads,
            keeps_records=keeps_records,
        )
        for has_scanner, threads in [(False, 1), (True, 1), (True, 3), (False, 3)]
    )
    assert fast == slow
    assert fast_on_three == slow
    assert slow_on_three == slow


# CSV files


DIGITS = "0123456789"
PLAIN_NUMBERS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "-", "+"]),
    st.text(DIGITS, min_size=1, max_size=8),
    st.one_of(st.just(""), st.text(DIGITS, max_size=6).map(".{}".format)),
)
ODD_NUMBERS = [
    "+.5",
    "-.5",
    "5.",
    "-5.",
    "1e3",
    "1E3",
    "1e+03",
    "1E-300",
    "1e-320",
    "9e-324",
    "1e308",
    "2e308",
    "1e-400",
    "0e999999",
    "-0",
    "-0.00",
    "0.000000000000000000000",
    "00012",
    "-00012.500",
    "0" * 30 + "7",
    "0" * 899 + "7",
    "0" * 900 + "7",
    "0" * 1000 + "7",
    "9" * 17,
    "9" * 18,
    "-" + "9" * 18,
    "1" + "0" * 17,
    "1" + "0" * 18,
    "9" * 19,
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551617",
    "0." + "9" * 18,
    "0." + "9" * 19,
    "0.0" + "9" * 18,
    "123456789.123456789",
    "1e17",
    "1e18",
    "9.99e17",
    "1e-17",
    "1e-18",
    "1e-19",
    "5e-255",
    "5e-256",
    "1.5e-254",
    "1.5e-255",
    "1e0003",
    "1e-003",
    "1e+",
    "1e",
    "e5",
    ".",
    "+",
    "-",
    "--1",
    "+-1",
    "1.2.3",
    "1,5",
    "1.5,",
    "1 2",
    "1_000",
    "0x1F",
    "inf",
    "-inf",
    "1e5.0",
    "1\t",
]
MISSING = ["", "NA", "na", "nA", "N/A", "n/a", "NaN", "nan", "nAn", "NULL", "nUlL", "None", "NONE"]
TEXTS = [
    "text", "N A", "#N/A", "nanx", "-NA", "€", "Größe", "日本", "\u0663", "\u00a05", "\u22125",
    "\x0b7", "\ufeff1",
]  # fmt: skip
BLANKS = st.sampled_from(["", "", "", " ", "\t", "  \t"])
CELLS = st.one_of(
    PLAIN_NUMBERS,
    PLAIN_NUMBERS,
    NUMBER_TEXTS,
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(MISSING),
    st.sampled_from(TEXTS),
)
GOOD_CELLS = st.one_of(PLAIN_NUMBERS, PLAIN_NUMBERS, PLAIN_NUMBERS, st.sampled_from(MISSING))
LINE_ENDS = ["\n", "\r\n", "\r"]
RAW = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xe2\x82",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b'"',
]
ALPHABET = [
    b"1", b"0", b"-", b".", b"e", b" ", b"\t", b",", b";", b"|", b'"', b'""', b"\n", b"\r", b"\r\n",
    b"NA", b"x", "ä".encode(), b"\0", b"\xff", b"5.25", b"123456789012345678", b"1,2\n",
    b'"3","4"\n',
]  # fmt: skip
"""What is thrown together to make files with no order at all."""


@st.composite
def fields(draw: st.DrawFn, cells: st.SearchStrategy[str], delimiter: str) -> str:
    """Write a cell, between blanks, quoted or not."""
    text = draw(BLANKS) + draw(cells) + draw(BLANKS)
    kind = draw(st.sampled_from(["plain"] * 8 + ["quoted", "quoted", "long", "odd"]))
    if kind == "plain" and delimiter not in text:
        return text
    if kind == "long":
        text += draw(st.sampled_from([delimiter, "\n", "\r", "\r\n", '"', f'{delimiter}"\n']))
    if kind == "odd":
        return draw(st.sampled_from([f'{text}"', f' "{text}"', f'"{text}" ', f'"{text}"x', '5" 1']))
    return '"{}"'.format(text.replace('"', '""'))


@st.composite
def files(draw: st.DrawFn, delimiter: str, width: int) -> bytes:
    """Write a CSV file, most of it whole."""
    header = delimiter.join(f"c{j}" for j in range(width))
    ends = draw(st.lists(st.sampled_from(LINE_ENDS), min_size=1, max_size=3))
    cells = draw(st.sampled_from([GOOD_CELLS, GOOD_CELLS, CELLS]))
    lines = [header]
    for _ in range(draw(st.integers(0, 12))):
        size = width if draw(st.integers(0, 30)) else draw(st.integers(0, width + 2))
        lines.append(delimiter.join(draw(fields(cells, delimiter)) for _ in range(size)))
        if not draw(st.integers(0, 8)):
            lines.append(draw(BLANKS))
    text = "".join(line + draw(st.sampled_from(ends)) for line in lines)
    data = (text if draw(st.booleans()) else text.rstrip("\r\n")).encode()
    if not draw(st.integers(0, 8)):
        place = draw(st.integers(len(header), len(data)))
        data = data[:place] + draw(st.sampled_from(RAW)) + data[place:]
    return data


DELIMITERS = [",", ";", "\t", "|", " "]


@st.composite
def readings(draw: st.DrawFn) -> tuple[bytes, CsvOptions, list[int]]:
    """Choose a file, its options, and the columns that are wanted."""
    delimiter = draw(st.sampled_from(DELIMITERS))
    width = draw(st.sampled_from([1, 2, 2, 3, 3, 5]))
    soup = st.lists(st.sampled_from(ALPHABET), max_size=60).map(b"".join)
    data = draw(st.one_of(files(delimiter, width), files(delimiter, width), soup))
    decimal = draw(st.sampled_from([".", ".", ".", ","]))
    if decimal == delimiter:
        decimal = "."
    options = CsvOptions(
        delimiter=delimiter,
        decimal=decimal,
        has_header=draw(st.sampled_from([True, True, True, False])),
        fail_on_missing=draw(st.sampled_from([False, False, False, True])),
        sets_aside=draw(st.sampled_from([False, False, True])),
    )
    wanted = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=3, unique=True))
    return data, options, wanted


ODD_CELLS = st.sampled_from(
    [
        "$1,200", "12 %", "\u20ac 3.50", "-$5", "$-5", "(120)", "120-", "($1,200.50)", "(-5)", "$",
        "1.200", "1.200,5", "1 200", "1\u00a0200", "1\u202f200", "1'200", "1\u2019200",
        "12,50,000", "\u22125", "1e\u22123", "\u00a07\u2003", "\u00a0NA", "?", "-", ".", "..",
        "-999", "-999.0", "-9990e-1", "#N/A", "#n/a", "<NA>", "-nan", "-NAN", "1.#IND", "$?", "0",
        "# 5", "#", "\u200b5", "9" * 19, "\u6570",
    ]
)  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> tuple[bytes, CsvOptions, list[int]]:
    """Choose a file as people write them, with any options of reading, and columns of it."""
    delimiter = draw(st.sampled_from([None, ",", ";", "\t", "whitespace"]))
    between = {None: ",", "whitespace": draw(st.sampled_from([" ", "  ", " \t"]))}.get(
        delimiter, delimiter or ""
    )
    width = draw(st.sampled_from([1, 2, 3]))
    cells = draw(st.sampled_from([GOOD_CELLS, GOOD_CELLS | ODD_CELLS, ODD_CELLS, CELLS]))
    lines = draw(
        st.lists(st.sampled_from(["sep=;", '# a, "note', "Report", "", "  #x"]), max_size=2)
    )
    ends_in_delimiter = draw(st.sampled_from([False, False, True]))
    last = between if ends_in_delimiter else ""
    header_last = last if draw(st.booleans()) else ""
    names = [f"c{j}" for j in range(width)]
    lines.append(between.join(names[draw(st.sampled_from([0, 0, 0, 1])) :]) + header_last)
    for _ in range(draw(st.integers(0, 8))):
        row = [draw(fields(cells, between)) for _ in range(width)]
        lead = draw(st.sampled_from(["", "", "", " "]))
        lines.append(lead + between.join(row) + (last if draw(st.integers(0, 15)) else ""))
        if not draw(st.integers(0, 5)):
            lines.append(draw(st.sampled_from(["# 1,2", '#"', " # x", "", '#,"a'])))
    end = draw(st.sampled_from(LINE_ENDS))
    markers = draw(st.lists(st.sampled_from(["?", "-", ".", "-999", "0", "x"]), max_size=2))
    decimal = draw(st.sampled_from([".", ".", ","]))
    options = CsvOptions(
        delimiter=delimiter,
        decimal=decimal,
        thousands=draw(st.sampled_from([c for c in ["", "", ",", ".", " ", "'"] if c != decimal])),
        strip=draw(st.sampled_from(["", "", "$%\u20ac"])),
        accounting=draw(st.booleans()),
        markers=MissingMarkers(
            tuple(markers), has_default=draw(st.sampled_from([True, True, False]))
        ),
        comment=draw(st.sampled_from(["", "#"])),
        skip=draw(st.sampled_from([0, 0, 0, 1, 2])),
        skip_initial_space=draw(st.booleans()),
        has_header=draw(st.sampled_from([True, True, False])),
        sets_aside=draw(st.booleans()),
        fail_on_missing=draw(st.sampled_from([False, False, True])),
    )
    wanted = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):  # line ends of several kinds
        text = "".join(line + draw(st.sampled_from(["\n", "\r\n", "\r"])) for line in lines)
    else:
        text = end.join(lines)
    return text.encode(), options, wanted


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
@settings(max_examples=400)
@given(reading=readings(), chunk_bytes=st.one_of(st.integers(1, 80), st.just(WHOLE)))
@example((b"a b\n1\t 2\n", CsvOptions(delimiter=" "), [0, 1]), 1)
@example((b"a\n1\n\n2\n", CsvOptions(), [0]), 1)
@example((b"a,b\n1,2\n1,2\r", CsvOptions(), [0]), 3)
def test_both_readers_read_the_same(
    reading: tuple[bytes, CsvOptions, list[int]], chunk_bytes: int
) -> None:
    assert_agree(*reading, chunk_bytes=chunk_bytes)


@settings(max_examples=400)
@given(reading=people(), chunk_bytes=st.one_of(st.integers(1, 80), st.just(WHOLE)))
def test_both_readers_read_the_same_of_files_as_people_write_them(
    reading: tuple[bytes, CsvOptions, list[int]], chunk_bytes: int
) -> None:
    assert_agree(*reading, chunk_bytes=chunk_bytes)


@pytest.mark.slow
@settings(max_examples=150)
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
    found: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", has_scanner)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            with open_table(Source("stdin"), options, chunk_bytes=chunk_bytes) as opened:
                for cells, result in opened.each_cells(lambda cells: cells.count, threads=threads):
                    found.append((cells.count, result))
                    found += [
                        (
                            [
                                ExactDecimal(int(integer), int(places))
                                for integer, places in zip(*as_block_of(column), strict=True)
                            ],
                            column.missing.tolist(),
                            column.is_number.tolist(),
                            column.bad_count,
                            column.first_bad,
                            list(dict.fromkeys(column.bad_texts)),
                            cells.bad_example(j),
                        )
                        for j, column in enumerate(cells.columns)
                    ]
        except LinregError as error:
            found.append(error_of(error))
    return found


def as_block_of(column: Numbers) -> tuple[list[int], list[int]]:
    block = as_block([column], column.is_number)
    return block.values[:, 0].tolist(), [block.decimals[0]] * len(block.values)


@pytest.mark.slow
@settings(max_examples=400)
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


@pytest.mark.parametrize("chunk_bytes", range(1, len(NASTY) + 2))
def test_both_readers_read_the_same_whatever_the_size_of_chunks(chunk_bytes: int) -> None:
    assert_agree(NASTY, CsvOptions(), [0, 2], chunk_bytes=chunk_bytes)


@pytest.mark.parametrize("bad", BAD_RECORDS, ids=range(len(BAD_RECORDS)))
@pytest.mark.parametrize("chunk_bytes", [1, 7, 20, 50, WHOLE])
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
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 50)
    data = b"a,b,c\n1,2,3\n1,2," + b"x" * 60 + rest
    assert_agree(data, CsvOptions(), [0, 1], chunk_bytes=10)


@pytest.mark.parametrize(
    "columns", [[0, 0], [0, 1, 0], [1, 1, 1]], ids=lambda columns: "".join(map(str, columns))
)
def test_both_readers_read_a_column_that_is_wanted_twice(columns: list[int]) -> None:
    assert_agree(b"a,b\n1,2\n3,4\n", CsvOptions(), columns)


@pytest.mark.parametrize("cell", [*ODD_NUMBERS, *MISSING, *TEXTS], ids=ascii)
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


@pytest.mark.parametrize("size", [63, 64, 65, 127, 128, 129, 191, 192, 193])
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
    monkeypatch.setattr(table, "parse_chunk", refuse)
    for threads in THREADS:
        found = read(
            text, CsvOptions(), [0, 2], has_scanner=True, chunk_bytes=1000, threads=threads
        )
        assert found == wanted


# what the scanner decides, and what it leaves


def layout(width: int = 2, positions: tuple[int, ...] = (0, 1), **options: Any) -> Layout:
    return Layout(
        source="a.csv",
        syntax=Syntax(","),
        width=width,
        names=tuple(map(str, positions)),
        positions=positions,
        options=CsvOptions(**options),
    )


def scanned(
    data: bytes, *, point: str = ".", width: int = 2, positions: tuple[int, ...] = (0, 1)
) -> Any:
    return native.extension.scan_chunk(
        data,
        ",",
        point,
        width,
        False,  # noqa: FBT003
        positions,
        WORDS,
        True,  # noqa: FBT003
    )


DELIMITER = ";"
"""Of the files of one cell, none of which holds it."""


def cell_of(text: str, point: str = ".") -> ExactDecimal | str | None:
    """Scan a file of one cell."""
    found = native.extension.scan_chunk(
        text.encode(),
        DELIMITER,
        point,
        1,
        False,  # noqa: FBT003
        (0,),
        WORDS,
        True,  # noqa: FBT003
    )
    if found is None:
        return None
    _, _, columns, (decimals,), (missing,), *_ = found
    if missing:
        return "missing"
    return ExactDecimal(int(np.frombuffer(columns, np.int64)[0]), decimals)


@pytest.mark.parametrize(
    "data",
    [
        b"1,x\n",
        b"1,2,3\n",
        b"1\n",
        b",\n1\n",
        b'1,"2"3\n',
        b'1,"2" \n',
        b'1,"2""3"\n',
        b'1,"2\n',
        b'1," "2"\n',
        b'1, "2"\n',
        b'1,2"\n',
        b'""\n',
        b"1,\0\n",
        b'1,"2"\0\n',
        b'1,"2"\x003,4\n',
        b"1,2\n\xff",
        b"1,\xe2\x82\n",
        b"1,1 2\n",
        b"1,1.2.3\n",
        b"1,--2\n",
        b"1,1e\n",
        b"1,1e+\n",
        b"1,e1\n",
        b"1,.\n",
        b"1,1e5000\n",
        b"1,1e-300\n",
        b"1,1e400\n",
        b"1,1234567890123456789\n",
        b"1,1e18\n",
        b"1,0.1234567890123456789\n",
        b"1,1\n1,123456789012345678.0\n1,0.1\n",
        b"1,999999999999999999\n1,.5\n",
        b"1,.5\n1,999999999999999999\n",
    ],
)
def test_the_scanner_leaves_what_it_cannot_decide(data: bytes) -> None:
    assert scanned(b"1,2\n" + data + b"1,2\n") is None


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\0"])
@pytest.mark.parametrize("before", [0, 61, 62, 63, 64, 200])
def test_the_scanner_leaves_bytes_that_are_no_text_wherever_they_are(
    bad: bytes, before: int
) -> None:
    data = b"1," + b"x" * before + bad + b",2\n"
    assert scanned(data, width=3, positions=(0, 2)) is None
    assert scanned(data.replace(bad, "ä€𝄞".encode()), width=3, positions=(0, 2)) is not None


@pytest.mark.parametrize("options", [{"fail_on_missing": True}])
def test_the_fast_reader_leaves_what_options_make_harder(options: dict[str, Any]) -> None:
    assert scan(b"1,\n", layout(), keeps_records=True) is not None
    assert scan(b"1,\n", layout(**options), keeps_records=True) is None


def test_the_fast_reader_takes_whole_rows_though_a_missing_cell_would_be_an_error() -> None:
    assert scan(b"1,2\n", layout(fail_on_missing=True), keeps_records=True) is not None


def test_without_the_scanner_there_is_no_fast_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "IS_AVAILABLE", False)
    assert scan(b"1,2\n", layout(), keeps_records=True) is None


def test_the_scanner_tells_of_records_lines_and_columns() -> None:
    data = b'1,x,2.50\r\n\r\n"-3",,NA\n"a\n4","b",5\r 7 ,y,+1e1'
    found = scanned(data.replace(b'"a\n4","b"', b'4,"b\nb"'), width=3, positions=(2, 0))
    count, lines, columns, decimals, missing, starts, ends, complete = found
    assert (count, lines, decimals, missing) == (4, 5, (2, 0), (1, 0))
    assert np.frombuffer(columns, np.int64).tolist() == [250, 500, 1000, 1, 4, 7]
    assert np.frombuffer(starts, np.int64).tolist() == [0, 12, 21, 31]
    assert np.frombuffer(ends, np.int64).tolist() == [8, 20, 30, 41]
    assert np.frombuffer(complete, np.bool_).tolist() == [True, False, True, True]


def test_the_scanner_finds_nothing_in_no_data() -> None:
    assert scanned(b"") == (0, 0, b"", (0, 0), (0, 0), b"", b"", b"")


def test_where_records_do_not_matter_the_scanner_keeps_none() -> None:
    found = native.extension.scan_chunk(
        b"1,2\n,3\n",
        ",",
        ".",
        2,
        False,  # noqa: FBT003
        (0, 1),
        WORDS,
        False,  # noqa: FBT003
    )
    assert found is not None
    assert (found[0], found[4], found[5:]) == (2, (1, 0), (b"", b"", b""))


def test_texts_that_are_not_wanted_are_not_looked_at() -> None:
    assert scanned(b'1,x,"y, ""z""\n"\n', width=3, positions=(0,)) is not None


@pytest.mark.parametrize("positions", [(), (2,), (-1,)])
def test_the_scanner_wants_fields(positions: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^positions are those of fields$"):
        scanned(b"1,2\n", positions=positions)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+.5", (5, 1)),
        ("5.", (5, 0)),
        ("-1203.50", (-120350, 2)),
        ("1e3", (1000, 0)),
        ("1.5E+1", (15, 0)),
        ("15e-1", (15, 1)),
        ("00012", (12, 0)),
        ("-0.00", (0, 0)),
        (" \t42 ", (42, 0)),
        ('" 42"', (42, 0)),
        ("9" * 18, (10**18 - 1, 0)),
        ("-0." + "9" * 18, (1 - 10**18, 18)),
        ("1e17", (10**17, 0)),
    ],
)
def test_plain_numbers_are_decided(text: str, number: tuple[int, int]) -> None:
    assert cell_of(text) == number


@settings(max_examples=1000)
@given(
    st.one_of(
        NUMBER_TEXTS,
        PLAIN_NUMBERS,
        st.sampled_from(ODD_NUMBERS),
        st.text("0159.eE+- \t", max_size=8),
    ),
    st.sampled_from([".", ",", "_"]),
)
def test_a_number_is_read_exactly_or_left(text: str, point: str) -> None:
    written = text.replace(".", point)
    try:
        wanted: ExactDecimal | str = parse_cell(
            written, CsvOptions(delimiter=DELIMITER, decimal=point)
        )
    except ValueError:
        wanted = "missing" if is_missing(written, CsvOptions()) else "no number"
    assume(text)  # or else there is no record
    assert cell_of(written, point) in {None, wanted}


# where the last record ends


@pytest.mark.slow
@settings(max_examples=1500)
@given(
    st.one_of(
        st.lists(st.sampled_from(ALPHABET), max_size=40).map(b"".join),
        st.text('1,"\r\n', max_size=150).map(str.encode),
    ),
    st.sampled_from(",;\t| "),
)
def test_the_last_record_ends_where_the_structure_says(data: bytes, delimiter: str) -> None:
    structure = mask_quoted(data.replace(b"\0", b"0"), Syntax(delimiter))
    end = records._last_record_end(structure, len(data))  # noqa: SLF001 - the slow way
    assert native.extension.last_record_end(data, delimiter) == end


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"", 0),
        (b"1", 0),
        (b"1\n", 2),
        (b"1\r", 0),
        (b"1\r\n", 3),
        (b"1\r2", 2),
        (b'1\n"2\n', 2),
        (b'1\n"2\n"', 2),
        (b'1\n"2\n"\n', 7),
        (b'1\n"2\n""\n', 2),
        (b'1\n2"\n', 5),
        (b'1\n"2"x\n', 7),
    ],
)
def test_the_last_record_ends_with_its_line_end(data: bytes, end: int) -> None:
    assert native.extension.last_record_end(data, ",") == end


# writing numbers


def written(numbers: Sequence[float], point: str = ".") -> list[str]:
    """Write numbers alone, a line each."""
    complete = np.ones(len(numbers), np.bool_)
    text = native.extension.write_numbers(
        b"", b"", b"", complete, np.array(numbers, np.float64), "\t", point, b"\n"
    )
    return text.decode().splitlines()


@settings(max_examples=500)
@given(st.lists(FLOATS, max_size=50))
@example([0.0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, 2.2250738585072014e-308])
@example([9999999999999998.0, 1e16, 1.2345678901234568e16, 123456789012345.6, 1e15, 1e22, 1e23])
@example([1e-4, 1.5e-4, 9.999e-5, 1e-5, 1.25e-5, 0.1, 1.0, 10.0, 100.5, 2.0**53, 2.0**63])
def test_a_number_is_written_as_python_writes_it(numbers: list[float]) -> None:
    assert written(numbers) == [repr(number) for number in numbers]


@given(st.lists(FLOATS, max_size=20))
def test_a_decimal_comma_takes_the_place_of_the_point(numbers: list[float]) -> None:
    assert written(numbers, ",") == [repr(number).replace(".", ",") for number in numbers]


def test_every_power_of_ten_and_two_is_written_as_python_writes_it() -> None:
    powers = [
        float(f"{start}e{k}") for k in range(-323, 308) for start in ("1", "-1", "9.5", "-9.5")
    ]
    powers += [2.0**k for k in range(-1074, 1024)]
    assert written(powers) == [repr(number) for number in powers]


def test_each_record_is_written_with_its_number_or_none() -> None:
    data = b'1,"a\nb"\r\n\n,x\r3,y'
    starts, ends = np.array([0, 10, 13]), np.array([7, 12, 16])
    complete = np.array([True, False, True])
    text = native.extension.write_numbers(
        data, starts, ends, complete, np.array([0.5, -3.0]), ";", ",", b"\r\n"
    )
    assert text == b'1,"a\nb";0,5\r\n,x;\r\n3,y;-3,0\r\n'


@pytest.mark.parametrize(
    ("starts", "ends", "numbers"),
    [
        ([0], [1], []),
        ([0], [1], [1.0, 2.0]),
        ([0, 1], [1], [1.0]),
        ([0, 1], [1, 2], [1.0]),
        ([2], [1], [1.0]),
        ([-1], [1], [1.0]),
        ([0], [4], [1.0]),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(
    starts: list[int], ends: list[int], numbers: list[float]
) -> None:
    complete = np.array([True])
    with pytest.raises(ValueError, match=r"^the arrays do not fit together$"):
        native.extension.write_numbers(
            b"abc",
            np.array(starts, np.int64),
            np.array(ends, np.int64),
            complete,
            np.array(numbers, np.float64),
            ",",
            ".",
            b"\n",
        )


# on several threads


@pytest.mark.parametrize("has_scanner", [True, False])
@pytest.mark.parametrize("threads", [2, 3, 8])
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
