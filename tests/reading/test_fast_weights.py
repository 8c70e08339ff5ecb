"""Weighted sums of the extension beside those of the general reader, and of exact fractions."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from linreg_cli import native
from linreg_cli.moments.split import ONE_PART, Split
from linreg_cli.reading import fast_sums
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.fast_sums import FastSums
from linreg_cli.reading.row_sums import sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests import oracles
from tests.reading.both_passes import SPLITS, summed, summed_by_group, summed_slowly
from tests.reading.both_readers import WAYS, people, readings
from tests.references import logarithm

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")

WEIGHTS = st.one_of(
    st.integers(1, 9).map(str),
    st.integers(1, 10**6).map(str),
    st.integers(1, 10**6).map(lambda number: f"{number / 100:.2f}"),
    st.sampled_from(
        ["0", "0.00", "-0", "", "NA", '"2.5"', '" 3"', "1e3", "2e-9", "9" * 18, "1e17", "1e40"]
    ),
)
ODD_WEIGHTS = st.one_of(*[WEIGHTS] * 9, st.sampled_from(["-1", "-0.5", "x", "1,2", "-999"]))
NUMBERS = st.one_of(
    st.integers(-99, 99).map(str),
    st.integers(-(10**6), 10**6).map(lambda number: f"{number / 1000:.3f}"),
    st.sampled_from(["", "7.25", "9" * 18, '"4"', "1e30"]),
)


@st.composite
def weighted(draw: st.DrawFn) -> tuple[bytes, CsvOptions, list[int]]:
    """Write a file whose columns are a weight, a feature and a target."""
    weights = draw(st.sampled_from([WEIGHTS, WEIGHTS, ODD_WEIGHTS]))
    rows = draw(st.lists(st.tuples(weights, NUMBERS, NUMBERS).map(",".join), max_size=30))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    options = CsvOptions(
        fail_on_missing=not draw(st.integers(0, 3)), sets_aside=draw(st.booleans())
    )
    return end.join(["c0,c1,c2", *rows, ""]).encode(), options, [1, 2, 0]


WEIGHTED = Selection(columns=("c0",), weights="c1")
FILES = st.one_of(weighted(), weighted(), weighted(), readings(), people())


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
)
@example(
    reading=(b"c0,c1\n1,0\n2.5,0.00\n3,2\n0.125,0\n4,0.25\n" * 3, CsvOptions(), [0, 1]),
    size=3,
    threads=2,
    way={},
    split=Split(parts=2),
)
def test_a_weighted_file_in_ranges_has_the_sums_of_the_general_reader(  # noqa: PLR0913, PLR0917
    place: Path,
    reading: tuple[bytes, CsvOptions, list[int]],
    size: int,
    threads: int,
    way: dict[str, str],
    split: Split,
) -> None:
    data, options, wanted = reading
    place.write_bytes(data)
    *columns, weights = [f"c{j}" for j in wanted] if len(wanted) > 1 else ["c0", "c1"]
    selection = Selection(columns=tuple(columns), weights=weights, split=split)
    source = Source("a.csv", place)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in way.items():
            patch.setenv(name, value)
        patch.setattr(fast_sums, "RANGE_BYTES", size)
        found = summed(source, options, selection, threads)
    assert found == summed_slowly(source, options, selection)


KEYS = st.sampled_from(["a", "b", '"a"', "a\u00a0", "\u00a0", "", "NA"])


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(KEYS, NUMBERS, WEIGHTS).map(",".join), max_size=30),
    size=st.integers(1, 80),
    way=st.sampled_from(WAYS),
    keeps=st.booleans(),
    split=SPLITS,
)
@example(
    rows=["\u00a0,1,0", "a,2,0", ",3,0", "b,4,1"] * 3, size=4, way={}, keeps=False, split=ONE_PART
)
def test_weighted_groups_in_ranges_are_those_of_the_general_reader(  # noqa: PLR0913, PLR0917
    place: Path,
    rows: list[str],
    size: int,
    way: dict[str, str],
    keeps: bool,  # noqa: FBT001 - of Hypothesis
    split: Split,
) -> None:
    place.write_text("\n".join(["k,x,w", *rows, ""]))
    selection = Selection(columns=("x",), weights="w", by=("k",), keeps_missing=keeps, split=split)
    source = Source("a.csv", place)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in way.items():
            patch.setenv(name, value)
        patch.setattr(fast_sums, "RANGE_BYTES", size)
        found = summed_by_group(source, CsvOptions(), selection, threads=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        assert found == summed_by_group(source, CsvOptions(), selection)


CENTS = st.one_of(st.just(0), st.integers(1, 999), st.integers(1, 10**9))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6), CENTS),
        min_size=1,
        max_size=40,
    ),
    size=st.integers(1, 200),
    way=st.sampled_from(WAYS),
)
def test_weighted_sums_are_those_of_exact_fractions(
    place: Path, rows: list[tuple[int, int, int]], size: int, way: dict[str, str]
) -> None:
    rows = [*rows, (1, 2, 3)]  # one has a weight
    lines = [f"{x},{y},{cents // 100}.{cents % 100:02d}\n" for x, y, cents in rows]
    place.write_text("x,y,w\n" + "".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in way.items():
            patch.setenv(name, value)
        patch.setattr(fast_sums, "RANGE_BYTES", size)
        found = sum_rows(
            [Source("a.csv", place)],
            Selection(columns=("x", "y"), weights="w"),
            CsvOptions(),
            advance=lambda *_: None,
            threads=2,
        )
    used = [(Fraction(cents, 100), (1, x, y)) for x, y, cents in rows if cents]
    moments = found.data.moments
    for i in range(3):
        for j in range(3):
            expected = sum(weight * row[i] * row[j] for weight, row in used)
            assert oracles.fraction(moments.moment(i, j)) == expected
    assert moments.log_weights == sum(
        round(Fraction(logarithm(weight)) * 2**64) for weight, _ in used
    )
    xs, ys = [x for _, (_, x, _) in used], [y for _, (_, _, y) in used]
    assert (moments.minimum, moments.maximum) == ((min(xs), min(ys)), (max(xs), max(ys)))
    counts = found.row_counts
    assert (counts.read, counts.used, counts.weightless) == (
        len(rows),
        len(used),
        len(rows) - len(used),
    )


def test_the_extension_sums_weighted_rows_in_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"c0,c1\n" + b"12,0.5\n13,0\n" * 1000)
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 500)
    pieces = []
    take = FastSums.take

    def by_others(self: FastSums, data: bytes) -> object:
        pieces.append(len(data))
        return take(self, data)

    monkeypatch.setattr(FastSums, "take", by_others)
    rows, *_ = summed(Source("a.csv", path), CsvOptions(), WEIGHTED, threads=2)
    assert rows == 1000
    assert sum(pieces) < 1500


@pytest.mark.parametrize("line", [2, 3, 500, 1001])
def test_a_negative_weight_behind_ranges_names_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: int
) -> None:
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", 64)
    lines = [b"c0,c1", *[b"12,2"] * 1000]
    lines[line - 1] = b"12,-0.50"
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join(lines))
    (error,) = summed(Source("a.csv", path), CsvOptions(), WEIGHTED)
    assert isinstance(error, tuple)
    assert error[1] == f"a.csv, line {line}, column 'c1': the weight -0.5 is negative"


@pytest.mark.parametrize("is_native", [True, False])
@pytest.mark.parametrize("range_bytes", [16, 64, 4096])
@pytest.mark.parametrize("places", [(40, 41), (40, 90), (41, 40), (90, 40)])
def test_the_first_error_of_a_file_is_reported_in_chunks_of_any_size(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_native: bool,
    range_bytes: int,
    places: tuple[int, int],
) -> None:
    monkeypatch.setattr(native, "IS_AVAILABLE", is_native)
    monkeypatch.setattr(fast_sums, "RANGE_BYTES", range_bytes)
    lines = [b"c0,c1", *[b"12,2"] * 100]
    negative, bad = places
    lines[negative - 1], lines[bad - 1] = b"12,-1", b"n/a?,2"
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join(lines))
    (error,) = summed(Source("a.csv", path), CsvOptions(), WEIGHTED)
    assert isinstance(error, tuple)
    assert str(error[1]).startswith(f"a.csv, line {min(places)}, ")


@pytest.mark.parametrize(("positions", "sums_fourth"), [((0,), False), ((0, 1), True)])
def test_weights_need_numbers_and_no_products_of_four(
    positions: tuple[int, ...],
    sums_fourth: bool,  # noqa: FBT001 - of the parameters
) -> None:
    of_file = (",", ".", 3, False, positions, ((), (), ()))
    with pytest.raises(ValueError, match=r"^positions are those of fields$"):
        native.extension.Summer(*of_file, 0, True, False, sums_fourth, True, b"", b"")  # noqa: FBT003
