"""Sums of products of up to four columns: those of Python's integers, in any blocks."""

from fractions import Fraction
from itertools import combinations_with_replacement
from math import prod
from typing import cast

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.exact.arrays import Integers
from linreg_cli.exact.block import Block
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.moments import fourth_sums
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.possible import can_be_moments
from linreg_cli.moments.summation import Summation
from tests.markers import slow_but_every
from tests.strategies import CELLS, LARGEST, LONG_CELLS, SMALL, examples

COLUMNS = ("x", "z", "y")


def summed(*blocks: Block, columns: tuple[str, ...] = COLUMNS) -> Moments:
    summation = Summation(columns, sums_fourth=True)
    for block in blocks:
        summation.take(summation.prepare(block))
    return summation.total()


def by_hand(rows: list[list[Fraction]]) -> list[Fraction]:
    """Return the sums of all products of up to four columns, with 1 as the first."""
    with_one = [[Fraction(1), *row] for row in rows]
    size = len(with_one[0])
    return [
        sum((prod((row[j] for j in product), start=Fraction(1)) for row in with_one), Fraction())
        for product in combinations_with_replacement(range(size), 4)
    ]


def as_numbers(moments: Moments) -> list[Fraction]:
    """Return the sums in the units of the columns."""
    assert moments.fourth is not None
    decimals = (0, *moments.decimals)
    products = combinations_with_replacement(range(len(decimals)), 4)
    return [
        Fraction(value, 10 ** sum(decimals[j] for j in product))
        for value, product in zip(moments.fourth.tolist(), products, strict=True)
    ]


def numbers_of(block: Block) -> list[list[Fraction]]:
    return [
        [Fraction(int(v), 10**d) for v, d in zip(row, block.decimals, strict=True)]
        for row in block.values.tolist()
    ]


@st.composite
def three_columns(draw: st.DrawFn, cells: st.SearchStrategy[int] = CELLS) -> Block:
    rows = draw(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6))
    fits = all(abs(cell) <= LARGEST for row in rows for cell in row)
    values = np.array(rows, np.int64 if fits else np.object_)
    return Block(
        values=cast("Integers", values),
        decimals=draw(st.sampled_from([(0, 0, 0), (2, 0, 1), (0, 3, 3)])),
    )


@examples(40)
@given(st.lists(st.one_of(three_columns(), three_columns(LONG_CELLS)), min_size=1, max_size=3))
def test_the_sums_are_those_of_fractions(blocks: list[Block]) -> None:
    rows = [row for block in blocks for row in numbers_of(block)]
    assert as_numbers(summed(*blocks)) == by_hand(rows)


@pytest.mark.parametrize("instructions", ["plain", ""])
@pytest.mark.parametrize(
    ("size", "rows"), [(9, 400), (2**13, 300), (2**20, 257), (2**30, 64), (LARGEST, 31)]
)
def test_numbers_of_every_size_are_exact(
    size: int, rows: int, instructions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINREG_INSTRUCTIONS", instructions)
    numbers = np.random.default_rng(rows).integers(-size, size, (rows, 3), dtype=np.int64)
    numbers[:, 0] //= 3
    block = Block(values=numbers, decimals=(0, 0, 0))
    assert as_numbers(summed(block)) == by_hand(numbers_of(block))


def test_an_origin_and_the_numbers_can_have_opposite_signs() -> None:
    if not native.IS_AVAILABLE:
        pytest.skip("there is no extension")
    values = np.full((2, 3), -LARGEST, np.int64)
    found = native.extension.sum_fourth(values, np.array([LARGEST, LARGEST], np.int64))
    assert found is not None
    limbs = np.frombuffer(found, np.int64).reshape(-1, 6).tolist()
    sums = [sum(limb << 48 * i for i, limb in enumerate(row)) for row in limbs]
    assert sums == [3 * (-2 * LARGEST) ** 3] * 4 + [3 * (2 * LARGEST) ** 4] * 5


@pytest.mark.parametrize("at", slow_but_every(3, range(6)))
def test_many_columns_are_those_of_fractions(at: int) -> None:
    count = 4 + at
    numbers = np.random.default_rng(at).integers(-(10**6), 10**6, (20, count), dtype=np.int64)
    block = Block(values=numbers, decimals=(0,) * count)
    names = tuple(f"c{j}" for j in range(count))
    assert as_numbers(summed(block, columns=names)) == by_hand(numbers_of(block))


@examples(40)
@given(three_columns(), three_columns(SMALL))
def test_moments_merge_and_separate(first: Block, second: Block) -> None:
    a, b, both = summed(first), summed(second), summed(first, second)
    assert a + b == both
    assert as_numbers(both - b) == as_numbers(a)


@examples(40)
@given(three_columns(st.integers(-(10**7), 10**7)))
def test_equal_moments_are_stored_alike_and_read_back(block: Block) -> None:
    finer = Block(values=block.values * 1000, decimals=tuple(d + 3 for d in block.decimals))
    stored = StoredMoments.of(summed(block))
    assert StoredMoments.of(summed(finer)) == stored
    stored.check()
    assert as_numbers(stored.restore()) == as_numbers(summed(block).simplest())


@examples(40)
@given(three_columns())
def test_chosen_columns_have_their_sums(block: Block) -> None:
    rows = [[y, x] for x, _, y in numbers_of(block)]
    assert as_numbers(summed(block).select(["y", "x"])) == by_hand(rows)


@examples(40)
@given(three_columns())
def test_a_column_of_zeros_has_zeros(block: Block) -> None:
    rows = [[x, z, Fraction(), y] for x, z, y in numbers_of(block)]
    assert as_numbers(summed(block).with_zeros(["x", "z", "new", "y"], {})) == by_hand(rows)


@examples(40)
@given(three_columns(SMALL))
def test_a_combined_column_has_the_sums_of_its_rows(block: Block) -> None:
    whole = Block(values=block.values, decimals=(0, 0, 0))
    wide = summed(whole).with_zeros(["x", "z", "new", "y"], {})
    assert wide.fourth is not None
    found = fourth_sums.with_combination(wide.fourth, 5, 3, {0: 2, 1: -1, 2: 3})
    rows = [[x, z, 2 - x + 3 * z, y] for x, z, y in numbers_of(whole)]
    assert found.tolist() == by_hand(rows)


def test_moments_without_fourth_make_none() -> None:
    block = Block(values=np.array([[1, 2, 3], [4, 5, 7]]), decimals=(0, 0, 0))
    plain = Summation(COLUMNS)
    plain.take(plain.prepare(block))
    assert (summed(block) + plain.total()).fourth is None
    assert (Moments.none(COLUMNS) + summed(block)).fourth is not None


def test_rows_that_were_not_there_are_found_by_their_fourth_powers() -> None:
    rows = np.array([[1, 0, 1], [-1, 0, 2], [2, 1, 3], [-2, -1, 4]], np.int64)
    moments = summed(Block(values=rows, decimals=(0, 0, 0)))
    assert can_be_moments(moments)
    assert moments.fourth is not None
    moments.fourth[-1] = 0
    assert not can_be_moments(moments)


@pytest.mark.parametrize(("terms", "count"), [(1, 15), (3, 70), (13, 3060), (30, 52360)])
def test_the_number_of_sums_is_a_binomial_coefficient(terms: int, count: int) -> None:
    assert fourth_sums.count_sums(terms) == count == len(fourth_sums.products_of(terms + 2))
