"""The fast reader: it takes what the scanner accepts; the general reader takes the rest."""

import numpy as np

from linreg_cli import native
from linreg_cli.exact import Block
from linreg_cli.reading.csv.cell_numbers import is_missing
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.grouping import Grouping
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.offsets import Records
from linreg_cli.reading.csv.rows import Rows
from linreg_cli.reading.csv.scanner_form import scanner_arguments


def scan(data: bytes, layout: Layout, *, keeps_records: bool) -> tuple[Rows, int] | None:
    """Return the rows of whole records and their lines; any thread may call this.

    Parameters
    ----------
    data
        The records, not checked yet.
    layout
        The wanted columns, and how they are written.
    keeps_records
        Whether it matters where each record lies.

    Returns
    -------
    What `parse_chunk` would return, with lines counted from 1, and the count of lines; or None
    where only the general reader can tell.

    """
    options = layout.options
    is_odd = any(layout.functions)  # columns that the general reader reads
    if not native.IS_AVAILABLE or not layout.syntax.is_plain_in(data) or is_odd:
        return None
    if layout.texts and options.strip:  # a cell may be missing without the stripped characters
        return None
    cut = layout.texts
    found = native.extension.scan_chunk(
        data, *scanner_arguments(layout), keeps_records, cut, layout.keys
    )
    if found is None:
        return None
    records, lines, columns, decimals, missing, starts, ends, complete, groupings, levels = found
    must_be_there = layout.allowed_missing if options.fail_on_missing else layout.required
    if any(missing[must_be_there:]):
        return None
    values = np.frombuffer(columns, np.int64).reshape(len(layout.positions), -1)
    if any(is_missing(text, options) for texts in levels for text in texts):
        return None  # blanks that the scanner does not know, also in rows that are not complete
    columns_of_texts = []
    if cut:
        from linreg_cli.reading.csv.categories import with_texts

        texts = [with_texts(*each, options) for each in zip(values[:cut], levels, strict=True)]
        columns_of_texts = [each.of_rows(slice(None)) for each in texts]
    places = [np.frombuffer(offsets, np.int64) for offsets in (starts, ends)]
    if layout.has_empty_last:
        places[1] = places[1] - 1
    rows = Rows(
        source=layout.source,
        block=Block(values=values[cut:].T, decimals=decimals[cut:]),
        categories=tuple(columns_of_texts[layout.keys :]),
        keys=tuple(columns_of_texts[: layout.keys]),
        complete=np.frombuffer(complete, np.bool_),
        missing=missing,
        records=Records(Chunk(data, layout.syntax, 1), *places),
        count=records,
        groupings=tuple(map(Grouping, groupings)) if layout.asks_grouping else (),
    )
    return rows, lines
