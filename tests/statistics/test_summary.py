"""The statistics of a fit: each rounded once, against fractions and statsmodels."""

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, strategies as st
from msgspec import to_builtins
from statsmodels.stats.outliers_influence import variance_inflation_factor

from linreg_cli.statistics.summary import Summary
from linreg_cli.statistics.whole_fit import summarize
from tests import references
from tests.exactly import Exactly
from tests.models import NOISY, WEIGHTS, learn, plain_moments, weighted_moments
from tests.oracles import independent_columns
from tests.references import Floats, ols, real_data, wls
from tests.strategies import Problem, problems
from tests.summaries import (
    EXPONENTS,
    SUMMARY_FIELDS,
    WEIGHT_FIELDS,
    column,
    figures_of,
    statistics,
)

# equal to fractions, rounded once


def figures_of_weights(summary: Summary) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in to_builtins(weight).items() if name != "name"}
        for weight in summary.weights
    ]


def assume_ordinary(problem: Problem) -> Exactly:
    """Leave out the degenerate cases, which have tests of their own."""
    assume(len(problem.y) > len(problem.X[0]))
    assume(problem_is_unique(problem))
    exactly = Exactly(problem.X, problem.y, problem.has_intercept)
    assume(exactly.error() and exactly.squares(problem.y))
    return exactly


def problem_is_unique(problem: Problem) -> bool:
    return len(independent_columns(problem.X)) == len(problem.X[0])


@pytest.mark.slow
@given(problem=problems(), confidence=st.sampled_from([0.95, 0.5, 0.99]))
def test_every_figure_is_the_exact_one_rounded_once(problem: Problem, confidence: float) -> None:
    exactly = assume_ordinary(problem)
    summary = summarize(learn(problem.moments, intercept=problem.has_intercept), confidence)
    assert figures_of(summary) == exactly.figures()
    assert figures_of_weights(summary) == exactly.of_weights(Fraction(str(confidence)))


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("weights", [WEIGHTS, ["1e-3"] * 5, ["7", "0.001", "1e6", "2", "3"]])
def test_every_figure_of_weighted_rows_is_the_exact_one_rounded_once(
    weights: list[str], *, has_intercept: bool
) -> None:
    exactly = Exactly.of(NOISY, weights, has_intercept=has_intercept)
    summary = summarize(learn(weighted_moments(NOISY, weights), intercept=has_intercept), 0.95)
    assert figures_of(summary) == exactly.figures()
    assert figures_of_weights(summary) == exactly.of_weights(Fraction(19, 20))


@pytest.mark.parametrize("name", ["longley", "stackloss"])
def test_every_figure_of_real_data_is_the_exact_one_rounded_once(name: str) -> None:
    rows = real_data(name).rows()
    exactly = Exactly.of(rows)
    summary = statistics(rows)
    assert figures_of(summary) == exactly.figures()
    assert figures_of_weights(summary) == exactly.of_weights(Fraction(19, 20))


# statsmodels

REAL = [
    "longley", "stackloss", "statecrime", "spector", "engel", "ccard", "elnino", "star98",
    "sacramento",
]  # fmt: skip
FITS = list(itertools.product(REAL, [True, False], ["plain", "weighted"]))
every_fit = pytest.mark.parametrize(("name", "has_intercept", "kind"), FITS)
ILL = {"longley", "sacramento"}
"""Data of which statsmodels, in float64, keeps fewer digits."""


def both(name: str, *, has_intercept: bool, kind: str) -> tuple[Summary, Any, float]:
    """Return the statistics, the fit of statsmodels, and how many digits it keeps."""
    data = real_data(name)
    if kind == "plain":
        moments, reference = (
            plain_moments(data.rows(), data.columns),
            ols(data, has_intercept=has_intercept),
        )
    else:
        moments = weighted_moments(data.rows(), data.spread_weights(), data.columns)
        reference = wls(data, has_intercept=has_intercept)
    summary = summarize(learn(moments, intercept=has_intercept), 0.95)
    return summary, reference, 1e-6 if name in ILL else 1e-9


@every_fit
def test_weights_and_their_inference_are_those_of_statsmodels(
    name: str, kind: str, *, has_intercept: bool
) -> None:
    summary, reference, rtol = both(name, has_intercept=has_intercept, kind=kind)
    lower, upper = reference.conf_int().T
    expected = {
        "least_squares": reference.params,
        "standard_error": reference.bse,
        "t": reference.tvalues,
        "p": reference.pvalues,
        "lower": lower,
        "upper": upper,
    }
    for field, values in expected.items():
        np.testing.assert_allclose(column(summary, field), values, rtol=rtol, err_msg=field)


@every_fit
def test_the_figures_of_the_fit_are_those_of_statsmodels(
    name: str, kind: str, *, has_intercept: bool
) -> None:
    summary, reference, rtol = both(name, has_intercept=has_intercept, kind=kind)
    expected = {
        "rows": reference.nobs,
        "degrees_of_freedom": reference.df_resid,
        "residual_standard_error": np.sqrt(reference.scale),
        "residual_sum_of_squares": reference.ssr,
        "r2": reference.rsquared,
        "adjusted_r2": reference.rsquared_adj,
        "f": reference.fvalue,
        "f_p": reference.f_pvalue,
        "log_likelihood": reference.llf,
        "aic": reference.aic,
        "bic": reference.bic,
    }
    for field, value in expected.items():
        np.testing.assert_allclose(getattr(summary, field), value, rtol=rtol, err_msg=field)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99, 0.999])
