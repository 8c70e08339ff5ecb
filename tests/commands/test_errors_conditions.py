"""linreg evaluate --fail-if: messages of conditions that are invalid or that hold."""

import json
from pathlib import Path

import pytest

from tests.commands.error_cases import Case, case, check_refusal, each
from tests.commands.statistics_error_cases import ROWS, check_hints
from tests.conftest import Linreg, snapshot

NAMES = "rows, r2, rmse, mae, mape, bias, coverage, largest_error, drift_f, drift_p"
CONDITION_HINT = f"Hint: A condition looks like 'r2 < 0.9'; the names are {NAMES}."
HOLDS_HINT = (
    "Hint: A condition of --fail-if holds, or its figure is undefined; the exit status is 6."
)
# fmt: off
CONDITIONS = [
    # conditions
    case(ROWS, "evaluate model.json d.csv --fail-if ''", 2,
         "Error: '' is not a condition", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if r2", 2,
         "Error: 'r2' is not a condition", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 is low'", 2,
         "Error: 'r2 is low' is not a condition", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 = 0.9'", 2,
         "Error: 'r2 = 0.9' is not a condition", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < 0.9 or mae > 1'", 2,
         "Error: 'r2 < 0.9 or mae > 1' is not a condition", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < high'", 2,
         "Error: 'r2 < high': 'high' is not a number", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < nan'", 2,
         "Error: 'r2 < nan': 'nan' is not a number", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'rms > 1'", 2,
         "Error: 'rms > 1': there is no figure 'rms'; did you mean 'rmse'?", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'speed > 1'", 2,
         "Error: 'speed > 1': there is no figure 'speed'", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < 0.5' --fail-if '\x1b[31m < 1'", 2,
         "Error: '\\x1b[31m < 1' is not a condition", CONDITION_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'coverage < 0.9'", 2,
         "Error: 'coverage < 0.9': coverage is in per cent, so the bound is above 1 and at most "
         "100", "Hint: --fail-if 'coverage < 90' means 90 %."),
    case(ROWS, "evaluate model.json d.csv --fail-if 'coverage <= 1'", 2,
         "Error: 'coverage <= 1': coverage is in per cent, so the bound is above 1 and at most "
         "100", "Hint: --fail-if 'coverage <= 100' means 100 %."),
    case(ROWS, "evaluate model.json d.csv --fail-if 'coverage<950'", 2,
         "Error: 'coverage<950': coverage is in per cent, so the bound is above 1 and at most "
         "100", "Hint: --fail-if 'coverage < 90' means 90 %."),
    # a condition is looked at before any file
    case(None, "evaluate no.json no.csv --fail-if 'r2 <'", 2,
         "Error: 'r2 <' is not a condition", CONDITION_HINT),
]
# fmt: on


@pytest.mark.usefixtures("models_of_files")
@each(CONDITIONS)
def test_bad_input_of_conditions_gets_its_message_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal(linreg, folder, case)


def test_every_message_of_conditions_has_a_hint() -> None:
    check_hints([*CONDITIONS, *GATES])


# Conditions that hold: the figures are printed all the same.
# fmt: off
GATES = [
    case(ROWS, "--fail-if 'r2 < 2'", 6,
         "Error: failed: r2 < 2 (r2 is {r2})", HOLDS_HINT),
    case(ROWS, "--fail-if 'rmse>=0' --fail-if 'mae > 1e9'", 6,
         "Error: failed: rmse>=0 (rmse is {rmse})", HOLDS_HINT),
    case(ROWS, "--fail-if 'rows == 4' --fail-if 'mae > 0'", 6,
         "Error: failed: rows == 4; mae > 0 (rows is 4, mae is {mae})", HOLDS_HINT),
    case(ROWS, "--check-drift --fail-if 'drift_p > 0.5'", 6,
         "Error: failed: drift_p > 0.5 (drift_p is 1.0)", HOLDS_HINT),
    case("x,y\n1,3\n2,3\n", "--fail-if 'r2 > 2'", 6,
         "Error: failed: r2 > 2 (r2 is undefined)", HOLDS_HINT),
    case("x,y\n1,0\n2,3\n", "--fail-if 'mape > 9'", 6,
         "Error: failed: mape > 9 (mape is undefined)", HOLDS_HINT),
]
# fmt: on


@pytest.mark.usefixtures("models_of_files")
@each(GATES)
def test_a_condition_that_holds_ends_with_status_6(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    assert case.data is not None
    (folder / "d.csv").write_bytes(case.data)
    figures = json.loads(linreg("evaluate", "model.json", "d.csv", "--json", "-q").stdout)
    before = snapshot(folder)
    result = linreg("evaluate", "model.json", "d.csv", "-q", *case.arguments)
    assert (result.stderr, result.status) == (case.stderr.format(**figures), case.status)
    assert result.stdout == ""  # with -q only a condition that holds is told
    assert snapshot(folder) == before
