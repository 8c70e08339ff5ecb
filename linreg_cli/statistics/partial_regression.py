"""Partial regressions: what the other features leave of one feature, and of the target.

What is left of the two lies about a line whose slope is the weight of the feature. Source: S.
Weisberg, Applied Linear Regression (4th edition, 2014), section 3.1, added-variable plots.
"""

from collections.abc import Sequence

from flint import arb, ctx, fmpq
from msgspec import Struct

from linreg_cli.exact import correctly_rounded, root_to_float
from linreg_cli.prediction import RowsFit

FIRST_PRECISION = 192
KNOWN_BITS = 60
"""A factor is known to this many bits, next to the standard deviations of its two columns."""


class Remainder(Struct, frozen=True, kw_only=True):
    """What other features leave of a column: column - constant - Σ factor · other feature.

    Attributes
    ----------
    column
        The column, counted from 0.
    constant
        The constant, where each column is less its center.
    factors
        The position of each other feature, and its factor.

    """

    column: int
    constant: float
    factors: tuple[tuple[int, float], ...]


class PartialRegression(Struct, frozen=True, kw_only=True):
    """One feature and the target, less what the other features explain of both.

    Attributes
    ----------
    feature, target
        What is left of each.
    spread
        The root mean square of what is left of the feature.

    """

    feature: Remainder
    target: Remainder
    spread: float


def partial_regressions(
    fit: RowsFit, features: Sequence[int], centers: Sequence[fmpq]
) -> dict[int, PartialRegression]:
    """Return the partial regression of each feature that the others do not determine.

    Parameters
    ----------
    fit
        The least-squares fit of the rows.
    features
        Positions of the features, counted from 0.
    centers
        What is subtracted from each feature and from the target.

    Notes
    -----
    With K = (ZᵀZ)⁻¹ for the scaled features Z, the regression of zⱼ on the others has the weights
    -Kₖⱼ / Kⱼⱼ and the residual sum of squares 1 / Kⱼⱼ. Putting it in the place of zⱼ in the fit of
    the target gives the fit of the target without feature j.

    Source: S. Weisberg, Applied Linear Regression (4th edition, 2014), section 3.1.

    """
    not_determined = _not_determined(fit)
    chosen = [j for j in features if j in not_determined]
    return _PartialRegressions(fit, centers).of(chosen) if chosen else {}


def _not_determined(fit: RowsFit) -> set[int]:
    """Return the features that occur in no dependency, so that the others leave some of them."""
    names = fit.moments.columns[:-1]
    found = {dependency.column for dependency in fit.solution.dependencies}
    for dependency in fit.solution.dependencies:
        found |= {name for name, _ in dependency.terms}
    return {j for j, name in enumerate(names) if name not in found}


class _PartialRegressions:
    """What the partial regressions of one fit share."""

    def __init__(self, fit: RowsFit, centers: Sequence[fmpq]) -> None:
        self._fit = fit
        self._scaling = fit.factor.scaling
        self._first = fit.has_intercept
        # feature of each column of Z, without the constant
        self._features = [i - self._first for i in fit.factor.independent if i >= self._first]
        self._moved = [a - b for a, b in zip(centers, self._scaling.centers, strict=False)]
        self._slopes = fit.solution.weights[self._first :]
        intercept = fit.solution.weights[0] if self._first else fmpq(0)
        self._at_centers = sum(
            (w * c for w, c in zip(self._slopes, centers, strict=False)), intercept - centers[-1]
        )
        target = len(fit.moments.columns)
        total = fit.moments.products(target, target, has_intercept=fit.has_intercept)
        self._target_size = root_to_float(total / fit.moments.total_weight)

    def of(self, features: Sequence[int]) -> dict[int, PartialRegression]:
        """Return the partial regressions of features that the others do not determine."""
        precision = FIRST_PRECISION
        while True:
            with ctx.workprec(precision):
                found = self._at_working_precision(features)
            if all(partial is not None for partial in found):
                return {j: p for j, p in zip(features, found, strict=True) if p is not None}
            precision *= 2

    def _at_working_precision(self, features: Sequence[int]) -> list[PartialRegression | None]:
        positions = [self._position(j) for j in features]
        try:
            columns = self._fit.factor.inverse_columns(positions)
        except ZeroDivisionError:
            return [None]
        return [self._partial(j, column) for j, column in zip(features, columns, strict=True)]

    def _partial(self, j: int, inverse: Sequence[arb]) -> PartialRegression | None:
        """Return the partial regression of a feature from its column of K, if that is known."""
        diagonal = inverse[self._position(j)]
        if not diagonal > 0:
            return None
        others = [k for k in self._features if k != j]
        scaled = {k: -inverse[self._position(k)] / diagonal for k in others}
        intercept = -inverse[0] / diagonal if self._first else arb(0)
        if not _are_known([intercept, *scaled.values()], 1.0):
            return None
        scales, weight = self._scaling.scales, arb(self._slopes[j])
        factors = {k: scaled[k] * (scales[j] / scales[k]) for k in others}
        constant = scales[j] * intercept - self._moved[j]
        constant += sum((factors[k] * self._moved[k] for k in others), arb(0))
        of_target = {k: self._slopes[k] + weight * factors[k] for k in others}
        if not _are_known([of_target[k] * scales[k] for k in others], self._target_size):
            return None
        target = len(self._fit.moments.columns) - 1
        return PartialRegression(
            feature=_remainder(j, constant, factors),
            target=_remainder(target, self._at_centers + weight * constant, of_target),
            spread=self._spread(j),
        )

    def _spread(self, j: int) -> float:
        position, total = self._position(j), self._fit.moments.total_weight
        square = self._scaling.scales[j] ** 2 / total
        [spread] = correctly_rounded(
            lambda: [(square / self._fit.factor.inverse_entry(position)).sqrt()]
        )
        return spread

    def _position(self, j: int) -> int:
        """Return the place of a feature among the columns of Z."""
        return self._fit.factor.independent.index(j + self._first)


def _are_known(values: Sequence[arb], size: float) -> bool:
    if not all(value.is_finite() for value in values):
        return False
    largest = max([size, *(abs(float(value)) for value in values)])
    return all(float(value.rad()) <= largest * 2.0**-KNOWN_BITS for value in values)


def _remainder(column: int, constant: arb, factors: dict[int, arb]) -> Remainder:
    return Remainder(
        column=column,
        constant=float(constant),
        factors=tuple((k, float(factor)) for k, factor in factors.items()),
    )
