"""Readings with and without the scanner, and files to read: what tests of both readers share."""

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from linreg_cli import native
from linreg_cli.errors import DataError, LinregError
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.missing import MissingMarkers
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.csv.table import Table
from linreg_cli.reading.csv.table_start import open_table
from linreg_cli.reading.sources.source import Source
from tests.strategies import NUMBER_TEXTS

WHOLE = 1 << 19
WORDS = (tuple(MissingMarkers().any_case), tuple(MissingMarkers().as_written), ())
THREADS = [1, 3]
WAYS = [
    {},
    {"LINREG_INSTRUCTIONS": "plain"},
    {"LINREG_INSTRUCTIONS": "avx2"},
    {"LINREG_BLOCK_BYTES": "7"},
]
"""What the environment says of the scanner: its instructions, and the size of its sub-blocks.

Without a name, the instructions are the best of the processor; test_instructions.py names them.
"""


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
        "groupings": rows.groupings,
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
    way: Mapping[str, str] = MappingProxyType({}),
) -> list[object]:
    """Read columns by position; give what was read, and at the end the error, if there is one."""

    def each_of(table: Table) -> Iterator[object]:
        yield table.names, table.header, table.line_end, table.delimiter
        names = [table.names[j] for j in columns if j < len(table.names)]
        if names:
            for rows, result in table.each(
                names,
                lambda rows: rows.block.values.tolist(),
                threads=threads,
                keeps_records=keeps_records,
            ):
                yield described(rows, result, keeps_records=keeps_records)

    return found_in(
        data, options, each_of, has_scanner=has_scanner, chunk_bytes=chunk_bytes, way=way
    )


def found_in(  # noqa: PLR0913 - as above
    data: bytes,
    options: CsvOptions,
    each_of: Callable[[Table], Iterator[object]],
    *,
    has_scanner: bool,
    chunk_bytes: int,
    way: Mapping[str, str] = MappingProxyType({}),
) -> list[object]:
    """Return what is found in a table, and at the end the error, if there is one."""
    found: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", has_scanner)
        for name, value in way.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            with open_table(Source("stdin"), options, chunk_bytes=chunk_bytes) as table:
                for each in each_of(table):
                    found.append(each)  # noqa: PERF402 - what comes before an error stays
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
    def read_with(threads: int, *, way: Mapping[str, str] | None = None) -> list[object]:
        return read(
            data,
            options,
            columns,
            has_scanner=way is not None,
            chunk_bytes=chunk_bytes,
            threads=threads,
            keeps_records=keeps_records,
            way=way or {},
        )

    slow = read_with(1)
    assert read_with(3) == slow
    for way in WAYS:
        assert read_with(1, way=way) == slow
    assert read_with(3, way={}) == slow


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
        "# 5", "#", "\u200b5", "9" * 19, "\u6570", "2024-02-29", "2024-02-30", "yes", "1.250",
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
