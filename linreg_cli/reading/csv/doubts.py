"""Notes on how the start of a file was understood, where it can be read in two ways."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.exact import BLANKS
from linreg_cli.reading.csv.offsets import find_records
from linreg_cli.reading.csv.records import Chunk
from linreg_cli.reading.csv.structure import split_fields

if TYPE_CHECKING:
    from linreg_cli.reading.csv.head import Head

_THREE = {
    separator: re.compile(rf"[+-]?[1-9][0-9]{{0,2}}{re.escape(separator)}[0-9]{{3}}")
    for separator in ".,"
}
"""Numbers with exactly three digits after their only separator."""


def find_doubts(head: "Head", columns: Sequence[str]) -> tuple[str, ...]:
    """Return notes on the wanted columns of a file, if there is something to note.

    Parameters
    ----------
    head
        The start of the file.
    columns
        The wanted columns.

    """
    notes = []
    if head.has_row_names:
        notes.append(
            f"{head.source}: the header has one name fewer than the rows have fields; the first "
            "field of each row was taken for its name."
        )
    if head.syntax.delimiters == ";" and not head.options.thousands:
        notes += [_about_thousands(head, name) for name in _with_three_digits(head, columns)]
    return tuple(notes)


def _about_thousands(head: "Head", column: str) -> str:
    separator = head.options.decimal
    other = "," if separator == "." else "."
    change = f"--decimal {other} --thousands {separator}"
    return (
        f"{head.source}, column '{column}': the first numbers have three digits after each "
        f"'{separator}'. If it separates thousands: {change}"
    )


def _with_three_digits(head: "Head", columns: Sequence[str]) -> list[str]:
    """Return the columns in which each separator is followed by exactly three digits."""
    pattern = _THREE.get(head.options.decimal)
    if pattern is None:
        return []
    rows = list(_first_rows(head))
    found = []
    for name, position in zip(columns, head.layout(columns).positions, strict=True):
        cells = [row[position].strip(BLANKS) for row in rows if position < len(row)]
        separated = [cell for cell in cells if head.options.decimal in cell]
        if separated and all(map(pattern.fullmatch, separated)):
            found.append(name)
    return found


def _first_rows(head: "Head") -> list[list[str]]:
    """Return the fields of the first rows."""
    whole = head.preview.rpartition(b"\n")[0] or head.preview
    chunk = Chunk(whole, head.syntax, 1).plain
    records = find_records(chunk)
    spans = list(zip(records.starts.tolist(), records.ends.tolist(), strict=True))
    return [
        split_fields(chunk.data[start:end], chunk.structure[start:end], chunk.syntax.delimiters)
        for start, end in spans[head.options.has_header :]
    ]
