"""A descent without NumPy is the descent with NumPy, to the last bit."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.exact.block import Block
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.learning_rate_limit import learning_rates
from linreg_cli.training.problem import set_up
from linreg_cli.training.small_arrays import is_small, matrix_of, vector_of
from tests.strategies import blocks, sum_block

EPOCHS = 40
SETTINGS = st.fixed_dictionaries(
    {
        "intercept": st.booleans(),
        "scale": st.booleans(),
        "start": st.sampled_from(["zeros", "random"]),
        "l2": st.sampled_from([(0.0,), (0.5,)]),
        "learning_rate": st.sampled_from(["auto", 0.1, 1e-7, 10.0]),
    }
)
FLOATS = st.floats(-1e9, 1e9)


def described(epoch: Epoch) -> list[object]:
    numbers = [*epoch.weights.tolist(), epoch.loss, epoch.gap, epoch.distance]
    return [epoch.number, epoch.stopped, *map(str, numbers)]


def epochs(moments: Moments, *, small: bool, **settings: Any) -> list[list[object]] | str:
    try:
        problem = set_up(SplitMoments(moments=moments), Settings(epochs=EPOCHS, **settings))
        descent = prepare_descent(problem, may_be_small=small)
    except FitError as error:
        return str(error)
    assert is_small(descent.compressed.X) == small
    every = descent.epochs(lambda number: number + 1)
    return [[*described(epoch), str(descent.weights(epoch))] for epoch in every]


@given(blocks(), SETTINGS)
def test_every_epoch_is_that_of_numpy(block: Block, settings: dict[str, Any]) -> None:
    moments = sum_block(("x", "y"), block)
    assert epochs(moments, small=True, **settings) == epochs(moments, small=False, **settings)


def test_more_features_than_one_take_numpy() -> None:
    block = Block(values=np.array([[1, 2, 5], [2, 4, 6], [3, 7, 9]]), decimals=(0, 0, 0))
    problem = set_up(SplitMoments(moments=sum_block(("a", "b", "y"), block)), Settings())
    assert not is_small(prepare_descent(problem, may_be_small=True).compressed.X)


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=2, max_size=3))
def test_learning_rates_are_those_of_numpy(rows: list[tuple[float, float]]) -> None:
    X = np.array(rows)
    rank = int(np.linalg.matrix_rank(X))
    found = learning_rates(matrix_of(rows, 2, small=True), 5, rank=rank)
    wanted = learning_rates(X, 5, rank=rank)
    assert found.largest == pytest.approx(wanted.largest, rel=1e-12)
    # LAPACK computes the smaller singular value with an error relative to the larger one
    size = math.sqrt(wanted.largest)
    assert math.sqrt(found.smallest) == pytest.approx(math.sqrt(wanted.smallest), abs=1e-14 * size)


@given(st.lists(FLOATS, max_size=3), st.lists(FLOATS, max_size=3))
def test_vectors_add_up_as_in_numpy(first: list[float], second: list[float]) -> None:
    size = min(len(first), len(second))
    pairs = [
        [vector_of(values[:size], small=small) for values in (first, second)]
        for small in (True, False)
    ]
    sums, wanted = ([a + b, a - b, a * b, 0.5 * a] for a, b in pairs)
    assert [v.tolist() for v in sums] == [v.tolist() for v in wanted]
    assert [v.sum() for v in sums] == [v.sum() for v in wanted]
    assert [v.any() for v in sums] == [v.any() for v in wanted]
