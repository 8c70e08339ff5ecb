"""Skipping epochs gives the shown epochs of the plain loop."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import takewhile

import numpy as np
import pytest
from hypothesis import given, strategies as st

import tests.strategies  # noqa: F401 - loads the profile of Hypothesis
from linreg_cli.training.descent_setup import DescentSetup, GradientDescentSettings
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.gradient_descent import descend
from linreg_cli.training.learning_rate_limit import learning_rates
from linreg_cli.training.skip_epochs import descend_skipping
from tests import oracles
from tests.markers import slow_but_every
from tests.oracles import Floats

Next = Callable[[int], int]


def doubling(number: int) -> int:
    return 1 << number.bit_length()


def every(step: int) -> Next:
    return lambda number: min(doubling(number), number + step - number % step)


def never(_number: int) -> int:
    return 10**30


WANTED = {"all": every(1), "doublings": doubling, "every 7": every(7), "none": never}


def sample(features: int, *, seed: int) -> tuple[Floats, Floats]:
    """Make rows with an intercept and features of like spread, and a target."""
    random = np.random.default_rng(seed)
    x = random.normal(0.5, 1, size=(3 * features + 5, features))
    y = x @ random.normal(size=features) + random.normal(size=len(x)) + 3
    return np.column_stack([np.ones(len(x)), x]), y


def best(X: Floats, y: Floats) -> Floats:
    """Find the optimum in fractions, since skipping ends at the given optimum."""
    exact = [list(map(Fraction, row)) for row in X.tolist()]
    return oracles.floats(oracles.least_squares(exact, list(map(Fraction, y.tolist()))))


def limit(X: Floats) -> float:
    return learning_rates(X, len(X), rank=X.shape[1]).limit


def walks(  # noqa: PLR0913 - what makes a descent
    X: Floats,
    y: Floats,
    wanted: Next,
    *,
    learning_rate: float,
    epochs: int = 3000,
    tolerance: float = 1e-12,
    start: Floats | None = None,
) -> tuple[list[Epoch], list[Epoch]]:
    """Return the epochs of a descent that skips, and of one that does not."""
    settings = GradientDescentSettings(
        learning_rate=learning_rate, epochs=epochs, tolerance=tolerance
    )
    setup = set_up(X, y, settings, np.zeros(X.shape[1]) if start is None else start)
    return list(descend_skipping(setup, wanted)), list(descend(setup))


def set_up(X: Floats, y: Floats, settings: GradientDescentSettings, start: Floats) -> DescentSetup:
    return DescentSetup(X, y, n_rows=len(y), start=start, optimum=best(X, y), settings=settings)


def shown(wanted: Next, last: int) -> list[int]:
    """Return the shown epochs of a descent up to its last."""

    def numbers() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number = wanted(number)

    return [*takewhile(lambda number: number < last, numbers()), last]


def assert_same_descent(skipped: list[Epoch], steps: list[Epoch], wanted: Next) -> None:
    assert [epoch.number for epoch in skipped] == shown(wanted, steps[-1].number)
    for found in skipped:
        step = steps[found.number]
        assert found.stopped == step.stopped
        np.testing.assert_allclose(found.weights, step.weights, rtol=1e-9)
        assert found.loss == pytest.approx(step.loss, rel=1e-9)


every_interval = pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)


@every_interval
@pytest.mark.parametrize("features", slow_but_every(4, range(1, 11)))
def test_skipping_converges_as_single_steps_do(features: int, wanted: Next) -> None:
    X, y = sample(features, seed=features)
    skipped, steps = walks(X, y, wanted, learning_rate=0.4 * limit(X))
    assert steps[-1].stopped == "converged"
    assert_same_descent(skipped, steps, wanted)


@every_interval
@pytest.mark.parametrize("share", [1.01, 1.5, 4.0, 1e6])
def test_skipping_diverges_as_single_steps_do(share: float, wanted: Next) -> None:
    X, y = sample(3, seed=1)
    skipped, steps = walks(X, y, wanted, learning_rate=share * limit(X))
    assert steps[-1].stopped == "diverged"
    assert_same_descent(skipped, steps, wanted)


@every_interval
@pytest.mark.parametrize("learning_rate", [1e160, 1e308])
def test_skipping_beyond_float64_diverges_as_single_steps_do(
    learning_rate: float, wanted: Next
) -> None:
    X, y = sample(3, seed=1)
    skipped, steps = walks(X, y, wanted, learning_rate=learning_rate)
    found = [(epoch.number, epoch.stopped) for epoch in skipped]
    assert found == [(epoch.number, epoch.stopped) for epoch in steps] == [(0, ""), (1, "diverged")]


@every_interval
@pytest.mark.parametrize("features", slow_but_every(3, [1, 4, 10]))
def test_skipping_at_the_limit_neither_converges_nor_diverges(features: int, wanted: Next) -> None:
    X, y = sample(features, seed=features)
    skipped, steps = walks(X, y, wanted, learning_rate=limit(X))
    assert steps[-1].stopped == "out of epochs"
    assert_same_descent(skipped, steps, wanted)


@every_interval
def test_at_the_limit_the_sign_of_the_error_alone_changes(wanted: Next) -> None:
    X, y = np.eye(2), np.array([2.0, 3.0])
    # the curvature is 1 in both directions
    skipped, steps = walks(X, y, wanted, learning_rate=2.0, epochs=999)
    assert steps[-1].weights.tolist() == [4, 6]
    assert_same_descent(skipped, steps, wanted)


@every_interval
@pytest.mark.parametrize("epochs", [0, 1, 2, 3, 7, 8, 9, 100, 1023])
def test_skipping_ends_after_the_maximum_number_of_epochs(epochs: int, wanted: Next) -> None:
    X, y = sample(2, seed=2)
    skipped, steps = walks(X, y, wanted, learning_rate=1e-3 * limit(X), epochs=epochs)
    assert (steps[-1].number, steps[-1].stopped) == (epochs, "out of epochs")
    assert_same_descent(skipped, steps, wanted)


@every_interval
@pytest.mark.parametrize("spread", slow_but_every(3, [1e-8, 1e-3, 1e3, 1e8]))
def test_skipping_with_badly_scaled_columns_gives_the_epochs_of_single_steps(
    spread: float, wanted: Next
) -> None:
    X, y = sample(3, seed=3)
    X = X * [1, spread, 1, 1 / spread]
    skipped, steps = walks(X, y, wanted, learning_rate=0.5 * limit(X))
    assert steps[-1].stopped == "out of epochs"
    assert_same_descent(skipped, steps, wanted)


@every_interval
def test_skipping_with_nearly_equal_columns_gives_the_epochs_of_single_steps(wanted: Next) -> None:
    X, y = sample(3, seed=4)
    X[:, 3] = X[:, 2] + 1e-6 * X[:, 3]
    skipped, steps = walks(X, y, wanted, learning_rate=0.25 * limit(X))
    assert_same_descent(skipped, steps, wanted)


@pytest.mark.slow
@given(
    features=st.integers(1, 10),
    seed=st.integers(0, 2**32),
    share=st.floats(0.01, 1.2),
    epochs=st.integers(0, 700),
    tolerance=st.sampled_from([1e-12, 1e-9, 1e-3, 0.5, 1.0]),
    step=st.integers(1, 300),
)
def test_skipping_gives_the_epochs_of_single_steps(  # noqa: PLR0913, PLR0917 - what makes a descent
    features: int, seed: int, share: float, epochs: int, tolerance: float, step: int
) -> None:
    X, y = sample(features, seed=seed)
    start = np.asarray(np.random.default_rng(seed + 1).standard_normal(X.shape[1]))
    skipped, steps = walks(
        X,
        y,
        every(step),
        learning_rate=share * limit(X),
        epochs=epochs,
        tolerance=tolerance,
        start=start,
    )
    assert [(e.number, e.stopped) for e in skipped] == [
        (number, steps[number].stopped) for number in shown(every(step), steps[-1].number)
    ]
    # a weight on its way through 0 is held against the largest one
    size = max(np.abs(epoch.weights).max() for epoch in steps)
    for found in skipped:
        wanted = steps[found.number].weights
        np.testing.assert_allclose(found.weights, wanted, rtol=1e-9, atol=1e-12 * size)


def computed_epochs(patch: pytest.MonkeyPatch, walk: Callable[[], object]) -> int:
    count = 0
    original = DescentSetup.epoch  # what an epoch costs

    def counting(setup: DescentSetup, number: int, w: Floats, loss: float | None = None) -> Epoch:
        nonlocal count
        count += 1
        return original(setup, number, w, loss)

    patch.setattr(DescentSetup, "epoch", counting)
    walk()
    return count


@pytest.mark.parametrize(
    ("wanted", "most"),
    [(doubling, 400), (every(1000), 15_000), (never, 400)],
    ids=["doubling", "every 1000", "never"],
)
def test_a_million_epochs_cost_few_steps(
    monkeypatch: pytest.MonkeyPatch, wanted: Next, most: int
) -> None:
    X, y = sample(4, seed=5)
    settings = GradientDescentSettings(learning_rate=1e-9 * limit(X), epochs=10**6, tolerance=0)
    found: list[Epoch] = []

    def walk() -> None:
        found.extend(descend_skipping(set_up(X, y, settings, np.zeros(5)), wanted))

    assert computed_epochs(monkeypatch, walk) < most
    assert (found[-1].number, found[-1].stopped) == (10**6, "out of epochs")


@pytest.mark.parametrize("share", [0.4, 2e-3, 1 + 1e-4])
def test_the_final_weights_do_not_depend_on_the_shown_epochs(share: float) -> None:
    X, y = sample(3, seed=8)
    last = {}
    for name, wanted in WANTED.items():
        skipped, _ = walks(X, y, wanted, learning_rate=share * limit(X), epochs=1000)
        last[name] = (skipped[-1].number, skipped[-1].stopped, skipped[-1].weights.tolist())
    assert last["all"] == last["every 7"] == last["none"] == last["doublings"]


@pytest.mark.slow
@pytest.mark.parametrize("share", [2e-3, 1 + 1e-4], ids=["converged", "diverged"])
def test_the_end_of_a_long_descent_is_found_in_few_steps(
    monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    X, y = sample(4, seed=6)
    found: list[tuple[list[Epoch], list[Epoch]]] = []
    # both walks are counted: of the calls, one a step is the loop's
    count = computed_epochs(
        monkeypatch,
        lambda: found.append(
            walks(X, y, doubling, learning_rate=share * limit(X), epochs=10**6, tolerance=1e-8)
        ),
    )
    ((skipped, steps),) = found
    assert steps[-1].number > 10**4
    assert count - len(steps) < 400
    assert skipped[-1].number == steps[-1].number
    assert skipped[-1].stopped == steps[-1].stopped != "out of epochs"


def test_epochs_are_computed_only_when_they_are_asked_for() -> None:
    X, y = sample(2, seed=7)
    settings = GradientDescentSettings(learning_rate=1e-9, epochs=10**15, tolerance=1e-12)
    walk = descend_skipping(set_up(X, y, settings, np.zeros(3)), doubling)
    assert [next(walk).number for _ in range(5)] == [0, 1, 2, 4, 8]


def test_the_start_is_left_as_it_was() -> None:
    X, y = sample(2, seed=8)
    start = np.array([1.0, -2.0, 3.0])
    skipped, _steps = walks(X, y, doubling, learning_rate=0.4 * limit(X), start=start)
    assert skipped[0].weights.tolist() == start.tolist() == [1, -2, 3]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("features", [1, 3])
def test_a_descent_without_tolerance_ends_at_the_limits_of_float64(
    monkeypatch: pytest.MonkeyPatch, features: int, seed: int
) -> None:
    X, y = sample(features, seed=seed)
    settings = GradientDescentSettings(learning_rate=0.25 * limit(X), epochs=10**18, tolerance=0)
    found: list[Epoch] = []
    start = np.random.default_rng(seed).normal(size=features + 1)
    setup = set_up(X, y, settings, start)
    count = computed_epochs(
        monkeypatch,
        lambda: found.extend(descend_skipping(setup, doubling)),
    )
    assert found[-1].stopped == "converged"
    assert found[-1].number < 10**6
    assert count < 1000
    np.testing.assert_allclose(found[-1].weights, best(X, y), rtol=1e-12)


@pytest.mark.parametrize("share", [1, 1 + 1e-16, 1 - 1e-16, 1e-30, 1e-300])
@pytest.mark.parametrize("plain", [0, 64])
def test_any_learning_rate_ends_after_few_steps(
    monkeypatch: pytest.MonkeyPatch, share: float, plain: int
) -> None:
    X, y = sample(2, seed=3)
    settings = GradientDescentSettings(learning_rate=share * limit(X), epochs=10**18, tolerance=0)
    found: list[Epoch] = []
    setup = set_up(X, y, settings, np.ones(3))
    count = computed_epochs(
        monkeypatch,
        lambda: found.extend(descend_skipping(setup, doubling, plain=plain)),
    )
    assert count < 10_000
    assert found[-1].stopped
    slow = share < 1e-18
    assert not slow or (found[-1].number, found[-1].stopped) == (10**18, "out of epochs")


def test_the_first_epochs_can_be_computed_one_by_one() -> None:
    X, y = sample(2, seed=9)
    settings = GradientDescentSettings(learning_rate=0.01 * limit(X), epochs=200, tolerance=0)
    setup = set_up(X, y, settings, np.ones(3))
    walked = list(descend_skipping(setup, doubling, plain=100))
    steps = list(descend(setup))
    assert [epoch.number for epoch in walked] == [*range(101), 128, 200]
    for epoch in walked[:101]:
        assert epoch.weights.tolist() == steps[epoch.number].weights.tolist()


def test_steps_that_change_no_weight_end_the_loop() -> None:
    X, y = sample(1, seed=2)
    stuck = GradientDescentSettings(learning_rate=1e-30, epochs=10**18, tolerance=0)
    setup = set_up(X, y, stuck, np.ones(2))
    found = [(e.number, e.stopped) for e in descend(setup)]
    assert found == [(0, ""), (10**18, "out of epochs")]
