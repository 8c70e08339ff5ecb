"""linreg columns: the kind of each column, its levels, and the command in the last line."""

import json
import random
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from linreg_cli.design import MAX_LEVELS
from linreg_cli.reading.levels import LevelCounts
from tests.conftest import Linreg, Shell
from tests.references import SACRAMENTO


def described(linreg: Linreg, data: str, *options: str) -> Any:
    result = linreg("columns", "-", "--json", *options, stdin=data)
    assert result.status == 0, result.stderr
    return json.loads(result.stdout)


def column_of(linreg: Linreg, cells: list[str], *options: str) -> Any:
    data = "a;b\n" + "".join(f'"{cell}";1\n' for cell in cells)
    return described(linreg, data, "--delimiter", ";", *options)["columns"][0]


KINDS = [
    (["1", "2.5", "NA", "-3e2"], "number"),
    (["1", "0", "1"], "number"),
    (["2024-01-31", "", "2024-02-29 23:59"], "date"),
    (["2024-01-31", "2023-02-29"], "text"),
    (["31.01.2024", "01.02.2024"], "text"),
    (["true", "FALSE", "True"], "boolean"),
    (["yes", "No", ""], "boolean"),
    (["t", "f"], "boolean"),
    (["Y", "n", "N "], "boolean"),
    (["yes", "maybe"], "text"),
    (["f", "m", "f", "m"], "category"),
    (["Rome", "Oslo", "Rome", "Rome"], "category"),
    (["Rome", "Oslo", "Rome"], "text"),
    (["Rome", "Oslo"], "text"),
    (["1", "x", "2"], "mixed"),
    (["$5", "$6", "$7", "$5"], "mixed"),
    (["$5", "six", "$7", "$5"], "text"),
    (["12 %", "?", "13 %"], "mixed"),
    (["", "NA"], "empty"),
]


@pytest.mark.parametrize(("cells", "kind"), KINDS)
def test_each_kind_has_a_rule(linreg: Linreg, cells: list[str], kind: str) -> None:
    assert column_of(linreg, cells)["kind"] == kind


def test_levels_are_counted_as_pandas_counts_them(linreg: Linreg) -> None:
    found = json.loads(linreg("columns", str(SACRAMENTO), "--json").stdout)["columns"]
    frame = pd.read_csv(SACRAMENTO)
    for name in ("city", "zip", "type"):
        column = next(column for column in found if column["name"] == name)
        counts = {str(level): int(count) for level, count in frame[name].value_counts().items()}
        in_order = sorted(counts, key=lambda level: (-counts[level], level))[:5]
        assert column["levels"] == [{"text": each, "count": counts[each]} for each in in_order]
        assert column["distinct_texts"] == len(counts)
        assert column["kind"] == "category"


