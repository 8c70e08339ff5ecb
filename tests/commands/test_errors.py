"""What bad input gets: one message, one hint, the right status, and every file left as it was."""

import gzip
import json
import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import HOUSES, Linreg, Result, Shell, snapshot

ASIDE = "Hint: --rejects rejects.csv sets such rows aside and goes on"
NUMBER_HINT = f"{ASIDE}; if the whole column is text, leave the column out."
RANGE_HINT = f"{ASIDE}; numbers are 0 or from 4.9e-324 to 1.8e308 in size, of up to 1000 digits."
NARROW_HINT = f"{ASIDE}. Keep the delimiters of empty fields."
WIDE_HINT = (
    f"{ASIDE}. Write a field that holds ',' in double quotes. "
    "With decimal commas: --decimal , --delimiter ';'"
)
NO_FIT = "or give --solver gradient-descent, which finds one of the fits."
VALUE_HINT = "Hint: Type a number such as 1800, -3.5 or 1e6."
TWO_HINT = "Hint: Leave out one of the two."
OTHER_PLACE = "Hint: Name another place for the output."
REPAIR_HINT = "Hint: Train it again, or restore the file."
NO_MODEL_HINT = "Hint: Give a model file that linreg train wrote."
UNKNOWN_OPTION_HINT = "Hint: linreg predict --help lists the options. A file can be named ./-FILE."

ROWS = b"x,y\n1,2\n2,3\n4,7\n"
XY = "d.csv --x x --y y"
LONG = "9" * 1001
ESCAPE = "\x1b[31m"

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="modes do not bind root")


@dataclass(frozen=True)
class Case:
    """A line of the table: what is in d.csv, what is typed, and what comes of it."""

    data: bytes | None
    arguments: list[str]
    status: int
    stderr: str


def case(data: bytes | str | None, arguments: str, status: int, *lines: str) -> Case:
    content = data.encode() if isinstance(data, str) else data
    return Case(content, shlex.split(arguments), status, "\n".join(lines) + "\n")


def names(table: list[Case]) -> list[str]:
    """Call each case by its place and its message."""
    messages = [case.stderr.partition("Error: ")[2][:60].strip() for case in table]
    return [f"{i} {ascii(message)[1:-1]}" for i, message in enumerate(messages)]


