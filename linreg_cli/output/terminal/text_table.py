"""Tables as text for standard output: plain, Markdown and LaTeX."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from linreg_cli.output import latex_text

_WIDE = frozenset("WF")
LEAST_P = "1e-308"
Style = Literal["plain", "markdown", "latex"]


def draw(
    rows: Sequence[Sequence[str]], style: Style, *, below: Sequence[Sequence[str]] = ()
) -> str:
    """Return a table, the header first; the first column is aligned left, the others right.

    `below` are pairs of a name and a figure, which go below the rows of a table for a paper.
    """
    if style == "markdown":
        return "\n".join([*_markdown(rows), *(["", *_markdown(_headed(below))] if below else [])])
    if style == "latex":
        return "\n".join(_latex(rows, below))
    return "\n".join(align(rows))


def r2_name(*, has_intercept: bool) -> str:
    """Return the name of R²: without an intercept, it compares with 0 and not with the mean."""
    return "R²" if has_intercept else "R² (uncentered)"


def r2_text(r2: float | None, digits: int = 7) -> str:
    """Return R² as text: 0 where RSS / TSS = 1 - R² is 1 as a float64.

    >>> r2_text(0.25), r2_text(-3.46e-24), r2_text(None)
    ('0.25', '0', 'undefined')
    """
    if r2 is None:
        return "undefined"
    return "0" if 1 - r2 == 1 else f"{r2:.{digits}g}"


def p_value(p: float, digits: int) -> str:
    """Return a probability as text; below the range of float64, as a bound."""
    return f"< {LEAST_P}" if float(LEAST_P) > p else f"{p:.{digits}g}"


def p_equals(p: float, digits: int) -> str:
    """Return ``= 0.012``, or ``< 1e-308`` below the range of float64."""
    text = p_value(p, digits)
    return text if text.startswith("<") else f"= {text}"


def distribution(name: str, *degrees_of_freedom: int) -> str:
    """Return a distribution with its degrees of freedom, without commas within a number."""
    return f"{name}({', '.join(map(str, degrees_of_freedom))})"


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return aligned lines: the first column left, the others right."""
    widths = [[width_of(cell) for cell in row] for row in rows]
    wide = [max(column) for column in zip(*widths, strict=True)]
    return [
        "  ".join(_padded(row, found, wide)).rstrip()
        for row, found in zip(rows, widths, strict=True)
    ]


def _padded(row: Sequence[str], widths: Sequence[int], wide: Sequence[int]) -> Iterator[str]:
    for i, (cell, width, most) in enumerate(zip(row, widths, wide, strict=True)):
        blanks = " " * (most - width)
        yield blanks + cell if i else cell + blanks


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two.

    >>> width_of("\u9762\u79ef"), width_of("area"), width_of("cafe\u0301")
    (4, 4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in _WIDE)
        for c in text
    )


def _markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    return [lines[0], "|---" + "|---:" * (len(rows[0]) - 1) + "|", *lines[1:]]


def _headed(pairs: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return pairs of a name and a figure below an empty header, which Markdown needs."""
    return [["", ""], *pairs]


def _latex(rows: Sequence[Sequence[str]], below: Sequence[Sequence[str]]) -> list[str]:
    empty = [""] * (len(rows[0]) - 2)

    def line(row: Sequence[str]) -> str:
        return " & ".join(latex_text(cell) for cell in row) + r" \\"

    return [
        rf"\begin{{tabular}}{{l{'r' * (len(rows[0]) - 1)}}}",
        r"\hline",
        line(rows[0]),
        r"\hline",
        *map(line, rows[1:]),
        r"\hline",
        *(line([*pair, *empty]) for pair in below),
        *([r"\hline"] if below else []),
        r"\end{tabular}",
    ]
