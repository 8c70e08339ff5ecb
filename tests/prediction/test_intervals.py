"""How uncertain a prediction is: leverages and intervals, against fractions and statsmodels."""

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.exact.block import Block
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.prediction.intervals import Uncertainty
from linreg_cli.prediction.leverages import Leverages
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.descent_run import run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.problem import set_up
from tests.exactly import Exactly
from tests.models import NOISY, WEIGHTS, Rows, learn, plain_moments, weighted_moments
from tests.oracles import independent_columns
from tests.references import Floats, decimal, ols, real_data, root, t_quantile, wls
from tests.strategies import Problem, block_of, problems

NEW = [("1", "0"), ("4.5", "0.25"), ("-3", "7.125"), ("1000", "-1e3")]
REAL = ["longley", "stackloss", "statecrime", "spector", "engel", "ccard", "elnino", "star98"]


def uncertainty(rows: Rows, confidence: float = 0.95, **asked: Any) -> Uncertainty:
    return Uncertainty.of(learn(plain_moments(rows), **asked), confidence)


def features(rows: Rows) -> Block:
    """Take the target off."""
    return block_of([row[:-1] for row in rows])


def with_one(row: Sequence[str], *, has_intercept: bool = True) -> list[Fraction]:
    return [Fraction(1)] * has_intercept + [Fraction(cell) for cell in row]


def half_width(exactly: Exactly, row: Sequence[Fraction], confidence: str, extra: int) -> float:
    """Return the quantile times √(s² (extra + h)): extra is 1 for a new row, 0 for the mean."""
    free = len(exactly.y) - len(exactly.X[0])
    variance = exactly.error() / free * (extra + exactly.leverage(row))
    return float(t_quantile(Fraction(confidence), free)) * root(variance)


@pytest.mark.parametrize("weight", ["1e-320", "1e-310", "1e-300", "4"])
def test_the_inverse_of_a_small_weight_may_be_beyond_float64(weight: str) -> None:
    known = uncertainty(NOISY)
    [leverage] = known.leverages.of_rows(features(NOISY[:1])).tolist()
    expected = known.margin * root(1 / Fraction(float(weight)) + Fraction(leverage))
    found = known.of_rows(features(NOISY[:1]), np.array([float(weight)]))
    assert found == pytest.approx([expected], rel=1e-15)


def test_an_exact_fit_has_no_width_at_any_weight() -> None:
    exact = uncertainty([("1", "2"), ("2", "4"), ("3", "6")])
    assert exact.of_rows(features([("5", "0")]), np.array([1e-320])).tolist() == [0]


# fractions


