"""What bad input gets from validation, weights, ridge, intervals, evaluation and rejects.

One message, one hint, the right status, nothing on standard output, and every file left as it was.
"""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Linreg, snapshot

XY = "--x x --y y"
NAMES = "rows, r2, rmse, mae, mape, bias, coverage, largest_error, drift_f, drift_p"
GATE_HINT = f"Hint: Such as 'r2 < 0.9'; the names are {NAMES}."
HOLDS_HINT = "Hint: The model does not meet the conditions of --fail-if on these rows."
TWO_HINT = "Hint: Leave out one of the two."
PLACE_HINT = "Hint: Name another place for the output."
REJECTS_HINT = "Hint: Write it to another place: --rejects FILE"
UNIQUE_HINT = "Hint: Train without 'b'."
MORE_ROWS_HINT = "Hint: Train on more rows."
WEIGHT_HINT = "Hint: Give weights of at least 0; a weight of 0 leaves the row out."
MISSING_HINT = "Hint: Empty cells, NA, N/A, NaN, null and None count as missing."
NUMBER_HINT = (
    "Hint: --rejects rejects.csv sets such rows aside and goes on; if the whole column is text, "
    "leave the column out."
)

SHARE_HINT = "Hint: Give a number between 0 and 1, for example 0.95 for 95 %."

# y = 1.5 x + 1 or so, w weighs, zero weighs nothing
ROWS = "x,y,w,zero\n1,2,1,0\n2,4.5,2,0\n4,7,1.5,0\n5,8,1,0\n"
FILES = {
    "old.csv": ROWS,
    "two.csv": "x,y\n1,2\n2,4\n",
    "collinear.csv": "a,b,y\n1,2,3\n2,4,5\n3,6,9\n4,8,8\n",
    "one.csv": "x,y\n1,2\n",
}
MODELS = [
    # what is learned before each case
    "old.csv --x x --y y -o model.json --solver exact",
    "old.csv --x x --y y --weights w -o weighted.json --solver exact",
    "two.csv --x x --y y -o two.json --solver exact",
    "collinear.csv --x a --x b --y y -o collinear.json",
    "one.csv --x x --y y -o one.json",
]


@dataclass(frozen=True)
class Case:
    """A line of the table: what is in d.csv, what is typed, and what comes of it."""

    data: str | None
    arguments: list[str]
    status: int
    stderr: str


def case(data: str | None, arguments: str, status: int, *lines: str) -> Case:
    return Case(data, shlex.split(arguments), status, "\n".join(lines) + "\n")


def names(table: list[Case]) -> list[str]:
    """Call each case by its place and its message."""
    messages = [case.stderr.partition("Error: ")[2][:60].strip() for case in table]
    return [f"{i} {ascii(message)[1:-1]}" for i, message in enumerate(messages)]


