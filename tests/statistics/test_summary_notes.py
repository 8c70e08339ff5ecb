"""Degenerate fits, near-collinear columns, and saved weights that are not those of the fit."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from msgspec import to_builtins

from linreg_cli.errors import FitError
from linreg_cli.statistics.collinearity import NearlyCollinear
from linreg_cli.statistics.summary import WeightStatistics
from linreg_cli.statistics.whole_fit import summarize
from tests.exactly import Exactly
from tests.models import NOISY, Rows, exact_line, learn, plain_moments
from tests.oracles import least_squares, squared_error
from tests.references import real_data
from tests.summaries import (
    NO_FREEDOM,
    PERFECT,
    WEIGHT_FIELDS,
    column,
    figures_of,
    statistics,
    trained_briefly,
)

# degenerate cases: one documented result each

CONSTANT = [("1", "7"), ("2", "7"), ("4", "7")]
FREE_NOTE = (
    "as many weights as rows: no degrees of freedom are left, so the uncertainty of the weights "
    "is unknown"
)
PERFECT_NOTE = "the fit is perfect: standard errors are 0 and t is infinite"
CONSTANT_NOTE = "the target is constant: R² is undefined"


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
            f"x{j - 1} is nearly a linear combination of other features, mainly {partners} "
            f"(VIF {vifs[j]:.4g})"
        )
    assert summary.condition_number > 1000


def test_of_many_partners_ten_are_named() -> None:
    partners = tuple(f"city[{j}]" for j in range(12))
    ten = ", ".join(partners[:10])
    assert str(NearlyCollinear(name="sqft", vif=20.0, partners=partners)) == (
        f"sqft is nearly a linear combination of other features, mainly {ten}, 2 more (VIF 20)"
    )
    assert f"mainly {ten} (VIF" in str(
        NearlyCollinear(name="sqft", vif=20.0, partners=partners[:10])
    )


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
    assert all("GNP" in note.split(" mainly ")[1] for note in notes if note[:4] == "YEAR")


# the saved weights and the fit


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
    assert to_builtins(weight)["name"] == "(intercept)"


def test_the_residual_sum_of_squares_is_that_of_the_rows() -> None:
    exactly = Exactly.of(NOISY)
    error = squared_error(exactly.X, exactly.y, exactly.solution())
    assert statistics(NOISY).residual_sum_of_squares == float(error)
