"""Linear independence, exactly: rank is a fact of the integers, not a tolerance."""

from flint import fmpz_mat


def independent_columns(gram: fmpz_mat) -> list[int]:
    """Return the positions of the leftmost columns of X that span all columns of X.

    Parameters
    ----------
    gram
        XᵀX, which has the same null space as X.

    """
    if gram.rank() == gram.nrows():
        return list(range(gram.nrows()))
    reduced, _, rank = gram.rref()
    return [_first_entry(reduced, i) for i in range(rank)]


def _first_entry(matrix: fmpz_mat, row: int) -> int:
    return next(j for j in range(matrix.ncols()) if matrix[row, j] != 0)