# fmt: off
TRAIN = [
    # the data cannot be found
    case(None, XY, 3,
         "Error: d.csv: no such file",
         "Hint: did you mean 'old.csv'?"),
    case(None, "sales-2024.parquet --x x --y y", 3,
         "Error: sales-2024.parquet: no such file",
         "Hint: The CSV files there are old.csv"),
    case(None, "nowhere/d.csv --x x --y y", 3,
         "Error: nowhere/d.csv: no such file",
         "Hint: Check the path: there is no folder 'nowhere'."),
    case(None, "'' --x x --y y", 3,
         "Error: '': no such file",
         "Hint: Name a CSV file, or - for standard input."),
    case(None, "sub --x x --y y", 3,
         "Error: sub: is a folder",
         "Hint: There is no CSV file in it: ls sub"),
    case(ROWS, "d.csv sub --x x --y y", 3,
         "Error: sub: is a folder",
         "Hint: There is no CSV file in it: ls sub"),
    case(None, "'sales-*.csv' --x x --y y", 3,
         "Error: sales-*.csv: matches no file",
         "Hint: The CSV files there are old.csv"),
    case(None, "- - --x x --y y", 2,
         "Error: stdin (-) is given twice",
         "Hint: Give - once: standard input can be read only once."),
    case(None, "- --x x --y y", 3,
         "Error: stdin: is empty",
         "Hint: Give a file with a header line and rows."),
    case(None, "'\udcff.csv\n' --x x --y y", 3,
         "Error: \\udcff.csv\\n: no such file",
         "Hint: did you mean 'old.csv'?"),
    # there is no data in it
    case(b"", XY, 3,
         "Error: d.csv: is empty",
         "Hint: Give a file with a header line and rows."),
    case(b"\n\r\n  \n", XY, 3,
         "Error: d.csv: is empty",
         "Hint: Give a file with a header line and rows."),
    case(b"\xef\xbb\xbf", XY, 3,
         "Error: d.csv: is empty",
         "Hint: Give a file with a header line and rows."),
    case(gzip.compress(b"", mtime=0), XY, 3,
         "Error: d.csv: is empty",
         "Hint: Give a file with a header line and rows."),
    case(b"x,y\n", XY, 3,
         "Error: d.csv: there is a header but no row",
         "Hint: Add rows below the header; if the first line is a row, add --no-header."),
    case(b"x,y\n1,\nNA,2\n", XY, 3,
         "Error: d.csv: none of the rows can be used: 2 rows read, 0 used, 2 left out "
         "(missing cells: x 1, y 1)",
         "Hint: Empty cells, NA, N/A, NaN, null and None count as missing."),
    case(b"x,y\n1,NA\n", XY, 3,
         "Error: d.csv: none of the rows can be used: 1 row read, 0 used, 1 left out "
         "(missing cells: y 1)",
         "Hint: Empty cells, NA, N/A, NaN, null and None count as missing."),
    # the columns
    case(b"square_feet,beds,price\n1,2,3\n", "d.csv --x square_foot --y price", 3,
         "Error: d.csv: no column 'square_foot'; the columns are square_feet, beds, price",
         "Hint: did you mean 'square_feet'?"),
    case(b"Square Feet,Price\n1,2\n", "d.csv --x 'Square Feet' --y price", 3,
         "Error: d.csv: no column 'price'; the columns are Square Feet, Price",
         "Hint: did you mean 'Price'?"),
    case(ROWS, "d.csv --x area --y y", 3,
         "Error: d.csv: no column 'area'; the columns are x, y",
         "Hint: Give a name from this list."),
    case(ROWS, "d.csv --x x --y y --no-header", 3,
         "Error: d.csv: no column 'x'; the columns are 1, 2",
         "Hint: With --no-header, give the number of a column: --x 1"),
    case(b"x:y\n1:2\n", XY, 3,
         "Error: d.csv: no column 'x'; the columns are x:y",
         "Hint: If that is more than one column: --delimiter :"),
    case(ROWS, "d.csv old.csv --x x --y y", 3,
         "Error: old.csv: no column 'x'; the columns are square_feet, price",
         "Hint: Give a name from this list."),
    case(ROWS, "d.csv", 2,
         "Error: --x and --y not given; the columns of d.csv are: x, y",
         "Hint: For example: linreg train d.csv --x x --y y"),
    case(ROWS, "d.csv --x y", 2,
         "Error: --y not given; the columns of d.csv are: x, y",
         "Hint: For example: linreg train d.csv --x y --y x"),
    case(b"year built,price ($)\n1,2\n", "d.csv --y 'price ($)'", 2,
         "Error: --x not given; the columns of d.csv are: year built, price ($)",
         "Hint: For example: linreg train d.csv --x 'year built' --y 'price ($)'"),
    case(ROWS, "d.csv --x x --y x", 2,
         "Error: column 'x' is named twice in --x and --y",
         "Hint: Name each column once."),
    case(ROWS, "d.csv --x x --x x --y y", 2,
         "Error: column 'x' is named twice in --x and --y",
         "Hint: Name each column once."),
    case(b"x,y,x\n1,2,3\n", XY, 3,
         "Error: d.csv, column 'x': occurs twice in the header",
         "Hint: Give each column that is used a name of its own."),
    # the cells
    case(b"x,y\n1,2\n2,n/a?\n", XY, 3,
         "Error: d.csv, line 3, column 'y': 'n/a?' is not a number", NUMBER_HINT),
    case(b"x,y\ninf,2\n", XY, 3,
         "Error: d.csv, line 2, column 'x': 'inf' is not a number", NUMBER_HINT),
    case(b"x,y\n1,-Infinity\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '-Infinity' is not a number", NUMBER_HINT),
    case(b"x,y\n1,1_000\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '1_000' is not a number", NUMBER_HINT),
    case(b"x,y\n1,0x1F\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '0x1F' is not a number", NUMBER_HINT),
    case("x,y\n1,\u0663\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '\u0663' is not a number", NUMBER_HINT),
    case(b"x,y\n1,1e309\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '1e309' is outside the range of float64", RANGE_HINT),
    case(b"x,y\n1,1e-400\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '1e-400' is outside the range of float64", RANGE_HINT),
    case(f"x,y\n1,{LONG}\n", XY, 3,
         f"Error: d.csv, line 2, column 'y': '{LONG[:39]}\u2026' has more than 1000 digits",
         RANGE_HINT),
    case(b"x;y\n1;2,5\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '2,5' is not a number",
         "Hint: --decimal , reads it as 2.5."),
    case(b'x,y\n1,"150,000"\n', XY, 3,
         "Error: d.csv, line 2, column 'y': '150,000' is not a number",
         "Hint: --thousands , reads it as 150000."),
    case(b"x,y\n1,2\n\n2,\n", f"{XY} --missing fail", 3,
         "Error: d.csv, line 4, column 'y': the value is missing",
         "Hint: --missing drop leaves such rows out."),
    case(f"x,y\n1,[red]{ESCAPE}\a\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '[red]\\x1b[31m\\x07' is not a number", NUMBER_HINT),
    case(f"x,[red]y{ESCAPE}\n1,[/red]\n", f"d.csv --x x --y '[red]y{ESCAPE}'", 3,
         "Error: d.csv, line 2, column '[red]y\\x1b[31m': '[/red]' is not a number", NUMBER_HINT),
    case(f'"x\nError: ",[b]y[/b]{ESCAPE}\n1,2\n', XY, 3,
         "Error: d.csv: no column 'x'; the columns are x\\nError:, [b]y[/b]\\x1b[31m",
         "Hint: Give a name from this list."),
    # the rows
    case(b"x,y\n1,2\n3,4,5\n", XY, 3,
         "Error: d.csv, line 3: has 3 fields, the header has 2", WIDE_HINT),
    case(b"x,y,z\n1,2,3\n3\n", XY, 3,
         "Error: d.csv, line 3: has 1 field, the header has 3",
         NARROW_HINT),
    case(b"1,2\n3,4,5\n", "d.csv --x 1 --y 2 --no-header", 3,
         "Error: d.csv, line 2: has 3 fields, the first record has 2", WIDE_HINT),
    case(b'x,y\n1,"a\nb"\n2,3,4\n', XY, 3,
         "Error: d.csv, line 2, column 'y': 'a\\nb' is not a number", NUMBER_HINT),
    case(b'x,y,z\n1,2,"a\r\nb"\r\n2,3\r\n', XY, 3,
         "Error: d.csv, line 4: has 2 fields, the header has 3",
         NARROW_HINT),
    case(b'x,y\n1,2\n2,"3\n4,5\n', XY, 3,
         "Error: d.csv, line 3: opens a quote that is never closed",
         'Hint: A quoted field ends with another ".'),
    case(b'x,y\n1,"2"3\n', XY, 3,
         "Error: d.csv, line 2: has text after a closing quote",
         'Hint: Write a quote inside the field that begins on line 2 twice: "".'),
    # the bytes
    case("x,y,caf\u00e9\n1,2,3\n".encode("latin-1"), XY, 3,
         "Error: d.csv, line 1: is not UTF-8",
         "Hint: Try --encoding latin-1 or --encoding cp1252."),
    case(b"x,y\n1,2\n2,\xff\n", XY, 3,
         "Error: d.csv, line 3: is not UTF-8",
         "Hint: Try --encoding latin-1 or --encoding cp1252."),
    case("x,y\n1,\u20ac\n", f"{XY} --encoding ascii", 3,
         "Error: d.csv, line 2: is not ascii",
         "Hint: Try --encoding utf-8, --encoding latin-1 or --encoding cp1252."),
    case(b"x,y\n1,2\n\x002,3\n", XY, 3,
         "Error: d.csv, line 3: holds a NUL byte",
         "Hint: If it is a text file, try --encoding utf-16."),
    case(gzip.compress(ROWS * 99, mtime=0)[:-20], XY, 3,
         "Error: d.csv: ends in the middle of its gzip data",
         "Hint: The file was cut short: copy it again."),
    case(gzip.compress(ROWS * 99, mtime=0)[:-8] + b"checksum", XY, 3,
         "Error: d.csv: its gzip data is corrupt",
         "Hint: Copy the file again."),
    case(b"\xfd7zXZ\x00 and then nothing of the kind", XY, 3,
         "Error: d.csv: its xz data is corrupt",
         "Hint: Copy the file again."),
    # how the file is written
    case(ROWS, f"{XY} --delimiter ab", 2,
         "Error: --delimiter 'ab' is not one ASCII character",
         "Hint: Give one character: --delimiter ',' or --delimiter ';' or --delimiter tab"),
    case(ROWS, f"{XY} --decimal 5", 2,
         "Error: --decimal '5' cannot be told from the numbers and quotes themselves",
         "Hint: Give one character: --decimal .  or --decimal ,"),
    case(ROWS, f"{XY} --decimal , --delimiter ,", 2,
         "Error: --delimiter and --decimal are both ','",
         "Hint: With decimal commas: --decimal , --delimiter ';' --thousands ."),
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
         "Error: diverged: the loss was 2.48e+11 at the start and is 3.88e+20 at epoch 2; "
         "no model was written",
         "Hint: --learning-rate 0.25 converges, and is what auto takes here."),
    case(b"x,y\n1,1e200\n2,2e200\n", XY, 5,
         "Error: the loss of the starting weights is too large for a 64-bit float",
         "Hint: Give the target or the features in a larger unit."),
]
# fmt: on


