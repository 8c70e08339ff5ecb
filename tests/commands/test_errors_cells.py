"""linreg train: messages of cells, rows and bytes that cannot be read."""

import gzip
from pathlib import Path

from tests.commands.error_cases import (
    ASIDE,
    ESCAPE,
    NARROW_HINT,
    NUMBER_HINT,
    ROWS,
    TARGET_HINT,
    XY,
    Case,
    case,
    check_last_words_of_train,
    check_refusal_of_train,
    each,
    met_in_the_data,
)
from tests.conftest import Linreg

RANGE_HINT = f"{ASIDE}; numbers are 0 or from 4.9e-324 to 1.8e308 in size, of up to 1000 digits."
WIDE_HINT = (
    f"{ASIDE}. Put a field that contains ',' in double quotes. "
    "With decimal commas: --decimal , --delimiter ';'"
)
LONG = "9" * 1001
# fmt: off
CELLS = [
    # the cells
    case(b"x,y\n1,2\n2,n/a?\n", XY, 3,
         "Error: d.csv, line 3, column 'y': 'n/a?' is not a number", TARGET_HINT),
    case(b"x,y\ninf,2\n", XY, 3,
         "Error: d.csv, line 2, column 'x': 'inf' is not a number", NUMBER_HINT),
    case(b"x,y\n1,-Infinity\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '-Infinity' is not a number", TARGET_HINT),
    case(b"x,y\n1,1_000\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '1_000' is not a number", TARGET_HINT),
    case(b"x,y\n1,0x1F\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '0x1F' is not a number", TARGET_HINT),
    case("x,y\n1,\u0663\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '\u0663' is not a number: it holds U+0663 "
         "(ARABIC-INDIC DIGIT THREE)", TARGET_HINT),
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
         "Hint: --thousands , reads it as 150000; --decimal , reads it as 150.000."),
    case(b"x,y\n1,2\n\n2,\n", f"{XY} --missing fail", 3,
         "Error: d.csv, line 4, column 'y': the value is missing",
         "Hint: --missing drop leaves such rows out."),
    case(f"x,y\n1,[red]{ESCAPE}\a\n", XY, 3,
         "Error: d.csv, line 2, column 'y': '[red]\\x1b[31m\\x07' is not a number", TARGET_HINT),
    case(f"x,[red]y{ESCAPE}\n1,[/red]\n", f"d.csv --x x --y '[red]y{ESCAPE}'", 3,
         "Error: d.csv, line 2, column '[red]y\\x1b[31m': '[/red]' is not a number", TARGET_HINT),
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
         "Error: d.csv, line 2, column 'y': 'a\\nb' is not a number", TARGET_HINT),
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
         "Hint: Try --encoding cp1252."),
    case(b"x,y\n1,2\n2,\xff\n", XY, 3,
         "Error: d.csv, line 3: is not UTF-8",
         "Hint: Try --encoding cp1252."),
    case("x,y\n1,\u20ac\n", f"{XY} --encoding ascii", 3,
         "Error: d.csv, line 2: is not ascii",
         "Hint: Try --encoding utf-8, --encoding latin-1 or --encoding cp1252."),
    case("x,y\n1,2\n2,3\n".encode("utf-16-be"), XY, 3,
         "Error: d.csv, line 1: holds a NUL byte",
         "Hint: If it is a text file, try --encoding utf-16-be."),
    case("x,y\n\u20131,2\n2,3\n", XY, 3,
         "Error: d.csv, line 2, column 'x': '\u20131' is not a number: it holds U+2013 (EN DASH)",
         "Hint: If the dash is a minus, write it as '-'. --rejects rejects.csv writes such rows "
         "to this file and continues."),
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
]
# fmt: on


@each(CELLS)
def test_train_says_what_is_wrong_with_a_cell_and_leaves_every_file_as_it_was(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_refusal_of_train(linreg, folder, case)


@each(met_in_the_data(CELLS))
def test_an_error_of_a_cell_is_the_last_thing_said_when_train_is_not_quiet(
    linreg: Linreg, folder: Path, case: Case
) -> None:
    check_last_words_of_train(linreg, folder, case)
