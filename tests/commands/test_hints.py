"""Hints that can be pasted: what a hint says is typed, and then the command works."""

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import HOUSES, Linreg, Shell

SALES = "size,beds,year built,price\n1,2,3,4\n2,3,5,5\n3,9,9,9\n4,4,4,5\n"
EUROPEAN = "size;price\n1,5;2\n2,5;3\n4,5;7\n"


@pytest.fixture(autouse=True)
def files(folder: Path, linreg: Linreg) -> None:
    """Put data and models into the folder."""
    (folder / "houses.csv").write_bytes(HOUSES)
    (folder / "sales.csv").write_text(SALES)
    (folder / "european.csv").write_text(EUROPEAN)
    (folder / "colons.csv").write_text("x:y\n1:2\n2:3\n4:7\n")
    (folder / "cells.csv").write_text("x,y\n1,2\n2,oops\n3,4\n4,6\n")
    (folder / "wide.csv").write_text("x,y\n1,2\n2,3,4\n3,4\n4,6\n")
    (folder / "narrow.csv").write_text("x,y\n1,2\n2\n3,4\n4,6\n")
    (folder / "marked.csv").write_text("x,y\n1,2\n2,?\n3,4\n4,6\n")
    (folder / "dollars.csv").write_text('x,y\n1,"$1,200"\n2,$950\n3,"$1,300"\n')
    (folder / "losses.csv").write_text("x,y\n1,(20)\n2,30\n3,5\n")
    (folder / "points.csv").write_text("x;y\n1.200;10,5\n2.400;20,5\n980;8\n")
    (folder / "preamble.csv").write_text("A report\n\nx,y\n1,2\n2,3\n4,7\n")
    (folder / "comments.csv").write_text("# a\nx,y\n1,2\n# b\n2,3\n4,7\n")
    (folder / "quotes.csv").write_text('x, y\n1, "2"\n2, "3"\n4, "7"\n')
    (folder / "quoted_names.csv").write_text('x, "y"\n1, "2"\n2, "3"\n4, "7"\n')
    (folder / "title.csv").write_text("A report\nof 2024\n\nx,y in m,note\n1,2,\n2,3,a\n4,7,\n")
    (folder / "commented.csv").write_text("# made\n# by hand\nx,y,note\n1,2,a\n2,3,b\n4,7,c\n")
    (folder / "windows.csv").write_bytes(b"x,y,z\n1,2,\x80\n2,3,a\n4,7,b\n")
    (folder / "taken.csv").write_text("square_feet,predicted_price\n600,1\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "b.csv.gz").write_bytes(b"")
    houses = ["--x", "square_feet", "--y", "price", "-q"]
    assert linreg("train", "houses.csv", *houses).status == 0
    assert linreg("train", "houses.csv", *houses, "--no-scale", "-o", "raw.json").status == 0


HOUSE = "train houses.csv --x square_feet --y price"
WHOLE_COMMANDS = [
    (f"{HOUSE} --lr 0.1", "no such option"),
    ("fit houses.csv --x square_feet --y price", "no such command"),
    ("train houses.csv", "--x and --y not given"),
    ("predict model.json 1,800", "'1,800' is not a number"),
    ("predict model.json 1800 2,100", "'2,100' is not a number"),
    ("predict model.json -1,800", "'-1,800' is not a number"),
    ("predict model.json 1,5 --decimal ,", "'1,5' is not a number"),
    ("predict model.json square_feet=1.800,5", "is not a number"),
    ("export model.json raw.json --to python", "takes one MODEL"),
    (
        "merge model.json raw.json -o all.json",
        "raw.json was trained with --no-scale, model.json with --scale",
    ),
]


@pytest.mark.parametrize(("typed", "problem"), WHOLE_COMMANDS)
def test_the_command_of_a_hint_works(
    linreg: Linreg, shell: Shell, typed: str, problem: str
) -> None:
    refused = linreg(*shlex.split(typed))
    assert refused.status == 2
    assert problem in refused.stderr
    command = re.search(
        r"linreg (?:train|predict|export|merge) .*", refused.stderr.split("Hint: ")[1]
    )
    assert command
    done = shell(command[0])
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr


OPTIONS = [
    # typed, what a hint says in place of (or after) what was typed
    ("train cells.csv --x x --y y", "", "--rejects rejects.csv"),
    ("train wide.csv --x x --y y", "", "--rejects rejects.csv"),
    ("train narrow.csv --x x --y y", "", "--rejects rejects.csv"),
    ("train european.csv --x size --y price", "", "--decimal ,"),
    ("train colons.csv --x x --y y", "", "--delimiter :"),
    ("train sales.csv --x size beds --y price", "--x size beds", "--x size --x beds"),
    ("train marked.csv --x x --y y", "", "--na '?'"),
    ("train dollars.csv --x x --y y", "", "--thousands , --strip '$'"),
    ("train losses.csv --x x --y y", "", "--accounting"),
    ("train points.csv --x x --y y", "", "--decimal , --thousands ."),
    ("train preamble.csv --x x --y y", "", "--skip 2"),
    ("train comments.csv --x x --y y", "", "--comment '#'"),
    ("train quotes.csv --x x --y y", "", "--skip-initial-space"),
    ("train quoted_names.csv --x x --y y", "", "--skip-initial-space"),
    ("columns title.csv", "", "--skip 3"),
    ("columns commented.csv", "", "--comment '#'"),
    ("train windows.csv --x x --y y", "", "--encoding cp1252"),
    ("train sales.csv --x 'size beds' --y price", "--x 'size beds'", "--x size --x beds"),
    ("train sales.csv --x year built --y price", "--x year built", "--x 'year built'"),
    ("show model.json --confidence 95", "--confidence 95", "--confidence 0.95"),
    ("show model.json --confidence 99.9%", "--confidence 99.9%", "--confidence 0.999"),
    ("predict model.json 1800 --interval 90", "--interval 90", "--interval 0.9"),
    (f"{HOUSE} --test-fraction 70", "--test-fraction 70", "--test-fraction 0.7"),
    (f"{HOUSE} --epochs 1e3", "--epochs 1e3", "--epochs 1000"),
    (f"{HOUSE} --solver Exact", "--solver Exact", "--solver exact"),
    ("predict model.json taken.csv", "", "--column new_predicted_price"),
    (f"{HOUSE} --learning-rate 0,1", "--learning-rate 0,1", "--learning-rate 0.1"),
]


@pytest.mark.parametrize(("typed", "wrong", "right"), OPTIONS)
def test_the_option_of_a_hint_works(
    linreg: Linreg, shell: Shell, typed: str, wrong: str, right: str
) -> None:
    refused = linreg(*shlex.split(typed))
    assert refused.status in {2, 3}
    assert right in refused.stderr.partition("Hint: ")[2]
    better = typed.replace(wrong, right) if wrong else f"{typed} {right}"
    done = shell(f"linreg {better}")
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr


def test_a_title_is_skipped_although_no_line_has_the_wanted_name(linreg: Linreg) -> None:
    refused = linreg("train", "title.csv", "--x", "x", "--y", "y")
    assert refused.stderr == (
        "Error: title.csv: no column 'x'; the columns are A report\n"
        "Hint: --skip 3 makes line 4 the header.\n"
    )


def test_a_row_of_numbers_below_one_column_is_no_header(linreg: Linreg, folder: Path) -> None:
    (folder / "one.csv").write_text("x\n1\n2\n3,4\n5,6\n")
    assert "--skip" not in linreg("columns", "one.csv").stderr


def test_the_folder_of_a_hint_can_be_made(linreg: Linreg, shell: Shell) -> None:
    refused = linreg(*HOUSE.split(), "-q", "-o", "new place/m.json")
    assert refused.status == 4
    command = refused.stderr.partition("Hint: Make the folder: ")[2]
    assert shell(command).status == 0
    assert linreg(*HOUSE.split(), "-q", "-o", "new place/m.json").status == 0


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ("'sub/*.csv'", "The CSV files there are sub/b.csv.gz"),
        ("sub", "The CSV files there are sub/b.csv.gz"),
        ("'nowhere/*/a*.csv'", "Check the path: there is no folder 'nowhere'."),
        ("s3://bucket/a.csv", "aws s3 cp s3://bucket/a.csv - | linreg ... -"),
        ("'https://example.org/a.csv?b=1&c'", "curl -L 'https://example.org/a.csv?b=1&c' | "),
    ],
)
def test_data_that_is_not_there_gets_what_is_there(linreg: Linreg, data: str, hint: str) -> None:
    refused = linreg("train", *shlex.split(data), "--x", "a", "--y", "b")
    assert refused.status in {2, 3}
    assert hint in refused.stderr.partition("Hint: ")[2]


