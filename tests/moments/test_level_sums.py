"""Tests of moments with indicators: the same as those of columns of zeros and ones."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, strategies as st

from linreg_cli.design.design import Design
from linreg_cli.design.level_codes import Codes, in_order
from linreg_cli.design.terms import Category, Column, Term
from linreg_cli.exact.block import Block
from linreg_cli.moments.indicators import with_indicators
from linreg_cli.moments.level_sums import LevelSums
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import Summation
from tests.strategies import LONG_CELLS, add_rows, block_of

DESIGN = Design(
    terms=(Term((Column("x"),)), Term((Category("a"),)), Term((Category("b"),))), references={}
)
LEVELS = st.sampled_from(["one", "2", "10", "zwei"])
CHUNKS = st.lists(
    st.lists(st.tuples(LONG_CELLS, LONG_CELLS, LEVELS, LEVELS, st.integers(1, 5)), min_size=1),
    min_size=1,
    max_size=3,
)
Chunk = Sequence[tuple[str, str, str, str, int]]


def codes_of(levels: Sequence[str]) -> Codes:
    """Return levels as codes, numbered as they come, as each chunk has them."""
    distinct = list(dict.fromkeys(levels))
    return Codes(
        codes=np.array([distinct.index(level) for level in levels], np.int64),
        levels=tuple(distinct),
    )


def by_level(chunks: Sequence[Chunk], *, is_weighted: bool) -> Moments:
    summation = Summation(("x", "y"), "w" if is_weighted else "")
    sums = LevelSums(categories=("a", "b"))
    for chunk in chunks:
        block = block_of([row[:2] for row in chunk])
        weights = block_of([[str(row[4])] for row in chunk]) if is_weighted else None
        add_rows(summation, block, weights)
        codes = [codes_of([str(row[j]) for row in chunk]) for j in (2, 3)]
        sums.take(sums.prepare(block, weights, codes))
    return with_indicators(summation.total(), sums, DESIGN)


def by_column(chunks: Sequence[Chunk], *, is_weighted: bool) -> Moments:
    """Return the moments of the columns of zeros and ones themselves."""
    rows = [row for chunk in chunks for row in chunk]
    levels = [in_order({str(row[j]) for row in rows}) for j in (2, 3)]
    names = ["x", *(f"a[{each}]" for each in levels[0]), *(f"b[{each}]" for each in levels[1]), "y"]
    summation = Summation(names, "w" if is_weighted else "")
    cells = [
        [x, *(str(int(a == each)) for each in levels[0]),
         *(str(int(b == each)) for each in levels[1]), y]
        for x, y, a, b, _ in rows
    ]  # fmt: skip
    weights: Block | None = block_of([[str(row[4])] for row in rows]) if is_weighted else None
    add_rows(summation, block_of(cells), weights)
    return summation.total()


@given(CHUNKS, st.booleans())
def test_moments_by_level_are_those_of_columns_of_zeros_and_ones(
    chunks: Sequence[Chunk],
    is_weighted: bool,  # noqa: FBT001 - of Hypothesis
) -> None:
    found = by_level(chunks, is_weighted=is_weighted)
    assert found == by_column(chunks, is_weighted=is_weighted)
    assert found.terms.keys() == set(found.columns) - {"x", "y"}


@given(CHUNKS, CHUNKS)
def test_moments_of_other_levels_add_in_any_order(
    first: Sequence[Chunk], second: Sequence[Chunk]
) -> None:
    together = by_level([*first, *second], is_weighted=False)
    parts = [by_level(chunks, is_weighted=False) for chunks in (first, second)]
    for a, b in (parts, parts[::-1]):
        assert (a + b).select(together.columns) == together
    left = together - parts[1]
    assert np.array_equal(
        left.select(parts[0].columns).simplest().matrix, parts[0].simplest().matrix
    )
