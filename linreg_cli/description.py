"""What is in the data: one pass over all columns, each described by itself.

Counts, the smallest and largest number and the histogram are exact; mean and correlation come
from exact sums and are rounded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple

from linreg_cli.decimals import ExactDecimal, shortest
from linreg_cli.errors import DataError
from linreg_cli.gather import Advance
from linreg_cli.histogram import Histogram
from linreg_cli.inference import correlation
from linreg_cli.rationals import to_float
from linreg_cli.reading import (
    BadExample,
    Cells,
    CsvOptions,
    Numbers,
    Source,
    Table,
    as_block,
    default_threads,
    find_column,
    open_table,
)
from linreg_cli.summation import PreparedSums, Summation
from linreg_cli.sums import Sums


@dataclass(frozen=True, kw_only=True)
class ColumnDescription:
    """One column.

    Attributes
    ----------
    name
        What it is called.
    numbers, missing, not_numbers
        How many cells are numbers, are missing and are neither.
    example
        The first cell that is neither.
    smallest, largest, mean
        Of the numbers; None if there are none.
    correlation
        Pearson's, with the target, over the pairs; None if one of the two is constant there.
    pairs
        In how many rows both this column and the target are numbers.
    histogram
        Of the numbers.

    """

    name: str
    numbers: int
    missing: int
    not_numbers: int
    example: BadExample | None
    smallest: ExactDecimal | None
    largest: ExactDecimal | None
    mean: float | None
    correlation: float | None
    pairs: int | None
    histogram: Histogram

    @property
    def kind(self) -> Literal["numeric", "text", "mixed", "empty"]:
        """What its cells are, missing ones apart."""
        if self.numbers:
            return "mixed" if self.not_numbers else "numeric"
        return "text" if self.not_numbers else "empty"


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
    tally: _Tally | None = None
    numeric_headers = []
    consumed = 0
    for source in sources:
        with open_table(source, options) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            if tally is None:
                tally = _Tally(table, y)
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
        columns=tuple(column.describe() for column in tally.columns),
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


class _Prepared(NamedTuple):
    """What some cells of a column add up to."""

    numbers: int
    sums: PreparedSums
    pair_sums: PreparedSums
    histogram: Histogram


class _Tally:
    """Adds up all columns: `prepare` on any thread, `take` on one."""

    def __init__(self, first: Table, y: str | None) -> None:
        self.names = first.names
        self.rows = 0
        self.columns = [_ColumnTally(name, y) for name in first.names]
        self._y = None if y is None else first.layout([y], "--y takes the name of a column.")

    def prepare(self, cells: Cells, order: Sequence[int]) -> list[_Prepared]:
        y = None if self._y is None else cells.columns[order[self._y.positions[0]]]
        return [
            column.prepare(cells.columns[j], y)
            for column, j in zip(self.columns, order, strict=True)
        ]

    def take(self, cells: Cells, prepared: Sequence[_Prepared], order: Sequence[int]) -> None:
        self.rows += cells.count
        for column, part, j in zip(self.columns, prepared, order, strict=True):
            column.take(part, cells, j)


@dataclass
class _ColumnTally:
    """Adds up a column, and the pairs that it makes with the target."""

    name: str
    y: str | None
    numbers: int = 0
    missing: int = 0
    not_numbers: int = 0
    example: BadExample | None = None
    histogram: Histogram = field(default_factory=Histogram)

    def __post_init__(self) -> None:
        self._sums = Summation([self.name])
        self._pair_sums = Summation([self.name, str(self.y)])

    def prepare(self, column: Numbers, y: Numbers | None) -> _Prepared:
        alone = as_block([column], column.is_number)
        pair_sums: PreparedSums = []
        if y is not None:
            pair_sums = self._pair_sums.prepare(
                as_block([column, y], column.is_number & y.is_number)
            )
        return _Prepared(
            numbers=len(alone.values),
            sums=self._sums.prepare(alone),
            pair_sums=pair_sums,
            histogram=Histogram.of(alone.values[:, 0], alone.decimals[0]),
        )

    def take(self, part: _Prepared, cells: Cells, j: int) -> None:
        column = cells.columns[j]
        self.numbers += part.numbers
        self.missing += int(column.missing.sum())
        self.not_numbers += len(column.bad)
        self.example = self.example or cells.bad_example(j)
        self.histogram += part.histogram
        self._sums.take(part.sums)
        self._pair_sums.take(part.pair_sums)

    def describe(self) -> ColumnDescription:
        sums, pairs = self._sums.total(), self._pair_sums.total()
        return ColumnDescription(
            name=self.name,
            numbers=self.numbers,
            missing=self.missing,
            not_numbers=self.not_numbers,
            example=self.example,
            smallest=_bound(sums.minimum, sums),
            largest=_bound(sums.maximum, sums),
            mean=to_float(sums.moment(0, 1) / sums.rows) if sums.rows else None,
            correlation=correlation(pairs, 1, 2) if pairs.rows else None,
            pairs=None if self.y is None else pairs.rows,
            histogram=self.histogram,
        )


def _bound(values: Sequence[int], sums: Sums) -> ExactDecimal | None:
    return shortest(values[0], sums.decimals[0]) if values else None
