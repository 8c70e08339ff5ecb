"""The scaling of the features for training, done on the exact moments and weights."""

import math
from collections.abc import Sequence

import numpy as np
from flint import fmpq, fmpq_mat
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    Floats,
    from_float,
    root_to_float,
    to_float,
)
from linreg_cli.moments import Moments


class Scaling(Struct, frozen=True, kw_only=True):
    """The scaling of the features for training, and the conversion of weights.

    Attributes
    ----------
    has_intercept
        Whether the first weight is the intercept.
    centers, scales
        A scaled feature is the feature minus its center, divided by its scale; both are in the
        unit of the feature.

    """

    has_intercept: bool
    centers: tuple[fmpq, ...]
    scales: tuple[fmpq, ...]

    @classmethod
    def of(cls, moments: Moments, *, has_intercept: bool, scale: bool) -> "Scaling":
        """Return the scaling to mean square 1 and, with an intercept, to mean 0.

        The scale of a constant feature is 1. Without `scale` features stay as they are.

        Raises
        ------
        FitError
            If the spread of a feature is too small for float64.

        """
        features = range(1, len(moments.columns))
        centers, scales = [], []
        for j in features:
            is_centered = scale and has_intercept
            mean_square = moments.products(j, j, has_intercept=has_intercept) / moments.total_weight
            centers.append(moments.moment(0, j) / moments.total_weight if is_centered else fmpq(0))
            has_spread = scale and mean_square != 0
            spread = root_to_float(mean_square) if has_spread else 1.0
            if not spread:
                raise FitError(
                    f"column '{moments.columns[j - 1]}' varies too little for a 64-bit float",
                    hint="Give it in a smaller unit.",
                )
            scales.append(from_float(spread))
        return cls(has_intercept=has_intercept, centers=tuple(centers), scales=tuple(scales))

    def to_columns(self, weights: Floats) -> tuple[float, ...]:
        """Return weights of scaled features as weights of the columns, each rounded once.

        If a weight is not finite, all are NaN.
        """
        if not np.isfinite(weights).all():
            return (math.nan,) * len(weights)
        return tuple(map(to_float, self.to_columns_exactly(weights)))

    def to_columns_exactly(self, weights: Floats) -> list[fmpq]:
        """Return finite weights of scaled features as weights of the columns, exactly."""
        exact = [from_float(weight) for weight in weights.tolist()]
        slopes = [w / s for w, s in zip(exact[self.has_intercept :], self.scales, strict=True)]
        return [exact[0] - self._moved(slopes), *slopes] if self.has_intercept else slopes

    def to_scaled(self, weights: Sequence[fmpq]) -> Floats:
        """Return weights of the columns as weights of scaled features, each rounded once."""
        slopes = weights[self.has_intercept :]
        scaled = [m * s for m, s in zip(slopes, self.scales, strict=True)]
        if self.has_intercept:
            scaled.insert(0, weights[0] + self._moved(slopes))
        return np.array(list(map(to_float, scaled)))

    def _moved(self, slopes: Sequence[fmpq]) -> fmpq:
        return sum((m * c for m, c in zip(slopes, self.centers, strict=True)), fmpq(0))


def rescale(moments: Moments, scaling: Scaling) -> fmpq_mat:
    """Return the moments of the scaled features and the target."""
    tens = [10**decimals for decimals in (0, *moments.decimals)]
    unit = 10**moments.weight_decimals
    centers, scales = (fmpq(0), *scaling.centers, fmpq(0)), (fmpq(1), *scaling.scales, fmpq(1))
    table = moments.matrix
    first = [fmpq(value, unit * ten) for value, ten in zip(table[0], tens, strict=True)]
    shift = [first[j] - center * first[0] for j, center in enumerate(centers)]
    gram = fmpq_mat(len(tens), len(tens))
    for i, row in enumerate(table):
        for j, value in enumerate(row[: i + 1]):
            moment = fmpq(value, unit * tens[i] * tens[j])
            if centers[i]:
                moment -= centers[i] * first[j]
            if centers[j]:
                moment -= centers[j] * shift[i]
            gram[i, j] = gram[j, i] = moment / (scales[i] * scales[j])
    return gram
