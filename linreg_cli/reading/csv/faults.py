"""The errors in a chunk's records: line, column, what was found, and a hint."""

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from linreg_cli.design import TEXT_REASONS
from linreg_cli.errors import DataError
from linreg_cli.exact import BLANKS
from linreg_cli.reading.csv.header import COMMENT_STARTS
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.missing import looks_missing
from linreg_cli.reading.csv.numbers import BadCell
from linreg_cli.reading.csv.remedies import (
    begins_with_dash,
    count_readable,
    find_remedies,
    name_odd_characters,
    shorten,
)
from linreg_cli.reading.csv.text_uses import TextUse

NO_LAST_DELIMITER = -1
"""The number of fields of a record that does not end in a delimiter, where the others do."""

_SET_ASIDE = "--rejects rejects.csv writes such rows to this file and continues"
_INITIAL_SPACE = "--skip-initial-space reads quotes after a blank."
_RANGE = f"{_SET_ASIDE}; numbers are 0 or from 4.9e-324 to 1.8e308 in size, of up to 1000 digits."


class BadExample(NamedTuple):
    """A cell that is not a number, where none has to be.

    Attributes
    ----------
    text
        The cell, cut if it is long.
    reason
        What keeps it from being a number.
    source, line
        Where it is.
    remedy
        The options that would read it as a number or as missing, if there are some.

    """

    text: str
    reason: str
    source: str
    line: int
    remedy: str


def bad_example(line: int, cell: BadCell, others: Sequence[str], layout: Layout) -> BadExample:
    """Return an example of a cell that is not a number."""
    remedy = _remedy(cell.text, others, layout)
    return BadExample(shorten(cell.text), _reason(cell), layout.source, line, remedy)


def ragged_record(line: int, count: int | None, text: bytes, layout: Layout) -> DataError:
    """Return the error of a record with another number of fields than the header; None is too many.

    `text` is the record, or its start.
    """
    delimiter = layout.syntax.written_delimiter
    if layout.has_empty_last and count == layout.columns:
        return DataError(
            f"does not end in {delimiter!r}, as the lines before it do",
            source=layout.source,
            line=line,
            hint=f"{_SET_ASIDE}. Write the delimiter at the end of every line or of none.",
        )
    if count is None:
        fields = f"more than {_fields(layout.columns)}"
    else:
        count = layout.width if count == NO_LAST_DELIMITER else count - layout.has_empty_last
        fields = _fields(count)
    first = "header" if layout.options.has_header else "first record"
    problem = f"has {fields}, the {first} has {layout.columns}"
    hint = _ragged_hint(count, text, layout)
    return DataError(problem, source=layout.source, line=line, hint=hint)


def _ragged_hint(count: int | None, text: bytes, layout: Layout) -> str:
    delimiter = layout.syntax.written_delimiter
    if layout.title_hint:
        return layout.title_hint
    if f'{delimiter} "'.encode() in text and not layout.syntax.skips_initial_space:
        return _INITIAL_SPACE
    start = text.lstrip()[:1]
    if not layout.options.comment and start in COMMENT_STARTS:
        return f"--comment {shlex.quote(start.decode())} skips such lines."
    if count is not None and count <= layout.columns:
        return f"{_SET_ASIDE}. Keep the delimiters of empty fields."
    hint = f"{_SET_ASIDE}. Put a field that contains {delimiter!r} in double quotes."
    if delimiter == "," and layout.options.decimal == ".":
        hint += " With decimal commas: --decimal , --delimiter ';'"
    return hint


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


class CellContext(NamedTuple):
    """What is known around a bad cell, for a hint.

    Attributes
    ----------
    others
        Cells of the wanted columns of numbers.
    column
        Cells of the same column.
    use
        How the user wrote the column, if that is known.
    is_text
        Whether it is likely that all of its cells are texts.

    """

    others: Sequence[str] = ()
    column: Sequence[str] = ()
    use: TextUse | None = None
    is_text: bool = False


def bad_cell(
    line: int, column: str, cell: BadCell, context: CellContext, layout: Layout
) -> DataError:
    """Return the error of a cell that is not a number."""
    return DataError(
        f"'{shorten(cell.text)}' {_reason(cell)}",
        source=layout.source,
        line=line,
        column=column,
        hint="" if layout.options.sets_aside else _hint(cell, context, layout),
    )


def missing_cell(line: int, column: str, layout: Layout) -> DataError:
    """Return the error of a missing cell where none is allowed."""
    hint = "--missing drop leaves such rows out."
    return DataError(
        "the value is missing", source=layout.source, line=line, column=column, hint=hint
    )


def _reason(cell: BadCell) -> str:
    """Return why a cell is not a number; a character that cannot be seen is named."""
    odd = name_odd_characters(cell.text)
    return f"{cell.reason}: it holds {odd}" if odd else cell.reason


def _hint(cell: BadCell, context: CellContext, layout: Layout) -> str:
    is_of_text = cell.reason in TEXT_REASONS
    remedy = ""
    if not is_of_text or looks_missing(cell.text.strip(BLANKS)):
        remedy = _remedy(cell.text, context.others, layout)
    if cell.reason not in {"is not a number", *TEXT_REASONS}:
        return remedy or _RANGE
    if remedy and not _is_code(cell.text, context, layout):
        return remedy
    if not is_of_text and begins_with_dash(cell.text):
        return f"If the dash is a minus, write it as '-'. {_SET_ASIDE}."
    ways = ""
    if context.use and context.is_text and (is_of_text or not _is_float(cell.text)):
        ways = context.use.remedies([cell.text, *context.column], layout.options)
    if ways:
        return f"{ways}. If it is not text: {remedy or f'{_SET_ASIDE}.'}"
    if is_of_text and not context.is_text:
        return f"{_SET_ASIDE}."
    instead = context.use.instead if context.use else "leave the column out"
    return f"{_SET_ASIDE}; if the whole column is text, {instead}."


def _is_code(text: str, context: CellContext, layout: Layout) -> bool:
    """Return whether a remedy for a cell strips letters that most cells of its column lack."""
    if not context.is_text or not any(character.isalpha() for character in text):
        return False
    delimiter = layout.syntax.written_delimiter
    remedies = find_remedies(text, context.others, layout.options, delimiter=delimiter)
    return all(
        2 * count_readable(context.column, r.options) < len(context.column) for r in remedies
    )


def _is_float(text: str) -> bool:
    """Return whether a text is a number to other programs, such as inf."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _remedy(text: str, others: Sequence[str], layout: Layout) -> str:
    """Return the options that would read the text: "--decimal , reads it as 1.5."."""
    delimiter = layout.syntax.written_delimiter
    remedies = find_remedies(text, others, layout.options, delimiter=delimiter)
    return "; ".join(map(str, remedies)) + "." if remedies else ""
