"""Descents of a few weights: the same bits on Python's floats as with NumPy."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

import tests.strategies  # noqa: F401 - loads the profile of Hypothesis
from linreg_cli.training.descent_setup import DescentSetup, GradientDescentSettings, SmallSetup
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.skip_epochs import descend_skipping
from linreg_cli.training.small_arithmetic import MOST, products, sum_of_squares
from tests.oracles import Floats

SIZES = st.integers(1, MOST)
NUMBERS = st.one_of(
    st.floats(-1e3, 1e3),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0]),
)


def arrays(draw: st.DrawFn, *shape: int) -> Floats:
    count = int(np.prod(shape))
    found = draw(st.lists(NUMBERS, min_size=count, max_size=count))
    return np.array(found).reshape(shape)


def bits(values: Floats | list[float]) -> list[str]:
    return [float(value).hex() for value in values]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Floats, Floats]:
    rows, columns = draw(SIZES), draw(SIZES)
    return arrays(draw, rows, columns), arrays(draw, columns)


@given(pairs())
def test_sums_are_those_of_numpy(pair: tuple[Floats, Floats]) -> None:
    X, w = pair
    with np.errstate(over="ignore", invalid="ignore"):
        assert bits(products(X.tolist(), w.tolist())) == bits((X * w).sum(axis=1))
        assert bits([sum_of_squares(w.tolist())]) == bits([(w**2).sum()])


@st.composite
def setups(draw: st.DrawFn) -> tuple[DescentSetup, DescentSetup]:
    rows, columns = draw(SIZES), draw(SIZES)
    X, y, optimum, start = (
        arrays(draw, *shape) for shape in ((rows, columns), (rows,), (columns,), (columns,))
    )
    settings = GradientDescentSettings(
        learning_rate=draw(st.floats(1e-6, 2)),
        epochs=draw(st.integers(0, 300)),
        tolerance=draw(st.sampled_from([0.0, 1e-12, 0.1])),
    )
    both = [
        kind(X, y, n_rows=rows + 0.5, start=start, optimum=optimum, settings=settings)
        for kind in (DescentSetup, SmallSetup)
    ]
    return both[0], both[1]


def all_of(epoch: Epoch) -> tuple[object, ...]:
    numbers = [epoch.loss, epoch.gap, epoch.distance]
    return epoch.number, bits(epoch.weights), bits(numbers), epoch.stopped


@given(setups(), st.integers(1, 9))
def test_a_descent_is_that_of_numpy(both: tuple[DescentSetup, DescentSetup], step: int) -> None:
    one, other = (
        list(map(all_of, descend_skipping(setup, lambda number: number + step))) for setup in both
    )
    assert one == other


@pytest.mark.parametrize(
    ("shape", "is_small"), [((3, 2), True), ((7, 7), True), ((8, 2), False), ((0, 2), False)]
)
def test_few_rows_and_columns_are_small(shape: tuple[int, int], *, is_small: bool) -> None:
    assert SmallSetup.fits(np.ones(shape)) is is_small
