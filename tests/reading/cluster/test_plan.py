"""Ranges of files, summed in any order and merged, give what one process gives: sums or error.

No cluster is needed for that: tasks are done here, in an order that Hypothesis chooses.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import pytest
from hypothesis import given, strategies as st

from linreg_cli.errors import DataError
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.moments.split import Split
from linreg_cli.reading.cluster import tasks
from linreg_cli.reading.cluster.plan import Plan, Task
from linreg_cli.reading.cluster.tasks import Job, merge
from linreg_cli.reading.csv import ranges, record_pieces
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.ranges import QuotesFoundError
from linreg_cli.reading.required_rows import require_rows
from linreg_cli.reading.row_sums import PassOf, PassResult, sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests.markers import slow_but_every
from tests.strategies import examples

Choose = Callable[[int], int]


class BytesSource(Source, frozen=True):
    """A file in memory."""

    content: bytes = b""

    @property
    def size(self) -> int:
        return len(self.content)

    @contextmanager
    def open_bytes(self, start: int = 0) -> Iterator[BinaryIO]:
        file = io.BytesIO(self.content)
        file.seek(start)
        yield file


def described(result: PassResult) -> object:
    """Return all figures of a result: the moments, the row counts and the notes."""
    parts = [result.data.moments, result.data.test, *result.data.folds]
    stored = [part and StoredMoments.of(part).to_fields() for part in parts]
    row_counts = result.row_counts
    return stored, str(row_counts), row_counts.missing_cells, result.numeric_headers


def error_of(error: DataError) -> object:
    return type(error), error.message, error.hint


def read_whole(files: Sequence[bytes], selection: Selection, options: CsvOptions) -> object:
    sources = sources_of(files)
    try:
        return described(sum_rows(sources, selection, options, advance=lambda *_: None, threads=1))
    except DataError as error:
        return error_of(error)


def read_in_ranges(
    files: Sequence[bytes],
    selection: Selection,
    options: CsvOptions,
    range_bytes: int,
    choose: Choose,
) -> object:
    sources = sources_of(files)
    plan = Plan(sources, Job(selection=selection, options=options, range_bytes=range_bytes))
    moments: dict[Task, PassResult] = {}
    waiting = plan.start()
    while not plan.is_done:
        task = waiting.pop(choose(len(waiting)))
        if plan.is_open(task):
            waiting += after(task, plan, moments)
    try:
        if plan.fault is not None:
            task, error = plan.fault
            lines = sum(moments[before].lines for before in plan.moments_before(task))
            raise plan.placed(task, error, lines)
        merged = merge([moments[task] for task in plan.moments])
        require_rows(sources, merged.row_counts)
    except DataError as error:
        return error_of(error)
    assert plan.summed_bytes == sum(task.size for task in plan.moments)
    return described(
        PassOf(data=merged.data, row_counts=merged.row_counts, numeric_headers=plan.numeric_headers)
    )


def after(task: Task, plan: Plan, moments: dict[Task, PassResult]) -> list[Task]:
    """Do a task; give those that follow it."""
    try:
        result: Any = task.function(*task.arguments)
    except QuotesFoundError:
        return plan.found_quotes(task)
    except DataError as error:
        plan.failed(task, error)
        return []
    if task.gives_moments:
        moments[task] = result
        return plan.finished(task)
    return plan.finished(task, result)


def sources_of(files: Sequence[bytes]) -> list[BytesSource]:
    return [BytesSource(f"{number}.csv", content=data) for number, data in enumerate(files, 1)]


def first(_: int) -> int:
    return 0


def middle(count: int) -> int:
    return count // 2


def last(count: int) -> int:
    return count - 1


# CSV files, sound and broken

CELLS = st.sampled_from(
    [b"1", b"-2.50", b"3e2", b"", b"NA", b"12345678901234567890.5", b'"7"', b'"1\n2"', b'"a,b"',
     b'"say ""hi"""', b'"\r\n"', b'"x\ry"', b'5" pipe', b'a"b"', b'""', b'" 4 "',
     b'"\nnot a row\n\n9,9,9\n"']
)  # fmt: skip
BROKEN_CELLS = st.sampled_from(
    [b"one", b'"1"2', b'"open', b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf8", b"1,2", b'"',
     b"9" * 30]
)  # fmt: skip
LINE_ENDS = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r"])
NUMBERS = st.sampled_from([b"0", b"1", b"2.5", b"10"])


@st.composite
def csv_rows(draw: st.DrawFn) -> bytes:
    """Make a row of three cells, x, note and y, or a blank line."""
    if not draw(st.integers(0, 9)):
        return draw(LINE_ENDS)
    cells = [draw(NUMBERS), draw(CELLS), draw(NUMBERS)]
    if not draw(st.integers(0, 7)):
        cells[draw(st.integers(0, 2))] = draw(CELLS)
    if not draw(st.integers(0, 29)):
        cells[draw(st.integers(0, 2))] = draw(BROKEN_CELLS)
    return b",".join(cells) + draw(LINE_ENDS)


