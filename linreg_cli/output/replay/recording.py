"""The data that a page needs to repeat the training of a model."""

from dataclasses import dataclass

from flint import fmpq

from linreg_cli.errors import FitError
from linreg_cli.exact import ZERO, Floats, root_to_float, to_float
from linreg_cli.model import Model
from linreg_cli.moments import Moments, correlation
from linreg_cli.output.replay.points import Points
from linreg_cli.training import (
    CompressedRows,
    GradientDescentSettings,
    LearningRates,
    Scaling,
    as_fraction,
    centered_name,
    first_weights,
    origins_of,
    prepare_descent,
    set_up_again,
)

MAX_FEATURES = 300
"""The compressed rows of more features are too large for a page."""
MAX_EPOCHS = 100_000
MAX_STEPS = 4_000_000
"""Maximum number of weights, over all epochs, that a page keeps in memory."""
SEEDS = range(10)
"""The seeds of the random starts that a page offers, in addition to that of the model."""


@dataclass(frozen=True, kw_only=True)
class ColumnRange:
    """A column of the training rows: its name, range, mean and standard deviation.

    An origin is subtracted from a column far from 0, where float64 is too coarse; `label` has it.
    """

    name: str
    label: str
    low: float
    high: float
    mean: float
    deviation: float


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A training that can be repeated without the rows.

    Attributes
    ----------
    model
        The model.
    columns
        The features and, last, the target.
    correlation
        The correlation of the only feature with the target; None with several features, or if
        one of the two is constant.
    compressed, test
        The compressed rows to train on, which include the ridge penalty, and those to test on.
    scaling
        The scaling of the features.
    optimum
        The weights with the smallest loss, of the scaled features.
    best_loss
        The smallest loss.
    rates
        Which learning rates converge.
    settings
        The learning rate, and when training stops: those of the model or, for a model that was
        solved exactly, the defaults of gradient descent.
    random_starts
        The initial weights of ``--start random``, by seed.
    max_epochs
        Maximum number of epochs that a page computes.
    points
        The rows to show, if there are any.
    centers
        What the scaling subtracts from each feature, minus the origin of the feature.

    """

    model: Model
    columns: tuple[ColumnRange, ...]
    correlation: float | None
    compressed: CompressedRows
    test: CompressedRows | None
    scaling: Scaling
    optimum: Floats
    best_loss: float
    rates: LearningRates
    settings: GradientDescentSettings
    random_starts: dict[int, Floats]
    max_epochs: int
    points: Points | None
    centers: tuple[fmpq, ...]


def make_replay(model: Model, points: Points | None = None) -> Replay:
    """Prepare the descent of a model again, from its moments.

    Raises
    ------
    FitError
        If the model has too many features for a page.

    """
    if len(model.x) > MAX_FEATURES:
        raise FitError(
            f"a replay shows at most {MAX_FEATURES} features, and the model has {len(model.x)}",
            hint="Train on fewer columns; linreg show has no such limit.",
        )
    trained = model.training
    was_interrupted = trained.stopped == "interrupted"
    epochs = trained.epochs if was_interrupted else trained.settings.epochs
    problem = set_up_again(model, epochs=epochs)
    descent = prepare_descent(problem)
    size = len(descent.start)
    seed = trained.settings.seed
    return Replay(
        model=model,
        columns=_columns(model, problem.moments),
        correlation=correlation(problem.moments, 1, 2) if len(model.x) == 1 else None,
        compressed=descent.compressed,
        test=descent.test,
        scaling=descent.scaling,
        optimum=descent.optimum,
        best_loss=problem.best_loss,
        rates=descent.rates,
        settings=descent.settings,
        random_starts={
            seed: first_weights("random", seed, size=size) for seed in sorted({*SEEDS, seed})
        },
        max_epochs=min(MAX_EPOCHS, MAX_STEPS // size),
        points=points,
        centers=tuple(
            center - as_fraction(origin)
            for center, origin in zip(
                descent.scaling.centers, origins_of(problem.moments), strict=True
            )
        ),
    )


def _columns(model: Model, moments: Moments) -> tuple[ColumnRange, ...]:
    origins = [*origins_of(moments), ZERO]

    def column(j: int, name: str) -> ColumnRange:
        origin = as_fraction(origins[j - 1])
        low, high = map(as_fraction, model.moments.range_of(name))
        spread = moments.products(j, j, has_intercept=True) / moments.total_weight
        return ColumnRange(
            name=name,
            label=centered_name(name, origins[j - 1]),
            low=to_float(low - origin),
            high=to_float(high - origin),
            mean=to_float(moments.moment(0, j) / moments.total_weight - origin),
            deviation=root_to_float(spread),
        )

    return tuple(column(j, name) for j, name in enumerate(moments.columns, start=1))
