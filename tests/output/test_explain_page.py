"""linreg train --explain: widths, names, colours and refused options."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Linreg
from tests.output.explanations import (
    EVERY_RUN,
    HOUSE,
    RUNS,
    epochs_of,
    explain,
    notation_of,
    page_of,
    parts_of,
)
from tests.output.test_terminal import CONTROL, watch

pytestmark = pytest.mark.usefixtures("explained_data")


@EVERY_RUN
def test_no_line_is_longer_than_eighty_columns(linreg: Linreg, arguments: Sequence[str]) -> None:
    text = page_of(linreg("train", *arguments, "--explain").stderr)
    assert max(map(len, text.splitlines())) <= 80


def test_it_is_short(linreg: Linreg) -> None:
    # it was 177 lines for one feature
    assert len(page_of(linreg("train", *HOUSE, "--explain").stderr).splitlines()) <= 88


@EVERY_RUN
def test_each_column_has_one_number_format(linreg: Linreg, arguments: Sequence[str]) -> None:
    parts = explain(linreg, arguments).values()
    assert any(part.columns for part in parts)
    for part in parts:
        for cells in part.columns.values():
            numbers = [c for c in cells if re.fullmatch(r"-?[\d.]+(e[-+]\d+)?", c) and c != "0"]
            formats = {("e" in c, len(c.partition("e")[0].partition(".")[2])) for c in numbers}
            assert len(formats) <= 1


def test_names_with_blanks_are_told_once(linreg: Linreg, folder: Path) -> None:
    name = "size of the kitchen, in square feet"
    (folder / "long.csv").write_text(f'"{name}",beds,price\n1,2,3\n2,1,5\n4,4,4\n')
    columns = ["--x", name, "--x", "beds", "--y", "price"]
    text = linreg("train", "long.csv", *columns, "--explain", "--no-scale").stderr
    part = notation_of(parts_of(text))
    assert part.formulas[:4] == [
        "y = price",
        f"x1 = {name}",
        "x2 = beds",
        "prediction = m1 * x1 + m2 * x2 + b",
    ]
    assert page_of(text).count("kitchen") == 1


def test_features_that_are_not_shown_are_counted(linreg: Linreg) -> None:
    parts = explain(linreg, RUNS["many"])
    assert "... and 2 more features" in notation_of(parts).formulas
    assert "m6 * x6 + ... + b" in notation_of(parts).text
    assert epochs_of(parts)[0].columns["weight"][-1] == "m6"


def test_a_column_without_a_name_is_not_taken_for_a_number(linreg: Linreg, folder: Path) -> None:
    (folder / "bare.csv").write_text("1,2\n2,3\n3,5\n")
    parts = explain(linreg, ["bare.csv", "--no-header", "--x", "1", "--y", "2", "--no-scale"])
    assert notation_of(parts).formulas[:2] == ["y = column 2", "x = column 1"]


EVIL = '"[bold]a\x1b[31m",</script>,y]\n1,2,3\n2,5,4\n3,1,9\n4,4,1\n'
EVIL_COLUMNS = ("evil.csv", "--x", "[bold]a\x1b[31m", "--x", "</script>", "--y", "y]")


def test_names_are_shown_as_they_are_on_a_terminal_in_colour_too(
    linreg: Linreg, script: str, folder: Path
) -> None:
    (folder / "evil.csv").write_text(EVIL)
    arguments = ["train", *EVIL_COLUMNS, "--explain", "--learning-rate", "0.9"]
    plain = linreg(*arguments).stderr
    assert "x1 = ([bold]a\\x1b[31m - 2.5) / " in plain
    assert "\x1b" not in plain
    status, text = watch(script, *arguments, columns=80)
    assert status == 5
    assert "\x1b[31m" not in text
    assert re.search(r"\x1b\[1m\s*Epoch 0", text)
    assert re.search(r"\x1b\[36m\s*loss = ", text)
    assert page_of(CONTROL.sub("", text)) == page_of(plain)


def test_on_a_narrow_terminal_no_cell_is_cut(linreg: Linreg, script: str) -> None:
    _, text = watch(script, "train", *RUNS["slowly diverging"], "--explain", columns=40)
    narrow = page_of(CONTROL.sub("", text))
    assert max(map(len, narrow.splitlines())) <= 40
    wide = page_of(linreg("train", *RUNS["slowly diverging"], "--explain").stderr)
    words = [set(page.replace("-", " ").split()) for page in (narrow, wide)]
    assert words[0] == words[1]


def test_there_is_no_colour_where_none_is_wanted(script: str) -> None:
    _, text = watch(script, "train", *HOUSE, "--explain", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", text[: text.index("What changed")])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--solver", "exact"], "--explain has no effect with --solver exact"),
        (["--quiet"], "--explain and --quiet cannot be used together"),
    ],
)
def test_what_there_is_nothing_to_explain_of_is_refused(
    linreg: Linreg, folder: Path, more: Sequence[str], message: str
) -> None:
    result = linreg("train", *HOUSE, "--explain", *more)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == f"Error: {message}\nHint: Leave out one of the two.\n"
    assert not (folder / "model.json").exists()
