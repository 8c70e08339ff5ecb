"""The Cholesky factor of a matrix of balls, and the inverse of the factor.

Both are computed from the factors of two halves, so that nearly all of the work is FLINT's
multiplication of matrices; FLINT's solution of triangular systems takes ten times as long. Source:
G. Golub and C. Van Loan, Matrix Computations (4th edition, 2013), section 4.2.
"""

from flint import arb, arb_mat


class NegativePivotError(ValueError):
    """The matrix is not positive semidefinite: no higher precision helps."""


def factor(matrix: arb_mat) -> tuple[arb_mat, arb_mat]:
    """Return the lower triangular L with L Lᵀ = matrix, and the inverse of L.

    Parameters
    ----------
    matrix
        Symmetric, shape (n, n), n at least 1.

    Raises
    ------
    NegativePivotError
        If the matrix is not positive semidefinite.
    ValueError
        If the working precision is too small to tell a pivot from zero.

    """
    size = matrix.nrows()
    if size == 1:
        pivot = matrix[0, 0]
        if pivot < 0:
            raise NegativePivotError
        if not pivot > 0:
            raise ValueError("the precision is too small to tell the pivot from zero")
        root = pivot.sqrt()
        return arb_mat([[root]]), arb_mat([[1 / root]])
    half = size // 2
    rows = matrix.tolist()
    upper, inverse = factor(arb_mat([row[:half] for row in rows[:half]]))
    beside = inverse * arb_mat([row[half:] for row in rows[:half]])
    below = beside.transpose()
    rest = arb_mat([row[half:] for row in rows[half:]]) - below * beside
    lower, lower_inverse = factor(rest)
    return (
        _stacked(upper, below, lower),
        _stacked(inverse, -(lower_inverse * (below * inverse)), lower_inverse),
    )


def _stacked(upper: arb_mat, below: arb_mat, lower: arb_mat) -> arb_mat:
    """Return the lower triangular matrix with the given blocks."""
    zeros = [arb(0)] * lower.ncols()
    return arb_mat(
        [row + zeros for row in upper.tolist()]
        + [a + b for a, b in zip(below.tolist(), lower.tolist(), strict=True)]
    )
