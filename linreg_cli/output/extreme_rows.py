"""The extreme rows along some directions, which merge with others exactly."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Floats

EXTREMES = 16
"""The number of smallest rows, and of largest rows, that are kept along each direction."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Extremes:
    """The extreme rows: the smallest and the largest along some directions.

    Attributes
    ----------
    rows
        Sorted, shape (rows, columns).

    """

    rows: Floats
    _along: Floats
    """The positions of the rows along the directions, shape (rows, directions)."""

    @classmethod
    def of(cls, rows: Floats, along: Floats) -> Self:
        """Return the extreme rows of some rows, from their positions along the directions."""
        kept = np.unique(
            np.concatenate([
                _smallest(sign * along, rows, direction)
                for direction in range(along.shape[1])
                for sign in (1, -1)
            ])
        )  # fmt: skip
        order = kept[np.lexsort((*along[kept].T[::-1], *rows[kept].T[::-1]))]
        return cls(rows=rows[order], _along=along[order])

    def with_rows(self, rows: Floats, along: Floats) -> Self:
        """Return the extreme rows of these and of further rows; `of` describes the parameters."""
        may_be_extreme = np.zeros(len(rows), np.bool_)
        for positions, (low, high) in zip(along.T, self._bounds, strict=True):
            may_be_extreme |= ~((low < positions) & (positions < high))
        some = np.flatnonzero(may_be_extreme)
        return self + self.of(rows[some], along[some]) if len(some) else self

    @cached_property
    def _bounds(self) -> list[tuple[float, float]]:
        """The positions in each direction between which no row is extreme."""
        if len(self._along) < EXTREMES:
            return [(math.inf, -math.inf)] * self._along.shape[1]
        in_order = np.sort(self._along, axis=0)
        return list(zip(in_order[EXTREMES - 1].tolist(), in_order[-EXTREMES].tolist(), strict=True))

    def __add__(self, other: Self) -> Self:
        """Merge two sets of rows."""
        return self.of(
            np.concatenate([self.rows, other.rows]), np.concatenate([self._along, other._along])
        )


def _smallest(along: Floats, rows: Floats, direction: int) -> npt.NDArray[np.intp]:
    """Return the places of the smallest rows in a direction; the other numbers order equal ones."""
    values = along[:, direction]
    places = np.arange(len(values))
    if len(values) > EXTREMES:  # sort only rows that can be among them
        places = np.flatnonzero(values <= np.partition(values, EXTREMES - 1)[EXTREMES - 1])
    order = np.lexsort((*rows[places].T, *along[places].T, values[places]))
    return np.asarray(places[order[:EXTREMES]])
