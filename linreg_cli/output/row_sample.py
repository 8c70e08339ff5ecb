"""A uniform sample of rows in constant memory; it depends on the order of the rows."""

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Floats, mix


class Sample:
    """A uniform sample of rows: those whose numbers, counted from 0, hash lowest.

    The same rows in the same order give the same sample, however they are cut into blocks.
    """

    def __init__(self, size: int, columns: int) -> None:
        self._size = size
        self._hashes = np.zeros(0, np.uint64)
        self._values = np.zeros((0, columns))
        self.rows = 0
        """The number of rows that were added."""

    @property
    def values(self) -> Floats:
        """The sampled rows, in their order, shape (at most size, columns)."""
        return self._values

    def add(self, values: Floats) -> None:
        """Add rows, shape (rows, columns)."""
        numbers = np.arange(self.rows, self.rows + len(values), dtype=np.uint64)
        self.rows += len(values)
        hashes = mix(numbers + np.uint64(1))
        if len(self._hashes) == self._size:  # only rows that hash lower than a kept one count
            some = hashes < self._hashes.max(initial=0)
            hashes, values = hashes[some], values[some]
        hashes = np.concatenate([self._hashes, hashes])
        kept: npt.NDArray[np.intp] = np.arange(len(hashes))
        if len(hashes) > self._size:
            kept = np.sort(np.argpartition(hashes, self._size)[: self._size])
        is_old = kept < len(self._hashes)
        new = values[kept[~is_old] - len(self._hashes)]
        self._values = np.concatenate([self._values[kept[is_old]], new])
        self._hashes = hashes[kept]
