"""From files to sums: one pass over all rows, and the ledger of what became of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Self

import numpy as np

from linreg_cli.errors import DataError, NoRowsError
from linreg_cli.exact import Block, shortest
from linreg_cli.moments import ONE_PART, PreparedMoments, Split, SplitMoments, Summation
from linreg_cli.reading.csv import CsvOptions, Rows, Table, default_threads, open_table
from linreg_cli.reading.row_counts import RowCounts
from linreg_cli.reading.sources import Source

Advance = Callable[[int, int], None]
"""Takes the bytes and rows read so far."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is wanted of the files.

    Attributes
    ----------
    columns
        The features and, last, the target.
    weights
        The column of weights; empty for none.
    split
        How rows are dealt out.
    hint
        The remedy for a column that is not there.

    """

    columns: tuple[str, ...]
    weights: str = ""
    split: Split = ONE_PART
    hint: str = ""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns to read, the weights last."""
        return (*self.columns, self.weights) if self.weights else self.columns


@dataclass(frozen=True, kw_only=True)
class PassResult:
    """What one pass over the data, or over a part of it, found.

    Attributes
    ----------
    data
        The exact sums of the rows that are used.
    row_counts
        What became of every row.
    numeric_headers
        Sources whose first row holds nothing but numbers and was yet taken for a header.
    parts
        The sums of each source, with the SHA-256 of its content, where they were kept apart.

    """

    data: SplitMoments
    row_counts: RowCounts
    numeric_headers: tuple[str, ...] = ()
    parts: tuple[SplitMoments, ...] = ()

    def __add__(self, other: Self) -> Self:
        """Join what was found in two parts of the data, in their order."""
        return type(self)(
            data=self.data + other.data,
            row_counts=self.row_counts + other.row_counts,
            numeric_headers=self.numeric_headers + other.numeric_headers,
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
        Where the rows are; columns are found by name in each.
    selection
        Which columns, and how rows are dealt out.
    options
        How the files are written.
    advance
        Told how far the reading is, now and then.
    threads
        How many to read with; one for each core if not given.
    watch
        Each is given what was read, chunk by chunk.
    keeps_apart
        Whether the sums of each source are kept apart, with the SHA-256 of its content.

    Raises
    ------
    DataError
        If something cannot be read, a weight is negative, or no row is left to use.

    """
    adding = _Adding(selection)
    numeric_headers = []
    parts = []
    consumed = 0
    for source in sources:
        with open_table(source, options, hashes=keeps_apart) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            for rows in adding.read(table, threads or default_threads(), keeps=bool(watch)):
                for see in watch:
                    see(rows)
                advance(consumed + table.bytes_read, adding.row_counts.read)
            consumed += table.bytes_read
            if keeps_apart:
                parts.append(replace(adding.take_data(), inputs=frozenset([table.sha256])))
    require_rows(sources, adding.row_counts)
    if not keeps_apart:
        return adding.result(numeric_headers)
    return PassResult(
        data=reduce(add, parts),
        row_counts=adding.row_counts,
        numeric_headers=tuple(numeric_headers),
        parts=tuple(parts),
    )


def sum_table(table: Table, selection: Selection) -> PassResult:
    """Read the rows of one table with this thread; there may be none.

    Raises
    ------
    DataError
        If something cannot be read, or a weight is negative.

    """
    adding = _Adding(selection)
    for _ in adding.read(table, threads=1):
        pass
    return adding.result()


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """Moments of some rows by part, how many rows they are of, and the first negative weight."""

    parts: list[PreparedMoments]
    used: int
    negative: int | None


class _Adding:
    """Adds rows to the sums of their parts: `prepare` on any thread, `take` on one."""

    def __init__(self, selection: Selection) -> None:
        self.row_counts = RowCounts()
        self._selection = selection
        self._summations = self._empty()

    def read(self, table: Table, threads: int, *, keeps: bool = False) -> Iterator[Rows]:
        """Add all rows of a table; give them chunk by chunk, where each lies if that is kept."""
        columns = self._selection.all_columns
        for rows, prepared in table.each(
            columns,
            self.prepare,
            threads=threads,
            keeps_records=keeps or bool(self._selection.weights),
            hint=self._selection.hint,
        ):
            self.take(prepared, rows)
            self.row_counts.add(
                read=rows.count,
                used=prepared.used,
                rejected=len(rows.rejects),
                weightless=len(rows.block.values) - prepared.used,
                missing=dict(zip(columns, rows.missing, strict=True)),
            )
            yield rows

    def prepare(self, rows: Rows) -> _Prepared:
        block, negative = rows.block, None
        if self._selection.weights:
            weights = block.values[:, -1]
            negative = next(iter(np.flatnonzero(weights < 0).tolist()), None)
            block = block.rows(weights > 0)
        parts = [
            summation.prepare(*_columns_and_weights(part, self._selection))
            for summation, part in zip(
                self._summations, self._selection.split.blocks(block), strict=True
            )
        ]
        return _Prepared(parts=parts, used=len(block.values), negative=negative)

    def take(self, prepared: _Prepared, rows: Rows) -> None:
        if prepared.negative is not None:
            weight = rows.block.values[prepared.negative, -1]
            raise DataError(
                f"the weight {shortest(int(weight), rows.block.decimals[-1])} is negative",
                source=rows.source,
                line=int(rows.complete_lines[prepared.negative]),
                column=self._selection.weights,
                hint="Give weights of at least 0; a weight of 0 leaves the row out.",
            )
        for summation, part in zip(self._summations, prepared.parts, strict=True):
            summation.take(part)

    def take_data(self) -> SplitMoments:
        """Give the sums of the rows since the start or the last call."""
        data = self._data()
        self._summations = self._empty()
        return data

    def _empty(self) -> list[Summation]:
        selection = self._selection
        return [
            Summation(selection.columns, selection.weights) for _ in range(selection.split.parts)
        ]

    def result(self, numeric_headers: Iterable[str] = ()) -> PassResult:
        """Give what was found so far."""
        return PassResult(
            data=self._data(), row_counts=self.row_counts, numeric_headers=tuple(numeric_headers)
        )

    def _data(self) -> SplitMoments:
        parts = [summation.total() for summation in self._summations]
        test = None if self._selection.split.first_fraction is None else parts.pop(0)
        whole = parts[0]
        for part in parts[1:]:
            whole += part
        return SplitMoments(moments=whole, test=test, folds=tuple(parts) if len(parts) > 1 else ())


def _columns_and_weights(block: Block, selection: Selection) -> tuple[Block, Block | None]:
    if not selection.weights:
        return block, None
    return block.columns(slice(-1)), block.columns(slice(-1, None))


def require_rows(sources: Sequence[Source], row_counts: RowCounts) -> None:
    """Raise an error if there is no row, or none to use."""
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
