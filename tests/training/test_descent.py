"""A descent: where it starts, which epochs are shown, and how it ends."""

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import asdict

from linreg_cli.training.descent import MAX_SKIP_WEIGHTS, Descent
from linreg_cli.training.descent_run import is_doubling, run_descent
from linreg_cli.training.epoch import Epoch
from tests.strategies import moments_of
from tests.training.noisy_rows import (
    HOUSES,
    best_loss,
    every_epoch,
    ignore,
    interrupt_at,
    mean_squared_error,
    noisy,
    prepare,
)


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
    class Interrupted(Descent, frozen=True, kw_only=True):
        def epochs(self, _next_shown: object) -> Any:
            raise KeyboardInterrupt

    interrupted = Interrupted(**asdict(prepare(noisy())))
    with pytest.raises(KeyboardInterrupt):
        run_descent(interrupted, ignore)


@pytest.mark.parametrize("scale", [True, False])
def test_the_loss_of_an_epoch_is_that_of_its_weights_over_the_rows(*, scale: bool) -> None:
    descent = prepare(noisy(), scale=scale, epochs=50)
    epochs = list(descent.epochs(lambda number: number + 1))
    assert len(epochs) > 10
    for epoch in epochs:
        loss = float(mean_squared_error(descent.weights(epoch)))
        assert epoch.loss == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("scale", [True, False])
def test_the_gap_of_an_epoch_is_its_loss_minus_the_smallest_loss(*, scale: bool) -> None:
    descent = prepare(noisy(), scale=scale, epochs=50)
    epochs = list(descent.epochs(lambda number: number + 1))
    assert len(epochs) > 10
    for epoch in epochs:
        gap = float(mean_squared_error(descent.weights(epoch)) - best_loss())
        assert epoch.gap == pytest.approx(gap, rel=1e-9)


def test_the_weights_of_an_epoch_begin_with_the_intercept() -> None:
    descent = prepare(noisy(), intercept=False, tolerance=0.5)
    weights = descent.weights(run_descent(descent, ignore).last)
    assert len(weights) == 3
    assert weights[0] == 0


def epochs_left(descent: Descent, epoch: Epoch) -> float:
    """Return the number of epochs that the slowest direction needs to converge from an epoch on."""
    fraction = descent.settings.tolerance / epoch.distance
    return descent.rates.epochs_to(fraction, descent.settings.learning_rate)


@pytest.mark.parametrize("seen_at", [0, 3, 10])
def test_the_epochs_that_are_left_are_enough(seen_at: int) -> None:
    epochs = every_epoch(prepare(noisy()))
    predicted = epochs_left(prepare(noisy()), epochs[seen_at])
    assert seen_at + predicted >= epochs[-1].number


def test_the_epochs_that_are_left_are_those_of_the_slowest_direction() -> None:
    # scaled, one feature: both directions shrink to a half each epoch, so the end is known
    descent = prepare(moments_of(HOUSES, ("x", "y")), tolerance=2.0**-19.5)
    epochs = every_epoch(descent)
    assert epochs_left(descent, epochs[8]) == epochs[-1].number - 8 == 12


def test_no_count_of_epochs_helps_above_the_limit() -> None:
    descent = prepare(noisy(), learning_rate=5.0)
    assert epochs_left(descent, every_epoch(descent)[0]) == math.inf
