"""The general reader: parses any chunk with pandas, and is what a faster one must agree with.

The structure is read here, not by pandas, which fills short records up in silence and tells no
line numbers; pandas then only unquotes the cells of the wanted columns.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from linreg_cli.block import Block
from linreg_cli.reading.faults import bad_cell, missing_cell, ragged_record
from linreg_cli.reading.layout import Layout
from linreg_cli.reading.numbers import Numbers, as_block, read_numbers
from linreg_cli.reading.offsets import Flags, Offsets, Records, find_records
from linreg_cli.reading.records import Chunk

Texts: TypeAlias = npt.NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a chunk holds: its complete rows as numbers, and an account of all its records.

    Attributes
    ----------
    block
        The complete rows: those with a number in every wanted column.
    complete
        Which of the records are complete rows.
    missing
        The count of missing cells in each wanted column.
    records
        Where each record lies in the chunk, and its line; blank lines are none.

    """

    block: Block
    complete: Flags
    missing: tuple[int, ...]
    records: Records

    @property
    def count(self) -> int:
        """How many records there are, complete or not."""
        return len(self.records)


def parse_chunk(chunk: Chunk, layout: Layout) -> Rows:
    """Parse the wanted columns of a chunk.

    Raises
    ------
    DataError
        At the first record, in the order of the file, that has another number of fields than
        the header, or a cell that is no number, or a missing cell if that is an error. In one
        record, at the first such cell in the order of the wanted columns.

    """
    lines = find_records(chunk)
    counts = lines.count_fields(layout.delimiter)
    is_record = ~_find_blank(lines, counts, layout)
    is_ragged = is_record & (counts != layout.width)
    if is_ragged.any():
        first = int(is_ragged.argmax())
        # An error in the records before it comes first.
        parse_chunk(chunk.between(0, int(lines.starts[first])), layout)
        raise ragged_record(int(lines.lines[first]), int(counts[first]), layout)
    columns = _read_columns(chunk, is_record, layout)
    records = lines.where(is_record)
    _check_cells(columns, records, layout)
    complete = ~np.logical_or.reduce([column.missing for column in columns])
    return Rows(
        block=as_block(columns, complete),
        complete=complete,
        missing=tuple(int(column.missing.sum()) for column in columns),
        records=records,
    )


def _find_blank(lines: Records, counts: Offsets, layout: Layout) -> Flags:
    """Find the blank lines; in a file of one column they are missing cells instead."""
    has_one_field: Flags = counts == 1
    if layout.width == 1 or not has_one_field.any():
        return np.zeros(len(lines), np.bool_)
    has_one_field &= lines.are_blank()
    return has_one_field


def _read_columns(chunk: Chunk, is_record: Flags, layout: Layout) -> list[Numbers]:
    """Read the wanted columns, each position once."""
    texts = _read_texts(chunk.data, layout)
    # Both follow the same rule for quotes, so that they see the same records.
    assert all(len(column) == len(is_record) for column in texts.values())  # noqa: S101 - a bug
    numbers = {
        position: read_numbers(column[is_record].tolist(), layout.options)
        for position, column in texts.items()
    }
    return [numbers[position] for position in layout.positions]


def _read_texts(data: bytes, layout: Layout) -> dict[int, Texts]:
    """Let pandas unquote the cells of the wanted columns, blank lines included, by position."""
    import pandas as pd

    # A header of our own keeps pandas from seeing a byte-order mark or no data at the start.
    header = layout.delimiter.join(str(position) for position in range(layout.width))
    frame = pd.read_csv(
        io.BytesIO(header.encode() + b"\n" + data),
        sep=layout.delimiter,
        usecols=list(layout.positions),
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        index_col=False,
        engine="c",
        low_memory=False,
    )
    return {int(name): frame[name].to_numpy() for name in frame.columns}


def _check_cells(columns: Sequence[Numbers], records: Records, layout: Layout) -> None:
    """Raise the error of the first cell that is bad, or missing where that is an error."""
    rows = [_first_fault(column, layout) for column in columns]
    row = min(rows)
    if row == len(records):
        return
    order = rows.index(row)
    line, name, bad = int(records.lines[row]), layout.names[order], columns[order].bad
    if bad is None or bad.row != row:
        raise missing_cell(line, name, layout)
    raise bad_cell(line, name, bad, layout)


def _first_fault(column: Numbers, layout: Layout) -> int:
    """Find the first row with a cell at fault; the count of rows if there is none."""
    rows = [len(column.missing)]
    if column.bad is not None:
        rows.append(column.bad.row)
    if layout.options.fail_on_missing:
        rows.extend(np.flatnonzero(column.missing)[:1].tolist())
    return min(rows)
