"""From blocks to sums: exact sums of products without a Python loop over the rows.

block of int64 decimals
  │  split into signed limbs of 18 bits, as float64 (12 bits, where rows have weights)
  ▼
one matrix product of the limbs, exact because every sum stays below 2**53
  │  add up as int64 while blocks have the same form
  ▼
shift the limbs together as Python integers: Sums
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt
from flint import arb, ctx, fmpq

from linreg_cli.block import Block
from linreg_cli.sums import LOG_UNIT_BITS, Sums

LIMB_BITS = 18
WEIGHTED_LIMB_BITS = 12
ROWS_PER_PRODUCT = 2**17
"""Products of two limbs of 18 bits, or three of 12, are at most 2**34: the sum of so many is at
most 2**51."""
ROWS_PER_TOTAL = 2**28
"""As many rows add up to at most 2**62, which int64 still holds."""

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Summation:
    """Adds up blocks; `total` gives the sums of all rows so far."""

    def __init__(self, columns: Sequence[str], weights: str = "") -> None:
        self._sums = Sums.none(columns, weights)
        self._pending: _Pending | None = None

    def add(self, block: Block, weights: Block | None = None) -> None:
        """Add the rows of a block; `weights` has one column, of positive numbers."""
        self.take(self.prepare(block, weights))

    def prepare(self, block: Block, weights: Block | None = None) -> "PreparedSums":
        """Do the work of `add` that changes nothing, on any thread."""
        prepared: PreparedSums = []
        for start in range(0, len(block.values), ROWS_PER_PRODUCT):
            rows = slice(start, start + ROWS_PER_PRODUCT)
            part = _part(block, rows)
            weight = None if weights is None else _part(weights, rows)
            parts = [part] if weight is None else [part, weight]
            if any(each.values.dtype != np.int64 for each in parts):
                prepared.append(_sum_objects(self._sums, part, weight))
            else:
                form, pending = _Form.of(part, weight), self._pending
                if pending is not None:
                    form = form.widened(pending.form)
                prepared.append(_Pending.of(form, part, weight))
        return prepared

    def take(self, prepared: "PreparedSums") -> None:
        """Add what was prepared."""
        for new in prepared:
            if isinstance(new, Sums):
                self._sums += new
            elif self._pending is not None and self._pending.can_take(new):
                self._pending.take(new)
            else:
                self.total()
                self._pending = new

    def total(self) -> Sums:
        """Give the sums of all rows added so far."""
        if self._pending is not None:
            self._sums += self._pending.sums(self._sums)
            self._pending = None
        return self._sums


PreparedSums: TypeAlias = list["Sums | _Pending"]
"""What `Summation.prepare` gives to `Summation.take`."""


@dataclass(frozen=True, kw_only=True)
class _Form:
    """How numbers are cut into limbs; sums of blocks of one form add up as they are.

    `limbs` counts the limbs of each column, `weight_limbs` those of the weights: none if the
    rows have no weights.
    """

    decimals: tuple[int, ...]
    limbs: tuple[int, ...]
    weight_decimals: int = 0
    weight_limbs: int = 0

    @classmethod
    def of(cls, block: Block, weights: Block | None) -> Self:
        if weights is None:
            return cls(decimals=block.decimals, limbs=_limb_counts(block, LIMB_BITS))
        return cls(
            decimals=block.decimals,
            limbs=_limb_counts(block, WEIGHTED_LIMB_BITS),
            weight_decimals=weights.decimals[0],
            weight_limbs=_limb_counts(weights, WEIGHTED_LIMB_BITS)[0],
        )

    @property
    def bits(self) -> int:
        return WEIGHTED_LIMB_BITS if self.weight_limbs else LIMB_BITS

    def widened(self, other: Self) -> Self:
        """Take as many limbs as the other form, so that blocks seldom change the form."""
        return type(self)(
            decimals=self.decimals,
            limbs=tuple(map(max, self.limbs, other.limbs)),
            weight_decimals=self.weight_decimals,
            weight_limbs=max(self.weight_limbs, other.weight_limbs),
        )


@dataclass(kw_only=True)
class _Pending:
    """Sums of rows in the form in which the matrix products give them.

    `products` has shape (weight limbs or 1, limbs, limbs), the constant 1 being the first limb.
    """

    form: _Form
    rows: int
    products: Int64s
    minimum: Int64s
    maximum: Int64s
    log_weights: int

    @classmethod
    def of(cls, form: _Form, block: Block, weights: Block | None) -> Self:
        values = block.values.astype(np.int64, copy=False)
        limbs = np.vstack([np.ones(len(values)), *_limbs(values, form.limbs, form.bits)])
        if weights is None:
            products = [limbs @ limbs.T]
        else:
            numbers = weights.values.astype(np.int64, copy=False)
            products = [
                (limbs * limb) @ limbs.T
                for limb in _limbs(numbers, (form.weight_limbs,), form.bits)
            ]
        return cls(
            form=form,
            rows=len(values),
            products=np.array(products).astype(np.int64),
            minimum=values.min(axis=0),
            maximum=values.max(axis=0),
            log_weights=_log_sum(weights),
        )

    def can_take(self, other: Self) -> bool:
        return self.form == other.form and self.rows + other.rows <= ROWS_PER_TOTAL

    def take(self, other: Self) -> None:
        self.rows += other.rows
        self.products += other.products
        np.minimum(self.minimum, other.minimum, out=self.minimum)
        np.maximum(self.maximum, other.maximum, out=self.maximum)
        self.log_weights += other.log_weights

    def sums(self, like: Sums) -> Sums:
        exact = self.products.astype(np.object_)
        total = sum(product << (self.form.bits * k) for k, product in enumerate(exact))
        return Sums(
            columns=like.columns,
            decimals=self.form.decimals,
            rows=self.rows,
            moments=_join_limbs(np.asarray(total), self.form),
            minimum=tuple(self.minimum.tolist()),
            maximum=tuple(self.maximum.tolist()),
            weights=like.weights,
            weight_decimals=self.form.weight_decimals,
            log_weights=self.log_weights,
        )


def _part(block: Block, rows: slice) -> Block:
    return Block(values=block.values[rows], decimals=block.decimals)


def _limb_counts(block: Block, bits: int) -> tuple[int, ...]:
    """Tell how many signed limbs each column needs: one of 18 bits holds 17, two hold 35 ..."""
    largest = np.maximum(block.values.max(axis=0), -block.values.min(axis=0))
    return tuple(int(value).bit_length() // bits + 1 for value in largest)


def _limbs(values: Int64s, counts: Sequence[int], bits: int) -> list[Floats]:
    """Cut columns into signed limbs, low ones first.

    Every limb but a column's last is in [-2**(bits - 1), 2**(bits - 1)), the last is at most
    2**(bits - 1), so the sums of their products are integers below 2**53, and exact in whatever
    order a matrix product adds them.
    """
    half = 1 << (bits - 1)
    limbs = []
    for column, count in zip(values.T, counts, strict=True):
        rest = column
        for _ in range(count - 1):
            low = ((rest + half) & (2 * half - 1)) - half
            limbs.append(low.astype(np.float64))
            rest = (rest - low) >> bits
        limbs.append(rest.astype(np.float64))
    return limbs


def _join_limbs(products: npt.NDArray[np.object_], form: _Form) -> npt.NDArray[np.object_]:
    """Shift the sums of limb products together: rows first, then columns."""
    starts = np.cumsum([0, 1, *form.limbs[:-1]])
    shifts = np.array(
        [1, *(1 << (form.bits * k) for count in form.limbs for k in range(count))],
        dtype=np.object_,
    )
    weighted = products * np.outer(shifts, shifts)
    return np.add.reduceat(np.add.reduceat(weighted, starts, axis=0), starts, axis=1)


def _sum_objects(like: Sums, block: Block, weights: Block | None) -> Sums:
    """Sum rows of Python integers: the slow road for numbers of more than 18 digits."""
    values = block.values.astype(np.object_)
    ones = np.ones((len(values), 1), dtype=np.object_)
    with_ones = np.hstack([ones, values])
    weighted = with_ones if weights is None else with_ones * weights.values.astype(np.object_)
    return Sums(
        columns=like.columns,
        decimals=block.decimals,
        rows=len(values),
        moments=weighted.T @ with_ones,
        minimum=tuple(values.min(axis=0)),
        maximum=tuple(values.max(axis=0)),
        weights=like.weights,
        weight_decimals=0 if weights is None else weights.decimals[0],
        log_weights=_log_sum(weights),
    )


def _log_sum(weights: Block | None) -> int:
    """Sum the logarithms of weights in whole units, so that any order gives the same."""
    if weights is None:
        return 0
    distinct, counts = np.unique(weights.values, return_counts=True)
    return sum(
        int(count) * _log_in_units(int(value), weights.decimals[0])
        for value, count in zip(distinct, counts, strict=True)
    )


@lru_cache(maxsize=2**16)
def _log_in_units(integer: int, decimals: int) -> int:
    """Round the natural logarithm of a weight to whole units of 2**-64."""
    precision = 256
    while True:
        with ctx.workprec(precision):
            logarithm = arb(fmpq(integer, 10**decimals)).log() * 2**LOG_UNIT_BITS
            nearest = (logarithm + fmpq(1, 2)).floor().unique_fmpz()
        if nearest is not None:
            return int(nearest)
        precision *= 2
