"""Tests of the errors: those of statsmodels, and of exact fractions where it loses digits."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan, het_white, linear_reset
from statsmodels.stats.stattools import jarque_bera

from linreg_cli.model.model import Model
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import Summation
from linreg_cli.statistics.diagnostics import Diagnostics, DiagnosticTest
from linreg_cli.statistics.fourth_covariance import FourthCovariance
from linreg_cli.statistics.robust_kind import RobustKind
from linreg_cli.statistics.whole_fit import summarize
from tests.models import Rows, learn, names_of, plain_moments
from tests.oracles import least_squares
from tests.references import real_data
from tests.strategies import add_rows, block_of
from tests.summaries import column

pytestmark = pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")
"""Squares of indicators are these indicators: statsmodels says so."""

DATA = ["stackloss", "statecrime", "engel", "sacramento", "spector"]
CLOSE = 1e-9


def fourth_moments(rows: Rows, columns: Any = ()) -> Moments:
    summation = Summation(columns or names_of(rows), sums_fourth=True)
    add_rows(summation, block_of(rows))
    return summation.total()


def fitted(rows: Rows, columns: Any = (), **asked: Any) -> Model:
    return learn(fourth_moments(rows, columns), **asked)


def diagnosed(rows: Rows, columns: Any = (), **asked: Any) -> Diagnostics:
    found = summarize(fitted(rows, columns, **asked), 0.95).diagnostics
    assert found is not None
    return found


def assert_chi_squared(found: DiagnosticTest, statistic: float, p: float) -> None:
    assert found.statistic == pytest.approx(float(statistic), rel=CLOSE)
    assert found.p == pytest.approx(float(p), rel=CLOSE, abs=1e-300)


@pytest.mark.parametrize("name", DATA)
def test_tests_of_real_data_are_those_of_statsmodels(name: str) -> None:
    data = real_data(name)
    fit = sm.OLS(data.y, data.design()).fit()
    found = diagnosed(data.rows(), data.columns)
    assert_chi_squared(found.breusch_pagan, *het_breuschpagan(fit.resid, data.design())[:2])
    assert found.breusch_pagan.degrees_of_freedom == (len(data.features),)
    statistic, p, skewness, kurtosis = jarque_bera(fit.resid)
    assert_chi_squared(found.jarque_bera, statistic, p)
    assert found.skewness == pytest.approx(skewness, rel=CLOSE)
    assert found.kurtosis == pytest.approx(kurtosis, rel=CLOSE)


@pytest.mark.parametrize("name", ["engel", "stackloss", "statecrime", "spector"])
def test_white_and_reset_are_those_of_statsmodels(name: str) -> None:
    data = real_data(name)
    fit = sm.OLS(data.y, data.design()).fit()
    found = diagnosed(data.rows(), data.columns)
    reset = linear_reset(fit, power=2, test_type="fitted", use_f=True)
    assert_chi_squared(found.reset, reset.fvalue, reset.pvalue)
    assert found.reset.degrees_of_freedom == (reset.df_num, reset.df_denom)
    # statsmodels' products of features as they are lose digits: centered ones span the same space
    centered = np.column_stack([np.ones(len(data.y)), data.x - data.x.mean(axis=0)])
    assert_chi_squared(found.white, *het_white(fit.resid, centered)[:2])


@pytest.mark.parametrize("kind", ["hc0", "hc1"])
@pytest.mark.parametrize("name", DATA)
def test_robust_errors_from_moments_are_those_of_statsmodels(name: str, kind: RobustKind) -> None:
    data = real_data(name)
    model = fitted(data.rows(), data.columns)
    summary = summarize(model, 0.95, FourthCovariance.of(model, kind))
    centered = np.column_stack([np.ones(len(data.y)), data.x - data.x.mean(axis=0)])
    fit = sm.OLS(data.y, centered).fit(cov_type=kind.upper(), use_t=True)
    for field, expected in (("standard_error", fit.bse), ("t", fit.tvalues), ("p", fit.pvalues)):
        np.testing.assert_allclose(column(summary, field)[1:], expected[1:], rtol=CLOSE)
    assert summary.f == pytest.approx(fit.fvalue, rel=CLOSE)


# exact fractions


def rest_of(columns: list[list[Fraction]], target: list[Fraction]) -> Fraction:
    """Return the residual sum of squares of a regression on independent columns."""
    X = list(zip(*columns, strict=True))
    weights = least_squares(X, target)
    rest = [
        y - sum((w * x for w, x in zip(weights, row, strict=True)), Fraction())
        for row, y in zip(X, target, strict=True)
    ]
    return sum((e * e for e in rest), Fraction())


HARD: dict[str, Rows] = {
    "far from 0": [(str(1700000000 + i), f"{3 * i}.{i * i % 7}") for i in range(12)],
    "nearly collinear": [(str(i), f"{i}.0000{i * i % 5}", f"{i * i % 11}.5") for i in range(1, 14)],
    "tiny errors": [(str(i), f"{2 * i + 1}.{'0' * 40}{1 + i * i % 7}") for i in range(1, 9)],
}


@pytest.mark.parametrize("name", HARD)
def test_tests_of_hard_rows_are_those_of_fractions(name: str) -> None:
    table = [list(map(Fraction, row)) for row in HARD[name]]
    n, *columns = len(table), *map(list, zip(*table, strict=True))
    *features, y = columns
    ones = [Fraction(1)] * n
    X = list(zip(ones, *features, strict=True))
    weights = least_squares(X, y)
    fit = [sum((w * x for w, x in zip(weights, row, strict=True)), Fraction()) for row in X]
    e = [a - b for a, b in zip(y, fit, strict=True)]
    e2 = [value**2 for value in e]
    products = [
        [a * b for a, b in zip(first, second, strict=True)]
        for i, first in enumerate(features)
        for second in features[: i + 1]
    ]
    total = rest_of([ones], e2)
    breusch_pagan = n * (1 - rest_of([ones, *features], e2) / total)
    white = n * (1 - rest_of([ones, *features, *products], e2) / total)
    m2, m3, m4 = (sum((value**k for value in e), Fraction()) / n for k in (2, 3, 4))
    jarque_bera = Fraction(n, 6) * (m3**2 / m2**3 + (m4 / m2**2 - 3) ** 2 / 4)
    smaller, larger = (rest_of([ones, *features, *more], y) for more in ([], [[v**2 for v in fit]]))
    free = n - len(features) - 2
    reset = (smaller - larger) / (larger / free)
    found = diagnosed(HARD[name])
    for test, expected in zip(found.tests, (breusch_pagan, white, jarque_bera, reset), strict=True):
        assert test.statistic == float(expected), test.name
    assert found.kurtosis == float(m4 / m2**2)


def test_a_model_without_intercept_has_moments_about_the_mean() -> None:
    data = real_data("stackloss")
    fit = sm.OLS(data.y, data.x).fit()
    found = diagnosed(data.rows(), data.columns, intercept=False)
    assert_chi_squared(found.jarque_bera, *jarque_bera(fit.resid)[:2])
    assert_chi_squared(found.breusch_pagan, *het_breuschpagan(fit.resid, data.design())[:2])
    reset = linear_reset(fit, power=2, test_type="fitted", use_f=True)
    assert_chi_squared(found.reset, reset.fvalue, reset.pvalue)


def test_squares_of_indicators_are_no_columns_of_their_own() -> None:
    rows = [(str(i % 2), str(i), str((i * i * 7) % 11)) for i in range(20)]
    X = np.array([[1.0, *map(float, row[:-1])] for row in rows])
    fit = sm.OLS([float(row[-1]) for row in rows], X).fit()
    found = diagnosed(rows)
    statistic, p, *_ = het_white(fit.resid, X)
    assert_chi_squared(found.white, statistic, p)
    assert found.white.degrees_of_freedom == (4,)


def test_a_perfect_fit_has_no_tests() -> None:
    found = diagnosed([("1", "2"), ("2", "4"), ("3", "6"), ("5", "10")])
    assert [test.p for test in found.tests] == [None] * 4
    assert [test.meaning for test in found.tests] == [
        "undefined: all residuals have the same size.",
        "undefined: all residuals have the same size.",
        "undefined: all residuals are equal.",
        "undefined: with the squared prediction the fit has no error.",
    ]
    assert (found.skewness, found.kurtosis) == (None, None)


def test_a_prediction_with_two_values_has_no_reset() -> None:
    found = diagnosed([("0", "1"), ("0", "2"), ("1", "4"), ("1", "5"), ("1", "9")])
    assert found.reset.statistic is None
    assert found.reset.meaning == "undefined: the features determine the squared prediction."
    assert found.breusch_pagan.statistic is not None


def test_as_many_columns_as_rows_leave_no_test_of_white() -> None:
    rows = [("1", "2", "3"), ("2", "1", "5"), ("4", "7", "1"), ("3", "3", "3"), ("9", "1", "2")]
    found = diagnosed(rows)
    assert found.white.statistic is None
    assert found.white.meaning == (
        "undefined: 5 rows are too few for a regression on 4 columns of features, squares and "
        "products."
    )
    assert found.breusch_pagan.meaning.startswith("A small p says ")


def test_moments_of_two_columns_alone_have_no_tests() -> None:
    rows = [("1", "2"), ("2", "4"), ("3", "7"), ("5", "10")]
    assert summarize(learn(plain_moments(rows)), 0.95).diagnostics is None
