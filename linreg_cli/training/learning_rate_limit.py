"""The curvature of the loss, and what follows from it for the learning rate."""

import math

import numpy as np
from msgspec import Struct

from linreg_cli.exact import Floats


class LearningRates(Struct, frozen=True, kw_only=True):
    """Which learning rates converge, and how fast: known before the first epoch.

    Attributes
    ----------
    largest, smallest
        Eigenvalues of the Hessian 2/n XᵀX: the largest, and the smallest one that is not 0.

    Notes
    -----
    A step multiplies the error along an eigenvector by 1 - learning_rate · eigenvalue: S. Boyd
    and L. Vandenberghe, Convex Optimization (2004), section 9.3.

    """

    largest: float
    smallest: float

    @property
    def limit(self) -> float:
        """The limit of the learning rate: descent converges below it, not at or above it."""
        return 2 / self.largest if self.largest else math.inf

    @property
    def automatic(self) -> float:
        """The learning rate that halves the error in the steepest direction every epoch.

        It is rounded to 4 digits, since the last digits of an eigenvalue differ between processors.
        """
        return float(f"{0.5 / self.largest:.4g}") if self.largest else 1.0

    def epochs_to(self, fraction: float, learning_rate: float) -> float:
        """Return the number of epochs until the error is a fraction of its start.

        It is the number for the slowest direction, infinity if the error does not get there.
        """
        factors = [abs(1 - learning_rate * value) for value in (self.largest, self.smallest)]
        slowest = max(factors)
        if fraction >= 1:
            return 0
        if slowest >= 1 or fraction <= 0:
            return math.inf
        return math.ceil(math.log(fraction) / math.log(slowest)) if slowest else 1


def learning_rates(X: Floats, n_rows: float, *, rank: int) -> LearningRates:
    """Return the largest and the smallest curvature of the loss.

    Parameters
    ----------
    X
        Design matrix, shape (rows, weights).
    n_rows
        The n of the mean: the number of rows of X, or of the rows that X represents.
    rank
        The number of linearly independent columns of X.

    """
    if not rank:
        return LearningRates(largest=0.0, smallest=0.0)
    if not np.isfinite(X).all():
        return LearningRates(largest=math.inf, smallest=math.inf)
    singular = np.linalg.svd(X, compute_uv=False)
    with np.errstate(over="ignore"):  # an infinite curvature is refused later
        curvature = 2 / n_rows * singular[:rank] ** 2
    return LearningRates(largest=float(curvature[0]), smallest=float(curvature[-1]))
