"""Samples, extremes and densities of rows that go by once."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_cli.block import Block
from linreg_cli.sampling import Density, Extremes, Sample, as_floats
from tests.strategies import NUMBER_TEXTS, block_of

Floats = npt.NDArray[np.float64]
CUTS = st.lists(st.integers(0, 500), max_size=5)


def numbered(rows: int) -> Floats:
    """Give rows that hold their own number and its square."""
    numbers = np.arange(rows, dtype=np.float64)
    return np.column_stack([numbers, numbers**2])


def cut(values: Floats, at: Iterable[int]) -> Sequence[Floats]:
    return np.split(values, sorted(at))


@given(st.lists(st.lists(NUMBER_TEXTS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_numbers_of_a_block_are_rounded_as_python_rounds_decimals(rows: list[list[str]]) -> None:
    expected = [[float(Decimal(cell)) + 0.0 for cell in row] for row in rows]
    assert as_floats(block_of(rows)).tolist() == expected


def test_a_block_without_rows_has_no_floats() -> None:
    empty = Block(values=np.zeros((0, 3), np.int64), decimals=(0, 2, 1))
    assert as_floats(empty).shape == (0, 3)


# a sample


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


# extremes


@given(CUTS)
def test_extremes_are_the_first_rows_with_the_smallest_and_the_largest_number(
    cuts: list[int],
) -> None:
    values = np.array([[0.0, 5], [1, 2], [2, 9], [3, 2], [4, 9], [5, 3]])
    extremes = Extremes(1)
    for some in cut(values, [at % 7 for at in cuts]):
        extremes.add(some)
    assert extremes.values.tolist() == [[1, 2], [2, 9]]


def test_no_row_has_no_extremes() -> None:
    extremes = Extremes(0)
    extremes.add(np.zeros((0, 2)))
    with pytest.raises(ValueError, match="no row has no extremes"):
        _ = extremes.values


# a density


def points(count: int) -> Floats:
    return np.random.default_rng(5).normal(size=(count, 2))


@given(CUTS)
def test_a_density_counts_as_a_histogram_does(cuts: list[int]) -> None:
    # all points lie within, on the edges too
    values = points(500)
    low, high = values.min(axis=0), values.max(axis=0)
    density = Density(low=(low[0], low[1]), high=(high[0], high[1]))
    for some in cut(values, cuts):
        density.add(some)
    expected, _, _ = np.histogram2d(values[:, 0], values[:, 1], bins=Density.SHAPE)
    assert np.array_equal(density.counts, expected)
    assert density.outside == 0


def test_points_beyond_the_grid_are_counted_apart() -> None:
    density = Density(low=(0, 0), high=(1, 1))
    density.add(np.array([[0.5, 0.5], [1.5, 0.5], [0.5, -0.1], [1, 1]]))
    assert (density.counts.sum(), density.outside) == (2, 2)


def test_a_point_alone_in_its_cell_is_kept_as_it_is() -> None:
    density = Density(low=(0, 0), high=(72, 48))
    density.add(np.array([[0.25, 0.5], [10.5, 3.25], [0.75, 0.5]]))
    density.add(np.array([[71.5, 47.75]]))
    assert sorted(density.alone.tolist()) == [[10.5, 3.25], [71.5, 47.75]]


@pytest.mark.parametrize("largest", [1.0, 1.7e308])
def test_a_range_may_have_no_width_or_the_largest(largest: float) -> None:
    density = Density(low=(3, -largest), high=(3, largest))
    density.add(np.array([[3, -largest], [3, largest]]))
    assert density.counts[0, [0, -1]].tolist() == [1, 1]
