"""The exact least-squares solution of the normal equations, in rational arithmetic.

The normal equations square the condition number, which is harmless as no bit is lost: the moments
are integers, the solution is a quotient of integers, and only its conversion to float64 rounds.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat, fmpz_mat
from msgspec import Struct

from linreg_cli.exact import independent_columns
from linreg_cli.moments import Moments
from linreg_cli.training.dependencies import CONSTANT, Dependency


class Penalty(Struct, frozen=True, kw_only=True):
    """Ridge: the loss is the mean squared error plus l2 times the sum of squared slopes.

    The intercept is never penalised. Counterpart in scikit-learn: ``Ridge(alpha=l2 * rows)``, on
    standardized features.

    Attributes
    ----------
    l2
        The penalty, at least 0, in squared units of the target.
    on_scaled
        Whether the slopes are those of the features divided by their standard deviation (their
        root mean square, if there is no intercept), so that the units of the columns do not
        matter.

    Notes
    -----
    Source: A. Hoerl and R. Kennard, Ridge regression, Technometrics 12 (1970).

    """

    l2: fmpq
    on_scaled: bool = True

    def factor(self, moments: Moments, j: int, *, has_intercept: bool) -> fmpq:
        """Return the factor of slope j squared, counted from 1, in the penalty times the rows."""
        if not self.l2:
            return fmpq(0)
        if not self.on_scaled:
            return self.l2 * moments.total_weight
        return self.l2 * moments.products(j, j, has_intercept=has_intercept)

    def of(self, moments: Moments, slopes: Sequence[fmpq], *, has_intercept: bool) -> fmpq:
        """Return the penalty of some slopes, times the number of rows."""
        return sum(
            (
                slope**2 * self.factor(moments, j, has_intercept=has_intercept)
                for j, slope in enumerate(slopes, start=1)
            ),
            fmpq(0),
        )


NO_PENALTY = Penalty(l2=fmpq(0))


class LeastSquares(Struct, frozen=True, kw_only=True):
    """The weights with the smallest squared error (plus penalty), exactly.

    Attributes
    ----------
    weights
        The intercept, if the model has one, then the weight of each feature, in units of the
        target per unit of the feature. Features that depend on earlier ones have weight 0.
    objective
        The smallest possible loss times the number of rows: the residual sum of squares, if there
        is no penalty.
    independent
        Positions of the weights whose columns span all others.
    dependencies
        Features that are linear combinations of earlier ones. If there are any, other weights
        have the same loss.

    """

    weights: tuple[fmpq, ...]
    objective: fmpq
    independent: tuple[int, ...]
    dependencies: tuple[Dependency, ...]

    @property
    def is_unique(self) -> bool:
        """Whether all other weights have a larger loss."""
        return not self.dependencies


def least_squares(
    moments: Moments, *, has_intercept: bool = True, penalty: Penalty = NO_PENALTY
) -> LeastSquares:
    """Return the exact solution of the normal equations (XᵀX + P) w = Xᵀy.

    Parameters
    ----------
    moments
        The moments of the rows, target last.
    has_intercept
        Whether a constant 1 is the first column of X.
    penalty
        The ridge penalty, which is the diagonal matrix P.

    Notes
    -----
    Normal equations: Å. Björck, Numerical Methods for Least Squares Problems (SIAM 1996),
    section 1.1. FLINT's ``fmpz_mat_solve`` solves them.

    """
    first = 0 if has_intercept else 1
    size = len(moments.columns)
    names = [CONSTANT, *moments.columns][first:-1]
    # in the units of the integers, in which the matrix has integer entries
    tens = [10**decimals for decimals in (0, *moments.decimals)][first:]
    unit = 10**moments.weight_decimals
    matrix = [row[first:] for row in moments.matrix[first:]]
    right = [row[-1] for row in matrix[:-1]]
    gram = fmpq_mat([row[:-1] for row in matrix[:-1]])
    for j in range(1, size):
        added = penalty.factor(moments, j, has_intercept=has_intercept)
        gram[j - first, j - first] += added * unit * tens[j - first] ** 2
    integers, denominator = gram.numer_denom()
    independent = independent_columns(integers)
    solution = [w * denominator for w in _solve(integers, right, independent)]
    explained = sum((w * r for w, r in zip(solution, right, strict=True)), fmpq(0))
    return LeastSquares(
        weights=tuple(w * fmpq(ten, tens[-1]) for w, ten in zip(solution, tens[:-1], strict=True)),
        objective=(matrix[-1][-1] - explained) / (unit * tens[-1] ** 2),
        independent=tuple(independent),
        dependencies=_dependencies(integers, independent, names, tens),
    )


def _dependencies(
    gram: fmpz_mat, independent: Sequence[int], names: Sequence[str], tens: Sequence[int]
) -> tuple[Dependency, ...]:
    """Return each dependent column as a linear combination of the independent ones."""
    dependent = [j for j in range(gram.nrows()) if j not in independent]
    if not dependent:
        return ()
    # XᵀX and X have the same null space, and so the same dependencies
    reduced, denominator, _ = gram.rref()
    return tuple(
        Dependency(
            column=names[j],
            terms=tuple(
                (names[k], fmpq(reduced[i, j], denominator) * fmpq(tens[k], tens[j]))
                for i, k in enumerate(independent)
                if reduced[i, j] != 0
            ),
        )
        for j in dependent
    )


def _solve(gram: fmpz_mat, right: Sequence[int], independent: Sequence[int]) -> list[fmpq]:
    solution = [fmpq(0)] * gram.nrows()
    if independent:
        part = gram
        if len(independent) < gram.nrows():
            part = fmpz_mat([[gram[i, j] for j in independent] for i in independent])
        weights = part.solve(fmpz_mat([[right[i]] for i in independent]))
        for position, i in enumerate(independent):
            solution[i] = weights[position, 0]
    return solution
