"""Weights, standard errors and F tests by group, beside those of statsmodels."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from tests.conftest import Linreg
from tests.datasets import dataset
from tests.references import SACRAMENTO

DATA = {
    "grunfeld": ("invest", ["value", "capital"], "firm", None),
    "fair": ("affairs", ["age", "yrs_married", "religious"], "occupation", None),
    "cpunish": ("EXECUTIONS", ["INCOME", "PERPOVERTY"], "SOUTH", None),
    "sacramento": ("price", ["sqft"], "city", "beds"),
    "by type": ("price", ["sqft", "baths"], "type", "beds"),
    "ggplot2/diamonds": ("price", ["carat", "table"], "cut", "depth"),
    "plm/Produc": ("gsp", ["pcap", "emp", "unemp"], "state", None),
    "gapminder/gapminder": ("lifeExp", ["year"], "country", "pop"),
}

"""For each data set the target, the features, the column of the groups, and one of weights."""
CASES = [
    *((name, False) for name in DATA),
    *((name, True) for name, (*_, weights) in DATA.items() if weights),
]


def frame_of(name: str) -> pd.DataFrame:
    if name in {"sacramento", "by type"}:
        return pd.read_csv(SACRAMENTO)
    if "/" in name:
        return dataset(*name.split("/"))
    frame: pd.DataFrame = getattr(sm.datasets, name).load_pandas().data
    return frame


def learn(linreg: Linreg, name: str, *options: str) -> pd.DataFrame:
    """Train model.json by group; return the rows."""
    target, features, by, _ = DATA[name]
    frame = frame_of(name)
    frame.to_csv("rows.csv", index=False)
    columns = [word for feature in features for word in ("--x", feature)]
    done = linreg(
        *("train", "rows.csv", *columns, "--y", target, "--by", by, "--solver", "exact", "-q"),
        *options,
    )
    assert done.status == 0
    return frame


def shown(linreg: Linreg, *options: str) -> Any:
    return json.loads(linreg("show", "model.json", "--json", *options).stdout)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.ValueWarning")
@pytest.mark.parametrize(("name", "is_weighted"), CASES)
def test_weights_and_errors_are_those_of_statsmodels(
    linreg: Linreg, name: str, *, is_weighted: bool
) -> None:
    target, features, by, weights = DATA[name]
    frame = learn(linreg, name, *(["--weights", str(weights)] if is_weighted else []))
    groups = shown(linreg)["groups"]
    fitted = 0
    for group in groups:
        [key] = group["key"].values()
        rows = frame[frame[by].astype(str) == key]
        design = sm.add_constant(rows[features].astype(float), has_constant="add")
        weight = rows[weights].astype(float) if is_weighted else 1.0
        assert group["is_fit"] == (np.linalg.matrix_rank(design) == design.shape[1])
        if not group["is_fit"] or len(rows) <= design.shape[1]:
            continue
        fitted += 1
        reference = sm.WLS(rows[target].astype(float), design, weights=weight).fit()
        summary = shown(linreg, "--group", key)
        found = [each["least_squares"] for each in summary["weights"]]
        errors = [each["standard_error"] for each in summary["weights"]]
        np.testing.assert_allclose(found, reference.params, rtol=1e-9)
        np.testing.assert_allclose(errors, reference.bse, rtol=1e-9)
        np.testing.assert_allclose(group["r2"], reference.rsquared, rtol=1e-9, atol=1e-9)
    assert fitted > 1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")
@pytest.mark.parametrize(("name", "is_weighted"), CASES)
def test_f_tests_are_those_of_the_model_with_interactions(
    linreg: Linreg, name: str, *, is_weighted: bool
) -> None:
    target, features, by, weights = DATA[name]
    frame = learn(linreg, name, *(["--weights", str(weights)] if is_weighted else []))
    frame[features] = (frame[features] - frame[features].mean()) / frame[features].std()
    slopes = " + ".join(features)

    def fit(formula: str) -> Any:
        if is_weighted:
            return smf.wls(formula, frame, weights=frame[weights]).fit()
        return smf.ols(formula, frame).fit()

    full = fit(f"{target} ~ C({by})*({slopes})")
    found = shown(linreg)
    for test, formula in (
        (found["equal_slopes"], f"{target} ~ C({by}) + {slopes}"),
        (found["equal_lines"], f"{target} ~ {slopes}"),
    ):
        f, p, numerator = full.compare_f_test(fit(formula))
        assert (test["numerator"], test["denominator"]) == (numerator, full.df_resid)
        np.testing.assert_allclose([test["f"], test["p"]], [f, p], rtol=1e-9)


def test_without_intercept_there_is_the_test_of_equal_lines_alone(linreg: Linreg) -> None:
    frame = learn(linreg, "by type", "--no-intercept")
    full = smf.ols("price ~ 0 + C(type):sqft + C(type):baths", frame).fit()
    f, p, _ = full.compare_f_test(smf.ols("price ~ 0 + sqft + baths", frame).fit())
    found = shown(linreg)
    assert found["equal_slopes"] is None
    np.testing.assert_allclose(
        [found["equal_lines"]["f"], found["equal_lines"]["p"]], [f, p], rtol=1e-9
    )


@pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")
def test_with_a_category_the_interactions_are_those_of_statsmodels(linreg: Linreg) -> None:
    learn(linreg, "by type", "--category", "beds")
    frame = frame_of("by type")
    full = smf.ols("price ~ C(type)*(sqft + baths + C(beds))", frame).fit()
    f, p, numerator = full.compare_f_test(
        smf.ols("price ~ C(type) + sqft + baths + C(beds)", frame).fit()
    )
    test = shown(linreg)["equal_slopes"]
    assert (test["numerator"], test["denominator"]) == (numerator, full.df_resid)
    np.testing.assert_allclose([test["f"], test["p"]], [f, p], rtol=1e-8)


def test_with_a_ridge_penalty_there_is_no_test(linreg: Linreg) -> None:
    learn(linreg, "by type", "--l2", "0.5")
    found = shown(linreg)
    assert (found["equal_slopes"], found["equal_lines"]) == (None, None)
