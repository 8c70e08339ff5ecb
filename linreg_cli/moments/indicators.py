"""Moments of indicators: completed, and chosen for a fit."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from linreg_cli.moments.moments import as_matrix

if TYPE_CHECKING:  # most data have no categories
    from linreg_cli.design import Combination, Design, KnownLevels, Term
    from linreg_cli.moments.moments import Moments
    from linreg_cli.moments.split import SplitMoments


def with_levels(data: "SplitMoments", known: "KnownLevels") -> "SplitMoments":
    """Return the moments of all levels of each category, from those of the features of a fit."""
    terms = {term.name: term for term in known.features if term.levels}
    others = list(known.coding.combinations())
    return replace(
        data.each(lambda moments: _completed(replace(moments, terms=terms), others)),
        design=known.design,
    )


def _completed(moments: "Moments", others: "Iterable[Combination]") -> "Moments":
    """Return moments with more columns, each a combination of others; the target remains last."""
    import numpy as np  # rows without categories are read without it

    from linreg_cli.design import INTERCEPT
    from linreg_cli.moments import fourth_sums
    from linreg_cli.moments.level_ranges import with_ranges

    new = {each.term.name: each for each in others}
    names = (*moments.columns[:-1], *new, moments.columns[-1])
    place = {INTERCEPT.name: 0} | {name: j for j, name in enumerate(names, start=1)}
    terms = {**moments.terms, **{name: each.term for name, each in new.items()}}
    wide = moments.with_zeros(names, terms)
    decimals, fourth = [0, *wide.decimals], wide.fourth
    matrix = np.array(wide.matrix, np.object_)
    for name, (_, plus, minus) in new.items():
        j = place[name]
        used = [(1, place[term.name]) for term in plus] + [(-1, place[t.name]) for t in minus]
        decimals[j] = max(decimals[i] for _, i in used)
        factors = [sign * 10 ** (decimals[j] - decimals[i]) for sign, i in used]
        row = np.array(factors, np.object_) @ matrix[[i for _, i in used]]
        matrix[j] = matrix[:, j] = row
        matrix[j, j] = sum(factor * row[i] for factor, (_, i) in zip(factors, used, strict=True))
        if fourth is not None:
            by_column = {i: factor for factor, (_, i) in zip(factors, used, strict=True)}
            fourth = fourth_sums.with_combination(fourth, len(matrix), j, by_column)
    return with_ranges(
        replace(wide, decimals=tuple(decimals[1:]), matrix=as_matrix(matrix), fourth=fourth)
    )


def with_all_indicators(data: "SplitMoments", known: "KnownLevels") -> "SplitMoments":
    """Return the same moments, which are of all levels of each category, with their terms."""
    from linreg_cli.design import expanded

    terms = [each for term in known.design.terms for each in expanded(term, known.levels)]
    indicators = {term.name: term for term in terms if term.levels}
    return replace(
        data.each(lambda part: replace(part, terms=indicators)), design=known.design
    ).with_same_columns()


def of_features(moments: "Moments", known: "KnownLevels") -> "Moments":
    """Return moments for the features of a fit; a column that they lack is 0 in all rows."""
    from linreg_cli.moments.level_ranges import with_ranges

    terms = {term.name: term for term in known.features if term.levels}
    *features, target = moments.columns
    columns = [*dict.fromkeys([*features, *terms]), target]
    wide = moments.with_zeros(columns, {**moments.terms, **terms})
    return with_ranges(wide.select([*(term.name for term in known.features), target]))


def levels_of(data: "SplitMoments", design: "Design") -> dict[str, list[str]]:
    """Return the levels of each category that some row has, in their order."""
    from linreg_cli.design import in_order

    found: dict[str, set[str]] = {column: set() for column in design.categories}
    for term in data.moments.terms.values():
        for column, level in term.levels:
            found[column].add(level)
    return {column: in_order(levels) for column, levels in found.items()}


def empty_combinations(moments: "Moments", known: "KnownLevels") -> "list[Term]":
    """Return the combinations of levels that no row has, but none that contains another.

    Parameters
    ----------
    moments
        The moments of the features of a fit.
    known
        What the features are computed from.

    """
    unseen = set(unseen_levels(_completed(moments, known.coding.combinations())))
    terms = (term for each in known.coding.expanded.values() for term in each)
    empty = [t for t in terms if len(t.levels) > 1 and not t.number and t.name in unseen]
    levels = [set(term.levels) for term in empty]
    return [
        term
        for term, own in zip(empty, levels, strict=True)
        if not any(other < own for other in levels)
    ]


def unseen_levels(moments: "Moments") -> list[str]:
    """Return the indicators, and their products, that are 0 in all rows."""
    names = moments.columns[:-1]
    return [
        name
        for j, name in enumerate(names, start=1)
        if name in moments.terms and not moments.matrix[j][j]
    ]


def coded(data: "SplitMoments", *, has_intercept: bool) -> "SplitMoments":
    """Return the moments of the features of a fit, such as those without reference levels.

    Parameters
    ----------
    data
        The moments of all levels of each category.
    has_intercept
        Whether an intercept is fitted; see `Coding` for what follows from this.

    Raises
    ------
    UsageError
        If no row has the reference level that the user chose.

    """
    if data.design is None:
        return data
    from linreg_cli.design import KnownLevels

    levels = levels_of(data, data.design)
    known = KnownLevels(design=data.design, levels=levels, has_intercept=has_intercept)
    return replace(data.each(lambda part: of_features(part, known)), known=known)
