"""Tables as text for standard output: plain, Markdown and LaTeX."""

from collections.abc import Sequence
from typing import Literal

from linreg_cli.latex import latex_text

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
    wide = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(wide[0]), *(c.rjust(w) for c, w in zip(row[1:], wide[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]


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
