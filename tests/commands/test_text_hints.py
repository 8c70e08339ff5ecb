"""Texts where numbers are expected: each remedy that a hint proposes works when it is typed."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Linreg

ROWS = """city,sqft,garage,sold,grade,lot size,price
Rome,100,yes,2024-01-01,A1,small,10
Oslo,200,no,2024-02-01,B2,large,21
Rome,300,yes,2024-02-03,C3,small,29
Bonn,410,no,2024-01-01,A1,large,43
Oslo,500,yes,2024-02-01,D4,small,50
Bonn,150,no,2024-02-03,B2,small,11
Rome,250,no,2024-02-01,C3,large,20
Oslo,350,yes,2024-01-01,D4,small,33
"""
TRAIN = ["train", "rows.csv", "--solver", "exact", "-q", "-o", "model.json"]


@pytest.fixture(autouse=True)
def rows(folder: Path) -> None:
    (folder / "rows.csv").write_text(ROWS)


def remedied(command: list[str], stderr: str) -> Iterator[list[str]]:
    """Yield a command as each remedy of a hint says to write it."""
    hint = stderr.partition("Hint: ")[2].partition(". If it is not text")[0]
    for remedy in hint.split("; "):
        way = remedy.partition(" makes it a")[0]
        changed = list(command)
        if " in place of " in way:
            new, olds = way.split(" in place of ")
            in_formula = "--formula" in command
            put = new if in_formula else shlex.split(new)[0]
            for text in olds.split(" and "):
                old = text if in_formula else shlex.split(text)[0]
                assert any(old in word for word in changed[len(TRAIN) :]), (old, changed)
                changed = TRAIN + [word.replace(old, put) for word in changed[len(TRAIN) :]]
        elif way.startswith("+ "):
            place = changed.index("--formula") + 1
            changed[place] += f" {way.removesuffix(' in the formula')}"
        elif way.startswith("--y"):
            changed[changed.index("-y") + 1] = shlex.split(way)[1]
        else:
            assert way.startswith(("--category", "--x")), way
            changed += shlex.split(way)
        yield changed


def check(linreg: Linreg, command: list[str], count: int) -> None:
    """Check that a hint has so many remedies, each of which works."""
    refused = linreg(*command)
    assert refused.status == 3, refused.stderr
    ways = list(remedied(command, refused.stderr))
    assert len(ways) == count, refused.stderr
    for way in ways:
        done = linreg(*way)
        assert (done.status, "Error" in done.stderr) == (0, False), (way, done.stderr)


WRITTEN = ["{}", "log({})", "{}^2", "I({} / 2)", "sqrt(abs({}))"]


@pytest.mark.parametrize(("column", "count"), [("city", 1), ("garage", 2), ("sold", 2),
                                               ("grade", 1), ("`lot size`", 1)])  # fmt: skip
@pytest.mark.parametrize("written", [*WRITTEN, "days({})", "bool({})"])
def test_each_remedy_for_a_feature_of_text_works(
    linreg: Linreg, column: str, count: int, written: str
) -> None:
    term = written.format(column)
    if term in {"days(sold)", "bool(garage)"}:
        return
    check(linreg, [*TRAIN, "-y", "price", "-x", term], count)
    check(linreg, [*TRAIN, "-y", "price", "-x", f"sqft,{term}"], count)
    check(linreg, [*TRAIN, "--formula", f"price ~ sqft + {term}"], count)


@pytest.mark.parametrize(("column", "count"), [("garage", 2), ("sold", 2), ("city", 1)])
def test_each_remedy_for_a_column_that_a_pattern_means_works(
    linreg: Linreg, column: str, count: int
) -> None:
    others = {"city", "garage", "sold", "grade", "lot size"} - {column}
    without = [word for name in others for word in ("--without", name)]
    check(linreg, [*TRAIN, "-x", "*", "-y", "price", *without], count)
    names = ROWS.partition("\n")[0].split(",")
    places = [names.index(name) for name in (column, "sqft", "price")]
    kept = [[line.split(",")[place] for place in places] for line in ROWS.splitlines()]
    Path("rows.csv").write_text("".join(",".join(cells) + "\n" for cells in kept))
    check(linreg, [*TRAIN, "--formula", "price ~ ."], count)


@pytest.mark.parametrize(
    ("term", "count"), [("sqft*city", 1), ("sqft:garage", 2), ("sqft:log(city)", 1)]
)
def test_each_remedy_for_a_product_with_text_works(linreg: Linreg, term: str, count: int) -> None:
    check(linreg, [*TRAIN, "-y", "price", "-x", term], count)
    check(linreg, [*TRAIN, "--formula", f"price ~ {term}"], count)


@pytest.mark.parametrize("column", ["garage", "sold"])
def test_each_remedy_for_a_target_of_text_works(linreg: Linreg, column: str) -> None:
    for written in ("{}", "log({})"):
        check(linreg, [*TRAIN, "-x", "sqft", "-y", written.format(column)], 1)
        check(linreg, [*TRAIN, "--formula", f"{written.format(column)} ~ sqft"], 1)


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [
        (["-x", "sqft", "-y", "city"], "name another column with --y"),
        (["-x", "sqft", "-y", "days(city)"], "name another column with --y"),
        (["--formula", "city ~ sqft"], "name another target"),
        (["-x", "sqft", "-y", "price", "--weights", "garage"],
         "name another column with --weights"),
    ],
)  # fmt: skip
def test_text_that_no_term_makes_a_number_has_another_column_as_remedy(
    linreg: Linreg, arguments: list[str], instead: str
) -> None:
    refused = linreg(*TRAIN, *arguments)
    assert refused.stderr.endswith(f"; if the whole column is text, {instead}.\n")


def test_a_number_under_a_function_of_texts_is_named_without_it(linreg: Linreg) -> None:
    refused = linreg(*TRAIN, "-x", "bool(sqft)", "-y", "price")
    assert "Hint: sqft in place of 'bool(sqft)' makes it a number; " in refused.stderr
    check(linreg, [*TRAIN, "-x", "bool(sqft)", "-y", "price"], 2)


def test_all_cells_decide_whether_a_function_of_texts_fits(linreg: Linreg) -> None:
    Path("rows.csv").write_text("a,b,y\nyes,1,1\nno,2,3\nmaybe,3,4\nyes,4,4\n")
    assert "bool(a)" not in linreg(*TRAIN, "-x", "a", "-y", "y").stderr
    check(linreg, [*TRAIN, "-x", "a", "-y", "y"], 1)


def test_a_marker_of_a_missing_date_is_counted_as_missing(linreg: Linreg) -> None:
    Path("rows.csv").write_text("a,y\n2024-01-01,1\n?,3\n2024-01-03,4\n2024-03-01,5\n")
    refused = linreg(*TRAIN, "-x", "days(a)", "-y", "y")
    assert refused.stderr.endswith("Hint: --na '?' counts it as missing.\n")
    assert linreg(*TRAIN, "-x", "days(a)", "-y", "y", "--na", "?").status == 0


def test_codes_are_a_category_before_letters_are_stripped(linreg: Linreg) -> None:
    refused = linreg(*TRAIN, "-x", "grade", "-y", "price")
    assert refused.stderr.endswith(
        "Hint: --category grade makes it a category. If it is not text: --strip A reads it as 1.\n"
    )
    Path("rows.csv").write_text("a,y\n5 kg,1\n6 kg,3\n4 kg,4\n")
    assert "Hint: --strip kg reads it as 5.\n" in linreg(*TRAIN, "-x", "a", "-y", "y").stderr


def test_a_negative_number_for_a_word_is_not_called_a_dash(linreg: Linreg, folder: Path) -> None:
    (folder / "rows.csv").write_text("x,y\n1,1\n0,2\n-3,3\n")
    refused = linreg("train", "rows.csv", "-x", "bool(x)", "-y", "y")
    assert refused.status == 3
    assert "'-3' is not true or false" in refused.stderr
    assert "dash" not in refused.stderr
