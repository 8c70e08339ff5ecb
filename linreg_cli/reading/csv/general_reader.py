"""The general reader: it parses the rows of any chunk; the fast reader must give the same rows."""

from collections.abc import Sequence

import numpy as np

from linreg_cli.design import Codes
from linreg_cli.errors import DataError
from linreg_cli.exact import Block, Int64s
from linreg_cli.reading.csv.categories import Categories
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.column_texts import find_rows, read_columns, sample
from linreg_cli.reading.csv.faults import CellContext, bad_cell, missing_cell, ragged_record
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import Numbers, as_block
from linreg_cli.reading.csv.offsets import Records
from linreg_cli.reading.csv.rows import Reject, Rows


def parse_chunk(chunk: Chunk, layout: Layout) -> Rows:
    """Parse the wanted columns of a chunk.

    Raises
    ------
    DataError
        At the first record, in the order of the file, that has another number of fields than
        the header, or a cell that is not a number, or a missing cell if that is an error; unless
        such records are set aside. In one record, at the first such cell in the order of the
        wanted columns. A record before it may have numbers that cannot be used: see `Layout`.

    """
    is_record, records, counts = find_rows(chunk, layout)
    categories, numbers = read_columns(chunk, is_record, layout)
    columns: list[Categories | Numbers] = [*categories, *numbers]
    faults = _find_faults(columns, counts, layout)
    if faults and not layout.options.sets_aside:
        start = int(records.starts[faults[0]])
        if layout.refuse and start:
            layout.refuse(parse_chunk(chunk.between(0, start), layout))
        raise _describe(faults[0], columns, counts, records, layout)
    is_kept = np.ones(len(records), np.bool_)
    is_kept[faults] = False
    required, optional = columns[: layout.required], columns[layout.required :]
    is_complete = ~np.logical_or.reduce([column.missing for column in required[layout.keys :]])
    is_used = is_complete & is_kept
    return Rows(
        source=layout.source,
        block=as_block(numbers, is_used),
        categories=tuple(column.of_rows(is_used) for column in categories[layout.keys :]),
        keys=tuple(column.of_rows(is_used) for column in categories[: layout.keys]),
        absent=tuple(column.missing[is_used] for column in optional),
        complete=is_complete[is_kept],
        missing=tuple(int((column.missing & is_kept).sum()) for column in columns),
        records=records.where(is_kept),
        count=len(records),
        groupings=tuple(column.grouping(is_kept) for column in columns)
        if layout.asks_grouping
        else (),
        rejects=tuple(
            Reject(_describe(row, columns, counts, records, layout), records.text(row))
            for row in faults
        ),
    )


def reject_wide(record: Chunk, layout: Layout) -> Reject:
    """Return the reject for a record that has too many fields; not all of them were counted.

    Raises
    ------
    DataError
        If bad records are not set aside.

    """
    error = ragged_record(record.first_line, None, record.data, layout)
    if not layout.options.sets_aside:
        raise error
    return Reject(error, record.data.removesuffix(b"\n").removesuffix(b"\r"))


def set_wide_aside(record: Chunk, layout: Layout) -> Rows:
    """Return rows without numbers whose only reject is a record that has too many fields.

    Raises
    ------
    DataError
        If bad records are not set aside.

    """
    reject = reject_wide(record, layout)
    none = np.zeros(0, np.int64)
    numbers = len(layout.positions) - layout.texts
    return Rows(
        source=layout.source,
        block=Block(values=np.zeros((0, numbers), np.int64), decimals=(0,) * numbers),
        categories=(Codes(codes=none, levels=()),) * (layout.texts - layout.keys),
        keys=(Codes(codes=none, levels=()),) * layout.keys,
        complete=np.zeros(0, np.bool_),
        missing=(0,) * len(layout.positions),
        records=Records(record, none, none),
        count=1,
        rejects=(reject,),
    )


def _find_faults(
    columns: Sequence[Categories | Numbers], counts: Int64s, layout: Layout
) -> list[int]:
    """Return the rows that are ragged, have a bad cell, or lack a cell that must not be missing."""
    rows = set(np.flatnonzero(counts != layout.width).tolist())
    for j, column in enumerate(columns):
        rows.update(cell.row for cell in column.bad)
        if layout.options.fail_on_missing and j >= layout.allowed_missing:
            rows.update(np.flatnonzero(column.missing).tolist())
    return sorted(rows)


def _describe(
    row: int,
    columns: Sequence[Categories | Numbers],
    counts: Int64s,
    records: Records,
    layout: Layout,
) -> DataError:
    """Return the error of a row: its number of fields first, then its cells in their order."""
    line = int(records.lines[row])
    if counts[row] != layout.width:
        return ragged_record(line, int(counts[row]), records.text(row), layout)
    for place, (name, column) in enumerate(zip(layout.names, columns, strict=True)):
        for cell in column.bad:
            if cell.row == row:
                return bad_cell(line, name, cell, _context(place, column, records, layout), layout)
        must_be_there = layout.options.fail_on_missing and place >= layout.allowed_missing
        if must_be_there and column.missing[row]:
            return missing_cell(line, name, layout)
    raise AssertionError("a row without fault was described")


def _context(
    place: int, column: Categories | Numbers, records: Records, layout: Layout
) -> CellContext:
    """Return what is known of a wanted column with a bad cell, and of the other numbers."""
    if layout.options.sets_aside:
        return CellContext()  # a row that is set aside needs no remedy
    numbers = layout.positions[layout.texts :]
    use = layout.uses[place] if layout.uses else None
    are_numbers = 2 * len(column.bad) < np.count_nonzero(~column.missing)
    return CellContext(
        others=sample(records.chunk, numbers, layout),
        column=sample(records.chunk, [layout.positions[place]], layout) if use else (),
        use=use,
        is_text=use is not None and not are_numbers,
    )
