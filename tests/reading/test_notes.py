"""Notes on standard error about a header without a name for row names, and on three digits."""

from pathlib import Path

import pytest

from tests.conftest import Linreg

ROW_NAMES = (
    "Note: a.csv: the header has one name fewer than the rows have fields; the first field of each "
    "row was taken for its name.\n"
)


def notes(linreg: Linreg, data: str, *options: str) -> str:
    Path("a.csv").write_text(data, encoding="utf-8")
    result = linreg("train", "a.csv", "--x", "x", "--y", "y", *options)
    assert result.status == 0, result.stderr
    lines = result.stderr.splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("Note: a.csv"))


@pytest.mark.parametrize(
    "data",
    [
        "x,y\na,1,5\nb,2,7\nc,4,11\n",
        '"x" "y"\n"1" 1 5\n"2" 2 7\n"3" 4 11\n',
        "x\ty\n1\t1\t5\n2\t2\t7\n3\t4\t11\n",
    ],
    ids=["commas", "write.table", "tabs"],
)
def test_row_names_are_noted(linreg: Linreg, data: str) -> None:
    assert notes(linreg, data) == ROW_NAMES


@pytest.mark.parametrize(
    "data", ["name,x,y\na,1,5\nb,2,7\nc,4,11\n", ",x,y\na,1,5\nb,2,7\nc,4,11\n"]
)
def test_a_header_as_long_as_the_rows_is_not_noted(linreg: Linreg, data: str) -> None:
    assert notes(linreg, data) == ""


def three_digits(column: str, separator: str, change: str) -> str:
    return (
        f"Note: a.csv, column '{column}': each '{separator}' has exactly three digits after it. "
        f"If it separates thousands: {change}\n"
    )


def test_three_digits_after_each_point_are_noted_in_a_file_with_semicolons(linreg: Linreg) -> None:
    found = notes(linreg, "x;y\n1.200;5\n2.300;7\n12.400;11\n")
    assert found == three_digits("x", ".", "--decimal , --thousands .")


def test_three_digits_after_each_comma_are_noted_where_it_is_the_decimal_character(
    linreg: Linreg,
) -> None:
    found = notes(linreg, "x;y\n1,200;5,5\n2,300;7,5\n12,400;11,5\n", "--decimal", ",")
    assert found == three_digits("x", ",", "--decimal . --thousands ,")


def test_each_column_that_is_used_has_its_own_note(linreg: Linreg) -> None:
    found = notes(linreg, "x;y;z\n1.200;5.100;1.100\n2.300;7.100;2.100\n4.400;11.100;3.100\n")
    change = "--decimal , --thousands ."
    assert found == three_digits("x", ".", change) + three_digits("y", ".", change)


@pytest.mark.parametrize(
    "data",
    [
        "x;y\n1.200;5\n2.30;7\n4.400;11\n",
        "x;y\n0.200;5\n2.300;7\n4.400;11\n",
        "x;y\n1.200;5\n2.3000;7\n4.400;11\n",
        "x;y\n1200.500;5\n2.300;7\n4.400;11\n",
        "x;y\n1;5\n2;7\n4;11\n",
        "x,y\n1.200,5\n2.300,7\n4.400,11\n",
    ],
    ids=["two digits", "a leading 0", "four digits", "four before", "no point", "commas"],
)
def test_numbers_that_are_no_groups_of_thousands_are_not_noted(linreg: Linreg, data: str) -> None:
    assert notes(linreg, data) == ""


ROWS = "1.200;5\n" * 60
LARGE = "1.200;5\n" * 200_000
"""More than one chunk."""


@pytest.mark.parametrize("rows", [ROWS, LARGE], ids=["one chunk", "several chunks"])
def test_all_numbers_of_a_column_count_not_only_the_first(linreg: Linreg, rows: str) -> None:
    change = "--decimal , --thousands ."
    more = "2.300;7\n2.4;11\n"
    assert notes(linreg, "x;y\n" + rows + "2.300;7\n") == three_digits("x", ".", change)
    assert notes(linreg, "x;y\n" + rows + more) == ""


def test_rows_that_the_scanner_leaves_to_the_general_reader_count_too(linreg: Linreg) -> None:
    rows = "1.200;5\n" * 60
    odd = '2.300;"7"\n"2.500";8\n# a comment\n;9\n'
    found = notes(linreg, "x;y\n" + rows + odd, "--comment", "#")
    assert found == three_digits("x", ".", "--decimal , --thousands .")
    assert notes(linreg, "x;y\n" + rows + odd + '"2.50";8\n', "--comment", "#") == ""


@pytest.mark.parametrize("command", ["columns", "predict", "evaluate", "update"])
def test_other_commands_print_the_notes_of_train(linreg: Linreg, command: str) -> None:
    three = "x;y\n1.200;5\n2.300;7\n4.400;11\n5.100;14\n"
    named = "x;y\na;1;5\nb;2;7\nc;4;11\nd;5;14\n"
    assert notes(linreg, three)
    model = [] if command == "columns" else ["model.json"]
    for data, expected in (
        (three, three_digits("x", ".", "--decimal , --thousands .")),
        (named, ROW_NAMES),
    ):
        Path("a.csv").write_text(data, encoding="utf-8")
        result = linreg(command, *model, "a.csv")
        assert result.status == 0, result.stderr
        assert expected in result.stderr
        assert "Note" not in linreg(command, *model, "a.csv", "--quiet").stderr


def test_options_that_answer_the_note_end_it(linreg: Linreg) -> None:
    data = "x;y\n1.200;5\n2.300;7\n4.400;11\n"
    assert notes(linreg, data, "--decimal", ",", "--thousands", ".") == ""


@pytest.mark.parametrize("rows", ['1,3,""\n2,5,""\n', "1,3, \n2,5,\t\n"])
def test_fields_without_content_at_the_end_make_no_row_names(linreg: Linreg, rows: str) -> None:
    Path("d.csv").write_text(f"x,y\n{rows}")
    done = linreg("train", "d.csv", "--x", "x", "--y", "y")
    assert done.status == 3
    assert done.stderr.startswith("Error: d.csv, line 2: has 3 fields, the header has 2\n")
