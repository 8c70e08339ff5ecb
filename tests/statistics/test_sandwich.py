"""Robust standard errors: those of statsmodels, and of exact fractions where it loses digits."""

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from linreg_cli.errors import FitError
from linreg_cli.exact import to_floats
from linreg_cli.model.model import Model
from linreg_cli.statistics.robust_kind import RobustKind
from linreg_cli.statistics.sandwich import Sandwich
from linreg_cli.statistics.summary import Summary
from linreg_cli.statistics.whole_fit import summarize
from tests.models import Rows, learn, plain_moments, weighted_moments
from tests.references import RealData, ols, real_data
from tests.strategies import block_of
from tests.summaries import column, trained_briefly

KINDS: tuple[RobustKind, ...] = ("hc0", "hc1", "hc2", "hc3")
DATA = ["longley", "stackloss", "statecrime", "engel", "ccard", "sacramento"]


def seen(
    model: Model, kind: RobustKind, chunks: Iterable[Rows], weights: Sequence[str] | None = None
) -> Sandwich:
    """Return the estimator after it has seen chunks of rows, in their order."""
    sandwich = Sandwich.of(model, kind)
    first = 0
    for rows in chunks:
        block, lines = block_of(rows), np.arange(len(rows)) + 2 + first
        some = np.ones(len(rows))
        if weights is not None:
            some = to_floats(block_of([[w] for w in weights[first : first + len(rows)]]))[:, 0]
        sandwich.add(block, some, lines.item, "d.csv")
        first += len(rows)
    return sandwich


def robust(rows: Rows, kind: RobustKind, columns: Sequence[str] = (), **asked: Any) -> Summary:
    model = learn(plain_moments(rows, columns), **asked)
    return summarize(model, 0.95, seen(model, kind, [rows]))


def assert_as_in(reference: Any, summary: Summary) -> None:
    """Compare standard errors, t, p, intervals and F with a fit of statsmodels."""
    lower, upper = reference.conf_int().T
    for field, expected in [
        ("standard_error", reference.bse),
        ("t", reference.tvalues),
        ("p", reference.pvalues),
        ("lower", lower),
        ("upper", upper),
    ]:
        np.testing.assert_allclose(column(summary, field), expected, rtol=2e-6, err_msg=field)
    assert summary.f == pytest.approx(reference.fvalue, rel=2e-6)
    assert summary.f_p == pytest.approx(reference.f_pvalue, rel=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DATA)
def test_the_figures_are_those_of_statsmodels(name: str, kind: RobustKind) -> None:
    data = real_data(name)
    reference = sm.OLS(data.y, data.design()).fit(cov_type=kind.upper(), use_t=True)
    assert_as_in(reference, robust(data.rows(), kind, data.columns))


@pytest.mark.parametrize("kind", KINDS)
def test_weighted_figures_are_those_of_statsmodels(kind: RobustKind) -> None:
    data = real_data("stackloss")
    weights = data.spread_weights()
    model = learn(weighted_moments(data.rows(), weights, data.columns))
    summary = summarize(model, 0.95, seen(model, kind, [data.rows()], weights))
    fitted = sm.WLS(data.y, data.design(), weights=list(map(float, weights)))
    assert_as_in(fitted.fit(cov_type=kind.upper(), use_t=True), summary)


@pytest.mark.parametrize("kind", KINDS)
def test_figures_without_intercept_are_those_of_statsmodels(kind: RobustKind) -> None:
    data = real_data("stackloss")
    reference = sm.OLS(data.y, data.x).fit(cov_type=kind.upper(), use_t=True)
    assert_as_in(reference, robust(data.rows(), kind, data.columns, intercept=False))


def exact_errors(rows: Rows, kind: RobustKind) -> list[float]:
    """Return standard errors from fractions: the root is the only rounding."""
    table = [[Fraction(1), *map(Fraction, row)] for row in rows]
    X, y = [row[:-1] for row in table], [row[-1] for row in table]
    size = range(len(X[0]))
    inverse = inverted([[sum((r[i] * r[j] for r in X), Fraction()) for j in size] for i in size])
    right = [sum((r[i] * v for r, v in zip(X, y, strict=True)), Fraction()) for i in size]
    w = [sum((inverse[i][j] * right[j] for j in size), Fraction()) for i in size]
    middle = [[Fraction()] * len(size) for _ in size]
    for row, value in zip(X, y, strict=True):
        e = value - sum((a * b for a, b in zip(w, row, strict=True)), Fraction())
        moved = [sum((inverse[i][j] * row[j] for j in size), Fraction()) for i in size]
        rest = 1 - sum((a * b for a, b in zip(moved, row, strict=True)), Fraction())
        factor = {"hc0": Fraction(1), "hc1": Fraction(len(X), len(X) - len(size))}.get(kind)
        factor = factor or 1 / rest ** {"hc2": 1, "hc3": 2}[kind]
        for i, j in itertools.product(size, size):
            middle[i][j] += factor * e**2 * moved[i] * moved[j]
    return [sqrt(middle[i][i]) for i in size]