def test_a_url_names_the_cluster(linreg: Linreg) -> None:
    refused = linreg("train", "s3://bucket/a.csv", "--x", "a", "--y", "b")
    assert "Hint: Add --cluster local to linreg train, or pipe it into - " in refused.stderr


@pytest.mark.parametrize(
    "options",
    [
        "--decimal , --thousands .",
        "--delimiter ';' --decimal , --comment '#' --skip 1 --na '?' --na -",
        "--delimiter ';' --strip '$€' --encoding cp1252 --accounting --skip-initial-space",
        "--missing fail --no-header --na-only '' --na-only -",
        "--delimiter tab --rejects 'set aside.csv'",
    ],
)
def test_the_example_without_columns_repeats_the_options_of_reading(
    linreg: Linreg, options: str
) -> None:
    Path("d.csv").write_text("# one\n# two\na;b c;d\n1;2;3\n", encoding="utf-8")
    refused = linreg("train", "d.csv", *shlex.split(options))
    assert refused.status == 2
    assert "--x and --y not given" in refused.stderr
    assert refused.stderr.endswith(f" {options}\n")


def test_the_example_without_columns_repeats_the_weights(linreg: Linreg) -> None:
    refused = linreg("train", "sales.csv", "--y", "price", "--weights", "size")
    assert refused.stderr.endswith(
        "Hint: For example: linreg train sales.csv --x beds --y price --weights size\n"
    )


def test_a_feature_of_text_proposes_a_category_and_a_target_to_leave_it_out(
    linreg: Linreg,
) -> None:
    Path("d.csv").write_text("city,y\nRome,1\nOslo,2\n")
    aside = "--rejects rejects.csv writes such rows to this file and continues"
    assert linreg("train", "d.csv", "--x", "city", "--y", "y").stderr.endswith(
        f"Hint: --category city makes it a category. If it is not text: {aside}.\n"
    )
    assert linreg("train", "d.csv", "--x", "y", "--y", "city").stderr.endswith(
        f"Hint: {aside}; if the whole column is text, name another column with --y.\n"
    )
