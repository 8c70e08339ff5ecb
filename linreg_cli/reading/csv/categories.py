"""Columns of categories: every cell that is not missing is a level, whatever it looks like."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from linreg_cli.design import Codes, canonical
from linreg_cli.exact import Flags, Int64s
from linreg_cli.reading.csv.cell_numbers import is_missing
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.grouping import Grouping
from linreg_cli.reading.csv.numbers import BadCell


class Categories(Struct, frozen=True):
    """A column of categories.

    Attributes
    ----------
    codes
        The code of the level of each row; -1 where the cell is missing.
    levels
        The levels.

    """

    codes: Int64s
    levels: tuple[str, ...]

    bad: tuple[BadCell, ...] = ()
    """No cell is bad."""

    def grouping(self, rows: Flags) -> Grouping:  # noqa: ARG002 - as of numbers
        """Return that no cell is a number with groups of digits."""
        return Grouping.WHOLE

    @property
    def missing(self) -> Flags:
        """Which rows have a missing cell."""
        flags: Flags = self.codes < 0
        return flags

    def of_rows(self, rows: Flags | slice) -> Codes:
        """Return the levels of some rows; only a column of a key has missing cells there."""
        return Codes(codes=self.codes[rows], levels=self.levels)


def read_categories(
    cells: Sequence[str] | npt.NDArray[np.object_], options: CsvOptions
) -> Categories:
    """Read a column of cells."""
    found: dict[str, int] = {}
    codes = np.fromiter(
        (found.setdefault(cell, len(found)) for cell in cells), np.int64, len(cells)
    )
    return with_texts(codes, found, options)


def with_texts(codes: Int64s, texts: Iterable[str], options: CsvOptions) -> Categories:
    """Return the column whose codes stand for the texts of cells.

    Texts that differ only in the blanks around them, or in how Unicode composes their letters, are
    one level.
    """
    levels: dict[str, int] = {}
    level_of = [
        -1 if is_missing(text, options) else levels.setdefault(canonical(text), len(levels))
        for text in texts
    ]
    if level_of == list(range(len(levels))):
        return Categories(codes, tuple(levels))
    found = np.array([*level_of, -1], np.int64)  # of the code -1 too
    return Categories(found[codes], tuple(levels))
