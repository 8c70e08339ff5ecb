"""linreg evaluate: a model on other rows, beside its training figures, and a gate for scripts."""

import json
import random
import shlex
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from linreg_cli.reading import row_sums as sum_rows
from linreg_cli.reading.csv.table import open_table
from tests.conftest import Linreg, Result, Shell
from tests.references import RealData, ols, real_data

GUIDE = Path(__file__).parents[2] / "docs" / "command-line.md"
FIELDS = [
    "rows", "r2", "r2_is_uncentered", "rmse", "mae", "mape", "bias", "coverage",
    "confidence", "largest_error", "training",
]  # fmt: skip
LINE = "x,y\n1,5\n2,7\n3,9\n5,13\n"
OFF = "x,y\n1,6\n2,7\n4,8\n"
"""Rows that y = 2x + 3 misses by -1, 0 and 3."""
GATE_HINT = "Hint: The model does not meet the conditions of --fail-if on these rows.\n"

REAL = [("sacramento", 500), ("statecrime", 30), ("elnino", 40), ("star98", 200)]
on_real_data = pytest.mark.parametrize(("name", "at"), REAL)


def evaluate(linreg: Linreg, arguments: str, status: int = 0, stdin: str = "") -> Result:
    done = linreg("evaluate", *shlex.split(arguments), stdin=stdin)
    assert done.status == status, done.stderr
    return done


def as_json(linreg: Linreg, arguments: str) -> Any:
    return json.loads(evaluate(linreg, f"{arguments} --json").stdout)


@pytest.fixture
def line(linreg: Linreg) -> None:
    """Learn model.json, y = 2x + 3, and put off.csv into the folder."""
    Path("line.csv").write_text(LINE)
    Path("off.csv").write_text(OFF)
    done = linreg("train", "line.csv", "--x", "x", "--y", "y", "--solver", "exact", "-q")
    assert (done.status, done.stderr) == (0, "")


def learn_first(linreg: Linreg, name: str, at: int) -> RealData:
    """Learn model.json from the first rows of a data set; the others are in new.csv."""
    data = real_data(name)
    data.frame[:at].to_csv("old.csv", index=False)
    data.frame[at:].to_csv("new.csv", index=False)
    done = linreg("train", "old.csv", *data.arguments(), "--solver", "exact", "-q")
    assert done.status == 0, done.stderr
    return data


# the figures


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


# where the rows come from


@pytest.mark.usefixtures("line")
def test_the_line_is_that_of_the_file_whatever_stands_before(linreg: Linreg) -> None:
    Path("odd.csv").write_text('note,y,x\n"two\nlines",5,1\n\n,,2\nlast,99,3\n,9,3\n')
    found = as_json(linreg, "model.json odd.csv")
    assert found["largest_error"] == {"error": -90.0, "source": "odd.csv", "line": 6}


@pytest.mark.usefixtures("line")
def test_the_largest_error_is_looked_for_in_all_files(linreg: Linreg) -> None:
    found = as_json(linreg, "model.json line.csv off.csv line.csv")
    assert found["largest_error"] == {"error": 3.0, "source": "off.csv", "line": 4}
    assert found["rows"] == 11


@pytest.mark.usefixtures("line")
def test_a_glob_and_standard_input_are_data_too(linreg: Linreg) -> None:
    expected = as_json(linreg, "model.json off.csv")
    assert as_json(linreg, "model.json 'o*.csv'") == expected
    found = json.loads(evaluate(linreg, "model.json - --json", stdin=OFF).stdout)
    assert found["largest_error"].pop("source") == "stdin"
    assert expected["largest_error"].pop("source") == "off.csv"
    assert found == expected


@pytest.mark.usefixtures("line")
def test_a_dash_can_be_the_model(linreg: Linreg) -> None:
    model = Path("model.json").read_text()
    assert evaluate(linreg, "- off.csv", stdin=model) == evaluate(linreg, "model.json off.csv")


@pytest.mark.usefixtures("line")
def test_the_way_a_file_is_written_can_be_told(linreg: Linreg) -> None:
    Path("german.csv").write_text("x;y\n1,0;6,0\n2,0;7,0\n4,0;8,0\n", encoding="utf-16")
    found = as_json(linreg, "model.json german.csv --decimal , --delimiter ';' --encoding utf-16")
    expected = as_json(linreg, "model.json off.csv")
    assert found.pop("largest_error")["line"] == expected.pop("largest_error")["line"]
    assert found == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_rows_in_ten_files_have_the_same_figures(linreg: Linreg, seed: int) -> None:
    learn_first(linreg, "star98", 100)
    header, *rows = Path("new.csv").read_text().splitlines()
    random.Random(seed).shuffle(rows)  # noqa: S311  # no secret
    for number in range(10):
        Path(f"part{number}.csv").write_text("\n".join([header, *rows[number::10], ""]))
    found = as_json(linreg, "model.json 'part*.csv' --check-drift")
    expected = as_json(linreg, "model.json new.csv --check-drift")
    assert found.pop("largest_error")["error"] == expected.pop("largest_error")["error"]
    assert found == expected


