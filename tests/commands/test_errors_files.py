"""linreg train: messages of files that are not found or empty, and of columns."""

import gzip
import shlex
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
from tests.conftest import Linreg

# fmt: off
FILES = [
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
]
# fmt: on


# fmt: off
COLUMNS = [
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
]
# fmt: on


@each(FILES)
def test_train_says_what_is_wrong_with_a_file_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal_of_train(linreg, folder, case)


@each(met_in_the_data(FILES))
def test_an_error_of_a_file_is_the_last_thing_said_when_train_is_not_quiet(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_last_words_of_train(linreg, folder, case)


@each(COLUMNS)
def test_train_says_what_is_wrong_with_columns_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal_of_train(linreg, folder, case)


@each(met_in_the_data(COLUMNS))
def test_an_error_of_columns_is_the_last_thing_said_when_train_is_not_quiet(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_last_words_of_train(linreg, folder, case)


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
