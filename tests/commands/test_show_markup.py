"""linreg show --markdown and --latex."""

import re
from pathlib import Path

import pytest

from tests.commands.show_runs import HEADER, ROOMS, exactly, figures, show, weights_of
from tests.conftest import Linreg

PAPER_FIGURES = [
    "rows", "degrees of freedom", "residual standard error", "R²", "adjusted R²", "F", "p of F",
]  # fmt: skip


def test_markdown_is_the_table_of_weights_and_one_of_figures(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    weights, below = show(linreg, "--markdown").split("\n\n")
    header, rule, *rows = weights.splitlines()
    assert [cell.strip() for cell in header.split("|")][2:-1] == HEADER
    assert rule == "|---" + "|---:" * 8 + "|"
    plain = weights_of(show(linreg))[1:]
    assert [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows] == plain
    header, rule, *rows = below.splitlines()
    assert (header, rule) == ("|  |  |", "|---|---:|")
    found = dict([cell.strip() for cell in row.split("|")[1:-1]] for row in rows)
    expected = figures(show(linreg))
    assert found == {name: expected[name] for name in PAPER_FIGURES}


def test_latex_is_the_table_of_weights_with_the_figures(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    lines = show(linreg, "--latex").splitlines()
    assert lines[:2] == [r"\begin{tabular}{lrrrrrrrr}", r"\hline"]
    assert lines[2] == " & " + " & ".join(HEADER).replace("%", r"\%") + r" \\"
    plain = weights_of(show(linreg))[1:]
    end = 4 + len(plain)
    assert [lines[3], lines[end], *lines[-2:]] == [r"\hline"] * 3 + [r"\end{tabular}"]
    assert [line.removesuffix(r" \\").split(" & ") for line in lines[4:end]] == plain
    below = [line.removesuffix(r" \\").split(" & ") for line in lines[end + 1 : -2]]
    expected = figures(show(linreg))
    assert below == [[name, expected[name], *[""] * 7] for name in PAPER_FIGURES]


ODD = "a|b_c & 50%,#x^2~{y}$\\,y\n1,2,3\n2,7,5\n3,1,6\n4,3,9\n"


def test_markdown_escapes_what_would_end_a_cell(linreg: Linreg) -> None:
    Path("d.csv").write_text(ODD)
    linreg("train", "d.csv", "--x", "a|b_c & 50%", "--y", "y", "--solver", "exact", "-q")
    row = show(linreg, "--markdown").split("\n\n")[0].splitlines()[-1]
    assert row.startswith(r"| a\|b_c & 50% | ")
    assert len(re.findall(r"(?<!\\)\|", row)) == 10


def test_latex_escapes_what_it_would_read_as_a_command(linreg: Linreg) -> None:
    Path("d.csv").write_text(ODD)
    x = ["--x", "a|b_c & 50%", "--x", "#x^2~{y}$\\"]
    linreg("train", "d.csv", *x, "--y", "y", "--solver", "exact", "-q")
    *_, one, other = show(linreg, "--latex").split("\n\\hline\n")[2].splitlines()
    assert one.startswith(r"a\textbar{}b\_c \& 50\% & ")
    assert other.startswith(r"\#x\textasciicircum{}2\textasciitilde{}\{y\}\$\textbackslash{} & ")


@pytest.mark.parametrize("option", [(), ("--markdown",), ("--latex",)])
def test_control_characters_of_a_name_are_shown_escaped(
    linreg: Linreg, option: tuple[str, ...]
) -> None:
    Path("d.csv").write_text("\x1b[31m,\ay\n1,3\n2,5\n4,4\n")
    linreg("train", "d.csv", "--x", "\x1b[31m", "--y", "\ay", "--solver", "exact", "-q")
    text = show(linreg, *option)
    assert "\x1b" not in text
    assert "\a" not in text
    assert "x1b[31m" in text
