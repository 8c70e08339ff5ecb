"""linreg evaluate: the figures of new rows, and drift."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from tests.commands.evaluate_runs import as_json, evaluate, learn_first
from tests.conftest import Linreg
from tests.references import ols

FIELDS = [
    "rows", "r2", "r2_is_uncentered", "rmse", "mae", "mape", "bias", "coverage",
    "confidence", "largest_error", "training",
]  # fmt: skip
REAL = [("sacramento", 500), ("statecrime", 30), ("elnino", 40), ("star98", 200)]
on_real_data = pytest.mark.parametrize(("name", "at"), REAL)


@on_real_data
def test_figures_are_those_of_a_plain_loop_over_the_rows(
    linreg: Linreg, name: str, at: int
) -> None:
    data = learn_first(linreg, name, at)
    fitted = sm.OLS(data.y[:at], data.design()[:at]).fit()
    frame = fitted.get_prediction(data.design()[at:]).summary_frame(alpha=0.05)
    predicted, y = np.asarray(frame["mean"]), data.y[at:]
    inside = 0
    for low, high, target in zip(frame["obs_ci_lower"], frame["obs_ci_upper"], y, strict=True):
        inside += low <= target <= high
    errors = predicted - y
    worst = int(np.abs(errors).argmax())
    found = as_json(linreg, "model.json new.csv")
    expected = {
        "r2": 1 - (errors**2).sum() / ((y - y.mean()) ** 2).sum(),
        "rmse": np.sqrt((errors**2).mean()),
        "mae": np.abs(errors).mean(),
        "bias": errors.mean(),
    }
    for field, value in expected.items():
        assert found[field] == pytest.approx(value, rel=1e-6), field
    assert found["rows"] == len(y)
    assert found["coverage"] == inside / len(y)
    assert inside > 0
    assert found["largest_error"]["line"] == 2 + worst
    assert found["largest_error"]["error"] == pytest.approx(errors[worst], rel=1e-6)
    assert found["largest_error"]["source"] == "new.csv"
    if (y != 0).all():
        assert found["mape"] == pytest.approx(np.abs(errors / y).mean(), rel=1e-6)
    else:
        assert found["mape"] is None


@on_real_data
def test_training_figures_stand_beside_them(linreg: Linreg, name: str, at: int) -> None:
    learn_first(linreg, name, at)
    found = as_json(linreg, "model.json new.csv")["training"]
    again = as_json(linreg, "model.json old.csv")
    assert found == {field: again[field] for field in ("rows", "r2", "rmse", "bias")}
    assert found["rows"] == at


@pytest.mark.usefixtures("line")
def test_the_fields_are_those_that_are_documented(linreg: Linreg) -> None:
    found = as_json(linreg, "model.json off.csv")
    assert list(found) == FIELDS
    assert list(found["largest_error"]) == ["error", "source", "line"]
    assert list(found["training"]) == ["rows", "r2", "rmse", "bias"]
    drift = as_json(linreg, "model.json off.csv --check-drift")
    assert list(drift) == [*FIELDS, "drift"]
    assert list(drift["drift"]) == ["f", "p", "p_log10", "numerator", "denominator"]


@pytest.mark.usefixtures("line")
def test_figures_of_a_small_file_are_worked_out_by_hand(linreg: Linreg) -> None:
    found = as_json(linreg, "model.json off.csv")
    # errors -1, 0 and 3 at targets 6, 7 and 8, whose mean is 7
    assert found == {
        "rows": 3,
        "r2": 1 - 10 / 2,
        "r2_is_uncentered": False,
        "rmse": np.sqrt(10 / 3),
        "mae": 4 / 3,
        "mape": (1 / 6 + 0 + 3 / 8) / 3,
        "bias": 2 / 3,
        "coverage": 1 / 3,
        "confidence": 0.95,
        "largest_error": {"error": 3.0, "source": "off.csv", "line": 4},
        "training": {"rows": 4, "r2": 1.0, "rmse": 0.0, "bias": 0.0},
    }


@pytest.mark.usefixtures("line")
def test_the_table_has_new_rows_beside_training_rows(linreg: Linreg) -> None:
    done = evaluate(linreg, "model.json off.csv")
    assert done.stderr == "off.csv: 3 rows read, 3 used\n"
    assert [line.split("  ")[0] for line in done.stdout.splitlines()[1:8]] == [
        "rows", "R²", "RMSE", "mean error (bias)", "mean absolute error", "mean absolute error, %",
        "in the 95% interval, %",
    ]  # fmt: skip
    cells = [line[23:].split() for line in done.stdout.splitlines()[:8]]
    assert cells == [
        ["these", "rows", "training", "rows"], ["3", "4"], ["-4", "1"], ["1.825742", "0"],
        ["0.6666667", "0"], ["1.333333"], ["18.05556"], ["33.33333"],
    ]  # fmt: skip
    assert done.stdout.endswith("\n\nlargest error 3: off.csv, line 4\n")


@pytest.mark.usefixtures("line")
def test_no_r2_is_undefined_in_words_and_null_in_json(linreg: Linreg) -> None:
    Path("flat.csv").write_text("x,y\n1,5\n2,5\n")
    assert as_json(linreg, "model.json flat.csv")["r2"] is None
    lines = evaluate(linreg, "model.json flat.csv").stdout.splitlines()
    assert lines[2].split() == ["R²", "undefined", "1"]


@pytest.mark.usefixtures("line")
def test_no_percentage_is_taken_of_a_target_of_0(linreg: Linreg) -> None:
    Path("zero.csv").write_text("x,y\n1,5\n2,0\n3,4\n")
    found = as_json(linreg, "model.json zero.csv")
    assert (found["mape"], found["mae"]) == (None, (0 + 7 + 5) / 3)
    line = evaluate(linreg, "model.json zero.csv").stdout.splitlines()[6]
    assert line.split() == ["mean", "absolute", "error,", "%", "undefined"]


def test_a_model_without_degrees_of_freedom_has_no_coverage(linreg: Linreg) -> None:
    Path("two.csv").write_text("x,y\n1,5\n2,7\n")
    linreg("train", "two.csv", *["--x", "x", "--y", "y", "--solver", "exact", "-q"])
    assert as_json(linreg, "model.json two.csv")["coverage"] is None
    assert evaluate(linreg, "model.json two.csv").stdout.splitlines()[7].split()[-1] == "undefined"


# drift


@on_real_data
def test_drift_is_the_chow_test_of_three_fits(linreg: Linreg, name: str, at: int) -> None:
    data = learn_first(linreg, name, at)
    X, y = data.design(), data.y
    apart = sm.OLS(y[:at], X[:at]).fit().ssr + sm.OLS(y[at:], X[at:]).fit().ssr
    k, n = X.shape[1], len(y)
    expected = ((ols(data).ssr - apart) / k) / (apart / (n - 2 * k))
    drift = as_json(linreg, "model.json new.csv --check-drift")["drift"]
    rtol = 1e-5 if name == "sacramento" else 1e-8  # coordinates: nearly a constant column
    assert drift["f"] == pytest.approx(expected, rel=rtol)
    assert (drift["numerator"], drift["denominator"]) == (k, n - 2 * k)
    # p as statsmodels has it: of the interactions with a column that marks the new rows
    is_new = (np.arange(n) >= at)[:, np.newaxis]
    fitted = sm.OLS(y, np.hstack([X, X * is_new])).fit()
    tested = fitted.f_test(np.hstack([np.zeros((k, k)), np.eye(k)]))
    assert drift["p"] == pytest.approx(float(tested.pvalue), rel=10 * rtol)


@pytest.mark.usefixtures("line")
def test_drift_is_told_below_the_table(linreg: Linreg) -> None:
    Path("other.csv").write_text("x,y\n1,6\n2,7\n4,8\n5,11\n")
    done = evaluate(linreg, "model.json other.csv --check-drift")
    drift = as_json(linreg, "model.json other.csv --check-drift")["drift"]
    assert done.stdout.splitlines()[-1] == (
        f"drift: F(2, 4) = {drift['f']:.7g}, p = {drift['p']:.7g}"
    )


@pytest.mark.usefixtures("line")
def test_rows_of_the_same_line_do_not_drift(linreg: Linreg) -> None:
    Path("more.csv").write_text("x,y\n10,23\n20,43\n-1,1\n")
    drift = as_json(linreg, "model.json more.csv --check-drift")["drift"]
    assert drift == {"f": None, "p": 1.0, "p_log10": 0, "numerator": 2, "denominator": 3}


def test_drift_of_a_ridge_model_is_that_of_its_rows(linreg: Linreg) -> None:
    data = learn_first(linreg, "statecrime", 30)
    expected = as_json(linreg, "model.json new.csv --check-drift")["drift"]
    linreg("train", "old.csv", *data.arguments(), "--solver", "exact", "-q", "--l2", "0.1")
    assert as_json(linreg, "model.json new.csv --check-drift")["drift"] == expected


def test_without_intercept_r2_is_called_uncentered(linreg: Linreg) -> None:
    Path("t.csv").write_text("x,y\n1,6\n2,7\n4,8\n7,9\n")
    options = "--x x --y y --solver exact --no-intercept --folds 2 --seed 1"
    trained = linreg("train", "t.csv", *options.split())
    assert "RMSE  R² (uncentered)\n" in trained.stderr
    assert "\nR² (uncentered) 0." in trained.stderr
    assert "\nR² (uncentered)" in evaluate(linreg, "model.json t.csv").stdout
    assert as_json(linreg, "model.json t.csv")["r2_is_uncentered"] is True
    shown = linreg("show", "model.json").stdout
    assert "\nR² (uncentered)" in shown
    assert "\nadjusted R² (uncentered)" in shown
    picture = linreg("plot", "model.json", "t.csv", "-q").stdout
    assert "R² (uncentered) = 0." in picture
