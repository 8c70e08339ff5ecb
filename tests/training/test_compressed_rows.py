"""Compressed rows: a few rows with the loss and the gradients of all rows."""

import math
from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.training.compressed_rows import (
    CompressedRows,
    compress_rows,
    triangular_factor,
)
from linreg_cli.training.normal_equations import least_squares
from linreg_cli.training.scaling import Scaling
from tests import oracles
from tests.oracles import Matrix
from tests.strategies import CELLS, Problem, block_of, problems

WEIGHTS = st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4)
ONE_ROUNDING = 2.0**-53


def scaling_of(problem: Problem, *, scale: bool = True) -> Scaling:
    return Scaling.of(problem.moments, has_intercept=problem.has_intercept, scale=scale)


def make(problem: Problem, *, scale: bool = True) -> CompressedRows:
    return compress_rows(problem.moments, scaling_of(problem, scale=scale))


def problem_of(*rows: tuple[str, ...], has_intercept: bool = True) -> Problem:
    return Problem(block_of(rows), has_intercept)


def exactly(values: Sequence[float]) -> list[Fraction]:
    return [Fraction(value) for value in values]


def moved_rows(problem: Problem, scaling: Scaling) -> Matrix:
    """Move and scale the features of the rows as the scaling says, without rounding."""
    centers = [oracles.fraction(center) for center in scaling.centers]
    scales = [oracles.fraction(scale) for scale in scaling.scales]
    first = [Fraction(1)] * problem.has_intercept
    return [
        first
        + [
            (x - center) / scale
            for x, center, scale in zip(row[len(first) :], centers, scales, strict=True)
        ]
        for row in problem.X
    ]


def length(column: Sequence[Fraction]) -> float:
    return math.sqrt(sum(x * x for x in column))


@given(problem=problems(cells=CELLS), numbers=WEIGHTS, scale=st.booleans())
def test_the_squared_error_is_that_of_the_rows_at_any_weights(
    problem: Problem, numbers: list[float], *, scale: bool
) -> None:
    compressed = make(problem, scale=scale)
    rows = moved_rows(problem, scaling_of(problem, scale=scale))
    weights = exactly(numbers[: len(rows[0])])
    small = [exactly(row) for row in compressed.X.tolist()]
    found = oracles.squared_error(small, exactly(compressed.y.tolist()), weights)
    wanted = oracles.squared_error(rows, problem.y, weights)
    lengths = [length(column) for column in zip(*rows, strict=True)]
    size = sum(abs(w) * x for w, x in zip(numbers, lengths, strict=False)) + length(problem.y)
    assert float(found) == pytest.approx(float(wanted), rel=0, abs=1e-14 * size**2)


@given(problem=problems(), scale=st.booleans())
def test_compressed_rows_are_as_many_as_independent_columns(
    problem: Problem, *, scale: bool
) -> None:
    compressed = make(problem, scale=scale)
    with_target = [[*x, y] for x, y in zip(problem.X, problem.y, strict=True)]
    assert len(compressed.X) == len(compressed.y) == oracles.rank(with_target)


@given(problem=problems(), scale=st.booleans())
def test_compressed_rows_keep_the_columns_of_the_design_matrix(
    problem: Problem, *, scale: bool
) -> None:
    compressed = make(problem, scale=scale)
    assert compressed.X.shape[1] == len(problem.X[0])
    assert compressed.n_rows == len(problem.X)


@given(problems(cells=CELLS))
def test_scaled_features_have_mean_square_1(problem: Problem) -> None:
    for column in list(zip(*moved_rows(problem, scaling_of(problem)), strict=True)):
        mean_square = sum(x * x for x in column) / len(column)
        # the scale is a root rounded once
        assert mean_square == 0 or float(mean_square) == pytest.approx(1, rel=4 * ONE_ROUNDING)


@given(problems(cells=CELLS))
def test_scaled_features_have_mean_0_beside_an_intercept(problem: Problem) -> None:
    with_intercept = Problem(problem.block, has_intercept=True)
    for column in list(zip(*moved_rows(with_intercept, scaling_of(with_intercept)), strict=True))[
        1:
    ]:
        assert sum(column) == 0


@given(problems())
def test_features_that_are_not_scaled_keep_their_units(problem: Problem) -> None:
    assert moved_rows(problem, scaling_of(problem, scale=False)) == problem.X


def test_features_keep_their_center_without_an_intercept() -> None:
    problem = problem_of(("3", "1"), ("4", "2"), has_intercept=False)
    assert list(scaling_of(problem).centers) == [0]


def test_a_feature_without_spread_is_only_centered() -> None:
    problem = problem_of(("3", "1"), ("3", "2"))
    scaling = scaling_of(problem)
    assert [*scaling.centers, *scaling.scales] == [3, 1]


def test_a_feature_without_spread_has_a_column_of_zeros() -> None:
    assert make(problem_of(("3", "1"), ("3", "2"))).X[:, 1].tolist() == [0, 0]


