"""What is in the data: one pass over all columns, each described by itself.

Counts, the smallest and largest number and the histogram are exact; mean, standard deviation and
correlation come from exact sums and are rounded once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Literal, NamedTuple

import numpy as np

from linreg_cli.errors import DataError
from linreg_cli.exact import ExactDecimal
from linreg_cli.moments import PreparedMoments, Summation, correlation
from linreg_cli.reading.csv import (
    BadExample,
    Cells,
    CsvOptions,
    Numbers,
    Table,
    as_block,
    default_threads,
    find_column,
    open_table,
)
from linreg_cli.reading.histogram import Histogram
from linreg_cli.reading.one_column import MAX_KEPT, Distribution, Median, Moments, Values
from linreg_cli.reading.row_sums import Advance
from linreg_cli.reading.sources import Source

MAX_DISTINCT = 1000
"""Distinct texts are counted up to this."""

MAX_TEXT = 100
"""Of a longer text only its hash is kept."""


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
    smallest, largest, mean, standard_deviation, median
        Of the numbers; None if there are none (or, for the standard deviation, but one).
    distinct_texts
        How many of the cells that are neither differ, up to `MAX_DISTINCT`.
    has_more_texts
        Whether there are more.
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
    standard_deviation: float | None
    median: Median | None
    distinct_texts: int
    has_more_texts: bool
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

    values: Values
    matrix: Moments
    pair_sums: PreparedMoments


class _Tally:
    """Adds up all columns: `prepare` on any thread, `take` on one."""

    def __init__(self, first: Table, y: str | None) -> None:
        self.names = first.names
        self.rows = 0
        self.columns = [_ColumnTally(name, y) for name in first.names]
        self._kept = 0
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
            self._kept += part.values.weight
        if self._kept > MAX_KEPT:
            self._kept = 0
            for column in self.columns:
                column.distribution.bin()


@dataclass
class _ColumnTally:
    """Adds up a column, and the pairs that it makes with the target."""

    name: str
    y: str | None
    missing: int = 0
    not_numbers: int = 0
    example: BadExample | None = None
    matrix: Moments = field(default_factory=Moments)
    distribution: Distribution = field(default_factory=Distribution)
    _texts: set[str | bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._pair_sums = None if self.y is None else Summation([self.name, self.y])

    def prepare(self, column: Numbers, y: Numbers | None) -> _Prepared:
        values = _values(column)
        pair_sums: PreparedMoments = []
        if y is not None and self._pair_sums is not None:
            pair_sums = self._pair_sums.prepare(
                as_block([column, y], column.is_number & y.is_number)
            )
        return _Prepared(values, Moments.of(values), pair_sums)

    def take(self, part: _Prepared, cells: Cells, j: int) -> None:
        column = cells.columns[j]
        self.missing += int(np.count_nonzero(column.missing))
        self.not_numbers += column.bad_count
        if column.bad_count:
            self.example = self.example or cells.bad_example(j)
            self._take_texts(column.bad_texts)
        self.matrix += part.matrix
        self.distribution.take(part.values)
        if self._pair_sums is not None:
            self._pair_sums.take(part.pair_sums)

    def _take_texts(self, texts: Iterable[str]) -> None:
        for text in texts:
            if len(self._texts) > MAX_DISTINCT:
                return
            self._texts.add(text if len(text) <= MAX_TEXT else sha256(_encoded(text)).digest())

    def describe(self) -> ColumnDescription:
        pairs = None if self._pair_sums is None else self._pair_sums.total()
        smallest, largest = self.matrix.bounds or (None, None)
        return ColumnDescription(
            name=self.name,
            numbers=self.matrix.count,
            missing=self.missing,
            not_numbers=self.not_numbers,
            example=self.example,
            smallest=smallest,
            largest=largest,
            mean=self.matrix.mean,
            standard_deviation=self.matrix.standard_deviation,
            median=self.distribution.median(),
            distinct_texts=min(len(self._texts), MAX_DISTINCT),
            has_more_texts=len(self._texts) > MAX_DISTINCT,
            correlation=correlation(pairs, 1, 2) if pairs is not None and pairs.rows else None,
            pairs=None if pairs is None else pairs.rows,
            histogram=self.distribution.histogram,
        )


def _values(column: Numbers) -> Values:
    """Give the numbers of a column, all with the same decimals."""
    if column.bad or not column.has_even_decimals:
        block = as_block([column], column.is_number)
        return Values(block.values[:, 0], block.decimals[0])
    numbers = column.integers
    if column.texts or column.missing.any():
        numbers = numbers[column.is_number]
    return Values(numbers, int(column.decimals[0]) if len(column.decimals) else 0)


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
