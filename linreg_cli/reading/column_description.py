"""The description of one column."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from linreg_cli.exact import ExactDecimal
from linreg_cli.reading.column_numbers import Median
from linreg_cli.reading.csv import BadExample
from linreg_cli.reading.histogram import Histogram
from linreg_cli.reading.levels import Level
from linreg_cli.reading.likely_markers import LikelyMarker

Kind: TypeAlias = Literal["number", "date", "boolean", "category", "text", "mixed", "empty"]


class ColumnDescription(Struct, frozen=True, kw_only=True):
    """The figures of one column.

    Attributes
    ----------
    name
        The name of the column; empty if it has none.
    is_row_names
        Whether it holds the names of the rows.
    kind
        What its cells are that are not missing.
    numbers, missing, not_numbers
        The count of cells that are numbers, that are missing, and that are neither.
    example
        The first cell that is neither a number nor missing.
    smallest, largest, mean, standard_deviation, median
        Figures of the numbers; None if there are none. The standard deviation takes two numbers.
    distinct_texts
        The count of distinct texts among the cells that are neither, up to `MAX_LEVELS`.
    has_more_texts
        Whether there are more distinct texts.
    levels
        The most frequent of these texts, if there are not more.
    likely_marker
        A number that may stand for a missing value, if there is one.
    correlation
        Pearson's correlation with the target over the pairs; None if one of the two is constant.
    pairs
        The number of rows in which both this column and the target are numbers.
    histogram
        The histogram of the numbers.

    """

    name: str
    is_row_names: bool
    kind: Kind
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
    levels: Sequence[Level]
    likely_marker: LikelyMarker | None
    correlation: float | None
    pairs: int | None
    histogram: Histogram

    @property
    def label(self) -> str:
        """The name as it is shown to a person, which is never empty."""
        return self.name or ("(row names)" if self.is_row_names else "(no name)")

    @property
    def varies(self) -> bool:
        """Whether it has two different cells that are not missing."""
        return self.smallest != self.largest or self.distinct_texts + bool(self.numbers) > 1