def test_small_blocks_have_the_same_figures(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_first(linreg, "star98", 100)
    expected = as_json(linreg, "model.json new.csv --check-drift")
    for size in (100, 1000, 5000):
        monkeypatch.setattr(sum_rows, "open_table", partial(open_table, chunk_bytes=size))
        assert as_json(linreg, "model.json new.csv --check-drift") == expected


@pytest.mark.usefixtures("line")
def test_rows_that_miss_a_cell_are_counted_and_left_out(linreg: Linreg) -> None:
    Path("gaps.csv").write_text("x,y\n1,6\n,7\n2,7\n3,NA\n4,8\n")
    done = evaluate(linreg, "model.json gaps.csv --json")
    assert done.stderr == "gaps.csv: 5 rows read, 3 used, 2 left out (missing cells: x 1, y 1)\n"
    assert json.loads(done.stdout)["mae"] == 4 / 3


@pytest.mark.usefixtures("line")
def test_quiet_prints_only_a_failed_condition(linreg: Linreg) -> None:
    assert evaluate(linreg, "model.json off.csv -q") == Result(0, "", "")
    command = ["evaluate", "model.json", "off.csv", "--fail-if", "rows > 1"]
    loud, quiet = linreg(*command), linreg(*command, "-q")
    assert (quiet.status, quiet.stdout) == (loud.status, "") == (6, "")
    assert quiet.stderr == loud.stderr[loud.stderr.index("Error: failed: rows > 1 ") :]


@pytest.mark.usefixtures("line")
def test_quiet_does_not_hide_json_or_warnings(linreg: Linreg) -> None:
    Path("numbers.csv").write_text("1,2\n1,5\n3,8\n4,8\n")
    linreg("train", "numbers.csv", *["--x", "1", "--y", "2", "--solver", "exact", "-q"])
    done = evaluate(linreg, "model.json numbers.csv --json -q")
    assert json.loads(done.stdout)["rows"] == 3
    assert done.stderr.startswith("Warning: numbers.csv: the first row is nothing but numbers")


def test_a_weighted_model_is_evaluated_with_weights(linreg: Linreg) -> None:
    Path("w.csv").write_text("x,y,w\n1,5,1\n2,8,2\n3,9,1\n5,12,0.5\n")
    linreg("train", "w.csv", *["--x", "x", "--y", "y", "--weights", "w", "--solver", "exact", "-q"])
    Path("new.csv").write_text("w,x,y\n2,1,6\n1,2,9\n0,3,99\n")
    Path("repeated.csv").write_text("w,x,y\n1,1,6\n1,2,9\n1,1,6\n")
    done = evaluate(linreg, "model.json new.csv --json")
    assert done.stderr == "new.csv: 3 rows read, 2 used, 1 of weight 0\n"
    found, expected = json.loads(done.stdout), as_json(linreg, "model.json repeated.csv")
    for field in ("r2", "rmse", "mae", "mape", "bias"):
        assert found[field] == pytest.approx(expected[field], rel=1e-15), field


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


# the gate


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("r2 < 0.9", "-4.0"),
        ("rmse > 1.8", "1.8257418583505538"),
        ("mae>1", "1.3333333333333333"),
        ("bias > 0.5", "0.6666666666666666"),
        ("mape >= 18", "18.055555555555554 %"),
        ("coverage < 90", "33.333333333333336 %"),
        ("largest_error > 2.5", "3.0"),
        ("rows != 4", "3"),
        ("rows == 3", "3"),
    ],
)
def test_a_condition_that_holds_gives_status_6_and_is_named(
    linreg: Linreg, condition: str, value: str
) -> None:
    done = evaluate(linreg, f"model.json off.csv -q --fail-if '{condition}'", 6)
    name = condition.replace(">", " ").split()[0]
    assert done.stderr == f"Error: failed: {condition} ({name} is {value})\n{GATE_HINT}"
    assert done.stdout == evaluate(linreg, "model.json off.csv -q").stdout


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize(
    "condition",
    ["r2 < -5", "rmse > 2", "mae > 2", "bias > 1", "bias < -1", "rows < 3", "largest_error > 3"],
)
def test_a_condition_that_does_not_hold_gives_status_0(linreg: Linreg, condition: str) -> None:
    done = evaluate(linreg, f"model.json off.csv -q --fail-if '{condition}'")
    assert done == evaluate(linreg, "model.json off.csv -q")


