"""The learning loop, its learning rates and its end."""

import math
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.training.compressed_rows import compress_rows
from linreg_cli.training.descent_setup import DescentSetup, GradientDescentSettings
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.gradient_descent import descend
from linreg_cli.training.learning_rate_limit import LearningRates, learning_rates
from linreg_cli.training.normal_equations import least_squares
from linreg_cli.training.scaling import Scaling
from tests import oracles
from tests.oracles import Floats
from tests.strategies import Problem, block_of, problems

HOUSES = Path(__file__).parents[2] / "data" / "houses.csv"
CURVATURES = st.floats(0.01, 100)


def houses() -> Problem:
    _, *rows = HOUSES.read_text().split()
    return Problem(block_of([row.split(",") for row in rows]), has_intercept=True)


def sample(n_rows: int, *, seed: int) -> tuple[Floats, Floats]:
    """Make rows with an intercept and two features of unlike spread, and a target."""
    random = np.random.default_rng(seed)
    x = random.normal([0.5, -1], [1, 3], size=(n_rows, 2))
    y = 2 - x @ [1.5, 0.25] + random.normal(size=n_rows)
    return np.column_stack([np.ones(n_rows), x]), y


def best(X: Floats, y: Floats) -> Floats:
    """Find the optimum by QR."""
    q, r = np.linalg.qr(X)
    optimum: Floats = np.linalg.solve(r, q.T @ y)
    return optimum


def walk(
    X: Floats, y: Floats, *, learning_rate: float, epochs: int = 5000, tolerance: float = 1e-12
) -> list[Epoch]:
    settings = GradientDescentSettings(
        learning_rate=learning_rate, epochs=epochs, tolerance=tolerance
    )
    start = np.zeros(X.shape[1])
    return list(
        descend(
            DescentSetup(X, y, n_rows=len(y), start=start, optimum=best(X, y), settings=settings)
        )
    )


def descend_on_compressed_rows(
    problem: Problem, *, learning_rate: float, epochs: int, scale: bool
) -> list[tuple[float, ...]]:
    """Return the weights of each epoch on the compressed rows, in the units of the columns."""
    moments = problem.moments
    solution = least_squares(moments, has_intercept=problem.has_intercept)
    scaling = Scaling.of(moments, has_intercept=problem.has_intercept, scale=scale)
    small = compress_rows(moments, scaling)
    settings = GradientDescentSettings(learning_rate=learning_rate, epochs=epochs, tolerance=0)
    setup = DescentSetup(
        small.X,
        small.y,
        n_rows=small.n_rows,
        start=np.zeros(small.X.shape[1]),
        optimum=scaling.to_scaled(solution.weights),
        settings=settings,
    )
    walked = descend(setup)
    return [scaling.to_columns(epoch.weights) for epoch in walked]


def scaled(problem: Problem) -> tuple[Floats, Floats, Floats]:
    """Standardize the features of the rows; give the centers and scales too."""
    n = len(problem.X)
    columns, centers, scales = [], [], []
    for column in list(zip(*problem.X, strict=True))[problem.has_intercept :]:
        center = sum(column) / Fraction(n) if problem.has_intercept else Fraction()
        moved = [x - center for x in column]
        scale = math.sqrt(sum(x * x for x in moved) / n) or 1.0
        columns.append([float(x) / scale for x in moved])
        centers.append(float(center))
        scales.append(scale)
    ones = [[1.0] * n] * problem.has_intercept
    return np.array([*ones, *columns]).T, np.array(centers), np.array(scales)


def steepest(X: Floats) -> float:
    """Find the largest eigenvalue of the Hessian of the mean squared error."""
    return float(np.linalg.eigvalsh(2 * X.T @ X / len(X))[-1])


# the loop on the rows and the loop on the compressed rows


def test_houses_without_scaling_give_what_the_textbook_gives() -> None:
    *_, (b, m) = descend_on_compressed_rows(houses(), learning_rate=1e-7, epochs=5000, scale=False)
    assert m == pytest.approx(299.9999107600433, rel=1e-9)
    assert b == pytest.approx(0.16360657642376494, rel=1e-9)


