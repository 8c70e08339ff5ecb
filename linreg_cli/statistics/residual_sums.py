"""Sums of powers of residuals, exactly, from sums of products of up to four columns.

A residual e is linear in the columns, so that Σ e² a b, Σ e³ a and Σ e⁴ are polynomials in the
weights with these sums as coefficients.
"""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from flint import fmpq
from msgspec import Struct

from linreg_cli.exact import Objects
from linreg_cli.moments import Moments, fourth_sums


class PowerSums(Struct, frozen=True, kw_only=True, dict=True):
    """Sums of powers of a linear combination of columns, times columns.

    All of them are integers: of the columns as they are in the moments, and of the combination
    times `unit`.

    Attributes
    ----------
    sums
        Those of the products of up to four columns.
    size
        The number of columns, with the constant as column 0.
    factors
        The factor of each column in the combination times `unit`.
    unit
        What the combination is multiplied by.

    """

    sums: Objects
    size: int
    factors: Objects
    unit: int

    @classmethod
    def of(cls, moments: Moments, combination: Sequence[fmpq]) -> "PowerSums":
        """Return the sums for a combination of the constant, the features and the target."""
        assert moments.fourth is not None  # noqa: S101  # callers ask
        scaled = [
            factor / 10**decimals
            for factor, decimals in zip(combination, (0, *moments.decimals), strict=True)
        ]
        unit = math.lcm(*(int(factor.q) for factor in scaled))
        factors = np.array([int(factor * unit) for factor in scaled], np.object_)
        return cls(sums=moments.fourth, size=len(scaled), factors=factors, unit=unit)

    def product(self, columns: tuple[int, int, int, int]) -> int:
        """Return Σ a b c d for four columns."""
        return int(self.sums[fourth_sums.places_of(self.size)[columns]])

    @cached_property
    def first(self) -> int:
        """Σ e."""
        return sum(self.product((0, 0, 0, j)) * factor for j, factor in enumerate(self.factors))

    def square(self, i: int, j: int) -> int:
        """Return Σ e² a b for columns a and b."""
        places = fourth_sums.places_of(self.size, 2)
        return int(self._squares[places[i, j]])

    def cube(self, i: int) -> int:
        """Return Σ e³ a for a column a."""
        return int(self._cubes[i])

    @cached_property
    def fourth_power(self) -> int:
        """Σ e⁴."""
        return int(self._cubes @ self.factors)

    @cached_property
    def _squares(self) -> Objects:
        thirds = fourth_sums.contract(self.sums, self.size, 4, self.factors)
        return fourth_sums.contract(thirds, self.size, 3, self.factors)

    @cached_property
    def _cubes(self) -> Objects:
        return fourth_sums.contract(self._squares, self.size, 2, self.factors)


def residuals_of(moments: Moments, weights: Sequence[fmpq]) -> PowerSums:
    """Return the sums for the residuals y - ŷ.

    Parameters
    ----------
    moments
        The moments of the rows, with the products of four columns.
    weights
        The intercept (0 if there is none), then the weight of each feature.

    """
    return PowerSums.of(moments, [*(-weight for weight in weights), fmpq(1)])


def predictions_of(moments: Moments, weights: Sequence[fmpq]) -> PowerSums:
    """Return the sums for the predictions ŷ; `residuals_of` explains the parameters."""
    return PowerSums.of(moments, [*weights, fmpq(0)])
