"""The ledger: what became of every row that was read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from linreg_cli.errors import count_of


@dataclass
class RowCounts:
    """Counts of rows; used, incomplete, rejected and weightless ones add up to read.

    Attributes
    ----------
    read
        Rows read.
    used
        Rows whose wanted cells are all there.
    rejected
        Rows that cannot be read and were set aside.
    weightless
        Rows left out because their weight is 0.
    missing
        Missing cells by column; a row that misses two counts in both.

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
        """Account for some more rows."""
        self.read += read
        self.used += used
        self.rejected += rejected
        self.weightless += weightless
        self.missing.update(missing)

    def __add__(self, other: Self) -> Self:
        """Join the accounts of two sets of rows."""
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
        """Rows with a missing cell."""
        return self.read - self.used - self.rejected - self.weightless

    @property
    def missing_cells(self) -> str:
        """The missing cells by column, in words."""
        return ", ".join(f"{name} {count:,}" for name, count in self.missing.items() if count)

    def __str__(self) -> str:
        """Say it in one line, whose counts add up."""
        parts = [f"{count_of(self.read, 'row')} read", f"{self.used:,} used"]
        if self.incomplete:
            parts.append(f"{self.incomplete:,} left out (missing cells: {self.missing_cells})")
        if self.rejected:
            parts.append(f"{self.rejected:,} rejected")
        if self.weightless:
            parts.append(f"{self.weightless:,} of weight 0")
        return ", ".join(parts)
