"""linreg predict: messages of what it cannot predict for."""

from pathlib import Path

import pytest

from tests.commands.error_cases import (
    ESCAPE,
    NARROW_HINT,
    NO_MODEL_HINT,
    NUMBER_HINT,
    Case,
    case,
    check_refusal,
    each,
)
from tests.conftest import Linreg

VALUE_HINT = "Hint: Type a number such as 1800, -3.5 or 1e6."
UNKNOWN_OPTION_HINT = "Hint: linreg predict --help lists the options. A file can be named ./-FILE."
# What predict gets: model.json was learned from houses.csv (300 * square_feet), rooms.json has
# the features beds and baths.
NEW = b"square_feet\n600\n700\n"
# fmt: off
PREDICT = [
    # the model
    case(None, "nomodel.json 1800", 4,
         "Error: nomodel.json: no such model file",
         "Hint: linreg train DATA --x COLUMN --y COLUMN writes one."),
    case(None, "sub 1800", 4,
         "Error: sub: cannot be read: Is a directory",
         "Hint: Give a model file that linreg train wrote."),
    case(None, "'' 1800", 4,
         "Error: '': no such model file",
         "Hint: linreg train DATA --x COLUMN --y COLUMN writes one."),
    case(NEW, "d.csv 1800", 4,
         "Error: d.csv: is not JSON", NO_MODEL_HINT),
    case(None, "- 1800", 4,
         "Error: standard input: is not JSON", NO_MODEL_HINT),
    case(None, "- -", 2,
         "Error: - is given for both the model and the data",
         "Hint: Write one of the two to a file, and name the file."),
    case(None, "-", 2,
         "Error: there is no input to predict for",
         "Hint: Give values, CSV files, or - for CSV on standard input."),
    # typed values
    case(None, "model.json 1800 two", 2,
         "Error: 'two' is not a value, but other inputs are",
         "Hint: Give values or files, not both."),
    case(NEW, "model.json 1800 d.csv", 2,
         "Error: 'd.csv' is not a value, but other inputs are",
         "Hint: Give values or files, not both."),
    case(None, "model.json inf", 3,
         "Error: inf: no such file", VALUE_HINT),
    case(None, "model.json 1,800", 2,
         "Error: '1,800' is not a number",
         "Hint: Type values with a decimal point and without separators: "
         "linreg predict model.json 1800"),
    case(None, "model.json square_feet=big", 2,
         "Error: square_feet 'big' is not a number", VALUE_HINT),
    case(None, "model.json square_feet=", 2,
         "Error: square_feet '' is not a number", VALUE_HINT),
    case(None, f"model.json 'square_feet=[red]{ESCAPE}'", 2,
         "Error: square_feet '[red]\\x1b[31m' is not a number", VALUE_HINT),
    case(None, "model.json 1e309", 2,
         "Error: value '1e309' is outside the range of float64", VALUE_HINT),
    case(None, "model.json square_foot=1800", 2,
         "Error: the model has no feature 'square_foot'; did you mean 'square_feet'?",
         "Hint: It needs square_feet=NUMBER"),
    case(None, "model.json zip=1800", 2,
         "Error: the model has no feature 'zip'",
         "Hint: It needs square_feet=NUMBER"),
    case(None, "model.json square_feet=1800 square_feet=1900", 2,
         "Error: 'square_feet' is given twice",
         "Hint: Give each feature once."),
    case(None, "rooms.json 3", 2,
         "Error: got 1 of 2 values",
         "Hint: The model needs beds=NUMBER baths=NUMBER"),
    case(None, "rooms.json 3 2 1", 2,
         "Error: got 3 values for 2 features",
         "Hint: The model needs beds=NUMBER baths=NUMBER"),
    case(None, "rooms.json baths=2", 2,
         "Error: no value for 'beds'",
         "Hint: The model needs beds=NUMBER baths=NUMBER"),
    case(None, "rooms.json beds=3 2", 2,
         "Error: some values have a name and some have none",
         "Hint: Type values as beds=NUMBER baths=NUMBER"),
    case(None, "model.json 1e308", 3,
         "Error: a prediction is too large for a 64-bit float",
         "Hint: Give the value in the unit that the model was trained on."),
    # options
    case(NEW, "model.json d.csv --onyl", 2,
         "Error: no such option: --onyl; did you mean --only?",
         "Hint: linreg predict model.json d.csv --only"),
    case(NEW, "model.json d.csv --colum size", 2,
         "Error: no such option: --colum; did you mean --column?",
         "Hint: linreg predict model.json d.csv --column size"),
    case(None, "model.json 1800 -x", 2,
         "Error: no such option: -x; linreg train and linreg plot have it", UNKNOWN_OPTION_HINT),
    # files
    case(None, "model.json d.csv", 3,
         "Error: d.csv: no such file",
         "Hint: did you mean 'old.csv'?"),
    case(None, "model.json sub", 3,
         "Error: sub: is a folder",
         "Hint: There is no CSV file in it: ls sub"),
    case(None, "model.json", 3,
         "Error: stdin: is empty",
         "Hint: Give a file with a header line and rows."),
    case(b"", "model.json d.csv", 3,
         "Error: d.csv: is empty",
         "Hint: Give a file with a header line and rows."),
    case(b"squarefeet,beds\n600,3\n", "model.json d.csv", 3,
         "Error: d.csv: no column 'square_feet'; the columns are squarefeet, beds",
         "Hint: did you mean 'squarefeet'?"),
    case(b"baths,zip\n2,1\n", "rooms.json d.csv", 3,
         "Error: d.csv: no column 'beds'; the columns are baths, zip",
         "Hint: The model needs the columns beds, baths."),
    case(b"square_feet,beds,square_feet\n1,2,3\n", "model.json d.csv", 3,
         "Error: d.csv, column 'square_feet': occurs twice in the header",
         "Hint: Give each column that is used a name of its own."),
    case(b"square_feet,predicted_price\n600,1\n", "model.json d.csv", 2,
         "Error: d.csv has a column 'predicted_price' already",
         "Hint: Give the predictions another name: --column new_predicted_price"),
    case(NEW, "model.json d.csv --column square_feet", 2,
         "Error: d.csv has a column 'square_feet' already",
         "Hint: Give the predictions another name: --column new_square_feet"),
]
# fmt: on


