"""One pass over all rows: from files to moments and row counts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, reduce
from operator import add
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Required,
    Self,
    TypeAlias,
    TypedDict,
    TypeVar,
    Unpack,
)

from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli import native
from linreg_cli.moments import Accumulator
from linreg_cli.reading.csv import default_threads, find_doubts, merge_groupings, open_table
from linreg_cli.reading.fast_sums import FastSums, SummedPart
from linreg_cli.reading.peek import needs_all, needs_next
from linreg_cli.reading.required_rows import require_rows
from linreg_cli.reading.row_counts import RowCounts, Undefined
from linreg_cli.reading.split_sums import SplitSums

if TYPE_CHECKING:  # what other rows need is imported for them
    from linreg_cli.moments import GroupedMoments, SplitMoments
    from linreg_cli.reading.csv import CsvOptions, Groupings, Rows, Table
    from linreg_cli.reading.peek import Watch
    from linreg_cli.reading.selection import Selection
    from linreg_cli.reading.sources import Source
    from linreg_cli.reading.split_sums import Sums

AnyPart: TypeAlias = "Rows | SummedPart"
D = TypeVar("D", "SplitMoments", "GroupedMoments")
"""Moments by part, or by group."""
Advance = Callable[[int, int], None]
"""A function that takes the numbers of bytes and rows read so far."""


class PassOf(Struct, Generic[D], frozen=True, kw_only=True):
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

    data: D
    row_counts: RowCounts
    numeric_headers: tuple[str, ...] = ()
    groupings: "Groupings" = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    by_source: tuple[D, ...] = ()
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


PassResult: TypeAlias = "PassOf[SplitMoments]"
GroupedPass: TypeAlias = "PassOf[GroupedMoments]"


class HowToRead(TypedDict, total=False):
    """How a pass reads the data.

    Attributes
    ----------
    advance
        Called now and then with the numbers of bytes and rows read so far.
    threads
        The number of reading threads; one for each core if not given.
    watch
        Functions that are called with the rows of each chunk, in order; see `Peek`.
    keeps_apart
        Whether the moments of each source are returned too, with the SHA-256 of its content.

    """

    advance: Required[Advance]
    threads: int | None
    watch: "Watch"
    keeps_apart: bool


def sum_rows(
    sources: "Sequence[Source]",
    selection: "Selection",
    options: "CsvOptions",
    **how: Unpack[HowToRead],
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
    how
        See `HowToRead`.

    Raises
    ------
    DataError
        If something cannot be read, a weight is negative, or no row can be used.

    """
    return _sum(_RowSums(selection, SplitSums), sources, options, **how)


def sum_groups(
    sources: "Sequence[Source]",
    selection: "Selection",
    options: "CsvOptions",
    **how: Unpack[HowToRead],
) -> GroupedPass:
    """Read all rows of all sources once, as `sum_rows` does, and sum them by group."""
    from linreg_cli.reading.group_sums import GroupSums

    return _sum(_RowSums(selection, GroupSums), sources, options, **how)


def _sum(  # noqa: PLR0913  # what a pass over data needs
    sums: "_RowSums[D]",
    sources: "Sequence[Source]",
    options: "CsvOptions",
    *,
    advance: Advance,
    threads: int | None = None,
    watch: "Watch" = (),
    keeps_apart: bool = False,
) -> PassOf[D]:
    numeric_headers = []
    notes: list[str] = []
    by_source: list[D] = []
    consumed = 0
    for source in sources:
        with open_table(source, options, hashes=keeps_apart) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            for part in sums.read(table, threads or default_threads(), watch):
                if not isinstance(part, SummedPart):
                    for see in watch:
                        see(part)
                advance(consumed + table.bytes_read, sums.row_counts.read)
            notes += find_doubts(table, sums.columns, sums.groupings)
            consumed += table.bytes_read
            if keeps_apart:
                by_source.append(replace(sums.take_data(), inputs=frozenset([table.sha256])))
    require_rows(sources, sums.row_counts)
    if not keeps_apart:
        return replace(sums.result(numeric_headers), notes=tuple(notes))
    return PassOf(
        data=reduce(add, by_source),
        row_counts=sums.row_counts,
        numeric_headers=tuple(numeric_headers),
        notes=tuple(notes),
        by_source=tuple(by_source),
    )


def sum_table(table: "Table", selection: "Selection") -> PassOf[Any]:
    """Read the rows of one table in this thread, by group if asked for; there may be none.

    Raises
    ------
    DataError
        If something cannot be read, or a weight is negative.

    """
    empty: Callable[[Selection], Sums[Any]] = SplitSums
    if selection.by:
        from linreg_cli.reading.group_sums import GroupSums

        empty = GroupSums
    sums = _RowSums[Any](selection, empty)
    for _ in sums.read(table, threads=1, is_range=True):
        pass
    return sums.result()


class _Prepared(Struct, frozen=True, kw_only=True):
    """The sums of the used rows of a chunk, and counts of rows."""

    sums: Any
    used: int
    without_key: int = 0
    of_others: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    undefined: Undefined = field(default_factory=Undefined)


