"""The fast reader: takes what the scanner is sure of, and leaves the rest to the general one."""

import numpy as np

from linreg_cli import native
from linreg_cli.block import Block
from linreg_cli.reading.general import Rows
from linreg_cli.reading.layout import Layout
from linreg_cli.reading.offsets import Records
from linreg_cli.reading.records import Chunk


def scan(data: bytes, layout: Layout, *, keeps_records: bool) -> tuple[Rows, int] | None:
    """Scan whole records, on any thread.

    Parameters
    ----------
    data
        The records, not looked at yet.
    layout
        The wanted columns, and how they are written.
    keeps_records
        Whether it matters where each record lies.

    Returns
    -------
    What `parse_chunk` would give, with lines counted from 1, and the count of lines; or None
    where only the general reader can tell.

    """
    options = layout.options
    if not native.IS_AVAILABLE or options.thousands:
        return None
    found = native.extension.scan_chunk(
        data, layout.delimiter, options.decimal, layout.width, layout.positions, keeps_records
    )
    if found is None:
        return None
    records, lines, columns, decimals, missing, starts, ends, complete = found
    if options.fail_on_missing and any(missing):
        return None
    values = np.frombuffer(columns, np.int64).reshape(len(layout.positions), -1).T
    places = [np.frombuffer(offsets, np.int64) for offsets in (starts, ends)]
    rows = Rows(
        source=layout.source,
        block=Block(values=values, decimals=decimals),
        complete=np.frombuffer(complete, np.bool_),
        missing=missing,
        records=Records(Chunk(data, layout.delimiter, 1), *places),
        count=records,
    )
    return rows, lines