@pytest.mark.parametrize("distinct", [1000, 1001])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_levels_do_not_depend_on_the_order_of_rows(
    linreg: Linreg, distinct: int, threads: str
) -> None:
    cells = [f"level {i % distinct}" for i in range(60_000)]
    cells[0] = 'a ""quoted"" text'
    random.Random(1).shuffle(cells)  # noqa: S311 - any order
    expected = Counter(cell.replace('""', '"') for cell in cells)
    assert len(expected) == distinct + 1 - (60_000 // distinct == 1)
    found = column_of(linreg, cells, "--threads", threads)
    has_more = len(expected) > MAX_LEVELS
    assert (found["kind"], found["has_more_texts"]) == (
        "text" if has_more else "category",
        has_more,
    )
    in_order = sorted(expected.items(), key=lambda item: (-item[1], item[0]))[:5]
    levels = [(level["text"], level["count"]) for level in found["levels"]]
    assert levels == ([] if has_more else in_order)


def test_a_long_level_is_cut_but_not_confused_with_another() -> None:
    levels = LevelCounts()
    levels.add([("x" * 200 + end, 2) for end in "aab"])
    assert levels.distinct == 2
    assert [(level.text, level.count) for level in levels.most_frequent(5)] == [
        ("x" * 39 + "\N{HORIZONTAL ELLIPSIS}", 4),
        ("x" * 39 + "\N{HORIZONTAL ELLIPSIS}", 2),
    ]


def test_a_table_lists_the_most_frequent_levels(linreg: Linreg) -> None:
    data = "city,open\n" + "Rome,yes\n" * 3 + "Oslo,no\n" * 2 + "Bern,yes\nLima,yes\n" * 2
    data += "Kiev,no\nKiev,no\nBonn,no\nBonn,no\n"
    lines = linreg("columns", "-", stdin=data).stdout.splitlines()
    assert "city: 'Rome' 3, 'Bern' 2, 'Bonn' 2, 'Kiev' 2, 'Lima' 2, 1 more" in lines
    assert "open: 'yes' 7, 'no' 6" in lines


def test_row_names_have_a_label(linreg: Linreg) -> None:
    data = "x,y\na,1,2\nb,2,3\n"
    assert linreg("columns", "-", stdin=data).stdout.splitlines()[1].startswith("(row names)")
    column = described(linreg, data)["columns"][0]
    assert (column["name"], column["is_row_names"]) == ("", True)
    no_name = linreg("columns", "-", stdin=",y\na,1\nb,2\n").stdout.splitlines()[1]
    assert no_name.startswith("(no name)")


def test_an_invisible_character_is_named(linreg: Linreg) -> None:
    found = linreg("columns", "-", stdin="a,b\n1\u200b2,3\n14,4\n").stdout
    assert (
        "is not a number: '1\\u200b2': it holds U+200B (ZERO WIDTH SPACE) (stdin, line 2)" in found
    )


COMMANDS = [
    # the file, options of linreg columns, what the command has after the name of the file
    ("x,y\n1,2\n2,3\n", "", "--x x --y y"),
    ("x,y,z\n1,2,3\n2,3,3\n3,1,3\n", "", "--x x --y y"),
    ("x,y\n1,2\n2,3\n", "--y x", "--x y --y x"),
    ("a b,it's,$x\n1,2,1\n2,3,5\n3,5,2\n4,1,1\n", "", "--x 'a b' --x 'it'\"'\"'s' --y '$x'"),
    ("-a,*,c?\n1,2,1\n2,3,5\n3,5,2\n4,1,1\n", "", "--x -a --x '*' --y 'c?'"),
    ("x,y\n1,$5\n2,$7\n", "", "--x x --y y --strip '$'"),
    ("x;y\n1,5;2\n2,5;3\n", "", "--x x --y y --decimal ,"),
    ('x,y\n"1,5","2,5"\n"2,5","3,5"\n', "", "--x x --y y --decimal ,"),
    ("x;y\n1;2\n2;?\n3;4\n", "", "--x x --y y --na '?'"),
    ("x;y\n1,5;2\n2,5;-\n3;4\n", "--decimal ,", "--x x --y y --decimal , --na -"),
    ('x, y\n1, "2"\n2, "3"\n', "", "--x x --y y --skip-initial-space"),
    ("a:b\n1:2\n2:3\n", "--delimiter :", "--x a --y b --delimiter :"),
    ("# t\nx\ty\n1\t2\n2\t3\n", "--comment '#'", "--x x --y y --comment '#'"),
    ("1,2\n2,3\n3,5\n", "--no-header", "--x 1 --y 2 --no-header"),
    ("x,y\n1,2\n2,3\n3,5\nTotal,10\n", "", "--x x --y y --rejects rejects.csv"),
    ("x,y,z\n1,$2,€ 3\n2,$3,€ 5\n3,$1,€ 7\n", "", "--x x --x y --y z --strip '$€'"),
    ("x,y\n(1),2\n2,3\n5-,1\n", "", "--x x --y y --accounting"),
    ("x,x,y,z\n1,2,3,4\n2,3,4,4.5\n", "", "--x y --y z"),
    ("x,y\n1,\n,2\n3,4\n5,6\n", "", "--x x --y y"),
    ("c,y\na,1\nb,2\na,3\nb,5\n", "", "--category c --y y"),
    ("c,d e,y\na,no,1\nb,no,2\na,yes,3\nb,no,5\n", "", "--category c --category 'd e' --y y"),
    ("c,y\na,$1\nb,$2\na,$3\nb,$5\n", "", "--category c --y y --strip '$'"),
    ("x,y\n,1\n2,\n,3\n4,5\n6,7\n9,\n", "--y y", "--x x --y y"),
]


@pytest.mark.parametrize(("data", "options", "expected"), COMMANDS)
def test_the_last_line_is_a_command_that_works(
    linreg: Linreg, shell: Shell, data: str, options: str, expected: str
) -> None:
    Path("a file.csv").write_text(data, encoding="utf-8")
    result = linreg("columns", "a file.csv", *shlex.split(options))
    assert result.status == 0, result.stderr
    command = result.stdout.splitlines()[-1]
    assert command == f"linreg train 'a file.csv' {expected}"
    done = shell(command)
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr


NEEDS = "a line needs two columns of numbers that vary"
APART = "no two columns of numbers are known to have two rows in common"


@pytest.mark.parametrize(
    ("data", "options", "reason"),
    [
        ("x,y\n", "", "there is no row"),
        ("x,y\n1,a\n2,b\n", "", f"{NEEDS}, and only 'x' is one"),
        ("x\n1\n2\n", "", f"{NEEDS}, and only 'x' is one"),
        ("x,y\na,b\nc,d\n", "", f"{NEEDS}, and there is none"),
        ("x,y\n1,5\n1,5\n", "", f"{NEEDS}, and there is none"),
        ("x,y\n1,\n2,\n,3\n,4\n", "", APART),
        ("x,y,z\n1,2,a\n2,3,b\n", "--y z", "'z' is not a column of numbers that vary"),
    ],
)  # fmt: skip
def test_without_a_command_the_last_line_says_why(
    linreg: Linreg, data: str, options: str, reason: str
) -> None:
    result = linreg("columns", "-", *shlex.split(options), stdin=data)
    assert result.stdout.splitlines()[-1] == f"No linreg train command: {reason}."
    found = described(linreg, data, *shlex.split(options))
    assert (found["train"], found["why_no_train"]) == (None, reason)


@pytest.mark.slow
def test_the_options_were_tried_on_all_rows(linreg: Linreg, folder: Path) -> None:
    """A cell far below that the options do not read leaves the column out."""
    rows = "".join(f"{i % 7},{i % 5},$1{i % 3}.5\n" for i in range(100_000))
    (folder / "long.csv").write_text("a,b,c\n" + rows)
    whole = linreg("columns", "long.csv").stdout.splitlines()[-1]
    assert whole == "linreg train long.csv --x a --x b --y c --strip '$'"
    (folder / "long.csv").write_text("a,b,c\n" + rows + "1,2,none of it\n")
    assert (
        linreg("columns", "long.csv").stdout.splitlines()[-1] == "linreg train long.csv --x a --y b"
    )
    (folder / "long.csv").write_text("a,b,c\n" + rows + "1,2,€5\n")
    both = linreg("columns", "long.csv").stdout.splitlines()[-1]
    assert both == "linreg train long.csv --x a --x b --y c --strip '$€'"


def test_an_option_that_would_change_other_numbers_is_not_taken(linreg: Linreg) -> None:
    data = "a;b;c\n" + "1.5;2.5;3\n2.5;1.5;4\n" * 20_000 + "3;3;4,5\n"
    assert described(linreg, data)["train"] == "linreg train - --x a --y b"


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ("a;b\n1,200;1\n2,500;2\n3,100;4\n", "--decimal ,"),
        ("a;b\n1,200;1.5\n2,500;2.25\n3,100;4\n", "--thousands ,"),
        ("a;b\n1.200;1,5\n2.500;2,25\n3.100;4\n", "--decimal , --thousands ."),
    ],
    ids=["only commas", "points elsewhere", "points of thousands"],
)
def test_a_comma_between_semicolons_is_the_decimal_point_unless_that_spoils_a_column(
    linreg: Linreg, data: str, options: str
) -> None:
    assert described(linreg, data)["train"] == f"linreg train - --x a --y b {options}"


