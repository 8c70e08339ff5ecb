"""Counts and numbers of all columns, added up chunk by chunk."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from linreg_cli.moments import Accumulator, PreparedMoments, Summation, correlation
from linreg_cli.reading.column_description import ColumnDescription
from linreg_cli.reading.column_moments import Values
from linreg_cli.reading.column_numbers import ColumnNumbers
from linreg_cli.reading.csv import BadExample, Cells, Numbers, Table, as_block

MAX_KEPT = 1 << 24
"""The most numbers that are kept for exact medians, of all columns together: 128 MiB."""

MAX_DISTINCT = 1000
"""Distinct texts are counted up to this number."""

MAX_TEXT = 100
"""A text with more characters is kept as its hash."""


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

    """

    def __init__(self, first: Table, y: str | None) -> None:
        self.names = first.names
        self.rows = 0
        self._columns = [_ColumnTally(name, y) for name in first.names]
        self._kept = 0
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
        self.rows += cells.count
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
        if self._kept > MAX_KEPT:
            self._kept = 0
            for column in self._columns:
                column.numbers.bin()

    def columns(self) -> Iterator[ColumnDescription]:
        """Describe the columns."""
        return (column.describe(self.rows) for column in self._columns)


class _ColumnTally:
    """Adds up a column, and the pairs that it makes with the target."""

    __slots__ = ("_example", "_name", "_not_numbers", "_pairs", "_texts", "numbers")

    def __init__(self, name: str, y: str | None) -> None:
        self.numbers = ColumnNumbers()
        self._name = name
        self._not_numbers = 0
        self._example: BadExample | None = None
        self._texts: set[str | bytes] | None = None
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
        self._take_texts(cells.columns[j].bad_texts)

    def _take_texts(self, texts: Iterable[tuple[str, int]]) -> None:
        if self._texts is None:
            self._texts = set()
        for text, _ in texts:
            if len(self._texts) > MAX_DISTINCT:
                return
            self._texts.add(text if len(text) <= MAX_TEXT else sha256(_encoded(text)).digest())

    def describe(self, rows: int) -> ColumnDescription:
        pairs = None if self._pairs is None else self._pairs.total()
        moments, histogram, median = self.numbers.figures()
        smallest, largest = moments.bounds or (None, None)
        distinct = len(self._texts or ())
        return ColumnDescription(
            name=self._name,
            numbers=moments.count,
            missing=rows - moments.count - self._not_numbers,
            not_numbers=self._not_numbers,
            example=self._example,
            smallest=smallest,
            largest=largest,
            mean=moments.mean,
            standard_deviation=moments.standard_deviation,
            median=median,
            distinct_texts=min(distinct, MAX_DISTINCT),
            has_more_texts=distinct > MAX_DISTINCT,
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


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
