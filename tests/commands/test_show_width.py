"""linreg show: tables that fit into the width of the screen."""

import os
import re
import sys
from pathlib import Path

import pexpect
import pytest
from rich.cells import cell_len

from tests.commands.show_runs import HEADER, ROOMS, as_json, exactly, show
from tests.conftest import TIMEOUT, Linreg
from tests.references import SACRAMENTO

LONG = [
    "average_income_of_a_household_2019",
    "average_income_of_a_household_2020",
    "面積と平方メートル" * 2,
]


def long_names(linreg: Linreg) -> None:
    """Learn a model whose names are long and whose features are nearly collinear."""
    rows = "\n".join(f"{i},{i + i % 3 / 1e3},{-i * i * 1e-9},{i**3 % 17 * 1e6}" for i in range(30))
    Path("d.csv").write_text(f"{','.join(LONG)},y\n{rows}\n", encoding="utf-8")
    x = [word for name in LONG for word in ("-x", name)]
    assert linreg("train", "d.csv", *x, "-y", "y", "-q", "--epochs", "9").status == 0


def on_a_terminal(command: str, columns: int) -> str:
    """Run linreg on a screen of so many columns; give what it prints."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "linreg_cli", *command.split()],
        dimensions=(40, columns),
        env={**{k: v for k, v in os.environ.items() if k != "COLUMNS"}, "TERM": "dumb"},
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    text = child.read()
    child.close()
    assert child.exitstatus == 0
    return str(text).replace("\r\n", "\n")


def widths(text: str) -> list[int]:
    """Measure the lines as a terminal does, by the tables of another library."""
    return [cell_len(line) for line in text.splitlines()]


@pytest.mark.parametrize("options", ["", "--confidence 0.999", "--confidence 0.123456"])
def test_the_report_fits_into_80_columns(linreg: Linreg, options: str) -> None:
    x = [word for name in ("sqft", "beds", "baths", "latitude") for word in ("-x", name)]
    linreg("train", str(SACRAMENTO), *x, "-y", "price", "-q", "--l2", "0.1")
    assert max(widths(show(linreg, *options.split()))) <= 80


def test_a_file_has_whole_names_and_the_same_blocks(linreg: Linreg) -> None:
    long_names(linreg)
    text = show(linreg)
    for name in LONG:
        assert re.search(rf"^{name} ", text, flags=re.MULTILINE)
    longest = max(map(cell_len, LONG))
    blocks = text.split("\n\n")[1:-2]
    assert blocks
    for block in blocks:  # a name is counted as a third of the page
        assert max(widths(block)) - longest + 80 // 3 <= 80


@pytest.mark.shell
@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_terminal_has_names_cut_in_their_middle_and_no_number_cut(
    linreg: Linreg, columns: int
) -> None:
    long_names(linreg)
    text = on_a_terminal("show model.json", columns)
    assert max(widths(text)) <= columns
    shown = {line.split()[0] for line in text.splitlines() if line.startswith("average")}
    assert len(shown) == 2  # which end differently
    for weight in as_json(linreg)["weights"]:
        for name in ("value", "least_squares", "lower", "upper"):
            assert f" {weight[name]:.7g}" in text


@pytest.mark.shell
def test_a_wide_terminal_has_one_table(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    _, table, _ = on_a_terminal("show model.json", 132).split("\n\n")
    assert re.split(r"  +", table.splitlines()[0].strip()) == HEADER
