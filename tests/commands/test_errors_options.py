"""linreg train: messages of options, of outputs, and of rows without a fit."""

from pathlib import Path

from tests.commands.error_cases import (
    ROWS,
    XY,
    Case,
    case,
    check_last_words_of_train,
    check_refusal_of_train,
    each,
    met_in_the_data,
)
from tests.conftest import HOUSES, Linreg

NO_FIT = "or give --solver gradient-descent, which finds one of the fits."
TWO_HINT = "Hint: Leave out one of the two."
OTHER_PLACE = "Hint: Name another file for the output."
# fmt: off
OPTIONS = [
    # how the file is written
    case(ROWS, f"{XY} --delimiter ab", 2,
         "Error: --delimiter 'ab' is not one ASCII character",
         "Hint: Give one character: --delimiter ',' or --delimiter ';' or --delimiter tab "
         "or --delimiter whitespace"),
    case(ROWS, f"{XY} --decimal 5", 2,
         "Error: --decimal '5' cannot be told from the numbers and quotes themselves",
         "Hint: Give one character: --decimal .  or --decimal ,"),
    case(ROWS, f"{XY} --strip '($'", 2,
         "Error: --strip '($' would lose the sign of (120)",
         "Hint: --accounting reads (120) and 120- as -120."),
    case(ROWS, f"{XY} --strip -", 2,
         "Error: --strip '-' would change numbers: '-' is part of them",
         "Hint: Give the other characters: --strip '$'  or --strip %"),
    case(ROWS, f"{XY} --strip \u2013", 2,
         "Error: --strip '\u2013' would change numbers: '\u2013' is part of them",
         "Hint: Give the other characters: --strip '$'  or --strip %"),
    case(ROWS, f"{XY} --comment x", 2,
         "Error: --comment 'x' cannot begin a comment",
         "Hint: Give the text that comments begin with: --comment '#'"),
    case(ROWS, f"{XY} --skip 9", 3,
         "Error: d.csv: has 4 lines, so that --skip 9 leaves nothing",
         "Hint: --skip takes a number of lines below 4."),
    case(ROWS, f"{XY} --thousands .", 2,
         "Error: --thousands and --decimal are both '.'",
         "Hint: With decimal commas: --decimal , --delimiter ';' --thousands ."),
    case(ROWS, f"{XY} --encoding utf-9", 2,
         "Error: --encoding 'utf-9' is not known",
         "Hint: Try --encoding utf-8, --encoding latin-1 or --encoding utf-16."),
    # the output
    case(ROWS, f"{XY} -o nowhere/model.json", 4,
         "Error: nowhere/model.json: cannot write the model: No such file or directory",
         "Hint: Make the folder: mkdir -p nowhere"),
    case(ROWS, f"{XY} -o d.csv/model.json", 4,
         "Error: d.csv/model.json: cannot write the model: Not a directory",
         "Hint: Write it to another place: --output FILE"),
    case(ROWS, f"{XY} -o sub", 4,
         "Error: sub: cannot write the model: Is a directory",
         "Hint: Name a file in the folder: sub/NAME"),
    case(ROWS, f"{XY} -o ''", 2,
         "Error: --output is empty",
         "Hint: Name a file, or - for standard output."),
    case(ROWS, f"{XY} -o /dev/full", 4,
         "Error: /dev/full: cannot write the model: No space left on device",
         "Hint: Write it to another place: --output FILE"),
    case(ROWS, f"{XY} --history nowhere/h.csv", 3,
         "Error: nowhere/h.csv: cannot write the history: No such file or directory",
         "Hint: Make the folder: mkdir -p nowhere"),
    case(ROWS, f"{XY} --history /dev/full", 3,
         "Error: /dev/full: cannot write the history: No space left on device",
         "Hint: Write it to another place: --history FILE"),
    case(ROWS, f"{XY} --history h.csv -o nowhere/model.json", 4,
         "Error: nowhere/model.json: cannot write the model: No such file or directory",
         "Hint: Make the folder: mkdir -p nowhere"),
    case(ROWS, f"{XY} --history - -o -", 2,
         "Error: --history cannot be -: --output is - already",
         "Hint: Name a file for it."),
    case(ROWS, f"{XY} --rejects -", 2,
         "Error: --rejects cannot be -",
         "Hint: Name a file for it."),
    case(ROWS, f"{XY} -o d.csv", 2,
         "Error: d.csv is named twice: it would be overwritten", OTHER_PLACE),
    case(ROWS, f"{XY} -o sub/../d.csv", 2,
         "Error: sub/../d.csv is named twice: it would be overwritten", OTHER_PLACE),
    case(ROWS, f"{XY} --history ./d.csv", 2,
         "Error: ./d.csv is named twice: it would be overwritten", OTHER_PLACE),
    case(ROWS, f"{XY} --history model.json", 2,
         "Error: model.json is named twice: it would be overwritten", OTHER_PLACE),
    case(ROWS, "d.csv o*.csv --x x --y y -o old.csv", 2,
         "Error: old.csv is named twice: it would be overwritten", OTHER_PLACE),
    # the options
    case(ROWS, f"{XY} --epochs -1", 2,
         "Error: --epochs: -1 is below 0",
         "Hint: Give a whole number from 0 to 1000000000000000000."),
    case(ROWS, f"{XY} --epochs 1.5", 2,
         "Error: --epochs: '1.5' is not a whole number",
         "Hint: Give a whole number from 0 to 1000000000000000000."),
    case(ROWS, f"{XY} --log-every 0", 2,
         "Error: --log-every: 0 is below 1",
         "Hint: Give a whole number of at least 1."),
    case(ROWS, f"{XY} --start random --seed -1", 2,
         "Error: --seed: -1 is below 0",
         "Hint: Give a whole number of at least 0."),
    case(ROWS, f"{XY} --learning-rate -0.1", 2,
         "Error: --learning-rate: -0.1 is not above 0",
         "Hint: Give auto, or a number above 0."),
    case(ROWS, f"{XY} --learning-rate 0", 2,
         "Error: --learning-rate: 0 is not above 0",
         "Hint: Give auto, or a number above 0."),
    case(ROWS, f"{XY} --learning-rate nan", 2,
         "Error: --learning-rate: nan is not finite",
         "Hint: Give auto, or a number above 0."),
    case(ROWS, f"{XY} --learning-rate inf", 2,
         "Error: --learning-rate: inf is not finite",
         "Hint: Give auto, or a number above 0."),
    case(ROWS, f"{XY} --learning-rate fast", 2,
         "Error: --learning-rate: 'fast' is not a number",
         "Hint: Give auto, or a number above 0."),
    case(ROWS, f"{XY} --tolerance -1e-9", 2,
         "Error: --tolerance: -1e-9 is below 0",
         "Hint: Give a number of at least 0."),
    case(ROWS, f"{XY} --tolerance nan", 2,
         "Error: --tolerance: nan is not finite",
         "Hint: Give a number of at least 0."),
    case(ROWS, f"{XY} --solver newton", 2,
         "Error: --solver: 'newton' is not one of gradient-descent, exact",
         "Hint: Give one of gradient-descent, exact."),
    case(ROWS, f"{XY} --epochss 5", 2,
         "Error: no such option: --epochss; did you mean --epochs?",
         "Hint: linreg train d.csv --x x --y y --epochs 5 --quiet"),
    case(ROWS, "--x x --y y", 2,
         "Error: DATA is missing",
         "Hint: For example: linreg train houses.csv --x square_feet --y price"),
    case(ROWS, f"{XY} --solver exact --history h.csv", 2,
         "Error: --history has no effect with --solver exact", TWO_HINT),
]
# fmt: on


