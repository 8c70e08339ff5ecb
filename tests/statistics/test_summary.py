"""The statistics of a fit: each rounded once, against fractions and statsmodels."""

import itertools
import math
import re
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from linreg_cli.errors import FitError
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.statistics.summary import Summary, WeightStatistics, summarize
from linreg_cli.training.descent import prepare_descent, run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.problem import set_up
from tests import references
from tests.exactly import Exactly
from tests.models import Rows, exact_line, learn, plain_moments, weighted_moments
from tests.oracles import independent_columns, least_squares, squared_error
from tests.references import Floats, ols, real_data, wls
from tests.strategies import Problem, problems

SUMMARY_FIELDS = [
    "rows", "degrees_of_freedom", "residual_standard_error", "residual_sum_of_squares", "r2",
    "r2_is_uncentered", "adjusted_r2", "f", "f_p", "f_p_log10", "aic", "bic",
    "log_likelihood", "baseline_loss", "condition_number", "weights",
]  # fmt: skip
WEIGHT_FIELDS = [
    "name", "value", "least_squares", "standard_error", "t", "p", "p_log10", "lower", "upper",
    "standardized", "vif",
]  # fmt: skip

NOISY = [
    ("1", "0.5", "2"),
    ("2", "0.25", "3.5"),
    ("4", "-1", "3"),
    ("7", "2", "9.25"),
    ("8", "0", "7"),
]
WEIGHTS = ["2", "0.5", "1.25", "3", "1"]
EXPONENTS = st.integers(-3, 3)


def statistics(rows: Rows, confidence: float = 0.95, **asked: Any) -> Summary:
    return summarize(learn(plain_moments(rows), **asked), confidence)


def column(summary: Summary, field: str) -> list[Any]:
    return [getattr(weight, field) for weight in summary.weights]


# equal to fractions, rounded once


def figures_of(summary: Summary) -> dict[str, Any]:
    """Give the figures of a fit as a whole but one, which is worked out in float64."""
    names = [name for name in SUMMARY_FIELDS if name not in {"weights", "condition_number"}]
    return {name: getattr(summary, name) for name in names}


def figures_of_weights(summary: Summary) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in asdict(weight).items() if name != "name"}
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
    """Give the statistics, the fit of statsmodels, and how many digits it keeps."""
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


def standardise(values: Floats) -> Floats:
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0))


@pytest.mark.parametrize("name", REAL)
def test_standardised_weights_are_those_of_standardised_data(name: str) -> None:
    data = real_data(name)
    expected = np.linalg.lstsq(standardise(data.x), standardise(data.y))[0]
    summary = statistics(data.rows())
    assert summary.weights[0].standardized is None
    np.testing.assert_allclose(column(summary, "standardized")[1:], expected, rtol=1e-8)


@pytest.mark.parametrize("name", REAL)
def test_the_baseline_is_predicting_the_mean(name: str) -> None:
    data = real_data(name)
    assert statistics(data.rows()).baseline_loss == pytest.approx(data.y.var(), rel=1e-12)


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("name", REAL)
def test_the_condition_number_is_that_of_standardised_features(
    name: str, *, has_intercept: bool
) -> None:
    x = real_data(name).x
    scaled = standardise(x) if has_intercept else x / np.sqrt((x**2).mean(axis=0))
    found = statistics(real_data(name).rows(), intercept=has_intercept).condition_number
    assert found == pytest.approx(np.linalg.cond(scaled), rel=1e-8)


# what there is


def test_the_fields_are_those_that_are_documented() -> None:
    fields = asdict(statistics(NOISY))
    assert list(fields) == ["target", "confidence", *SUMMARY_FIELDS, "notes"]
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
    # with one feature t² is F, and the standardised weight is the correlation
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


# degenerate cases: one documented result each

PERFECT = [("1", "5"), ("2", "7"), ("3", "9"), ("5", "13")]
CONSTANT = [("1", "7"), ("2", "7"), ("4", "7")]
NO_FREEDOM = [("1", "5", "1"), ("2", "7", "0"), ("3", "1", "4")]
FREE_NOTE = (
    "as many weights as rows: no degrees of freedom are left to tell how uncertain the weights are"
)
PERFECT_NOTE = "the fit is perfect: standard errors are 0 and t is infinite"
CONSTANT_NOTE = "the target is constant: R² has no meaning"


