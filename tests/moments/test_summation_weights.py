"""Weighted moments: exact in any order and in any blocks."""

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.exact.block import Block
from linreg_cli.model.record import read_custom
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.moments import block_sums
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import ROWS_PER_PRODUCT, Summation
from tests import oracles
from tests.markers import slow_but_every
from tests.models import weighted_moments
from tests.references import logarithm
from tests.strategies import (
    CELLS,
    LARGEST,
    LONG_CELLS,
    SMALL,
    add_rows,
    as_integers,
    blocks,
    fractions_of,
    sum_block,
)

COLUMNS = ("x", "y")
LIMB_EDGES = [2**bits + step for bits in (12, 24, 36, 48, 59) for step in (-1, 0, 1)]
WEIGHTS = st.one_of(
    st.integers(1, 30), st.sampled_from([*LIMB_EDGES, LARGEST]), st.integers(1, LARGEST)
)
LONG_WEIGHTS = st.one_of(WEIGHTS, st.integers(1, 10**40))


@st.composite
def weighted_blocks(
    draw: st.DrawFn,
    cells: st.SearchStrategy[int] = CELLS,
    weights: st.SearchStrategy[int] = WEIGHTS,
) -> tuple[Block, Block]:
    """Make a block and the weights of its rows."""
    block = draw(blocks(cells=cells))
    size = len(block.values)
    column = draw(st.lists(weights, min_size=size, max_size=size))
    values = as_integers([[weight] for weight in column])
    return block, Block(values=values, decimals=(draw(st.integers(0, 3)),))


def add_up(*parts: tuple[Block, Block]) -> Moments:
    summation_ = Summation(COLUMNS, "w")
    for block, weights in parts:
        add_rows(summation_, block, weights)
    return summation_.total()


def rows_of(parts: Sequence[tuple[Block, Block]]) -> list[tuple[list[Fraction], Fraction]]:
    """Return each row and its weight as fractions."""
    return [
        (row, weight)
        for block, weights in parts
        for row, [weight] in zip(fractions_of(block), fractions_of(weights), strict=True)
    ]


def moments_by_loop(rows: Sequence[tuple[list[Fraction], Fraction]]) -> list[list[Fraction]]:
    """Sum the weighted products, row by row, the constant 1 first."""
    with_one = [([Fraction(1), *row], weight) for row, weight in rows]
    size = len(with_one[0][0])
    return [
        [sum((w * r[i] * r[j] for r, w in with_one), Fraction()) for j in range(size)]
        for i in range(size)
    ]


def moments_found(moments: Moments) -> list[list[Fraction]]:
    size = 1 + len(moments.columns)
    return [[oracles.fraction(moments.moment(i, j)) for j in range(size)] for i in range(size)]


def pieces(part: tuple[Block, Block], cuts: Sequence[int]) -> list[tuple[Block, Block]]:
    """Cut rows and their weights at the same places."""
    return list(zip(*(_cut(block, cuts) for block in part), strict=True))


def _cut(block: Block, cuts: Sequence[int]) -> list[Block]:
    bounds = sorted({0, *(c for c in cuts if c < len(block.values)), len(block.values)})
    return [Block(values=block.values[a:b], decimals=block.decimals) for a, b in pairwise(bounds)]


# what they are


@given(weighted_blocks())
def test_every_moment_is_the_weighted_sum_of_products(part: tuple[Block, Block]) -> None:
    assert moments_found(add_up(part)) == moments_by_loop(rows_of([part]))


@given(weighted_blocks(cells=LONG_CELLS, weights=LONG_WEIGHTS))
def test_long_numbers_and_weights_are_summed_exactly_too(part: tuple[Block, Block]) -> None:
    assert moments_found(add_up(part)) == moments_by_loop(rows_of([part]))


@given(st.lists(weighted_blocks(cells=LONG_CELLS, weights=LONG_WEIGHTS), min_size=2, max_size=4))
def test_blocks_of_any_form_add_up(parts: list[tuple[Block, Block]]) -> None:
    found = add_up(*parts)
    assert moments_found(found) == moments_by_loop(rows_of(parts))
    assert found.rows == sum(len(block.values) for block, _ in parts)