@pytest.mark.parametrize("cells", [["yes", "1", "0", "No"], ["1", "t", "", "F"]])
def test_words_for_true_and_false_among_ones_and_zeros_are_read_by_bool(
    linreg: Linreg, cells: list[str]
) -> None:
    note = note_of(linreg, cells)
    command = shlex.split(note.rpartition("; ")[2].partition(" reads all cells")[0])[1:]
    assert command == ["train", "--x", "bool(`is open`)"]
    learned = linreg("train", "rows.csv", *command[1:], "-y", "y", "--solver", "exact")
    assert learned.status == 0, learned.stderr


@pytest.mark.parametrize(
    "cells",
    [
        ["yes", "0.5", "no"],
        ["yes", "1", "2"],
        ["yes", "-1", "0"],
        ["maybe", "1", "0"],
        ["yes", "1.0", "0"],  # bool() does not read 1.0
    ],
)
def test_bool_is_no_remedy_where_it_cannot_read_a_cell(linreg: Linreg, cells: list[str]) -> None:
    assert "bool(" not in note_of(linreg, cells)


def note_of(linreg: Linreg, cells: list[str]) -> str:
    """Return the note on the first column of a file."""
    rows = "".join(f"{cell},{j * j}\n" for j, cell in enumerate(cells))
    Path("rows.csv").write_text(f"is open,y\n{rows}")
    done = linreg("columns", "rows.csv")
    return next(line for line in done.stdout.splitlines() if line.startswith("Note: "))
