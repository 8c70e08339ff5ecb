"""Moments of indicators: made from sums by level, completed, and chosen for a fit."""

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from linreg_cli.design import Design, KnownLevels, Level, Term, category_of, expanded, in_order
from linreg_cli.moments.level_sums import LevelSums
from linreg_cli.moments.moments import Moments

if TYPE_CHECKING:
    from linreg_cli.moments.split import SplitMoments


def with_indicators(moments: Moments, sums: LevelSums, design: Design) -> Moments:
    """Return the moments of all indicators and columns of numbers, in the order of the design.

    Parameters
    ----------
    moments
        Those of the columns of numbers and, last, of the target.
    sums
        The sums of the same rows by level.
    design
        What the features are computed from.

    """
    levels = {
        column: in_order(level for (level,) in sums.tables[column,]) for column in design.categories
    }
    terms = [each for term in design.terms for each in expanded(term, levels)]
    names = [term.name for term in terms]
    place = {name: j for j, name in enumerate(names, start=1)}
    old_places = [0, *range(1, 1 + len(moments.columns))]
    new_places = [0, *(place[name] for name in moments.columns[:-1]), 1 + len(names)]
    size = 2 + len(names)
    matrix = np.zeros((size, size), np.object_)
    matrix[np.ix_(new_places, new_places)] = moments.matrix[np.ix_(old_places, old_places)]
    at = {
        (column, level): place[str(Level(column, level))]
        for column in design.categories
        for level in levels[column]
    }
    for column in design.categories:
        for (level,), row in sums.tables[column,].items():
            j = at[column, level]
            matrix[j, new_places] = matrix[new_places, j] = row
            matrix[j, j] = row[0]
    for first, second in combinations(design.categories, 2):
        for (one, other), (count,) in sums.tables[first, second].items():
            i, j = at[first, one], at[second, other]
            matrix[i, j] = matrix[j, i] = count
    decimals = np.zeros(size, int)
    decimals[new_places] = (0, *moments.decimals)
    ends = [np.zeros(size, np.object_) for _ in "<>"] if moments.rows else []
    for end, known in zip(ends, (moments.minimum, moments.maximum), strict=False):
        end[new_places] = (0, *known)
    return with_ranges(
        replace(
            moments,
            columns=(*names, moments.columns[-1]),
            terms={term.name: term for term in terms if category_of(term)},
            decimals=tuple(decimals[1:].tolist()),
            matrix=matrix,
            minimum=tuple(ends[0][1:]) if ends else (),
            maximum=tuple(ends[1][1:]) if ends else (),
        )
    )


def with_ranges(moments: Moments) -> Moments:
    """Return the same moments with the ranges of all indicators, which follow from the moments."""
    if not moments.rows:
        return moments
    low, high = list(moments.minimum), list(moments.maximum)
    total = moments.matrix[0, 0]
    for j, name in enumerate(moments.columns):
        if name in moments.terms:
            count, unit = moments.matrix[0, 1 + j], 10 ** moments.decimals[j]
            low[j], high[j] = (unit if count == total * unit else 0), (unit if count else 0)
    return replace(
        moments,
        minimum=tuple(low),
        maximum=tuple(high),
        outer_minimum=moments.outer_minimum - moments.terms.keys(),
        outer_maximum=moments.outer_maximum - moments.terms.keys(),
    )


def with_rest(moments: Moments, level: Level) -> Moments:
    """Return the moments with the indicator of one more level: 1 less those of all other levels.

    Parameters
    ----------
    moments
        The moments, with the indicators of all other levels of the category.
    level
        The level, which every row has that has none of the others.

    """
    term = Term((level,))
    if term.name in moments.columns:
        return moments
    others = [
        j
        for j, name in enumerate(moments.columns, start=1)
        if name in moments.terms and category_of(moments.terms[name]) == level.column
    ]
    most = max((moments.decimals[j - 1] for j in others), default=0)
    # each new column is a combination of the old ones: rows of T in T M Tᵀ
    size = len(moments.matrix)
    combined = np.zeros((1 + size, size), np.object_)
    kept = [*range(size - 1), size]
    combined[kept, range(size)] = 1
    combined[size - 1, 0] = 10**most
    combined[size - 1, others] = [-(10 ** (most - moments.decimals[j - 1])) for j in others]
    *decimals, last = moments.decimals
    ranges = (
        (*ends[:-1], 0, *ends[-1:]) if ends else () for ends in (moments.minimum, moments.maximum)
    )
    low, high = ranges
    return with_ranges(
        replace(
            moments,
            columns=(*moments.columns[:-1], term.name, moments.columns[-1]),
            terms={**moments.terms, term.name: term},
            decimals=(*decimals, most, last),
            matrix=combined @ moments.matrix @ combined.T,
            minimum=low,
            maximum=high,
        )
    )


def with_levels(data: "SplitMoments", known: KnownLevels) -> "SplitMoments":
    """Return the moments of all levels of each category, from those of the features of a fit."""
    terms = {term.name: term for term in known.features if category_of(term)}
    dropped = known.design.dropped(known.levels, has_intercept=known.has_intercept)

    def complete(moments: Moments) -> Moments:
        found = replace(moments, terms=terms)
        for column, level in dropped.items():
            found = with_rest(found, Level(column, level))
        return found

    return replace(data.each(complete), design=known.design)


def of_features(moments: Moments, known: KnownLevels) -> Moments:
    """Return moments for the features of a fit; an indicator that they lack is 0 in all rows."""
    terms = {term.name: term for term in known.features if category_of(term)}
    *features, target = moments.columns
    columns = [*dict.fromkeys([*features, *terms]), target]
    wide = moments.with_zeros(columns, {**moments.terms, **terms})
    return with_ranges(wide.select([*(term.name for term in known.features), target]))


def levels_of(data: "SplitMoments", design: Design) -> dict[str, list[str]]:
    """Return the levels of each category that some row has, in their order."""
    parts = [data.moments, *([] if data.test is None else [data.test])]
    found: dict[str, set[str]] = {column: set() for column in design.categories}
    for part in parts:
        for name, term in part.terms.items():
            [factor] = term.factors
            if isinstance(factor, Level) and part.matrix[0, 1 + part.columns.index(name)]:
                found[factor.column].add(factor.level)
    return {column: in_order(levels) for column, levels in found.items()}


def unseen_levels(moments: Moments) -> list[str]:
    """Return the indicators that are 0 in all rows."""
    names = moments.columns[:-1]
    return [
        name
        for j, name in enumerate(names, start=1)
        if name in moments.terms and not moments.matrix[0, j]
    ]


def coded(data: "SplitMoments", *, has_intercept: bool) -> "SplitMoments":
    """Return the moments of the features of a fit: without the reference level of a category.

    Parameters
    ----------
    data
        The moments of all levels of each category.
    has_intercept
        Whether an intercept is fitted; without it the first category keeps all its levels.

    Raises
    ------
    UsageError
        If no row has the reference level that the user chose.

    """
    if data.design is None:
        return data
    levels = levels_of(data, data.design)
    known = KnownLevels(design=data.design, levels=levels, has_intercept=has_intercept)
    columns = [*(term.name for term in known.features), data.moments.columns[-1]]
    return replace(data.select(columns).each(with_ranges), known=known)
