"""Sums of the rows of a table by group, by the extension: see `fast_sums`.

The extension numbers keys by the texts of their cells. Here texts that are one key come together.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

import numpy as np
from msgspec import Struct

from linreg_cli import native
from linreg_cli.design import Key, canonical
from linreg_cli.exact import Flags
from linreg_cli.moments import GroupedSums, sums_of
from linreg_cli.reading.csv import (
    RANGE_BYTES,
    CountedPart,
    Grouping,
    Layout,
    Reject,
    Rows,
    Table,
    each_in_passes,
    is_missing,
    scanner_arguments,
)

if TYPE_CHECKING:
    from linreg_cli.native._extension import Counts, FileGroups, GroupSummer, GroupTable

T = TypeVar("T")
Found: TypeAlias = "tuple[Counts, list[GroupTable]]"
_SEPARATOR = "\0"
_MISSING = "-"
"""How the extension writes a missing cell of a key; before every other text is a plus."""


class GroupedPart(CountedPart, frozen=True, kw_only=True):
    """Records that the extension has read and summed by group.

    Attributes
    ----------
    sums
        The sums of the rows that have a key.
    rejects
        None: the general reader sets records aside.

    """

    sums: tuple[GroupedSums, ...]
    rejects: tuple[Reject, ...] = ()


class FastGroups(Struct, frozen=True, kw_only=True):
    """The wanted columns of a file, the first of which are the key, for the extension.

    Attributes
    ----------
    layout
        The columns.
    summer
        Reads and sums.

    """

    layout: Layout
    summer: "GroupSummer"

    @classmethod
    def of(cls, layout: Layout) -> Self:
        """Return what sums the columns of a layout, where a compiler built the extension."""
        allows_missing = not layout.options.fail_on_missing
        summer = native.extension.GroupSummer(
            *scanner_arguments(layout), layout.keys, allows_missing, layout.keeps_missing
        )
        return cls(layout=layout, summer=summer)

    def each_part(
        self, table: Table, work: Callable[[Rows | GroupedPart], T], threads: int
    ) -> Iterator[tuple[Rows | GroupedPart, T]]:
        """Yield each part of a table with the result of the work on it.

        See `each_in_passes`, which raises the errors.
        """
        return each_in_passes(table, self, work, threads, RANGE_BYTES)

    def take(self, data: bytes) -> tuple[GroupedPart, int] | None:
        """Return the part of whole records, and the count of their lines; None if it is unsure."""
        found = self.summer.sum(data)
        return None if found is None else self.part_of(found)

    def read_file(self, descriptor: int, start: int, end: int, threads: int) -> "_FileParts":
        """Start to read a file from an offset on, at which a record begins, up to near its end."""
        return _FileParts(self.summer.sum_file(descriptor, start, end, RANGE_BYTES, threads))

    def part_of(self, found: Found) -> tuple[GroupedPart, int]:
        """Return the part of what was found, and the count of its lines."""
        (records, lines, used, without_key, missing, groupings), tables = found
        lost, lost_cells = 0, np.zeros(len(self.layout.names), np.int64)
        sums = []
        for decimals, texts, rows, limbs, least, most in tables:
            keys = [self._key_of(text) for text in texts]
            labels = [(key, 0) for key in keys]
            table = sums_of(decimals, labels, (rows, limbs, least, most))
            if not self.layout.keeps_missing and any(None in key for key in keys):
                is_missing_in = np.array([[value is None for value in key] for key in keys])
                has_key: Flags = np.array([None not in key for key in keys], np.bool_)
                lost += int(table.rows[~has_key].sum())
                lost_cells[: self.layout.keys] += table.rows @ is_missing_in
                table = table.of_groups(has_key)
            sums.append(table)
        part = GroupedPart(
            source=self.layout.source,
            count=records,
            used=used + without_key,
            missing=(
                *(lost_cells + missing[: len(lost_cells)]).tolist(),
                *missing[len(lost_cells) :],
            ),
            groupings=tuple(map(Grouping, groupings)) if self.layout.asks_grouping else (),
            without_key=without_key + lost,
            sums=tuple(sums),
        )
        return part, lines

    def _key_of(self, text: str) -> Key:
        """Return the key that the extension wrote; it does not know all blanks, such as NBSP."""
        cells = (None if part == _MISSING else part[1:] for part in text.split(_SEPARATOR))
        return tuple(
            None if cell is None or is_missing(cell, self.layout.options) else canonical(cell)
            for cell in cells
        )


class _FileParts:
    """What the extension finds in a file: the counts as they come, and the sums at the end."""

    def __init__(self, groups: "FileGroups") -> None:
        self._groups = groups
        self._has_ended = False
        self._columns = 0

    @property
    def offset(self) -> int:
        """Where the records begin that were not read."""
        return self._groups.offset

    def __iter__(self) -> Iterator[Found]:
        """Return the iterator itself."""
        return self

    def __next__(self) -> Found:
        """Return what is found in the next records."""
        counts = next(self._groups, None)
        if counts is not None:
            self._columns = len(counts[-1])
            return counts, []
        if self._has_ended or not self._columns:
            raise StopIteration
        self._has_ended = True
        none = (0,) * self._columns
        return (0, 0, 0, 0, none, none), self._groups.tables()
