"""The curvature of the loss, and what follows from it for the learning rate."""

import math
from collections.abc import Sequence
from operator import mul

from msgspec import Struct

from linreg_cli.exact import Floats
from linreg_cli.training.small_arrays import is_small


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
    if not all(math.isfinite(value) for row in X.tolist() for value in row):
        return LearningRates(largest=math.inf, smallest=math.inf)
    singular = _singular_values(X)[:rank]
    # an infinite curvature is refused later
    largest, smallest = (2 / n_rows * (value * value) for value in (singular[0], singular[-1]))
    return LearningRates(largest=largest, smallest=smallest)


def _singular_values(X: Floats) -> list[float]:
    """Return the singular values of a matrix, the largest first."""
    if is_small(X):
        return _of_few_columns(*X.T.tolist())
    import numpy as np

    singular: list[float] = np.linalg.svd(X, compute_uv=False).tolist()
    return singular


def _of_few_columns(a: Sequence[float], b: Sequence[float] = ()) -> list[float]:
    """Return the singular values of one or two columns: their lengths once they are orthogonal.

    Source: G. Golub and C. Van Loan, Matrix Computations (4th edition, 2013), section 8.6.3, the
    one-sided method of Jacobi.
    """
    if not b:
        return [math.hypot(*a)]
    size = max(map(abs, (*a, *b))) or 1.0  # its square is in the range of float64
    a, b = ([value / size for value in column] for column in (a, b))
    aa, ab, bb = (sum(map(mul, *pair)) for pair in ((a, a), (a, b), (b, b)))
    if ab:
        zeta = (bb - aa) / (2 * ab)
        tangent = math.copysign(1 / (abs(zeta) + math.hypot(1, zeta)), zeta)
        cosine = 1 / math.hypot(1, tangent)
        sine = cosine * tangent
        turned = [(cosine * p - sine * q, sine * p + cosine * q) for p, q in zip(a, b, strict=True)]
        a, b = zip(*turned, strict=True)
    return sorted((size * math.hypot(*a), size * math.hypot(*b)), reverse=True)
