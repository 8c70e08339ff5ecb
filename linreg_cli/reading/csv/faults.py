"""The errors in a chunk's records, with line, column, what was found and how to mend it."""

import shlex
from dataclasses import replace
from typing import NamedTuple

from linreg_cli.errors import DataError, UsageError
from linreg_cli.exact import ExactDecimal
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import BadCell, parse_cell

MAX_SHOWN = 40
"""How many characters of a bad cell a message shows."""

_SET_ASIDE = "--rejects rejects.csv sets such rows aside and goes on"
_A_NUMBER = f"{_SET_ASIDE}; if the whole column is text, leave the column out."
_RANGE = f"{_SET_ASIDE}; numbers are 0 or from 4.9e-324 to 1.8e308 in size, of up to 1000 digits."


class _Signs(NamedTuple):
    """Signs to try on a cell that cannot be read; an empty one stays as it is."""

    decimal: str = ""
    thousands: str = ""


_OTHER_SIGNS = [
    _Signs(decimal="."),
    _Signs(decimal=","),
    _Signs(thousands=","),
    _Signs(decimal=",", thousands="."),
    _Signs(thousands=" "),
    _Signs(thousands="'"),
    _Signs(decimal=",", thousands=" "),
]


class BadExample(NamedTuple):
    """A cell that is no number, where none has to be.

    Attributes
    ----------
    text
        The cell, cut if it is long.
    reason
        What keeps it from being a number.
    source, line
        Where it is.
    remedy
        The options that would read it as a number, if there are some.

    """

    text: str
    reason: str
    source: str
    line: int
    remedy: str


def bad_example(line: int, cell: BadCell, layout: Layout) -> BadExample:
    """Show a cell that is no number."""
    remedy = _other_reading(cell.text, layout)
    return BadExample(_shorten(cell.text), cell.reason, layout.source, line, remedy)


def ragged_record(line: int, count: int | None, layout: Layout) -> DataError:
    """Describe a record with another number of fields than the header; None is too many."""
    fields = "1 field" if count == 1 else f"{count} fields"
    if count is None:
        fields = f"more than {layout.width} field{'' if layout.width == 1 else 's'}"
    first = "header" if layout.options.has_header else "first record"
    problem = f"has {fields}, the {first} has {layout.width}"
    hint = f"{_SET_ASIDE}. Keep the delimiters of empty fields."
    if count is None or count > layout.width:
        hint = f"{_SET_ASIDE}. Write a field that holds {layout.delimiter!r} in double quotes."
        if layout.delimiter == ",":
            hint += " With decimal commas: --decimal , --delimiter ';'"
    return DataError(problem, source=layout.source, line=line, hint=hint)


def bad_cell(line: int, column: str, cell: BadCell, layout: Layout) -> DataError:
    """Describe a cell that is no number."""
    return DataError(
        f"'{_shorten(cell.text)}' {cell.reason}",
        source=layout.source,
        line=line,
        column=column,
        hint=_other_reading(cell.text, layout) or _needed(cell),
    )


def missing_cell(line: int, column: str, layout: Layout) -> DataError:
    """Describe a missing cell where none is allowed."""
    hint = "--missing drop leaves such rows out."
    return DataError(
        "the value is missing", source=layout.source, line=line, column=column, hint=hint
    )


def _needed(cell: BadCell) -> str:
    return _A_NUMBER if cell.reason == "is not a number" else _RANGE


def _other_reading(text: str, layout: Layout) -> str:
    """Give the options that would read the text, and what as: "--decimal , reads it as 1.5."."""
    readings = []
    for signs in _OTHER_SIGNS:
        number = _read_with(signs, text, layout)
        if number is not None:
            flags = [f"--{name} {shlex.quote(s)}" for name, s in signs._asdict().items() if s]
            readings.append(f"{' '.join(flags)} reads it as {_shorten(str(number))}")
    return "; ".join(readings) + "." if readings else ""


def _read_with(signs: _Signs, text: str, layout: Layout) -> ExactDecimal | None:
    if not all(sign in text for sign in signs):
        return None
    try:
        options = replace(
            layout.options,
            delimiter=layout.delimiter,
            decimal=signs.decimal or layout.options.decimal,
            thousands=signs.thousands or layout.options.thousands,
        )
        return parse_cell(text, options)
    except (UsageError, ValueError):
        return None


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
