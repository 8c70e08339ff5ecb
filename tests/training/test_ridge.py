"""Ridge: the exact penalised fit, against fractions and scikit-learn."""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, strategies as st
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from linreg_cli.exact.rationals import to_float
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.compressed_rows import compress_rows
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.descent_run import run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.normal_equations import NO_PENALTY, Penalty, least_squares
from linreg_cli.training.problem import set_up
from linreg_cli.training.scaling import Scaling
from tests import oracles
from tests.conftest import Linreg
from tests.models import NOISY, WEIGHTS, learn, plain_moments, weighted_moments
from tests.references import Floats, RealData, real_data, ridge
from tests.strategies import Problem, block_of, fractions_of, problems

GUIDE = Path(__file__).parents[2] / "docs" / "training.md"

REAL = ["longley", "stackloss", "statecrime", "ccard", "elnino", "sacramento"]
on_real_data = pytest.mark.parametrize("name", REAL)
either_intercept = pytest.mark.parametrize("has_intercept", [True, False])
either_scale = pytest.mark.parametrize("on_scaled", [True, False])

L2S = st.sampled_from(list(map(Fraction, ["0.1", "1", "7.5", "1e-9", "1e6"])))
Rows = Sequence[Sequence[str]]


def slopes_and_intercept(model: Model) -> list[float]:
    return [model.b, *model.slopes]


def features_and_target(rows: Rows) -> tuple[list[list[Fraction]], list[Fraction]]:
    numbers = fractions_of(block_of(rows))
    return [row[:-1] for row in numbers], [row[-1] for row in numbers]


# fractions


@given(problem=problems(), l2=L2S, on_scaled=st.booleans())
def test_weights_are_exactly_those_of_the_penalised_equations(
    problem: Problem, l2: Fraction, *, on_scaled: bool
) -> None:
    X = [row[problem.has_intercept :] for row in problem.X]
    has_spread = not on_scaled or all(
        len(set(column)) > 1 if problem.has_intercept else any(column)
        for column in zip(*X, strict=True)
    )
    assume(has_spread)  # else a slope costs nothing, and the fit need not be unique
    penalty = Penalty(l2=fmpq(l2.numerator, l2.denominator), on_scaled=on_scaled)
    found = least_squares(problem.moments, has_intercept=problem.has_intercept, penalty=penalty)
    expected = ridge(X, problem.y, l2, has_intercept=problem.has_intercept, on_scaled=on_scaled)
    assert [oracles.fraction(weight) for weight in found.weights] == expected
    assert found.is_unique


@given(problem=problems(), l2=L2S, on_scaled=st.booleans())
def test_the_objective_is_the_smallest_penalised_error(
    problem: Problem, l2: Fraction, *, on_scaled: bool
) -> None:
    penalty = Penalty(l2=fmpq(l2.numerator, l2.denominator), on_scaled=on_scaled)
    found = least_squares(problem.moments, has_intercept=problem.has_intercept, penalty=penalty)
    weights = [oracles.fraction(weight) for weight in found.weights]
    slopes = weights[problem.has_intercept :]
    spreads = list(map(_spread(problem, on_scaled=on_scaled), range(len(slopes))))
    cost = sum((m**2 * s for m, s in zip(slopes, spreads, strict=True)), Fraction())
    error = oracles.squared_error(problem.X, problem.y, weights)
    assert oracles.fraction(found.objective) == error + len(problem.y) * l2 * cost


def _spread(problem: Problem, *, on_scaled: bool) -> Any:
    """Return the function from a feature's position to its mean square, about its mean."""

    def spread(j: int) -> Fraction:
        column = [row[j + problem.has_intercept] for row in problem.X]
        center = sum(column, Fraction()) / len(column) if problem.has_intercept else 0
        return sum(((v - center) ** 2 for v in column), Fraction()) / len(column)

    return spread if on_scaled else lambda _: Fraction(1)


@either_intercept
@either_scale
@pytest.mark.parametrize("l2", [0.1, 1.0, 1e-05])
def test_weighted_ridge_is_exactly_that_of_the_weighted_equations(
    l2: float, *, on_scaled: bool, has_intercept: bool
) -> None:
    X, y = features_and_target(NOISY)
    model = learn(
        weighted_moments(NOISY, WEIGHTS), l2=(l2,), scale=on_scaled, intercept=has_intercept
    )
    expected = ridge(
        X,
        y,
        Fraction(repr(l2)),
        has_intercept=has_intercept,
        on_scaled=on_scaled,
        weights=list(map(Fraction, WEIGHTS)),
    )
    found = slopes_and_intercept(model)[0 if has_intercept else 1 :]
    assert found == list(map(float, expected))


def test_a_penalty_is_the_decimal_that_was_typed() -> None:
    # 0.1 is a tenth: with the float64 next to it, some weight would round to another one
    X, y = features_and_target(NOISY)
    model = learn(plain_moments(NOISY), l2=(0.1,))
    assert slopes_and_intercept(model) == list(map(float, ridge(X, y, Fraction(1, 10))))
    assert ridge(X, y, Fraction(1, 10)) != ridge(X, y, Fraction(0.1))