def prepare(folder: Path, data: bytes | None) -> dict[str, bytes]:
    """Put an old model and other files into the folder; tell what is there."""
    (folder / "model.json").write_text("the old model\n")
    (folder / "old.csv").write_bytes(HOUSES)
    (folder / "sub").mkdir()
    if data is not None:
        (folder / "d.csv").write_bytes(data)
    return snapshot(folder)


@pytest.mark.parametrize("case", TRAIN, ids=names(TRAIN))
def test_train_says_what_is_wrong_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    before = prepare(folder, case.data)
    result = linreg("train", *case.arguments, "--quiet")
    assert (result.stderr, result.status, result.stdout) == (case.stderr, case.status, "")
    assert snapshot(folder) == before


LATE = [case for case in TRAIN if case.status in {3, 4, 5} and case.data]


@pytest.mark.parametrize("case", LATE, ids=names(LATE))
def test_an_error_is_the_last_thing_said_when_train_is_not_quiet(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    prepare(folder, case.data)
    error = linreg("train", *case.arguments, "--quiet").stderr
    told = linreg("train", *case.arguments).stderr
    assert told.endswith(error)
    assert "Error: " not in told.removesuffix(error)


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
         "Error: both the model and the data are -",
         "Hint: Write one to a file."),
    case(None, "-", 2,
         "Error: nothing to predict for",
         "Hint: Give values, CSV files, or - for CSV on standard input."),
    # typed values
    case(None, "model.json 1800 two", 2,
         "Error: 'two' is no value, but other inputs are",
         "Hint: Give values or files, not both."),
    case(NEW, "model.json 1800 d.csv", 2,
         "Error: 'd.csv' is no value, but other inputs are",
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
         "Hint: beds=NUMBER baths=NUMBER"),
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


