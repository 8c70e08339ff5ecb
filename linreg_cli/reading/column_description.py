"""What is in one column of the data."""

from dataclasses import dataclass
from typing import Literal

from linreg_cli.exact import ExactDecimal
from linreg_cli.reading.column_numbers import Median
from linreg_cli.reading.csv import BadExample
from linreg_cli.reading.histogram import Histogram


@dataclass(frozen=True, kw_only=True)
class ColumnDescription:
    """One column.

    Attributes
    ----------
    name
        What it is called.
    numbers, missing, not_numbers
        How many cells are numbers, are missing and are neither.
    example
        The first cell that is neither.
    smallest, largest, mean, standard_deviation, median
        Of the numbers; None if there are none (or, for the standard deviation, but one).
    distinct_texts
        How many of the cells that are neither differ, up to `MAX_DISTINCT`.
    has_more_texts
        Whether there are more.
    correlation
        Pearson's, with the target, over the pairs; None if one of the two is constant there.
    pairs
        In how many rows both this column and the target are numbers.
    histogram
        Of the numbers.

    """

    name: str
    numbers: int
    missing: int
    not_numbers: int
    example: BadExample | None
    smallest: ExactDecimal | None
    largest: ExactDecimal | None
    mean: float | None
    standard_deviation: float | None
    median: Median | None
    distinct_texts: int
    has_more_texts: bool
    correlation: float | None
    pairs: int | None
    histogram: Histogram

    @property
    def kind(self) -> Literal["numeric", "text", "mixed", "empty"]:
        """What its cells are, missing ones apart."""
        if self.numbers:
            return "mixed" if self.not_numbers else "numeric"
        return "text" if self.not_numbers else "empty"