def test_a_penalty_of_0_is_no_penalty() -> None:
    moments = plain_moments(real_data("longley").rows())
    found = least_squares(moments, penalty=Penalty(l2=fmpq(0)))
    assert found == least_squares(moments) == least_squares(moments, penalty=NO_PENALTY)


def test_the_loss_is_the_mean_squared_error_plus_the_penalty() -> None:
    X, y = features_and_target(NOISY)
    model = learn(plain_moments(NOISY), l2=(0.5,))
    weights = list(map(Fraction, slopes_and_intercept(model)))
    error = oracles.squared_error([[Fraction(1), *row] for row in X], y, weights)
    columns = list(zip(*X, strict=True))
    means = [sum(column) / Fraction(5) for column in columns]
    spreads = [
        sum((v - mean) ** 2 for v in column) / 5
        for column, mean in zip(columns, means, strict=True)
    ]
    cost = sum(m**2 * spread for m, spread in zip(weights[1:], spreads, strict=True))
    assert model.training.loss == float(error / 5 + cost / 2)
    assert model.training.l2 == 0.5


# what a penalty does


def test_the_intercept_is_never_penalised() -> None:
    model = learn(plain_moments(NOISY), l2=(1e15,))
    # slopes of nothing leave the mean of the target
    np.testing.assert_allclose(model.slopes, 0, atol=1e-14)
    assert model.b == pytest.approx(24.75 / 5, rel=1e-13)


def test_units_do_not_matter_on_scaled_features() -> None:
    in_thousands = [(f"{x0}e-3", x1, y) for x0, x1, y in NOISY]
    one, other = (learn(plain_moments(rows), l2=(0.3,)) for rows in (NOISY, in_thousands))
    assert other.slopes[0] == pytest.approx(1000 * one.slopes[0], rel=1e-15)
    assert (other.slopes[1], other.b) == (one.slopes[1], one.b)


def test_units_matter_on_raw_features() -> None:
    in_thousands = [(f"{x0}e-3", x1, y) for x0, x1, y in NOISY]
    one, other = (
        learn(plain_moments(rows), l2=(0.3,), scale=False) for rows in (NOISY, in_thousands)
    )
    assert abs(other.slopes[0]) < abs(500 * one.slopes[0])


def test_a_larger_penalty_makes_smaller_slopes() -> None:
    moments = plain_moments(real_data("longley").rows())
    scaling = Scaling.of(moments, has_intercept=True, scale=True)
    sizes = [
        float(np.linalg.norm(scaling.to_scaled(found.weights)[1:]))
        for found in (
            least_squares(moments, penalty=Penalty(l2=fmpq(1, ten))) for ten in (1000, 100, 10, 1)
        )
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


def test_collinear_columns_have_one_fit_with_a_penalty() -> None:
    rows = [("1", "2", "5"), ("2", "4", "6"), ("3", "6", "9")]
    X, y = features_and_target(rows)
    model = learn(plain_moments(rows), l2=(0.25,))
    assert slopes_and_intercept(model) == list(map(float, ridge(X, y, Fraction(1, 4))))


# scikit-learn


def with_scikit_learn(
    data: RealData, l2: float, *, on_scaled: bool, has_intercept: bool, weights: Any = None
) -> Floats:
    """Fit Ridge with alpha = l2 * rows; give the weights of the columns, the intercept first."""
    total = len(data.y) if weights is None else weights.sum()
    scaler = StandardScaler(with_mean=has_intercept, with_std=on_scaled)
    x = scaler.fit_transform(data.x, sample_weight=weights)
    scales = scaler.scale_ if on_scaled else np.ones(x.shape[1])
    if on_scaled and not has_intercept:  # root mean square, not standard deviation
        scales = np.sqrt((data.x**2).mean(axis=0))
        x = data.x / scales
    fitted = Ridge(alpha=l2 * total, fit_intercept=has_intercept, solver="svd")
    fitted.fit(x, data.y, sample_weight=weights)
    slopes = np.asarray(fitted.coef_) / scales
    center = scaler.mean_ if has_intercept else np.zeros(x.shape[1])
    return np.array([fitted.intercept_ - slopes @ center, *slopes])


@on_real_data
@either_scale
@either_intercept
@pytest.mark.parametrize("l2", [0.01, 1.0, 30.0])
def test_ridge_is_that_of_scikit_learn(
    name: str, l2: float, *, on_scaled: bool, has_intercept: bool
) -> None:
    data = real_data(name)
    model = learn(plain_moments(data.rows()), l2=(l2,), scale=on_scaled, intercept=has_intercept)
    expected = with_scikit_learn(data, l2, on_scaled=on_scaled, has_intercept=has_intercept)
    # scikit-learn works in float64: it loses digits where raw columns are nearly collinear
    np.testing.assert_allclose(slopes_and_intercept(model), expected, rtol=1e-7, atol=1e-9)


@on_real_data
def test_weighted_ridge_is_that_of_scikit_learn(name: str) -> None:
    data = real_data(name)
    weights = data.spread_weights()
    model = learn(weighted_moments(data.rows(), weights), l2=(0.5,))
    expected = with_scikit_learn(
        data, 0.5, on_scaled=True, has_intercept=True, weights=np.array(list(map(float, weights)))
    )
    np.testing.assert_allclose(slopes_and_intercept(model), expected, rtol=1e-9)


# gradient descent


def descend(moments: Moments, **asked: Any) -> Model:
    settings = Settings(epochs=20_000, **asked)
    problem = set_up(SplitMoments(moments=moments), settings)
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, lambda _: None))


