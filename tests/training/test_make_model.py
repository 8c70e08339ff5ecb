"""The model of a solution or a descent: which weights it keeps, and what it says of them."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from linreg_cli.errors import FitError
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.descent import Descent, prepare_descent
from linreg_cli.training.descent_run import Run, run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.problem import set_up
from tests.strategies import moments_of
from tests.training.noisy_rows import (
    COLLINEAR,
    HOUSES,
    best_loss,
    best_weights,
    ignore,
    interrupt_at,
    mean_squared_error,
    noisy,
    prepare,
    train,
)


@pytest.mark.parametrize("intercept", [True, False])
def test_the_exact_model_has_the_best_weights_rounded_once(*, intercept: bool) -> None:
    model = train(noisy(), solver="exact", intercept=intercept)
    assert [model.b, *model.slopes] == best_weights(has_intercept=intercept)


def test_the_weights_of_several_features_go_by_name() -> None:
    b, *slopes = best_weights(has_intercept=True)
    model = train(noisy(), solver="exact")
    assert (model.b, model.m) == (b, dict(zip("ab", slopes, strict=True)))


def test_the_weight_of_one_feature_is_a_number() -> None:
    model = train(moments_of(HOUSES, ("square_feet", "price")), solver="exact")
    assert (model.x, model.y, model.m, model.b) == (("square_feet",), "price", 300.0, 0.0)


def test_the_exact_model_says_that_it_is_exact() -> None:
    training = train(noisy(), solver="exact").training
    assert (training.stopped, training.epochs, training.learning_rate) == ("exact", 0, None)


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_the_loss_is_that_of_the_weights_as_they_are_saved(solver: str) -> None:
    model = train(noisy(), solver=solver, epochs=20)
    assert model.training.loss == float(mean_squared_error([model.b, *model.slopes]))


def test_the_best_loss_is_that_of_the_exact_weights_before_they_are_rounded() -> None:
    assert train(noisy(), epochs=3).training.best_loss == float(best_loss())


def test_a_model_holds_the_moments_of_its_rows() -> None:
    assert train(noisy(), solver="exact").moments.restore() == noisy()


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_descent_converges_to_the_best_weights(*, intercept: bool, scale: bool) -> None:
    model = train(noisy(), intercept=intercept, scale=scale, epochs=20_000)
    assert model.training.stopped == "converged"
    wanted = best_weights(has_intercept=intercept)
    np.testing.assert_allclose([model.b, *model.slopes], wanted, rtol=1e-10)


def train_and_run(moments: Moments, **settings: Any) -> tuple[Model, Descent, Run]:
    problem = set_up(SplitMoments(moments=moments), Settings(**settings))
    descent = prepare_descent(problem)
    ended = run_descent(descent, ignore)
    return descended_model(problem, descent, ended), descent, ended


def weights_of_last_epoch(model: Model) -> list[float]:
    last = model.training.last_epoch
    assert last is not None
    assert isinstance(last.m, dict)
    return [last.b, *last.m.values()]


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("tolerance", [1e-12, 1e-9])
def test_a_descent_that_found_the_solution_keeps_it(*, intercept: bool, tolerance: float) -> None:
    model, descent, ended = train_and_run(noisy(), intercept=intercept, tolerance=tolerance)
    assert [model.b, *model.slopes] == best_weights(has_intercept=intercept)
    assert weights_of_last_epoch(model) == list(descent.weights(ended.last))
    assert model.training.history[-1] == (ended.last.number, ended.last.loss)


def test_the_loss_is_that_of_the_weights_that_are_kept() -> None:
    model = train(noisy(), test=noisy(), test_fraction=0.5)
    assert model.training.last_epoch is not None
    kept = float(mean_squared_error([model.b, *model.slopes]))
    assert (model.training.loss, model.training.test_loss) == (kept, kept)


def test_what_is_kept_depends_on_how_close_the_descent_came() -> None:
    # with one scaled feature every epoch halves the distance, and 2 ** -29.5 is above 1e-9
    (above, descent, ended), (below, *_) = (
        train_and_run(moments_of(HOUSES, ("x", "y")), tolerance=2.0**-power)
        for power in (28.5, 29.5)
    )
    assert above.training.last_epoch is None
    assert (above.b, above.m) == descent.weights(ended.last)
    assert (below.b, below.m) == (0, 300)
    assert below.training.last_epoch is not None


def test_a_loose_tolerance_that_is_passed_in_one_step_finds_the_solution_too() -> None:
    # at this rate the first step of one scaled feature goes all the way
    model = train(moments_of(HOUSES, ("x", "y")), learning_rate=0.5, tolerance=0.1)
    assert (model.training.epochs, model.m, model.b) == (1, 300, 0)


def test_a_descent_that_ran_out_of_epochs_keeps_its_last_one() -> None:
    model, descent, ended = train_and_run(noisy(), tolerance=1e-300, epochs=64)
    assert (ended.stopped, ended.last.distance < 1e-9) == ("out of epochs", True)
    assert [model.b, *model.slopes] == list(descent.weights(ended.last))
    assert model.training.last_epoch is None


def test_an_interrupted_descent_keeps_its_last_epoch() -> None:
    problem = set_up(SplitMoments(moments=noisy()), Settings())
    descent = prepare_descent(problem)
    ended = run_descent(descent, interrupt_at(4), log_every=1)
    model = descended_model(problem, descent, ended)
    assert (model.b, *model.slopes) == descent.weights(ended.last)
    assert model.training.last_epoch is None


def test_of_many_solutions_a_descent_keeps_the_one_that_it_found() -> None:
    model, descent, ended = train_and_run(moments_of(COLLINEAR, ("a", "b", "y")))
    assert ended.stopped == "converged"
    assert (model.b, *model.slopes) == descent.weights(ended.last)
    assert model.training.last_epoch is None


def test_a_ridge_descent_keeps_the_ridge_solution() -> None:
    model = train(moments_of([("1", "2"), ("3", "5")], ("x", "y")), l2=(0.25,), scale=False)
    # by hand: m = cov / (var + l2) = 1.5 / 1.25, b = 3.5 - 2 m
    assert (model.m, model.b) == (1.2, float(Fraction(7, 2) - 2 * Fraction(6, 5)))


def test_descent_learns_a_line_through_numbers_near_the_end_of_float64() -> None:
    rows = [("1e300", "-2e-100"), ("-3e300", "7e-100"), ("2e300", "1e-100")]
    model = train(moments_of(rows, ("x", "y")))
    exact = train(moments_of(rows, ("x", "y")), solver="exact")
    assert (model.m, model.b) == pytest.approx((exact.m, exact.b), rel=1e-10, abs=0)


def test_a_target_of_zeros_is_fitted_by_zeros() -> None:
    model = train(moments_of([("1", "0"), ("2", "0")], ("x", "y")))
    assert (model.m, model.b, model.training.stopped) == (0, 0, "converged")


def test_the_same_seed_trains_the_same_model() -> None:
    one, other = (train(noisy(), start="random", seed=3, epochs=5) for _ in range(2))
    assert one == other


def test_another_seed_starts_elsewhere() -> None:
    one, other = (train(noisy(), start="random", seed=seed, epochs=5) for seed in (3, 4))
    assert one.b != other.b


def test_the_model_holds_how_the_training_went() -> None:
    training = train(noisy(), epochs=20).training
    assert (training.stopped, training.epochs) == ("out of epochs", 20)
    assert training.learning_rate == prepare(noisy()).settings.learning_rate
    assert training.settings == Settings(epochs=20)


def test_the_history_doubles_and_has_the_last_epoch() -> None:
    assert [line[0] for line in train(noisy(), epochs=20).training.history] == [
        0, 1, 2, 4, 8, 16, 20,
    ]  # fmt: skip


def test_an_interrupted_model_says_so() -> None:
    problem = set_up(SplitMoments(moments=noisy()), Settings())
    descent = prepare_descent(problem)
    model = descended_model(problem, descent, run_descent(descent, interrupt_at(3), log_every=1))
    assert (model.training.stopped, model.training.epochs) == ("interrupted", 3)


def test_a_divergence_is_no_model() -> None:
    with pytest.raises(FitError, match=r"^diverged: .*; no model was written$"):
        train(noisy(), learning_rate=5.0)


def test_a_divergence_names_the_rate_that_converges() -> None:
    with pytest.raises(FitError) as caught:
        train(noisy(), learning_rate=5.0)
    automatic = prepare(noisy()).settings.learning_rate
    assert f"--learning-rate {automatic} converges" in caught.value.hint
