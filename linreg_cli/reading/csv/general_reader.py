"""The general reader: it parses any chunk with pandas; the fast reader must give the same rows.

The records are found here and not by pandas, which fills short records up without an error and
reports no line numbers. pandas only removes the quotes of the cells in the wanted columns.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

from linreg_cli.errors import DataError
from linreg_cli.exact import Block
from linreg_cli.reading.csv.faults import (
    NO_LAST_DELIMITER,
    BadExample,
    bad_cell,
    bad_example,
    missing_cell,
    ragged_record,
)
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import Numbers, as_block, read_numbers
from linreg_cli.reading.csv.offsets import Flags, Offsets, Records, find_records
from linreg_cli.reading.csv.records import Chunk
from linreg_cli.reading.csv.remedies import MAX_SAMPLE

Texts: TypeAlias = npt.NDArray[np.object_]


class Reject(NamedTuple):
    """A record that was set aside: what is wrong with it, and its text."""

    error: DataError
    text: bytes


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a chunk holds: its complete rows as numbers, and counts of all its records.

    Attributes
    ----------
    source
        The name of the source.
    block
        The complete rows: those with a number in every wanted column that is not optional.
    complete
        Which of the records are complete rows.
    absent
        For each optional column, which of the complete rows lack its cell and have 0 in the
        block; empty if no row does.
    missing
        The count of missing cells in each wanted column.
    records
        Where each record lies in the chunk, and its line; blank lines are not records.
    count
        How many records there are, complete, incomplete or set aside.
    rejects
        Records that are at fault and were set aside; they are not among the others.

    """

    source: str
    block: Block
    complete: Flags
    missing: tuple[int, ...]
    records: Records
    count: int
    rejects: tuple[Reject, ...] = ()
    absent: tuple[Flags, ...] = ()

    def on_line(self, line: int) -> "Rows":
        """Return the same rows with another number for their first line."""
        records = self.records
        chunk = replace(records.chunk, first_line=line)
        return replace(self, records=Records(chunk, records.starts, records.ends))

    @property
    def complete_lines(self) -> Offsets:
        """The line in the file of each complete row."""
        return self.records.lines[self.complete]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What a chunk holds, each column by itself: a bad cell affects only its own column.

    Attributes
    ----------
    layout
        The columns.
    columns
        The cells of each.
    chunk
        Where they stand.
    count
        How many records there are.

    """

    layout: Layout
    columns: tuple[Numbers, ...]
    chunk: Chunk
    count: int

    def on_line(self, line: int) -> "Cells":
        """Return the same cells with another number for their first line."""
        return replace(self, chunk=replace(self.chunk, first_line=line))

    def bad_example(self, j: int) -> BadExample | None:
        """Return the first cell of column j that is not a number, if there is one."""
        cell = self.columns[j].first_bad
        if cell is None:
            return None
        others = _sample(self.chunk, [self.layout.positions[j]], self.layout)
        return bad_example(int(self._lines[cell.row]), cell, others, self.layout)

    @cached_property
    def _lines(self) -> Offsets:
        return _find_rows(self.chunk, self.layout).records.lines


def parse_cells(chunk: Chunk, layout: Layout) -> Cells:
    """Parse the wanted columns of a chunk, each by itself.

    Raises
    ------
    DataError
        At the first record that has another number of fields than the header.

    """
    found = _find_rows(chunk, layout)
    for row in np.flatnonzero(found.counts != layout.width).tolist():
        text = found.records.text(row)
        raise ragged_record(int(found.records.lines[row]), int(found.counts[row]), text, layout)
    columns = _read_columns(chunk, found.is_record, layout)
    return Cells(layout=layout, columns=tuple(columns), chunk=chunk, count=len(found.records))


def parse_chunk(chunk: Chunk, layout: Layout) -> Rows:
    """Parse the wanted columns of a chunk.

    Raises
    ------
    DataError
        At the first record, in the order of the file, that has another number of fields than
        the header, or a cell that is not a number, or a missing cell if that is an error; unless
        such records are set aside. In one record, at the first such cell in the order of the
        wanted columns.

    """
    is_record, records, counts = _find_rows(chunk, layout)
    columns = _read_columns(chunk, is_record, layout)
    faults = _find_faults(columns, counts, layout)
    if faults and not layout.options.sets_aside:
        raise _describe(faults[0], columns, counts, records, layout)
    is_kept = np.ones(len(records), np.bool_)
    is_kept[faults] = False
    required, optional = columns[: layout.required], columns[layout.required :]
    is_complete = ~np.logical_or.reduce([column.missing for column in required])
    is_used = is_complete & is_kept
    return Rows(
        source=layout.source,
        block=as_block(columns, is_used),
        absent=tuple(column.missing[is_used] for column in optional),
        complete=is_complete[is_kept],
        missing=tuple(int((column.missing & is_kept).sum()) for column in columns),
        records=records.where(is_kept),
        count=len(records),
        rejects=tuple(
            Reject(_describe(row, columns, counts, records, layout), records.text(row))
            for row in faults
        ),
    )


def refuse_wide(record: Chunk, layout: Layout) -> NoReturn:
    """Raise the error for a record that has too many fields; not all of them were counted.

    Raises
    ------
    DataError
        Always.

    """
    raise ragged_record(record.first_line, None, record.data, layout)


def set_wide_aside(record: Chunk, layout: Layout) -> Rows:
    """Return rows without numbers whose only reject is a record that has too many fields.

    Raises
    ------
    DataError
        If bad records are not set aside.

    """
    if not layout.options.sets_aside:
        refuse_wide(record, layout)
    none = np.zeros(0, np.int64)
    return Rows(
        source=layout.source,
        block=Block(
            values=np.zeros((0, len(layout.positions)), np.int64),
            decimals=(0,) * len(layout.positions),
        ),
        complete=np.zeros(0, np.bool_),
        missing=(0,) * len(layout.positions),
        records=Records(record, none, none),
        count=1,
        rejects=(
            Reject(
                ragged_record(record.first_line, None, record.data, layout),
                record.data.removesuffix(b"\n").removesuffix(b"\r"),
            ),
        ),
    )


class _FoundRows(NamedTuple):
    """Which lines are records, where each record lies, and its number of fields."""

    is_record: Flags
    records: Records
    counts: Offsets


def _find_rows(chunk: Chunk, layout: Layout) -> _FoundRows:
    lines = find_records(chunk)
    plain = lines if chunk.plain is chunk else find_records(chunk.plain)
    counts = plain.count_fields(chunk.plain.syntax.delimiters)
    is_record = ~(_find_blank(plain, counts, layout) | lines.are_comments())
    records = lines.where(is_record)
    counts = counts[is_record]
    if layout.has_empty_last:
        records, counts = _without_last(records, counts, layout)
    return _FoundRows(is_record, records, counts)


def _without_last(records: Records, counts: Offsets, layout: Layout) -> tuple[Records, Offsets]:
    """Remove the delimiter at the end of each record; a record without one counts as ragged."""
    codes = np.frombuffer(records.chunk.structure, np.uint8)
    has_one = codes[np.maximum(records.ends - 1, 0)] == ord(layout.syntax.delimiters)
    counts = np.where(has_one | (counts != layout.width), counts, NO_LAST_DELIMITER)
    ends = np.where(counts == layout.width, records.ends - 1, records.ends)
    return Records(records.chunk, records.starts, ends), counts


def _find_blank(lines: Records, counts: Offsets, layout: Layout) -> Flags:
    """Return which lines are blank; in a file of one column a blank line is a missing cell."""
    has_one_field: Flags = counts == 1
    if layout.width == 1 or not has_one_field.any():
        return np.zeros(len(lines), np.bool_)
    has_one_field &= lines.are_blank()
    return has_one_field


def _read_columns(chunk: Chunk, is_record: Flags, layout: Layout) -> list[Numbers]:
    """Read the wanted columns, each position once."""
    texts = _read_texts(chunk.plain, layout)
    # pandas and `find_records` follow the same rule for quotes, so they find the same records.
    assert all(len(column) == len(is_record) for column in texts.values())  # noqa: S101 - a bug
    numbers = {
        position: read_numbers(column[is_record].tolist(), layout.options)
        for position, column in texts.items()
    }
    return [numbers[position] for position in layout.positions]


def _read_texts(chunk: Chunk, layout: Layout) -> dict[int, Texts]:
    """Return the cells of the wanted columns without quotes, by position; blank lines count."""
    import pandas as pd

    # With a header in front, pandas never meets a byte-order mark or empty data at the start.
    delimiter = chunk.syntax.delimiters
    header = delimiter.join(str(position) for position in range(layout.width))
    frame = pd.read_csv(
        io.BytesIO(header.encode() + b"\n" + chunk.data),
        sep=delimiter,
        usecols=list(layout.positions),
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        index_col=False,
        engine="c",
        low_memory=False,
    )
    return {int(name): frame[name].to_numpy() for name in frame.columns}


def _sample(chunk: Chunk, positions: Sequence[int], layout: Layout) -> list[str]:
    """Return the first cells of some columns, on which remedies are tried."""
    part = replace(layout, names=("",) * len(positions), positions=tuple(positions))
    columns = _read_texts(chunk.plain, part).values()
    return [text for column in columns for text in column[:MAX_SAMPLE].tolist() if text]


def _find_faults(columns: Sequence[Numbers], counts: Offsets, layout: Layout) -> list[int]:
    """Return the rows that are ragged, have a bad cell, or lack a cell that must not be missing."""
    rows = set(np.flatnonzero(counts != layout.width).tolist())
    for column in columns:
        rows.update(cell.row for cell in column.bad)
        if layout.options.fail_on_missing:
            rows.update(np.flatnonzero(column.missing).tolist())
    return sorted(rows)


def _describe(
    row: int, columns: Sequence[Numbers], counts: Offsets, records: Records, layout: Layout
) -> DataError:
    """Return the error of a row: its number of fields first, then its cells in their order."""
    line = int(records.lines[row])
    if counts[row] != layout.width:
        return ragged_record(line, int(counts[row]), records.text(row), layout)
    for name, column in zip(layout.names, columns, strict=True):
        for cell in column.bad:
            if cell.row == row:
                # a row that is set aside needs no remedy
                is_aside = layout.options.sets_aside
                others = [] if is_aside else _sample(records.chunk, layout.positions, layout)
                return bad_cell(line, name, cell, others, layout)
        if layout.options.fail_on_missing and column.missing[row]:
            return missing_cell(line, name, layout)
    raise AssertionError("a row without fault was described")
