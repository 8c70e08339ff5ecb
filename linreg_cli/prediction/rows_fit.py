"""The least-squares fit of a model's training rows, found once for all that is computed from it."""

from functools import cached_property
from typing import TYPE_CHECKING, Self

from flint import fmpq, fmpq_mat
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import FitError
from linreg_cli.exact import ZERO, Block, ExactDecimal, Floats, combine_block
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.training import (
    LeastSquares,
    ProductsFactor,
    Scaling,
    as_fraction,
    centers_of,
    explain_dependencies,
    least_squares,
    remedy,
)

if TYPE_CHECKING:
    from linreg_cli.design import KnownLevels


class RowsFit(Struct, frozen=True, kw_only=True, dict=True):
    """The exact least-squares fit of rows.

    Attributes
    ----------
    moments
        The exact moments of the rows.
    solution
        Their exact least-squares solution.
    has_intercept
        Whether the first weight is the intercept.
    known
        What the features are computed from, if they are not all columns of the file.

    """

    moments: Moments
    solution: LeastSquares
    has_intercept: bool
    known: "KnownLevels | None" = None

    @classmethod
    def of(cls, model: Model) -> Self:
        """Return the fit of the training rows of a model."""
        moments, has_intercept = model.training_moments(), model.training.settings.intercept
        solution = least_squares(moments, has_intercept=has_intercept)
        return cls(
            moments=moments,
            solution=solution,
            has_intercept=has_intercept,
            known=model.known_levels,
        )

    def require_unique(self, what: str) -> None:
        """Raise an error if other weights fit as well: there is no `what` then.

        Raises
        ------
        FitError
            With the columns that depend on each other.

        """
        if not self.solution.is_unique:
            why = explain_dependencies(self.moments, self.solution, self.known)
            raise FitError(
                f"{what}: the weights are not unique: {why}",
                hint=remedy(self.moments, self.solution),
            )

    @property
    def degrees_of_freedom(self) -> int:
        """The number of rows less the number of weights."""
        return self.moments.rows - len(self.solution.weights)

    def residuals(self, block: Block) -> Floats:
        """Return y less the prediction of the fit, each rounded once; infinite if too large.

        Parameters
        ----------
        block
            The features and, last, the target.

        """
        weights = (*([] if self.has_intercept else [fmpq(0)]), *self.solution.weights)
        return combine_block([*(-weight for weight in weights), fmpq(1)], block)

    def exactly(self, block: Block) -> tuple[fmpq, fmpq]:
        """Return the residual and the leverage xᵀ(XᵀX)⁻¹x of a block's only row, as fractions."""
        cells = [
            fmpq(value, 10**decimals)
            for value, decimals in zip(block.values[0].tolist(), block.decimals, strict=True)
        ]
        x = [fmpq(1)] * self.has_intercept + cells[:-1]
        predicted = sum((w * v for w, v in zip(self.solution.weights, x, strict=True)), fmpq(0))
        row = fmpq_mat([x])
        return cells[-1] - predicted, fmpq((row * self.inverse * row.transpose())[0, 0])

    @cached_property
    def inverse(self) -> fmpq_mat:
        """The inverse of XᵀX, exactly."""
        columns = range(1 - self.has_intercept, len(self.moments.columns))
        return fmpq_mat([[self.moments.moment(i, j) for j in columns] for i in columns]).inv()

    @cached_property
    def centers(self) -> tuple[ExactDecimal, ...]:
        """A short decimal near the mean of each feature, or 0 where there is no intercept."""
        if self.has_intercept:
            return centers_of(self.moments)
        return (ZERO,) * (len(self.moments.columns) - 1)

    @cached_property
    def factor(self) -> ProductsFactor:
        """The factor of XᵀX, for features less their `centers` over their standard deviation.

        A difference from a short decimal is rounded once.
        """
        scaling = Scaling.of(self.moments, has_intercept=self.has_intercept, scale=True)
        short = replace(scaling, centers=tuple(map(as_fraction, self.centers)))
        return ProductsFactor(self.moments, short, self.solution.independent)