def test_the_textbook_s_loop_over_the_houses_gives_the_published_weights() -> None:
    problem = houses()
    rows, y = oracles.floats(problem.X), oracles.floats(problem.y)
    b, m = oracles.textbook_descent(rows, y, learning_rate=1e-7, epochs=5000)[-1]
    assert (b, m) == pytest.approx((0.16360657642376494, 299.9999107600433), rel=1e-12)


@given(problem=problems(), share=st.floats(0.05, 0.95))
def test_descent_on_compressed_rows_is_descent_on_the_rows(problem: Problem, share: float) -> None:
    rows, y = oracles.floats(problem.X), oracles.floats(problem.y)
    assume(rows.any())
    rate = share * 2 / steepest(rows)
    wanted = oracles.textbook_descent(rows, y, learning_rate=rate, epochs=30)
    found = descend_on_compressed_rows(problem, learning_rate=rate, epochs=30, scale=False)
    # an intermediate weight may pass 0, so it is held against the largest one of the walk
    size = np.abs(wanted).max(axis=0)
    np.testing.assert_allclose(found, wanted[: len(found)], rtol=1e-9, atol=1e-9 * size.max())


@given(problem=problems(), share=st.floats(0.05, 0.95))
def test_scaled_descent_on_compressed_rows_is_descent_on_the_scaled_rows(
    problem: Problem, share: float
) -> None:
    first = int(problem.has_intercept)
    moved, center, scale = scaled(problem)
    y = oracles.floats(problem.y)
    assume(moved.any())
    rate = share * 2 / steepest(moved)
    wanted = np.array(oracles.textbook_descent(moved, y, learning_rate=rate, epochs=30))
    wanted[:, first:] /= scale
    wanted[:, :first] -= (wanted[:, first:] @ center)[:, np.newaxis]
    found = descend_on_compressed_rows(problem, learning_rate=rate, epochs=30, scale=True)
    size = np.abs(wanted).max(axis=0)
    np.testing.assert_allclose(found, wanted[: len(found)], rtol=1e-9, atol=1e-9 * size.max())


@pytest.mark.parametrize("seed", range(5))
def test_the_epochs_are_those_of_the_textbook(seed: int) -> None:
    X, y = sample(50, seed=seed)
    rate = 0.5 / steepest(X)
    wanted = oracles.textbook_descent(X, y, learning_rate=rate, epochs=500)
    found = [epoch.weights for epoch in walk(X, y, learning_rate=rate, epochs=500)]
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


# what an epoch says


def test_the_loss_is_the_mean_squared_error_of_the_weights() -> None:
    X, y = sample(50, seed=1)
    epochs = list(walk(X, y, learning_rate=0.5 / steepest(X), epochs=100))
    assert len(epochs) > 10
    for epoch in epochs:
        assert epoch.loss == pytest.approx(((y - X @ epoch.weights) ** 2).mean(), rel=1e-12)


def test_the_gap_is_the_loss_minus_the_smallest_loss() -> None:
    X, y = sample(50, seed=2)
    lowest = ((y - X @ best(X, y)) ** 2).mean()
    epochs = list(walk(X, y, learning_rate=0.5 / steepest(X), epochs=100))
    assert len(epochs) > 10
    for epoch in epochs:
        assert epoch.gap == pytest.approx(epoch.loss - lowest, rel=1e-9, abs=1e-12 * lowest)


def test_epochs_are_numbered_from_0() -> None:
    X, y = sample(10, seed=0)
    assert [epoch.number for epoch in walk(X, y, learning_rate=1e-4, epochs=3)] == [0, 1, 2, 3]


def test_the_first_epoch_is_the_start() -> None:
    X, y = sample(10, seed=0)
    start = np.array([1.0, -2.0, 3.0])
    settings = GradientDescentSettings(learning_rate=1e-4, epochs=5000, tolerance=1e-12)
    walked = descend(
        DescentSetup(X, y, n_rows=10, start=start, optimum=best(X, y), settings=settings)
    )
    assert next(walked).weights.tolist() == [1, -2, 3]


def test_the_weights_of_an_epoch_are_not_changed_by_the_next() -> None:
    X, y = sample(10, seed=0)
    epochs = walk(X, y, learning_rate=0.5 / steepest(X), epochs=3)
    assert not epochs[0].weights.any()
    assert all((a.weights != b.weights).any() for a, b in pairwise(epochs))


