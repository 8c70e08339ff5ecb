"""Tables and sentences that fit the width of the terminal, or of a page of 80 columns."""

import shutil
from collections.abc import Iterator, Sequence

from linreg_cli.output.terminal.printing import escape, is_terminal
from linreg_cli.output.terminal.text_table import align, width_of

PAGE = 80
"""The width of text in a file or a pipe, if no name is longer."""
_NARROWEST = 40
_SHARE_OF_NAMES = 3
"""A name takes at most the width divided by this number: 26 columns of 80."""
_BETWEEN = 2
NOTHING = "-"


def page_width() -> int:
    """Return the width of the terminal on standard output, or 80 where there is none."""
    if not is_terminal(of_data=True):
        return PAGE
    return max(_NARROWEST, shutil.get_terminal_size((PAGE, 24)).columns)


def in_blocks(rows: Sequence[Sequence[str]], *, joined: Sequence[str] = ()) -> list[str]:
    """Return an aligned table; columns that do not fit go below the others, with the names again.

    Names that take more than a third of the width are shortened on a terminal, and stay whole
    elsewhere. Numbers are never cut.

    Parameters
    ----------
    rows
        The header and the rows, the name of each first.
    joined
        Headers of columns that stay beside the column before them.

    """
    width = page_width()
    room = width // _SHARE_OF_NAMES
    names = [row[0] for row in rows]
    if is_terminal(of_data=True):
        names = [shorten(name, room) for name in names]
    used = min(room, max(map(width_of, names)))
    columns = list(zip(*(row[1:] for row in rows), strict=True))
    lines: list[str] = []
    for block in _split(columns, width - used, joined):
        cells = zip(*block, strict=True)
        table = [[name, *row] for name, row in zip(names, cells, strict=True)]
        said = [table[0], *(row for row in table[1:] if {*row[1:]} != {NOTHING})]
        lines += ["", *align(said)] if lines else align(table)
    return lines


def _split(
    columns: Sequence[Sequence[str]], room: int, joined: Sequence[str]
) -> Iterator[list[Sequence[str]]]:
    """Yield groups of columns that fit."""
    units: list[list[Sequence[str]]] = []
    for column in columns:
        if units and column[0] in joined:
            units[-1].append(column)
        else:
            units.append([column])
    block: list[Sequence[str]] = []
    for unit in units:
        if block and _width(block) + _width(unit) > room:
            yield block
            block = []
        block += unit
    yield block


def _width(columns: Sequence[Sequence[str]]) -> int:
    return sum(_BETWEEN + max(map(width_of, column)) for column in columns)


def shorten(name: str, room: int) -> str:
    """Return a name, cut in the middle if it is too wide, so that its start and end stay.

    >>> shorten("average_income_of_household", 15)
    'average…usehold'
    """
    if width_of(name) <= room:
        return name
    head, tail = name[: room // 2], name[-(room - room // 2 - 1) :]
    while width_of(head) + 1 + width_of(tail) > room:  # fewer wide characters fit
        head, tail = head[:-1], tail[1:]
    return f"{head}…{tail}"


def wrapped(text: str, *, indent: str = "") -> list[str]:
    """Return a sentence in lines of the width, the later ones indented; long names stay whole.

    On a terminal, a name that is wider than a line continues in the next line.
    """
    width, cuts = page_width(), is_terminal(of_data=True)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line.strip() else line + word
        if width_of(longer) <= width or not line.strip():
            line = longer
        else:
            lines.append(line)
            line = indent + word
        while cuts and width_of(line) > width:
            end = max(i for i in range(len(line)) if width_of(line[:i]) <= width)
            lines.append(line[:end])
            line = indent + line[end:]
    return [*lines, line]


def note_lines(text: str) -> list[str]:
    """Return a note below a table in lines of the width."""
    return wrapped(f"Note: {escape(text)}", indent="      ")