@given(problem=problems(cells=CELLS), numbers=WEIGHTS, scale=st.booleans())
def test_weights_in_column_units_predict_the_same(
    problem: Problem, numbers: list[float], *, scale: bool
) -> None:
    scaling = scaling_of(problem, scale=scale)
    weights = exactly(numbers[: len(problem.X[0])])
    slopes = [
        w / oracles.fraction(s)
        for w, s in zip(weights[problem.has_intercept :], scaling.scales, strict=True)
    ]
    first = [
        weights[0]
        - sum(m * oracles.fraction(c) for m, c in zip(slopes, scaling.centers, strict=True))
    ][: problem.has_intercept]
    found = scaling.to_columns(oracles.floats(weights))
    assert found == tuple(map(float, first + slopes))


@given(problem=problems(), scale=st.booleans())
def test_the_optimum_is_the_exact_solution_for_scaled_features(
    problem: Problem, *, scale: bool
) -> None:
    scaling = scaling_of(problem, scale=scale)
    rows = moved_rows(problem, scaling)
    kept = oracles.independent_columns(problem.X)
    wanted = (
        oracles.least_squares([[row[j] for j in kept] for row in rows], problem.y) if kept else []
    )
    optimum = [0.0] * len(rows[0])
    for j, weight in zip(kept, wanted, strict=True):
        optimum[j] = float(weight)
    solution = least_squares(problem.moments, has_intercept=problem.has_intercept)
    assert scaling.to_scaled(solution.weights).tolist() == optimum


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_weights_that_are_no_numbers_have_no_column_units(bad: float) -> None:
    scaling = scaling_of(problem_of(("3", "1"), ("4", "2")))
    assert str(scaling.to_columns(np.array([1.0, bad]))) == "(nan, nan)"


def test_a_weight_too_large_in_column_units_is_no_fit() -> None:
    scaling = scaling_of(problem_of(("1e-200", "1"), ("2e-200", "2"), ("4e-200", "3")))
    with pytest.raises(FitError, match="too large for a 64-bit float"):
        scaling.to_columns(np.array([0.0, 1e200]))


@pytest.mark.parametrize("zeros", [10, 100, 300])
def test_features_that_are_nearly_constant_can_be_scaled(zeros: int) -> None:
    problem = problem_of(("1", "1"), ("1." + "0" * zeros + "1", "2"), ("1", "4"))
    column = [row[1] for row in moved_rows(problem, scaling_of(problem))]
    assert float(sum(x * x for x in column) / 3) == pytest.approx(1)


def school_factor(gram: Matrix, independent: Sequence[int], context: Context) -> list[list[float]]:
    """Factor by the textbook's loop, in decimals of many digits."""
    with localcontext(context):
        G = [[Decimal(v.numerator) / v.denominator for v in row] for row in gram]
        R: list[list[Decimal]] = []
        for k in independent:
            below = [
                G[k][j] - sum((row[k] * row[j] for row in R), Decimal()) for j in range(len(G))
            ]
            R.append([value / below[k].sqrt() for value in below])
        # a column of pivots is zero below its pivot, where the decimals leave a crumb
        for i, row in enumerate(R):
            for k in independent[:i]:
                row[k] = Decimal()
        return [[float(value) for value in row] for row in R]


@pytest.mark.parametrize("degree", [1, 4, 10])
@pytest.mark.parametrize("step", [Fraction(1, 7), Fraction(1, 10**24)])
def test_every_entry_is_right_however_nearly_collinear_the_columns(
    degree: int, step: Fraction
) -> None:
    rows = [[(1000 + i * step) ** k for k in range(degree + 1)] for i in range(degree + 3)]
    gram = [
        [sum((row[i] * row[j] for row in rows), Fraction()) for j in range(degree + 1)]
        for i in range(degree + 1)
    ]
    wanted = school_factor(gram, range(degree + 1), Context(prec=1500))
    found = triangular_factor(
        [[fmpq(v.numerator, v.denominator) for v in row] for row in gram], range(degree + 1)
    )
    lengths = np.sqrt(np.diag(oracles.floats(gram)))
    np.testing.assert_allclose(
        found / lengths, np.array(wanted) / lengths, rtol=0, atol=ONE_ROUNDING
    )
    np.testing.assert_allclose(np.diag(found), np.diag(wanted), rtol=2 * ONE_ROUNDING)


def test_the_factor_of_dependent_columns_writes_them_as_their_combinations() -> None:
    # columns a, 2a, b of rows (1, 0), (0, 1)
    gram = [[1, 2, 0], [2, 4, 0], [0, 0, 1]]
    found = triangular_factor([[fmpq(v) for v in row] for row in gram], [0, 2])
    assert found.tolist() == [[1, 2, 0], [0, 0, 1]]


def test_the_factor_of_nothing_is_empty() -> None:
    assert triangular_factor([[fmpq(0)]], []).shape == (0, 1)


@given(problem=problems(), scale=st.booleans())
def test_the_factor_is_zero_below_its_pivots(problem: Problem, *, scale: bool) -> None:
    compressed = make(problem, scale=scale)
    for i, j in enumerate(oracles.independent_columns(problem.X)):
        assert not compressed.X[i + 1 :, j].any()


@pytest.mark.parametrize("weights", [[1e200, 0.0], [1.7e308, 1.7e308], [math.inf, math.inf]])
def test_a_loss_beyond_float64_is_no_finite_number(weights: list[float]) -> None:
    mini = CompressedRows(X=np.array([[1.0, -2.0], [3.0, 4.0]]), y=np.array([0.0, 1.0]), n_rows=2)
    assert not math.isfinite(mini.loss(np.array(weights)))