@pytest.mark.usefixtures("house_models")
@each(PREDICT)
def test_predict_says_what_is_wrong_and_prints_no_prediction(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal(linreg, folder, case, "predict")


# An error that is met after rows were written: those before it stay, in their place.
# fmt: off
MIDWAY = [
    case(b"square_feet\nbig\n", "", 3,
         "Error: d.csv, line 2, column 'square_feet': 'big' is not a number", NUMBER_HINT),
    case(b"square_feet,zip\n600,1\n700\n", "", 3,
         "Error: d.csv, line 3: has 1 field, the header has 2",
         NARROW_HINT),
    case(b"square_feet\n600\n1e308\n", "", 3,
         "Error: d.csv, line 3: a prediction is too large for a 64-bit float",
         "Hint: Give the value in the unit that the model was trained on."),
    case(b"square_feet\n\xff\n", "", 3,
         "Error: d.csv, line 2: is not UTF-8",
         "Hint: Try --encoding cp1252."),
    case(b'square_feet,zip\n600,"1\n', "", 3,
         "Error: d.csv, line 2: opens a quote that is never closed",
         'Hint: A quoted field ends with another ".'),
    case(b"square_feet,zip\n600,1\n", "old.csv", 3,
         "Error: old.csv: has other columns than the first file",
         "Hint: Predict for each file by itself, or add --only."),
]
# fmt: on


@pytest.mark.usefixtures("house_models")
@each(MIDWAY)
def test_predict_stops_at_the_first_row_that_it_cannot_read(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    assert case.data is not None
    (folder / "d.csv").write_bytes(case.data)
    result = linreg("predict", "model.json", "d.csv", *case.arguments)
    assert (result.stderr, result.status) == (case.stderr, case.status)
