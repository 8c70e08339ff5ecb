"""A block of rows as exact decimals: reading makes blocks, and moments are computed from them."""

from collections.abc import Sequence
from typing import Self

from msgspec import Struct

from linreg_cli.exact.arrays import Flags, Integers
from linreg_cli.exact.decimals import ExactDecimal

MAX_DIGITS_INT64 = 18
"""Every integer of up to 18 digits fits int64; a block with a longer one has dtype object."""


class Block(Struct, frozen=True, kw_only=True):
    """Rows of exact decimals: cell (i, j) is ``values[i, j] / 10**decimals[j]``.

    Attributes
    ----------
    values
        Integers, shape (rows, columns): int64, or objects (Python integers) if some cell
        needs more than 18 digits.
    decimals
        The number of decimals of each column in this block.

    """

    values: Integers
    decimals: tuple[int, ...]

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[ExactDecimal]]) -> Self:
        """Return the block of one or more rows, as Python integers."""
        import numpy as np

        decimals = tuple(
            max(cell.decimals for cell in column) for column in zip(*rows, strict=True)
        )
        values = [
            [
                cell.integer * 10 ** (most - cell.decimals)
                for cell, most in zip(row, decimals, strict=True)
            ]
            for row in rows
        ]
        return cls(values=np.array(values, dtype=np.object_), decimals=decimals)

    def columns(self, which: slice) -> Self:
        """Return some of the columns."""
        return type(self)(values=self.values[:, which], decimals=self.decimals[which])

    def rows(self, which: Flags | slice) -> Self:
        """Return some of the rows."""
        if not isinstance(which, slice) and which.all():  # all rows need no copy
            return self
        return type(self)(values=self.values[which], decimals=self.decimals)
