"""From blocks to the moments of groups: exact sums of products by code, without a loop over rows.

The extension sums the products of a block by code in one pass. The limbs of many blocks are added
as arrays, one row for each group, and are put together as Python integers at the end. Blocks that
are too large for the extension are cut by group, and summed as those of one model.
"""

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import itemgetter
from typing import Self, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli import native
from linreg_cli.design import Key
from linreg_cli.exact import Block, Flags, Int64s
from linreg_cli.moments.log_sums import integers_of, log_sums
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import LIMB_BITS, PreparedMoments, Summation

ROWS_PER_SUM = 2**20
"""Maximum number of rows of one call of the extension."""
BLOCKS_PER_TOTAL = 2**13
"""After this many blocks the limbs carry, so that int64 holds them."""
GROUPS_AT_ONCE = 2**12
"""Number of groups whose limbs become Python integers together."""
MOST_TABLES = 16
"""Maximum number of different decimals whose sums are kept apart."""
_MASK = 2**LIMB_BITS - 1

Label: TypeAlias = tuple[Key, int]
"""The key of a group, and the number of a part of a split."""


class GroupedSums(Struct, frozen=True, kw_only=True):
    """The sums of a block by group, as the extension returns them.

    Attributes
    ----------
    decimals, weight_decimals
        Those of the columns and of the weights.
    labels
        The groups; one may occur more than once.
    rows, limbs, minimum, maximum
        Of each group the number of rows, the limbs of the sum of products for each pair of
        columns, shape (groups, pairs, 3), and the ranges, shape (groups, columns).
    log_weights
        Of each group the sum of the logarithms of the weights; empty if every row weighs 1.

    """

    decimals: tuple[int, ...]
    weight_decimals: int = 0
    labels: Sequence[Label]
    rows: Int64s
    limbs: Int64s
    minimum: Int64s
    maximum: Int64s
    log_weights: Sequence[int] = ()

    def of_groups(self, which: Flags) -> Self:
        """Return the sums of some of the groups."""
        return replace(
            self,
            labels=list(compress(self.labels, which)),
            rows=self.rows[which],
            limbs=self.limbs[which],
            minimum=self.minimum[which],
            maximum=self.maximum[which],
            log_weights=list(compress(self.log_weights, which)),
        )


Slices: TypeAlias = list[tuple[Label, PreparedMoments]]
PreparedGroups: TypeAlias = GroupedSums | Slices
"""What `GroupSummation.prepare` returns and `GroupSummation.take` adds."""


class GroupSummation:
    """Adds up blocks by group; `total` returns the moments of each group so far.

    `prepare` does the work on any thread, and `take` adds on one, as for an `Accumulator`.

    Parameters
    ----------
    columns
        Names of the features and, last, of the target.
    weights
        The name of the column of weights; empty if every row weighs 1.

    """

    def __init__(self, columns: Sequence[str], weights: str = "") -> None:
        self._columns, self._weights = tuple(columns), weights
        self._one = Summation(columns, weights)
        self._tables: dict[tuple[tuple[int, ...], int], _Table] = {}
        self._totals: dict[Label, Moments] = {}
        self._slices: dict[Label, Summation] = {}
        self.keys: set[Key] = set()

    def prepare(
        self, block: Block, weights: Block | None, codes: Int64s, labels: Sequence[Label]
    ) -> PreparedGroups:
        """Return the sums of a block, on any thread.

        Parameters
        ----------
        block, weights
            The rows, and the weight of each, which is above 0; None if every row weighs 1.
        codes
            The group of each row, shape (rows,).
        labels
            What the group of each code is called.

        """
        found = _sum_fast(block, weights, codes, labels)
        return self._cut(block, weights, codes, labels) if found is None else found

    def _cut(
        self, block: Block, weights: Block | None, codes: Int64s, labels: Sequence[Label]
    ) -> Slices:
        """Sort the rows by group, and sum each group by itself."""
        order = np.argsort(codes, kind="stable")  # one sort, and no mask for each group
        block = _in_order(block, order)
        weights = None if weights is None else _in_order(weights, order)
        counts = np.bincount(codes, minlength=len(labels))
        ends = np.cumsum(counts).tolist()
        slices = []
        for label, count, end in zip(labels, counts.tolist(), ends, strict=True):
            if count:
                which = slice(end - count, end)
                weight = None if weights is None else weights.rows(which)
                slices.append((label, self._one.prepare(block.rows(which), weight)))
        return slices

    def take(self, prepared: PreparedGroups) -> None:
        """Add the sums of a block, on one thread."""
        if isinstance(prepared, list):
            for label, sums in prepared:
                self.keys.add(label[0])
                if label not in self._slices:
                    self._slices[label] = Summation(self._columns, self._weights)
                self._slices[label].take(sums)
            return
        self.keys.update(key for key, _ in prepared.labels)
        form = (prepared.decimals, prepared.weight_decimals)
        if form not in self._tables:
            if len(self._tables) == MOST_TABLES:
                self._put_together()
            self._tables[form] = _Table(prepared)
        self._tables[form].take(prepared)

    def total(self) -> dict[Label, Moments]:
        """Return the moments of each group of all rows added so far."""
        self._put_together()
        for label, summation in self._slices.items():
            self._add(label, summation.total())
        self._slices = {}
        return dict(self._totals)

    def _put_together(self) -> None:
        """Make Python integers of the sums of all tables."""
        like = Moments.none(self._columns, self._weights)
        for table in self._tables.values():
            for label, moments in table.moments(like):
                self._add(label, moments)
        self._tables = {}

    def _add(self, label: Label, moments: Moments) -> None:
        known = self._totals.get(label)
        self._totals[label] = moments if known is None else known + moments


