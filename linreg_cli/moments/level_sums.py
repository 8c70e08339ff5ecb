"""Sums by level: what the moments of indicators, and of their products with numbers, follow from.

The sum of an indicator times a column is the sum of the column over the rows of that level. The
product of the indicators of two categories is the sum over the rows that have both levels. So a
block costs the same for 3 levels as for 300, and a level that was not there before is a new entry.
"""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from msgspec import Struct

from linreg_cli import native
from linreg_cli.design import Codes, Design
from linreg_cli.exact import Block, Int64s, Integers, Objects
from linreg_cli.moments.level_tables import Layout, TableName

Key = tuple[str, ...]
"""A level of each of some categories."""

LOW_BITS = 64
"""The extension gives each sum in two halves; the lower one has this many bits."""
DENSE = 4
"""Pairs of levels are counted in a table if it has at most this many entries for each row."""
INT64_LIMIT = 2.0**63


class PreparedSums(Struct, frozen=True, kw_only=True):
    """The sums of one block by level; `decimals` are those of the weights and of the columns."""

    decimals: tuple[int, ...]
    tables: Mapping[TableName, Mapping[Key, Objects]]


class LevelSums(Struct, kw_only=True):
    """The sums of all blocks so far, by level.

    Attributes
    ----------
    layout
        The categories, and the columns of numbers.
    columns
        The columns of each table, as their places in a block.
    tables
        For each key, the sums of the weights (times the number of the table, if it has one), and
        those of the products of these with each of the table's columns.
    decimals
        Those of the weights and of the columns of numbers.

    """

    layout: Layout
    columns: Mapping[TableName, Sequence[int]]
    tables: dict[TableName, dict[Key, Objects]]
    decimals: tuple[int, ...]

    @classmethod
    def of(cls, design: Design, numbers: Sequence[str]) -> Self:
        """Return sums of no rows; the last of the columns of numbers is the target."""
        layout = Layout(design.categories, tuple(numbers))
        columns = layout.tables(design)
        return cls(
            layout=layout,
            columns={k: tuple(map(numbers.index, names)) for k, names in columns.items()},
            tables={table: {} for table in columns},
            decimals=(0,) * (1 + len(numbers)),
        )

    def prepare(
        self, block: Block, weights: Block | None, categories: Sequence[Codes]
    ) -> PreparedSums:
        """Return the sums of a block, on any thread."""
        codes = dict(zip(self.layout.categories, categories, strict=True))
        joined = {
            names: joined_codes([codes[name] for name in names])
            for names in dict.fromkeys(table.categories for table in self.tables)
        }
        return PreparedSums(
            decimals=(0 if weights is None else weights.decimals[0], *block.decimals),
            tables={
                table: _sum_table(
                    [block.values[:, j] for j in columns],
                    self._multiplier(table, block, weights),
                    *joined[table.categories],
                )
                for table, columns in self.columns.items()
            },
        )

    def take(self, prepared: PreparedSums) -> None:
        """Add the sums of a block, on one thread."""
        decimals = tuple(map(max, self.decimals, prepared.decimals))
        for name, table in self.tables.items():
            own = self._powers(name, self.decimals, decimals)
            new = self._powers(name, prepared.decimals, decimals)
            if any(power != 1 for power in own):
                for key in table:
                    table[key] = table[key] * own
            for key, sums in prepared.tables[name].items():
                scaled = sums * new
                table[key] = table[key] + scaled if key in table else scaled
        self.decimals = decimals

    def levels(self, column: str) -> set[str]:
        """Return the levels of a category that some row has."""
        named = [table for table in self.tables if column in table.categories and not table.number]
        smallest = min(named, key=lambda table: len(table.categories))
        place = smallest.categories.index(column)
        return {key[place] for key in self.tables[smallest]}

    def place_in(self, table: TableName, column: str) -> int:
        """Return the place of a column in the sums of a table; 0 for the weights."""
        return 1 + self.columns[table].index(self.layout.numbers.index(column)) if column else 0

    def _multiplier(self, table: TableName, block: Block, weights: Block | None) -> Integers | None:
        """Return what is summed of each row: its weight times the number of the table."""
        weight = None if weights is None else weights.values[:, 0]
        if not table.number:
            return weight
        number = block.values[:, self.layout.numbers.index(table.number)]
        return number if weight is None else multiplied(number, weight)

    def _powers(self, name: TableName, old: Sequence[int], new: Sequence[int]) -> Objects:
        """Return the powers of ten that rewrite the sums of a table with other decimals."""
        more = [b - a for a, b in zip(old, new, strict=True)]
        first = more[0]
        if name.number:
            first += more[1 + self.layout.numbers.index(name.number)]
        columns = self.columns[name]
        return np.array([10**first, *(10 ** (first + more[1 + j]) for j in columns)], np.object_)


