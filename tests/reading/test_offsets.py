"""Where each record of a chunk begins and ends."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.offsets import Records, find_records
from linreg_cli.reading.csv.syntax import Syntax

DATA = b'a,b\r\n"x\r\ny",1\r\n \t\n\r2,3,4'


def records_of(data: bytes, first_line: int = 1) -> Records:
    return find_records(Chunk(data, Syntax(","), first_line))


def texts(records: Records) -> list[bytes]:
    return [
        records.chunk.data[start:end]
        for start, end in zip(records.starts, records.ends, strict=True)
    ]


def test_records_are_found_without_their_line_ends() -> None:
    assert texts(records_of(DATA)) == [b"a,b", b'"x\r\ny",1', b" \t", b"", b"2,3,4"]


@given(st.text(alphabet="1\r\n"))
def test_records_are_the_lines_where_nothing_is_quoted(text: str) -> None:
    lines = [line.encode() for line in io.StringIO(text, newline=None).read().split("\n")]
    if lines[-1] == b"":
        lines.pop()
    records = records_of(text.encode())
    assert texts(records) == lines
    assert (records.ends - records.starts).tolist() == [len(line) for line in lines]


def test_a_record_begins_on_its_line_in_the_file() -> None:
    assert records_of(DATA, first_line=10).lines.tolist() == [10, 11, 13, 14, 15]


def test_fields_are_counted() -> None:
    assert records_of(DATA).count_fields(",").tolist() == [2, 2, 1, 1, 3]


@given(st.lists(st.lists(st.text(alphabet='1",\n '), min_size=2), min_size=1))
def test_fields_are_counted_as_they_were_written(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    counts = records_of(file.getvalue().encode()).count_fields(",")
    assert counts.tolist() == [len(row) for row in rows]


def test_blank_records_hold_only_spaces_and_tabs() -> None:
    assert records_of(DATA).are_blank().tolist() == [False, False, True, True, False]


def test_quoted_spaces_are_not_blank() -> None:
    assert records_of(b'" "\n').are_blank().tolist() == [False]


def test_flagged_records_are_chosen() -> None:
    keep = np.array([True, False, False, False, True])
    assert texts(records_of(DATA).where(keep)) == [b"a,b", b"2,3,4"]


@pytest.mark.parametrize("data", [b"", b"\n", b"1\r\n", b"1"])
def test_there_are_as_many_records_as_line_ends_and_an_open_last_one(data: bytes) -> None:
    assert len(records_of(data)) == (1 if data else 0)