def test_as_many_weights_as_rows_leave_no_standard_errors() -> None:
    summary = statistics(NO_FREEDOM)
    assert (summary.rows, summary.degrees_of_freedom) == (3, 0)
    for field in ("standard_error", "t", "p", "p_log10", "lower", "upper"):
        assert column(summary, field) == [None] * 3
    for field in ("residual_standard_error", "adjusted_r2", "f", "f_p"):
        assert getattr(summary, field) is None
    assert (summary.r2, summary.residual_sum_of_squares) == (1.0, 0.0)
    assert summary.notes[0] == FREE_NOTE
    assert None not in column(summary, "least_squares")
    assert None not in column(summary, "vif")[1:]


def test_a_constant_target_has_no_r2() -> None:
    summary = statistics(CONSTANT)
    assert (summary.r2, summary.adjusted_r2, summary.f, summary.f_p) == (None,) * 4
    assert CONSTANT_NOTE in summary.notes
    assert column(summary, "least_squares") == [7.0, 0.0]
    assert column(summary, "standardized") == [None, None]
    assert summary.baseline_loss == 0


def test_a_constant_target_without_intercept_has_an_r2() -> None:
    # about zero: a constant is no worse than any other target
    summary = statistics(CONSTANT, intercept=False)
    assert summary.r2 == float(1 - (147 - Fraction(49**2, 21)) / 147)
    assert summary.notes == ()


def test_a_target_of_nothing_but_zeros_has_no_r2() -> None:
    summary = statistics([("1", "0"), ("2", "0"), ("4", "0")], intercept=False)
    assert (summary.r2, CONSTANT_NOTE in summary.notes) == (None, True)


def test_a_perfect_fit_has_infinite_t_and_says_so() -> None:
    summary = statistics(PERFECT)
    assert column(summary, "standard_error") == [0.0, 0.0]
    assert column(summary, "t") == [None, None]
    assert column(summary, "p") == [0.0, 0.0]
    assert column(summary, "lower") == column(summary, "upper") == [3.0, 2.0]
    assert (summary.r2, summary.adjusted_r2, summary.f, summary.f_p) == (1.0, 1.0, None, None)
    assert (summary.aic, summary.bic, summary.log_likelihood) == (None, None, None)
    assert (summary.residual_standard_error, summary.residual_sum_of_squares) == (0.0, 0.0)
    assert summary.notes == (PERFECT_NOTE,)


def test_a_weight_of_zero_in_a_perfect_fit_has_no_p() -> None:
    summary = statistics([("1", "0", "2"), ("2", "5", "4"), ("3", "1", "6"), ("4", "1", "8")])
    assert column(summary, "least_squares") == [0.0, 2.0, 0.0]
    assert column(summary, "p") == [None, 0.0, None]


def test_a_weight_of_zero_has_no_sign() -> None:
    # y is even and x is odd, so the slope is exactly 0
    slope = statistics([("-1", "1"), ("0", "0"), ("1", "1")]).weights[1]
    assert [repr(slope.t), repr(slope.standardized)] == ["0.0", "0.0"]
    assert slope.p == 1.0


def test_every_degenerate_figure_has_its_reason() -> None:
    for rows in (PERFECT, CONSTANT, NO_FREEDOM):
        assert statistics(rows).notes


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("1", "2", "5"), ("2", "4", "6"), ("3", "6", "9"), ("4", "8", "1")], "x1 = 2 * x0"),
        ([("1", "3", "5"), ("2", "3", "6"), ("3", "3", "9"), ("4", "3", "1")],
         "column 'x1' is constant (x1 = 3)"),
        ([("1", "2", "5"), ("2", "3", "6")], "2 rows do not determine 3 weights"),
        ([("1", "2")], "1 row does not determine 2 weights"),
    ],
)  # fmt: skip
def test_weights_that_are_not_unique_have_no_statistics(rows: Rows, why: str) -> None:
    model = trained_briefly(rows)
    with pytest.raises(FitError) as caught:
        summarize(model, 0.95)
    assert caught.value.message == f"the weights are not unique: {why}"
    few = "not determine" in why
    names = re.findall(r"(?:^|; )(?:column ')?(\w+)", why)
    without = f"Train without {' and '.join(repr(name) for name in names)}."
    assert caught.value.hint == ("Train on more rows." if few else without)


# near-collinear columns


def nearly(*, rows: int = 30) -> list[tuple[str, ...]]:
    """Make x2 nearly x0 + x1, and x3 and y of other things."""
    random = np.random.default_rng(5)
    table = random.integers(-100, 100, size=(rows, 4))
    return [
        (f"{a}", f"{b}", f"{100 * (a + b) + e % 7}e-2", f"{c}", f"{a - b + c + e}")
        for a, b, c, e in table.tolist()
    ]