# fmt: off
TABLE = [
    # a confidence that is none
    case(None, "show model.json --confidence 0", 2,
         "Error: --confidence: 0 is not above 0",
         SHARE_HINT),
    case(None, "show model.json --confidence 1", 2,
         "Error: --confidence: 1 is not below 1",
         SHARE_HINT),
    case(None, "show model.json --confidence 2", 2,
         "Error: --confidence: 2 is not below 1",
         "Hint: Give 0.02 for 2 %: --confidence 0.02"),
    case(None, "show model.json --confidence 95", 2,
         "Error: --confidence: 95 is not below 1",
         "Hint: Give 0.95 for 95 %: --confidence 0.95"),
    case(None, "show model.json --confidence -0.5", 2,
         "Error: --confidence: -0.5 is not above 0",
         SHARE_HINT),
    case(None, "show model.json --confidence nan", 2,
         "Error: --confidence: nan is not finite",
         SHARE_HINT),
    case(None, "show model.json --confidence 95%", 2,
         "Error: --confidence: '95%' is not a number",
         "Hint: Give 0.95 for 95 %: --confidence 0.95"),
    *(
        case(None, f"predict model.json 3 --{option} {value}", 2,
             f"Error: --{option}: {value} {problem}", hint.replace("OPTION", option))
        for option in ("confidence", "interval")
        for value, problem, hint in (
            ("0", "is not above 0", SHARE_HINT),
            ("1", "is not below 1", SHARE_HINT),
            ("99.5", "is not below 1", "Hint: Give 0.995 for 99.5 %: --OPTION 0.995"),
        )
    ),
    # conditions
    case(ROWS, "evaluate model.json d.csv --fail-if ''", 2,
         "Error: '' is no condition", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if r2", 2,
         "Error: 'r2' is no condition", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 is low'", 2,
         "Error: 'r2 is low' is no condition", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 = 0.9'", 2,
         "Error: 'r2 = 0.9' is no condition", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < 0.9 or mae > 1'", 2,
         "Error: 'r2 < 0.9 or mae > 1' is no condition", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < high'", 2,
         "Error: 'r2 < high': 'high' is no number", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < nan'", 2,
         "Error: 'r2 < nan': 'nan' is no number", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'rms > 1'", 2,
         "Error: 'rms > 1': there is no figure 'rms'; did you mean 'rmse'?", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'speed > 1'", 2,
         "Error: 'speed > 1': there is no figure 'speed'", GATE_HINT),
    case(ROWS, "evaluate model.json d.csv --fail-if 'r2 < 0.5' --fail-if '\x1b[31m < 1'", 2,
         "Error: '\\x1b[31m < 1' is no condition", GATE_HINT),
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
         "Error: 'r2 <' is no condition", GATE_HINT),
    # new data
    case("x,z\n1,2\n", "evaluate model.json d.csv", 3,
         "Error: d.csv: no column 'y'; the columns are x, z",
         "Hint: The model needs the columns x, y."),
    case("x,Y\n1,2\n", "evaluate model.json d.csv", 3,
         "Error: d.csv: no column 'y'; the columns are x, Y",
         "Hint: did you mean 'Y'?"),
    case("z,y\n1,2\n", "evaluate model.json d.csv", 3,
         "Error: d.csv: no column 'x'; the columns are z, y",
         "Hint: The model needs the columns x, y."),
    case("x,y\n1,2\n", "evaluate weighted.json d.csv", 3,
         "Error: d.csv: no column 'w'; the columns are x, y",
         "Hint: The model needs the columns x, y, w."),
    case("x,y,w\n1,2,1\n2,3,-2.50\n", "evaluate weighted.json d.csv", 3,
         "Error: d.csv, line 3, column 'w': the weight -2.5 is negative", WEIGHT_HINT),
    case("x,y\n1,2\n2,many\n", "evaluate model.json d.csv", 3,
         "Error: d.csv, line 3, column 'y': 'many' is not a number", NUMBER_HINT),
    case("x,y\n", "evaluate model.json d.csv", 3,
         "Error: d.csv: there is a header but no row",
         "Hint: Add rows below the header; if the first line is a row, add --no-header."),
    case("x,y\n1,\n,2\n", "evaluate model.json d.csv", 3,
         "Error: d.csv: none of the rows can be used: 2 rows read, 0 used, 2 left out "
         "(missing cells: x 1, y 1)", MISSING_HINT),
    case(None, "evaluate model.json d.csv", 3,
         "Error: d.csv: no such file",
         "Hint: did you mean 'old.csv'?"),
    case(ROWS, "evaluate no.json d.csv", 4,
         "Error: no.json: no such model file",
         "Hint: linreg train DATA --x COLUMN --y COLUMN writes one."),
    case(ROWS, "evaluate d.csv d.csv", 4,
         "Error: d.csv: is not JSON",
         "Hint: Give a model file that linreg train wrote."),
    case(ROWS, "evaluate - -", 2,
         "Error: both the model and the data are -",
         "Hint: Write one to a file."),
    case(ROWS, "evaluate model.json", 2,
         "Error: DATA is missing",
         "Hint: For example: linreg evaluate model.json new.csv"),
    case(None, "show no.json", 4,
         "Error: no.json: no such model file",
         "Hint: linreg train DATA --x COLUMN --y COLUMN writes one."),
    case(None, "show model.json extra", 2,
         "Error: linreg show takes one MODEL, and more are given",
         "Hint: Run it for one at a time: linreg show model.json"),
    # the test part
    case(ROWS, f"train d.csv {XY} --test-fraction 0", 2,
         "Error: --test-fraction: 0 is not above 0",
         SHARE_HINT),
    case(ROWS, f"train d.csv {XY} --test-fraction 1", 2,
         "Error: --test-fraction: 1 is not below 1",
         SHARE_HINT),
    case(ROWS, f"train d.csv {XY} --test-fraction 20", 2,
         "Error: --test-fraction: 20 is not below 1",
         "Hint: Give 0.2 for 20 %: --test-fraction 0.2"),
    case(ROWS, f"train d.csv {XY} --test-fraction -0.2", 2,
         "Error: --test-fraction: -0.2 is not above 0",
         SHARE_HINT),
    case(ROWS, f"train d.csv {XY} --test-fraction a-fifth", 2,
         "Error: --test-fraction: 'a-fifth' is not a number",
         SHARE_HINT),
    case(ROWS, f"train d.csv {XY} --test-fraction 1e-9 -q", 5,
         "Error: the test part has none of the 4 rows",
         "Hint: Give another --test-fraction or --seed."),
    case(ROWS, f"train d.csv {XY} --test-fraction 0.999999999 -q", 5,
         "Error: the training part has none of the 4 rows",
         "Hint: Give another --test-fraction or --seed."),
    case(ROWS, f"train d.csv {XY} --test-fraction 1e-9 -q --solver exact --rejects model.json", 2,
         "Error: model.json is named twice: it would be overwritten", PLACE_HINT),
    # folds
    case(ROWS, f"train d.csv {XY} --folds 1", 2,
         "Error: --folds: 1 is below 2",
         "Hint: Give a whole number from 2 to 1000."),
    case(ROWS, f"train d.csv {XY} --folds 0", 2,
         "Error: --folds: 0 is below 2",
         "Hint: Give a whole number from 2 to 1000."),
    case(ROWS, f"train d.csv {XY} --folds 2.5", 2,
         "Error: --folds: '2.5' is not a whole number",
         "Hint: Give a whole number from 2 to 1000."),
    case(ROWS, f"train d.csv {XY} --folds 5 -q", 5,
         "Error: fold 1 of 5 has no row (4 rows in all folds)",
         "Hint: Give fewer --folds, or another --seed."),
    case("a,b,y\n1,2,3\n2,4,5\n3,6,9\n4,8,1\n5,10,2\n",
         "train d.csv --x a --x b --y y --folds 2 -q", 5,
         "Error: the rows outside fold 1 determine no unique fit",
         "Hint: Give fewer --folds or --x, or add --l2."),
    # ridge
    case(ROWS, f"train d.csv {XY} --l2 0,0.1,1", 2,
         "Error: several values of --l2 need --folds to choose one",
         "Hint: Add --folds 5."),
    case(ROWS, f"train d.csv {XY} --l2 0.1,1 --test-fraction 0.5", 2,
         "Error: several values of --l2 need --folds to choose one",
         "Hint: Add --folds 5."),
    case(ROWS, f"train d.csv {XY} --l2 -1", 2,
         "Error: --l2: -1 is below 0",
         "Hint: Give a number of at least 0."),
    case(ROWS, f"train d.csv {XY} --l2 1,-0.5 --folds 2", 2,
         "Error: --l2: -0.5 is below 0",
         "Hint: Give a number of at least 0."),
    case(ROWS, f"train d.csv {XY} --l2 much", 2,
         "Error: --l2: 'much' is not a number",
         "Hint: Give a number of at least 0."),
    case(ROWS, f"train d.csv {XY} --l2 0.1,,1 --folds 2", 2,
         "Error: --l2: '' is not a number",
         "Hint: Give a number of at least 0."),
    case(ROWS, f"train d.csv {XY} --l2 inf", 2,
         "Error: --l2: inf is not finite",
         "Hint: Give a number of at least 0."),
    # weights
    case(ROWS, f"train d.csv {XY} --weights weight", 3,
         "Error: d.csv: no column 'weight'; the columns are x, y, w, zero",
         "Hint: Give a name from this list."),
    case("x,y,w\n1,2,1\n2,3,-0.50\n4,7,-1\n", f"train d.csv {XY} --weights w", 3,
         "Error: d.csv, line 3, column 'w': the weight -0.5 is negative", WEIGHT_HINT),
    case("x,y,w\n1,2,1\n2,3,-1e-3\n4,7,2\n", f"train d.csv {XY} --weights w --rejects r.csv", 3,
         "Error: d.csv, line 3, column 'w': the weight -0.001 is negative", WEIGHT_HINT),
    case(ROWS, f"train d.csv {XY} --weights zero", 3,
         "Error: d.csv: none of the rows can be used: 4 rows read, 0 used, 4 of weight 0",
         "Hint: Give weights of at least 0; a weight of 0 leaves the row out."),
    case("x,y,w\n1,2,\n2,3,NA\n", f"train d.csv {XY} --weights w", 3,
         "Error: d.csv: none of the rows can be used: 2 rows read, 0 used, 2 left out "
         "(missing cells: w 2)",
         MISSING_HINT),
    case("x,y,w\n1,2,heavy\n", f"train d.csv {XY} --weights w", 3,
         "Error: d.csv, line 2, column 'w': 'heavy' is not a number", NUMBER_HINT),
    case(ROWS, f"train d.csv {XY} --weights x", 2,
         "Error: column 'x' is named twice in --x, --y and --weights",
         "Hint: Name each column once."),
    case(ROWS, f"train d.csv {XY} --weights y", 2,
         "Error: column 'y' is named twice in --x, --y and --weights",
         "Hint: Name each column once."),
    case("x,y,w\n1,2,0\n2,3,0\n4,5,1\n", f"train d.csv {XY} --weights w --solver exact -q", 5,
         "Error: no unique fit: 1 row does not determine 2 weights",
         "Hint: Train on more rows, or give --solver gradient-descent, which finds one of the "
         "fits."),
    # options that contradict each other
    case(None, "show model.json --json --markdown", 2,
         "Error: --json and --markdown cannot go together", TWO_HINT),
    case(None, "show model.json --latex --json", 2,
         "Error: --json and --latex cannot go together", TWO_HINT),
    case(None, "show model.json --markdown --latex", 2,
         "Error: --markdown and --latex cannot go together", TWO_HINT),
    case(None, "predict model.json 3 --rejects r.csv", 2,
         "Error: --rejects has no effect with typed values", TWO_HINT),
    # no interval and no statistics
    case(None, "predict two.json 3 --interval 0.9", 5,
         "Error: no interval: 2 rows leave no degrees of freedom for 2 weights", MORE_ROWS_HINT),
    case(None, "predict two.json 3 --confidence 0.9", 5,
         "Error: no interval: 2 rows leave no degrees of freedom for 2 weights", MORE_ROWS_HINT),
    case(None, "predict collinear.json 1 2 --interval 0.9", 5,
         "Error: no interval: the weights are not unique: b = 2 * a", UNIQUE_HINT),
    case(None, "predict collinear.json 1 2 --flag-extrapolation", 5,
         "Error: no leverage: the weights are not unique: b = 2 * a", UNIQUE_HINT),
    case(None, "predict one.json 1 --interval 0.9", 5,
         "Error: no interval: the weights are not unique: 1 row does not determine 2 weights",
         MORE_ROWS_HINT),
    case(None, "show collinear.json", 5,
         "Error: the weights are not unique: b = 2 * a", UNIQUE_HINT),
    case(None, "show collinear.json --json", 5,
         "Error: the weights are not unique: b = 2 * a", UNIQUE_HINT),
    case(None, "show one.json", 5,
         "Error: the weights are not unique: 1 row does not determine 2 weights", MORE_ROWS_HINT),
    case("x,y\n1,2\n", "evaluate two.json d.csv --check-drift", 5,
         "Error: no drift test: 2 and 1 rows leave no degrees of freedom",
         "Hint: Evaluate on more rows, or leave out --check-drift."),
    # the columns of the answer
    case("x,predicted_y_lower\n1,2\n", "predict model.json d.csv --interval 0.9", 2,
         "Error: d.csv has a column 'predicted_y_lower' already",
         "Hint: Give the predictions another name: --column new_predicted_y"),
    case("x,predicted_y_extrapolation\n1,2\n", "predict model.json d.csv --flag-extrapolation", 2,
         "Error: d.csv has a column 'predicted_y_extrapolation' already",
         "Hint: Give the predictions another name: --column new_predicted_y"),
    case("x,p_upper\n1,2\n", "predict model.json d.csv --confidence 0.9 --column p", 2,
         "Error: d.csv has a column 'p_upper' already",
         "Hint: Give the predictions another name: --column new_p"),
    # rejects that cannot be written
    *(
        case(ROWS, f"{command} --rejects {path} -q", status, *lines)
        for command in (f"train d.csv {XY}", "evaluate model.json d.csv",
                        "predict model.json d.csv")
        for path, status, lines in (
            ("nowhere/r.csv", 3,
             ["Error: nowhere/r.csv: cannot write the rejects: No such file or directory",
              "Hint: Make the folder: mkdir -p nowhere"]),
            ("d.csv/r.csv", 3,
             ["Error: d.csv/r.csv: cannot write the rejects: Not a directory", REJECTS_HINT]),
            ("sub", 3,
             ["Error: sub: cannot write the rejects: Is a directory",
                     "Hint: Name a file in the folder: sub/NAME"]),
            ("d.csv", 2,
             ["Error: d.csv is named twice: it would be overwritten", PLACE_HINT]),
            ("sub/../d.csv", 2,
             ["Error: sub/../d.csv is named twice: it would be overwritten", PLACE_HINT]),
        )
    ),
    *(
        case(ROWS, f"{command} model.json d.csv --rejects model.json", 2,
             "Error: model.json is named twice: it would be overwritten", PLACE_HINT)
        for command in ("evaluate", "predict")
    ),
    case(ROWS, f"train d.csv {XY} --rejects r.csv -o r.csv", 2,
         "Error: r.csv is named twice: it would be overwritten", PLACE_HINT),
]
# fmt: on


