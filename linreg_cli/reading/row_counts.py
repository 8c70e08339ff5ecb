"""Row counts: how many rows were read, used and left out, and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from linreg_cli.errors import count_of


@dataclass
class RowCounts:
    """Counts of rows: those used, incomplete, rejected and of weight 0 add up to those read.

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
    missing
        The count of missing cells by column; a row with two missing cells counts in both.

    """

    read: int = 0
    used: int = 0
    rejected: int = 0
    weightless: int = 0
    missing: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        *,
        read: int,
        used: int,
        rejected: int,
        missing: Mapping[str, int],
        weightless: int = 0,
    ) -> None:
        """Add the counts of further rows."""
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
            )
        return both

    @property
    def incomplete(self) -> int:
        """The number of rows with a missing cell."""
        return self.read - self.used - self.rejected - self.weightless

    @property
    def missing_cells(self) -> str:
        """The count of missing cells by column, as text."""
        return ", ".join(f"{name} {count:,}" for name, count in self.missing.items() if count)

    def __str__(self) -> str:
        """Return the counts in one line."""
        parts = [f"{count_of(self.read, 'row')} read", f"{self.used:,} used"]
        if self.incomplete:
            parts.append(f"{self.incomplete:,} left out (missing cells: {self.missing_cells})")
        if self.rejected:
            parts.append(f"{self.rejected:,} rejected")
        if self.weightless:
            parts.append(f"{self.weightless:,} of weight 0")
        return ", ".join(parts)
