"""Notes on how a file was understood, where it can be read in two ways."""

from collections.abc import Mapping, Sequence

from linreg_cli.reading.csv.grouping import Grouping
from linreg_cli.reading.csv.head import Head

Groupings = Mapping[str, tuple[Grouping, ...]]
"""The groupings of the wanted columns of each source, by its name."""


def merge_groupings(first: Groupings, second: Groupings) -> Groupings:
    """Return the groupings of two sets of rows together."""
    both = {
        source: tuple(map(max, first[source], second[source]))
        for source in first.keys() & second.keys()
    }
    return {**first, **second, **both}


def find_doubts(head: Head, columns: Sequence[str], groupings: Groupings) -> tuple[str, ...]:
    """Return notes on the wanted columns of a file, if there is something to note.

    Parameters
    ----------
    head
        The start of the file.
    columns
        The wanted columns.
    groupings
        Their groupings, over all rows of the file.

    """
    notes = []
    if head.has_row_names:
        notes.append(
            f"{head.source}: the header has one name fewer than the rows have fields; the first "
            "field of each row was taken for its name."
        )
    if len(head.names) == 1 and head.title_hint:
        notes.append(f"{head.source}: the rows have one field. {head.title_hint}")
    found = groupings.get(head.source, ())
    notes += [
        _about_thousands(head, name)
        for name, grouping in zip(columns, found, strict=False)
        if grouping is Grouping.THREE
    ]
    return tuple(notes)


def _about_thousands(head: Head, column: str) -> str:
    separator = head.options.decimal
    other = "," if separator == "." else "."
    return (
        f"{head.source}, column '{column}': each '{separator}' has exactly three digits after it. "
        f"If it separates thousands: --decimal {other} --thousands {separator}"
    )
