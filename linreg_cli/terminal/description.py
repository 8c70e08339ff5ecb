"""What is in the data, as JSON, as aligned lines and as a table for a terminal."""

import json
import sys
from collections.abc import Sequence

from linreg_cli.decimals import ExactDecimal
from linreg_cli.description import ColumnDescription, Description
from linreg_cli.ledger import count_of
from linreg_cli.terminal.console import console, escape, is_terminal
from linreg_cli.terminal.table import align

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_BLOCKS = ".:-=+*%#"
"""As many, where the encoding of standard output lacks the others."""
DIGITS = 7
"""Numbers are rounded to so many digits, fewer where a terminal has no room for them."""
_LEAST_DIGITS = 3
_LONGER = 5
"""A bound is shown in full, and a mean to its point, if it takes so many more at most."""
_BETWEEN = 2
_NONE = "-"


def as_json(description: Description) -> str:
    """Write all figures as one JSON object."""
    fields = {
        "rows": description.rows,
        "y": description.y,
        "columns": [_fields(column) for column in description.columns],
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def as_table(description: Description) -> str:
    """Write a line for each column, and a note for each that is numbers but for some cells."""
    lines = _for_terminal(description) if is_terminal(of_data=True) else _plain(description)
    return "\n".join([*lines, *_notes(description)]) + "\n"


def sparkline(counts: Sequence[int], blocks: str = BLOCKS) -> str:
    """Draw counts as bars of eight heights; only an empty bar has none."""
    most = max(counts, default=0)
    return "".join(blocks[-(-len(blocks) * c // most) - 1] if c else " " for c in counts)


def _fields(column: ColumnDescription) -> dict[str, object]:
    bars = column.histogram.bars()
    return {
        "name": column.name,
        "kind": column.kind,
        "numbers": column.numbers,
        "missing": column.missing,
        "not_numbers": column.not_numbers,
        "example": column.example and column.example._asdict(),
        "smallest": _as_float(column.smallest),
        "largest": _as_float(column.largest),
        "mean": column.mean,
        "correlation": column.correlation,
        "pairs": column.pairs,
        "histogram": {"edges": list(map(_as_float, bars.edges)), "counts": bars.counts},
    }


def _as_float(number: ExactDecimal | None) -> float | None:
    """Round to a float64; the edge of a bar may be beyond them all."""
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None


def _rows(description: Description, digits: int = DIGITS) -> list[list[str]]:
    """Write a row for each column, below the header."""
    header = ["column", "kind", "missing", "smallest", "largest", "mean", "r", "histogram"]
    rows = [header, *(_row(column, digits) for column in description.columns)]
    return rows if description.y is not None else [[*row[:-2], row[-1]] for row in rows]


def _row(column: ColumnDescription, digits: int) -> list[str]:
    picture = sparkline(column.histogram.bars().counts, _blocks())
    if column.kind == "text" and column.example is not None:
        picture = f"'{column.example.text}'"
    return [
        escape(column.name),
        column.kind,
        f"{column.missing:,}",
        _show_exact(column.smallest, digits),
        _show_exact(column.largest, digits),
        _show(column.mean, digits),
        _show(column.correlation, min(digits, 4)),
        escape(picture),
    ]


def _plain(description: Description) -> list[str]:
    rows = _rows(description)
    wide = max(len(row[-1]) for row in rows)
    return align([[*row[:-1], row[-1].ljust(wide)] for row in rows])


def _for_terminal(description: Description) -> list[str]:
    """Draw a table with as many digits as there is room for; nothing is cut."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table

    drawing = console(of_data=True)
    for digits in range(DIGITS, _LEAST_DIGITS - 1, -1):
        header, *rows = _rows(description, digits)
        columns = zip(header, *rows, strict=True)
        width = sum(max(map(cell_len, column)) + _BETWEEN for column in columns) - _BETWEEN
        if width <= drawing.width:
            break
    drawing.width = max(drawing.width, width)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in header:
        is_text = name in {"column", "histogram"}
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    with drawing.capture() as drawn:
        drawing.print(table)
    return drawn.get().splitlines()


def _notes(description: Description) -> list[str]:
    notes = [note for column in description.columns if (note := _note(column))]
    if description.y is not None:
        notes.append(f"r is the correlation with '{description.y}' over the rows that have both.")
    return ["", *map(escape, notes)] if notes else []


def _note(column: ColumnDescription) -> str:
    """Tell of a first cell that is no number, in a column that seems to be meant as numbers."""
    example = column.example
    if example is None or not (column.kind == "mixed" or example.remedy):
        return ""
    few = column.not_numbers == 1
    cells = f"{count_of(column.not_numbers, 'cell')} {'is' if few else 'are'} no"
    reason = "" if example.reason == "is not a number" else f" {example.reason}"
    remedy = f"; {example.remedy.removesuffix('.')}" if example.remedy else ""
    return (
        f"Note: column '{column.name}': {cells} number{'' if few else 's, the first'}: "
        f"'{example.text}'{reason} ({example.source}, line {example.line}){remedy}"
    )


def _blocks() -> str:
    try:
        BLOCKS.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return ASCII_BLOCKS
    return BLOCKS


def _show_exact(number: ExactDecimal | None, digits: int) -> str:
    if number is None:
        return _NONE
    exact = str(number)
    return exact if len(exact) <= digits + _LONGER else _show(float(number), digits)


def _show(value: float | None, digits: int) -> str:
    """Round to so many digits, and not before the point unless that is far."""
    if value is None:
        return _NONE
    whole = len(str(int(abs(value))))
    whole = whole if whole <= DIGITS + _LONGER else 0
    return f"{value:.{max(digits, whole)}g}"
