"""Exact sums: all that linear regression needs to know of the rows, as integers.

For the columns ``1, x1 ... xp, y`` these are the sums of all products of two columns. As
integers they add without error, so blocks may come in any order, from any thread or machine.

    block of int64 decimals
      │  split into signed limbs of 18 bits, as float64
      ▼
    one matrix product of the limbs, exact because every sum stays below 2**53
      │  shift the limbs together as Python integers
      ▼
    Sums       a + b joins two sets of rows, a - b takes rows out again
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from linreg_cli.block import Block

LIMB_BITS = 18
ROWS_PER_PRODUCT = 2**17
"""A product of two limbs is at most 2**34, so 2**17 of them add up to at most 2**51."""
ROWS_PER_TOTAL = 2**28
"""As many rows add up to at most 2**62, which int64 still holds."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sums:
    """The exact sums of some rows.

    Attributes
    ----------
    columns
        Names of the features and, last, of the target.
    decimals
        Decimals of each column: its integers are the numbers times ``10**decimals``.
    rows
        How many rows were added.
    moments
        Python integers, shape (1 + columns, 1 + columns), symmetric: the sums of the
        products of two columns, where column 0 is the constant 1.
    minimum, maximum
        The range of each column, as integers; empty where there is no row.

    """

    columns: tuple[str, ...]
    decimals: tuple[int, ...]
    rows: int
    moments: npt.NDArray[np.object_]
    minimum: tuple[int, ...]
    maximum: tuple[int, ...]

    @classmethod
    def none(cls, columns: Sequence[str]) -> Self:
        """Give the sums of no rows at all."""
        size = len(columns)
        return cls(
            columns=tuple(columns),
            decimals=(0,) * size,
            rows=0,
            moments=np.zeros((1 + size, 1 + size), dtype=np.object_),
            minimum=(),
            maximum=(),
        )

    def __add__(self, other: Self) -> Self:
        """Join two sets of rows."""
        a, b = self._aligned(other)
        return replace(
            a,
            rows=a.rows + b.rows,
            moments=a.moments + b.moments,
            minimum=tuple(map(min, a.minimum, b.minimum)) or a.minimum or b.minimum,
            maximum=tuple(map(max, a.maximum, b.maximum)) or a.maximum or b.maximum,
        )

    def __sub__(self, other: Self) -> Self:
        """Take rows out again; the range stays as an outer bound."""
        a, b = self._aligned(other)
        return replace(a, rows=a.rows - b.rows, moments=a.moments - b.moments)

    def __eq__(self, other: object) -> bool:
        """Compare as numbers: decimals that nothing needs make no difference."""
        if not isinstance(other, Sums) or self.columns != other.columns:
            return NotImplemented
        a, b = self._aligned(other)
        return (
            (a.rows, a.minimum, a.maximum) == (b.rows, b.minimum, b.maximum)
        ) and np.array_equal(a.moments, b.moments)

    __hash__ = None  # type: ignore[assignment]  # holds an array

    def with_decimals(self, decimals: Sequence[int]) -> Self:
        """Write the same sums with more decimals."""
        factors = [10 ** (new - old) for new, old in zip(decimals, self.decimals, strict=True)]
        scale = np.array([1, *factors], dtype=np.object_)
        return replace(
            self,
            decimals=tuple(decimals),
            moments=self.moments * np.outer(scale, scale),
            minimum=tuple(a * b for a, b in zip(self.minimum, factors, strict=False)),
            maximum=tuple(a * b for a, b in zip(self.maximum, factors, strict=False)),
        )

    def simplest(self) -> Self:
        """Write the same sums with as few decimals as they need: one form for equal sums."""
        fewest = []
        factors = [1]
        for j, decimals in enumerate(self.decimals, start=1):
            others = [self.moments[i, j] for i in range(len(self.decimals) + 1) if i != j]
            bounds = [values[j - 1] for values in (self.minimum, self.maximum) if values]
            drop = 0
            while drop < decimals and not (
                any(value % 10 ** (drop + 1) for value in (*others, *bounds))
                or self.moments[j, j] % 100 ** (drop + 1)
            ):
                drop += 1
            fewest.append(decimals - drop)
            factors.append(10**drop)
        scale = np.array(factors, dtype=np.object_)
        return replace(
            self,
            decimals=tuple(fewest),
            moments=self.moments // np.outer(scale, scale),
            minimum=tuple(a // b for a, b in zip(self.minimum, factors[1:], strict=False)),
            maximum=tuple(a // b for a, b in zip(self.maximum, factors[1:], strict=False)),
        )

    def _aligned(self, other: Self) -> tuple[Self, Self]:
        decimals = tuple(map(max, self.decimals, other.decimals))
        return self.with_decimals(decimals), other.with_decimals(decimals)


class Summation:
    """Adds up blocks; `total` gives the sums of all rows so far.

    Matrix products and ranges are kept as int64 and become Python integers only when their
    form changes, so that a block costs no Python operation for each pair of columns.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._sums = Sums.none(columns)
        self._pending: _Pending | None = None

    def add(self, block: Block) -> None:
        """Add the rows of a block."""
        for start in range(0, len(block.values), ROWS_PER_PRODUCT):
            values = block.values[start : start + ROWS_PER_PRODUCT]
            if values.dtype == np.int64:
                self._add_int64(values.astype(np.int64, copy=False), block.decimals)
            else:
                objects = values.astype(np.object_, copy=False)
                self._sums += _sum_objects(self._sums.columns, objects, block.decimals)

    def total(self) -> Sums:
        """Give the sums of all rows added so far."""
        self._flush()
        return self._sums

    def _add_int64(self, values: npt.NDArray[np.int64], decimals: tuple[int, ...]) -> None:
        new = _Pending.of_values(values, decimals, at_least=self._pending)
        if self._pending is not None and self._pending.can_take(new):
            self._pending.take(new)
        else:
            self._flush()
            self._pending = new

    def _flush(self) -> None:
        if self._pending is not None:
            self._sums += self._pending.sums(self._sums.columns)
            self._pending = None


@dataclass(kw_only=True)
class _Pending:
    """Sums of int64 rows in the form in which the matrix product gives them."""

    decimals: tuple[int, ...]
    limbs: tuple[int, ...]
    rows: int
    products: npt.NDArray[np.int64]
    minimum: npt.NDArray[np.int64]
    maximum: npt.NDArray[np.int64]

    @classmethod
    def of_values(
        cls, values: npt.NDArray[np.int64], decimals: tuple[int, ...], *, at_least: Self | None
    ) -> Self:
        minimum, maximum = values.min(axis=0), values.max(axis=0)
        largest = np.maximum(maximum, -minimum)
        # one signed limb holds 17 bits, two 35 ...
        limbs = tuple(int(value).bit_length() // LIMB_BITS + 1 for value in largest)
        if at_least is not None:  # limbs only ever grow, so that blocks keep one form
            limbs = tuple(map(max, limbs, at_least.limbs))
        return cls(
            decimals=decimals,
            limbs=limbs,
            rows=len(values),
            products=_limb_products(values, limbs),
            minimum=minimum,
            maximum=maximum,
        )

    def can_take(self, other: Self) -> bool:
        return (
            (self.decimals, self.limbs) == (other.decimals, other.limbs)
        ) and self.rows + other.rows <= ROWS_PER_TOTAL

    def take(self, other: Self) -> None:
        self.rows += other.rows
        self.products += other.products
        np.minimum(self.minimum, other.minimum, out=self.minimum)
        np.maximum(self.maximum, other.maximum, out=self.maximum)

    def sums(self, columns: tuple[str, ...]) -> Sums:
        return Sums(
            columns=columns,
            decimals=self.decimals,
            rows=self.rows,
            moments=_join_limbs(self.products, self.limbs),
            minimum=tuple(self.minimum.tolist()),
            maximum=tuple(self.maximum.tolist()),
        )


def sum_block(columns: Sequence[str], block: Block) -> Sums:
    """Give the sums of one block."""
    summation = Summation(columns)
    summation.add(block)
    return summation.total()


def _sum_objects(
    columns: tuple[str, ...], values: npt.NDArray[np.object_], decimals: tuple[int, ...]
) -> Sums:
    """Sum rows of Python integers: the slow road for numbers of more than 18 digits."""
    with_ones = np.hstack([np.ones((len(values), 1), dtype=np.object_), values])
    return Sums(
        columns=columns,
        decimals=decimals,
        rows=len(values),
        moments=with_ones.T @ with_ones,
        minimum=tuple(values.min(axis=0)),
        maximum=tuple(values.max(axis=0)),
    )


def _limb_products(values: npt.NDArray[np.int64], counts: Sequence[int]) -> npt.NDArray[np.int64]:
    """Multiply all pairs of limbs, the constant 1 first, and sum each over the rows.

    Every limb but a column's last is in [-2**17, 2**17), the last in [-2**17, 2**17], so the
    float64 sums are integers below 2**53 and exact in whatever order the product adds them.
    """
    limbs = np.empty((1 + sum(counts), len(values)))
    limbs[0] = 1
    row = 1
    half = 1 << (LIMB_BITS - 1)
    for j, count in enumerate(counts):
        rest = values[:, j]
        for _ in range(count - 1):
            low = ((rest + half) & (2 * half - 1)) - half
            limbs[row] = low
            rest = (rest - low) >> LIMB_BITS
            row += 1
        limbs[row] = rest
        row += 1
    return (limbs @ limbs.T).astype(np.int64)


def _join_limbs(products: npt.NDArray[np.int64], counts: Sequence[int]) -> npt.NDArray[np.object_]:
    """Shift the sums of limb products together: rows first, then columns."""
    exact = products.astype(np.object_)
    starts = np.cumsum([0, 1, *counts[:-1]])
    shifts = np.array(
        [1] + [1 << (LIMB_BITS * k) for count in counts for k in range(count)], dtype=np.object_
    )
    return np.add.reduceat(
        np.add.reduceat(exact * np.outer(shifts, shifts), starts, axis=0), starts, axis=1
    )
