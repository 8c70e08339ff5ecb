"""Sums of products of the columns of a block, by the extension or with Python integers."""

from collections.abc import Sequence
from typing import Self, TypeAlias

import numpy as np
from msgspec import Struct

from linreg_cli import native
from linreg_cli.exact import Block, Int64s, Objects
from linreg_cli.moments import fourth_sums
from linreg_cli.moments.log_sums import log_sum
from linreg_cli.moments.moments import Matrix, Moments
from linreg_cli.moments.summation import LIMB_BITS, limbs_to_matrix

FOURTH_LIMBS = 6
"""The number of limbs of a sum of products of three or four columns."""
BLOCKS_PER_TOTAL = 2**14
"""The limbs of this many blocks add up to at most 2**62, which int64 holds."""

Origins: TypeAlias = dict[tuple[int, ...], Int64s]
"""The origin of products of four columns for each set of decimals, so that blocks add up."""


class BlockSums(Struct, kw_only=True):
    """Moments of blocks with the same decimals, as the extension returns them.

    `limbs` are those of `limbs_to_matrix`, shape (3 * pairs of columns,).
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
    def of(cls, block: Block, weights: Block | None, origins: Origins | None = None) -> Self | None:
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
            fourth = np.frombuffer(found, np.int64).copy()
        return cls(
            decimals=block.decimals,
            weight_decimals=0 if weights is None else weights.decimals[0],
            blocks=1,
            rows=len(block.values),
            limbs=np.frombuffer(limbs, np.int64).copy(),
            minimum=minimum,
            maximum=maximum,
            log_weights=log_sum(weights),
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
        matrix = limbs_to_matrix(self.limbs.tolist(), 1 + len(self.decimals))
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
            else limbs_to_fourth(self.fourth, matrix, self.origin),
        )


def limbs_to_fourth(limbs: bytes | Int64s, matrix: Matrix, origin: Sequence[int]) -> Objects:
    """Return the sums of products of four columns; `FOURTH_LIMBS` limbs are one sum."""
    products = np.frombuffer(limbs, np.int64).reshape(-1, FOURTH_LIMBS)
    return fourth_sums.from_limbs(products, LIMB_BITS, matrix, origin)


def sum_objects(
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
        matrix=tuple(map(tuple, (weighted.T @ with_ones).tolist())),
        minimum=tuple(values.min(axis=0)),
        maximum=tuple(values.max(axis=0)),
        weights=like.weights,
        weight_decimals=0 if weights is None else weights.decimals[0],
        log_weights=log_sum(weights),
        fourth=fourth_sums.of_rows(with_ones) if sums_fourth else None,
    )
