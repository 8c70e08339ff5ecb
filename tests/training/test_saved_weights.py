"""Why saved weights are not those of the least-squares fit."""

from typing import Any

from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.descent_run import Run, run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.problem import set_up
from linreg_cli.training.saved_weights import distance_from_fit, why_apart
from tests.models import plain_moments

FAR = [(str(13000 + 1.25 * i), str(5 + 3.75 * i + (-1) ** i * 1e-6)) for i in range(12)]
"""The rounding of an intercept near -39000 keeps a descent without scaling from coming nearer."""


def trained(**asked: Any) -> tuple[Model, Run]:
    settings = Settings(scale=False, epochs=10**18, **asked)
    problem = set_up(SplitMoments(moments=plain_moments(FAR)), settings)
    descent = prepare_descent(problem)
    run = run_descent(descent, lambda _: None)
    return descended_model(problem, descent, run), run


def test_a_descent_at_the_limits_of_float64_says_so() -> None:
    model, run = trained()
    assert (run.stopped, run.last.distance > 1e-9) == ("converged", True)
    assert model.training.last_epoch is None
    assert distance_from_fit(model) > 1e-3
    limit = f"training converged to the limits of float64 after {run.last.number:,} epochs"
    assert why_apart(model) == limit


def test_a_descent_at_the_tolerance_says_so() -> None:
    model, run = trained(tolerance=1e-3)
    assert (run.stopped, run.last.distance <= 1e-3) == ("converged", True)
    tolerance = f"training stopped at the tolerance 0.001 after {run.last.number:,} epochs"
    assert why_apart(model) == tolerance
