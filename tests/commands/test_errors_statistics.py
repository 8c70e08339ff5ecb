"""Messages of confidences, of new data and of models without statistics."""

from pathlib import Path

import pytest

from tests.commands.error_cases import NUMBER_HINT, Case, case, check_refusal, each
from tests.commands.statistics_error_cases import (
    MISSING_HINT,
    ROWS,
    SHARE_HINT,
    WEIGHT_HINT,
    check_hints,
)
from tests.conftest import Linreg

UNIQUE_HINT = "Hint: Train without 'b'."
MORE_ROWS_HINT = "Hint: Train on more rows."
# fmt: off
STATISTICS = [
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
         "Error: - is given for both the model and the data",
         "Hint: Write one of the two to a file, and name the file."),
    case(ROWS, "evaluate model.json", 2,
         "Error: DATA is missing",
         "Hint: For example: linreg evaluate model.json new.csv"),
    case(None, "show no.json", 4,
         "Error: no.json: no such model file",
         "Hint: linreg train DATA --x COLUMN --y COLUMN writes one."),
    case(None, "show model.json extra", 2,
         "Error: DATA has no effect without --robust",
         "Hint: linreg evaluate MODEL DATA evaluates a model on rows."),
    case(None, "export model.json extra --to python other", 2,
         "Error: linreg export takes one MODEL, and more are given",
         "Hint: Run it for one at a time: linreg export model.json --to python"),
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
]
# fmt: on


@pytest.mark.usefixtures("models_of_files")
@each(STATISTICS)
def test_bad_input_of_statistics_gets_its_message_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal(linreg, folder, case)


def test_every_message_of_statistics_has_a_hint() -> None:
    check_hints(STATISTICS)
