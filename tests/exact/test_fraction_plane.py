"""Linear functions with fractions as weights: those of exact fractions, rounded once."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.exact.block import Block
from linreg_cli.exact.fraction_plane import combine_block
from tests.strategies import LONG_CELLS, as_integers, fractions_of

DENOMINATORS = st.one_of(st.integers(1, 9), st.integers(1, 10**40), st.just(2**300))
WEIGHTS = st.builds(Fraction, st.integers(-(10**20), 10**20), DENOMINATORS)


@st.composite
def rows_and_weights(draw: st.DrawFn) -> tuple[Block, list[Fraction]]:
    width = draw(st.integers(1, 3))
    cells = st.one_of(LONG_CELLS, st.integers(-99, 99))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))
    places = draw(st.lists(st.integers(0, 25), min_size=width, max_size=width))
    weights = draw(st.lists(WEIGHTS, min_size=width + 1, max_size=width + 1))
    return Block(values=as_integers(rows), decimals=tuple(places)), weights


def combined(weights: Sequence[Fraction], block: Block) -> list[float]:
    flint = [fmpq(weight.numerator, weight.denominator) for weight in weights]
    values: list[float] = combine_block(flint, block).tolist()
    return values


def nearest_floats(weights: Sequence[Fraction], block: Block) -> list[float]:
    constant, *slopes = weights
    return [
        float(sum((w * x for w, x in zip(slopes, row, strict=True)), constant))
        for row in fractions_of(block)
    ]


@given(rows_and_weights())
def test_each_row_is_rounded_once(drawn: tuple[Block, list[Fraction]]) -> None:
    block, weights = drawn
    expected = nearest_floats(weights, block)
    assert combined(weights, block) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        assert combined(weights, block) == expected


@pytest.mark.parametrize("rest", [Fraction(0), Fraction(1, 2**200), Fraction(-1, 2**200)])
def test_the_rest_of_a_weight_decides_between_two_floats(rest: Fraction) -> None:
    weight = 1 + Fraction(1, 2**53) + rest  # in the middle of 1 and the next float64, or beside it
    block = Block(values=np.array([[1], [3], [-1]]), decimals=(0,))
    assert combined([Fraction(0), weight], block) == nearest_floats([Fraction(0), weight], block)
    assert combined([weight, Fraction(0)], block) == nearest_floats([weight, Fraction(0)], block)


def test_a_sum_of_large_numbers_that_cancel_keeps_its_digits() -> None:
    third = Fraction(1, 3)
    block = Block(values=np.array([[10**17 + 1, 10**17], [10**17, 10**17 - 2]]), decimals=(0, 0))
    weights = [third, third, -third]
    assert combined(weights, block) == nearest_floats(weights, block)


def test_a_value_beyond_float64_is_infinite() -> None:
    block = Block(values=np.array([[10**17], [-(10**17)], [1]]), decimals=(0,))
    large = Fraction(10**300)
    assert combined([Fraction(0), large], block) == [math.inf, -math.inf, 1e300]


def test_no_rows_have_no_values() -> None:
    block = Block(values=np.zeros((0, 2), np.int64), decimals=(1, 0))
    assert combined([Fraction(1)] * 3, block) == []
