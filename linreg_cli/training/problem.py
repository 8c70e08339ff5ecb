"""The problem: moments and settings, the chosen ridge penalty and the exact solution."""

from collections.abc import Sequence

from flint import fmpq
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact import to_float
from linreg_cli.model import Candidate, Model, Settings
from linreg_cli.moments import Moments, SplitMoments, coded, squares, unseen_levels
from linreg_cli.training.cross_validation import Form, best, cross_validate
from linreg_cli.training.dependencies import (
    MORE_ROWS,
    explain_dependencies,
    remedy,
    too_few,
)
from linreg_cli.training.normal_equations import LeastSquares, least_squares


class Problem(Struct, frozen=True, kw_only=True):
    """What is to be learned, and its exact solution.

    Attributes
    ----------
    data, settings
        As given; of a category, without the level that has no feature.
    l2
        The ridge penalty: the one of the settings, or the best of several.
    candidates
        The results of the cross-validation, if there is one.
    solution
        The exact weights with the smallest loss.

    """

    data: SplitMoments
    settings: Settings
    l2: float
    candidates: tuple[Candidate, ...]
    solution: LeastSquares

    @property
    def moments(self) -> Moments:
        """The moments of the training rows."""
        return self.data.moments

    @property
    def best_loss(self) -> float:
        """The smallest loss that any weights have, in squared units of the target."""
        return to_float(self.solution.objective / self.moments.total_weight)

    @property
    def exact_weights(self) -> list[fmpq]:
        """The weights with the smallest loss; the intercept first, 0 if there is none."""
        weights = self.solution.weights
        return list(weights) if self.settings.intercept else [fmpq(0), *weights]

    @property
    def best_weights(self) -> tuple[float, ...]:
        """The weights with the smallest loss, each rounded once."""
        return tuple(map(to_float, self.exact_weights))

    def loss(self, weights: Sequence[fmpq]) -> fmpq:
        """Return the loss of weights, the intercept first: mean squared error plus penalty."""
        error = squares.residual_sum_of_squares(self.moments, weights)
        form, total = _form(self.settings), self.moments.total_weight
        penalty = form.penalty(self.l2).of(
            self.moments, weights[1:], has_intercept=form.has_intercept
        )
        return (error + penalty) / total

    def test_loss(self, weights: Sequence[fmpq]) -> float | None:
        """Return the mean squared error of weights over the test rows, if there are any."""
        if self.data.test is None:
            return None
        error = squares.residual_sum_of_squares(self.data.test, weights)
        return to_float(error / self.data.test.total_weight)


def set_up(data: SplitMoments, settings: Settings, *, is_unique: bool = False) -> Problem:
    """Choose the ridge penalty, solve exactly, and return the problem.

    Parameters
    ----------
    data, settings
        The moments, and how to learn.
    is_unique
        Whether the solution has to be unique, as it has with the solver ``exact``.

    Raises
    ------
    FitError
        If the solution is not unique, if the training part, the test part or a fold has no row, or
        if no rows have these moments.
    UsageError
        If there are too many terms for sums of products of four columns.

    """
    form = _form(settings)
    data = coded(data, has_intercept=settings.intercept)
    if data.moments.fourth is not None:
        refuse_many_terms(len(data.moments.columns) - 1)
    if len(data.moments.columns) == 1:
        raise FitError(
            "there is nothing to learn from: each category has one level in all rows",
            hint="Add a feature: --x COLUMN.",
        )
    if data.test is not None and not (data.test.rows and data.moments.rows):
        part = "training" if data.test.rows else "test"
        raise FitError(
            f"none of the {data.moments.rows + data.test.rows} rows is a {part} row",
            hint="Use another --test-fraction or --seed.",
        )
    unseen = unseen_levels(data.moments)
    if data.test is not None:
        unseen = sorted(set(unseen) - set(unseen_levels(data.test)), key=unseen.index)
    if data.test is not None and unseen:
        raise FitError(
            f"only test rows are in {', '.join(unseen)}",
            hint="Use another --seed or --test-fraction, or leave out rows of rare levels.",
        )
    candidates = cross_validate(data.folds, settings.l2, form) if data.folds else ()
    l2 = best(candidates).l2 if candidates else settings.l2[0]
    is_unique = is_unique or settings.solver == "exact"
    weights = len(data.moments.columns) - 1 + settings.intercept
    few = too_few(data.moments.rows, weights)
    if is_unique and few and not l2:  # a system with many weights takes long to solve
        raise _no_unique_fit(few, MORE_ROWS)
    solution = least_squares(
        data.moments, has_intercept=settings.intercept, penalty=form.penalty(l2)
    )
    if solution.objective < 0:
        raise FitError("no rows have these moments", hint="Restore the model file.")
    if is_unique and not solution.is_unique:
        why = explain_dependencies(data.moments, solution, data.known)
        raise _no_unique_fit(why, remedy(data.moments, solution))
    return Problem(data=data, settings=settings, l2=l2, candidates=candidates, solution=solution)


def _no_unique_fit(why: str, remedy: str) -> FitError:
    return FitError(
        f"no unique fit: {why}",
        hint=f"{remedy.removesuffix('.')}, or give --solver gradient-descent, which finds one of "
        "the fits.",
    )


def refuse_many_terms(terms: int) -> None:
    """Raise an error if there are too many terms for sums of products of four.

    Raises
    ------
    UsageError
        With the number of sums.

    """
    from linreg_cli.moments import fourth_sums

    if why := fourth_sums.why_too_many(terms):
        raise UsageError(why, hint=fourth_sums.FEWER_TERMS)


def set_up_again(model: Model, *, epochs: int) -> Problem:
    """Return the problem of a model for gradient descent, with its penalty and learning rate."""
    trained = model.training
    settings = trained.settings.changed(
        solver="gradient-descent",
        learning_rate=trained.learning_rate or "auto",
        epochs=epochs,
        l2=(trained.l2,),
    )
    return set_up(replace(model.data(), folds=()), settings)


def _form(settings: Settings) -> Form:
    return Form(has_intercept=settings.intercept, scale=settings.scale)