@pytest.fixture
def models(linreg: Linreg, folder: Path) -> None:
    """Learn model.json and rooms.json."""
    prepare(folder, None)
    (folder / "rooms.csv").write_bytes(b"beds,baths,price\n1,1,30\n2,1,40\n3,2,60\n4,4,90\n")
    for data, names in (("old.csv", "square_feet price"), ("rooms.csv", "beds baths price")):
        *x, y = names.split()
        features = [word for name in x for word in ("--x", name)]
        output = "model.json" if data == "old.csv" else "rooms.json"
        done = linreg("train", data, *features, "--y", y, "-q", "--solver", "exact", "-o", output)
        assert done.status == 0, done.stderr


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("case", PREDICT, ids=names(PREDICT))
def test_predict_says_what_is_wrong_and_prints_no_prediction(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    if case.data is not None:
        (folder / "d.csv").write_bytes(case.data)
    before = snapshot(folder)
    result = linreg("predict", *case.arguments)
    assert (result.stderr, result.status, result.stdout) == (case.stderr, case.status, "")
    assert snapshot(folder) == before


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
         "Hint: Try --encoding latin-1 or --encoding cp1252."),
    case(b'square_feet,zip\n600,"1\n', "", 3,
         "Error: d.csv, line 2: opens a quote that is never closed",
         'Hint: A quoted field ends with another ".'),
    case(b"square_feet,zip\n600,1\n", "old.csv", 3,
         "Error: old.csv: has other columns than the first file",
         "Hint: Predict for each file by itself, or add --only."),
]
# fmt: on


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("case", MIDWAY, ids=names(MIDWAY))
def test_predict_stops_at_the_first_row_that_it_cannot_read(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    assert case.data is not None
    (folder / "d.csv").write_bytes(case.data)
    result = linreg("predict", "model.json", "d.csv", *case.arguments)
    assert (result.stderr, result.status) == (case.stderr, case.status)


Change = Callable[[dict[str, Any]], object]
# fmt: off
BROKEN_MODELS: list[tuple[str, Change, str]] = [
    ("newer", lambda m: m.update(version=2),
     ("has version 2 of the model format; this linreg reads 1\n"
     "Hint: pip install --upgrade linreg-cli")),
    ("format", lambda m: m.update(format="other"),
     f"is JSON but not a linreg model\n{NO_MODEL_HINT}"),
    ("no format", lambda m: m.pop("format"),
     f"is JSON but not a linreg model\n{NO_MODEL_HINT}"),
    *((f"no {name}", lambda m, name=name: m.pop(name),
       f"is not a whole linreg model: {name}: Field required\n{REPAIR_HINT}")
      for name in ("version", "y", "x", "m", "b", "training", "moments")),
    *((f"no {name} in sums", lambda m, name=name: m["moments"].pop(name),
       f"is not a whole linreg model: sums.{name}: Field required\n{REPAIR_HINT}")
      for name in ("columns", "decimals", "rows", "sums", "products", "minimum", "maximum")),
    *((f"{number} in {name}", lambda m, name=name, number=number: m.update({name: number}),
       f"is not a whole linreg model: {name}: Input should be a finite number\n{REPAIR_HINT}")
      for name in ("m", "b") for number in (float("nan"), float("inf"))),
    ("text", lambda m: m.update(b="0"),
     f"is not a whole linreg model: b: Input should be a valid number\n{REPAIR_HINT}"),
    ("m of others", lambda m: m.update(m={"beds": 300.0}),
     "is not a whole linreg model: 'm' must have one number for each name in 'x', in that order\n"
     + REPAIR_HINT),
    ("sums of others", lambda m: m.update(x=["beds"]),
     f"is not a whole linreg model: 'moments' is of other columns than 'x' and 'y'\n{REPAIR_HINT}"),
    ("twice", lambda m: m.update(x=["price"]),
     f"is not a whole linreg model: a column occurs twice in 'x' and 'y'\n{REPAIR_HINT}"),
    ("no rows", lambda m: m["moments"].update(rows="0"),
     f"is not a whole linreg model: sums: 'rows' must be at least 1\n{REPAIR_HINT}"),
]
# fmt: on


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("change", "finding"),
    [pytest.param(change, finding, id=name) for name, change, finding in BROKEN_MODELS],
)
def test_a_model_file_that_is_not_whole_is_refused_with_what_is_wrong(
    linreg: Linreg, folder: Path, change: Change, finding: str
) -> None:
    fields = json.loads((folder / "model.json").read_bytes())
    change(fields)
    (folder / "bad.json").write_text(json.dumps(fields))
    result = linreg("predict", "bad.json", "1800")
    assert (result.stderr, result.status) == (f"Error: bad.json: {finding}\n", 4)
    assert result.stdout == ""


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 10**6, b"x,y\n1,2\n"])
def test_a_model_file_that_is_no_json_is_refused(
    linreg: Linreg, folder: Path, content: bytes
) -> None:
    (folder / "bad.json").write_bytes(content)
    result = linreg("predict", "bad.json", "1800")
    assert result.stderr == f"Error: bad.json: is not JSON\n{NO_MODEL_HINT}\n"
    assert result.status == 4


