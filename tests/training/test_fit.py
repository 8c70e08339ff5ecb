"""From sums to a model."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from linreg_cli.errors import FitError
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.descent import (
    MAX_SKIP_WEIGHTS,
    Descent,
    Run,
    is_doubling,
    prepare_descent,
    run_descent,
)
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.make_model import descended_model, exact_model
from linreg_cli.training.normal_equations import explain_dependencies
from linreg_cli.training.problem import set_up
from tests import oracles
from tests.strategies import Problem, block_of, moments_of

HOUSES = [("500", "150000"), ("1000", "300000"), ("1500", "450000")]
NOISY = [
    ("1", "0.5", "2"),
    ("2", "0.25", "3.5"),
    ("4", "-1", "3"),
    ("7", "2", "9.25"),
    ("8", "0", "7"),
]
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


# when there is no unique fit


def test_the_exact_solver_refuses_collinear_columns() -> None:
    with pytest.raises(FitError, match=r"^no unique fit: b = 2 \* a$") as caught:
        train(moments_of(COLLINEAR, ("a", "b", "y")), solver="exact")
    assert caught.value.hint == (
        "Train without 'b', or give --solver gradient-descent, which finds one of the fits."
    )


def test_gradient_descent_finds_one_of_the_best_fits_of_collinear_columns() -> None:
    moments = moments_of(COLLINEAR, ("a", "b", "y"))
    model = train(moments)
    # without column b the fit is unique
    alone = train(moments_of([(a, y) for a, _, y in COLLINEAR], ("a", "y")), solver="exact")
    a, b = model.slopes
    assert model.training.stopped == "converged"
    assert (model.b, a + 2 * b) == pytest.approx((alone.b, alone.m), rel=1e-10)


def test_every_dependency_is_explained() -> None:
    rows = [("1", "7", "1", "5"), ("2", "7", "2", "6"), ("3", "7", "3", "9"), ("5", "7", "5", "1")]
    moments = moments_of(rows, ("a", "b", "c", "y"))
    explained = explain_dependencies(
        moments, set_up(SplitMoments(moments=moments), Settings()).solution
    )
    assert explained == "column 'b' is constant (b = 7); c = a"


@pytest.mark.parametrize(
    ("rows", "explained"),
    [
        ([("1", "2", "3")], "1 row does not determine 3 weights"),
        ([("1", "2", "3"), ("4", "5", "7")], "2 rows do not determine 3 weights"),
    ],
)
def test_too_few_rows_are_explained_as_that(
    rows: list[tuple[str, str, str]], explained: str
) -> None:
    moments = moments_of(rows, ("a", "b", "y"))
    assert (
        explain_dependencies(moments, set_up(SplitMoments(moments=moments), Settings()).solution)
        == explained
    )


# the exact solver


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


def test_a_model_holds_the_sums_of_its_rows() -> None:
    assert train(noisy(), solver="exact").moments.restore() == noisy()


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_a_spread_below_float64_is_no_fit(solver: str) -> None:
    rows = [("1", "1"), ("1." + "0" * 350 + "1", "2"), ("1", "4")]
    with pytest.raises(FitError):
        train(moments_of(rows, ("x", "y")), solver=solver)


# gradient descent


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_descent_converges_to_the_best_weights(*, intercept: bool, scale: bool) -> None:
    model = train(noisy(), intercept=intercept, scale=scale, epochs=20_000)
    assert model.training.stopped == "converged"
    wanted = best_weights(has_intercept=intercept)
    np.testing.assert_allclose([model.b, *model.slopes], wanted, rtol=1e-10)


def train_and_walk(moments: Moments, **settings: Any) -> tuple[Model, Descent, Run]:
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
    model, descent, ended = train_and_walk(noisy(), intercept=intercept, tolerance=tolerance)
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
        train_and_walk(moments_of(HOUSES, ("x", "y")), tolerance=2.0**-power)
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
    model, descent, ended = train_and_walk(noisy(), tolerance=1e-300, epochs=64)
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
    model, descent, ended = train_and_walk(moments_of(COLLINEAR, ("a", "b", "y")))
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


def test_the_automatic_rate_is_chosen_by_the_curvature() -> None:
    # one scaled feature beside an intercept: the curvature is 2 in both directions
    assert prepare(moments_of(HOUSES, ("x", "y"))).settings.learning_rate == 0.25


def test_a_rate_that_is_given_is_taken() -> None:
    assert prepare(noisy(), learning_rate=0.125).settings.learning_rate == 0.125


def test_descent_takes_its_end_from_the_settings() -> None:
    settings = prepare(noisy(), epochs=7, tolerance=0.5).settings
    assert (settings.epochs, settings.tolerance) == (7, 0.5)


def test_descent_starts_at_zeros() -> None:
    assert prepare(noisy()).start.tolist() == [0, 0, 0]


def test_a_random_start_is_drawn_from_the_seed() -> None:
    wanted = np.random.default_rng(42).standard_normal(3)
    assert prepare(noisy(), start="random", seed=42).start.tolist() == wanted.tolist()


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


def test_the_history_holds_the_losses() -> None:
    descent = prepare(noisy(), epochs=9)
    losses = {epoch.number: epoch.loss for epoch in every_epoch(descent)}
    history = run_descent(descent, ignore, log_every=1).history
    assert history == tuple((number, losses[number]) for number in (0, 1, 2, 4, 8, 9))


@pytest.mark.parametrize("number", range(70))
def test_only_0_and_powers_of_2_are_doublings(number: int) -> None:
    assert is_doubling(number) == (number in {0, 1, 2, 4, 8, 16, 32, 64})


@pytest.mark.parametrize(
    ("log_every", "watched"),
    [
        (None, [0, 1, 2, 4, 8, 16, 22]),
        (1, list(range(23))),
        (5, [0, 1, 2, 4, 5, 8, 10, 15, 16, 20, 22]),
        (11, [0, 1, 2, 4, 8, 11, 16, 22]),
        (1000, [0, 1, 2, 4, 8, 16, 22]),
    ],
)
def test_doublings_multiples_and_the_last_epoch_are_watched(
    log_every: int | None, watched: list[int]
) -> None:
    seen: list[int] = []
    run_descent(
        prepare(noisy(), epochs=22), lambda epoch: seen.append(epoch.number), log_every=log_every
    )
    assert seen == watched


@pytest.mark.parametrize("log_every", [None, 7])
def test_what_is_watched_makes_no_difference_to_what_is_learned(log_every: int | None) -> None:
    epochs = every_epoch(prepare(noisy()))
    last = run_descent(prepare(noisy()), ignore, log_every=log_every).last
    assert (last.number, last.stopped) == (epochs[-1].number, epochs[-1].stopped)
    np.testing.assert_allclose(last.weights, epochs[-1].weights, rtol=1e-9)


def test_a_descent_that_converges_before_it_would_diverge_ends_there() -> None:
    # one direction converges at epoch 1,100 or so, where the other is still far too small to be
    # seen; no epoch is wanted before 2,048, where it would be above the tolerance again
    rows = [("0.158", "0", "0.158"), ("0", "1.432", "1.432e-38")]
    asked = {"intercept": False, "scale": False, "learning_rate": 1.0, "epochs": 10**4}
    descent = prepare(moments_of(rows, ("a", "b", "y")), **asked)
    assert descent.settings.learning_rate > descent.rates.limit
    ended = run_descent(descent, ignore)
    assert (1024 < ended.last.number < 1536, ended.stopped) == (True, "converged")


def test_a_descent_in_many_directions_gives_what_is_watched_too() -> None:
    features = MAX_SKIP_WEIGHTS
    random = np.random.default_rng(0)
    rows = [[*map(str, row)] for row in random.integers(-9, 9, (80, features + 1)).tolist()]
    moments = moments_of(rows, (*(f"x{j}" for j in range(features)), "y"))
    watched: list[Epoch] = []
    descent = prepare(moments, epochs=12)
    assert len(descent.start) > MAX_SKIP_WEIGHTS
    run_descent(descent, watched.append)
    losses = {epoch.number: epoch.loss for epoch in every_epoch(descent)}
    assert [(epoch.number, epoch.loss) for epoch in watched] == [
        (number, losses[number]) for number in (0, 1, 2, 4, 8, 12)
    ]


@pytest.mark.parametrize("number", [0, 1, 5])
def test_an_interruption_keeps_what_was_learned(number: int) -> None:
    ended = run_descent(prepare(noisy()), interrupt_at(number), log_every=1)
    assert (ended.last.number, ended.stopped) == (number, "interrupted")
    assert ended.history[-1] == (number, ended.last.loss)


def test_an_interruption_at_the_last_epoch_changes_nothing() -> None:
    ended = run_descent(prepare(noisy(), epochs=5), interrupt_at(5))
    assert ended.stopped == "out of epochs"


def test_an_interruption_before_the_first_epoch_ends_everything() -> None:
    class Interrupted(Descent):
        def epochs(self, _next_shown: object) -> Any:
            raise KeyboardInterrupt

    interrupted = Interrupted(**vars(prepare(noisy())))
    with pytest.raises(KeyboardInterrupt):
        run_descent(interrupted, ignore)


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


def test_a_first_loss_beyond_float64_is_no_fit() -> None:
    rows = [("1", "1e200"), ("2", "3e200"), ("3", "2e200")]
    message = r"^the loss of the starting weights is too large for a 64-bit float$"
    with pytest.raises(FitError, match=message):
        train(moments_of(rows, ("x", "y")))


def test_a_first_loss_below_float64_is_no_fit() -> None:
    rows = [("1", "1e-200"), ("2", "3e-200"), ("3", "2e-200")]
    with pytest.raises(FitError):
        train(moments_of(rows, ("x", "y")))


@pytest.mark.parametrize("unit", ["e200", "e-160"])
def test_a_curvature_beyond_float64_is_no_fit(unit: str) -> None:
    rows = [(f"1{unit}", "1"), (f"2{unit}", "2"), (f"4{unit}", "3")]
    with pytest.raises(FitError):
        train(moments_of(rows, ("x", "y")), scale=False, intercept=False)


# what an epoch is in units of the columns


@pytest.mark.parametrize("scale", [True, False])
def test_the_loss_of_an_epoch_is_that_of_its_weights_over_the_rows(*, scale: bool) -> None:
    descent = prepare(noisy(), scale=scale, epochs=50)
    for epoch in descent.epochs(lambda number: number + 1):
        loss = float(mean_squared_error(descent.weights(epoch)))
        assert epoch.loss == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("scale", [True, False])
def test_the_excess_of_an_epoch_is_its_loss_less_the_best_one(*, scale: bool) -> None:
    descent = prepare(noisy(), scale=scale, epochs=50)
    for epoch in descent.epochs(lambda number: number + 1):
        gap = float(mean_squared_error(descent.weights(epoch)) - best_loss())
        assert epoch.gap == pytest.approx(gap, rel=1e-9)


def test_the_weights_of_an_epoch_begin_with_the_intercept() -> None:
    descent = prepare(noisy(), intercept=False, tolerance=0.5)
    weights = descent.weights(run_descent(descent, ignore).last)
    assert len(weights) == 3
    assert weights[0] == 0


@pytest.mark.parametrize("seen_at", [0, 3, 10])
def test_the_epochs_that_are_left_are_enough(seen_at: int) -> None:
    epochs = every_epoch(prepare(noisy()))
    foretold = prepare(noisy()).epochs_left(epochs[seen_at])
    assert seen_at + foretold >= epochs[-1].number


def test_the_epochs_that_are_left_are_those_of_the_slowest_direction() -> None:
    # scaled, one feature: both directions shrink to a half each epoch, so the end is known
    descent = prepare(moments_of(HOUSES, ("x", "y")), tolerance=2.0**-19.5)
    epochs = every_epoch(descent)
    assert descent.epochs_left(epochs[8]) == epochs[-1].number - 8 == 12


def test_no_epoch_is_left_at_the_optimum() -> None:
    descent = prepare(noisy())
    at_best = Epoch(number=0, weights=descent.start, loss=0, gap=0, distance=0, stopped="converged")
    assert descent.epochs_left(at_best) == 0


def test_no_count_of_epochs_helps_above_the_limit() -> None:
    descent = prepare(noisy(), learning_rate=5.0)
    assert descent.epochs_left(every_epoch(descent)[0]) == math.inf
