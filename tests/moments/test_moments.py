"""The exact moments of rows."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from msgspec.structs import replace

from linreg_cli import native
from linreg_cli.exact.block import Block
from linreg_cli.moments import block_sums, summation as summation_module
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import Summation
from tests import oracles
from tests.strategies import (
    CELLS,
    LARGEST,
    LIMB_EDGES,
    LONG_CELLS,
    add_rows,
    blocks,
    fractions_of,
    moments_of,
    sum_block,
)

NAMES = ("x", "y")


def values_of(moments: Moments) -> list[list[Fraction]]:
    """Return the moments as numbers, in the units of the columns."""
    places = (0, *moments.decimals)
    return [
        [Fraction(value, 10 ** (places[i] + places[j])) for j, value in enumerate(row)]
        for i, row in enumerate(moments.matrix)
    ]


def range_of(moments: Moments) -> list[tuple[Fraction, Fraction]]:
    return [
        (Fraction(low, 10**places), Fraction(high, 10**places))
        for low, high, places in zip(
            moments.minimum, moments.maximum, moments.decimals, strict=True
        )
    ]


def assert_moments_of_rows(moments: Moments, rows: list[list[Fraction]]) -> None:
    assert moments.rows == len(rows)
    assert values_of(moments) == oracles.moments(rows)
    assert range_of(moments) == [(min(column), max(column)) for column in zip(*rows, strict=True)]


def as_objects(block: Block) -> Block:
    return Block(values=block.values.astype(np.object_), decimals=block.decimals)


def pieces(block: Block, cuts: list[int]) -> Iterator[Block]:
    """Cut a block before the given rows."""
    bounds = [0, *sorted(cuts), len(block.values)]
    for start, end in pairwise(bounds):
        yield Block(values=block.values[start:end], decimals=block.decimals)


def total(parts: Iterator[Block] | list[Block]) -> Moments:
    summation = Summation(NAMES)
    for part in parts:
        add_rows(summation, part)
    return summation.total()


def finer(moments: Moments, more: Sequence[int]) -> Moments:
    """Return the same moments with more decimals."""
    decimals = tuple(a + b for a, b in zip(moments.decimals, more, strict=True))
    return moments + replace(Moments.none(moments.columns), decimals=decimals)


@given(blocks(columns=3, cells=LONG_CELLS))
def test_moments_are_those_of_a_loop_over_the_rows(block: Block) -> None:
    assert_moments_of_rows(sum_block(("a", "b", "c"), block), fractions_of(block))


@pytest.mark.parametrize("x", [*LIMB_EDGES, LARGEST, -LARGEST])
@pytest.mark.parametrize("y", [-LARGEST, -(2**17), 2**53 + 1])
def test_moments_are_right_at_every_edge_of_a_limb(x: int, y: int) -> None:
    block = Block(values=np.array([[x, y], [1 - x, y]]), decimals=(0, 0))
    assert_moments_of_rows(sum_block(NAMES, block), fractions_of(block))


def test_a_full_product_of_the_largest_odd_numbers_loses_nothing() -> None:
    x = LARGEST - 2 * (np.arange(summation_module.ROWS_PER_PRODUCT) % 1000)
    block = Block(values=np.stack([x, -x[::-1]], axis=1), decimals=(0, 0))
    products = sum(a * b for a, b in zip(x.tolist(), x[::-1].tolist(), strict=True))
    assert sum_block(NAMES, block).matrix[1][2] == -products


@pytest.mark.parametrize("value", [2**24, -(2**24), 2**48 - 1, -(2**48), LARGEST, -LARGEST])
def test_a_full_product_of_one_value_is_its_multiple(value: int) -> None:
    n = summation_module.ROWS_PER_PRODUCT - 1
    block = Block(values=np.full((n, 2), value), decimals=(0, 0))
    assert sum_block(NAMES, block).matrix == (
        (n, n * value, n * value),
        (n * value, n * value**2, n * value**2),
        (n * value, n * value**2, n * value**2),
    )


@given(blocks(cells=CELLS))
def test_integers_and_objects_have_the_same_moments(block: Block) -> None:
    assert sum_block(NAMES, block) == sum_block(NAMES, as_objects(block))


@given(
    st.lists(blocks(cells=CELLS, max_rows=6), min_size=1, max_size=4),
    st.integers(1, 5),
    st.integers(1, 4),
)
def test_long_data_are_summed_piece_by_piece(
    parts: list[Block], rows_per_product: int, blocks_per_total: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summation_module, "ROWS_PER_PRODUCT", rows_per_product)
        patch.setattr(block_sums, "BLOCKS_PER_TOTAL", blocks_per_total)
        moments = total(parts)
    assert_moments_of_rows(moments, [row for part in parts for row in fractions_of(part)])


def test_the_largest_limbs_of_the_most_blocks_have_room() -> None:
    limb = 2**summation_module.LIMB_BITS
    last = LARGEST**2 * summation_module.ROWS_PER_PRODUCT // limb**2 + 1
    assert max(limb, last) * block_sums.BLOCKS_PER_TOTAL < 2**63


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")
def test_limbs_become_python_integers_before_they_pass_int64(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pending = block_sums.BlockSums.of

    def claim_the_most(block: Block, weights: Block | None, *others: Any) -> Any:
        return replace(pending(block, weights, *others), limbs=np.full(18, 2**61))  # type: ignore[type-var]

    monkeypatch.setattr(block_sums, "BLOCKS_PER_TOTAL", 3)
    monkeypatch.setattr("linreg_cli.moments.block_sums.BlockSums.of", claim_the_most)
    block = Block(values=np.array([[1, 1]]), decimals=(0, 0))
    assert total([block] * 7).matrix[1][1] == 7 * 2**61 * (1 + 2**48 + 2**96)


@given(blocks(cells=LONG_CELLS))
def test_without_the_extension_the_moments_are_the_same(block: Block) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        expected = sum_block(NAMES, block)
    assert sum_block(NAMES, block) == expected


@given(blocks(cells=LONG_CELLS), st.randoms(use_true_random=False))
def test_rows_in_any_order_have_the_same_moments(block: Block, random: Random) -> None:
    order = list(range(len(block.values)))
    random.shuffle(order)
    shuffled = Block(values=block.values[order], decimals=block.decimals)
    assert sum_block(NAMES, shuffled) == sum_block(NAMES, block)


@given(blocks(cells=LONG_CELLS), st.lists(st.integers(0, 8), max_size=4))
def test_rows_in_any_blocks_have_the_same_moments(block: Block, cuts: list[int]) -> None:
    cuts = [min(cut, len(block.values)) for cut in cuts]
    assert total(pieces(block, cuts)) == sum_block(NAMES, block)


@given(blocks(cells=LONG_CELLS), blocks(cells=CELLS))
def test_adding_moments_merges_their_rows(a: Block, b: Block) -> None:
    merged = sum_block(NAMES, a) + sum_block(NAMES, b)
    assert_moments_of_rows(merged, fractions_of(a) + fractions_of(b))


@given(blocks(cells=LONG_CELLS), blocks(cells=CELLS))
def test_taking_rows_out_again_leaves_nothing_behind(a: Block, b: Block) -> None:
    left = sum_block(NAMES, a) + sum_block(NAMES, b) - sum_block(NAMES, b)
    assert (left.rows, values_of(left)) == (len(a.values), oracles.moments(fractions_of(a)))


def test_the_range_stays_as_an_outer_bound_when_rows_are_removed() -> None:
    a, b = moments_of([("1", "5"), ("2", "6")], NAMES), moments_of([("-3", "9")], NAMES)
    assert range_of(a + b - b) == range_of(moments_of([("-3", "5"), ("2", "9")], NAMES))


def test_the_moments_of_no_rows_change_nothing() -> None:
    a = moments_of([("1.5", "-2")], NAMES)
    assert Moments.none(NAMES) + a == a == a + Moments.none(NAMES)


def test_an_empty_block_changes_nothing() -> None:
    empty = Block(values=np.empty((0, 2), dtype=np.int64), decimals=(0, 0))
    block = Block(values=np.array([[1, 2]]), decimals=(1, 0))
    assert total([empty, block, empty]) == sum_block(NAMES, block)


def test_a_summation_goes_on_after_its_total() -> None:
    block = Block(values=np.array([[1, 2], [3, 5]]), decimals=(1, 0))
    summation = Summation(NAMES)
    add_rows(summation, block)
    summation.total()
    add_rows(summation, block)
    assert_moments_of_rows(summation.total(), fractions_of(block) * 2)


def test_summing_leaves_the_block_as_it_was() -> None:
    values = np.array([[2**40, -1], [-(2**40), 3]])
    block = Block(values=values.copy(), decimals=(0, 0))
    sum_block(NAMES, block)
    assert block.values.tolist() == values.tolist()


def test_numbers_with_other_decimals_have_the_same_moments() -> None:
    assert moments_of([("1.5", "2"), ("3", "4")], NAMES) == moments_of(
        [("1.500", "2.0"), ("3.0", "4.00")], NAMES
    )


@given(blocks(cells=LONG_CELLS), st.integers(0, 5), st.integers(0, 5))
def test_more_decimals_write_the_same_numbers(block: Block, more_x: int, more_y: int) -> None:
    moments = sum_block(NAMES, block)
    written = finer(moments, (more_x, more_y))
    assert written.decimals == (moments.decimals[0] + more_x, moments.decimals[1] + more_y)
    assert_moments_of_rows(written, fractions_of(block))


@pytest.mark.parametrize(
    "other",
    [
        [("1", "2"), ("3", "5")],
        [("1", "4"), ("3", "2")],
        [("1", "2")],
        [("2", "3"), ("2", "3")],
    ],
    ids=["another number", "other pairs", "a row less", "another spread"],
)
def test_moments_of_other_rows_differ(other: list[tuple[str, str]]) -> None:
    assert moments_of([("1", "2"), ("3", "4")], NAMES) != moments_of(other, NAMES)


def test_moments_that_differ_in_their_range_alone_differ() -> None:
    a = moments_of([("1", "2"), ("3", "4")], NAMES)
    b = moments_of([("9", "4")], NAMES)
    assert a + b - b != a


def test_moments_of_other_columns_differ() -> None:
    rows = [("1", "2"), ("3", "4")]
    assert moments_of(rows, ("x", "y")) != moments_of(rows, ("a", "b"))


def test_moments_differ_from_other_types() -> None:
    assert Moments.none(NAMES) != NAMES


@given(blocks(cells=LONG_CELLS))
def test_the_simplest_form_writes_the_same_numbers(block: Block) -> None:
    assert_moments_of_rows(sum_block(NAMES, block).simplest(), fractions_of(block))


@pytest.mark.parametrize(
    "rows",
    [
        ["0.5 0", "0.5 0", "0.0 0", "1.0 0"],
        ["0.5 0", "0.5 0", "0.5 0", "0.5 0"],
        ["0.5 1", "0.5 2", "0.0 1", "1.0 1", "0.5 1", "0.5 1"],
        ["0.0 0.5", "1.0 0.5", "0.5 0.0", "0.5 1.0", "0.5 0.5", "0.5 0.5"],
    ],
    ids=["sum of squares", "range", "product with whole numbers", "product of halves"],
)
def test_the_simplest_form_keeps_a_decimal_that_one_sum_alone_needs(rows: list[str]) -> None:
    moments = moments_of([row.split() for row in rows], NAMES)
    assert values_of(moments.simplest()) == values_of(moments)
    assert range_of(moments.simplest()) == range_of(moments)


HALVES = [[0, 0], [5, 0], [5, 0], [5, 0], [5, 5], [10, 0]]
"""Tenths, of which only the sum of products of x and y needs a decimal."""


@given(
    blocks(cells=st.sampled_from([0, 5, 10]), min_rows=4, max_rows=12),
    st.integers(0, 3),
    st.integers(0, 3),
)
@example(Block(values=np.array(HALVES), decimals=(1, 0)), 0, 1)
@example(Block(values=np.array(HALVES), decimals=(1, 1)), 0, 1)
@example(Block(values=np.array(HALVES), decimals=(1, 1)), 1, 0)
def test_equal_moments_have_one_simplest_form(block: Block, more_x: int, more_y: int) -> None:
    moments = sum_block(NAMES, block)
    one, other = moments.simplest(), finer(moments, (more_x, more_y)).simplest()
    assert one.decimals == other.decimals
    assert one.matrix == other.matrix
    assert (one.minimum, one.maximum) == (other.minimum, other.maximum)


def test_the_simplest_form_has_the_decimals_that_the_numbers_need() -> None:
    assert moments_of([("1.500", "200"), ("2.250", "300.0")], NAMES).simplest().decimals == (2, 0)


def test_moments_are_integers_of_python() -> None:
    moments = moments_of([("1.5", "2"), ("3", "4")], NAMES)
    numbers = [
        *chain(*moments.matrix),
        *moments.minimum,
        *moments.maximum,
        *moments.simplest().minimum,
    ]
    assert {type(number) for number in numbers} == {int}