class _RowSums(Accumulator[AnyPart, _Prepared], Generic[D]):
    """The moments of rows, as `empty` sums them."""

    def __init__(self, selection: "Selection", empty: "Callable[[Selection], Sums[D]]") -> None:
        self.row_counts = RowCounts()
        self.groupings: Groupings = {}
        self._selection = selection
        self._empty: Callable[[Selection], Sums[D]] = empty
        self._sums: Sums[D] = empty(selection)

    @property
    def columns(self) -> Sequence[str]:
        """The columns that are read."""
        return self._selection.all_columns

    def read(
        self, table: "Table", threads: int, watch: "Watch" = (), *, is_range: bool = False
    ) -> Iterator[AnyPart]:
        """Add all rows of a table, and yield them part by part.

        Parameters
        ----------
        table
            The rows.
        threads
            The number of reading threads.
        watch
            Functions to which the caller gives the parts that are rows.
        is_range
            Whether the table is a range of its file.

        Raises
        ------
        DataError
            If something cannot be read, or a weight is negative.

        """
        columns = self._selection.all_columns
        allowed = len(self._selection.by) if self._selection.keeps_missing else 0
        for part, prepared in self._each(table, threads, watch, is_range=is_range):
            may_refuse = self._selection.weights or prepared.undefined.rows
            if not isinstance(part, SummedPart) and may_refuse:
                self._refuse(part, table.options)
            self.take(prepared)
            self._sums.refuse_too_many(table.source)
            self.row_counts.add(
                read=part.count,
                used=prepared.used,
                rejected=len(part.rejects),
                weightless=part.used
                - prepared.used
                - prepared.unknown.total()
                - prepared.undefined.rows
                - prepared.without_key
                - prepared.of_others,
                ungrouped=prepared.of_others,
                unknown=prepared.unknown,
                undefined=prepared.undefined.rows,
                undefined_cells=prepared.undefined.cells,
                missing=dict(zip(columns[allowed:], part.missing[allowed:], strict=True)),
            )
            self.groupings = merge_groupings(self.groupings, part.groupings_by_source)
            yield part

    def _each(
        self, table: "Table", threads: int, watch: "Watch", *, is_range: bool
    ) -> Iterator[tuple[AnyPart, _Prepared]]:
        selection = self._selection
        keeps = needs_all(watch)
        is_fast = native.IS_AVAILABLE and selection.sums_columns_as_read and not keeps
        if selection.by:  # cells of keys cannot be stripped, as in `scan`
            is_fast = is_fast and not (table.options.strip or selection.sums_fourth)
        refuse = partial(self._refuse, options=table.options)
        if not is_fast:
            yield from table.each(
                selection.all_columns,
                self.prepare,
                threads=threads,
                keeps_records=bool(watch) or selection.refuses(table.options),
                hint=selection.hint,
                texts=len(selection.by) + len(selection.categories),
                keys=len(selection.by),
                keeps_missing=selection.keeps_missing,
                functions=selection.computed.texts,
                uses=selection.uses,
                refuse=refuse,
            )
            return
        layout = table.layout(
            selection.all_columns,
            selection.hint,
            texts=len(selection.by),
            keys=len(selection.by),
            keeps_missing=selection.keeps_missing,
            uses=selection.uses,
            refuse=refuse,
        )
        sums = FastSums.of(
            layout,
            selection.split,
            sums_fourth=selection.sums_fourth,
            is_weighted=bool(selection.weights),
            wants_rows=partial(needs_next, watch),
        )
        if is_range:
            yield from table.each_taken(layout, sums.take, self.prepare, threads=threads)
        else:
            yield from sums.each_part(table, self.prepare, threads)

    def _refuse(self, rows: "Rows", options: "CsvOptions") -> None:
        """Raise an error at a negative weight, or at a number that does not exist but must."""
        self._selection.refuse_negative_weights(rows)
        if options.fail_on_missing and self._selection.computed.terms:
            from linreg_cli.reading.computed_rows import refuse_undefined

            refuse_undefined(rows, self._selection.computed)

    def prepare(self, part: AnyPart) -> _Prepared:
        if isinstance(part, SummedPart):
            return _Prepared(
                sums=self._sums.prepare_summed(part),
                used=part.used - part.without_key - part.weightless,
                without_key=part.without_key,
            )
        from linreg_cli.reading.used_rows import UsedRows

        used = UsedRows.of(part, self._selection)
        return _Prepared(
            sums=self._sums.prepare(used),
            used=len(used),
            unknown=used.unknown,
            undefined=used.undefined,
            without_key=used.without_key,
            of_others=used.of_others,
        )

    def take(self, prepared: _Prepared) -> None:
        self._sums.take(prepared.sums)

    def take_data(self) -> D:
        """Return the moments of the rows since the start or the last call."""
        data = self._sums.data()
        self._sums = self._empty(self._selection)
        return data

    def result(self, numeric_headers: Iterable[str] = ()) -> PassOf[D]:
        """Return what was found so far."""
        return PassOf(
            data=self._sums.data(),
            row_counts=self.row_counts,
            groupings=self.groupings,
            numeric_headers=tuple(numeric_headers),
        )
