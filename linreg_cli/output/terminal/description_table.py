"""The description of columns as JSON, as aligned lines, and as a table for a terminal."""

import json
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from linreg_cli.errors import count_of
from linreg_cli.exact import ExactDecimal
from linreg_cli.output.terminal.printing import console, escape, is_terminal
from linreg_cli.output.terminal.text_table import align, width_of
from linreg_cli.reading import ColumnDescription, Description, Median

if TYPE_CHECKING:
    from rich.table import Table

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_BLOCKS = ".:-=+*%#"
"""The same number of characters, for encodings without the others."""
DIGITS = 7
"""Significant digits of numbers; fewer on a narrow terminal."""
_LEAST_DIGITS = 3
_LONGER = 5
"""A bound is shown in full, and a mean up to its point, if that takes at most this many more."""
_BETWEEN = 2
_FURTHER = ("std. dev.", "median", "texts")
"""Columns of the second table, if the first is too wide."""
_NONE = "-"


def as_json(description: Description, command: str) -> str:
    """Return all figures and the command that trains as one JSON object."""
    fields = {
        "rows": description.rows,
        "rejected": description.rejected,
        "y": description.y,
        "columns": [_fields(column) for column in description.columns],
        "train": command or None,
        "why_no_train": None if command else _why_not(description),
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def as_table(description: Description, command: str) -> str:
    """Return a line for each column, notes on the columns, and the command that trains."""
    lines = _for_terminal(description) if is_terminal(of_data=True) else _plain(description)
    last = command or f"No linreg train command: {escape(_why_not(description))}."
    return "\n".join([*lines, *_notes(description), "", last]) + "\n"


def _why_not(description: Description) -> str:
    """Return the reason why there is no command."""
    training = description.training
    return training if isinstance(training, str) else "a name of a file cannot be typed"


def sparkline(counts: Sequence[int], blocks: str = BLOCKS) -> str:
    """Return counts as bars of eight heights; only a count of 0 is blank."""
    most = max(counts, default=0)
    return "".join(blocks[-(-len(blocks) * c // most) - 1] if c else " " for c in counts)


def _fields(column: ColumnDescription) -> dict[str, object]:
    bars = column.histogram.bars()
    return {
        "name": column.name,
        "is_row_names": column.is_row_names,
        "kind": column.kind,
        "numbers": column.numbers,
        "missing": column.missing,
        "not_numbers": column.not_numbers,
        "example": column.example and column.example._asdict(),
        "smallest": _as_float(column.smallest),
        "largest": _as_float(column.largest),
        "mean": column.mean,
        "standard_deviation": column.standard_deviation,
        "median": column.median and column.median.value,
        "median_bin_width": column.median and column.median.width,
        "distinct_texts": column.distinct_texts,
        "has_more_texts": column.has_more_texts,
        "levels": [{"text": level.text, "count": level.count} for level in column.levels],
        "likely_marker": column.likely_marker and asdict(column.likely_marker),
        "correlation": column.correlation,
        "pairs": column.pairs,
        "histogram": {"edges": list(map(_as_float, bars.edges)), "counts": bars.counts},
    }


def _as_float(number: ExactDecimal | None) -> float | None:
    """Return a float64, or None for an edge of a bar beyond its range."""
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None


def _rows(description: Description, digits: int = DIGITS) -> list[list[str]]:
    """Return a row for each column, below the header."""
    header = ["column", "kind", "missing", "smallest", "largest", "mean", *_FURTHER]
    header += ["r", "histogram"]
    blocks = _blocks()
    rows = [header, *(_row(column, digits, blocks) for column in description.columns)]
    return rows if description.y is not None else _without(rows, {"r"})


def _row(column: ColumnDescription, digits: int, blocks: str) -> list[str]:
    picture = sparkline(column.histogram.heights, blocks)
    if not column.numbers and column.example is not None:
        picture = f"'{column.example.text}'"
    return [
        escape(column.label),
        column.kind,
        f"{column.missing:,}",
        _show_exact(column.smallest, digits),
        _show_exact(column.largest, digits),
        _show(column.mean, digits),
        _show(column.standard_deviation, digits),
        _show_median(column.median, digits),
        _show_distinct(column),
        _show(column.correlation, min(digits, 4)),
        escape(picture),
    ]


def _without(rows: Sequence[Sequence[str]], names: Collection[str]) -> list[list[str]]:
    """Return a table without some of its columns."""
    kept = [i for i, name in enumerate(rows[0]) if name not in names]
    return [[row[i] for i in kept] for row in rows]


def _plain(description: Description) -> list[str]:
    rows = _rows(description)
    wide = max(len(row[-1]) for row in rows)
    return align([[*row[:-1], row[-1].ljust(wide)] for row in rows])


def _for_terminal(description: Description) -> list[str]:
    """Return a table with as many digits as fit, or two tables; nothing is cut."""
    drawing = console(of_data=True)
    tables = _fitting(description, drawing.width)
    drawing.width = max(drawing.width, *map(_width, tables))
    lines: list[str] = []
    for rows in tables:
        with drawing.capture() as drawn:
            drawing.print(_table(rows))
        lines += ["", *drawn.get().splitlines()]
    return lines[1:]


def _fitting(description: Description, width: int) -> list[list[list[str]]]:
    """Return one table that fits the width, or two with further figures in the second."""
    fewer = range(DIGITS, _LEAST_DIGITS - 1, -1)
    for further in (set(), set(_FURTHER)):
        for digits in fewer:
            rows = _without(_rows(description, digits), further)
            if _width(rows) <= width:
                break
        if _width(rows) <= width:
            break
    others = {name for name in rows[0] if name != "column"}
    return [rows, _without(_rows(description), others)] if further else [rows]


def _width(rows: Sequence[Sequence[str]]) -> int:
    columns = zip(*rows, strict=True)
    return sum(max(map(width_of, column)) + _BETWEEN for column in columns) - _BETWEEN


def _table(rows: Sequence[Sequence[str]]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    header, *others = rows
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in header:
        is_text = name in {"column", "histogram"}
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    for row in others:
        table.add_row(*row)
    return table


def _notes(description: Description) -> list[str]:
    notes = [line for column in description.columns if (line := _levels(column))]
    notes += [note for column in description.columns if (note := _note(column))]
    notes += [note for column in description.columns if (note := _about_marker(column))]
    notes += [
        f"Note: column '{column.name}': its median is known to {column.median.width:g},"
        " the width of a bin."
        for column in description.columns
        if column.median and column.median.width is not None
    ]
    if description.y is not None:
        notes.append(f"r is the correlation with '{description.y}' over the rows that have both.")
    return ["", *map(escape, notes)] if notes else []


def _levels(column: ColumnDescription) -> str:
    """Return a line on the most frequent levels of a category or of truth values."""
    if column.kind not in {"category", "boolean"}:
        return ""
    levels = [f"'{level.shown}' {level.count:,}" for level in column.levels]
    more = column.distinct_texts - len(levels)
    levels += [f"{more:,} more"] if more else []
    return f"{column.label}: {', '.join(levels)}"


def _note(column: ColumnDescription) -> str:
    """Return a note on the first cell that is not a number, in a column of numbers."""
    example = column.example
    if example is None or column.kind != "mixed":
        return ""
    few = column.not_numbers == 1
    cells = f"{count_of(column.not_numbers, 'cell')} {'is not a' if few else 'are not'}"
    reason = example.reason.removeprefix("is not a number")
    reason = f" {reason}" if reason and not reason.startswith(":") else reason
    remedy = example.remedy or "linreg train --rejects rejects.csv sets such rows aside."
    return (
        f"Note: column '{column.label}': {cells} number{'' if few else 's, the first'}: "
        f"'{example.text}'{reason} ({example.source}, line {example.line}); "
        f"{remedy.removesuffix('.')}"
    )


def _about_marker(column: ColumnDescription) -> str:
    """Return a note on a number that may stand for a missing value."""
    marker = column.likely_marker
    if marker is None:
        return ""
    return (
        f"Note: column '{column.label}': {marker.count:,} cells are {marker.text}, far from all "
        f"other numbers. If it stands for a missing value: --na {marker.text}"
    )


def _blocks() -> str:
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return ASCII_BLOCKS
    return BLOCKS


def _show_median(median: Median | None, digits: int) -> str:
    if median is None or median.width is None:
        return _show(median and median.value, digits)
    return f"~{_show(median.value, digits)}"


def _show_distinct(column: ColumnDescription) -> str:
    if not column.distinct_texts:
        return _NONE
    return f"{'over ' if column.has_more_texts else ''}{column.distinct_texts:,}"


def _show_exact(number: ExactDecimal | None, digits: int) -> str:
    if number is None:
        return _NONE
    exact = str(number)
    return exact if len(exact) <= digits + _LONGER else _show(float(number), digits)


def _show(value: float | None, digits: int) -> str:
    """Return a number with some digits, and with all digits before the point if they are few."""
    if value is None:
        return _NONE
    whole = len(str(int(abs(value))))
    whole = whole if whole <= DIGITS + _LONGER else 0
    return f"{value:.{max(digits, whole)}g}"
