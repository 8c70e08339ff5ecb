"""Reading with the options that the notes of `linreg columns` propose, to see what they help."""

from collections.abc import Callable

import numpy as np

from linreg_cli.errors import DataError
from linreg_cli.reading.csv import Cells, CsvOptions, Remedy, count_readable, reread

_MOST_STEPS = 20
"""How many options are added because of one chunk."""


class Trial:
    """Reads chunks once more with options that make numbers of further cells.

    An option is added where the first cell of a column that is not a number would be read with
    it, and at least half of the first cells of the column too. It stays for all chunks after
    that. Rows before it hold no cell that it changes, or it is not added.

    Attributes
    ----------
    options
        The options in use.
    left
        The count of cells of each column that are neither numbers nor missing with the options.
    missing
        The count of missing cells of each column with the options.

    """

    def __init__(self, given: CsvOptions, columns: int) -> None:
        self.options = given
        self.left = [0] * columns
        self.missing = [0] * columns
        self._given = given
        self._has_candidate = [False] * columns
        self._has_point = False

    def take(self, cells: Cells, in_order: Callable[[Cells], Cells]) -> None:
        """Count the cells of a chunk.

        Parameters
        ----------
        cells
            As they were read with the options that the user gave, in the order of the file.
        in_order
            Brings the columns into the order of the first source.

        """
        read = given = in_order(cells)
        for j, column in enumerate(given.columns):
            self._has_candidate[j] |= column.bad_count > 0
        if self._is_useful and self.options != self._given:
            read = self._read(cells, in_order, self.options) or given
        for _ in range(_MOST_STEPS):
            better = self._extended(read, cells, in_order)
            if better is None:
                break
            self.options, read = better
        for j, column in enumerate(read.columns):
            self.left[j] += column.bad_count
            self.missing[j] += int(np.count_nonzero(column.missing))
        self._has_point = self._has_point or self._given.decimal.encode() in cells.chunk.data

    def is_helped(self, j: int) -> bool:
        """Return whether the options make numbers or missing cells of all cells that are others."""
        return self._has_candidate[j] and not self.left[j]

    @property
    def _is_useful(self) -> bool:
        """Whether a column may still become one of numbers."""
        return any(
            is_candidate and not left
            for is_candidate, left in zip(self._has_candidate, self.left, strict=True)
        )

    def _extended(
        self, read: Cells, cells: Cells, in_order: Callable[[Cells], Cells]
    ) -> tuple[CsvOptions, Cells] | None:
        """Return the options with those that a further column needs, and what they read.

        None if no one does. Of several, the first is taken that spoils no column of numbers;
        if each spoils one, the first, since a further option may read that column again.
        """
        for j, column in enumerate(read.columns):
            if not column.bad_count or self.left[j]:
                continue
            found: list[tuple[CsvOptions, Cells]] = []
            for remedy in read.remedies(j):
                if self._is_additional(remedy) and self._helps(read, j, remedy):
                    again = self._read(cells, in_order, remedy.options)
                    if again is None:  # the columns below would most likely fail too
                        return found[0] if found else None
                    if not _spoils(read, again):
                        return remedy.options, again
                    found.append((remedy.options, again))
            if found:
                return found[0]
        return None

    def _is_additional(self, remedy: Remedy) -> bool:
        """Return whether an option changes no cell that was read before."""
        return remedy.options.decimal == self._given.decimal or not self._has_point

    @staticmethod
    def _helps(read: Cells, j: int, remedy: Remedy) -> bool:
        """Return whether options read at least half of the first cells of a column.

        Quotes after a blank are removed only where the chunk is read again.
        """
        if remedy.options.skip_initial_space != read.layout.options.skip_initial_space:
            return True
        cells = read.first_texts(j)
        return 2 * count_readable(cells, remedy.options) >= len(cells)

    @staticmethod
    def _read(
        cells: Cells, in_order: Callable[[Cells], Cells], options: CsvOptions
    ) -> Cells | None:
        """Read a chunk with other options; None if its records would be others."""
        try:
            read = reread(cells, options)
        except DataError:
            return None
        return in_order(read) if read.count == cells.count else None


def _spoils(before: Cells, after: Cells) -> bool:
    """Return whether a column held only numbers and missing cells, and now others."""
    pairs = zip(before.columns, after.columns, strict=True)
    return any(not old.bad_count and new.bad_count > 0 for old, new in pairs)
