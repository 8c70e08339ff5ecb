"""The Cholesky factor of a matrix of balls, and the inverse of the factor.

Both are computed from the factors of two halves, so that nearly all of the work is FLINT's
multiplication of matrices; FLINT's solution of triangular systems takes ten times as long. Source:
G. Golub and C. Van Loan, Matrix Computations (4th edition, 2013), section 4.2.
"""

from flint import arb_mat


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
    first, second = range(half), range(half, size)
    upper, inverse = factor(_part(matrix, first, first))
    beside = inverse * _part(matrix, first, second)
    below = beside.transpose()
    lower, lower_inverse = factor(_part(matrix, second, second) - below * beside)
    return (
        _stacked(upper, below, lower),
        _stacked(inverse, -(lower_inverse * (below * inverse)), lower_inverse),
    )


def _part(matrix: arb_mat, rows: range, columns: range) -> arb_mat:
    """Return a block of a matrix, copied one by one: a list of all entries takes more memory."""
    block = arb_mat(len(rows), len(columns))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            block[i, j] = matrix[row, column]
    return block


def _stacked(upper: arb_mat, below: arb_mat, lower: arb_mat) -> arb_mat:
    """Return the lower triangular matrix with the given blocks."""
    half, size = upper.nrows(), upper.nrows() + lower.nrows()
    stacked = arb_mat(size, size)
    for i in range(half):
        for j in range(i + 1):
            stacked[i, j] = upper[i, j]
    for i in range(size - half):
        for j in range(half):
            stacked[half + i, j] = below[i, j]
        for j in range(i + 1):
            stacked[half + i, half + j] = lower[i, j]
    return stacked