@given(weighted_blocks())
def test_the_range_is_that_of_the_rows_whatever_their_weights(part: tuple[Block, Block]) -> None:
    found = add_up(part)
    columns = list(zip(*fractions_of(part[0]), strict=True))
    tens = [10**places for places in found.decimals]
    assert [Fraction(v, t) for v, t in zip(found.minimum, tens, strict=True)] == [
        *map(min, columns)
    ]
    assert [Fraction(v, t) for v, t in zip(found.maximum, tens, strict=True)] == [
        *map(max, columns)
    ]


@given(weighted_blocks())
def test_the_total_weight_is_the_sum_of_the_weights(part: tuple[Block, Block]) -> None:
    expected = sum(weight for [weight] in fractions_of(part[1]))
    assert oracles.fraction(add_up(part).total_weight) == expected


@given(st.lists(st.tuples(SMALL, SMALL, st.integers(1, 5)), min_size=1, max_size=8))
def test_a_whole_weight_is_as_good_as_so_many_rows(rows: list[tuple[int, int, int]]) -> None:
    weighted = weighted_moments([(str(x), str(y)) for x, y, _ in rows], [str(w) for *_, w in rows])
    repeated = as_integers([(x, y) for x, y, w in rows for _ in range(w)])
    plain = sum_block(COLUMNS, Block(values=repeated, decimals=(0, 0)))
    assert moments_found(weighted) == moments_found(plain)
    assert (weighted.rows, plain.rows) == (len(rows), sum(w for *_, w in rows))


def test_weights_of_1_give_the_moments_of_no_weights() -> None:
    rows = [("1.5", "-2"), ("0.25", "7"), ("1e3", "0")]
    plain = sum_block(COLUMNS, _block(rows))
    assert moments_found(weighted_moments(rows, ["1", "1.0", "1"], COLUMNS)) == moments_found(plain)


def test_weighted_moments_differ_from_plain_ones() -> None:
    rows = [("1.5", "-2"), ("0.25", "7")]
    assert weighted_moments(rows, ["1", "1"], COLUMNS) != sum_block(COLUMNS, _block(rows))


def _block(rows: Sequence[Sequence[str]]) -> Block:
    tens = [[int(Fraction(cell) * 100) for cell in row] for row in rows]
    return Block(values=as_integers(tens), decimals=(2, 2))


# any order, any cut


@given(weighted_blocks(), st.randoms(use_true_random=False))
def test_any_order_of_rows_gives_the_same_moments(
    part: tuple[Block, Block], shuffler: random.Random
) -> None:
    order = list(range(len(part[0].values)))
    shuffler.shuffle(order)
    block, weights = (Block(values=b.values[order], decimals=b.decimals) for b in part)
    assert add_up((block, weights)) == add_up(part)


@given(weighted_blocks(cells=LONG_CELLS), st.lists(st.integers(1, 7), max_size=4))
def test_any_blocks_give_the_same_moments(part: tuple[Block, Block], cuts: list[int]) -> None:
    assert add_up(*pieces(part, cuts)) == add_up(part)


@given(weighted_blocks(), weighted_blocks(cells=LONG_CELLS, weights=LONG_WEIGHTS))
def test_adding_moments_is_adding_all_rows(
    one: tuple[Block, Block], other: tuple[Block, Block]
) -> None:
    assert add_up(one) + add_up(other) == add_up(other) + add_up(one) == add_up(one, other)


@given(weighted_blocks(), weighted_blocks(weights=LONG_WEIGHTS))
def test_rows_that_were_added_can_be_removed(
    one: tuple[Block, Block], other: tuple[Block, Block]
) -> None:
    found = add_up(one, other) - add_up(other)
    expected = add_up(one)
    assert moments_found(found) == moments_found(expected)
    assert (found.rows, found.log_weights) == (expected.rows, expected.log_weights)


