"""The fast reader of cells, each column by itself; the general reader takes the rest."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from linreg_cli import native
from linreg_cli.reading.csv.cells import Cells, parse_cells
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.grouping import Grouping
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import Numbers, Texts
from linreg_cli.reading.csv.scanner_form import missing_form

_MISSING, _TEXT = 0, 2
"""The extension's codes for cells that are not numbers."""


def scan_cells(data: bytes, layout: Layout) -> tuple[Cells, int] | None:
    """Return the cells of whole records, each column by itself; any thread may call this.

    The general reader takes the columns of which the scanner is not sure, such as text.

    Parameters
    ----------
    data
        The records, not checked yet.
    layout
        All columns in their order, and how they are written.

    Returns
    -------
    What `parse_cells` would return, with lines counted from 1, and the count of lines; or None
    where only the general reader can tell.

    """
    options = layout.options
    if not native.IS_AVAILABLE or not layout.syntax.is_plain_in(data):
        return None
    found = native.extension.scan_columns(
        data,
        layout.syntax.delimiters,
        options.decimal,
        layout.width,
        layout.has_empty_last,
        missing_form(options),
        not (options.thousands or options.strip or options.accounting),
    )
    if found is None:
        return None
    count, lines, scanned = found
    chunk = Chunk(data, layout.syntax, 1)
    columns = {
        position: _numbers(*column) for position, column in enumerate(scanned) if column is not None
    }
    unsure = tuple(position for position in layout.positions if position not in columns)
    if unsure:
        part = replace(layout, names=tuple(layout.names[j] for j in unsure), positions=unsure)
        columns |= dict(zip(unsure, parse_cells(chunk, part).columns, strict=True))
    in_order = tuple(columns[position] for position in layout.positions)
    return Cells(layout=layout, columns=in_order, chunk=chunk, count=count), lines


def _numbers(  # noqa: PLR0913, PLR0917  # as the extension gives a column
    values: bytes,
    decimals: int,
    kinds: bytes,
    texts: int,
    first_row: int,
    distinct: tuple[str, ...],
    counts: bytes,
    are_dates: bool,  # noqa: FBT001  # as the extension gives it
    grouping: int,
) -> Numbers:
    integers = np.frombuffer(values, np.int64)
    kind = np.frombuffer(kinds, np.uint8)
    return Numbers(
        integers=integers,
        decimals=_repeated(decimals, len(integers)),
        has_even_decimals=True,
        missing=kind == _MISSING,
        texts=Texts(
            is_text=kind == _TEXT,
            count=texts,
            first_row=first_row,
            distinct=distinct,
            counts=tuple(np.frombuffer(counts, np.int64).tolist()),
            are_dates=are_dates,
        )
        if texts
        else None,
        written_grouping=Grouping(grouping),
    )


@lru_cache(maxsize=16)
def _repeated(decimals: int, rows: int) -> npt.NDArray[np.int64]:
    """Return the same decimals for each row; the columns of a chunk share the array."""
    repeated = np.full(rows, decimals, np.int64)
    repeated.flags.writeable = False
    return repeated