@pytest.mark.parametrize("content", ["{}", "[]", "1", "null", '"linreg-model"', '{"format": []}'])
def test_json_that_is_no_model_is_refused(linreg: Linreg, folder: Path, content: str) -> None:
    (folder / "bad.json").write_text(content)
    result = linreg("predict", "bad.json", "1800")
    assert result.stderr == f"Error: bad.json: is JSON but not a linreg model\n{NO_MODEL_HINT}\n"
    assert result.status == 4


FULL = (
    "Error: cannot write standard output: No space left on device\n"
    "Hint: Free some space, or write to another disk.\n"
)


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    "arguments",
    [
        "predict model.json 1800",
        "predict model.json old.csv --column guess",
        "predict model.json old.csv --only",
        "train old.csv --x square_feet --y price -q -o -",
    ],
)
def test_a_full_disk_behind_standard_output_is_an_error(script: str, arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, *arguments.split()], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.stderr.decode(), done.returncode) == (FULL, 3)


def test_a_model_that_cannot_be_written_whole_leaves_the_old_one(
    shell: Shell, folder: Path
) -> None:
    before = prepare(folder, ROWS)
    result = shell(f"ulimit -f 0; linreg train {XY} -q")  # no file may have a byte
    assert result == Result(
        4,
        "",
        "Error: model.json: cannot write the model: File too large\n"
        "Hint: Write it to another place: --output FILE\n",
    )
    assert snapshot(folder) == before


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    "arguments",
    ["predict model.json 1800", "train old.csv --x square_feet --y price -q -o -"],
)
def test_a_closed_standard_output_is_an_error_with_a_hint(shell: Shell, arguments: str) -> None:
    done = shell(f"linreg {arguments} >&-")
    assert done.stderr.startswith("Error: cannot write standard output")
    assert (done.stderr.count("\nHint: "), done.status) == (1, 3)


