"""The description of one column."""

from dataclasses import dataclass
from typing import Literal

from linreg_cli.exact import ExactDecimal
from linreg_cli.reading.column_numbers import Median
from linreg_cli.reading.csv import BadExample
from linreg_cli.reading.histogram import Histogram


@dataclass(frozen=True, kw_only=True)
class ColumnDescription:
    """The figures of one column.

    Attributes
    ----------
    name
        The name of the column.
    numbers, missing, not_numbers
        The count of cells that are numbers, that are missing, and that are neither.
    example
        The first cell that is neither a number nor missing.
    smallest, largest, mean, standard_deviation, median
        Figures of the numbers; None if there are none. The standard deviation takes two numbers.
    distinct_texts
        The count of distinct texts among the cells that are neither, up to `MAX_DISTINCT`.
    has_more_texts
        Whether there are more distinct texts.
    correlation
        Pearson's correlation with the target over the pairs; None if one of the two is constant.
    pairs
        The number of rows in which both this column and the target are numbers.
    histogram
        The histogram of the numbers.

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
        """The kind of the cells that are not missing."""
        if self.numbers:
            return "mixed" if self.not_numbers else "numeric"
        return "text" if self.not_numbers else "empty"
