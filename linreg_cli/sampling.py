"""Points for a picture, from any number of rows in one pass and constant memory.

Few rows are all kept. Of many, a uniform sample is kept, or their counts on a grid together with
the rows that lie alone in their cell.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from linreg_cli.block import Block
from linreg_cli.parts import mix
from linreg_cli.prediction import predict_block

Floats = npt.NDArray[np.float64]


def as_floats(block: Block) -> Floats:
    """Round the numbers of a block to float64, shape (rows, columns)."""
    columns = [
        predict_block([1.0], 0.0, Block(values=block.values[:, [j]], decimals=(decimals,)))
        for j, decimals in enumerate(block.decimals)
    ]
    return np.column_stack(columns)


class Sample:
    """A uniform sample of rows: those whose numbers, counted from 0, hash lowest.

    The same rows in the same order give the same sample, however they are cut into blocks.
    """

    def __init__(self, size: int, columns: int) -> None:
        self._size = size
        self._hashes = np.zeros(0, np.uint64)
        self._values = np.zeros((0, columns))
        self.rows = 0
        """How many rows went by."""

    @property
    def values(self) -> Floats:
        """The rows that were kept, in their order, shape (at most size, columns)."""
        return self._values

    def add(self, values: Floats) -> None:
        """Let rows go by, shape (rows, columns)."""
        numbers = np.arange(self.rows, self.rows + len(values), dtype=np.uint64)
        self.rows += len(values)
        hashes = np.concatenate([self._hashes, mix(numbers + np.uint64(1))])
        kept: npt.NDArray[np.intp] = np.arange(len(hashes))
        if len(hashes) > self._size:
            kept = np.sort(np.argpartition(hashes, self._size)[: self._size])
        is_old = kept < len(self._hashes)
        new = values[kept[~is_old] - len(self._hashes)]
        self._values = np.concatenate([self._values[kept[is_old]], new])
        self._hashes = hashes[kept]


class Extremes:
    """The first row with the smallest number of a column, and the first with the largest."""

    def __init__(self, column: int) -> None:
        self._column = column
        self._rows: Floats | None = None

    @property
    def values(self) -> Floats:
        """The two rows, the smallest first, shape (2, columns).

        Raises
        ------
        ValueError
            If no row went by.

        """
        if self._rows is None:
            raise ValueError("no row has no extremes")
        return self._rows

    def add(self, values: Floats) -> None:
        """Let rows go by, shape (rows, columns)."""
        rows = values if self._rows is None else np.concatenate([self._rows, values])
        if len(rows):
            column = rows[:, self._column]
            self._rows = rows[[column.argmin(), column.argmax()]]


class Density:
    """Counts of points on a grid.

    Attributes
    ----------
    low, high
        Opposite corners of the grid, as (x, y).
    counts
        Points in each cell, shape (cells along x, cells along y).
    outside
        Points beyond the grid.

    """

    SHAPE: Final = (72, 48)

    def __init__(self, low: tuple[float, float], high: tuple[float, float]) -> None:
        self.low, self.high = low, high
        self._counts = np.zeros(self.SHAPE[0] * self.SHAPE[1], np.int64)
        self._first = np.zeros((len(self._counts), 2))
        self.outside = 0

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """The points in each cell."""
        return self._counts.reshape(self.SHAPE)

    @property
    def alone(self) -> Floats:
        """The points that have no other in their cell, shape (points, 2)."""
        alone: Floats = self._first[self._counts == 1]
        return alone

    def add(self, points: Floats) -> None:
        """Count points, shape (points, 2)."""
        low, high = np.array(self.low), np.array(self.high)
        is_inside = ((points >= low) & (points <= high)).all(axis=1)
        self.outside += int((~is_inside).sum())
        inside = points[is_inside]
        # halves first: the width of a range may be beyond float64
        width = high / 2 - low / 2
        share = np.divide(inside / 2 - low / 2, width, out=np.zeros_like(inside), where=width > 0)
        x, y = np.minimum((share * self.SHAPE).astype(np.int64), np.array(self.SHAPE) - 1).T
        cells = x * self.SHAPE[1] + y
        seen, first = np.unique(cells, return_index=True)
        is_new = self._counts[seen] == 0
        self._first[seen[is_new]] = inside[first[is_new]]
        self._counts += np.bincount(cells, minlength=len(self._counts))