def test_intervals_have_the_confidence_that_is_asked_for(level: float) -> None:
    data = real_data("statecrime")
    summary = statistics(data.rows(), level)
    expected = ols(data).conf_int(1 - level)
    found = np.column_stack([column(summary, "lower"), column(summary, "upper")])
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert summary.confidence == level


@pytest.mark.parametrize("name", [name for name in REAL if name != "engel"])
def test_vif_is_that_of_statsmodels(name: str) -> None:
    data = real_data(name)
    design = data.design()
    expected = [variance_inflation_factor(design, j) for j in range(1, design.shape[1])]
    vifs = column(statistics(data.rows()), "vif")
    assert vifs[0] is None
    np.testing.assert_allclose(vifs[1:], expected, rtol=1e-6)


@pytest.mark.parametrize("name", [name for name in REAL if name != "engel"])
def test_vif_without_intercept_is_about_zero(name: str) -> None:
    data = real_data(name)
    others = [np.delete(data.x, j, axis=1) for j in range(data.x.shape[1])]
    fits = [sm.OLS(x, rest).fit() for x, rest in zip(data.x.T, others, strict=True)]
    expected = [fit.uncentered_tss / fit.ssr for fit in fits]
    vifs = column(statistics(data.rows(), intercept=False), "vif")
    np.testing.assert_allclose(vifs, expected, rtol=1e-6)


def standardize(values: Floats) -> Floats:
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0))


@pytest.mark.parametrize("name", REAL)
def test_standardized_weights_are_those_of_standardized_data(name: str) -> None:
    data = real_data(name)
    expected = np.linalg.lstsq(standardize(data.x), standardize(data.y))[0]
    summary = statistics(data.rows())
    assert summary.weights[0].standardized is None
    np.testing.assert_allclose(column(summary, "standardized")[1:], expected, rtol=1e-8)


@pytest.mark.parametrize("name", REAL)
def test_the_baseline_is_predicting_the_mean(name: str) -> None:
    data = real_data(name)
    assert statistics(data.rows()).baseline_loss == pytest.approx(data.y.var(), rel=1e-12)


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("name", REAL)
def test_the_condition_number_is_that_of_standardized_features(
    name: str, *, has_intercept: bool
) -> None:
    x = real_data(name).x
    scaled = standardize(x) if has_intercept else x / np.sqrt((x**2).mean(axis=0))
    found = statistics(real_data(name).rows(), intercept=has_intercept).condition_number
    assert found == pytest.approx(np.linalg.cond(scaled), rel=1e-8)


# what there is


def test_the_fields_are_those_that_are_documented() -> None:
    fields = to_builtins(statistics(NOISY))
    named = [*SUMMARY_FIELDS, "categories", "diagnostics", "notes"]
    assert list(fields) == ["target", "confidence", "robust", "clusters", *named]
    assert [list(weight) for weight in fields["weights"]] == [WEIGHT_FIELDS] * 3


@pytest.mark.parametrize(
    ("has_intercept", "names"), [(True, ["(intercept)", "x0", "x1"]), (False, ["x0", "x1"])]
)
def test_the_intercept_comes_first(names: list[str], *, has_intercept: bool) -> None:
    assert column(statistics(NOISY, intercept=has_intercept), "name") == names


def test_an_ordinary_fit_has_no_notes() -> None:
    assert statistics(NOISY).notes == ()


def test_one_feature_has_a_vif_and_a_condition_number_of_1() -> None:
    summary = statistics([(x, y) for x, _, y in NOISY])
    assert (summary.weights[1].vif, summary.condition_number) == (1.0, 1.0)
    # with one feature t² is F, and the standardized weight is the correlation
    x, y = np.array([1, 2, 4, 7, 8]), np.array([2, 3.5, 3, 9.25, 7])
    assert summary.weights[1].standardized == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-14)
    assert summary.weights[1].p == pytest.approx(summary.f_p, rel=1e-14)


def test_one_feature_without_intercept_has_its_figures() -> None:
    # m = Σxy / Σx² with n - 1 degrees of freedom
    summary = statistics([("1", "2"), ("2", "3"), ("3", "7")], intercept=False)
    assert summary.degrees_of_freedom == 2
    assert column(summary, "least_squares") == [29 / 14]
    assert summary.residual_sum_of_squares == float(62 - Fraction(29**2, 14))
    assert column(summary, "standard_error") == [
        references.root((62 - Fraction(29**2, 14)) / 2 / 14)
    ]
    assert summary.r2 == float(Fraction(29**2, 14) / 62)
    assert summary.baseline_loss == float(Fraction(62, 3))


@pytest.mark.slow
@given(problem=problems(), exponent=EXPONENTS)
def test_units_of_the_target_scale_what_has_its_unit(problem: Problem, exponent: int) -> None:
    exactly = assume_ordinary(problem)
    ten = Fraction(10) ** exponent
    scaled = Exactly(exactly.X, [ten * t for t in exactly.y], exactly.has_intercept)
    rows = [
        [*map(_as_decimal, row[problem.has_intercept :]), _as_decimal(t)]
        for row, t in zip(scaled.X, scaled.y, strict=True)
    ]
    one = summarize(learn(problem.moments, intercept=problem.has_intercept), 0.95)
    other = statistics(rows, intercept=problem.has_intercept)
    assert (other.r2, other.f, other.f_p) == (one.r2, one.f, one.f_p)
    assert [column(other, f) for f in ("t", "p", "vif", "standardized")] == [
        column(one, f) for f in ("t", "p", "vif", "standardized")
    ]
    assert other.residual_sum_of_squares == float(ten**2 * exactly.error())


def _as_decimal(value: Fraction) -> str:
    return f"{int(value * 10**6)}e-6"
