"""Cutting a stream into chunks of whole records."""

import io
import re
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from linreg_cli.errors import DataError
from linreg_cli.reading.csv import record_pieces
from linreg_cli.reading.csv.checks import checked
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.record_pieces import CHUNK_BYTES, Readable, cut_pieces
from linreg_cli.reading.csv.structure import mask_quoted
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.sources.lines import count_line_ends

NASTY_RECORDS = [
    (1, b"a,b\r\n"),
    (2, b'1,"x\r\ny"\r'),
    (4, b'2,"say ""hi"", ok"\n'),
    (5, b"\r\n"),
    (6, b"\r"),
    (7, b"\r\n"),
    (8, b'"","\n\n\r"\r\n'),
    (12, b'5" pipe,\xe2\x82\xac\n'),
    (13, b'"a","b"'),
]
"""Records of a file, each with the number of its first line."""

NASTY = b"".join(record for _, record in NASTY_RECORDS)


def cut_records(
    stream: Readable, *, source: str, delimiter: str, chunk_bytes: int = CHUNK_BYTES
) -> Iterator[Chunk]:
    """Cut a stream and look at all of its bytes, as a table does."""
    line = 1
    for piece in cut_pieces(stream, syntax=Syntax(delimiter), chunk_bytes=chunk_bytes):
        for chunk in checked(piece, source=source, syntax=Syntax(delimiter), first_line=line):
            if chunk.data:
                yield chunk
        line += count_line_ends(piece.data)


def cut(data: bytes, chunk_bytes: int = 1 << 20) -> list[Chunk]:
    stream = io.BytesIO(data)
    return list(cut_records(stream, source="a.csv", delimiter=",", chunk_bytes=chunk_bytes))


def fault(data: bytes, chunk_bytes: int = 1 << 20) -> DataError:
    with pytest.raises(DataError) as raised:
        cut(data, chunk_bytes)
    return raised.value


@pytest.mark.parametrize("chunk_bytes", range(1, len(NASTY) + 2))
def test_chunks_of_any_size_are_whole_records_in_order(chunk_bytes: int) -> None:
    expected = list(NASTY_RECORDS)
    for chunk in cut(NASTY, chunk_bytes):
        assert chunk.first_line == expected[0][0]
        data = b""
        while data != chunk.data:
            data += expected.pop(0)[1]
    assert expected == []


def test_chunks_of_one_byte_are_as_small_as_records_allow() -> None:
    assert len(cut(NASTY, 1)) > len(NASTY_RECORDS) // 2


@pytest.mark.parametrize("chunk_bytes", range(1, len(NASTY) + 2))
def test_the_structure_does_not_depend_on_the_size_of_chunks(chunk_bytes: int) -> None:
    (whole,) = cut(NASTY)
    assert b"".join(chunk.structure for chunk in cut(NASTY, chunk_bytes)) == whole.structure


def test_without_quotes_the_structure_is_the_data_itself() -> None:
    chunks = cut(b"a,b\n1,2\n3,4\n5,6", 5)
    assert len(chunks) > 1
    assert all(chunk.structure is chunk.data for chunk in chunks)


def test_an_empty_stream_has_no_chunks() -> None:
    assert cut(b"") == []


@given(st.text(alphabet="1\r\n").map(str.encode), st.integers(1, 9))
def test_no_chunk_begins_inside_a_line_end(data: bytes, chunk_bytes: int) -> None:
    starts = {match.end() for match in re.finditer(rb"\r\n|\r|\n", data)}
    offset = 0
    for chunk in cut(data, chunk_bytes)[:-1]:
        offset += len(chunk.data)
        assert offset in starts


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (
            b"a\n1\n\0\n",
            "a.csv, line 3: holds a NUL byte",
            "If it is a text file, try --encoding utf-16.",
        ),
        (
            b"a\r\n1\r\n2\xff\r\n",
            "a.csv, line 3: is not UTF-8",
            "Try --encoding cp1252.",
        ),
        (
            b"a\r\n1\r\n2\x81\r\n",
            "a.csv, line 3: is not UTF-8",
            "Try --encoding latin-1.",
        ),
        (
            b'a,b\n"x\ny"z,1\n',
            "a.csv, line 3: has text after a closing quote",
            'Write a quote inside the field that begins on line 2 twice: "".',
        ),
        (
            b'a\n"x\n"\n1,"y\n\n2',
            "a.csv, line 4: opens a quote that is never closed",
            'A quoted field ends with another ".',
        ),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 7, 1000])
