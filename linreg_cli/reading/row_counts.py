"""Row counts: how many rows were read, used and left out, and why."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

from msgspec import Struct, field

from linreg_cli.errors import count_of

_MOST_NAMED, _MOST_KEPT = 3, 4
"""How many unknown levels are named, and how many are kept: one more, to know that there are."""


class RowCounts(Struct):
    """Counts of rows: those used, incomplete, rejected, of weight 0, and others left out.

    They add up to the rows read.

    Attributes
    ----------
    read
        Rows read.
    used
        Rows without a missing cell and with a weight above 0.
    rejected
        Rows that cannot be read and were left out.
    weightless
        Rows that were left out because their weight is 0.
    unknown
        Rows of a level that is not known.
    unknown_levels
        The number of rows of each of the first levels that are not known, as ``city 'Galt'``.
    missing
        The count of missing cells by column; a row with two missing cells counts in both.
    undefined
        Rows without a missing cell that lack a number which cannot be computed.
    undefined_cells
        How many such numbers there are by column, such as ``log(lot)``.
    ungrouped
        Rows of other groups, or of a group without a model.

    """

    read: int = 0
    used: int = 0
    rejected: int = 0
    weightless: int = 0
    unknown: int = 0
    unknown_levels: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    undefined: int = 0
    undefined_cells: Counter[str] = field(default_factory=Counter)
    ungrouped: int = 0

    def add(  # noqa: PLR0913  # what a row can be
        self,
        *,
        read: int,
        used: int,
        rejected: int,
        missing: Mapping[str, int],
        weightless: int = 0,
        unknown: Mapping[str, int] = MappingProxyType({}),
        undefined: int = 0,
        undefined_cells: Mapping[str, int] = MappingProxyType({}),
        ungrouped: int = 0,
    ) -> None:
        """Add the counts of further rows."""
        self.ungrouped += ungrouped
        self.undefined += undefined
        self.undefined_cells.update(undefined_cells)
        self.unknown += sum(unknown.values())
        for level, count in unknown.items():
            if level in self.unknown_levels or len(self.unknown_levels) < _MOST_KEPT:
                self.unknown_levels[level] += count
        self.read += read
        self.used += used
        self.rejected += rejected
        self.weightless += weightless
        self.missing.update(missing)

    def __add__(self, other: Self) -> Self:
        """Return the counts of both sets of rows together."""
        both = type(self)()
        for row_counts in (self, other):
            both.add(
                read=row_counts.read,
                used=row_counts.used,
                rejected=row_counts.rejected,
                weightless=row_counts.weightless,
                missing=row_counts.missing,
                unknown=row_counts.unknown_levels,
                undefined=row_counts.undefined,
                undefined_cells=row_counts.undefined_cells,
                ungrouped=row_counts.ungrouped,
            )
            both.unknown += row_counts.unknown - row_counts.unknown_levels.total()
        return both

    @property
    def incomplete(self) -> int:
        """The number of rows with a missing cell."""
        others = (self.used, self.rejected, self.weightless, self.unknown, self.undefined)
        return self.read - sum(others) - self.ungrouped

    @property
    def missing_cells(self) -> str:
        """The count of missing cells by column, as text."""
        return _counts(self.missing)

    @property
    def undefined_counts(self) -> str:
        """The count of numbers that cannot be computed by column, as text."""
        return _counts(self.undefined_cells)

    @property
    def first_unknown(self) -> str:
        """The first levels that are not known, as text."""
        first = list(self.unknown_levels)[:_MOST_NAMED]
        return ", ".join([*first, *(["..."] if len(self.unknown_levels) > _MOST_NAMED else [])])

    def __str__(self) -> str:
        """Return the counts in one line."""
        parts = [f"{count_of(self.read, 'row')} read", f"{self.used:,} used"]
        if self.incomplete:
            parts.append(f"{self.incomplete:,} left out (missing cells: {self.missing_cells})")
        if self.undefined:
            parts.append(
                f"{self.undefined:,} left out (values that do not exist: {self.undefined_counts})"
            )
        if self.rejected:
            parts.append(f"{self.rejected:,} rejected")
        if self.weightless:
            parts.append(f"{self.weightless:,} of weight 0")
        if self.unknown:
            parts.append(f"{self.unknown:,} of a level unknown to the model ({self.first_unknown})")
        if self.ungrouped:
            parts.append(f"{self.ungrouped:,} of other groups")
        return ", ".join(parts)


class Undefined(Struct, frozen=True):
    """Numbers that cannot be computed, such as the logarithm of 0.

    Attributes
    ----------
    cells
        How many there are, by column.
    rows
        The number of rows that have one.

    """

    cells: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0

    def with_rows(self, column: str, count: int) -> Self:
        """Return the counts with further rows, which lack a number of a column."""
        if not count:
            return self
        cells = {**self.cells, column: self.cells.get(column, 0) + count}
        return type(self)(cells, self.rows + count)


def _counts(counts: Mapping[str, int]) -> str:
    """Return counts by name as text."""
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