@pytest.fixture
def models(linreg: Linreg, folder: Path) -> None:
    """Put the files and the models of the table into the folder."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "sub").mkdir()
    for command in MODELS:
        done = linreg("train", *command.split(), "-q")
        assert (done.status, done.stdout) == (0, ""), done.stderr


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("case", TABLE, ids=names(TABLE))
def test_bad_input_gets_its_message_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    if case.data is not None:
        (folder / "d.csv").write_text(case.data)
    before = snapshot(folder)
    result = linreg(*case.arguments)
    assert (result.stderr, result.status, result.stdout) == (case.stderr, case.status, "")
    assert snapshot(folder) == before


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


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("case", GATES, ids=names(GATES))
def test_a_condition_that_holds_ends_with_status_6(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    assert case.data is not None
    (folder / "d.csv").write_text(case.data)
    figures = json.loads(linreg("evaluate", "model.json", "d.csv", "--json", "-q").stdout)
    before = snapshot(folder)
    result = linreg("evaluate", "model.json", "d.csv", "-q", *case.arguments)
    assert (result.stderr, result.status) == (case.stderr.format(**figures), case.status)
    assert result.stdout == ""  # with -q only a condition that holds is told
    assert snapshot(folder) == before


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("command", [f"train d.csv {XY}", "evaluate model.json d.csv"])
def test_a_full_disk_behind_the_rejects_is_an_error(
    linreg: Linreg, folder: Path, command: str
) -> None:
    (folder / "d.csv").write_text(ROWS)
    before = snapshot(folder)
    result = linreg(*command.split(), "--rejects", "/dev/full", "-q")
    assert result.stderr == (
        f"Error: /dev/full: cannot write the rejects: No space left on device\n{REJECTS_HINT}\n"
    )
    assert (result.status, result.stdout) == (3, "")
    assert snapshot(folder) == before


def test_every_message_has_a_hint() -> None:
    for case_ in [*TABLE, *GATES]:
        # one of usage has its own form, and one of a column lists what there is
        if not case_.stderr.startswith("Usage: ") and ": no column " not in case_.stderr:
            assert case_.stderr.count("\nHint: ") == 1, case_.stderr