# how it ends


@pytest.mark.parametrize("tolerance", [1e-2, 1e-6, 1e-12])
def test_convergence_is_a_true_distance_to_the_optimum(tolerance: float) -> None:
    X, y = sample(40, seed=3)
    optimum = best(X, y)
    walked = walk(X, y, learning_rate=1 / steepest(X), epochs=10**5, tolerance=tolerance)

    def distance(weights: Floats) -> float:
        return float(np.linalg.norm(X @ (weights - optimum)) / np.linalg.norm(X @ optimum))

    assert walked[-1].stopped == "converged"
    # the last step may end just at the tolerance, where the last digit decides
    assert distance(walked[-1].weights) <= tolerance * (1 + 1e-9)
    assert distance(walked[-2].weights) > tolerance * (1 - 1e-9)
    assert walked[-2].distance == pytest.approx(distance(walked[-2].weights), rel=1e-9)


@pytest.mark.parametrize("epochs", [0, 1, 7])
def test_descent_ends_after_the_maximum_number_of_epochs(epochs: int) -> None:
    X, y = sample(10, seed=0)
    walked = walk(X, y, learning_rate=1e-4, epochs=epochs)
    assert (walked[-1].number, walked[-1].stopped) == (epochs, "out of epochs")


def test_only_the_last_epoch_has_a_reason_to_stop() -> None:
    X, y = sample(10, seed=0)
    reasons = [epoch.stopped for epoch in walk(X, y, learning_rate=1 / steepest(X), epochs=10**5)]
    assert reasons == [""] * (len(reasons) - 1) + ["converged"]


def test_a_start_at_the_optimum_has_converged() -> None:
    X = np.array([[1.0, 0.0], [0.0, 1.0]])
    settings = GradientDescentSettings(learning_rate=0.1, epochs=5000, tolerance=0)
    weights = np.array([2.0, 3.0])
    walked = list(
        descend(
            DescentSetup(X, weights, n_rows=2, start=weights, optimum=weights, settings=settings)
        )
    )
    assert [(epoch.number, epoch.stopped) for epoch in walked] == [(0, "converged")]


def test_convergence_at_the_last_of_the_epochs_is_convergence() -> None:
    X, y = np.eye(2), np.array([2.0, 3.0])
    # the curvature is 1 in both directions, so this rate takes one step
    walked = walk(X, y, learning_rate=1, epochs=1)
    assert (walked[-1].number, walked[-1].stopped) == (1, "converged")


def test_a_loss_a_million_times_the_first_is_divergence() -> None:
    X, y = sample(40, seed=3)
    walked = walk(X, y, learning_rate=4 / steepest(X), epochs=10**5)
    assert walked[-1].stopped == "diverged"
    assert walked[-2].loss <= 1e6 * walked[0].loss < walked[-1].loss


@pytest.mark.parametrize("learning_rate", [1e160, 1e308])
def test_a_loss_beyond_float64_is_divergence(learning_rate: float) -> None:
    X, y = sample(40, seed=3)
    assert [epoch.stopped for epoch in walk(X, y, learning_rate=learning_rate)] == ["", "diverged"]


def test_a_first_loss_beyond_float64_is_divergence() -> None:
    walked = walk(np.eye(2), np.array([1e200, 0]), learning_rate=0.1)
    assert [epoch.stopped for epoch in walked] == ["diverged"]


# learning rates


