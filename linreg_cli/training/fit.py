"""From sums to a model: what is known before the first epoch, the epochs, and the model.

Data ── solve ──► Problem ── prepare_descent ──► Descent ── run ──► Run ──► Model
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from flint import fmpq

from linreg_cli.errors import FitError
from linreg_cli.exact import Plane, from_float, to_float
from linreg_cli.model import (
    AT_SOLUTION,
    FORMAT,
    VERSION,
    Candidate,
    LastEpoch,
    Model,
    Settings,
    StoredMoments,
    Training,
)
from linreg_cli.moments import Moments, SplitMoments, squares as inference
from linreg_cli.training.centers import (
    as_fraction,
    centers_of,
    exact_weights,
    plane_at,
    round_about,
    written,
)
from linreg_cli.training.compressed_rows import CompressedRows, Floats, Scaling, compress_rows
from linreg_cli.training.cross_validation import Form, best, cross_validate
from linreg_cli.training.gradient_descent import (
    Epoch,
    GradientDescentSettings,
    LearningRates,
    learning_rates,
    skip_epochs,
)
from linreg_cli.training.normal_equations import LeastSquares, least_squares
from linreg_cli.training.saved_weights import visible_error

MAX_SKIP_WEIGHTS = 64
"""With more weights than this, squaring matrices costs more than few epochs do."""
PLAIN_EPOCHS = 2**14
"""Descents with that many weights, or with too large a learning rate, walk so far step by step."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is to be learned, and its exact answer.

    Attributes
    ----------
    data, settings
        As given.
    l2
        The ridge penalty: the one of the settings, or the best of them.
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
        """The sums of the rows to train on."""
        return self.data.moments

    @property
    def best_loss(self) -> float:
        """The smallest loss that any weights have."""
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
        """Give the loss of weights, the intercept first."""
        error = inference.residual_sum_of_squares(self.moments, weights)
        form, total = _form(self.settings), self.moments.total_weight
        penalty = form.penalty(self.l2).of(
            self.moments, weights[1:], has_intercept=form.has_intercept
        )
        return (error + penalty) / total

    def test_loss(self, weights: Sequence[fmpq]) -> float | None:
        """Give the mean squared error of weights over the rows for testing, if there are any."""
        if self.data.test is None:
            return None
        error = inference.residual_sum_of_squares(self.data.test, weights)
        return to_float(error / self.data.test.total_weight)


def set_up(data: SplitMoments, settings: Settings) -> Problem:
    """Choose the ridge penalty and solve exactly.

    Raises
    ------
    FitError
        If the solver is ``exact`` and other weights fit as well, or a part has no row.

    """
    form = _form(settings)
    if data.test is not None and not (data.test.rows and data.moments.rows):
        part = "training" if data.test.rows else "test"
        raise FitError(
            f"the {part} part has none of the {data.moments.rows + data.test.rows} rows",
            hint="Give another --test-fraction or --seed.",
        )
    candidates = cross_validate(data.folds, settings.l2, form) if data.folds else ()
    l2 = best(candidates).l2 if candidates else settings.l2[0]
    solution = least_squares(
        data.moments, has_intercept=settings.intercept, penalty=form.penalty(l2)
    )
    if solution.objective < 0:
        raise FitError("the sums are not those of any rows", hint="Restore the model file.")
    if settings.solver == "exact" and not solution.is_unique:
        raise FitError(
            f"no unique fit: {explain_dependencies(data.moments, solution)}",
            hint=f"{remedy(data.moments, solution).removesuffix('.')}, or give --solver "
            "gradient-descent, which finds one of the fits.",
        )
    return Problem(data=data, settings=settings, l2=l2, candidates=candidates, solution=solution)


def set_up_again(model: Model, *, epochs: int) -> Problem:
    """Pose the problem of a model as one of descent, with the penalty and the rate that it had."""
    trained = model.training
    settings = trained.settings.model_copy(
        update={
            "solver": "gradient-descent",
            "learning_rate": trained.learning_rate or "auto",
            "epochs": epochs,
            "l2": (trained.l2,),
        }
    )
    return set_up(replace(model.data(), folds=()), settings)