@st.composite
def csv_files(draw: st.DrawFn) -> bytes:
    start = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\n", b"\r\n\n"]))
    header = draw(st.sampled_from([b"x,note,y", b"x,note,y", b'x,"a\nnote",y', b"y,x,b", b"1,2,3"]))
    rows = b"".join(draw(st.lists(csv_rows(), max_size=12)))
    data = start + header + draw(LINE_ENDS) + rows
    return data.rstrip(b"\r\n") if draw(st.booleans()) else data


@st.composite
def wanteds(draw: st.DrawFn) -> Selection:
    weights = draw(st.sampled_from(["", "", "y"]))
    split = draw(
        st.sampled_from([Split(parts=1), Split(parts=3), Split(parts=2, test_fraction=0.3)])
    )
    return Selection(columns=("x",) if weights else ("x", "y"), weights=weights, split=split)


OPTIONS = st.sampled_from([CsvOptions(), CsvOptions(), CsvOptions(fail_on_missing=True)])


QUOTED = b'x,note,y\n1,a,2\n3,"in\nquotes,\nno row\n7,7,7\n",4\r\n5,5" pipe,6\n7,"",8'
PLAIN = b"\xef\xbb\xbf\r\nx,note,y\r\n1,a,2\r3,b,4\n\n5,c,6\r\n\r\n7,d,8"
FILES = [
    [QUOTED],
    [PLAIN],
    [PLAIN, QUOTED, PLAIN],
    [PLAIN + b",9"],
    [PLAIN, PLAIN + b"\n9,e,ten\n", b""],
    [PLAIN, QUOTED + b"\n9,e,ten\n"],
    [QUOTED + b'\n9,"never closed\n1,2,3\n', PLAIN],
    [QUOTED + b'\n9,"closed" early,3\n1,2,3\n'],
    [PLAIN + b"\n9,\xff,3\n1,2\n"],
    [PLAIN + b"\n9,\0,3\n1,2\n"],
    [b"x,note,y\n1,,2\n", b"x,note\n1,2\n"],
    [b"x,note,y\n", b"x,note,y", b"x,note,y\n1,,2\n"],
    [b"x,note,y\n"],
    [b"x,note,y\n\n1,,NA\n,,\n"],
    [b"x,note,y\r1,a,2\r3,b,4\r5,c,6\r"],
    [b"1,note,2\n", b"x,note,y\n" + b"1,2,3\n" * 9],
]
"""Sound and broken; the ranges of some lie in quotes."""


@pytest.mark.parametrize("choose", slow_but_every(3, [first, middle, last]))
@pytest.mark.parametrize("sees_quotes", [True, False])
@pytest.mark.parametrize("files", slow_but_every(2, FILES))
def test_ranges_of_any_size_give_what_the_whole_gives(
    monkeypatch: pytest.MonkeyPatch, files: list[bytes], *, sees_quotes: bool, choose: Choose
) -> None:
    if not sees_quotes:
        monkeypatch.setattr(tasks, "HEAD_BYTES", 1)
    selection = Selection(columns=("x", "y"))
    whole = read_whole(files, selection, CsvOptions())
    for range_bytes in range(1, max(map(len, files)) + 2):
        assert read_in_ranges(files, selection, CsvOptions(), range_bytes, choose) == whole


def test_one_column_keeps_its_empty_lines_as_missing_cells() -> None:
    selection = Selection(columns=("x",), split=Split(parts=2))
    whole = read_whole([b"x\n1\n\n\n2\n"], selection, CsvOptions())
    for range_bytes in range(1, 12):
        found = read_in_ranges([b"x\n1\n\n\n2\n"], selection, CsvOptions(), range_bytes, first)
        assert found == whole


def test_without_a_header_the_first_record_is_a_row() -> None:
    selection, options = Selection(columns=("1", "2")), CsvOptions(has_header=False)
    whole = read_whole([b"\n1,2\r\n3,4\n5,6"], selection, options)
    for range_bytes in range(1, 18):
        assert (
            read_in_ranges([b"\n1,2\r\n3,4\n5,6"], selection, options, range_bytes, last) == whole
        )


@pytest.mark.slow
@examples(600)
@given(
    files=st.lists(csv_files(), min_size=1, max_size=3),
    selection=wanteds(),
    options=OPTIONS,
    range_bytes=st.integers(1, 60),
    sees_quotes=st.booleans(),
    tail_bytes=st.sampled_from([1, 3, 1 << 16]),
    max_record_bytes=st.sampled_from([30, 1 << 20, 1 << 20]),
    data=st.data(),
)
def test_ranges_in_any_order_give_what_the_whole_gives(  # noqa: PLR0913  # what makes a reading
    *,
    files: list[bytes],
    selection: Selection,
    options: CsvOptions,
    range_bytes: int,
    sees_quotes: bool,
    tail_bytes: int,
    max_record_bytes: int,
    data: st.DataObject,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "TAIL_BYTES", tail_bytes)
        patch.setattr(record_pieces, "MAX_RECORD_BYTES", max_record_bytes)
        if not sees_quotes:  # the first look then sees hardly more than the header
            patch.setattr(tasks, "HEAD_BYTES", 1)
        whole = read_whole(files, selection, options)
        parts = read_in_ranges(
            files, selection, options, range_bytes, lambda n: data.draw(st.integers(0, n - 1))
        )
        assert parts == whole
