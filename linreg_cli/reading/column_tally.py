"""Counts and numbers of all columns, added up chunk by chunk."""

import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from linreg_cli.design import Column
from linreg_cli.moments import Accumulator, PreparedMoments, Summation, correlation
from linreg_cli.reading.column_description import ColumnDescription, Kind
from linreg_cli.reading.column_moments import ColumnMoments, Values
from linreg_cli.reading.column_numbers import BATCH, ColumnNumbers
from linreg_cli.reading.csv import (
    BadExample,
    Cells,
    CsvOptions,
    Numbers,
    Table,
    as_block,
    keep_delimiter,
)
from linreg_cli.reading.levels import LevelCounts
from linreg_cli.reading.proposal import Proposal, propose
from linreg_cli.reading.trial import Trial

MAX_KEPT = 1 << 24
"""The most numbers that are kept for exact medians, of all columns together: 128 MiB."""

MOST_SHOWN = 5
"""The number of levels that a description lists."""


class PreparedCells(NamedTuple):
    """The numbers of each column in a chunk, and the moments of its pairs with the target."""

    values: list[Values]
    pairs: list[PreparedMoments]


class TableTally(Accumulator[Cells, PreparedCells]):
    """Adds up all columns of the sources; in each chunk they are in the order of `names`.

    Attributes
    ----------
    names
        The columns of the first source.
    rows
        The number of rows so far.
    trial
        The same columns read with options that make numbers of further cells.

    """

    def __init__(self, first: Table, y: str | None) -> None:
        self.names = first.names
        self.rows = 0
        self._columns = [_ColumnTally(name, y) for name in first.names]
        self.trial = Trial(first.options, len(first.names))
        self._head = first.head
        self._kept = 0
        self._most_kept = MAX_KEPT
        self._y = None if y is None else first.layout([y], "--y takes the name of a column.")

    def prepare(self, cells: Cells) -> PreparedCells:
        """Convert the cells of a chunk to numbers, on any thread."""
        values = [_values(column) for column in cells.columns]
        if self._y is None:
            return PreparedCells(values, [])
        y = cells.columns[self._y.positions[0]]
        pairs = [
            tally.prepare_pairs(column, y)
            for tally, column in zip(self._columns, cells.columns, strict=True)
        ]
        return PreparedCells(values, pairs)

    def count(self, cells: Cells) -> None:
        """Count the rows of a chunk whose lines are known, and the cells that are not numbers."""
        self.rows += cells.rows
        for j, column in enumerate(cells.columns):
            if column.bad_count:
                self._columns[j].count(cells, j)

    def take(self, prepared: PreparedCells) -> None:
        """Add the numbers of a chunk."""
        for column, values in zip(self._columns, prepared.values, strict=True):
            column.numbers.take(values)
        if prepared.pairs:
            for column, pairs in zip(self._columns, prepared.pairs, strict=True):
                column.take_pairs(pairs)
        self._kept += sum(values.weight for values in prepared.values)
        if self._kept > self._most_kept:
            self._kept = 0
            self._most_kept = min(MAX_KEPT, BATCH * len(self._columns))
            for column in self._columns:
                column.numbers.bin()

    def columns(self) -> Iterator[ColumnDescription]:
        """Describe the columns."""
        for j, column in enumerate(self._columns):
            yield column.describe(
                self.rows,
                is_row_names=self._head.has_row_names and j == 0,
                is_helped=self.trial.is_helped(j),
            )

    def propose(
        self, columns: Sequence[ColumnDescription], y: str | None, delimiters: Sequence[str]
    ) -> Proposal | str:
        """Return features and a target to learn from, or the reason why there are none.

        `delimiters` are those of the files.
        """
        options: CsvOptions | None = keep_delimiter(self._head, self.trial.options)
        if len(set(delimiters)) > 1:
            options = None
        elif options != self._head.options and options is not None and len(delimiters) > 1:
            options = replace(options, delimiter=delimiters[0])
        return propose(self._head, columns, self.rows, self.trial, y, options=options)


class _ColumnTally:
    """Adds up a column, and the pairs that it makes with the target."""

    __slots__ = ("_are_dates", "_example", "_levels", "_name", "_not_numbers", "_pairs", "numbers")

    def __init__(self, name: str, y: str | None) -> None:
        self.numbers = ColumnNumbers()
        self._name = name
        self._not_numbers = 0
        self._example: BadExample | None = None
        self._levels = LevelCounts()
        self._are_dates = True
        self._pairs = None if y is None else Summation([name, y])

    def prepare_pairs(self, column: Numbers, y: Numbers) -> PreparedMoments:
        if self._pairs is None:
            return []
        return self._pairs.prepare(as_block([column, y], column.is_number & y.is_number))

    def take_pairs(self, prepared: PreparedMoments) -> None:
        if self._pairs is not None:
            self._pairs.take(prepared)

    def count(self, cells: Cells, j: int) -> None:
        """Count the cells of column j that are neither numbers nor missing."""
        self._not_numbers += cells.columns[j].bad_count
        self._example = self._example or cells.bad_example(j)
        self._levels.add(cells.columns[j].bad_texts)
        self._are_dates = self._are_dates and cells.columns[j].are_dates

    def _kind(self, numbers: int, *, is_helped: bool) -> Kind:
        if not self._not_numbers:
            return "number" if numbers else "empty"
        if numbers or is_helped:
            return "mixed"
        if self._are_dates:
            return "date"
        if self._levels.are_booleans:
            return "boolean"
        return "category" if self._levels.are_repeated else "text"

    def _remedied(self, moments: ColumnMoments) -> BadExample | None:
        """Return the example; where bool() reads all cells, also 1 and 0, it is the remedy."""
        example = self._example
        if example is None or example.remedy or not moments.count:
            return example
        if not (self._levels.are_booleans and moments.are_zeros_and_ones):
            return example
        term = shlex.quote(f"bool({Column(self._name)})")
        return example._replace(remedy=f"linreg train --x {term} reads all cells as 1 and 0.")

    def describe(self, rows: int, *, is_row_names: bool, is_helped: bool) -> ColumnDescription:
        pairs = None if self._pairs is None else self._pairs.total()
        moments, histogram, median, ends = self.numbers.figures()
        smallest, largest = moments.bounds or (None, None)
        return ColumnDescription(
            name=self._name,
            is_row_names=is_row_names,
            kind=self._kind(moments.count, is_helped=is_helped),
            numbers=moments.count,
            missing=rows - moments.count - self._not_numbers,
            not_numbers=self._not_numbers,
            example=self._remedied(moments),
            smallest=smallest,
            largest=largest,
            mean=moments.mean,
            standard_deviation=moments.standard_deviation,
            median=median,
            distinct_texts=self._levels.distinct,
            has_more_texts=self._levels.has_more,
            levels=self._levels.most_frequent(MOST_SHOWN),
            likely_marker=ends.likely_marker() if ends else None,
            correlation=correlation(pairs, 1, 2) if pairs is not None and pairs.rows else None,
            pairs=None if pairs is None else pairs.rows,
            histogram=histogram,
        )


def _values(column: Numbers) -> Values:
    """Return the numbers of a column, all with the same decimals."""
    if column.bad or not column.has_even_decimals:
        block = as_block([column], column.is_number)
        return Values(block.values[:, 0], block.decimals[0])
    numbers = column.integers
    if column.texts or column.missing.any():
        numbers = numbers[column.is_number]
    return Values(numbers, int(column.decimals[0]) if len(column.decimals) else 0)
