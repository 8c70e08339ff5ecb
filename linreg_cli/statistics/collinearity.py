"""Features that are nearly combinations of others: their weights are uncertain and can be huge."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.exact import Floats
from linreg_cli.moments import Moments

if TYPE_CHECKING:  # one feature needs neither NumPy nor FLINT
    from flint import fmpq

HIGH_VIF = 10
"""A feature with a variance inflation factor of at least this much is named."""
PARTNER_SHARE = 1 / 3
"""A partner explains at least this fraction of what the best partner explains of a feature."""
_MOST_NAMED = 10
"""Maximum number of partners named; a category of many levels can have as many."""
MIN_EIGENVALUE = 1e-9
"""If the smallest eigenvalue of the correlations is below, float64 loses shown digits of a VIF."""

SCALE_BITS = 64
"""The number of bits after the point of the square root of an integer."""
FIRST_PRECISION = 192
SHOWN_BITS = 40
"""More bits than the four shown digits of a VIF need."""


class NearlyCollinear(Struct, frozen=True, kw_only=True):
    """A feature that is nearly a combination of others.

    Attributes
    ----------
    name
        The column.
    vif
        Its variance inflation factor: 1 / (1 - R²) of the feature on the others.
    partners
        The features that explain most of it.

    """

    name: str
    vif: float
    partners: tuple[str, ...]

    def __str__(self) -> str:
        """Return the sentence of a note."""
        more = len(self.partners) - _MOST_NAMED
        named = [*self.partners[:_MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])]
        return (
            f"{self.name} is nearly a linear combination of other features, mainly "
            f"{', '.join(named)} (VIF {self.vif:.4g})"
        )


def nearly_collinear(moments: Moments, *, has_intercept: bool) -> tuple[NearlyCollinear, ...]:
    """Return the features with a high variance inflation factor, and their partners.

    Parameters
    ----------
    moments
        The exact moments of the rows; no feature is exactly a combination of others.
    has_intercept
        Whether the correlations are about the means, or about 0.

    Notes
    -----
    With the correlations C, the VIF of feature j is (C⁻¹)ⱼⱼ, and feature k explains
    |(C⁻¹)ⱼₖ / (C⁻¹)ⱼⱼ| of it, in standard deviations. Source: D. Belsley, E. Kuh and R. Welsch,
    Regression Diagnostics (1980), section 3.1.

    """
    names = moments.columns[:-1]
    if len(names) == 1:
        return ()
    inverse = _inverse_correlations(moments, has_intercept=has_intercept)
    return tuple(
        NearlyCollinear(name=name, vif=float(row[j]), partners=_partners(names, row, j))
        for j, (name, row) in enumerate(zip(names, inverse, strict=True))
        if row[j] >= HIGH_VIF
    )


def _partners(names: Sequence[str], row: Floats, j: int) -> tuple[str, ...]:
    import numpy as np

    shares = np.abs(row)
    shares[j] = 0
    is_partner = shares >= PARTNER_SHARE * shares.max()
    return tuple(name for k, name in enumerate(names) if is_partner[k] and k != j)


def _inverse_correlations(moments: Moments, *, has_intercept: bool) -> Floats:
    """Return the inverse of the correlations, in balls if float64 would lose shown digits."""
    import numpy as np
    from flint import fmpq

    matrix = moments.matrix
    count, sums = matrix[0][0], list(matrix[0][1:-1])

    def products(i: int) -> list[int]:
        row = list(matrix[i + 1][1:-1])
        if not has_intercept:
            return row
        return [count * product - sums[i] * other for product, other in zip(row, sums, strict=True)]

    size = len(sums)
    scales = [math.isqrt(products(i)[i] << 2 * SCALE_BITS) for i in range(size)]
    correlations = np.empty((size, size))
    for i, s in enumerate(scales):  # one row at a time: its integers are long
        correlations[i] = [
            (product << 2 * SCALE_BITS) / (s * other)
            for product, other in zip(products(i), scales, strict=True)
        ]
    if np.linalg.eigvalsh(correlations)[0] >= MIN_EIGENVALUE:
        return np.asarray(np.linalg.inv(correlations))
    return _invert_in_balls(
        [
            [
                fmpq(product << 2 * SCALE_BITS, s * other)
                for product, other in zip(products(i), scales, strict=True)
            ]
            for i, s in enumerate(scales)
        ]
    )


def _invert_in_balls(matrix: "Sequence[Sequence[fmpq]]") -> Floats:
    """Return the inverse of a matrix, with the bits that the shown digits of its diagonal need."""
    import numpy as np
    from flint import arb, arb_mat, ctx

    precision = FIRST_PRECISION
    while True:
        with ctx.workprec(precision):
            try:
                inverse = arb_mat([list(row) for row in matrix]).inv().tolist()
            except ZeroDivisionError:  # too few bits to tell a pivot from zero
                inverse = [[arb("nan")]]
        if min(row[j].rel_accuracy_bits() for j, row in enumerate(inverse)) >= SHOWN_BITS:
            return np.array(inverse, dtype=np.float64)
        precision *= 2
