"""Sums of the rows of a table by the extension: it reads records and adds their products.

It leaves records of which it is not sure: see `linreg_cli/native/summed_records.hpp`.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from linreg_cli import native
from linreg_cli.moments import PreparedMoments, SummedRows
from linreg_cli.reading.csv import (
    RANGE_BYTES,
    CountedPart,
    Grouping,
    Layout,
    Reject,
    Rows,
    Table,
    each_in_passes,
    scanner_arguments,
)

if TYPE_CHECKING:
    from linreg_cli.moments import GroupedSums
    from linreg_cli.native._extension import FileSums, SummedRecords, Summer

T = TypeVar("T")


class SummedPart(CountedPart, frozen=True, kw_only=True):
    """Records that the extension has read and summed.

    Attributes
    ----------
    sums
        The moments of the complete rows, where there is no key.
    groups
        The sums of the rows that have a key.
    weightless
        The number of complete rows with a weight of 0, which are left out.
    rejects
        None: the general reader sets records aside.

    """

    sums: PreparedMoments
    groups: "tuple[GroupedSums, ...]" = ()
    weightless: int = 0
    rejects: tuple[Reject, ...] = ()


class FastSums(Struct, frozen=True, kw_only=True):
    """The wanted columns of a file, the first of which may be a key, or the last weights.

    Attributes
    ----------
    layout
        The columns.
    summer
        Reads and sums.

    """

    layout: Layout
    summer: "Summer"

    @classmethod
    def of(cls, layout: Layout, *, sums_fourth: bool, is_weighted: bool) -> "FastSums":
        """Return what sums the columns of a layout, where a compiler built the extension."""
        summer = native.extension.Summer(
            *scanner_arguments(layout),
            layout.keys,
            not layout.options.fail_on_missing,
            layout.keeps_missing,
            sums_fourth,
            is_weighted,
        )
        return cls(layout=layout, summer=summer)

    def each_part(
        self, table: Table, work: Callable[[Rows | SummedPart], T], threads: int
    ) -> Iterator[tuple[Rows | SummedPart, T]]:
        """Yield each part of a table with the result of the work on it.

        See `each_in_passes`, which raises the errors.
        """
        return each_in_passes(table, self, work, threads, RANGE_BYTES)

    def take(self, data: bytes) -> tuple[SummedPart, int] | None:
        """Return the part of whole records, and the count of their lines; None if it is unsure."""
        found = self.summer.sum(data)
        return None if found is None else self.part_of(found)

    def read_file(self, descriptor: int, start: int, end: int, threads: int) -> "FileSums":
        """Start to read a file from an offset on, at which a record begins, up to near its end."""
        return self.summer.sum_file(descriptor, start, end, RANGE_BYTES, threads)

    def part_of(self, found: "SummedRecords") -> tuple[SummedPart, int]:
        """Return the part of what was found, and the count of its lines."""
        counts, sums, tables = found
        records, lines, used, without_key, weightless, missing, groupings = counts
        part = SummedPart(
            source=self.layout.source,
            count=records,
            used=used + without_key + weightless,
            missing=missing,
            groupings=tuple(map(Grouping, groupings)) if self.layout.asks_grouping else (),
            without_key=without_key,
            weightless=weightless,
            sums=[SummedRows(*each) for each in sums],
        )
        if tables:
            from linreg_cli.reading.fast_groups import with_groups

            part = with_groups(part, tables, self.layout)
        return part, lines
