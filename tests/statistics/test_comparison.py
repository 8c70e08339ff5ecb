"""Models side by side: F test, likelihood ratio, AIC and BIC of statsmodels; what is refused."""

from collections.abc import Sequence
from typing import Any

import pytest
import statsmodels.api as sm

from linreg_cli.model.model import Model
from linreg_cli.statistics.comparison import Pair, compare_models
from tests.models import learn, plain_moments, weighted_moments
from tests.references import RealData, real_data
from tests.summaries import NO_FREEDOM, PERFECT

NESTED = [
    ("longley", ["GNP", "YEAR"], ["GNP", "UNEMP", "YEAR", "POP"]),
    ("stackloss", ["AIRFLOW"], ["AIRFLOW", "WATERTEMP"]),
    ("sacramento", ["sqft"], ["beds", "baths", "sqft", "latitude"]),
    ("statecrime", ["poverty", "urban"], ["poverty", "urban", "single"]),
]


def model_of(data: RealData, features: Sequence[str], **asked: Any) -> Model:
    moments = plain_moments(data.rows(), data.columns)
    return learn(moments.select([*features, data.target]), **asked)


def fit_of(data: RealData, features: Sequence[str], weights: Sequence[str] = ()) -> Any:
    X = sm.add_constant(data.frame[list(features)].to_numpy())
    return sm.WLS(data.y, X, weights=list(map(float, weights)) or 1.0).fit()


def compared(first: Model, second: Model) -> Pair:
    [pair] = compare_models({"a": first, "b": second}).pairs
    return pair


@pytest.mark.parametrize(("name", "small", "large"), NESTED)
def test_nested_models_have_the_tests_of_statsmodels(
    name: str, small: list[str], large: list[str]
) -> None:
    data = real_data(name)
    smaller, larger = fit_of(data, small), fit_of(data, large)
    pair = compared(model_of(data, small), model_of(data, large))
    f, f_p, added = larger.compare_f_test(smaller)
    ratio, ratio_p, _ = larger.compare_lr_test(smaller)
    assert pair.names == ("a", "b")
    assert pair.nested is not None
    assert pair.nested.added == tuple(name for name in large if name not in small)
    assert (pair.nested.numerator, pair.nested.denominator) == (added, larger.df_resid)
    assert pair.nested.f == pytest.approx(f, rel=1e-7)
    assert pair.nested.f_p == pytest.approx(f_p, rel=1e-6)
    assert pair.nested.likelihood_ratio == pytest.approx(ratio, rel=1e-7)
    assert pair.nested.likelihood_ratio_p == pytest.approx(ratio_p, rel=1e-6)
    assert pair.aic_difference == pytest.approx(larger.aic - smaller.aic, rel=1e-7, abs=1e-9)
    assert pair.bic_difference == pytest.approx(larger.bic - smaller.bic, rel=1e-7, abs=1e-9)


def test_the_smaller_model_comes_first() -> None:
    data = real_data("stackloss")
    small, large = model_of(data, ["AIRFLOW"]), model_of(data, ["WATERTEMP", "AIRFLOW"])
    one, other = compared(small, large), compared(large, small)
    assert (one.names, other.names) == (("a", "b"), ("b", "a"))
    assert one.nested == other.nested
    assert one.aic_difference == other.aic_difference


def test_weighted_models_have_the_tests_of_statsmodels() -> None:
    data = real_data("stackloss")
    weights = data.spread_weights()
    moments = weighted_moments(data.rows(), weights, data.columns)
    small, large = ["AIRFLOW"], ["AIRFLOW", "WATERTEMP"]
    pair = compared(*(learn(moments.select([*names, data.target])) for names in (small, large)))
    smaller, larger = (fit_of(data, names, weights) for names in (small, large))
    assert pair.nested is not None
    assert pair.nested.f == pytest.approx(larger.compare_f_test(smaller)[0], rel=1e-9)
    assert pair.nested.likelihood_ratio == pytest.approx(2 * (larger.llf - smaller.llf), rel=1e-9)


def test_an_intercept_can_be_what_is_added() -> None:
    data = real_data("stackloss")
    pair = compared(model_of(data, ["AIRFLOW"], intercept=False), model_of(data, ["AIRFLOW"]))
    assert pair.nested is not None
    assert pair.nested.added == ("(intercept)",)


