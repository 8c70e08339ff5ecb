"""linreg evaluate --fail-if: conditions and their status."""

import json
from pathlib import Path

import pytest

from tests.commands.evaluate_runs import as_json, evaluate, learn_first
from tests.conftest import Linreg, Shell

GUIDE = Path(__file__).parents[2] / "docs" / "command-line.md"
CONDITION_HINT = (
    "Hint: A condition of --fail-if holds, or its figure is undefined; the exit status is 6.\n"
)


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
    assert done.stderr == f"Error: failed: {condition} ({name} is {value})\n{CONDITION_HINT}"
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


@pytest.mark.usefixtures("line")
def test_of_several_conditions_those_that_hold_are_named(linreg: Linreg) -> None:
    conditions = "--fail-if 'r2 < 0.9' --fail-if 'rmse > 100' --fail-if 'mae > 1'"
    done = evaluate(linreg, f"model.json off.csv -q {conditions}", 6)
    assert done.stderr == (
        "Error: failed: r2 < 0.9; mae > 1 (r2 is -4.0, mae is 1.3333333333333333)\n"
        + CONDITION_HINT
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
