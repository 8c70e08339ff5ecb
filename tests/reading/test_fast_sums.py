"""Sums by the extension beside those of the general reader and Python's integers."""

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from linreg_cli import native
from linreg_cli.errors import LinregError
from linreg_cli.exact.block import Block
from linreg_cli.moments.split import ONE_PART, Split
from linreg_cli.reading import fast_sums
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.fast_sums import FastSums
from linreg_cli.reading.row_sums import sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests.reading.both_passes import SPLITS, summed, summed_slowly
from tests.reading.both_readers import WAYS, people, readings

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")

FILES = st.one_of(readings(), readings(), people())
NO_MARKERS: tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[int, int], ...]] = ((), (), ())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "a.csv"


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reading=FILES,
    size=st.integers(1, 80),
    threads=st.integers(1, 3),
    way=st.sampled_from(WAYS),
    split=SPLITS,
    sums_fourth=st.booleans(),
)
@example(
    reading=(b'c0,c1\n1,"a\nb"\n2,"c\n\n\nd"\n3,e\n4,f\n5,g\n6,h\n', CsvOptions(), [0]),
    size=4,
    threads=2,
    way={},
    split=ONE_PART,
    sums_fourth=False,
)
@example(
    reading=(b"c0\n1\n2.5\n3\n1e17\n0.25\n7\n8\n", CsvOptions(), [0]),
    size=3,
    threads=2,
    way={},
    split=Split(parts=3),
    sums_fourth=False,
)
def test_a_file_in_ranges_has_the_sums_of_the_general_reader(  # noqa: PLR0913, PLR0917
    place: Path,
    reading: tuple[bytes, CsvOptions, list[int]],
    size: int,
    threads: int,
    way: dict[str, str],
    split: Split,
    sums_fourth: bool,  # noqa: FBT001 - of Hypothesis
) -> None:
    data, options, wanted = reading
    place.write_bytes(data)
    selection = Selection(
        columns=tuple(f"c{j}" for j in wanted), split=split, sums_fourth=sums_fourth
    )
    source = Source("a.csv", place)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in way.items():
            patch.setenv(name, value)
        patch.setattr(fast_sums, "RANGE_BYTES", size)
        found = summed(source, options, selection, threads)
    assert found == summed_slowly(source, options, selection)


@pytest.mark.slow
@settings(max_examples=200)
@given(reading=FILES, split=SPLITS)
def test_a_pipe_has_the_sums_of_the_general_reader(
    reading: tuple[bytes, CsvOptions, list[int]], split: Split
) -> None:
    data, options, wanted = reading
    selection = Selection(columns=tuple(f"c{j}" for j in wanted), split=split)
    found = []
    for function in (summed, summed_slowly):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
            found.append(function(Source("stdin"), options, selection))
    assert found[0] == found[1]


