"""Messages of test parts, folds, ridge, weights and rejects."""

from pathlib import Path

import pytest

from tests.commands.error_cases import WEIGHTS_HINT, Case, case, check_refusal, each
from tests.commands.statistics_error_cases import (
    MISSING_HINT,
    ROWS,
    SHARE_HINT,
    WEIGHT_HINT,
    check_hints,
)
from tests.conftest import Linreg, snapshot

XY = "--x x --y y"
TWO_HINT = "Hint: Leave out one of the two."
PLACE_HINT = "Hint: Name another file for the output."
REJECTS_HINT = "Hint: Write it to another place: --rejects FILE"
# fmt: off
VALIDATION = [
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
         "Error: none of the 4 rows is a test row",
         "Hint: Use another --test-fraction or --seed."),
    case(ROWS, f"train d.csv {XY} --test-fraction 0.999999999 -q", 5,
         "Error: none of the 4 rows is a training row",
         "Hint: Use another --test-fraction or --seed."),
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
         "Error: d.csv, line 2, column 'w': 'heavy' is not a number", WEIGHTS_HINT),
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
         "Error: --json and --markdown cannot be used together", TWO_HINT),
    case(None, "show model.json --latex --json", 2,
         "Error: --json and --latex cannot be used together", TWO_HINT),
    case(None, "show model.json --markdown --latex", 2,
         "Error: --markdown and --latex cannot be used together", TWO_HINT),
    case(None, "predict model.json 3 --rejects r.csv", 2,
         "Error: --rejects has no effect with typed values", TWO_HINT),
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


@pytest.mark.usefixtures("models_of_files")
@each(VALIDATION)
def test_bad_input_of_validation_gets_its_message_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal(linreg, folder, case)


def test_every_message_of_validation_has_a_hint() -> None:
    check_hints(VALIDATION)


@pytest.mark.usefixtures("models_of_files")
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
