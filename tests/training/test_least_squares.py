"""The exact least-squares solution and its rank."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import assume, given, strategies as st

from linreg_cli.exact.block import Block
from linreg_cli.training.dependencies import CONSTANT, Dependency
from linreg_cli.training.normal_equations import LeastSquares, least_squares
from tests import oracles
from tests.strategies import CELLS, LARGEST, Problem, moments_of, problems


def solve(problem: Problem) -> LeastSquares:
    return least_squares(problem.moments, has_intercept=problem.has_intercept)


def weights_of(solution: LeastSquares) -> list[Fraction]:
    return [oracles.fraction(weight) for weight in solution.weights]


def column(problem: Problem, j: int) -> list[Fraction]:
    return [row[j] for row in problem.X]


@given(problems())
def test_unique_weights_are_those_of_school_elimination(problem: Problem) -> None:
    assume(oracles.rank(problem.X) == len(problem.X[0]))
    assert weights_of(solve(problem)) == oracles.least_squares(problem.X, problem.y)


@given(problems(cells=CELLS))
def test_residuals_are_orthogonal_to_every_column(problem: Problem) -> None:
    errors = oracles.residuals(problem.X, problem.y, weights_of(solve(problem)))
    for j in range(len(problem.X[0])):
        assert sum(e * x for e, x in zip(errors, column(problem, j), strict=True)) == 0


@given(problems(cells=CELLS))
def test_the_objective_is_the_residual_sum_of_squares_of_the_rows(problem: Problem) -> None:
    solution = solve(problem)
    errors = oracles.squared_error(problem.X, problem.y, weights_of(solution))
    assert oracles.fraction(solution.objective) == errors


@given(problems())
def test_the_leftmost_columns_that_span_all_are_the_independent_ones(problem: Problem) -> None:
    assert list(solve(problem).independent) == oracles.independent_columns(problem.X)


@given(problems())
def test_a_dependency_is_found_exactly_for_every_other_column(problem: Problem) -> None:
    names = ([CONSTANT] if problem.has_intercept else []) + list(problem.columns[:-1])
    independent = oracles.independent_columns(problem.X)
    others = [name for j, name in enumerate(names) if j not in independent]
    assert [found.column for found in solve(problem).dependencies] == others


@given(problems(max_rows=5))
def test_a_dependency_is_an_equation_that_every_row_fulfils(problem: Problem) -> None:
    names = ([CONSTANT] if problem.has_intercept else []) + list(problem.columns[:-1])
    for row in problem.X:
        cells = dict(zip(names, row, strict=True))
        for found in solve(problem).dependencies:
            terms = [oracles.fraction(factor) * cells[name] for name, factor in found.terms]
            assert cells[found.column] == sum(terms)


@given(problems(max_rows=5))
def test_a_dependency_names_only_independent_columns_that_it_needs(problem: Problem) -> None:
    names = ([CONSTANT] if problem.has_intercept else []) + list(problem.columns[:-1])
    solution = solve(problem)
    independent = {names[j] for j in solution.independent}
    for found in solution.dependencies:
        assert {name for name, _ in found.terms} <= independent
        assert all(factor != 0 for _, factor in found.terms)


@given(problems())
def test_a_feature_that_depends_on_earlier_ones_has_weight_0(problem: Problem) -> None:
    solution = solve(problem)
    others = set(range(len(solution.weights))) - set(solution.independent)
    assert all(solution.weights[j] == 0 for j in others)


@given(problems(), st.integers(-9, 9))
def test_scaling_the_target_scales_the_weights(problem: Problem, factor: int) -> None:
    values = problem.block.values.copy()
    values[:, -1] *= factor
    scaled = Problem(Block(values=values, decimals=problem.block.decimals), problem.has_intercept)
    assert weights_of(solve(scaled)) == [factor * weight for weight in weights_of(solve(problem))]


def test_weights_are_in_units_of_the_columns_as_written() -> None:
    moments = moments_of([("0.01", "1.5"), ("0.02", "2.25"), ("0.030", "3")], ("x", "y"))
    assert weights_of(least_squares(moments)) == [Fraction(3, 4), Fraction(75)]


def test_a_line_at_the_limit_of_int64_is_found_exactly() -> None:
    rows = [(LARGEST, 7), (LARGEST - 1, 6), (-LARGEST, 7 - 2 * LARGEST)]
    moments = moments_of([(str(x), str(y)) for x, y in rows], ("x", "y"))
    assert weights_of(least_squares(moments)) == [Fraction(7 - LARGEST), Fraction(1)]


def test_one_row_determines_the_intercept_alone() -> None:
    solution = least_squares(moments_of([("3", "5")], ("x", "y")))
    assert weights_of(solution) == [Fraction(5), Fraction(0)]
    assert solution.independent == (0,)


def test_a_fit_of_independent_columns_is_unique() -> None:
    assert least_squares(moments_of([("1", "5"), ("2", "6")], ("x", "y"))).is_unique


def test_a_fit_of_a_constant_feature_is_not_unique() -> None:
    assert not least_squares(moments_of([("1", "5"), ("1", "6")], ("x", "y"))).is_unique


def test_a_constant_feature_is_no_dependency_without_an_intercept() -> None:
    moments = moments_of([("2", "5"), ("2", "6")], ("x", "y"))
    solution = least_squares(moments, has_intercept=False)
    assert weights_of(solution) == [Fraction(11, 4)]
    assert solution.is_unique


def test_features_that_are_all_zero_leave_nothing_to_learn() -> None:
    moments = moments_of([("0", "5"), ("0", "6")], ("x", "y"))
    solution = least_squares(moments, has_intercept=False)
    assert weights_of(solution) == [Fraction(0)]
    assert solution.independent == ()
    assert solution.objective == 61


def test_nearly_collinear_columns_are_not_collinear() -> None:
    tiny = "0." + "0" * 30 + "1"
    rows = [("1", "1", "0"), ("2", "2" + tiny[1:], "1"), ("3", "3", "0"), ("4", "4", "5")]
    assert least_squares(moments_of(rows, ("a", "b", "y"))).is_unique


@pytest.mark.parametrize(
    ("rows", "equation"),
    [
        ([(2, 1, 4), (3, 1, 5), (5, 2, 9), (9, 7, 23)], "rooms = beds + 2 * baths"),
        ([(2, 1, 1), (3, 1, 2), (5, 2, 3), (9, 7, 2)], "rooms = beds - baths"),
        ([(2, 1, -2), (3, 1, -3), (5, 2, -5), (9, 7, -9)], "rooms = -beds"),
        ([(2, 1, 1), (3, 1, 0), (5, 2, -2), (9, 7, -6)], "rooms = 3 - beds"),
        ([(2, 1, -4), (3, 1, -6), (5, 2, -10), (9, 7, -18)], "rooms = -2 * beds"),
        ([(2, 1, 4), (3, 1, 4), (5, 2, 4), (9, 7, 4)], "rooms = 4"),
        ([(2, 1, 0), (3, 1, 0), (5, 2, 0), (9, 7, 0)], "rooms = 0"),
    ],
)
def test_a_dependency_reads_as_an_equation(rows: list[tuple[int, ...]], equation: str) -> None:
    texts = [[*map(str, row), str(i)] for i, row in enumerate(rows)]
    solution = least_squares(moments_of(texts, ("beds", "baths", "rooms", "y")))
    assert [str(found) for found in solution.dependencies] == [equation]


def test_a_factor_is_in_units_of_the_columns_as_written() -> None:
    rows = [("0.5", "1.00", "1"), ("0.25", "0.75", "2"), ("1", "1.50", "5")]
    solution = least_squares(moments_of(rows, ("a", "b", "y")))
    assert [str(found) for found in solution.dependencies] == ["b = 1/2 + a"]


@pytest.mark.parametrize(
    ("terms", "is_constant"),
    [
        ((), True),
        (((CONSTANT, fmpq(4)),), True),
        ((("x", fmpq(1)),), False),
        (((CONSTANT, fmpq(4)), ("x", fmpq(1))), False),
    ],
)
def test_a_column_of_one_value_is_constant(
    terms: tuple[tuple[str, fmpq], ...], *, is_constant: bool
) -> None:
    assert Dependency(column="c", terms=terms).is_constant == is_constant