def joined_codes(categories: Sequence[Codes]) -> tuple[Int64s, list[Key]]:
    """Return the code of each row for some categories, and the key of each code."""
    first, *others = categories
    codes = first.codes
    keys: list[Key] = [(level,) for level in first.levels]
    for other in others:
        width = len(other.levels)
        codes = codes * width + other.codes
        places: Sequence[int] = range(len(keys) * width)
        if len(places) > DENSE * len(codes):
            distinct, codes = np.unique(codes, return_inverse=True)
            places = distinct.tolist()
        keys = [(*keys[i // width], other.levels[i % width]) for i in places]
    return codes, keys


def multiplied(first: Integers, second: Integers) -> Integers:
    """Return the products of two columns of integers."""
    are_short = first.dtype == second.dtype == np.int64
    if are_short and len(first):
        most = [float(np.abs(each.astype(np.float64)).max()) for each in (first, second)]
        are_short = most[0] * most[1] < INT64_LIMIT / 2
    if not are_short:
        first, second = first.astype(np.object_), second.astype(np.object_)
    product: Integers = first * second
    return product


def _sum_table(
    columns: Sequence[Integers], multiplier: Integers | None, codes: Int64s, keys: Sequence[Key]
) -> dict[Key, Objects]:
    """Return the sums by code, for the codes that have one."""
    if not len(codes):  # a part of a split, or a group, may have no row of a block
        return {}
    sums = _sum_fast(columns, multiplier, codes, len(keys))
    if sums is None:
        sums = _sum_objects(columns, multiplier, codes, len(keys))
    return {key: row for key, row in zip(keys, sums, strict=True) if any(row)}


def _sum_fast(
    columns: Sequence[Integers], multiplier: Integers | None, codes: Int64s, size: int
) -> Objects | None:
    """Return the sums as the extension computes them; None if they need Python integers."""
    parts = [*columns, *([] if multiplier is None else [multiplier])]
    if not native.IS_AVAILABLE or any(part.dtype != np.int64 for part in parts):
        return None
    values = np.array(columns, np.int64).reshape(len(columns), len(codes))
    numbers = b"" if multiplier is None else np.ascontiguousarray(multiplier)
    halves = native.extension.sum_by_code(values, numbers, np.ascontiguousarray(codes), size)
    if halves is None:
        return None
    low, high = np.frombuffer(halves, np.int64).reshape(size, 1 + len(values), 2).T
    found: Objects = (high.T.astype(np.object_) << LOW_BITS) + low.T.view(np.uint64).astype(
        np.object_
    )
    return found


def _sum_objects(
    columns: Sequence[Integers], multiplier: Integers | None, codes: Int64s, size: int
) -> Objects:
    """Return the sums as Python integers: slower, but right for numbers of any size."""
    ones = np.ones(len(codes), np.object_)
    factor = ones if multiplier is None else multiplier.astype(np.object_)
    products = np.array([factor, *(factor * column.astype(np.object_) for column in columns)])
    sums = np.zeros((size, len(products)), np.object_)
    np.add.at(sums, codes, products.T)
    return sums
