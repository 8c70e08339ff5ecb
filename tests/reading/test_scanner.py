"""What the scanner decides, and what it leaves to the general reader."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli import native
from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.reading.csv.cell_numbers import is_missing, parse_cell
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.fast_reader import scan
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.syntax import Syntax
from tests.reading.both_readers import ODD_NUMBERS, PLAIN_NUMBERS, WORDS
from tests.strategies import NUMBER_TEXTS, examples

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the scanner")


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


def scanned(  # noqa: PLR0913 - what makes a scan
    data: bytes,
    *,
    delimiter: str = ",",
    point: str = ".",
    width: int = 2,
    positions: tuple[int, ...] = (0, 1),
    keeps_records: bool = True,
) -> Any:
    """Scan rows, none of which ends in a delimiter, for columns of numbers alone."""
    found = native.extension.scan_chunk(
        data,
        delimiter,
        point,
        width,
        False,  # noqa: FBT003 - the extension takes arguments by place
        positions,
        WORDS,
        keeps_records,
        0,
        0,
    )
    return None if found is None else found[:-1]  # without the levels of no categories


DELIMITER = ";"
"""Of the files of one cell, none of which holds it."""


def cell_of(text: str, point: str = ".") -> ExactDecimal | str | None:
    """Scan a file of one cell."""
    found = scanned(text.encode(), delimiter=DELIMITER, point=point, width=1, positions=(0,))
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
    count, lines, columns, decimals, missing, starts, ends, complete, _ = found
    assert (count, lines, decimals, missing) == (4, 5, (2, 0), (1, 0))
    assert np.frombuffer(columns, np.int64).tolist() == [250, 500, 1000, 1, 4, 7]
    assert np.frombuffer(starts, np.int64).tolist() == [0, 12, 21, 31]
    assert np.frombuffer(ends, np.int64).tolist() == [8, 20, 30, 41]
    assert np.frombuffer(complete, np.bool_).tolist() == [True, False, True, True]


def test_the_scanner_finds_nothing_in_no_data() -> None:
    assert scanned(b"") == (0, 0, b"", (0, 0), (0, 0), b"", b"", b"", (0, 0))


def test_where_records_do_not_matter_the_scanner_keeps_none() -> None:
    found = scanned(b"1,2\n,3\n", keeps_records=False)
    assert found is not None
    assert (found[0], found[4], found[5:]) == (2, (1, 0), (b"", b"", b"", (0, 0)))


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


@examples(1000)
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
