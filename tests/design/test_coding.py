"""Tests of treatment coding: features span the columns of formulaic, and none is redundant."""

from itertools import product
from math import prod

import numpy as np
import pandas as pd
import pytest
from formulaic import model_matrix

from linreg_cli.design.coding import Coding
from linreg_cli.design.design import Design, expanded
from linreg_cli.design.formulas import parse_formula
from linreg_cli.design.known_levels import KnownLevels
from linreg_cli.design.terms import Term
from tests.moments.test_level_sums import codes_of
from tests.strategies import block_of

LEVELS = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2"], "c": ["c1", "c2", "c3"]}
RANDOM = np.random.default_rng(7)
ROWS = pd.DataFrame(list(product(*LEVELS.values())) * 3, columns=list(LEVELS)).assign(
    x=lambda rows: RANDOM.integers(1, 100, len(rows)),
    z=lambda rows: RANDOM.integers(1, 100, len(rows)),
    y=0,
)
HIERARCHICAL = [
    "a",
    "a + b",
    "a + x",
    "a*b",
    "a*x",
    "a*b*c",
    "a*b*x",
    "(a + b + c)^2",
    "(a + x + z)^2",
    "a + a:x",
    "a + x + a:x:z",
    "a*x + b",
    "b + a*x*z",
    "x + a:x",
    "x:z + a:x:z",
    "a*x + b*z",
    "a + a:b",
    "b + a:b",
    "a + b + c + a:b + a:c",
    "a:x",
    "a:x + b:x",
    "a:x + b:z",
    "a:b:x",
    "x + a:x + b:x + a:b:x",
]
OTHERS = [
    "a + a:b:c",
    "a:b",
    "a:b + a:c",
    "a + b:c",
    "x + a:b:x",
    "a:b:c",
    "x + a:b",
    "a:x + a:b",
    "a:b:x + c",
]
"""Formulas for which R's rule leaves redundant columns; formulaic's names have more terms."""


def known_levels(formula: str, references: dict[str, str] | None = None) -> KnownLevels:
    """Return the design of the right side of a formula; a, b and c are categories."""
    for name in LEVELS:
        formula = formula.replace(name, f"C({name})")
    found = parse_formula(f"y ~ {formula}", list(ROWS.columns))
    design = Design(terms=found.terms, references=references or {})
    return KnownLevels(
        design=design,
        levels={name: LEVELS[name] for name in design.categories},
        has_intercept=found.has_intercept,
    )


def columns_of(known: KnownLevels) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the columns of the features, and of the intercept if there is one."""
    numbers = [
        [prod(row) for row in ROWS[name.split(":")].to_numpy().tolist()]
        for name in known.design.numbers
    ]
    cells = zip(*numbers, ROWS["y"].tolist(), strict=True)
    codes = [codes_of(ROWS[name].tolist()) for name in known.design.categories]
    block = known.block(block_of([list(map(str, row)) for row in cells]), codes)
    ones = np.ones((len(ROWS), int(known.has_intercept)))
    return np.hstack([ones, block.columns(slice(-1)).values])  # noqa: PD011 - of a Block


def rank(*matrices: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> int:
    return int(np.linalg.matrix_rank(np.hstack(matrices)))


@pytest.mark.parametrize("ending", ["", " - 1"])
@pytest.mark.parametrize("formula", HIERARCHICAL + OTHERS)
def test_the_features_span_what_the_columns_of_formulaic_span(formula: str, ending: str) -> None:
    theirs = model_matrix(formula + ending, ROWS, ensure_full_rank=True).to_numpy(float)
    ours = columns_of(known_levels(formula + ending))
    assert rank(ours, theirs) == rank(ours) == rank(theirs)
    assert ours.shape[1] == rank(ours)


@pytest.mark.parametrize("ending", ["", " - 1"])
@pytest.mark.parametrize("formula", HIERARCHICAL)
def test_the_features_have_the_names_of_formulaic(formula: str, ending: str) -> None:
    theirs = model_matrix(formula + ending, ROWS, ensure_full_rank=True).columns
    names = [name.replace("[T.", "[") for name in theirs if name != "Intercept"]
    assert sorted(term.name for term in known_levels(formula + ending).features) == sorted(names)


@pytest.mark.parametrize("ending", ["", " - 1"])
@pytest.mark.parametrize("formula", HIERARCHICAL + OTHERS)
@pytest.mark.parametrize("references", [{}, {"a": "a2"}, {"a": "a3", "b": "b2"}])
def test_the_other_products_of_levels_follow_from_the_features(
    formula: str, ending: str, references: dict[str, str]
) -> None:
    used = {k: v for k, v in references.items() if k in formula}
    known = known_levels(formula + ending, used)
    numbers = {name: ROWS[name].to_numpy() for name in "xz"}

    def column(term: Term) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        found = np.ones(len(ROWS), np.int64)
        for name, level in term.levels:
            found *= ROWS[name].to_numpy() == level
        for name in term.number.columns if term.number else ():
            found *= numbers[name]
        return found

    defined = set(known.features) | {Term(())}
    for found in known.coding.combinations():
        assert defined.issuperset(found.plus + found.minus)
        defined.add(found.term)
        total = sum(map(column, found.plus)) - sum(map(column, found.minus))
        assert np.array_equal(column(found.term), total)
    everything = {term for each in known.coding.expanded.values() for term in each}
    assert defined >= everything


def test_the_levels_of_the_first_category_vary_fastest() -> None:
    [*_, term] = known_levels("a*b").design.terms
    assert [each.name for each in expanded(term, LEVELS)][:4] == [
        "a[a1]:b[b1]", "a[a2]:b[b1]", "a[a3]:b[b1]", "a[a1]:b[b2]"
    ]  # fmt: skip


def test_terms_are_coded_alike_in_any_order_of_writing() -> None:
    """As R does, which sorts terms by their number of factors."""
    known = known_levels("a*x")
    terms = known.design.terms[::-1]
    coding = Coding(
        expanded={term: expanded(term, LEVELS) for term in terms},
        references={"a": "a1"},
        has_intercept=True,
    )
    assert {feature for each in coding.features.values() for feature in each} == set(known.features)