@pytest.mark.parametrize("seed", range(5))
def test_the_limit_is_2_over_the_largest_curvature(seed: int) -> None:
    X, _ = sample(30, seed=seed)
    assert learning_rates(X, 30, rank=3).limit == pytest.approx(2 / steepest(X), rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_just_below_the_limit_the_loss_falls_to_its_minimum(seed: int) -> None:
    X, y = sample(30, seed=seed)
    rate = 0.99 * learning_rates(X, 30, rank=3).limit
    assert walk(X, y, learning_rate=rate, epochs=10**5)[-1].stopped == "converged"


@pytest.mark.parametrize("seed", range(3))
def test_just_above_the_limit_the_loss_grows_without_bound(seed: int) -> None:
    X, y = sample(30, seed=seed)
    rate = 1.01 * learning_rates(X, 30, rank=3).limit
    assert walk(X, y, learning_rate=rate, epochs=10**5)[-1].stopped == "diverged"


def test_the_automatic_rate_halves_the_error_in_the_steepest_direction() -> None:
    X, _ = sample(30, seed=4)
    _, directions = np.linalg.eigh(2 * X.T @ X / 30)
    rate = learning_rates(X, 30, rank=3).automatic
    error = directions[:, -1]
    after = error - rate * (2 * X.T @ (X @ error) / 30)
    # the rate has four digits
    np.testing.assert_allclose(after, error / 2, rtol=0, atol=1e-3)


def test_the_automatic_rate_has_four_digits() -> None:
    assert LearningRates(largest=3, smallest=1).automatic == 0.1667


def test_the_smallest_curvature_is_not_that_of_a_dependent_column() -> None:
    X, _ = sample(30, seed=5)
    twice = np.column_stack([X, X[:, 1] + X[:, 2]])
    wanted = np.linalg.eigvalsh(2 * twice.T @ twice / 30)[1]
    assert learning_rates(twice, 30, rank=3).smallest == pytest.approx(wanted, rel=1e-9)


def test_without_curvature_any_rate_converges() -> None:
    rates = learning_rates(np.zeros((1, 1)), 5, rank=0)
    assert (rates.limit, rates.automatic) == (math.inf, 1)


def test_without_rows_any_rate_converges() -> None:
    assert learning_rates(np.zeros((0, 1)), 5, rank=0).limit == math.inf


# how many epochs are left


@given(CURVATURES, CURVATURES, st.floats(1e-12, 0.9), st.floats(0.01, 0.99))
def test_epochs_to_a_fraction_are_the_fewest_that_reach_it(
    one: float, other: float, fraction: float, share: float
) -> None:
    rates = LearningRates(largest=max(one, other), smallest=min(one, other))
    rate = share * rates.limit
    slowest = max(abs(1 - rate * one), abs(1 - rate * other))
    assume(slowest)  # or else one step is enough: see below
    epochs = rates.epochs_to(fraction, rate)
    # a hair of rounding, in the logarithm of the fraction
    assert epochs * math.log(slowest) <= math.log(fraction) + 1e-9
    assert (epochs - 1) * math.log(slowest) >= math.log(fraction) - 1e-9


def test_the_slowest_direction_alone_needs_the_predicted_number_of_epochs() -> None:
    X = np.diag([1.0, 10.0])
    rates = learning_rates(X, 2, rank=2)
    settings = GradientDescentSettings(learning_rate=rates.automatic, epochs=5000, tolerance=1e-6)
    target = np.array([3.0, 0.0])
    walked = descend(
        DescentSetup(X, target, n_rows=2, start=np.zeros(2), optimum=target, settings=settings)
    )
    assert len(list(walked)) - 1 == rates.epochs_to(1e-6, rates.automatic)


@pytest.mark.parametrize(
    ("fraction", "learning_rate", "epochs"),
    [
        (1.0, 0.5, 0),
        (1.5, 3.0, 0),
        (0.5, 1.0, 1),
        (0.25, 0.5, 2),
        (0.24, 0.5, 3),
        (0.25, 1.5, 2),
        (0.5, 2.0, math.inf),
        (0.5, 2.5, math.inf),
        (0.0, 0.5, math.inf),
    ],
)
def test_epochs_to_a_fraction(fraction: float, learning_rate: float, epochs: float) -> None:
    rates = LearningRates(largest=1, smallest=1)
    assert rates.epochs_to(fraction, learning_rate) == epochs


def test_the_loop_takes_no_epoch_that_nobody_asks_for() -> None:
    X, y = sample(10, seed=0)
    settings = GradientDescentSettings(learning_rate=1e-9, epochs=10**15, tolerance=1e-12)
    walked = descend(
        DescentSetup(X, y, n_rows=10, start=np.zeros(3), optimum=best(X, y), settings=settings)
    )
    assert [epoch.number for epoch in islice(walked, 3)] == [0, 1, 2]
