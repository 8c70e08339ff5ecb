"""Whether groups have equal slopes, or equal lines: F tests from the moments of the groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
from flint import fmpq
from msgspec.structs import replace

from linreg_cli.design import KnownLevels
from linreg_cli.model import GroupedModel
from linreg_cli.moments import Moments, as_matrix, of_features
from linreg_cli.statistics.f_test import f_test
from linreg_cli.training import least_squares


@dataclass(frozen=True, kw_only=True)
class GroupTest:
    """An F test of what the groups have in common.

    Attributes
    ----------
    f, p
        The statistic, and the probability of one at least as large if the groups have it in
        common; f is None if the fits by group are perfect.
    numerator, denominator
        Degrees of freedom.

    """

    f: float | None
    p: float
    numerator: int
    denominator: int


@dataclass(frozen=True, kw_only=True)
class GroupTests:
    """The tests of equal slopes and of equal lines; None where there is nothing to test.

    Attributes
    ----------
    slopes
        Whether all groups have the same slopes, each with an intercept of its own. None without
        an intercept: it is the test of equal lines then.
    lines
        Whether all groups have the same slopes and the same intercept: Chow's test.

    """

    slopes: GroupTest | None
    lines: GroupTest | None


def check_groups(model: GroupedModel) -> GroupTests:
    """Return the F tests of equal slopes and of equal lines.

    All groups with rows count, those without a unique fit with the rank of their rows. The tests
    are those of least squares, so there are none with a ridge penalty.

    Notes
    -----
    With RSS the residual sum of squares of a fit and r its rank, F compares the fit of a model with
    fewer weights (0) with the fits by group (1):
    F = ((RSS₀ - RSS₁) / (r₁ - r₀)) / (RSS₁ / (n - r₁)). Sources: G. Chow, Tests of equality
    between sets of coefficients in two linear regressions, Econometrica 28 (1960); for the slopes,
    the analysis of covariance in R. Davidson and J. MacKinnon, Econometric Theory and Methods,
    section 3.

    """
    groups = list(_training_moments(model))
    if any(model.settings.l2) or len(groups) < len(("one", "another")):
        return GroupTests(slopes=None, lines=None)
    has_intercept = model.settings.intercept
    fits = [least_squares(moments, has_intercept=has_intercept) for moments in groups]
    apart = _sum([fit.objective for fit in fits])
    rank = sum(len(fit.independent) for fit in fits)
    rows = sum(moments.rows for moments in groups)

    def compare(objective: fmpq, smaller_rank: int) -> GroupTest | None:
        numerator, denominator = rank - smaller_rank, rows - rank
        if min(numerator, denominator) <= 0:
            return None
        f, p, _ = f_test(objective - apart, numerator, apart, denominator)
        return GroupTest(f=f, p=p, numerator=numerator, denominator=denominator)

    together = least_squares(_added(groups), has_intercept=has_intercept)
    lines = compare(together.objective, len(together.independent))
    if not has_intercept:
        return GroupTests(slopes=None, lines=lines)
    within, unit = _within_groups(groups)
    common = least_squares(within, has_intercept=False)
    slopes = compare(common.objective / unit, len(groups) + len(common.independent))
    return GroupTests(slopes=slopes, lines=lines)


def _training_moments(model: GroupedModel) -> Iterable[Moments]:
    """Yield the moments of the training rows of each group that has any, with the same features."""
    known = model.known_levels
    for key in model.keys:
        moments = model.data_of(key).moments
        if moments.rows:
            yield moments if known is None else _with_all_features(moments, known)


def _with_all_features(moments: Moments, known: KnownLevels) -> Moments:
    return replace(of_features(moments, known), terms={})


def _added(groups: Sequence[Moments]) -> Moments:
    """Return the sum; that of each half first, so that the integers stay small."""
    if len(groups) == 1:
        return groups[0]
    middle = len(groups) // 2
    return _added(groups[:middle]) + _added(groups[middle:])


def _within_groups(groups: Sequence[Moments]) -> tuple[Moments, fmpq]:
    """Return moments of the deviations from the means of the groups, and their common unit.

    They have no intercept: each group's own is taken out. Their products are those of the
    deviations times the unit.
    """
    size = 1 + len(groups[0].columns)
    sums = [
        [
            _sum([moments.products(i, j, has_intercept=True) for moments in groups])
            for j in range(1, 1 + i)
        ]
        for i in range(1, size)
    ]
    unit = 1
    for row in sums:
        for value in row:
            unit = lcm(unit, int(value.q))
    matrix = np.zeros((size, size), np.object_)
    matrix[0, 0] = unit * sum(moments.rows for moments in groups)
    for i, row in enumerate(sums, start=1):
        for j, value in enumerate(row, start=1):
            matrix[i, j] = matrix[j, i] = int(value.p) * (unit // int(value.q))
    like = Moments.none(groups[0].columns)
    rows = sum(moments.rows for moments in groups)
    return replace(like, rows=rows, matrix=as_matrix(matrix)), fmpq(unit)


def _sum(values: Sequence[fmpq]) -> fmpq:
    """Return the exact sum; that of each half first, so that the denominators stay small."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return _sum(values[:middle]) + _sum(values[middle:])
