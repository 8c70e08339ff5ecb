"""Prints headings, paragraphs, formulas and tables on standard error, in colour on a terminal."""

import textwrap
from collections.abc import Iterator, Sequence

from linreg_cli.output.terminal import align, console, escape_lines, is_terminal, say

MAX_WIDTH = 80
_INDENT = "  "
_SPACE = 2
"""Blanks between two columns of a table."""


class PageWriter:
    """Prints a page of at most 80 columns, where words and cells allow it."""

    def __init__(self) -> None:
        self._console = console() if is_terminal() else None
        self._width = min(self._console.width, MAX_WIDTH) if self._console else MAX_WIDTH
        self._previous = ""

    def heading(self, text: str) -> None:
        """Print the title of what follows."""
        self._print("heading", [text, "-" * min(len(text), self._width)], style="bold")

    def paragraph(self, text: str) -> None:
        """Print sentences."""
        self._print("paragraph", self._wrap(text))

    def formula(self, text: str) -> None:
        """Print an equation on lines of its own; what does not fit the first is indented more."""
        self._print("formula", self._wrap(text, _INDENT, 3 * _INDENT), style="cyan")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Print a table, the header first; columns that do not fit go below the others."""
        first, *others = (align(part) for part in self._split(rows))
        self._print("table", [*first, *(line for part in others for line in ["", *part])])

    def _print(self, kind: str, lines: Sequence[str], style: str = "") -> None:
        is_close = self._previous == "heading" or kind == "formula"
        lines = lines if is_close and self._previous != "table" else ["", *lines]
        self._previous = kind
        if self._console is None:
            say("\n".join(lines))
            return
        from rich.text import Text

        text = "\n".join(map(escape_lines, lines))
        self._console.print(Text(text, style=style), soft_wrap=True)

    def _wrap(self, text: str, first: str = "", later: str = "") -> list[str]:
        """Break a text into lines between words."""
        return textwrap.wrap(
            text,
            self._width,
            initial_indent=first,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _split(self, rows: Sequence[Sequence[str]]) -> Iterator[list[list[str]]]:
        """Split a table into tables that fit the width, each with the first column."""
        widths = [max(map(len, column)) + _SPACE for column in zip(*rows, strict=True)]
        taken = [0]
        for i in range(1, len(widths)):
            if len(taken) > 1 and sum(widths[j] for j in [*taken, i]) - _SPACE > self._width:
                yield [[row[j] for j in taken] for row in rows]
                taken = [0]
            taken.append(i)
        yield [[row[j] for j in taken] for row in rows]
