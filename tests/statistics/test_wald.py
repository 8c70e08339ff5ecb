"""The Wald test: F, t and p of statsmodels, and perfect fits by hand."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from linreg_cli.errors import FitError, UsageError
from linreg_cli.model.model import Model
from linreg_cli.statistics.wald import wald_test
from tests.models import learn, plain_moments, weighted_moments
from tests.references import RealData, ols, real_data
from tests.summaries import NO_FREEDOM, PERFECT

TEXTS = {
    "longley": ["GNP = 0.03 * UNEMP", "POP = 0", "YEAR = 2000 * ARMED + 1"],
    "stackloss": ["AIRFLOW = WATERTEMP", "ACIDCONC = -0.15"],
    "sacramento": ["beds = 0", "baths = 0", "latitude = longitude"],
    "statecrime": ["(intercept) = 0", "poverty = urban + single"],
}


@cache
def fitted(name: str) -> Model:
    data = real_data(name)
    return learn(plain_moments(data.rows(), data.columns))


def in_patsy(texts: Sequence[str], data: RealData) -> Any:
    """Return restrictions as statsmodels reads them: x0 is the intercept, x1 the first feature."""
    places = {"(intercept)": "const", **{name: f"x{j}" for j, name in enumerate(data.features, 1)}}
    joined = ", ".join(texts)
    for name in sorted(places, key=len, reverse=True):
        joined = joined.replace(name, places[name])
    return joined


@pytest.mark.parametrize("name", TEXTS)
def test_the_joint_test_is_that_of_statsmodels(name: str) -> None:
    data = real_data(name)
    expected = ols(data).f_test(in_patsy(TEXTS[name], data))
    found = wald_test(fitted(name), TEXTS[name])
    assert found.f == pytest.approx(float(expected.fvalue), rel=1e-6)
    assert found.p == pytest.approx(float(expected.pvalue), rel=1e-6)
    assert found.p_log10 == pytest.approx(np.log10(float(expected.pvalue)), rel=1e-6)
    assert (found.numerator, found.denominator) == (expected.df_num, expected.df_denom)


@pytest.mark.parametrize("name", TEXTS)
def test_each_restriction_by_itself_is_that_of_statsmodels(name: str) -> None:
    data = real_data(name)
    expected = ols(data).t_test(in_patsy(TEXTS[name], data))
    found = wald_test(fitted(name), TEXTS[name]).restrictions
    columns = (np.ravel(column) for column in (expected.sd, expected.tvalue, expected.pvalue))
    for each, error, t, p in zip(found, *columns, strict=True):
        assert each.standard_error == pytest.approx(error, rel=1e-6)
        assert each.t == pytest.approx(t, rel=1e-5)
        assert each.p == pytest.approx(p, rel=1e-5)
        assert each.difference == pytest.approx(t * error, rel=1e-5)


def test_without_an_intercept_there_is_none_to_test() -> None:
    data = real_data("stackloss")
    model = learn(plain_moments(data.rows(), data.columns), intercept=False)
    expected = ols(data, has_intercept=False).f_test("x1 = x2")
    found = wald_test(model, ["AIRFLOW = WATERTEMP"])
    assert found.f == pytest.approx(float(expected.fvalue), rel=1e-9)
    with pytest.raises(UsageError, match="there is no weight 'b'"):
        wald_test(model, ["b = 0"])


def test_weights_of_rows_count() -> None:
    data = real_data("stackloss")
    weights = data.spread_weights()
    model = learn(weighted_moments(data.rows(), weights, data.columns))
    reference = sm.WLS(data.y, data.design(), weights=list(map(float, weights))).fit()
    expected = reference.f_test("x1 = x2, x3 = 0")
    found = wald_test(model, ["AIRFLOW = WATERTEMP", "ACIDCONC = 0"])
    assert found.f == pytest.approx(float(expected.fvalue), rel=1e-9)
    assert found.p == pytest.approx(float(expected.pvalue), rel=1e-9)


def test_all_slopes_together_are_the_f_test_of_the_summary() -> None:
    data = real_data("sacramento")
    found = wald_test(fitted("sacramento"), [f"{name} = 0" for name in data.features])
    assert found.f == pytest.approx(ols(data).fvalue, rel=1e-9)


def test_m_is_the_weight_of_the_only_feature_and_b_the_intercept() -> None:
    rows = [("1", "5"), ("2", "7.5"), ("3", "9"), ("5", "13")]
    line = np.polyfit([1, 2, 3, 5], [5, 7.5, 9, 13], 1)
    found = wald_test(learn(plain_moments(rows)), ["m = 1", "b = 2"]).restrictions
    assert [each.difference for each in found] == pytest.approx(line - [1, 2], rel=1e-9)


def test_a_perfect_fit_satisfies_a_restriction_or_does_not() -> None:
    model = learn(plain_moments(PERFECT))  # y = 2 x + 3
    holds, fails = wald_test(model, ["m = 2", "b = 3"]), wald_test(model, ["m = 2", "b = 4"])
    assert (holds.f, holds.p, holds.p_log10) == (None, 1.0, 0.0)
    assert (fails.f, fails.p, fails.p_log10) == (None, 0.0, None)
    assert [each.p for each in fails.restrictions] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["beds = baths", "2 * beds = 2 * baths"], "follows from the restrictions before it"),
        (["beds = baths = 0", "beds = 0"], "'beds = 0' follows from"),
        (["beds = 0", "beds = 1"], "'beds = 1' contradicts the restrictions before it"),
    ],
)
def test_restrictions_that_say_nothing_new_are_refused(texts: list[str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        wald_test(fitted("sacramento"), texts)


def test_as_many_weights_as_rows_leave_nothing_to_test() -> None:
    with pytest.raises(FitError, match="no degrees of freedom are left"):
        wald_test(learn(plain_moments(NO_FREEDOM)), ["x0 = 0"])


def test_a_ridge_model_is_tested_without_its_penalty() -> None:
    data = real_data("stackloss")
    model = learn(plain_moments(data.rows(), data.columns), l2=(1.0,))
    expected = ols(data).f_test("x1 = x2")
    found = wald_test(model, ["AIRFLOW = WATERTEMP"])
    assert found.f == pytest.approx(float(expected.fvalue), rel=1e-9)
    assert found.notes[0].startswith("trained with a ridge penalty, l2 1;")