def test_near_collinear_columns_are_named_with_their_partners() -> None:
    summary = statistics(nearly())
    assert len(summary.notes) == 3
    vifs = column(summary, "vif")
    for note, j, partners in zip(
        summary.notes, (1, 2, 3), ("x1, x2", "x0, x2", "x0, x1"), strict=True
    ):
        assert note == (
            f"x{j - 1} is nearly a combination of others (VIF {vifs[j]:.4g}); "
            f"it goes with {partners}"
        )
    assert summary.condition_number > 1000


def test_columns_that_are_no_combination_are_not_named() -> None:
    rows = [(a, b, c, y) for a, b, _, c, y in nearly()]
    summary = statistics(rows)
    assert max(column(summary, "vif")[1:]) < 10
    assert summary.notes == ()


def test_longley_names_what_grew_with_the_years() -> None:
    data = real_data("longley")
    notes = summarize(learn(plain_moments(data.rows(), data.columns)), 0.95).notes
    named = [note.split()[0] for note in notes]
    # variance inflation factors above 10: Longley's paper is about these
    assert named == ["GNPDEFL", "GNP", "UNEMP", "POP", "YEAR"]
    assert all("GNP" in note.split("it goes with ")[1] for note in notes if note[:4] == "YEAR")


# the saved weights and the fit


def trained_briefly(rows: Rows, epochs: int = 3, **asked: Any) -> Model:
    settings = Settings(epochs=epochs, **asked)
    problem = set_up(SplitMoments(moments=plain_moments(rows)), settings)
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, lambda _: None))


def test_statistics_are_about_the_fit_however_the_model_was_trained() -> None:
    early, exact = summarize(trained_briefly(NOISY), 0.95), statistics(NOISY)
    assert figures_of(early) == figures_of(exact)
    for field in WEIGHT_FIELDS:
        assert (column(early, field) == column(exact, field)) == (field != "value")


def test_weights_that_are_not_there_yet_are_told_in_standard_errors() -> None:
    model = trained_briefly(NOISY)
    summary = summarize(model, 0.95)
    assert column(summary, "value") == [model.b, *model.slopes]
    X = [[Fraction(1), *map(Fraction, row[:-1])] for row in NOISY]
    y = [Fraction(row[-1]) for row in NOISY]
    saved, fitted = (
        squared_error(X, y, weights) for weights in (exact_line(model), least_squares(X, y))
    )
    distance = math.sqrt((saved - fitted) / (fitted / (len(X) - len(X[0]))))
    expected = (
        f"the saved weights are together {distance:.3g} standard errors away from the fit: "
        "training was out of epochs after 3 epochs"
    )
    assert summary.notes == (expected,)


def test_weights_that_have_arrived_need_no_note() -> None:
    model = trained_briefly(NOISY, 5000)
    assert model.training.stopped == "converged"
    assert summarize(model, 0.95).notes == ()


@pytest.mark.parametrize("rows", [PERFECT, NO_FREEDOM])
def test_weights_that_are_not_there_yet_are_told_where_there_is_no_standard_error(
    rows: Rows,
) -> None:
    # in a perfect fit they are infinitely many standard errors away, in the other unknown ones
    notes = summarize(trained_briefly(rows), 0.95).notes
    assert any("saved weights" in note for note in notes)


def test_a_ridge_model_says_that_the_statistics_are_without_its_penalty() -> None:
    summary, plain = statistics(NOISY, l2=(0.5,)), statistics(NOISY)
    assert summary.notes == (
        "trained with a ridge penalty, l2 0.5; the statistics are those of the fit without it",
    )
    assert figures_of(summary) == figures_of(plain)
    assert column(summary, "value") != column(summary, "least_squares")
    assert column(summary, "least_squares") == column(plain, "least_squares")


def test_a_weight_statistic_is_a_plain_record() -> None:
    weight = statistics(NOISY).weights[0]
    assert isinstance(weight, WeightStatistics)
    assert asdict(weight)["name"] == "(intercept)"


def test_the_residual_sum_of_squares_is_that_of_the_rows() -> None:
    exactly = Exactly.of(NOISY)
    error = squared_error(exactly.X, exactly.y, exactly.solution())
    assert statistics(NOISY).residual_sum_of_squares == float(error)
