"""From blocks to moments: exact sums of products without a Python loop over the rows.

The extension multiplies and adds a block of int64 decimals in integers of three limbs. The limbs of
the blocks are added as int64, and are put together as Python integers at the end. If there is no
extension, or if numbers are too large for it, NumPy multiplies and adds Python integers.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Self, TypeAlias

import numpy as np
from msgspec import Struct

from linreg_cli import native
from linreg_cli.exact import Block, Int64s
from linreg_cli.moments import fourth_sums
from linreg_cli.moments.accumulator import Accumulator
from linreg_cli.moments.moments import LOG_UNIT_BITS, Moments

ROWS_PER_PRODUCT = 2**17
"""Maximum number of rows of one call; the extension could take eight times as many."""
LIMB_BITS = 48
"""The lower two of the three limbs have this many bits."""
FOURTH_LIMBS = 6
"""The number of limbs of a sum of products of three or four columns."""
BLOCKS_PER_TOTAL = 2**14
"""The limbs of this many blocks add up to at most 2**62, which int64 holds."""

_PRECISION = Lock()
"""Held while FLINT works with another precision, which is global to all threads."""


class Summation(Accumulator[Block, "PreparedMoments"]):
    """Adds up blocks; `total` returns the moments of all rows so far.

    Parameters
    ----------
    columns
        Names of the features and, last, of the target.
    weights
        The name of the column of weights; empty if every row weighs 1.
    sums_fourth
        Whether products of up to four columns are added up too; not with weights.

    """

    def __init__(
        self, columns: Sequence[str], weights: str = "", *, sums_fourth: bool = False
    ) -> None:
        self._moments = Moments.none(columns, weights)
        self._pending: _Pending | None = None
        self._origins: _Origins | None = {} if sums_fourth else None

    def prepare(self, block: Block, weights: Block | None = None) -> "PreparedMoments":
        """Return the moments of a block, on any thread.

        Parameters
        ----------
        block
            The rows.
        weights
            The weight of each row, which is above 0, as a block of one column; None if every row
            weighs 1.

        """
        prepared: PreparedMoments = []
        for start in range(0, len(block.values), ROWS_PER_PRODUCT):
            rows = slice(start, start + ROWS_PER_PRODUCT)
            part = block.rows(rows)
            weight = None if weights is None else weights.rows(rows)
            pending = _Pending.of(part, weight, self._origins)
            prepared.append(
                pending
                or _sum_objects(self._moments, part, weight, sums_fourth=self._origins is not None)
            )
        return prepared

    def take(self, prepared: "PreparedMoments") -> None:
        """Add the moments of a block, on one thread."""
        for new in prepared:
            if isinstance(new, Moments):
                self._moments += new
            elif self._pending is not None and self._pending.can_take(new):
                self._pending.take(new)
            else:
                self.total()
                self._pending = new

    def total(self) -> Moments:
        """Return the moments of all rows added so far."""
        if self._pending is not None:
            self._moments += self._pending.moments(self._moments)
            self._pending = None
        return self._moments


PreparedMoments: TypeAlias = list["Moments | _Pending"]
"""What `Summation.prepare` returns and `Summation.take` adds."""


ExtensionSums: TypeAlias = tuple[tuple[int, ...], int, bytes, bytes, bytes, bytes, bytes]
"""Decimals, number of rows, limbs, minima and maxima, as the extension returns them; then the
origin and the limbs of the products of three and four columns, empty if they were not summed."""

_Origins: TypeAlias = dict[tuple[int, ...], Int64s]
"""The origin of products of four columns for each set of decimals, so that blocks add up."""


def prepare_sums(sums: Iterable[ExtensionSums]) -> PreparedMoments:
    """Return what `Summation.take` adds for sums of rows without weights."""
    return [_Pending.of_sums(each) for each in sums]


class _Pending(Struct, kw_only=True):
    """Moments of blocks with the same decimals, as the extension returns them.

    `limbs` has shape (pairs of columns, 3): the sum of products for the columns (0, 0), (1, 0),
    (1, 1), (2, 0) ... is the sum of its limbs times 1, 2**48 and 2**96. Column 0 is the constant 1.
    """

    decimals: tuple[int, ...]
    weight_decimals: int
    blocks: int
    rows: int
    limbs: Int64s
    minimum: Int64s
    maximum: Int64s
    log_weights: int
    origin: tuple[int, ...] = ()
    fourth: Int64s | None = None

    @classmethod
    def of_sums(cls, sums: ExtensionSums) -> Self:
        """Return what the extension summed."""
        decimals, rows, limbs, minimum, maximum, origin, fourth = sums
        return cls(
            decimals=decimals,
            weight_decimals=0,
            blocks=1,
            rows=rows,
            limbs=np.frombuffer(limbs, np.int64).reshape(-1, 3).copy(),
            minimum=np.frombuffer(minimum, np.int64).copy(),
            maximum=np.frombuffer(maximum, np.int64).copy(),
            log_weights=0,
            origin=tuple(np.frombuffer(origin, np.int64).tolist()),
            fourth=_as_fourth(fourth) if fourth else None,
        )

    @classmethod
    def of(
        cls, block: Block, weights: Block | None, origins: _Origins | None = None
    ) -> Self | None:
        """Return the sums of a block; None if they need Python integers."""
        parts = [block] if weights is None else [block, weights]
        if not native.IS_AVAILABLE or any(part.values.dtype != np.int64 for part in parts):
            return None
        values = np.ascontiguousarray(block.values.T)
        numbers = b"" if weights is None else np.ascontiguousarray(weights.values)
        limbs = native.extension.sum_moments(values, numbers, len(values))
        if limbs is None:
            return None
        minimum, maximum = values.min(axis=1), values.max(axis=1)
        origin, fourth = np.zeros(0, np.int64), None
        if origins is not None:  # setdefault is one step, whichever thread calls it
            origin = origins.setdefault(block.decimals, minimum // 2 + maximum // 2)
            found = native.extension.sum_fourth(values, origin)
            if found is None:
                return None
            fourth = _as_fourth(found)
        return cls(
            decimals=block.decimals,
            weight_decimals=0 if weights is None else weights.decimals[0],
            blocks=1,
            rows=len(block.values),
            limbs=np.frombuffer(limbs, np.int64).reshape(-1, 3).copy(),
            minimum=minimum,
            maximum=maximum,
            log_weights=_log_sum(weights),
            origin=tuple(origin.tolist()),
            fourth=fourth,
        )

    def can_take(self, other: Self) -> bool:
        """Return whether other sums can be added to these."""
        return (
            (self.decimals, self.origin) == (other.decimals, other.origin)
            and self.weight_decimals == other.weight_decimals
            and self.blocks + other.blocks <= BLOCKS_PER_TOTAL
        )

    def take(self, other: Self) -> None:
        """Add other sums."""
        self.blocks += other.blocks
        self.rows += other.rows
        self.limbs += other.limbs
        if self.fourth is not None and other.fourth is not None:
            self.fourth += other.fourth
        np.minimum(self.minimum, other.minimum, out=self.minimum)
        np.maximum(self.maximum, other.maximum, out=self.maximum)
        self.log_weights += other.log_weights

    def moments(self, like: Moments) -> Moments:
        """Return the moments, with the names of columns of others."""
        low, middle, high = self.limbs.astype(np.object_).T
        size = 1 + len(self.decimals)
        matrix = np.empty((size, size), dtype=np.object_)
        lower = np.tril_indices(size)
        matrix[lower] = low + (middle << LIMB_BITS) + (high << 2 * LIMB_BITS)
        matrix.T[lower] = matrix[lower]
        return Moments(
            columns=like.columns,
            decimals=self.decimals,
            rows=self.rows,
            matrix=matrix,
            minimum=tuple(self.minimum.tolist()),
            maximum=tuple(self.maximum.tolist()),
            weights=like.weights,
            weight_decimals=self.weight_decimals,
            log_weights=self.log_weights,
            fourth=None
            if self.fourth is None
            else fourth_sums.from_limbs(self.fourth, LIMB_BITS, matrix, self.origin),
        )


def _as_fourth(limbs: bytes) -> Int64s:
    return np.frombuffer(limbs, np.int64).reshape(-1, FOURTH_LIMBS).copy()


def _sum_objects(
    like: Moments, block: Block, weights: Block | None, *, sums_fourth: bool = False
) -> Moments:
    """Return the moments of rows as Python integers: slower, but right for numbers of any size."""
    values = block.values.astype(np.object_)
    ones = np.ones((len(values), 1), dtype=np.object_)
    with_ones = np.hstack([ones, values])
    weighted = with_ones if weights is None else with_ones * weights.values.astype(np.object_)
    return Moments(
        columns=like.columns,
        decimals=block.decimals,
        rows=len(values),
        matrix=weighted.T @ with_ones,
        minimum=tuple(values.min(axis=0)),
        maximum=tuple(values.max(axis=0)),
        weights=like.weights,
        weight_decimals=0 if weights is None else weights.decimals[0],
        log_weights=_log_sum(weights),
        fourth=fourth_sums.of_rows(with_ones) if sums_fourth else None,
    )


def _log_sum(weights: Block | None) -> int:
    """Return the sum of the logarithms of weights in whole units, the same in any order."""
    if weights is None:
        return 0
    distinct, counts = np.unique(weights.values, return_counts=True)
    return sum(
        int(count) * _log_in_units(int(value), weights.decimals[0])
        for value, count in zip(distinct, counts, strict=True)
    )


@lru_cache(maxsize=2**16)
def _log_in_units(integer: int, decimals: int) -> int:
    """Return the natural logarithm of a weight, rounded to whole units of 2**-64."""
    from flint import arb, ctx, fmpq

    precision = 256
    while True:
        with _PRECISION, ctx.workprec(precision):
            logarithm = arb(fmpq(integer, 10**decimals)).log() * 2**LOG_UNIT_BITS
            nearest = (logarithm + fmpq(1, 2)).floor().unique_fmpz()
        if nearest is not None:
            return int(nearest)
        precision *= 2