def explain_dependencies(moments: Moments, solution: LeastSquares) -> str:
    """Say in words why the least-squares solution is not unique."""
    if moments.rows < len(solution.weights):
        few = "1 row does" if moments.rows == 1 else f"{moments.rows} rows do"
        return f"{few} not determine {len(solution.weights)} weights"
    return "; ".join(
        f"column '{found.column}' is constant ({found})" if found.is_constant else str(found)
        for found in solution.dependencies
    )


def remedy(moments: Moments, solution: LeastSquares) -> str:
    """Say what makes the fit of a model unique."""
    if moments.rows < len(solution.weights):
        return "Train on more rows."
    names = [f"'{found.column}'" for found in solution.dependencies]
    if len(names) == len(moments.columns) - 1:  # of all features and the target
        return "Train on another feature."
    return f"Train without {' and '.join(names)}."


@dataclass(frozen=True, kw_only=True)
class Descent:
    """Gradient descent, ready to start.

    Attributes
    ----------
    scaling
        What was done to the features.
    compressed, test
        The rows that it walks on, and those that it is tested on, if there are any.
    start, optimum
        The first weights and the best ones, in the units of the miniature.
    rates
        What the curvature says of learning rates.
    settings
        The learning rate that is used, and when to stop.

    """

    scaling: Scaling
    compressed: CompressedRows
    test: CompressedRows | None
    start: Floats
    optimum: Floats
    rates: LearningRates
    settings: GradientDescentSettings

    def epochs(self, next_shown: Callable[[int], int]) -> Iterator[Epoch]:
        """Walk down the loss, and give at least the epochs that are wanted.

        Parameters
        ----------
        next_shown
            Gives the next epoch after a number that is wanted.

        """
        # above the limit the distance may shrink and then grow: the first epochs are not skipped
        can_skip = (
            self.settings.learning_rate < self.rates.limit and len(self.start) <= MAX_SKIP_WEIGHTS
        )
        return skip_epochs(
            self.compressed.X,
            self.compressed.y,
            n_rows=self.compressed.n_rows,
            start=self.start,
            optimum=self.optimum,
            settings=self.settings,
            next_shown=next_shown,
            plain=0 if can_skip else PLAIN_EPOCHS,
        )

    def weights(self, epoch: Epoch) -> tuple[float, ...]:
        """Give the weights of an epoch in the units of the columns, the intercept first."""
        weights = self.scaling.to_columns(epoch.weights)
        return weights if self.scaling.has_intercept else (0.0, *weights)

    def exact_weights(self, epoch: Epoch) -> list[fmpq]:
        """Give the same weights before they are rounded."""
        weights = self.scaling.to_columns_exactly(epoch.weights)
        return weights if self.scaling.has_intercept else [fmpq(0), *weights]

    def test_loss(self, epoch: Epoch) -> float | None:
        """Give the mean squared error of an epoch on the rows for testing, if there are any."""
        return self.test.loss(epoch.weights) if self.test else None

    def epochs_left(self, epoch: Epoch) -> float:
        """Tell how many more epochs the slowest direction needs to converge."""
        fraction = self.settings.tolerance / epoch.distance if epoch.distance else 1.0
        return self.rates.epochs_to(fraction, self.settings.learning_rate)


def prepare_descent(problem: Problem) -> Descent:
    """Make the miniature and choose the learning rate."""
    moments, settings, solution = problem.moments, problem.settings, problem.solution
    scaling = Scaling.of(moments, has_intercept=settings.intercept, scale=settings.scale)
    compressed = compress_rows(moments, scaling).penalised(
        problem.l2, has_intercept=settings.intercept
    )
    if math.isinf(2 * problem.l2):
        raise FitError(
            f"the ridge penalty --l2 {problem.l2:g} is too large for gradient descent, whose "
            "curvature is twice the penalty",
            hint="--solver exact takes it; or give a smaller --l2.",
        )
    test = problem.data.test
    rates = learning_rates(compressed.X, compressed.n_rows, rank=len(solution.independent))
    start = first_weights(settings.start, settings.seed, size=compressed.X.shape[1])
    chosen = settings.learning_rate
    optimum = scaling.to_scaled(solution.weights)
    _refuse_beyond_float64(compressed, start, optimum, rates)
    return Descent(
        scaling=scaling,
        compressed=compressed,
        test=compress_rows(test, scaling) if test is not None else None,
        start=start,
        optimum=optimum,
        rates=rates,
        settings=GradientDescentSettings(
            learning_rate=rates.automatic if chosen == "auto" else chosen,
            epochs=settings.epochs,
            tolerance=settings.tolerance,
        ),
    )


