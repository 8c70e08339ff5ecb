"""Five noisy rows and three houses, their best weights, and what trains on them."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.descent import Descent, prepare_descent
from linreg_cli.training.descent_run import run_descent
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.make_model import descended_model, exact_model
from linreg_cli.training.problem import set_up
from tests import oracles
from tests.models import NOISY
from tests.strategies import Problem, block_of, moments_of

HOUSES = [("500", "150000"), ("1000", "300000"), ("1500", "450000")]
COLLINEAR = [("1", "2", "5"), ("2", "4", "6"), ("3", "6", "9")]


def noisy() -> Moments:
    return moments_of(NOISY, ("a", "b", "y"))


def ignore(_epoch: Epoch) -> None:
    pass


def interrupt_at(number: int) -> Callable[[Epoch], None]:
    def watch(epoch: Epoch) -> None:
        if epoch.number == number:
            raise KeyboardInterrupt

    return watch


def prepare(moments: Moments, **settings: Any) -> Descent:
    return prepare_descent(set_up(SplitMoments(moments=moments), Settings(**settings)))


def every_epoch(descent: Descent) -> list[Epoch]:
    return list(descent.epochs(lambda number: number + 1))


def train(moments: Moments, *, test: Moments | None = None, **settings: Any) -> Model:
    """Fit as linreg train does."""
    problem = set_up(SplitMoments(moments=moments, test=test), Settings(**settings))
    if problem.settings.solver == "exact":
        return exact_model(problem)
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, ignore))


def best_weights(*, has_intercept: bool) -> list[float]:
    """Solve the noisy rows by elimination, the intercept first."""
    problem = Problem(block_of(NOISY), has_intercept)
    weights = list(map(float, oracles.least_squares(problem.X, problem.y)))
    return weights if has_intercept else [0.0, *weights]


def mean_squared_error(weights: Sequence[float]) -> Fraction:
    """Work out the loss of weights over the noisy rows, the intercept first."""
    problem = Problem(block_of(NOISY), has_intercept=True)
    exact = list(map(Fraction, weights))
    return oracles.squared_error(problem.X, problem.y, exact) / len(NOISY)


def best_loss() -> Fraction:
    """Work out the loss of the best weights over the noisy rows."""
    problem = Problem(block_of(NOISY), has_intercept=True)
    weights = oracles.least_squares(problem.X, problem.y)
    return oracles.squared_error(problem.X, problem.y, weights) / len(NOISY)
