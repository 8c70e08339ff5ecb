"""Describing the data: one pass over all columns, each described separately.

Counts, the smallest and largest number and the histogram are exact; mean, standard deviation and
correlation come from exact sums and are rounded once.
"""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import DataError
from linreg_cli.reading.column_description import ColumnDescription
from linreg_cli.reading.column_tally import PreparedCells, TableTally
from linreg_cli.reading.csv import (
    Cells,
    CsvOptions,
    Groupings,
    Table,
    default_threads,
    delimiter_option,
    find_column,
    find_doubts,
    merge_groupings,
    open_table,
)
from linreg_cli.reading.proposal import Proposal
from linreg_cli.reading.row_sums import Advance
from linreg_cli.reading.sources import Source


class Description(Struct, frozen=True, kw_only=True):
    """A description of the data.

    Attributes
    ----------
    rows, rejected
        The number of rows, and of those that were set aside.
    y
        The target that each column is correlated with, if there is one.
    columns
        The columns, in the order of the first source.
    numeric_headers
        Sources whose first record was taken for a header although it holds only numbers.
    notes
        What is in doubt about the files.
    training
        Features and a target to learn from, or the reason why there are none.

    """

    rows: int
    rejected: int
    y: str | None
    columns: tuple[ColumnDescription, ...]
    numeric_headers: tuple[str, ...]
    notes: tuple[str, ...]
    training: Proposal | str


def describe(  # noqa: PLR0913  # what a pass over data needs
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    y: str | None = None,
    advance: Advance,
    threads: int | None = None,
    watch: Callable[[Cells], None] = lambda _: None,
) -> Description:
    """Read all columns of all sources once.

    Parameters
    ----------
    sources
        The files; all have the same columns, which are found by name in each.
    options
        The format of the files.
    y
        The column with which each column is correlated.
    advance
        Called now and then with the numbers of bytes and rows read so far.
    threads
        The number of reading threads; one for each core if not given.
    watch
        Called with the cells of each chunk, in order.

    Raises
    ------
    DataError
        If something cannot be read, there is no column `y`, or a source has other columns than
        the first.

    """
    tally: TableTally | None = None
    delimiters: list[str] = []
    numeric_headers = []
    notes: list[str] = []
    consumed = rejected = 0
    for source in sources:
        with open_table(source, options) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            if tally is None:
                tally = TableTally(table, y)
            delimiters.append(delimiter_option(table))
            order = _order_of(table, tally.names)
            groupings: Groupings = {}
            for cells, prepared in table.each_cells(
                partial(_prepare, tally, order), threads=threads or default_threads()
            ):
                watch(cells)
                rejected += len(cells.rejects)
                tally.count(_in_order(cells, order))
                tally.trial.take(cells, partial(_in_order, order=order))
                tally.take(prepared)
                groupings = merge_groupings(groupings, cells.groupings_by_source)
                advance(consumed + table.bytes_read, tally.rows)
            notes += find_doubts(table, table.names, groupings)
            consumed += table.bytes_read
    assert tally is not None, "there is no source"  # noqa: S101  # find_sources gives one
    columns = tuple(tally.columns())
    return Description(
        rows=tally.rows,
        rejected=rejected,
        y=y,
        columns=columns,
        numeric_headers=tuple(numeric_headers),
        notes=tuple(notes),
        training=tally.propose(columns, y, delimiters),
    )


def _prepare(tally: TableTally, order: Sequence[int], cells: Cells) -> PreparedCells:
    return tally.prepare(_in_order(cells, order))


def _in_order(cells: Cells, order: Sequence[int]) -> Cells:
    """Return the cells of a chunk with its columns in another order."""
    layout = cells.layout
    return replace(
        cells,
        columns=tuple(cells.columns[j] for j in order),
        layout=replace(layout, names=tuple(layout.names[j] for j in order), positions=tuple(order)),
    )


def _order_of(table: Table, names: Sequence[str]) -> tuple[int, ...]:
    """Return the positions of the columns of the first source in another one.

    Raises
    ------
    DataError
        If it does not have the same columns.

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
