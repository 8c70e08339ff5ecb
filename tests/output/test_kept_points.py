"""Densities, extremes and samples: against NumPy, from any cut of the rows, in any order."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.output.cloud import MAX_POINTS, Cloud
from linreg_cli.output.density_grid import Grid
from linreg_cli.output.extreme_rows import EXTREMES, Extremes
from linreg_cli.output.row_sample import Sample
from tests.references import Floats

CUTS = st.lists(st.integers(0, 500), max_size=5)
BINS = 16
NUMBERS = st.one_of(
    st.floats(-1e300, 1e300, allow_subnormal=False), st.integers(-9, 9).map(float), st.just(0.1)
)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=80)


def many(count: int, seed: int = 1) -> Floats:
    random = np.random.default_rng(seed)
    return np.column_stack([random.normal(1e9, 50, count), random.integers(0, 9, count)])


def joined(parts: Sequence[Floats]) -> Cloud:
    return reduce(add, [Cloud.of(part, bins=BINS) for part in parts])


def grown(parts: Sequence[Floats]) -> Cloud:
    """Return the cloud to which each part is added as it is."""
    first, *others = parts
    return reduce(Cloud.with_points, others, Cloud.of(first, bins=BINS))


def same(a: Cloud, b: Cloud) -> bool:
    return (a.grid.exponents, a.grid.first, a.grid.minimum, a.grid.maximum) == (
        b.grid.exponents, b.grid.first, b.grid.minimum, b.grid.maximum
    ) and all(
        np.array_equal(one, other)
        for one, other in ((a.grid.counts, b.grid.counts), (a.extremes.rows, b.extremes.rows))
    )  # fmt: skip


@given(points=POINTS, cuts=st.lists(st.integers(0, 80), max_size=5), seed=st.integers(0, 99))
def test_any_cut_and_any_order_give_the_same_cloud(
    points: list[tuple[float, float]], cuts: list[int], seed: int
) -> None:
    rows = np.array(points)
    shuffled = np.random.default_rng(seed).permutation(rows)
    parts = [part for part in np.split(shuffled, sorted(cuts)) if len(part)]
    assert same(joined(parts), Cloud.of(rows, bins=BINS))
    assert same(grown(parts), Cloud.of(rows, bins=BINS))


@pytest.mark.parametrize("order", ["as they are", "rising", "falling"])
def test_a_cloud_that_grows_is_that_of_all_points(order: str) -> None:
    points = many(20_000)
    if order != "as they are":  # each part goes beyond the range of those before
        points = points[np.argsort(points[:, 0] * (1 if order == "rising" else -1))]
    for layout in ("C", "F"):
        parts = np.array_split(np.array(points, order=layout), 9)
        assert same(grown(parts), Cloud.of(points, bins=BINS))


@given(points=POINTS)
def test_every_axis_has_at_most_the_bins_that_were_asked_for(
    points: list[tuple[float, float]],
) -> None:
    grid = Grid.of(np.array(points), BINS)
    assert max(grid.counts.shape) <= BINS
    for axis in (0, 1):
        edges = grid.edges(axis)
        assert edges[0] <= grid.minimum[axis]
        assert grid.maximum[axis] < edges[-1]


def test_the_bins_are_at_least_half_of_what_was_asked_for() -> None:
    assert min(Grid.of(np.random.default_rng(1).normal(size=(999, 2)), 128).counts.shape) >= 64


def test_the_density_is_that_of_numpy() -> None:
    points = many(20_000)
    cloud = joined(np.array_split(points, 7))
    edges = [cloud.grid.edges(0), cloud.grid.edges(1)]
    expected, *_ = np.histogram2d(points[:, 0], points[:, 1], bins=edges)
    assert np.array_equal(cloud.grid.counts, expected)
    assert cloud.count == 20_000


def test_the_edges_of_the_largest_numbers_are_finite() -> None:
    grid = Grid.of(np.array([[-1.79e308], [1.79e308]]))
    edges = grid.edges(0)
    assert np.isfinite(edges).all()
    assert (edges[0] <= -1.79e308, edges[-1] >= 1.79e308) == (True, True)
    assert grid.counts[[0, -1]].tolist() == [1, 1]


def test_few_points_are_all_kept_in_their_order() -> None:
    points = many(MAX_POINTS)
    cloud = joined(np.array_split(points, 5))
    assert cloud.points is not None
    assert np.array_equal(cloud.points, points)


def test_of_more_points_the_extremes_are_kept() -> None:
    points = many(MAX_POINTS + 1)
    cloud = joined(np.array_split(points, 5))
    assert cloud.points is None
    kept = {tuple(point) for point in cloud.extremes.rows.tolist()}
    in_order = points[np.argsort(points[:, 0])]
    assert kept >= {tuple(point) for point in in_order[:EXTREMES].tolist()}
    assert kept >= {tuple(point) for point in in_order[-EXTREMES:].tolist()}
    assert len(kept) <= 4 * EXTREMES


def test_extremes_lie_along_the_directions_that_are_given() -> None:
    points = np.random.default_rng(2).normal(size=(5000, 2))
    off = points[:, 1:] - points[:, :1]
    cloud = Cloud.of(points, off)
    farthest = points[np.argsort(np.abs(off[:, 0]))[-EXTREMES:]]
    kept = {tuple(point) for point in cloud.extremes.rows.tolist()}
    assert {tuple(point) for point in farthest.tolist()} <= kept
    assert len(kept) == 2 * EXTREMES


def test_equal_extremes_are_kept_as_often_as_they_are_there() -> None:
    points = np.repeat([[0.0], [1.0], [2.0]], [3, MAX_POINTS, 2], axis=0)
    for parts in ([points], np.array_split(points[::-1], 3)):
        extremes = joined(parts).extremes.rows[:, 0].tolist()
        # 13 ones are among the smallest and 14 among the largest: they may be the same rows
        assert extremes == [0.0] * 3 + [1.0] * (EXTREMES - 2) + [2.0] * 2


@pytest.mark.parametrize("value", [0.0, -3.5, 1e300, 5e-324])
def test_one_value_has_one_bin(value: float) -> None:
    grid = Grid.of(np.full((3, 1), value), BINS)
    assert grid.counts.tolist() == [3]
    low, high = grid.edges(0).tolist()
    assert low <= value < high


@given(seed=st.integers(0, 99), cuts=CUTS)
def test_extremes_keep_whole_rows(seed: int, cuts: list[int]) -> None:
    # what is not along a direction goes with its row, and is the same from any cut and order
    random = np.random.default_rng(seed)
    along = random.integers(0, 40, size=(500, 1)).astype(np.float64)
    rows = np.column_stack([np.arange(500.0), along])
    order = random.permutation(500)
    parts = [part for part in np.split(order, sorted(cuts)) if len(part)]
    whole = Extremes.of(rows, along)
    pieces = reduce(add, [Extremes.of(rows[part], along[part]) for part in parts])
    assert np.array_equal(whole.rows, pieces.rows)
    first, *others = parts
    more = Extremes.of(rows[first], along[first])
    for part in others:
        more = more.with_rows(rows[part], along[part])
    assert np.array_equal(whole.rows, more.rows)
    assert np.array_equal(along[whole.rows[:, 0].astype(int), 0], whole.rows[:, 1])
    in_order = np.sort(along[:, 0])
    kept = [*in_order[:EXTREMES], *in_order[-EXTREMES:]]
    assert sorted(whole.rows[:, 1].tolist()) == kept


def test_positions_that_are_not_numbers_are_the_largest() -> None:
    along = np.arange(200.0)[:, np.newaxis]
    along[::5] = np.nan
    whole, grown_up = Extremes.of(along, along), Extremes.of(along[:20], along[:20])
    for start in range(20, 200, 20):
        grown_up = grown_up.with_rows(along[start : start + 20], along[start : start + 20])
    assert np.array_equal(whole.rows, grown_up.rows, equal_nan=True)


# a sample, which depends on the order of the rows


def numbered(rows: int) -> Floats:
    """Return rows that hold their own number and its square."""
    numbers = np.arange(rows, dtype=np.float64)
    return np.column_stack([numbers, numbers**2])


def cut(values: Floats, at: Iterable[int]) -> Sequence[Floats]:
    return np.split(values, sorted(at))


@given(CUTS)
def test_few_rows_are_all_kept_in_their_order(cuts: list[int]) -> None:
    sample = Sample(500, 2)
    for values in cut(numbered(500), cuts):
        sample.add(values)
    assert sample.rows == 500
    assert np.array_equal(sample.values, numbered(500))


@given(CUTS)
def test_the_cut_into_blocks_makes_no_difference_to_a_sample(cuts: list[int]) -> None:
    whole, pieces = Sample(40, 2), Sample(40, 2)
    whole.add(numbered(500))
    for values in cut(numbered(500), cuts):
        pieces.add(values)
    assert np.array_equal(whole.values, pieces.values)


def test_a_sample_has_its_size_and_whole_rows_in_order() -> None:
    sample = Sample(1000, 2)
    sample.add(numbered(100_000))
    numbers, squares = sample.values.T
    assert len(numbers) == 1000
    assert (np.diff(numbers) > 0).all()
    assert np.array_equal(squares, numbers**2)


def test_a_sample_is_spread_evenly() -> None:
    sample = Sample(1000, 2)
    sample.add(numbered(100_000))
    counts, _ = np.histogram(sample.values[:, 0], bins=10, range=(0, 100_000))
    # of 1000 rows in 10 bins each has 100, give or take 4 standard deviations of 9.5
    assert counts.min() > 62
    assert counts.max() < 138


def test_equal_rows_are_as_likely_as_others() -> None:
    sample = Sample(1000, 1)
    sample.add(np.repeat([[7.0], [8.0]], [30_000, 10_000], axis=0))
    # three of four; 4 standard deviations are 55
    assert abs(int((sample.values == 7).sum()) - 750) < 55
