"""One pass over all rows: from files to moments and row counts."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from math import prod
from operator import add
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli import native
from linreg_cli.design import Term
from linreg_cli.errors import DataError, NoRowsError
from linreg_cli.moments import (
    Accumulator,
    LevelSums,
    Moments,
    PreparedMoments,
    PreparedSums,
    SplitMoments,
    Summation,
    with_levels_of,
)
from linreg_cli.reading.computed_rows import Undefined, refuse_undefined
from linreg_cli.reading.csv import (
    CsvOptions,
    Groupings,
    Rows,
    Table,
    default_threads,
    find_doubts,
    merge_groupings,
    open_table,
)
from linreg_cli.reading.fast_sums import FastSums, SummedPart
from linreg_cli.reading.row_counts import RowCounts
from linreg_cli.reading.selection import Part, Selection, UsedRows
from linreg_cli.reading.sources import Source

Advance = Callable[[int, int], None]
"""A function that takes the numbers of bytes and rows read so far."""


class PassResult(Struct, frozen=True, kw_only=True):
    """The result of one pass over the data, or over a range of it.

    Attributes
    ----------
    data
        The exact moments of the rows that are used.
    row_counts
        How many rows were read, used and left out.
    numeric_headers
        Sources whose first record was taken for a header although it holds only numbers.
    groupings
        Where the decimal character may be the thousands separator: see `find_doubts`.
    notes
        What is in doubt about the files.
    by_source
        The moments of each source, with the SHA-256 of its content, where they were asked for.
    lines
        The number of lines of the rows, where they were counted.

    """

    data: SplitMoments
    row_counts: RowCounts
    numeric_headers: tuple[str, ...] = ()
    groupings: Groupings = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    by_source: tuple[SplitMoments, ...] = ()
    lines: int = 0

    def __add__(self, other: Self) -> Self:
        """Merge the results of two passes, in the order of their data."""
        return type(self)(
            data=self.data + other.data,
            row_counts=self.row_counts + other.row_counts,
            numeric_headers=self.numeric_headers + other.numeric_headers,
            groupings=merge_groupings(self.groupings, other.groupings),
            notes=self.notes + other.notes,
            by_source=self.by_source + other.by_source,
            lines=self.lines + other.lines,
        )


def sum_rows(  # noqa: PLR0913  # what a pass over data needs
    sources: Sequence[Source],
    selection: Selection,
    options: CsvOptions,
    *,
    advance: Advance,
    threads: int | None = None,
    watch: Sequence[Callable[[Rows], None]] = (),
    keeps_apart: bool = False,
) -> PassResult:
    """Read all rows of all sources once.

    Parameters
    ----------
    sources
        The files; columns are found by name in each.
    selection
        Which columns are read, and how rows are split.
    options
        The format of the files.
    advance
        Called now and then with the numbers of bytes and rows read so far.
    threads
        The number of reading threads; one for each core if not given.
    watch
        Functions that are called with the rows of each chunk, in order.
    keeps_apart
        Whether the moments of each source are returned too, with the SHA-256 of its content.

    Raises
    ------
    DataError
        If something cannot be read, a weight is negative, or no row can be used.

    """
    sums = _RowSums(selection)
    numeric_headers = []
    notes: list[str] = []
    by_source = []
    consumed = 0
    for source in sources:
        with open_table(source, options, hashes=keeps_apart) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            for part in sums.read(table, threads or default_threads(), keeps=bool(watch)):
                if isinstance(part, Rows):
                    for see in watch:
                        see(part)
                advance(consumed + table.bytes_read, sums.row_counts.read)
            notes += find_doubts(table, selection.all_columns, sums.groupings)
            consumed += table.bytes_read
            if keeps_apart:
                by_source.append(replace(sums.take_data(), inputs=frozenset([table.sha256])))
    require_rows(sources, sums.row_counts)
    if not keeps_apart:
        return replace(sums.result(numeric_headers), notes=tuple(notes))
    return PassResult(
        data=reduce(add, by_source),
        row_counts=sums.row_counts,
        numeric_headers=tuple(numeric_headers),
        notes=tuple(notes),
        by_source=tuple(by_source),
    )


def sum_table(table: Table, selection: Selection) -> PassResult:
    """Read the rows of one table in this thread; there may be none.

    Raises
    ------
    DataError
        If something cannot be read, or a weight is negative.

    """
    sums = _RowSums(selection)
    for _ in sums.read(table, threads=1, is_range=True):
        pass
    return sums.result()


class _Prepared(Struct, frozen=True, kw_only=True):
    """The moments of the used rows of a chunk, by part, and counts of rows."""

    parts: list[tuple[PreparedMoments, PreparedSums | None]]
    used: int
    unknown: Counter[str] = field(default_factory=Counter)
    undefined: Undefined = field(default_factory=Undefined)


class _PartSums:
    """The moments of the rows of one part; with categories, their sums by level too."""

    def __init__(self, selection: Selection) -> None:
        self._design = selection.design
        self._summation = Summation(selection.columns, selection.weights)
        self._sums = LevelSums.of(self._design, selection.columns) if self._design else None

    def prepare(self, part: Part) -> tuple[PreparedMoments, PreparedSums | None]:
        return (
            self._summation.prepare(part.numbers, part.weights),
            self._sums.prepare(*part) if self._sums else None,
        )

    def take(self, prepared: tuple[PreparedMoments, PreparedSums | None]) -> None:
        moments, sums = prepared
        self._summation.take(moments)
        if self._sums and sums:
            self._sums.take(sums)

    def count_levels(self, term: Term) -> int:
        """Return the number of levels of a category, or of combinations of those of several."""
        if not self._sums:
            return 0
        return prod(len(self._sums.levels(column)) for column in term.categories)

    def total(self) -> Moments:
        moments = self._summation.total()
        if self._design and self._sums:
            return with_levels_of(moments, self._sums, self._design)
        return moments


class _RowSums(Accumulator[Rows | SummedPart, _Prepared]):
    """The moments of rows, by part."""

    def __init__(self, selection: Selection) -> None:
        self.row_counts = RowCounts()
        self.groupings: Groupings = {}
        self._selection = selection
        self._sums = self._empty()

    def read(
        self, table: Table, threads: int, *, keeps: bool = False, is_range: bool = False
    ) -> Iterator[Rows | SummedPart]:
        """Add all rows of a table, and yield them part by part.

        Parameters
        ----------
        table
            The rows.
        threads
            The number of reading threads.
        keeps
            Whether the parts are rows with their lines.
        is_range
            Whether the table is a range of its file.

        Raises
        ------
        DataError
            If something cannot be read, or a weight is negative.

        """
        columns = self._selection.all_columns
        for part, prepared in self._each(table, threads, keeps=keeps, is_range=is_range):
            if isinstance(part, Rows):
                self._selection.refuse_negative_weights(part)
                if prepared.undefined.rows and table.options.fail_on_missing:
                    refuse_undefined(part, self._selection.computed)
            self.take(prepared)
            self._refuse_many_levels(table.source)
            self.row_counts.add(
                read=part.count,
                used=prepared.used,
                rejected=len(part.rejects),
                weightless=part.used
                - prepared.used
                - prepared.unknown.total()
                - prepared.undefined.rows,
                unknown=prepared.unknown,
                undefined=prepared.undefined.rows,
                undefined_cells=prepared.undefined.cells,
                missing=dict(zip(columns, part.missing, strict=True)),
            )
            self.groupings = merge_groupings(self.groupings, part.groupings_by_source)
            yield part

    def _each(
        self, table: Table, threads: int, *, keeps: bool, is_range: bool
    ) -> Iterator[tuple[Rows | SummedPart, _Prepared]]:
        selection = self._selection
        if keeps or not native.IS_AVAILABLE or not selection.sums_columns_as_read:
            yield from table.each(
                selection.all_columns,
                self.prepare,
                threads=threads,
                keeps_records=keeps or selection.refuses(table.options),
                hint=selection.hint,
                texts=len(selection.categories),
                functions=selection.computed.texts,
                uses=selection.uses,
            )
            return
        layout = table.layout(selection.all_columns, selection.hint, uses=selection.uses)
        fast = FastSums.of(layout)
        if is_range:
            yield from table.each_taken(fast.layout, fast.take, self.prepare, threads=threads)
        else:
            yield from fast.each_part(table, self.prepare, threads)

    def prepare(self, part: Rows | SummedPart) -> _Prepared:
        if isinstance(part, SummedPart):
            return _Prepared(parts=[(part.sums, None)], used=part.used)
        used = UsedRows.of(part, self._selection)
        parts = [sums.prepare(part) for sums, part in zip(self._sums, used.parts(), strict=True)]
        return _Prepared(
            parts=parts, used=len(used), unknown=used.unknown, undefined=used.undefined
        )

    def take(self, prepared: _Prepared) -> None:
        for sums, part in zip(self._sums, prepared.parts, strict=True):
            sums.take(part)

    def take_data(self) -> SplitMoments:
        """Return the moments of the rows since the start or the last call."""
        data = self._data()
        self._sums = self._empty()
        return data

    def _empty(self) -> list[_PartSums]:
        return [_PartSums(self._selection) for _ in range(self._selection.split.parts)]

    def _refuse_many_levels(self, source: str) -> None:
        most = self._selection.max_levels
        design = self._selection.design
        for term in design.terms if design else ():
            if term.categories and max(sums.count_levels(term) for sums in self._sums) > most:
                raise too_many_levels(term, most, source)

    def result(self, numeric_headers: Iterable[str] = ()) -> PassResult:
        """Return what was found so far."""
        return PassResult(
            data=self._data(),
            row_counts=self.row_counts,
            groupings=self.groupings,
            numeric_headers=tuple(numeric_headers),
        )

    def _data(self) -> SplitMoments:
        parts = [sums.total() for sums in self._sums]
        test = None if self._selection.split.test_fraction is None else parts.pop(0)
        folds = tuple(parts) if len(parts) > 1 else ()
        return SplitMoments(
            moments=reduce(add, parts), test=test, folds=folds, design=self._selection.design
        ).with_same_columns()


def too_many_levels(term: Term, most: int, source: str) -> DataError:
    """Return the error of a category, or a product of categories, with too many levels."""
    column, *others = term.categories
    more = f"--max-levels {10 * most} allows more"
    if others:
        return DataError(
            f"{term.name} has more than {most:,} combinations of levels",
            source=source,
            hint=f"Leave out this product; {more}.",
        )
    return DataError(
        f"has more than {most:,} levels",
        source=source,
        column=column,
        hint=f"Leave out --category {shlex.quote(column)} or, if a pattern means it, add "
        f"--without {shlex.quote(column)}; {more} levels.",
    )


def require_rows(sources: Sequence[Source], row_counts: RowCounts) -> None:
    """Raise an error unless a row was read and used.

    Raises
    ------
    DataError
        If there is no row.
    NoRowsError
        If no row can be used.

    """
    names = ", ".join(source.name for source in sources)
    if not row_counts.read:
        raise DataError(
            "there is a header but no row",
            source=names,
            hint="Add rows below the header; if the first line is a row, add --no-header.",
        )
    if not row_counts.used:
        missing = "Empty cells, NA, N/A, NaN, null and None count as missing."
        weightless = "Give weights of at least 0; a weight of 0 leaves the row out."
        raise NoRowsError(
            f"none of the rows can be used: {row_counts}",
            source=names,
            hint=weightless if row_counts.weightless else missing,
        )
