"""Tests of moments with indicators: the same as those of columns that have their numbers."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.design.design import Design
from linreg_cli.design.level_codes import Codes, in_order
from linreg_cli.design.terms import Category, Column, Factor, Term
from linreg_cli.moments.level_moments import with_levels_of
from linreg_cli.moments.level_sums import LevelSums, multiplied
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import Summation
from tests.strategies import LONG_CELLS, add_rows, block_of

LEVELS = st.sampled_from(["one", "2", "10"])
CHUNKS = st.lists(
    st.lists(
        st.tuples(LONG_CELLS, LONG_CELLS, LONG_CELLS, LEVELS, LEVELS, LEVELS, st.integers(1, 5)),
        min_size=1,
    ),
    min_size=1,
    max_size=3,
)
COLUMNS = ("x", "z", "y", "a", "b", "c")
Chunk = Sequence[tuple[str, str, str, str, str, str, int]]
Written = tuple[str, ...]
"""A term: its columns, of which a, b and c are categories."""

FACTORS: dict[str, Factor] = {
    **{name: Column(name) for name in ("x", "z")},
    **{name: Category(name) for name in ("a", "b", "c")},
}
PLAIN = (("x",), ("a",), ("b",))
DESIGNS = st.lists(
    st.sampled_from(
        [*PLAIN, ("z",), ("a", "x"), ("x", "b"), ("a", "b"), ("b", "x", "a"), ("z", "a"),
         ("a", "b", "c"), ("c", "z")]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)  # fmt: skip


def design_of(terms: Sequence[Written]) -> Design:
    return Design(
        terms=tuple(Term(tuple(FACTORS[name] for name in term)) for term in terms), references={}
    )


def codes_of(levels: Sequence[str]) -> Codes:
    """Return levels as codes, numbered as they come, as each chunk has them."""
    distinct = list(dict.fromkeys(levels))
    return Codes(
        codes=np.array([distinct.index(level) for level in levels], np.int64),
        levels=tuple(distinct),
    )


def by_level(
    chunks: Sequence[Chunk], terms: Sequence[Written] = PLAIN, *, is_weighted: bool
) -> Moments:
    design = design_of(terms)
    columns = (*design.numbers, "y")
    summation = Summation(columns, "w" if is_weighted else "")
    sums = LevelSums.of(design, columns)
    for chunk in chunks:
        block = block_of([[str(row[COLUMNS.index(name)]) for name in columns] for row in chunk])
        weights = block_of([[str(row[-1])] for row in chunk]) if is_weighted else None
        add_rows(summation, block, weights)
        codes = [
            codes_of([str(row[COLUMNS.index(name)]) for row in chunk]) for name in design.categories
        ]
        sums.take(sums.prepare(block, weights, codes))
    return with_levels_of(summation.total(), sums, design)


def product_of(row: Sequence[str | int], parts: Sequence[tuple[str, str]]) -> Fraction:
    """Return the product of some columns of a row, where a level stands for its indicator."""
    found = Fraction(1)
    for name, level in parts:
        cell = row[COLUMNS.index(name)]
        found *= Fraction(cell == level) if level else Fraction(cell)
    return found


def by_column(
    chunks: Sequence[Chunk], terms: Sequence[Written] = PLAIN, *, is_weighted: bool
) -> tuple[list[str], list[list[Fraction]]]:
    """Return the names of the columns, and the sums of their products, from the numbers."""
    rows = [row for chunk in chunks for row in chunk]
    names, columns = list[str](), [[Fraction(1)] * len(rows)]
    for term in terms:
        choices = [
            in_order({str(row[COLUMNS.index(name)]) for row in rows}) if name in "abc" else [""]
            for name in term[::-1]
        ]
        for levels in (each[::-1] for each in product(*choices)):
            parts = list(zip(term, levels, strict=True))
            names.append(":".join(f"{name}[{level}]" if level else name for name, level in parts))
            columns.append([product_of(row, parts) for row in rows])
    columns.append([Fraction(row[2]) for row in rows])
    weights = [row[-1] if is_weighted else 1 for row in rows]
    return [*names, "y"], [
        [
            sum((w * p * q for w, p, q in zip(weights, a, b, strict=True)), Fraction(0))
            for a in columns
        ]
        for b in columns
    ]


@given(CHUNKS, DESIGNS, st.booleans())
def test_moments_by_level_are_those_of_the_columns_themselves(
    chunks: Sequence[Chunk],
    terms: Sequence[Written],
    is_weighted: bool,  # noqa: FBT001 - of Hypothesis
) -> None:
    found = by_level(chunks, terms, is_weighted=is_weighted)
    names, sums = by_column(chunks, terms, is_weighted=is_weighted)
    assert list(found.columns) == names
    size = range(len(sums))
    assert [[Fraction(str(found.moment(i, j))) for j in size] for i in size] == sums
    assert found.terms.keys() == {name for name in names if "[" in name}


@given(CHUNKS)
def test_ranges_of_indicators_are_those_of_their_columns(chunks: Sequence[Chunk]) -> None:
    found = by_level(chunks, [("a",)], is_weighted=False)
    rows = [row for chunk in chunks for row in chunk]
    for j, name in enumerate(found.columns[:-1]):
        is_there = [f"a[{row[3]}]" == name for row in rows]
        assert (found.minimum[j], found.maximum[j]) == (min(is_there), max(is_there))


@given(CHUNKS)
def test_ranges_of_products_are_that_of_the_number_with_0(chunks: Sequence[Chunk]) -> None:
    found = by_level(chunks, [("a", "x")], is_weighted=False)
    numbers = [Fraction(row[0]) for chunk in chunks for row in chunk]
    for j in range(len(found.columns) - 1):
        ends = (found.minimum[j], found.maximum[j])
        unit = 10 ** found.decimals[j]
        assert [Fraction(end, unit) for end in ends] == [min(0, *numbers), max(0, *numbers)]


@given(CHUNKS, CHUNKS, DESIGNS)
def test_moments_of_other_levels_add_in_any_order(
    first: Sequence[Chunk], second: Sequence[Chunk], terms: Sequence[Written]
) -> None:
    together = by_level([*first, *second], terms, is_weighted=False)
    parts = [by_level(chunks, terms, is_weighted=False) for chunks in (first, second)]
    for a, b in (parts, parts[::-1]):
        added = (a + b).with_zeros(together.columns, together.terms)
        assert added.simplest().matrix == together.simplest().matrix
    left = together - parts[1]
    assert left.select(parts[0].columns).simplest().matrix == parts[0].simplest().matrix


@pytest.mark.parametrize("factor", [1, 2**20, 2**62])
def test_products_of_integers_beyond_64_bits_are_exact(factor: int) -> None:
    numbers = np.array([factor, -3, 2**41], np.int64)
    assert multiplied(numbers, numbers).tolist() == [factor**2, 9, 2**82]


@pytest.mark.parametrize("is_weighted", [False, True])
def test_a_block_without_rows_has_no_sums(*, is_weighted: bool) -> None:
    """A part of the split may have none of the rows of a chunk."""
    design = design_of([("a", "x"), ("a",), ("a", "b")])
    sums = LevelSums.of(design, ("x", "y"))
    block = block_of([["1", "2"]]).rows(slice(0))
    weights = block_of([["1"]]).rows(slice(0)) if is_weighted else None
    codes = [codes_of(["p"]).rows(slice(0)), codes_of(["q"]).rows(slice(0))]
    sums.take(sums.prepare(block, weights, codes))
    assert not any(sums.tables.values())