@either_intercept
@pytest.mark.parametrize("name", ["stackloss", "statecrime", "elnino", "sacramento"])
def test_gradient_descent_finds_the_ridge_solution(name: str, *, has_intercept: bool) -> None:
    moments = plain_moments(real_data(name).rows())
    walked = descend(moments, l2=(0.1,), intercept=has_intercept)
    solved = learn(moments, l2=(0.1,), intercept=has_intercept)
    assert walked.training.stopped == "converged"
    # the descent stops at 1e-12 of its first distance, which is one of predictions
    np.testing.assert_allclose(walked.slopes, solved.slopes, rtol=1e-8, atol=1e-9)
    assert walked.b == pytest.approx(solved.b, rel=1e-8)
    assert walked.training.best_loss == solved.training.best_loss


def test_gradient_descent_finds_the_raw_ridge_solution() -> None:
    moments = plain_moments(NOISY)
    walked, solved = (
        descend(moments, l2=(0.1,), scale=False),
        learn(moments, l2=(0.1,), scale=False),
    )
    assert walked.training.stopped == "converged"
    np.testing.assert_allclose(
        slopes_and_intercept(walked), slopes_and_intercept(solved), rtol=1e-9
    )


@either_intercept
def test_gradient_descent_of_weighted_rows_finds_the_ridge_solution(*, has_intercept: bool) -> None:
    moments = weighted_moments(NOISY, WEIGHTS)
    walked = descend(moments, l2=(0.1,), intercept=has_intercept)
    solved = learn(moments, l2=(0.1,), intercept=has_intercept)
    np.testing.assert_allclose(
        slopes_and_intercept(walked), slopes_and_intercept(solved), rtol=1e-9, atol=1e-12
    )


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=3), st.sampled_from([0.1, 2.0]))
def test_penalised_compressed_rows_have_the_penalised_loss(weights: list[float], l2: float) -> None:
    data = real_data("stackloss")
    rows = [(row[0], row[1], row[-1]) for row in data.rows()]
    moments = plain_moments(rows)
    scaling = Scaling.of(moments, has_intercept=True, scale=True)
    compressed = compress_rows(moments, scaling).penalised(l2, has_intercept=True)
    x = np.array([[float(v) for v in row[:-1]] for row in rows])
    design = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)])
    w = np.array(weights)
    expected = np.mean((design @ w - data.y) ** 2) + l2 * (w[1:] ** 2).sum()
    assert compressed.loss(w) == pytest.approx(expected, rel=1e-12)


def test_the_logged_loss_has_the_penalty(linreg: Linreg, houses: Path) -> None:
    done = linreg(
        "train",
        houses.name,
        "--x",
        "square_feet",
        "--y",
        "price",
        "--l2",
        "1",
        "--history",
        "h.csv",
    )
    assert "scaled features, ridge penalty; " in done.stderr
    last = [float(cell) for cell in Path("h.csv").read_text().splitlines()[-1].split(",")]
    _, loss, b, m = last
    x = np.array([500, 1000, 1500, 2000, 2500])
    expected = np.mean((b + m * x - 300 * x) ** 2) + (m * x.std()) ** 2
    assert loss == pytest.approx(expected, rel=1e-12)
    assert json.loads(Path("model.json").read_text())["training"]["l2"] == 1


# the definition is documented


@pytest.mark.parametrize(
    "phrase", ["sum of the squared weights", "of the scaled features", "Ridge(alpha="]
)
def test_the_help_defines_the_penalty_and_its_counterpart(linreg: Linreg, phrase: str) -> None:
    assert phrase in " ".join(linreg("train", "--help").stdout.split())


def test_the_guide_defines_the_penalty_and_its_counterpart() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert "--l2" in guide
    assert "Ridge(alpha" in guide


def test_the_exact_solution_is_rounded_once() -> None:
    X, y = features_and_target(NOISY)
    found = least_squares(plain_moments(NOISY), penalty=Penalty(l2=fmpq(1, 3)))
    assert list(map(to_float, found.weights)) == list(map(float, ridge(X, y, Fraction(1, 3))))