@pytest.mark.usefixtures("line")
def test_the_units_of_a_condition_are_those_of_the_table(linreg: Linreg) -> None:
    table = evaluate(linreg, "model.json off.csv").stdout
    for name, label in (("mape", "mean absolute error, %"), ("coverage", "in the 95% interval, %")):
        shown = float(table.split(label)[1].split()[0])
        evaluate(linreg, f"model.json off.csv -q --fail-if '{name} > {shown * 0.999}'", 6)
        evaluate(linreg, f"model.json off.csv -q --fail-if '{name} > {shown * 1.001}'")


def test_a_share_in_per_cent_is_rounded_once(linreg: Linreg) -> None:
    # of 1000 rows 952 are in their interval
    assert 100 * 0.952 != 95.2
    Path("t.csv").write_text("x,y\n1,1\n2,1\n3,1\n")
    linreg("train", "t.csv", "--x", "x", "--y", "y", "--solver", "exact", "-q")
    Path("n.csv").write_text("x,y\n" + "1,1\n" * 48 + "1,1000\n" * 952)
    evaluate(linreg, "model.json n.csv -q --fail-if 'coverage < 4.8'")
    Path("n.csv").write_text("x,y\n" + "1,1\n" * 952 + "1,1000\n" * 48)
    evaluate(linreg, "model.json n.csv -q --fail-if 'coverage < 95.2'")


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
    assert "uncentered R² = 0." in picture


@pytest.mark.usefixtures("line")
def test_of_several_conditions_those_that_hold_are_named(linreg: Linreg) -> None:
    conditions = "--fail-if 'r2 < 0.9' --fail-if 'rmse > 100' --fail-if 'mae > 1'"
    done = evaluate(linreg, f"model.json off.csv -q {conditions}", 6)
    assert done.stderr == (
        "Error: failed: r2 < 0.9; mae > 1 (r2 is -4.0, mae is 1.3333333333333333)\n" + GATE_HINT
    )


@pytest.mark.usefixtures("line")
def test_a_figure_that_is_undefined_fails_the_gate(linreg: Linreg) -> None:
    Path("flat.csv").write_text("x,y\n1,5\n2,5\n")
    done = evaluate(linreg, "model.json flat.csv -q --fail-if 'r2 < -1e9'", 6)
    assert done.stderr.startswith("Error: failed: r2 < -1e9 (r2 is ")


def test_drift_can_be_a_condition(linreg: Linreg) -> None:
    learn_first(linreg, "elnino", 30)
    drift = as_json(linreg, "model.json new.csv --check-drift")["drift"]
    command = "model.json new.csv -q --check-drift --fail-if"
    above, below = drift["p"] * 1.001, drift["p"] * 0.999
    evaluate(linreg, f"{command} 'drift_p < {below}'")
    done = evaluate(linreg, f"{command} 'drift_p < {above}'", 6)
    assert done.stderr.startswith(f"Error: failed: drift_p < {above} (drift_p is {drift['p']})\n")
    evaluate(linreg, f"{command} 'drift_f > {drift['f'] * 0.999}'", 6)


@pytest.mark.usefixtures("line")
def test_the_json_is_printed_though_the_gate_fails(linreg: Linreg) -> None:
    done = evaluate(linreg, "model.json off.csv -q --json --fail-if 'r2 < 0.9'", 6)
    assert json.loads(done.stdout)["r2"] == -4


@pytest.mark.usefixtures("line")
def test_the_installed_script_stops_a_shell_script(shell: Shell) -> None:
    done = shell("set -e; linreg evaluate model.json off.csv -q --fail-if 'r2<0.9'; echo deployed")
    assert (done.status, "deployed" in done.stdout) == (6, False)


@pytest.mark.usefixtures("line")
def test_a_reader_that_goes_away_does_not_open_the_gate(shell: Shell) -> None:
    command = "linreg evaluate model.json off.csv -q --fail-if 'r2 < 0.9'"
    done = shell(f"{command} | (exec <&-; sleep 1); echo ${{PIPESTATUS[0]}}")
    assert done.stdout == "6\n"


def test_the_guide_documents_status_6() -> None:
    assert "\n| 6 |" in GUIDE.read_text(encoding="utf-8")
