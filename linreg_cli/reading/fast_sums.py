"""Sums of the rows of a table by the extension: it reads records and adds their products.

It leaves records of which it is not sure: see `linreg_cli/native/summed_records.hpp`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from linreg_cli import native
from linreg_cli.moments import SummedRows
from linreg_cli.reading.csv import (
    RANGE_BYTES,
    CountedPart,
    Grouping,
    each_in_passes,
    scanner_arguments,
)

if TYPE_CHECKING:
    from linreg_cli.exact import Int64s
    from linreg_cli.moments import GroupedSums, PreparedMoments, Split
    from linreg_cli.native._extension import FileSums, SummedRecords, Summer
    from linreg_cli.reading.csv import Layout, Reject, Rows, Table

T = TypeVar("T")


class SummedPart(CountedPart, frozen=True, kw_only=True):
    """Records that the extension has read and summed.

    Attributes
    ----------
    sums
        The moments of the complete rows of each part of the split, where there is no key.
    groups
        The sums of the rows that have a key, by key and part.
    weightless
        The number of complete rows with a weight of 0, which are left out.
    rejects
        None: the general reader sets records aside.

    """

    sums: "Sequence[PreparedMoments]"
    groups: "tuple[GroupedSums, ...]" = ()
    weightless: int = 0
    rejects: "tuple[Reject, ...]" = ()


class FastSums(Struct, frozen=True, kw_only=True):
    """The wanted columns of a file, the first of which may be a key, or the last weights.

    Attributes
    ----------
    layout
        The columns.
    parts
        The number of parts of the split.
    is_weighted
        Whether the last column are weights.
    summer
        Reads and sums.
    wants_rows
        Returns whether the next records are to be read as rows, and not summed here.

    """

    layout: "Layout"
    parts: int
    is_weighted: bool
    summer: "Summer"
    wants_rows: Callable[[], bool]

    @classmethod
    def of(
        cls,
        layout: "Layout",
        split: "Split",
        *,
        sums_fourth: bool,
        is_weighted: bool,
        wants_rows: Callable[[], bool],
    ) -> "FastSums":
        """Return what sums the columns of a layout, where a compiler built the extension."""
        factors, bounds = _of_split(split, len(layout.names) - layout.keys)
        summer = native.extension.Summer(
            *scanner_arguments(layout),
            layout.keys,
            not layout.options.fail_on_missing,
            layout.keeps_missing,
            sums_fourth,
            is_weighted,
            factors,
            bounds,
        )
        return cls(
            layout=layout,
            parts=split.parts,
            is_weighted=is_weighted,
            summer=summer,
            wants_rows=wants_rows,
        )

    def each_part(
        self, table: "Table", work: "Callable[[Rows | SummedPart], T]", threads: int
    ) -> "Iterator[tuple[Rows | SummedPart, T]]":
        """Yield each part of a table with the result of the work on it.

        See `each_in_passes`, which raises the errors.
        """
        return each_in_passes(table, self, work, threads, RANGE_BYTES)

    def take(self, data: bytes) -> tuple[SummedPart, int] | None:
        """Return the part of whole records, and the count of their lines; None if it is unsure."""
        found = None if self.wants_rows() else self.summer.sum(data)
        return None if found is None else self.part_of(found)

    def read_file(self, descriptor: int, start: int, end: int, threads: int) -> "FileSums":
        """Start to read a file from an offset on, at which a record begins, up to near its end."""
        end = start if self.wants_rows() else end
        return self.summer.sum_file(descriptor, start, end, RANGE_BYTES, threads)

    def part_of(self, found: "SummedRecords") -> tuple[SummedPart, int]:
        """Return the part of what was found, and the count of its lines."""
        counts, found_sums, tables = found
        records, lines, used, without_key, weightless, missing, groupings = counts
        sums: list[PreparedMoments] = [[] for _ in range(self.parts)]
        for each in found_sums:
            sums[each[0]].append(SummedRows(*each[1:]))
        part = SummedPart(
            source=self.layout.source,
            count=records,
            used=used + without_key + weightless,
            missing=missing,
            groupings=tuple(map(Grouping, groupings)) if self.layout.asks_grouping else (),
            without_key=without_key,
            weightless=weightless,
            sums=sums,
        )
        if tables:
            from linreg_cli.reading.fast_groups import with_groups

            part = with_groups(part, tables, self.layout, self.parts, is_weighted=self.is_weighted)
        return part, lines


def _of_split(split: "Split", columns: int) -> "tuple[Int64s, Int64s] | tuple[bytes, bytes]":
    """Return the factors of the columns in hashes of rows, and the bounds of the parts."""
    if split.parts == 1:
        return b"", b""
    from linreg_cli.moments import factors_of

    return factors_of(split.seed, columns), split.bounds()