def test_an_unreadable_record_is_named_by_its_line(
    data: bytes, message: str, hint: str, chunk_bytes: int
) -> None:
    error = fault(data, chunk_bytes)
    assert (error.message, error.hint) == (message, hint)


@pytest.mark.parametrize("bad", [b"\0", b"\xff", b'"x"y', b'1,"'])
@pytest.mark.parametrize("before", [b"a\n1\n", b"a\r1\r", b"a\r\n1\r\n", b""])
@pytest.mark.parametrize("chunk_bytes", [1, 4, 1000])
def test_the_records_before_an_unreadable_one_are_given_first(
    bad: bytes, before: bytes, chunk_bytes: int
) -> None:
    stream = io.BytesIO(before + bad)
    chunks = cut_records(stream, source="a.csv", delimiter=",", chunk_bytes=chunk_bytes)
    given_first = b""
    with suppress(DataError):
        for chunk in chunks:
            given_first += chunk.data
    assert given_first == before


def test_the_first_of_two_faults_is_the_one_reported() -> None:
    assert fault(b'a\n\xff\n\0\n"x"y\n').line == 2
    assert fault(b'a\n"x"y\n\xff\n\0\n').line == 2
    assert fault(b'a\n\0\n"x"y\n\xff\n').line == 2


def test_text_of_several_bytes_is_not_cut() -> None:
    assert cut("€\n€\n".encode(), 1)[-1].data == "€\n".encode()


def test_a_record_that_is_too_long_is_named_by_its_first_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_pieces, "MAX_RECORD_BYTES", 3 << 20)
    error = fault(b'a,b\n1,"' + b"2,3\n" * (1 << 20))
    assert error.message == "a.csv, line 2: starts a record of more than 3 MiB"
    assert error.hint == "Is a quote left open?"


@pytest.mark.parametrize("chunk_bytes", [1, 3, 10])
@pytest.mark.parametrize("before", [b"", b"1\n", b"1\n2\n3\n"])
def test_the_longest_record_does_not_depend_on_the_size_of_chunks(
    monkeypatch: pytest.MonkeyPatch, chunk_bytes: int, before: bytes
) -> None:
    monkeypatch.setattr(record_pieces, "MAX_RECORD_BYTES", 20)
    assert cut(before + b"x" * 20 + b"\n1\n", chunk_bytes)[-1].data.endswith(b"1\n")
    assert "starts a record" in fault(before + b"x" * 21 + b"\n1\n", chunk_bytes).message


def test_a_nul_explains_a_binary_file_without_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_pieces, "MAX_RECORD_BYTES", 100)
    assert fault(b"x" * 50 + b"\0" * 100, 10).problem == "holds a NUL byte"


def test_an_open_quote_costs_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_pieces, "MAX_RECORD_BYTES", 1 << 20)

    class Endless:
        def read(self, size: int, /) -> bytes:
            return b'"' + b"x" * (size - 1)

    tracemalloc.start()
    with pytest.raises(DataError, match="starts a record of more than 1 MiB"):
        next(cut_records(Endless(), source="a.csv", delimiter=",", chunk_bytes=1 << 16))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_a_long_record_is_scanned_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scanned = 0

    def counting_mask(data: bytes, syntax: Syntax) -> bytes:
        nonlocal scanned
        scanned += len(data)
        return mask_quoted(data, syntax)

    for module in ("chunk", "record_pieces"):
        monkeypatch.setattr(f"linreg_cli.reading.csv.{module}.mask_quoted", counting_mask)
    data = b'1,"' + b"x\n" * 50_000 + b'"\n'
    cut(data, 10)
    assert scanned < 5 * len(data)
