"""Sums by group of the extension beside those of the general reader and Python's integers."""

from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from linreg_cli import native
from linreg_cli.moments.split import ONE_PART, Split
from linreg_cli.reading import fast_sums
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.fast_sums import FastSums
from linreg_cli.reading.row_counts import RowCounts
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests.reading.both_passes import SPLITS, summed_by_group
from tests.reading.both_readers import WAYS, people, readings

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")

FILES = st.one_of(readings(), readings(), people())
UNICODE_BLANKS = [chr(code) for code in range(128, 2**16) if category(chr(code)) == "Zs"]
Reading = tuple[bytes, CsvOptions, list[int]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "a.csv"


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reading=FILES,
    size=st.integers(1, 80),
    threads=st.integers(1, 3),
    way=st.sampled_from(WAYS),
    keys=st.integers(1, 2),
    keeps=st.booleans(),
    split=SPLITS,
)
@example(
    reading=(
        'c0,c1\na,1\n\u00a0,2\na\u00a0,2.5\n\u2003,4\nna,1\nb,3\n"a",7\n'.encode(),
        CsvOptions(),
        [0, 1],
    ),
    size=4,
    threads=1,
    way={},
    keys=1,
    keeps=False,
    split=Split(parts=2),
)
@example(
    reading=("c0,c1\na,1\n\u00a0,\nb\u2003,\nb,2\n".encode(), CsvOptions(), [0, 1]),
    size=80,
    threads=1,
    way={},
    keys=1,
    keeps=False,
    split=ONE_PART,
)
@example(
    reading=("c0,c1\na,1\n\u00a0,2\n".encode(), CsvOptions(fail_on_missing=True), [0, 1]),
    size=80,
    threads=1,
    way={},
    keys=1,
    keeps=False,
    split=ONE_PART,
)
@example(
    reading=(b"c0,c1\na,1e17\nb,2\na,999999999999999999\n" * 20, CsvOptions(), [0, 1]),
    size=30,
    threads=2,
    way={},
    keys=1,
    keeps=True,
    split=ONE_PART,
)
@example(
    reading=(b"c0,c1\n" + b"a,999999999999999999\n" * 400, CsvOptions(), [0, 1]),
    size=80,
    threads=2,
    way={},
    keys=1,
    keeps=True,
    split=ONE_PART,
)
def test_a_file_in_ranges_has_the_groups_of_the_general_reader(  # noqa: PLR0913, PLR0917
    place: Path,
    reading: Reading,
    size: int,
    threads: int,
    way: dict[str, str],
    keys: int,
    keeps: bool,  # noqa: FBT001 - of Hypothesis
    split: Split,
) -> None:
    data, options, wanted = reading
    names = list(dict.fromkeys(f"c{j}" for j in wanted))
    by, columns = names[:keys], names[keys:] or names[-1:]
    selection = Selection(columns=tuple(columns), by=tuple(by), keeps_missing=keeps, split=split)
    place.write_bytes(data)
    source = Source("a.csv", place)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in way.items():
            patch.setenv(name, value)
        patch.setattr(fast_sums, "RANGE_BYTES", size)
        found = summed_by_group(source, options, selection, threads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        assert found == summed_by_group(source, options, selection, threads=1)


@pytest.mark.parametrize("blank", UNICODE_BLANKS)
@pytest.mark.parametrize("last", ["", "c,\n"])
def test_a_key_of_a_unicode_blank_is_missing(place: Path, blank: str, last: str) -> None:
    place.write_text(f"k,x\na,1\nb{blank},3\n{blank}NA,4\n{last}", encoding="utf-8")
    source, selection = Source("a.csv", place), Selection(columns=("x",), by=("k",))
    groups, without_key, counts, *_ = summed_by_group(source, CsvOptions(), selection)
    assert isinstance(groups, dict)
    assert isinstance(counts, RowCounts)
    assert set(groups) == {("a",), ("b",)}
    assert (without_key, counts.used, counts.missing["k"]) == (1, 2, 1)


@pytest.mark.parametrize("blank", UNICODE_BLANKS)
def test_a_key_of_a_unicode_blank_can_be_an_error(place: Path, blank: str) -> None:
    place.write_text(f"k,x\na,1\n{blank},2\n", encoding="utf-8")
    selection = Selection(columns=("x",), by=("k",))
    [error] = summed_by_group(Source("a.csv", place), CsvOptions(fail_on_missing=True), selection)
    assert isinstance(error, tuple)
    assert error[1] == "a.csv, line 3, column 'k': the value is missing"


def test_the_extension_reads_a_large_file_to_its_end(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write_text("k,x\n" + "".join(f"g{i % 7},{i}\n" for i in range(5000)))
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 200)
    parts = []
    make = FastSums.part_of

    def part_of(self: FastSums, found: Any) -> Any:
        parts.append(found)
        return make(self, found)

    monkeypatch.setattr(FastSums, "part_of", part_of)
    selection = Selection(columns=("x",), by=("k",))
    [groups, *_] = summed_by_group(Source("a.csv", place), CsvOptions(), selection, 2)
    assert isinstance(groups, dict)
    assert {key: parts["the model"][0] for key, parts in groups.items()} == {
        (f"g{i}",): len(range(i, 5000, 7)) for i in range(7)
    }
    # one table of all that threads read, and one of each piece at the end
    assert sum(len(tables) for *_, tables in parts) < 5