def taken(data: bytes, path: Path, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return how many times others took a part of a file, and the rows that threads took."""
    path.write_bytes(data)
    counts = {"others": 0, "rows": 0}
    make, take = FastSums.part_of, FastSums.take

    def part(self: Any, found: Any) -> Any:
        counts["rows"] += found[0][0]
        return make(self, found)

    def by_others(self: Any, data: bytes) -> Any:
        counts["others"] += 1
        found = take(self, data)
        counts["rows"] -= found[0].count if found else 0
        return found

    patch.setattr(fast_sums, "RANGE_BYTES", 500)
    patch.setattr(FastSums, "part_of", part)
    patch.setattr(FastSums, "take", by_others)
    rows, *_ = summed(Source("a.csv", path), CsvOptions(), Selection(columns=("c0",)), threads=2)
    assert rows == data.count(b"\n") - 1
    return counts["others"], counts["rows"]


def test_threads_sum_all_but_the_end_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"c0,c1\n" + b"12,x\n" * 2000
    others, rows = taken(data, tmp_path / "a.csv", monkeypatch)
    assert others == 1
    assert 1700 < rows < 2000


def test_threads_go_on_behind_records_that_they_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "linreg_cli.reading.csv.table.cut_pieces.__kwdefaults__",
        {"chunk_bytes": 500, "first_bytes": 500},
    )
    rows = b"12,x\n" * 1000
    data = b"c0,c1\n" + rows + b"1" + b"0" * 20 + b",x\n" + rows
    others, rows_of_threads = taken(data, tmp_path / "a.csv", monkeypatch)
    assert others < 8
    assert rows_of_threads > 1500


@pytest.mark.parametrize("line", [2, 3, 500, 1001])
def test_an_error_behind_ranges_names_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: int
) -> None:
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 64)
    lines = [b"c0,c1", *[b"12,x"] * 1000]
    lines[line - 1] = b"n/a?,x"
    (tmp_path / "a.csv").write_bytes(b"\n".join(lines))
    (error,) = summed(Source("a.csv", tmp_path / "a.csv"), CsvOptions(), Selection(columns=("c0",)))
    assert isinstance(error, tuple)
    assert error[1] == f"a.csv, line {line}, column 'c0': 'n/a?' is not a number"


def test_bytes_that_threads_read_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 64)
    path = tmp_path / "a.csv"
    path.write_bytes(b"c0\n" + b"12\n" * 1000)
    seen: list[tuple[int, int]] = []
    sources = [Source("a.csv", path), Source("a.csv", path)]
    sum_rows(
        sources,
        Selection(columns=("c0",)),
        CsvOptions(),
        advance=lambda *counts: seen.append(counts),
        threads=2,
    )
    assert seen == sorted(seen)
    assert seen[-1] == (2 * path.stat().st_size, 2000)


def test_a_file_that_is_cut_short_between_passes_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 500)
    path = tmp_path / "a.csv"
    path.write_bytes(b"c0\n" + b"12\n" * 1000)
    read_file = FastSums.read_file

    def cut_and_read(self: FastSums, descriptor: int, *place: int) -> Any:
        path.write_bytes(b"c0\n" + b"12\n" * 500)
        return read_file(self, descriptor, *place)

    monkeypatch.setattr(FastSums, "read_file", cut_and_read)
    with pytest.raises(LinregError, match="was cut short while it was read"):
        sum_rows(
            [Source("a.csv", path)],
            Selection(columns=("c0",)),
            CsvOptions(),
            advance=lambda *_: None,
        )


def test_the_parts_of_a_large_file_are_those_of_each_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row of the extension is in the part that the definition of a split gives it."""
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 500)
    split = Split(parts=4, test_fraction=0.25, seed=5)
    rows = [(i % 30, -i) for i in range(3000)]
    (tmp_path / "a.csv").write_text("c0,c1\n" + "".join(f"{x}.{x % 2}0,{y}\n" for x, y in rows))
    block = Block(
        values=np.array([(10 * x + x % 2, y) for x, y in rows], np.int64), decimals=(1, 0)
    )
    parts = split.assign(block)
    found = sum_rows(
        [Source("a.csv", tmp_path / "a.csv")],
        Selection(columns=("c0", "c1"), split=split),
        CsvOptions(),
        advance=lambda *_: None,
        threads=2,
    ).data
    assert found.test is not None
    for part, moments in enumerate([found.test, *found.folds]):
        values = block.values[parts == part].astype(object)
        assert moments.rows == len(values)
        assert [row[1:] for row in moments.simplest().matrix[1:]] == [
            tuple(row) for row in (values.T @ values).tolist()
        ]


def summer(positions: tuple[int, ...], factors: bytes = b"", bounds: bytes = b"") -> Any:
    form, flags = (",", ".", 2, False), (True, False, False, False)
    return native.extension.Summer(*form, positions, NO_MARKERS, 0, *flags, factors, bounds)


@pytest.mark.parametrize("positions", [(), (2,), (-1,)])
def test_sums_need_fields(positions: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^positions are those of fields$"):
        summer(positions)


@pytest.mark.parametrize(("factors", "bounds"), [(16, 0), (0, 8), (8, 8), (24, 16)])
def test_a_split_needs_two_factors_for_a_column(factors: int, bounds: int) -> None:
    with pytest.raises(ValueError, match=r"^positions are those of fields$"):
        summer((0,), bytes(factors), bytes(bounds))


@pytest.mark.parametrize("numbers", [(-1, 5, 1, 1), (6, 5, 1, 1), (0, 5, 0, 1), (0, 5, 1, 0)])
def test_a_file_has_a_start_an_end_and_ranges(numbers: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"^a range of a file has a start, an end and a size$"):
        summer((0,)).sum_file(0, *numbers)
