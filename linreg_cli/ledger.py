"""The ledger: what became of every row that was read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Counts of rows: used and left out add up to read.

    Attributes
    ----------
    read
        Rows read.
    used
        Rows whose wanted cells are all there.
    missing
        Missing cells by column; a row that misses two counts in both.

    """

    read: int = 0
    used: int = 0
    missing: Counter[str] = field(default_factory=Counter)

    def add(self, *, read: int, used: int, missing: Mapping[str, int]) -> None:
        """Account for some more rows."""
        self.read += read
        self.used += used
        self.missing.update(missing)

    @property
    def left_out(self) -> int:
        """Rows left out because a cell is missing."""
        return self.read - self.used

    @property
    def missing_cells(self) -> str:
        """The missing cells by column, in words."""
        return ", ".join(f"{name} {count:,}" for name, count in self.missing.items() if count)

    def __str__(self) -> str:
        """Say it in one line."""
        text = f"{self.read:,} rows read, {self.used:,} used"
        if self.left_out:
            text += f", {self.left_out:,} left out (missing cells: {self.missing_cells})"
        return text
