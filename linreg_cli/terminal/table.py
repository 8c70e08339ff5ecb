"""Tables as text for standard output: plain, Markdown and LaTeX."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from linreg_cli.latex import latex_text

_WIDE = frozenset("WF")
Style = Literal["plain", "markdown", "latex"]


def draw(rows: Sequence[Sequence[str]], style: Style) -> str:
    """Draw rows, of which the first is the header: the first column left, the others right."""
    if style == "markdown":
        return "\n".join(_markdown(rows))
    if style == "latex":
        return "\n".join(_latex(rows))
    return "\n".join(align(rows))


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align the first column left and the others right."""
    wide = [max(width_of(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(_padded(row, wide)).rstrip() for row in rows]


def _padded(row: Sequence[str], wide: Sequence[int]) -> Iterator[str]:
    for i, (cell, width) in enumerate(zip(row, wide, strict=True)):
        blanks = " " * (width - width_of(cell))
        yield blanks + cell if i else cell + blanks


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two.

    >>> width_of("\u9762\u79ef"), width_of("area"), width_of("cafe\u0301")
    (4, 4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in _WIDE)
        for sign in text
    )


def _markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    return [lines[0], "|---" + "|---:" * (len(rows[0]) - 1) + "|", *lines[1:]]


def _latex(rows: Sequence[Sequence[str]]) -> list[str]:
    def line(row: Sequence[str]) -> str:
        return " & ".join(latex_text(cell) for cell in row) + r" \\"

    return [
        rf"\begin{{tabular}}{{l{'r' * (len(rows[0]) - 1)}}}",
        r"\hline",
        line(rows[0]),
        r"\hline",
        *map(line, rows[1:]),
        r"\hline",
        r"\end{tabular}",
    ]
