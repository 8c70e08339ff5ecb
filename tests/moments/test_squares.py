"""Sums of squares of a fit."""

from fractions import Fraction

import pytest
import statsmodels.api as sm
from flint import fmpq
from hypothesis import given, strategies as st

from linreg_cli.exact.rationals import from_float
from linreg_cli.moments.squares import r_squared, residual_sum_of_squares, total_sum_of_squares
from tests import oracles
from tests.strategies import CELLS, FLOATS, Problem, block_of, problems

WEIGHTS = st.lists(FLOATS, min_size=4, max_size=4)
ROWS = [
    ("1.5", "2", "7.25"),
    ("2", "-1", "3"),
    ("3.25", "0", "9"),
    ("4", "5", "1.5"),
    ("7", "2", "8"),
]


@given(problems(cells=CELLS), WEIGHTS)
def test_the_squared_error_of_any_weights_is_that_of_the_rows(
    problem: Problem, numbers: list[float]
) -> None:
    weights = numbers[: len(problem.columns)]
    with_ones = Problem(problem.block, has_intercept=True)
    wanted = oracles.squared_error(with_ones.X, problem.y, list(map(Fraction, weights)))
    assert (
        oracles.fraction(residual_sum_of_squares(problem.moments, list(map(from_float, weights))))
        == wanted
    )


@given(problems(cells=CELLS))
def test_with_an_intercept_the_total_is_about_the_mean(problem: Problem) -> None:
    mean = sum(problem.y, Fraction()) / len(problem.y)
    wanted = sum((y - mean) ** 2 for y in problem.y)
    total = total_sum_of_squares(problem.moments, has_intercept=True)
    assert oracles.fraction(total) == wanted


@given(problems(cells=CELLS))
def test_without_an_intercept_the_total_is_about_0(problem: Problem) -> None:
    total = total_sum_of_squares(problem.moments, has_intercept=False)
    assert oracles.fraction(total) == sum(y * y for y in problem.y)


@pytest.mark.parametrize("has_intercept", [True, False])
def test_r_squared_is_that_of_statsmodels(*, has_intercept: bool) -> None:
    problem = Problem(block_of(ROWS), has_intercept)
    reference = sm.OLS(oracles.floats(problem.y), oracles.floats(problem.X)).fit()
    b_and_slopes = reference.params if has_intercept else [0.0, *reference.params]
    residual = residual_sum_of_squares(problem.moments, list(map(from_float, b_and_slopes)))
    total = total_sum_of_squares(problem.moments, has_intercept=has_intercept)
    assert r_squared(residual, total) == pytest.approx(reference.rsquared, rel=1e-12)


def test_r_squared_of_a_constant_target_has_no_meaning() -> None:
    assert r_squared(fmpq(0), fmpq(0)) is None


def test_r_squared_of_weights_worse_than_the_mean_is_negative() -> None:
    assert r_squared(fmpq(6), fmpq(4)) == -0.5