@pytest.mark.slow
@given(problem=problems())
def test_leverages_are_those_of_the_hat_matrix(problem: Problem) -> None:
    assume(len(problem.y) > len(problem.X[0]))
    assume(len(independent_columns(problem.X)) == len(problem.X[0]))
    exactly = Exactly(problem.X, problem.y, problem.has_intercept)
    block = Block(values=problem.block.values[:, :-1], decimals=problem.block.decimals[:-1])
    found = Uncertainty.of(learn(problem.moments, intercept=problem.has_intercept), 0.9)
    expected = [float(exactly.leverage(row)) for row in problem.X]
    np.testing.assert_allclose(found.leverages.of_rows(block), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("confidence", ["0.5", "0.95", "0.999"])
@pytest.mark.parametrize("has_intercept", [True, False])
def test_half_widths_are_those_of_the_formula(confidence: str, *, has_intercept: bool) -> None:
    exactly = Exactly.of(NOISY, has_intercept=has_intercept)
    found = uncertainty(NOISY, float(confidence), intercept=has_intercept)
    rows = [with_one(row, has_intercept=has_intercept) for row in NEW]
    for method, extra in ((found.of_rows, 1), (found.of_means, 0)):
        expected = [half_width(exactly, row, confidence, extra) for row in rows]
        np.testing.assert_allclose(method(block_of(NEW)), expected, rtol=1e-13)


@pytest.mark.parametrize("name", ["stackloss", "elnino", "star98"])
def test_a_row_has_the_same_interval_alone_and_among_others(name: str) -> None:
    rows = real_data(name).rows()
    found = uncertainty(rows)
    alone = [found.of_rows(features([row])).tolist()[0] for row in rows]
    assert found.of_rows(features(rows)).tolist() == alone


def test_the_leverages_of_the_training_rows_add_up_to_the_count_of_weights() -> None:
    data = real_data("elnino")
    leverages = uncertainty(data.rows()).leverages.of_rows(features(data.rows()))
    assert leverages.sum() == pytest.approx(12, rel=1e-13)
    assert (leverages > 0).all()
    assert (leverages < 1).all()


@pytest.mark.parametrize("first", [0, 1_700_000_000, 1_700_000_000_000_000])
def test_a_far_origin_of_a_feature_costs_no_digit(first: int) -> None:
    # epoch seconds and microseconds: x squared is past float64
    rows = [(str(first + x), str(y)) for x, y in enumerate([3, 1, 4, 1, 5, 9, 2, 6, 5, 3])]
    near = [(str(x), y) for x, (_, y) in enumerate(rows)]
    new = [-3, 0, 4, 25]
    found = uncertainty(rows).of_rows(block_of([(str(first + x),) for x in new]))
    exactly = Exactly.of(near)
    expected = [half_width(exactly, with_one([str(x)]), "0.95", 1) for x in new]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def powers(x: int, degree: int) -> list[str]:
    return [str(x**k) for k in range(1, degree + 1)]


def test_intervals_of_a_polynomial_keep_their_digits() -> None:
    # degree 5, as NIST's Wampler: a condition number of 1600
    rows = [(*powers(x, 5), str(x * x + 3 * x % 7)) for x in range(21)]
    exactly = Exactly.of(rows)
    found = uncertainty(rows).of_rows(features(rows))
    expected = [half_width(exactly, with_one(row[:-1]), "0.95", 1) for row in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("digits", [4, 9, 28])
def test_intervals_of_nearly_collinear_columns_keep_their_digits(digits: int) -> None:
    # the second column is the first, but for a digit far behind the point in two rows
    nearly = [f"{x}.{'0' * digits}{int(x in {1, 5})}" for x in range(1, 6)]
    rows = [(str(x), b, y) for x, b, y in zip(range(1, 6), nearly, "23549", strict=True)]
    exactly = Exactly.of(rows)
    found = uncertainty(rows).of_rows(features(rows))
    expected = [half_width(exactly, with_one(row[:-1]), "0.95", 1) for row in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_large_integers_of_more_than_18_digits_have_intervals() -> None:
    rows = [(f"{x}{'0' * 25}", y) for x, y in zip(range(1, 6), "23549", strict=True)]
    near = [(x[0], y) for x, y in rows]
    found = uncertainty(rows).of_rows(features(rows))
    np.testing.assert_allclose(found, uncertainty(near).of_rows(features(near)), rtol=1e-13)


# statsmodels


def new_rows(x: Floats) -> Floats:
    """Make rows that are not in the data: some inside its range, one far outside."""
    return np.vstack([x.mean(axis=0), (x[:5] + x[-5:]) / 2, x.max(axis=0) * 2])


def as_block(x: Floats) -> Block:
    return block_of([tuple(map(repr, row)) for row in x.tolist()])


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize(
    ("name", "has_intercept", "kind"),
    list(itertools.product(REAL, [True, False], ["plain", "weighted"])),
)
def test_intervals_are_those_of_statsmodels(
    name: str, kind: str, level: float, *, has_intercept: bool
) -> None:
    data = real_data(name)
    if kind == "plain":
        moments, fitted = plain_moments(data.rows()), ols(data, has_intercept=has_intercept)
    else:
        moments = weighted_moments(data.rows(), data.spread_weights())
        fitted = wls(data, has_intercept=has_intercept)
    x = new_rows(data.x)
    design = np.column_stack([np.ones(len(x)), x]) if has_intercept else x
    expected = fitted.get_prediction(design).summary_frame(alpha=1 - level)
    found = Uncertainty.of(learn(moments, intercept=has_intercept), level)
    # float64 loses digits of Longley, whose columns are nearly collinear
    rtol = 1e-6 if name == "longley" else 1e-9
    for half, kind_of_interval in (
        (found.of_rows(as_block(x)), "obs_ci"),
        (found.of_means(as_block(x)), "mean_ci"),
    ):
        width = expected[f"{kind_of_interval}_upper"] - expected[f"{kind_of_interval}_lower"]
        np.testing.assert_allclose(2 * half, width, rtol=rtol)


@pytest.mark.parametrize("name", ["stackloss", "statecrime", "elnino"])
def test_leverages_are_those_of_statsmodels(name: str) -> None:
    data = real_data(name)
    found = uncertainty(data.rows()).leverages.of_rows(features(data.rows()))
    expected = ols(data).get_influence().hat_matrix_diag
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_row_with_a_weight_has_the_interval_of_its_weight() -> None:
    data = real_data("stackloss")
    weights = np.array(list(map(float, data.spread_weights())))
    found = Uncertainty.of(learn(weighted_moments(data.rows(), data.spread_weights())), 0.95)
    frame = wls(data).get_prediction(weights=weights).summary_frame()
    expected = frame["obs_ci_upper"] - frame["obs_ci_lower"]
    half = found.of_rows(features(data.rows()), weights)
    np.testing.assert_allclose(2 * half, expected, rtol=1e-10)


def test_intervals_are_about_the_least_squares_fit_however_the_model_was_trained() -> None:
    problem = set_up(SplitMoments(moments=plain_moments(NOISY)), Settings(epochs=2))
    descent = prepare_descent(problem)
    early = descended_model(problem, descent, run_descent(descent, lambda _: None))
    found = Uncertainty.of(early, 0.95).of_rows(block_of(NEW))
    assert found.tolist() == uncertainty(NOISY).of_rows(block_of(NEW)).tolist()


# degenerate cases


def test_a_perfect_fit_has_intervals_of_no_width() -> None:
    found = uncertainty([("1", "5"), ("2", "7"), ("3", "9"), ("5", "13")])
    assert found.of_rows(block_of([("7",), ("-1.5",)])).tolist() == [0.0, 0.0]
    assert found.of_means(block_of([("7",), ("-1.5",)])).tolist() == [0.0, 0.0]


def test_no_degrees_of_freedom_leave_no_interval() -> None:
    with pytest.raises(FitError) as caught:
        uncertainty([("1", "5"), ("2", "7")])
    assert caught.value.message == "no interval: 2 rows leave no degrees of freedom for 2 weights"
    assert caught.value.hint == "Train on more rows."


def test_collinear_columns_leave_no_interval() -> None:
    rows = [("1", "2", "5"), ("2", "4", "6"), ("3", "6", "9"), ("4", "8", "1")]
    problem = set_up(SplitMoments(moments=plain_moments(rows)), Settings())
    descent = prepare_descent(problem)
    model = descended_model(problem, descent, run_descent(descent, lambda _: None))
    with pytest.raises(FitError) as caught:
        Uncertainty.of(model, 0.95)
    assert caught.value.message == "no interval: the weights are not unique: x1 = 2 * x0"
    assert caught.value.hint == "Train without 'x1'."


@pytest.mark.slow
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_more_confidence_needs_a_wider_interval(one: float, other: float) -> None:
    assume(one < other)
    block = block_of(NEW)
    narrow, wide = (uncertainty(NOISY, level).of_rows(block) for level in (one, other))
    assert (narrow < wide).all()


def test_the_interval_of_the_mean_is_inside_that_of_a_row() -> None:
    found = uncertainty(NOISY)
    assert (found.of_means(block_of(NEW)) < found.of_rows(block_of(NEW))).all()


# the flag


def flags(model: Model, rows: Rows) -> list[str]:
    columns = PredictionColumns(model=model, flag=Leverages.of(model))
    return [row[-1] for row in columns.of_block(block_of(rows))]


# two features that go together, so that their range has empty corners
DIAGONAL = [("1", "1", "3"), ("2", "2.1", "5"), ("3", "2.9", "5"), ("4", "4", "8"), ("5", "5", "9")]


@pytest.mark.parametrize(
    ("row", "flag"),
    [
        (("1", "1"), "inside"),
        (("3", "3"), "inside"),
        (("5", "5"), "inside"),
        (("5.1", "5"), "outside: x0"),
        (("3", "0.999"), "outside: x1"),
        (("0", "9"), "outside: x0; x1"),
        (("1", "5"), "high leverage"),
        (("4.5", "1.5"), "high leverage"),
    ],
)
def test_a_flag_tells_where_a_row_lies(row: Sequence[str], flag: str) -> None:
    assert flags(learn(plain_moments(DIAGONAL)), [row]) == [flag]
    if "outside" not in flag:
        leverage = Exactly.of(DIAGONAL).leverage(with_one(row))
        assert (leverage > 1) == (flag == "high leverage")


@pytest.mark.parametrize("name", ["longley", "stackloss", "statecrime", "elnino", "star98"])
def test_no_training_row_is_flagged(name: str) -> None:
    rows = real_data(name).rows()
    assert set(flags(learn(plain_moments(rows)), [row[:-1] for row in rows])) == {"inside"}


def test_a_training_row_with_a_leverage_of_exactly_1_is_not_flagged() -> None:
    # the third feature is 1 in the first row alone, which so has the leverage 1
    table = [
        (-24, -48, 1, -7), (-36, -9, 0, -21), (-12, -17, 0, -41), (-7, 8, 0, -21),
        (-39, -18, 0, -46), (-4, 29, 0, -15), (15, 24, 0, 42), (28, 47, 0, -49),
    ]  # fmt: skip
    rows = [tuple(map(str, row)) for row in table]
    assert Exactly.of(rows).leverage(with_one(rows[0][:-1])) == 1
    model = learn(plain_moments(rows))
    assert [flags(model, [row[:-1]]) for row in rows] == [["inside"]] * 8


@pytest.mark.parametrize("factor", ["0.01", "1", "100"])
def test_no_training_row_is_flagged_whatever_its_weight(factor: str) -> None:
    weights = [str(decimal(Fraction(weight) * Fraction(factor))) for weight in WEIGHTS]
    model = learn(weighted_moments(NOISY, weights))
    assert flags(model, [row[:-1] for row in NOISY]) == ["inside"] * 5


@pytest.mark.parametrize("factor", ["0.01", "100"])
def test_the_unit_of_the_weights_does_not_change_a_flag(factor: str) -> None:
    models = [
        learn(weighted_moments(DIAGONAL, [str(decimal(Fraction(factor) ** power))] * 5))
        for power in (0, 1)
    ]
    rows = [("1", "5"), ("3", "3")]
    # rows with weights have no bound on their leverage that a new row could be held against
    assert flags(models[0], rows) == flags(models[1], rows) == ["inside", "inside"]


def test_answers_are_the_prediction_less_and_more_the_half_width() -> None:
    model = learn(plain_moments(NOISY))
    found = Uncertainty.of(model, 0.9)
    halves = [
        (PredictionColumns(model=model, interval=found), found.of_rows(block_of(NEW))),
        (PredictionColumns(model=model, mean_interval=found), found.of_means(block_of(NEW))),
    ]
    for columns, half in halves:
        rows = [list(map(float, row)) for row in columns.of_block(block_of(NEW))]
        middle = [row[0] for row in rows]
        assert middle == pytest.approx(predicted_by_statsmodels(), rel=1e-12)
        assert [row[1] for row in rows] == [m - h for m, h in zip(middle, half, strict=True)]
        assert [row[2] for row in rows] == [m + h for m, h in zip(middle, half, strict=True)]


def predicted_by_statsmodels() -> list[float]:
    table = np.array([[float(cell) for cell in row] for row in NOISY])
    fitted = sm.OLS(table[:, -1], sm.add_constant(table[:, :-1])).fit()
    new = np.array([[1.0, *map(float, row)] for row in NEW])
    return [float(value) for value in fitted.predict(new)]


def test_the_names_of_the_new_columns_follow_the_first() -> None:
    model = learn(plain_moments(NOISY))
    found = Uncertainty.of(model, 0.9)
    bounds, of_mean = ["p_lower", "p_upper"], ["p_mean_lower", "p_mean_upper"]
    for has_flag in (False, True):
        flag = found.leverages if has_flag else None
        last = ["p_extrapolation"] if has_flag else []
        for columns, names in (
            (PredictionColumns(model=model, flag=flag), []),
            (PredictionColumns(model=model, flag=flag, interval=found), bounds),
            (PredictionColumns(model=model, flag=flag, mean_interval=found), bounds),
            (
                PredictionColumns(model=model, flag=flag, interval=found, mean_interval=found),
                bounds + of_mean,
            ),
        ):
            assert columns.names("p") == ["p", *names, *last]
