"""Histograms: the counts are those of the numbers, whatever their order and their blocks."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from linreg_cli.exact.decimals import ExactDecimal
from linreg_cli.reading.histogram import MAX_BARS, MAX_BINS, Bars, BinCounts, Histogram
from tests.strategies import LONG_CELLS, as_integers

BLOCKS = st.lists(
    st.tuples(st.lists(LONG_CELLS, max_size=12), st.sampled_from([0, 0, 1, 2, 5, 30])), max_size=6
)
"""Blocks of integers, each with its count of decimals."""
HOUSES = [150000, 300000, 450000, 600000, 750000]


def histogram(integers: Sequence[int], decimals: int = 0) -> Histogram:
    return Histogram.of(as_integers([integers])[0], decimals)


def added(blocks: Sequence[tuple[Sequence[int], int]]) -> Histogram:
    return sum((histogram(*block) for block in blocks), Histogram())


def fraction(number: ExactDecimal) -> Fraction:
    return Fraction(number.integer, 10**number.decimals)


def drawn(*numbers: str) -> tuple[list[str], list[int]]:
    """Return the edges as texts, and the counts."""
    places = max(len(number.partition(".")[2]) for number in numbers)
    bars = histogram([int(Fraction(n) * 10**places) for n in numbers], places).bars()
    return list(map(str, bars.edges)), list(bars.counts)


@given(BLOCKS)
@example([([5], 0), ([5001], 3)])
@example([([1, 2, 3], 0), ([100, 101], 2)])
def test_neither_order_nor_blocks_make_a_difference(
    blocks: list[tuple[list[int], int]],
) -> None:
    whole = added(blocks)
    places = max((decimals for _, decimals in blocks), default=0)
    rows = [value * 10 ** (places - decimals) for values, decimals in blocks for value in values]
    assert histogram(rows, places) == whole
    assert added(blocks[::-1]) == whole
    assert added([([row], places) for row in rows]) == whole
    halves = added(blocks[: len(blocks) // 2]) + added(blocks[len(blocks) // 2 :])
    assert halves == whole


NEAR = st.lists(
    st.tuples(
        st.lists(
            st.one_of(st.integers(-300, 300), st.integers(-9000, 9000).map(lambda i: 10 * i)),
            min_size=1,
            max_size=9,
        ),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)
"""Blocks of numbers of which many fit the bins of those before."""


def counted(blocks: Sequence[tuple[Sequence[int], int]]) -> tuple[Histogram, int]:
    """Add blocks to bins; return the histogram, and how many did not fit the bins before."""
    bins, unfit = None, 0
    for integers, decimals in blocks:
        ends = min(integers), max(integers)
        if bins is None or not bins.add(as_integers([integers])[0], decimals, *ends):
            before = Histogram() if bins is None else bins.histogram()
            bins, unfit = BinCounts(before + histogram(integers, decimals)), unfit + 1
    return Histogram() if bins is None else bins.histogram(), unfit


@given(BLOCKS.map(lambda blocks: [block for block in blocks if block[0]]) | NEAR)
@example([([5], 2), ([50], 0), ([7], 1)])
@example([([0, 5000], 0), ([10**17], 18), ([3], 30)])
def test_numbers_that_fit_the_bins_are_counted_as_others(
    blocks: list[tuple[list[int], int]],
) -> None:
    assert counted(blocks)[0] == added(blocks)


def test_numbers_within_the_bins_need_no_new_ones() -> None:
    random = np.random.default_rng(1)
    blocks = [(random.integers(10_000, 90_000, 99).tolist(), decimals) for decimals in (2, 1, 2, 2)]
    found, unfit = counted(blocks)
    assert found == added(blocks)
    assert unfit == 2  # the first, and the one that goes up to 9000


@given(BLOCKS)
def test_every_number_is_counted_in_its_bar(blocks: list[tuple[list[int], int]]) -> None:
    numbers = [Fraction(value, 10**places) for values, places in blocks for value in values]
    bars = added(blocks).bars()
    edges = list(map(fraction, bars.edges))
    expected = [sum(low <= number < high for number in numbers) for low, high in pairwise(edges)]
    assert list(bars.counts) == expected
    assert sum(expected) == len(numbers)


@given(BLOCKS.filter(lambda blocks: any(values for values, _ in blocks)))
def test_bars_are_few_equally_wide_and_begin_and_end_with_a_number(
    blocks: list[tuple[list[int], int]],
) -> None:
    bars = added(blocks).bars()
    edges = list(map(fraction, bars.edges))
    widths = {high - low for low, high in pairwise(edges)}
    assert 1 <= len(bars.counts) <= MAX_BARS
    assert len(widths) == 1
    assert str(float(widths.pop())).strip("0.").partition("e")[0] in {"1", "2", "5"}
    assert bars.counts[0]
    assert bars.counts[-1]


@given(BLOCKS)
def test_memory_is_bounded(blocks: list[tuple[list[int], int]]) -> None:
    assert len(added(blocks).counts) <= MAX_BINS


def test_bars_are_as_narrow_as_can_be_drawn() -> None:
    edges, counts = drawn(*map(str, HOUSES))
    assert edges[:2] == ["150000", "200000"]
    assert counts == [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]


def test_a_bar_is_not_narrower_than_the_unit_of_the_numbers() -> None:
    assert drawn("1", "2", "2", "4") == (["1", "2", "3", "4", "5"], [1, 2, 0, 1])


def test_decimals_that_are_not_needed_make_no_difference() -> None:
    assert drawn("1.00", "2.00", "2.00", "4.00") == drawn("1", "2", "2", "4")


def test_bars_below_zero_hold_what_is_at_or_above_their_lower_edge() -> None:
    assert drawn("-0.5", "-0.1", "0", "0.4") == (
        ["-0.5", "-0.4", "-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3", "0.4", "0.5"],
        [1, 0, 0, 0, 1, 1, 0, 0, 0, 1],
    )


def test_a_constant_column_is_one_bar() -> None:
    assert drawn("7.25", "7.25") == (["7.25", "7.26"], [2])


def test_one_far_number_leaves_the_others_in_one_bar() -> None:
    bars = histogram([1, 2, 3, 10**30]).bars()
    assert bars.counts == (3, *(0,) * 9, 1)


def test_no_number_is_no_bar() -> None:
    assert Histogram.of(np.array([], np.int64), 3).bars() == Bars((), ())


@pytest.mark.parametrize("span", [15, 16, 17, 199, 200, 201, 2000])
def test_whole_numbers_of_any_span_are_counted_like_numpy(span: int) -> None:
    numbers = np.random.default_rng(span).integers(0, span + 1, 500)
    bars = histogram([*numbers.tolist(), 0, span]).bars()
    edges = [edge.integer for edge in bars.edges]
    # numpy counts the last edge too, which no whole number is at
    expected, _ = np.histogram([*numbers, 0, span], [*edges[:-1], edges[-1] - 0.5])
    assert list(bars.counts) == expected.tolist()
