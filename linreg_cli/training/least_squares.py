"""The exact least-squares solution of the normal equations, in rational arithmetic.

Squaring the condition number is harmless when no bit is lost: the sums are integers, the
solution is a quotient of integers, and only the last step, to float64, rounds.
"""

from dataclasses import dataclass

from flint import fmpq, fmpz_mat

from linreg_cli.sums import Sums

CONSTANT = ""
"""The name of the column of ones in a dependency."""


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """A column that is a combination of others: ``column = sum of factor * other``.

    The factor of `CONSTANT` stands alone.
    """

    column: str
    terms: tuple[tuple[str, fmpq], ...]

    def __str__(self) -> str:
        """Write the equation as a person would: ``rooms = bedrooms + 2 * bathrooms``."""
        text = ""
        for name, factor in self.terms:
            size = abs(factor)
            term = name if name and size == 1 else " * ".join(filter(None, [str(size), name]))
            sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
            text += f"{sign}{term}"
        return f"{self.column} = {text or '0'}"

    @property
    def is_constant(self) -> bool:
        """Tell whether the column has one value in all rows."""
        return all(name == CONSTANT for name, _ in self.terms)


@dataclass(frozen=True, kw_only=True)
class LeastSquares:
    """The weights with the smallest squared error, exactly.

    Attributes
    ----------
    weights
        The intercept, if the model has one, then a weight per feature: target units per
        unit of the feature. Features that depend on earlier ones have weight 0.
    residual_sum_of_squares
        The squared error that no weights go below.
    independent
        Positions of the weights whose columns span all others.
    dependencies
        Features that are combinations of earlier ones. If there are any, other weights are
        as good as these.

    """

    weights: tuple[fmpq, ...]
    residual_sum_of_squares: fmpq
    independent: tuple[int, ...]
    dependencies: tuple[Dependency, ...]

    @property
    def is_unique(self) -> bool:
        """Tell whether no other weights fit as well."""
        return not self.dependencies


def least_squares(sums: Sums, *, has_intercept: bool = True) -> LeastSquares:
    """Solve the normal equations XᵀX w = Xᵀy exactly.

    Parameters
    ----------
    sums
        The exact sums of the rows, target last.
    has_intercept
        Whether a constant 1 is the first column of X.

    Notes
    -----
    Normal equations: Å. Björck, Numerical Methods for Least Squares Problems (SIAM 1996),
    section 1.1. The solver behind is FLINT's ``fmpz_mat_solve``.

    """
    first = 0 if has_intercept else 1
    names = [CONSTANT, *sums.columns][first:-1]
    tens = [10**decimals for decimals in (0, *sums.decimals)][first:]
    moments = sums.moments[first:, first:].tolist()
    gram = fmpz_mat([row[:-1] for row in moments[:-1]])
    right = [row[-1] for row in moments[:-1]]
    independent, dependencies = _independent_columns(gram, names, tens)
    solution = _solve(gram, right, independent)
    error = fmpq(moments[-1][-1]) - sum(
        (w * r for w, r in zip(solution, right, strict=True)), fmpq(0)
    )
    return LeastSquares(
        weights=tuple(w * fmpq(ten, tens[-1]) for w, ten in zip(solution, tens[:-1], strict=True)),
        residual_sum_of_squares=error / tens[-1] ** 2,
        independent=tuple(independent),
        dependencies=dependencies,
    )


def _independent_columns(
    gram: fmpz_mat, names: list[str], tens: list[int]
) -> tuple[list[int], tuple[Dependency, ...]]:
    """Find the leftmost columns that span all, and write each other one as their combination."""
    size = gram.nrows()
    if gram.rank() == size:
        return list(range(size)), ()
    # XᵀX and X have the same null space, so the reduced echelon form of one tells of the other
    reduced, denominator, rank = gram.rref()
    pivots = [next(j for j in range(size) if reduced[i, j] != 0) for i in range(rank)]
    dependencies = tuple(
        Dependency(
            column=names[j],
            terms=tuple(
                (names[k], fmpq(reduced[i, j], denominator) * fmpq(tens[k], tens[j]))
                for i, k in enumerate(pivots)
                if reduced[i, j] != 0
            ),
        )
        for j in range(size)
        if j not in pivots
    )
    return pivots, dependencies


def _solve(gram: fmpz_mat, right: list[int], independent: list[int]) -> list[fmpq]:
    solution = [fmpq(0)] * gram.nrows()
    if independent:
        part = fmpz_mat([[gram[i, j] for j in independent] for i in independent])
        weights = part.solve(fmpz_mat([[right[i]] for i in independent]))
        for position, i in enumerate(independent):
            solution[i] = weights[position, 0]
    return solution
