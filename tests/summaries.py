"""Fits whose statistics are tested, and what is read from a summary."""

from typing import Any

from hypothesis import strategies as st

from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.statistics.summary import Summary
from linreg_cli.statistics.whole_fit import summarize
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.descent_run import run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.problem import set_up
from tests.models import Rows, learn, plain_moments

SUMMARY_FIELDS = [
    "rows", "degrees_of_freedom", "residual_standard_error", "residual_sum_of_squares", "r2",
    "r2_is_uncentered", "adjusted_r2", "f", "f_p", "f_p_log10", "aic", "bic",
    "log_likelihood", "baseline_loss", "condition_number", "weights",
]  # fmt: skip
WEIGHT_FIELDS = [
    "name", "value", "least_squares", "standard_error", "t", "p", "p_log10", "lower", "upper",
    "standardized", "vif",
]  # fmt: skip

EXPONENTS = st.integers(-3, 3)
PERFECT = [("1", "5"), ("2", "7"), ("3", "9"), ("5", "13")]
NO_FREEDOM = [("1", "5", "1"), ("2", "7", "0"), ("3", "1", "4")]


def statistics(rows: Rows, confidence: float = 0.95, **asked: Any) -> Summary:
    return summarize(learn(plain_moments(rows), **asked), confidence)


def column(summary: Summary, field: str) -> list[Any]:
    return [getattr(weight, field) for weight in summary.weights]


def figures_of(summary: Summary) -> dict[str, Any]:
    """Return the figures of a fit as a whole but one, which is worked out in float64."""
    names = [name for name in SUMMARY_FIELDS if name not in {"weights", "condition_number"}]
    return {name: getattr(summary, name) for name in names}


def trained_briefly(rows: Rows, epochs: int = 3, **asked: Any) -> Model:
    settings = Settings(epochs=epochs, **asked)
    problem = set_up(SplitMoments(moments=plain_moments(rows)), settings)
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, lambda _: None))