def _sum_fast(
    block: Block, weights: Block | None, codes: Int64s, labels: Sequence[Label]
) -> GroupedSums | None:
    """Return the sums as the extension computes them; None if they need Python integers."""
    parts = [block] if weights is None else [block, weights]
    if (
        not native.IS_AVAILABLE
        or any(part.values.dtype != np.int64 for part in parts)
        or not 0 < len(codes) <= ROWS_PER_SUM
    ):
        return None
    values = np.ascontiguousarray(block.values.T)
    numbers = b"" if weights is None else np.ascontiguousarray(weights.values)
    found = native.extension.sum_products_by_code(
        values, numbers, np.ascontiguousarray(codes), len(values), len(labels)
    )
    if found is None:
        return None
    sums = sums_of(block.decimals, labels, found)
    if weights is None:
        return sums
    return replace(
        sums,
        weight_decimals=weights.decimals[0],
        log_weights=log_sums(weights, codes, len(labels)),
    )


def _in_order(block: Block, order: Int64s) -> Block:
    return replace(block, values=block.values[order])


def sums_of(
    decimals: tuple[int, ...],
    labels: Sequence[Label],
    found: Iterable[bytes],
    log_weights: bytes = b"",
) -> GroupedSums:
    """Return the sums by group from the bytes that the extension returns.

    With logarithms of the weights, the last decimals are those of the weights.
    """
    rows, limbs, least, most = (np.frombuffer(each, np.int64) for each in found)
    columns = len(decimals) - bool(log_weights)
    return GroupedSums(
        decimals=decimals[:columns],
        weight_decimals=sum(decimals[columns:]),
        labels=labels,
        rows=rows,
        limbs=limbs.reshape(len(labels), -1, 3),
        minimum=least.reshape(len(labels), -1),
        maximum=most.reshape(len(labels), -1),
        log_weights=integers_of(log_weights),
    )


class _Table:
    """The sums by group of all blocks with the same decimals."""

    def __init__(self, like: GroupedSums) -> None:
        self._decimals, self._weight_decimals = like.decimals, like.weight_decimals
        self._places: dict[Label, int] = {}
        self._rows = np.zeros(0, np.int64)
        self._limbs = np.zeros((0, *like.limbs.shape[1:]), np.int64)
        self._minimum = np.zeros((0, like.minimum.shape[1]), np.int64)
        self._maximum = self._minimum
        self._log_weights: list[int] = []
        self._blocks = 0

    def take(self, sums: GroupedSums) -> None:
        places = self._places
        at = np.array([places.setdefault(label, len(places)) for label in sums.labels], np.int64)
        if len(places) > len(self._rows):
            self._grow(len(places))
        np.add.at(self._rows, at, sums.rows)
        np.add.at(self._limbs, at, sums.limbs)
        np.minimum.at(self._minimum, at, sums.minimum)
        np.maximum.at(self._maximum, at, sums.maximum)
        if sums.log_weights:
            self._log_weights += [0] * (len(places) - len(self._log_weights))
            for place, logarithms in zip(at.tolist(), sums.log_weights, strict=True):
                self._log_weights[place] += logarithms
        self._blocks += 1
        if self._blocks % BLOCKS_PER_TOTAL == 0:
            self._carry()

    def _grow(self, size: int) -> None:
        more = max(size, 2 * len(self._rows)) - len(self._rows)
        ends = np.iinfo(np.int64)

        def longer(array: Int64s, fill: int = 0) -> Int64s:
            return np.concatenate([array, np.full((more, *array.shape[1:]), fill, np.int64)])

        self._rows, self._limbs = longer(self._rows), longer(self._limbs)
        self._minimum = longer(self._minimum, ends.max)
        self._maximum = longer(self._maximum, ends.min)

    def _carry(self) -> None:
        """Bring the lower limbs below 2**48 again."""
        for low in (0, 1):
            self._limbs[..., low + 1] += self._limbs[..., low] >> LIMB_BITS
            self._limbs[..., low] &= _MASK

    def _integers(self) -> Iterable[list[int]]:
        """Yield the sums of products of each group, a few groups at a time to save memory."""
        for start in range(0, len(self._places), GROUPS_AT_ONCE):
            limbs = self._limbs[start : min(start + GROUPS_AT_ONCE, len(self._places))]
            low, middle, high = np.moveaxis(limbs.astype(np.object_), 2, 0)
            yield from (low + (middle << LIMB_BITS) + (high << 2 * LIMB_BITS)).tolist()

    def moments(self, like: Moments) -> Iterable[tuple[Label, Moments]]:
        """Yield the moments of each group that has rows, with the names of columns of others."""
        size = 1 + len(self._decimals)
        # the rows of the symmetric matrix, from the places of its lower triangle
        lines = [
            itemgetter(*(max(i, j) * (max(i, j) + 1) // 2 + min(i, j) for j in range(size)))
            for i in range(size)
        ]
        rows: list[int] = self._rows.tolist()
        minimum, maximum = list(map(tuple, self._minimum.tolist())), self._maximum.tolist()
        for (label, place), own in zip(self._places.items(), self._integers(), strict=True):
            if not rows[place]:
                continue
            yield (
                label,
                Moments(
                    columns=like.columns,
                    decimals=self._decimals,
                    rows=rows[place],
                    matrix=tuple([line(own) for line in lines]),
                    minimum=minimum[place],
                    maximum=tuple(maximum[place]),
                    weights=like.weights,
                    weight_decimals=self._weight_decimals,
                    log_weights=self._log_weights[place] if self._log_weights else 0,
                ),
            )