# fmt: off
FITS = [
    # there is no fit
    case(b"x,y\n3,1\n3,2\n3,4\n", f"{XY} --solver exact", 5,
         "Error: no unique fit: column 'x' is constant (x = 3)",
         f"Hint: Train on another feature, {NO_FIT}"),
    case(b"x,y\n3,1\n", f"{XY} --solver exact", 5,
         "Error: no unique fit: 1 row does not determine 2 weights",
         f"Hint: Train on more rows, {NO_FIT}"),
    case(b"a,b,y\n1,1,1\n2,5,2\n", "d.csv --x a --x b --y y --solver exact", 5,
         "Error: no unique fit: 2 rows do not determine 3 weights",
         f"Hint: Train on more rows, {NO_FIT}"),
    case(b"bedrooms,bathrooms,rooms,price\n1,1,2,5\n2,1,3,7\n3,4,7,9\n5,2,7,1\n",
         "d.csv --x bedrooms --x bathrooms --x rooms --y price --solver exact", 5,
         "Error: no unique fit: rooms = bedrooms + bathrooms",
         f"Hint: Train without 'rooms', {NO_FIT}"),
    case(b"a,b,y\n1,1.5,2\n2,-1,3\n3,-3.5,7\n5,-8.5,7\n",
         "d.csv --x a --x b --y y --solver exact", 5,
         "Error: no unique fit: b = 4 - 5/2 * a",
         f"Hint: Train without 'b', {NO_FIT}"),
    case(b"a,b,c,y\n1,2,7,2\n2,4,7,3\n3,6,7,7\n5,10,7,7\n",
         "d.csv --x a --x b --x c --y y --solver exact", 5,
         "Error: no unique fit: b = 2 * a; column 'c' is constant (c = 7)",
         f"Hint: Train without 'b' and 'c', {NO_FIT}"),
    case(b"x,y\n0,1\n0,2\n", f"{XY} --solver exact --no-intercept", 5,
         "Error: no unique fit: column 'x' is constant (x = 0)",
         f"Hint: Train on another feature, {NO_FIT}"),
    case(HOUSES, "d.csv --x square_feet --y price --learning-rate 100", 5,
         "Warning: learning rate 100 is not below 1: the loss will not fall to its minimum; "
         "--learning-rate 0.25 converges",
         "Error: diverged: the loss was 2.48e+11 at the start and is 3.88e+20 at epoch 2; "
         "no model was written",
         "Hint: --learning-rate 0.25 converges; auto uses this value."),
    case(b"x,y\n1,1e200\n2,2e200\n", XY, 5,
         "Error: the loss of the starting weights is too large for a 64-bit float",
         "Hint: Give the target or the features in a larger unit."),
]
# fmt: on


@each(OPTIONS)
def test_train_says_what_is_wrong_with_an_option_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal_of_train(linreg, folder, case)


@each(met_in_the_data(OPTIONS))
def test_an_error_of_an_option_is_the_last_thing_said_when_train_is_not_quiet(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_last_words_of_train(linreg, folder, case)


@each(FITS)
def test_train_says_what_is_wrong_with_a_fit_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal_of_train(linreg, folder, case)


@each(met_in_the_data(FITS))
def test_an_error_of_a_fit_is_the_last_thing_said_when_train_is_not_quiet(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_last_words_of_train(linreg, folder, case)


def test_an_unknown_command_offers_the_nearest(linreg: Linreg) -> None:
    result = linreg("tran", "houses.csv")
    assert result.stderr == (
        "Error: no such command: tran; did you mean train?\nHint: linreg train houses.csv\n"
    )
    assert result.status == 2
