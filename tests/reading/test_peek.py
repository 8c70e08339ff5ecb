"""Rows that are seen while others are summed: those that the general reader shows."""

import io
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from linreg_cli import native
from linreg_cli.errors import LinregError
from linreg_cli.reading import fast_sums
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.peek import Peek
from linreg_cli.reading.row_sums import sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests.reading.both_readers import error_of, people, readings

PIECES = "linreg_cli.reading.csv.table.cut_pieces.__kwdefaults__"


class Seen:
    """Collects the first complete rows, and all records that were set aside."""

    def __init__(self, most: int) -> None:
        self.rows: list[tuple[object, ...]] = []
        self.rejects: list[object] = []
        self.shown = 0
        self._most = most

    def wants_rows(self) -> bool:
        return len(self.rows) < self._most

    def see(self, rows: Rows) -> None:
        self.shown += rows.used
        self.rejects += [(error_of(error), text) for error, text in rows.rejects]
        values, decimals = rows.block.values.tolist(), rows.block.decimals
        numbers = [
            tuple(Fraction(i, 10**d) for i, d in zip(row, decimals, strict=True)) for row in values
        ]
        found = zip(rows.complete_lines.tolist(), numbers, strict=True)
        self.rows = [*self.rows, *found][: self._most]


def peeked(
    source: Source, options: CsvOptions, selection: Selection, most: int, threads: int = 1
) -> tuple[object, ...]:
    """Return what a pass finds and what is seen on the way, or its error."""
    seen = Seen(most)
    try:
        found = sum_rows(
            [source],
            selection,
            options,
            advance=lambda *_: None,
            threads=threads,
            watch=[Peek(seen.see, seen.wants_rows)],
        )
    except LinregError as error:
        return error_of(error), seen.rejects
    return found.data, found.row_counts, found.notes, seen.rows, seen.rejects


def slowly(find: Callable[[], tuple[object, ...]]) -> tuple[object, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        return find()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "a.csv"


@pytest.mark.slow
@settings(max_examples=300)
@given(
    reading=st.one_of(readings(), people()),
    most=st.integers(0, 9),
    size=st.integers(1, 60),
    threads=st.integers(1, 3),
)
def test_the_rows_of_a_file_are_those_of_the_general_reader(
    place: Path, reading: tuple[bytes, CsvOptions, list[int]], most: int, size: int, threads: int
) -> None:
    data, options, wanted = reading
    place.write_bytes(data)
    selection = Selection(columns=tuple(f"c{j}" for j in wanted))
    source = Source("a.csv", place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_sums, "RANGE_BYTES", size)
        patch.setattr(PIECES, {"chunk_bytes": size, "first_bytes": size})
        found = peeked(source, options, selection, most, threads)
    assert found == slowly(lambda: peeked(source, options, selection, most))


def test_the_rows_of_a_pipe_are_those_of_the_general_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PIECES, {"chunk_bytes": 50, "first_bytes": 50})
    data = b"c0,c1\n" + b",1\n" * 100 + b"12,x\n7.5,3\n1,2,3\n" * 200
    selection, options = Selection(columns=("c0",)), CsvOptions(sets_aside=True)

    def find(threads: int) -> tuple[object, ...]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return peeked(Source("stdin"), options, selection, 150, threads)

    *_, rows, rejects = slow = slowly(lambda: find(1))
    assert [find(1), find(3)] == [slow, slow]
    assert (rows[0], len(rows), len(rejects)) == ((102, (Fraction(12),)), 150, 200)  # type: ignore[index,arg-type]


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")
@pytest.mark.parametrize("most", [0, 5])
def test_rows_that_nobody_wants_are_summed_by_the_extension(
    place: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 500)
    monkeypatch.setattr(PIECES, {"chunk_bytes": 500, "first_bytes": 500})
    place.write_bytes(b"c0\n" + b"\n" * 300 + b"12\n" * 5000 + b"x\n" + b"12\n" * 5000)
    seen = Seen(most)
    found = sum_rows(
        [Source("a.csv", place)],
        Selection(columns=("c0",)),
        CsvOptions(sets_aside=True),
        advance=lambda *_: None,
        threads=2,
        watch=[Peek(seen.see, seen.wants_rows)],
    )
    assert found.data.rows == 10_000
    assert seen.rows == [(line, (12,)) for line in range(302, 302 + most)]
    assert len(seen.rejects) == 1
    assert seen.shown < 2500
