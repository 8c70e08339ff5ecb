"""What is in the data: one pass over all columns, each described by itself.

Counts, the smallest and largest number and the histogram are exact; mean, standard deviation and
correlation come from exact sums and are rounded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from linreg_cli.errors import DataError
from linreg_cli.reading.column_description import ColumnDescription
from linreg_cli.reading.column_tally import TableTally
from linreg_cli.reading.csv import CsvOptions, Table, default_threads, find_column, open_table
from linreg_cli.reading.row_sums import Advance
from linreg_cli.reading.sources import Source


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is in the data.

    Attributes
    ----------
    rows
        How many there are.
    y
        The target that each column is correlated with, if there is one.
    columns
        In the order of the first source.
    numeric_headers
        Sources whose first row holds nothing but numbers and was yet taken for a header.

    """

    rows: int
    y: str | None
    columns: tuple[ColumnDescription, ...]
    numeric_headers: tuple[str, ...]


def describe(
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    y: str | None = None,
    advance: Advance,
    threads: int | None = None,
) -> Description:
    """Read all columns of all sources once.

    Parameters
    ----------
    sources
        Where the rows are; they have the same columns, found by name in each.
    options
        How the files are written.
    y
        The column to correlate each column with.
    advance
        Told how far the reading is, now and then.
    threads
        How many to read with; one for each core if not given.

    Raises
    ------
    DataError
        If something cannot be read, `y` is no column, or the sources have other columns.

    """
    tally: TableTally | None = None
    numeric_headers = []
    consumed = 0
    for source in sources:
        with open_table(source, options) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            if tally is None:
                tally = TableTally(table, y)
            order = _order_of(table, tally.names)
            for cells, prepared in table.each_cells(
                partial(tally.prepare, order=order), threads=threads or default_threads()
            ):
                tally.take(cells, prepared, order)
                advance(consumed + table.bytes_read, tally.rows)
            consumed += table.bytes_read
    assert tally is not None, "there is no source"  # noqa: S101  # find_sources gives one
    return Description(
        rows=tally.rows,
        y=y,
        columns=tuple(tally.columns()),
        numeric_headers=tuple(numeric_headers),
    )


def _order_of(table: Table, names: Sequence[str]) -> tuple[int, ...]:
    """Find the columns of the first source in another.

    Raises
    ------
    DataError
        If it does not have the same ones.

    """
    if table.names == names:
        return tuple(range(len(names)))
    hint = f"linreg columns {table.source} shows it alone."
    order = tuple(find_column(name, table.names, table.source, hint) for name in names)
    for name in table.names:
        if name not in names:
            problem = "is a column that the first file does not have"
            raise DataError(problem, source=table.source, column=name, hint=hint)
    return order