def first_weights(start: Literal["zeros", "random"], seed: int, *, size: int) -> Floats:
    """Give the weights that a descent starts from, in the units of the miniature."""
    if start == "random":
        return np.random.default_rng(seed).standard_normal(size)
    return np.zeros(size)


def _refuse_beyond_float64(
    compressed: CompressedRows, start: Floats, optimum: Floats, rates: LearningRates
) -> None:
    """Refuse data whose loss or curvature float64 cannot hold: the descent would see nothing."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        gap = CompressedRows(
            X=compressed.X, y=(compressed.X * optimum).sum(axis=1), n_rows=compressed.n_rows
        )
        losses = [compressed.loss(start), gap.loss(start)]
    too_large = not all(map(math.isfinite, [*losses, rates.largest]))
    is_apart = bool((compressed.X * (start - optimum)).any())
    if too_large:
        raise FitError(
            "the loss of the starting weights is too large for a 64-bit float",
            hint="Give the target or the features in a larger unit.",
        )
    if (is_apart and not losses[1]) or (compressed.X.any() and not rates.smallest):
        raise FitError(
            "the loss of the starting weights is too small for a 64-bit float",
            hint="Give the target or the features in a smaller unit.",
        )


@dataclass(frozen=True, kw_only=True)
class Run:
    """A descent that has ended.

    Attributes
    ----------
    last
        The last epoch that was completed.
    stopped
        Why it is the last.
    history
        Epoch, loss and test loss (if there is one) at epochs 0, 1, 2, 4, 8 and so on, and at
        the last.

    """

    last: Epoch
    stopped: Literal["converged", "out of epochs", "diverged", "interrupted"]
    history: tuple[tuple[int, float] | tuple[int, float, float], ...]


def run(descent: Descent, watch: Callable[[Epoch], None], *, log_every: int | None = None) -> Run:
    """Walk to the end, or to Ctrl-C, and let somebody watch.

    Parameters
    ----------
    descent
        Where to walk.
    watch
        Given epochs 0, 1, 2, 4, 8 and so on, and the last.
    log_every
        Every so many epochs are given to `watch` too.

    """

    def next_shown(number: int) -> int:
        doubled = 1 << number.bit_length()
        return (
            doubled if log_every is None else min(doubled, number + log_every - number % log_every)
        )

    last: Epoch | None = None
    kept = {}
    wanted = 0
    try:
        for epoch in descent.epochs(next_shown):
            last = epoch
            if epoch.number == wanted or epoch.stopped:
                if is_doubling(epoch.number):
                    kept[epoch.number] = epoch
                watch(epoch)
                wanted = next_shown(epoch.number)
    except KeyboardInterrupt:
        if last is None:
            raise
    assert last is not None  # noqa: S101  # a descent has an epoch 0
    kept[last.number] = last
    return Run(
        last=last,
        stopped=last.stopped or "interrupted",
        history=tuple(_history_line(descent, epoch) for epoch in kept.values()),
    )


def is_doubling(number: int) -> bool:
    """Tell whether a number is one of 0, 1, 2, 4, 8 and so on."""
    return number & (number - 1) == 0


def exact_model(problem: Problem) -> Model:
    """Make the model of the exact solution."""
    return _model(problem, problem.exact_weights, stopped="exact")


def descended_model(problem: Problem, descent: Descent, run: Run) -> Model:
    """Make the model of the last epoch, or of the solution if the descent has found it.

    Raises
    ------
    FitError
        If the descent diverged.

    """
    if run.stopped == "diverged":
        raise _divergence(descent, run)
    last = descent.exact_weights(run.last)
    weights = problem.exact_weights if finds_solution(problem, run) else last
    return _model(problem, weights, stopped=run.stopped, descent=descent, run=run)


def finds_solution(problem: Problem, run: Run) -> bool:
    """Tell whether a descent ended at the one exact solution, for every practical purpose."""
    is_close = run.last.distance <= AT_SOLUTION
    return run.stopped == "converged" and is_close and problem.solution.is_unique


def _history_line(descent: Descent, epoch: Epoch) -> tuple[int, float] | tuple[int, float, float]:
    test_loss = descent.test_loss(epoch)
    if test_loss is None:
        return epoch.number, epoch.loss
    return epoch.number, epoch.loss, test_loss


def _divergence(descent: Descent, run: Run) -> FitError:
    return FitError(
        f"diverged: the loss was {run.history[0][1]:.3g} at the start and is {run.last.loss:.3g} "
        f"at epoch {run.last.number}; no model was written",
        hint=f"--learning-rate {descent.rates.automatic} converges, and is what auto takes here.",
    )


def _model(
    problem: Problem,
    weights: Sequence[fmpq],
    *,
    stopped: Literal["converged", "out of epochs", "interrupted", "exact"],
    descent: Descent | None = None,
    run: Run | None = None,
) -> Model:
    """Put the parts together; `weights` has the intercept first, 0 if there is none."""
    *features, target = problem.moments.columns
    data, moments = problem.data, StoredMoments.of(problem.moments)
    plane = _plane(problem, weights, moments)
    saved = exact_weights(plane)
    m, b = _named(features, [to_float(weights[0]), *plane.slopes])
    last_epoch = None
    if descent and run and finds_solution(problem, run):
        last_m, last_b = _named(features, descent.weights(run.last))
        last_epoch = LastEpoch(m=last_m, b=last_b)
    return Model(
        format=FORMAT,
        version=VERSION,
        y=target,
        x=tuple(features),
        m=m,
        b=b,
        center=dict(zip(features, map(written, plane.centers), strict=True)),
        value_at_center=plane.value,
        training=Training(
            settings=problem.settings,
            learning_rate=descent.settings.learning_rate if descent else None,
            epochs=run.last.number if run else 0,
            stopped=stopped,
            last_epoch=last_epoch,
            l2=problem.l2,
            loss=to_float(problem.loss(saved)),
            best_loss=problem.best_loss,
            test_loss=problem.test_loss(saved),
            history=run.history if run else (),
            cross_validation=problem.candidates or None,
        ),
        moments=moments,
        test_moments=StoredMoments.of(data.test) if data.test is not None else None,
        fold_moments=tuple(map(StoredMoments.of, data.folds)) or None,
        split_by=data.split_by or None,
        inputs=tuple(sorted(data.inputs)) or None,
    )


def _named(
    features: Sequence[str], weights: Sequence[float]
) -> tuple[float | dict[str, float], float]:
    """Return m, with a name for each of several features, and b."""
    b, *slopes = weights
    return slopes[0] if len(slopes) == 1 else dict(zip(features, slopes, strict=True)), b


def _plane(problem: Problem, weights: Sequence[fmpq], moments: StoredMoments) -> Plane:
    """Round weights, the intercept first, to what a model predicts with.

    Without an intercept the plane goes through 0, unless slopes of float64 cannot hold it there: a
    constant column beside epoch nanoseconds.
    """
    centers = centers_of(problem.moments)
    plane = round_about(centers, weights)
    if problem.settings.intercept:
        return plane
    through_zero = Plane.about_zero(plane.slopes, 0.0)
    if len(weights) == 1 + 1:  # one slope has no other that its error could fail to cancel
        return through_zero
    missed = abs(plane_at(through_zero, list(map(as_fraction, centers))) - from_float(plane.value))
    visible = visible_error(moments, problem.loss(weights), len(weights) - 1)
    return plane if missed > from_float(visible) else through_zero


def _form(settings: Settings) -> Form:
    return Form(has_intercept=settings.intercept, scale=settings.scale)
