"""Cross-validation from moments: those of the training rows are the sum minus the fold's.

`moments.split` decides to which fold a row belongs.
"""

from collections.abc import Sequence

from flint import fmpq
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.exact import exact_decimal, root_to_float
from linreg_cli.model import Candidate, FoldScore
from linreg_cli.moments import Moments, squares, unseen_levels
from linreg_cli.training.normal_equations import Penalty, least_squares


class Form(Struct, frozen=True, kw_only=True):
    """The form of a fit, which is the same for all folds."""

    has_intercept: bool
    scale: bool

    def penalty(self, l2: float) -> Penalty:
        """Return the ridge penalty, with l2 as the decimal that was typed."""
        return Penalty(l2=exact_decimal(l2), on_scaled=self.scale)


def cross_validate(
    folds: Sequence[Moments], candidates: Sequence[float], form: Form
) -> tuple[Candidate, ...]:
    """Return the results of each ridge penalty on each fold, fitted exactly to the other folds.

    Parameters
    ----------
    folds
        The moments of the rows of each fold.
    candidates
        The ridge penalties, each at least 0.
    form
        Intercept and scaling; the scale is that of the rows that are fitted.

    Raises
    ------
    FitError
        If a fold has no row, or if the fit to the other folds is not unique.

    """
    whole = folds[0]
    for fold in folds[1:]:
        whole += fold
    for number, fold in enumerate(folds, start=1):
        if not fold.rows:
            raise FitError(
                f"fold {number} of {len(folds)} has no row ({whole.rows} rows in all folds)",
                hint="Give fewer --folds, or another --seed.",
            )
    return tuple(_score(whole, folds, l2, form) for l2 in candidates)


def best(candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate with the smallest root mean squared error over all folds."""
    return min(candidates, key=lambda candidate: candidate.rmse)


def _score(whole: Moments, folds: Sequence[Moments], l2: float, form: Form) -> Candidate:
    scores = []
    error = fmpq(0)
    for number, fold in enumerate(folds, start=1):
        rest = whole - fold
        fitted = least_squares(rest, has_intercept=form.has_intercept, penalty=form.penalty(l2))
        if not fitted.is_unique:
            unseen = ", ".join(unseen_levels(rest))
            raise FitError(
                f"the rows outside fold {number} determine no unique fit"
                f"{': none of them is in ' + unseen if unseen else ''}",
                hint="Give fewer --folds, or leave out rows of rare levels."
                if unseen
                else "Give fewer --folds or --x, or add --l2.",
            )
        weights = fitted.weights if form.has_intercept else (fmpq(0), *fitted.weights)
        residual = squares.residual_sum_of_squares(fold, weights)
        total = squares.total_sum_of_squares(fold, has_intercept=form.has_intercept)
        error += residual
        scores.append(
            FoldScore(
                rows=fold.rows,
                rmse=root_to_float(residual / fold.total_weight),
                r2=squares.r_squared(residual, total),
            )
        )
    return Candidate(l2=l2, rmse=root_to_float(error / whole.total_weight), folds=tuple(scores))
