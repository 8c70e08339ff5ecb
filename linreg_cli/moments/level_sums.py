"""Sums by level: what the moments of indicators follow from.

The sum of an indicator times a column is the sum of the column over the rows of that level. The
product of the indicators of two categories is the sum over the rows that have both levels. So a
block costs the same for 3 levels as for 300, and a level that was not there before is a new entry.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from linreg_cli import native
from linreg_cli.design import Codes
from linreg_cli.exact import Block, Int64s

Key = tuple[str, ...]
"""A level of each of some categories."""
Objects = npt.NDArray[np.object_]

LOW_BITS = 64
"""The extension gives each sum in two halves; the lower one has this many bits."""
DENSE = 4
"""Pairs of levels are counted in a table if it has at most this many entries for each row."""


class PreparedSums(Struct, frozen=True, kw_only=True):
    """The sums of one block by level: for each key of some categories, Σw and each Σw·c."""

    decimals: tuple[int, ...]
    weight_decimals: int
    tables: Mapping[Key, Mapping[Key, Objects]]


class LevelSums(Struct, kw_only=True):
    """The sums of all blocks so far, by level.

    Attributes
    ----------
    categories
        The columns of the categories.
    tables
        For each category: the sums by level of the weights and of each column of numbers. For each
        pair of categories: the sums of the weights by both levels.
    decimals, weight_decimals
        Those of the columns of numbers, and of the weights.

    """

    categories: tuple[str, ...]
    tables: dict[Key, dict[Key, Objects]] = field(default_factory=dict)
    decimals: tuple[int, ...] = ()
    weight_decimals: int = 0

    def __post_init__(self) -> None:
        """Make a table for each category and each pair of categories."""
        for count in (1, 2):
            self.tables |= {names: {} for names in combinations(self.categories, count)}

    def prepare(
        self, block: Block, weights: Block | None, categories: Sequence[Codes]
    ) -> PreparedSums:
        """Return the sums of a block, on any thread."""
        codes = dict(zip(self.categories, categories, strict=True))
        return PreparedSums(
            decimals=block.decimals,
            weight_decimals=0 if weights is None else weights.decimals[0],
            tables={
                names: _sum_table(block if len(names) == 1 else None, weights, *by(codes, names))
                for names in self.tables
            },
        )

    def take(self, prepared: PreparedSums) -> None:
        """Add the sums of a block, on one thread."""
        old = self.decimals or prepared.decimals
        decimals = tuple(map(max, old, prepared.decimals))
        weight_decimals = max(self.weight_decimals, prepared.weight_decimals)
        own = _powers(old, decimals, weight_decimals - self.weight_decimals)
        new = _powers(prepared.decimals, decimals, weight_decimals - prepared.weight_decimals)
        for names, table in self.tables.items():
            if any(power != 1 for power in own):
                for key in table:
                    table[key] = table[key] * own[: len(table[key])]
            for key, sums in prepared.tables[names].items():
                scaled = sums * new[: len(sums)]
                table[key] = table[key] + scaled if key in table else scaled
        self.decimals, self.weight_decimals = decimals, weight_decimals


def by(codes: Mapping[str, Codes], names: Key) -> tuple[Int64s, list[Key]]:
    """Return the code of each row for one or two categories, and the key of each code."""
    first, *others = (codes[name] for name in names)
    if not others:
        return first.codes, [(level,) for level in first.levels]
    [second] = others
    joined = first.codes * len(second.levels) + second.codes
    size = len(first.levels) * len(second.levels)
    places = range(size)
    if size > DENSE * len(joined):
        distinct, joined = np.unique(joined, return_inverse=True)
        places = distinct.tolist()
    width = len(second.levels)
    return joined, [(first.levels[i // width], second.levels[i % width]) for i in places]


def _powers(old: Sequence[int], new: Sequence[int], more: int) -> Objects:
    """Return the powers of ten that rewrite the sums of weights and of columns."""
    powers = [10 ** (b - a + more) for a, b in zip((0, *old), (0, *new), strict=True)]
    return np.array(powers, dtype=np.object_)


def _sum_table(
    block: Block | None, weights: Block | None, codes: Int64s, keys: Sequence[Key]
) -> dict[Key, Objects]:
    """Return the sums by code, for the codes that a row has."""
    columns = [] if block is None else [block.values]
    sums = _sum_fast(columns, weights, codes, len(keys))
    if sums is None:
        sums = _sum_objects(columns, weights, codes, len(keys))
    return {key: row for key, row in zip(keys, sums, strict=True) if row[0]}  # weights are above 0


def _sum_fast(
    columns: Sequence[Int64s | Objects],
    weights: Block | None,
    codes: Int64s,
    size: int,
) -> Objects | None:
    """Return the sums as the extension computes them; None if they need Python integers."""
    parts = [*columns, *([] if weights is None else [weights.values])]
    if not native.IS_AVAILABLE or any(part.dtype != np.int64 for part in parts):
        return None
    values = np.ascontiguousarray(columns[0].T) if columns else np.zeros((0, len(codes)), np.int64)
    numbers = b"" if weights is None else np.ascontiguousarray(weights.values)
    halves = native.extension.sum_by_code(values, numbers, np.ascontiguousarray(codes), size)
    if halves is None:
        return None
    low, high = np.frombuffer(halves, np.int64).reshape(size, 1 + len(values), 2).T
    found: Objects = (high.T.astype(np.object_) << LOW_BITS) + low.T.view(np.uint64).astype(
        np.object_
    )
    return found


def _sum_objects(
    columns: Sequence[Int64s | Objects],
    weights: Block | None,
    codes: Int64s,
    size: int,
) -> Objects:
    """Return the sums as Python integers: slower, but right for numbers of any size."""
    weight = np.ones((len(codes), 1), np.object_)
    if weights is not None:
        weight = weights.values.astype(np.object_)
    products = np.hstack([weight, *(weight * column.astype(np.object_) for column in columns)])
    sums = np.zeros((size, products.shape[1]), np.object_)
    np.add.at(sums, codes, products)
    return sums