def test_models_that_are_not_nested_are_compared_by_aic_and_bic() -> None:
    data = real_data("stackloss")
    pair = compared(model_of(data, ["AIRFLOW"]), model_of(data, ["WATERTEMP"]))
    one, other = fit_of(data, ["AIRFLOW"]), fit_of(data, ["WATERTEMP"])
    assert (pair.obstacle, pair.nested) == ("", None)
    assert pair.aic_difference == pytest.approx(other.aic - one.aic, rel=1e-9)
    assert pair.bic_difference == pytest.approx(other.bic - one.bic, rel=1e-9)


def test_equal_features_are_not_nested() -> None:
    data = real_data("stackloss")
    pair = compared(model_of(data, ["AIRFLOW"]), model_of(data, ["AIRFLOW"], l2=(1.0,)))
    assert (pair.nested, pair.aic_difference, pair.bic_difference) == (None, 0.0, 0.0)


def test_each_model_is_compared_with_the_one_before_it() -> None:
    data = real_data("longley")
    models = {name: model_of(data, [name]) for name in ("GNP", "POP", "YEAR")}
    found = compare_models(models)
    assert [each.name for each in found.models] == list(models)
    assert [pair.names for pair in found.pairs] == [("GNP", "POP"), ("POP", "YEAR")]


def test_the_rmse_is_that_of_the_fit() -> None:
    data = real_data("longley")
    found = compare_models({"a": model_of(data, ["GNP"]), "b": model_of(data, ["POP"])})
    for each, feature in zip(found.models, ("GNP", "POP"), strict=True):
        fitted = fit_of(data, [feature])
        assert each.rmse == pytest.approx((fitted.ssr / len(data.y)) ** 0.5, rel=1e-9)


ROWS = [("1", "2", "5"), ("2", "5", "7.5"), ("3", "1", "9"), ("5", "0", "13")]


def test_other_rows_are_pointed_out() -> None:
    pair = compared(learn(plain_moments(ROWS)), learn(plain_moments(ROWS[:3])))
    assert pair.obstacle == "their rows differ: 4 and 3"
    assert (pair.nested, pair.aic_difference) == (None, None)


def test_as_many_other_rows_are_pointed_out() -> None:
    other = [*ROWS[:3], ("5", "0", "13.5")]
    small = plain_moments(ROWS).select(["x0", "y"])
    pair = compared(learn(small), learn(plain_moments(other)))
    assert pair.obstacle == "their rows differ: the columns that both have hold other values"


def test_rows_in_another_order_and_spelling_are_the_same() -> None:
    again = [("5.0", "0", "13"), ("3", "1.00", "9"), ("2e0", "5", "7.50"), ("1", "2", "5")]
    small = plain_moments(again).select(["x0", "y"])
    assert compared(learn(small), learn(plain_moments(ROWS))).obstacle == ""


def test_other_targets_are_pointed_out() -> None:
    moments = plain_moments(ROWS)
    pair = compared(learn(moments.select(["x0", "y"])), learn(moments.select(["x0", "x1"])))
    assert pair.obstacle == "their targets differ: y and x1"


def test_other_weights_of_rows_are_pointed_out() -> None:
    weighted = weighted_moments(ROWS, ["1", "1", "1", "1"])
    pair = compared(learn(plain_moments(ROWS)), learn(weighted))
    assert pair.obstacle == "their rows are weighted by nothing and by w"


def test_a_model_with_as_many_weights_as_rows_is_pointed_out() -> None:
    moments = plain_moments(NO_FREEDOM)
    pair = compared(learn(moments.select(["x0", "y"])), learn(moments))
    assert pair.obstacle == "b has as many weights as rows"


def test_a_perfect_fit_has_no_statistics_and_a_p_of_0() -> None:
    rows = [(x, str(i * i), y) for i, (x, y) in enumerate(PERFECT)]
    moments = plain_moments(rows)
    pair = compared(learn(moments.select(["x1", "y"])), learn(moments.select(["x0", "y"])))
    assert (pair.nested, pair.aic_difference) == (None, None)
    constant = plain_moments([("1", "5"), ("2", "7"), ("3", "9"), ("5", "13")])
    pair = compared(learn(constant, intercept=False), learn(constant))
    assert pair.nested is not None
    assert (pair.nested.f, pair.nested.f_p, pair.nested.f_p_log10) == (None, 0.0, None)
    assert (pair.nested.likelihood_ratio, pair.nested.likelihood_ratio_p) == (None, 0.0)