def test_no_rows_are_neutral() -> None:
    some = weighted_moments([("1", "2"), ("3", "5")], ["0.5", "2"], COLUMNS)
    assert some + Moments.none(COLUMNS, "w") == Moments.none(COLUMNS, "w") + some == some


# many rows


@pytest.mark.parametrize(
    "value", slow_but_every(4, [LARGEST, -LARGEST, 2**11, -(2**17), 2**35 - 1])
)
@pytest.mark.parametrize("weight", [LARGEST, 2**11, 2**11 - 1, 2**35, 2**25])
def test_more_rows_than_one_product_takes_do_not_overflow(value: int, weight: int) -> None:
    n = ROWS_PER_PRODUCT + 3
    block = Block(values=np.full((n, 2), value), decimals=(0, 0))
    found = add_up((block, Block(values=np.full((n, 1), weight), decimals=(0,))))
    assert found.matrix == (
        (n * weight, n * weight * value, n * weight * value),
        *[(n * weight * value, n * weight * value**2, n * weight * value**2)] * 2,
    )


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")
def test_limbs_are_put_together_before_they_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_sums, "BLOCKS_PER_TOTAL", 2)
    taken: list[int] = []
    take = block_sums.BlockSums.take  # counts what is added up as int64

    def count(self: Any, other: Any) -> None:
        take(self, other)
        taken.append(self.rows)

    monkeypatch.setattr(block_sums.BlockSums, "take", count)
    block = Block(values=np.full((4, 2), 10**8), decimals=(0, 0))
    weights = Block(values=np.full((4, 1), 10**10), decimals=(0,))
    found = add_up(*[(block, weights)] * 9)
    assert found.matrix[2][2] == 36 * 10**26
    assert taken == [8, 8, 8, 8]


# logarithms


def nearest_unit(weight: Fraction) -> int:
    return round(Fraction(logarithm(weight)) * 2**64)


@given(weighted_blocks(weights=LONG_WEIGHTS))
def test_logarithms_of_weights_are_summed_in_units_each_rounded_once(
    part: tuple[Block, Block],
) -> None:
    expected = sum(nearest_unit(weight) for [weight] in fractions_of(part[1]))
    assert add_up(part).log_weights == expected


def test_plain_rows_have_no_logarithms() -> None:
    assert sum_block(COLUMNS, _block([("1", "2"), ("2", "1")])).log_weights == 0


def test_a_weight_has_one_logarithm_however_it_is_written() -> None:
    found = {
        weighted_moments([("1", "2")], [text]).log_weights for text in ("1.5", "1.50", "15e-1")
    }
    assert found == {nearest_unit(Fraction(3, 2))}


# in the model file


@given(weighted_blocks(cells=LONG_CELLS, weights=LONG_WEIGHTS))
def test_stored_moments_are_restored_the_same(part: tuple[Block, Block]) -> None:
    moments = add_up(part)
    fields = StoredMoments.of(moments).to_fields()
    stored = msgspec.convert(fields, StoredMoments, dec_hook=read_custom)
    stored.check()
    assert stored.restore() == moments


@given(weighted_blocks(), st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_trailing_zeros_make_no_difference_to_stored_moments(
    part: tuple[Block, Block], zeros: list[int]
) -> None:
    block, weights = part
    *places, weight_places = zeros
    longer = (
        Block(
            values=block.values.astype(object) * np.array([10**p for p in places], dtype=object),
            decimals=tuple(d + p for d, p in zip(block.decimals, places, strict=True)),
        ),
        Block(
            values=weights.values.astype(object) * 10**weight_places,
            decimals=(weights.decimals[0] + weight_places,),
        ),
    )
    assert StoredMoments.of(add_up(longer)) == StoredMoments.of(add_up(part))


@given(weighted_blocks())
def test_the_simplest_form_is_equal(part: tuple[Block, Block]) -> None:
    moments = add_up(part)
    assert moments.simplest() == moments
    assert moments_found(moments.simplest()) == moments_found(moments)