@pytest.mark.usefixtures("models")
def test_a_closed_standard_input_is_nothing_to_predict_for(shell: Shell) -> None:
    assert shell("linreg predict model.json <&-") == Result(
        2,
        "",
        "Error: nothing to predict for\n"
        "Hint: Give values, CSV files, or - for CSV on standard input.\n",
    )


@as_root
def test_data_that_may_not_be_read_is_an_error(linreg: Linreg, folder: Path) -> None:
    before = prepare(folder, ROWS)
    (folder / "d.csv").chmod(0)
    result = linreg("train", *XY.split(), "--quiet")
    assert result.stderr == "Error: d.csv: no permission to read it\nHint: chmod +r d.csv\n"
    assert result.status == 3
    (folder / "d.csv").chmod(0o600)
    assert snapshot(folder) == before


@as_root
@pytest.mark.parametrize("locked", [".", "model.json"])
def test_a_place_that_may_not_be_written_is_an_error(
    linreg: Linreg, folder: Path, locked: str
) -> None:
    before = prepare(folder, ROWS)
    (folder / locked).chmod(0o555)
    result = linreg("train", *XY.split(), "--quiet")
    (folder / locked).chmod(0o755)
    assert result.stderr == (
        "Error: model.json: cannot write the model: Permission denied\n"
        "Hint: Write it to another place: --output FILE\n"
    )
    assert result.status == 4
    assert snapshot(folder) == before


def test_a_duplicate_name_that_is_not_used_is_no_error(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y,z,z,\n1,2,a,b,c\n2,3,a,b,c\n")
    result = linreg("train", *XY.split(), "--quiet")
    assert (result.status, result.stderr) == (0, "")


def test_the_command_that_a_hint_shows_can_be_typed(linreg: Linreg, folder: Path) -> None:
    (folder / "the data.csv").write_bytes(b"it's,the $price,\n1,2,3\n2,3,3\n")
    asked = linreg("train", "the data.csv")
    command = asked.stderr.partition("Hint: For example: ")[2]
    name, *arguments = shlex.split(command)
    assert name == "linreg"
    result = linreg(*arguments)
    assert (result.status, "Error" in result.stderr) == (0, False)


def test_an_unknown_command_offers_the_nearest(linreg: Linreg) -> None:
    result = linreg("tran", "houses.csv")
    assert result.stderr == (
        "Error: no such command: tran; did you mean train?\nHint: linreg train houses.csv\n"
    )
    assert result.status == 2


def test_a_bug_keeps_its_traceback(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("linreg_cli.commands.rows.sum_rows", fail)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        linreg("train", houses.name, "--x", "square_feet", "--y", "price")
