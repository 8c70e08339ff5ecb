"""A page to read: headings, paragraphs, formulas and tables, on a terminal in colour."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from linreg_cli.output.terminal import align, console, escape_lines, is_terminal, say

WIDTH = 80
_INDENT = "  "
_GLUE = "\N{NO-BREAK SPACE}"
_BETWEEN = 2
"""Blanks between two columns of a table."""


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
_STYLES: dict[type[Part], str] = {Heading: "bold", Formula: "cyan"}


def glue(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", _GLUE)


def formulas(
    names: Iterable[str], values: Iterable[object], *, sign: str = " ="
) -> Iterator[Formula]:
    """Write an equation for each name."""
    for name, value in zip(names, values, strict=True):
        yield Formula(f"{name}{sign} {value}")


def show_page(parts: Iterable[Part]) -> None:
    """Show a page to a person, of at most 80 columns where words and cells allow it."""
    if not is_terminal():
        say("\n".join(line for _, lines in _lay_out(parts, WIDTH) for line in lines) + "\n")
        return
    from rich.text import Text

    screen = console()
    for part, lines in _lay_out(parts, min(screen.width, WIDTH)):
        style = _STYLES.get(type(part), "")
        text = "\n".join(map(escape_lines, lines))
        screen.print(Text(text, style=style), soft_wrap=True)
    screen.print()


def _lay_out(parts: Iterable[Part], width: int) -> Iterator[tuple[Part, list[str]]]:
    """Give each part with its lines, and the empty line before it where there is one."""
    before: Part | None = None
    for part in parts:
        yield part, [*_gap(before, part), *_lines(part, width)]
        before = part


def _lines(part: Part, width: int) -> list[str]:
    match part:
        case Heading():
            return [part.text, "-" * min(len(part.text), width)]
        case Table():
            first, *others = (align(rows) for rows in _fold(part, width))
            return [*first, *(line for lines in others for line in ["", *lines])]
        case _:
            return [_wrap(part, width)]


def _gap(before: Part | None, part: Part) -> list[str]:
    """Give the empty line between two parts, where there is one."""
    is_close = isinstance(before, Heading) or isinstance(part, Formula)
    return [] if is_close and not isinstance(before, Table) else [""]


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
        if taken and sum(wide[j] for j in [0, *taken, i]) - _BETWEEN > width:
            yield [[row[j] for j in [0, *taken]] for row in rows]
            taken = []
        taken.append(i)
    yield [[row[j] for j in [0, *taken]] for row in rows]
