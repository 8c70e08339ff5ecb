"""How well the predictions of a model fit rows, from the moments of these rows."""

from typing import Self

from flint import fmpq
from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli.exact import root_to_float, to_float
from linreg_cli.model import Model
from linreg_cli.moments import Moments, squares as inference
from linreg_cli.training import exact_weights, least_squares


class Scores(Struct, frozen=True, kw_only=True):
    """How well predictions fit rows.

    Attributes
    ----------
    rows
        The number of rows.
    r2, rmse
        R² is about the mean of these rows, or about 0 if the model has no intercept; None where
        the target is constant.
    bias
        The mean of prediction less target.

    """

    rows: int
    r2: float | None
    rmse: float
    bias: float

    @classmethod
    def of(cls, moments: Moments, model: Model) -> "Scores":
        """Return the scores of a model on rows with these moments, each rounded once."""
        sums = ErrorSums.of(moments, model)
        return sums.scores(has_intercept=model.training.settings.intercept)

    @classmethod
    def of_training(cls, model: Model, moments: Moments) -> "Scores":
        """Return the scores of a model on its training rows.

        If it has the least-squares weights, R² is that of the exact fit, before its weights were
        rounded, as in `Summary`: R² of a slope of 0 is 0, not -1e-32.
        """
        scores = cls.of(moments, model)
        if not model.keeps_solution or model.training.l2:
            return scores
        has_intercept = model.training.settings.intercept
        least = least_squares(moments, has_intercept=has_intercept).objective
        total = inference.total_sum_of_squares(moments, has_intercept=has_intercept)
        return replace(scores, r2=inference.r_squared(least, total))


class ErrorSums(Struct, frozen=True, kw_only=True):
    """Exact sums over rows and their predictions, by any models; they add.

    Attributes
    ----------
    rows
        The number of rows.
    weight
        The sum of their weights.
    error, squares
        The weighted sums of prediction less target, and of its square.
    target, target_squares
        The weighted sums of the target, and of its square.

    """

    rows: int = 0
    weight: fmpq = field(default_factory=fmpq)
    error: fmpq = field(default_factory=fmpq)
    squares: fmpq = field(default_factory=fmpq)
    target: fmpq = field(default_factory=fmpq)
    target_squares: fmpq = field(default_factory=fmpq)

    @classmethod
    def of(cls, moments: Moments, model: Model) -> Self:
        """Return the sums of rows with these moments, which a model predicts."""
        weights = exact_weights(model.plane)
        last = len(moments.columns)
        signed = (w * moments.moment(0, j) for j, w in enumerate([*weights, fmpq(-1)]))
        return cls(
            rows=moments.rows,
            weight=moments.total_weight,
            error=sum(signed, fmpq(0)),
            squares=inference.residual_sum_of_squares(moments, weights),
            target=moments.moment(0, last),
            target_squares=moments.moment(last, last),
        )

    def __add__(self, other: Self) -> Self:
        """Return the sums of both sets of rows."""
        names = self.__struct_fields__
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def scores(self, *, has_intercept: bool) -> Scores:
        """Return the scores, each rounded once."""
        total = self.target_squares
        if has_intercept:
            total -= self.target * self.target / self.weight
        return Scores(
            rows=self.rows,
            r2=inference.r_squared(self.squares, total),
            rmse=root_to_float(self.squares / self.weight),
            bias=to_float(self.error / self.weight),
        )
