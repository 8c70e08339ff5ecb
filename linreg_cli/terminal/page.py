"""A page to read: headings, paragraphs, formulas and tables, plain or, on a terminal, by Rich."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linreg_cli.terminal.console import console, is_terminal, say
from linreg_cli.terminal.table import align

if TYPE_CHECKING:
    from rich.table import Table as RichTable

WIDTH = 80
_INDENT = "  "
_GLUE = "\N{NO-BREAK SPACE}"
_BETWEEN = 3
"""What Rich puts between two columns; plain text has one space less."""


@dataclass(frozen=True)
class Heading:
    """The title of what follows."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True)
class Formula:
    """An equation on lines of its own."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells, the header first."""

    rows: Sequence[Sequence[str]]


Part = Heading | Paragraph | Formula | Table


def glue(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", _GLUE)


def show_page(parts: Iterable[Part]) -> None:
    """Show a page to a person."""
    if is_terminal():
        _draw(parts)
    else:
        say("\n".join(as_lines(parts)))


def as_lines(parts: Iterable[Part]) -> Iterator[str]:
    """Write a page as plain text of at most 80 columns, where words and cells allow it."""
    before: Part | None = None
    for part in parts:
        yield from _gap(before, part)
        before = part
        match part:
            case Table():
                for i, rows in enumerate(_fold(part, WIDTH)):
                    yield from [""] * bool(i)
                    yield from align(rows)
            case Heading():
                yield part.text
                yield "-" * min(len(part.text), WIDTH)
            case _:
                yield _wrap(part, WIDTH)
    yield ""


def _gap(before: Part | None, part: Part) -> list[str]:
    """Give the empty line between two parts, where there is one."""
    is_close = isinstance(before, Heading) or isinstance(part, Formula)
    return [] if is_close and not isinstance(before, Table) else [""]


def _draw(parts: Iterable[Part]) -> None:
    """Draw a page on the terminal."""
    from rich.text import Text

    screen = console()
    width = min(screen.width, WIDTH)
    before: Part | None = None
    for part in parts:
        for line in _gap(before, part):
            screen.print(line)
        before = part
        match part:
            case Table():
                for rows in _fold(part, width - _BETWEEN):
                    screen.print(_grid(rows))
            case Heading():
                screen.print(Text(part.text, style="bold"))
            case _:
                style = "cyan" if isinstance(part, Formula) else ""
                screen.print(Text(_wrap(part, width), style=style))
    screen.print()


def _grid(rows: Sequence[Sequence[str]]) -> "RichTable":
    from rich.table import Table as RichTable

    grid = RichTable()
    for i, name in enumerate(rows[0]):
        grid.add_column(name, justify="right" if i else "left")
    for row in rows[1:]:
        grid.add_row(*row)
    return grid


def _wrap(part: Paragraph | Formula, width: int) -> str:
    """Break lines between words; what a formula goes on with stands further in."""
    first, later = (_INDENT, 3 * _INDENT) if isinstance(part, Formula) else ("", "")
    return textwrap.fill(
        part.text,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_GLUE, " ")


def _fold(table: Table, width: int) -> Iterator[list[list[str]]]:
    """Cut a table into tables that fit the width, each with the first column."""
    rows = [[cell.replace(_GLUE, " ") for cell in row] for row in table.rows]
    wide = [max(map(len, column)) + _BETWEEN for column in zip(*rows, strict=True)]
    taken: list[int] = []
    for i in range(1, len(wide)):
        if taken and wide[0] + sum(wide[j] for j in [*taken, i]) > width:
            yield [[row[j] for j in [0, *taken]] for row in rows]
            taken = []
        taken.append(i)
    yield [[row[j] for j in [0, *taken]] for row in rows]