def inverted(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """Invert a matrix by Gauss-Jordan elimination."""
    size = len(matrix)
    table = [[*row, *(Fraction(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = next(k for k in range(i, size) if table[k][i])
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [value / table[i][i] for value in table[i]]
        for k in range(size):
            if k != i:
                table[k] = [a - table[k][i] * b for a, b in zip(table[k], table[i], strict=True)]
    return [row[size:] for row in table]


HARD: dict[str, Rows] = {
    "far from 0": [(str(1700000000 + i), f"{3 * i}.{i * i % 7}") for i in range(12)],
    "nearly collinear": [(str(i), f"{i}.0000{i * i % 5}", f"{i * i % 11}.5") for i in range(1, 14)],
    "high leverage": [*((str(i), str(i * i % 5)) for i in range(9)), ("100000", "3")],
    "tiny errors": [(str(i), f"{2 * i + 1}.{'0' * 150}{1 + i * i % 7}") for i in range(1, 9)],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARD)
def test_errors_of_hard_rows_are_those_of_fractions(name: str, kind: RobustKind) -> None:
    found = column(robust(HARD[name], kind), "standard_error")
    assert found == pytest.approx(exact_errors(HARD[name], kind), rel=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_and_the_chunks_of_rows_change_nothing(kind: RobustKind) -> None:
    data: RealData = real_data("stackloss")
    rows = data.rows()
    model = learn(plain_moments(rows, data.columns))
    one = summarize(model, 0.95, seen(model, kind, [rows]))
    other = summarize(model, 0.95, seen(model, kind, [rows[9:], rows[:4][::-1], rows[4:9]]))
    assert one == other


def test_other_figures_stay_as_they_are() -> None:
    data = real_data("stackloss")
    rows = data.rows()
    plain = summarize(learn(plain_moments(rows, data.columns)), 0.95)
    other = robust(rows, "hc3", data.columns)
    for field in ("r2", "aic", "residual_standard_error", "condition_number"):
        assert getattr(plain, field) == getattr(other, field)
    assert column(plain, "vif") == column(other, "vif")
    assert (plain.robust, other.robust) == (None, "hc3")
    assert plain.f == pytest.approx(ols(data).fvalue, rel=1e-9)


@pytest.mark.parametrize("kind", ["hc2", "hc3"])
def test_a_row_of_leverage_1_has_no_hc2_and_hc3(kind: RobustKind) -> None:
    rows = [("1", "0", "2"), ("2", "0", "3"), ("3", "0", "7"), ("4", "0", "1"), ("5", "1", "2")]
    with pytest.raises(FitError, match=f"no {kind}: a weight follows from d.csv, line 6 alone"):
        robust(rows, kind)


def test_a_row_of_leverage_1_has_hc1() -> None:
    rows = [("1", "0", "2"), ("2", "0", "3"), ("3", "0", "7"), ("4", "0", "1"), ("5", "1", "2")]
    found = column(robust(rows, "hc1"), "standard_error")
    np.testing.assert_allclose(found, exact_errors(rows, "hc1"), rtol=1e-13)


def test_as_many_weights_as_rows_are_refused() -> None:
    model = learn(plain_moments([("1", "2"), ("2", "5")]))
    with pytest.raises(FitError, match="no hc0: as many weights as rows"):
        Sandwich.of(model, "hc0")


def test_collinear_columns_are_refused() -> None:
    rows = [("1", "2", "2"), ("2", "4", "5"), ("3", "6", "6"), ("4", "8", "1")]
    model = trained_briefly(rows)
    with pytest.raises(FitError, match="no hc3: the weights are not unique: x1 = 2 \\* x0"):
        Sandwich.of(model, "hc3")


def test_a_perfect_fit_has_errors_of_0() -> None:
    summary = robust([("1", "2"), ("2", "4"), ("3", "6"), ("5", "10")], "hc3")
    assert column(summary, "standard_error") == [0.0, 0.0]
