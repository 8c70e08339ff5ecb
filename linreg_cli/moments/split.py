"""Which part a row belongs to, decided by a hash of its values.

So the split depends on no order, block or machine, equal rows are always in the same part, and
``1.5`` and ``1.50`` are the same value.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import add, sub
from typing import Self

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Block, UInt64s, mix
from linreg_cli.moments.moments import Moments

_PRIME = 2**31 - 1
"""Arithmetic modulo a prime below 2**31: products fit int64, and 1/10 exists."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """How rows are dealt out.

    Attributes
    ----------
    parts
        How many parts there are.
    first_fraction
        The share of part 0, which is for testing; the others, folds if there are several, share
        the rest alike. None deals all alike.
    seed
        Another seed deals anew.

    """

    parts: int
    first_fraction: float | None = None
    seed: int = 0

    @classmethod
    def asked_for(cls, *, test_fraction: float, folds: int, seed: int) -> Self:
        """Return the split that settings ask for: a test part if wanted, and folds of the rest."""
        if test_fraction:
            return cls(parts=1 + max(1, folds), first_fraction=test_fraction, seed=seed)
        return cls(parts=max(1, folds), seed=seed)

    def blocks(self, block: Block) -> Iterator[Block]:
        """Give the rows of each part."""
        if self.parts == 1:
            yield block
            return
        parts = self.assign(block)
        for part in range(self.parts):
            yield block.rows(parts == part)

    def assign(self, block: Block) -> npt.NDArray[np.int64]:
        """Give the part of each row, shape (rows,)."""
        # the high 32 bits, as a share of 2**32
        shares = (_hash_rows(block, self.seed) >> np.uint64(32)).astype(np.float64) / 2**32
        if self.first_fraction is None:
            return (shares * self.parts).astype(np.int64)
        # which rows are for testing does not depend on the number of folds
        others = self.parts - 1
        folds = (shares - self.first_fraction) / (1 - self.first_fraction) * others
        return np.where(shares < self.first_fraction, 0, 1 + np.minimum(folds, others - 1)).astype(
            np.int64
        )

    def trains(self, block: Block) -> npt.NDArray[np.bool_]:
        """Tell which rows are to train on: all but those of a first part with its own share."""
        if self.first_fraction is None:
            return np.ones(len(block.values), dtype=np.bool_)
        return self.assign(block) > 0


ONE_PART = Split(parts=1)


@dataclass(frozen=True, kw_only=True)
class SplitMoments:
    """The sums of the rows, by what they are for.

    Attributes
    ----------
    moments
        The rows to train on.
    test
        The rows that were kept for testing, if any.
    folds
        The same rows as in `moments`, by folds of a cross-validation, if there is one; rows for
        testing are in no fold.
    split_by
        The columns that rows were dealt out by, where they are not those of the sums.
    inputs
        The SHA-256 of the files that rows came from, as far as they are kept.

    """

    moments: Moments
    test: Moments | None = None
    folds: tuple[Moments, ...] = ()
    split_by: tuple[str, ...] = ()
    inputs: frozenset[str] = frozenset()

    def __add__(self, other: Self) -> Self:
        """Join the rows of two that were dealt out alike, part by part."""
        return replace(self._part_by_part(other, add), inputs=self.inputs | other.inputs)

    def __sub__(self, other: Self) -> Self:
        """Take rows out of the parts that they were dealt to."""
        return replace(self._part_by_part(other, sub), inputs=self.inputs - other.inputs)

    @property
    def rows(self) -> int:
        """How many rows there are, those for testing among them."""
        return self.moments.rows + (0 if self.test is None else self.test.rows)

    def by_name(self) -> dict[str, Moments]:
        """Give the parts by what messages call them."""
        folds = {f"fold {number}": fold for number, fold in enumerate(self.folds, start=1)}
        if self.test is None:
            return {"the model": self.moments, **folds}
        return {"the training part": self.moments, "the test part": self.test, **folds}

    def select(self, columns: Sequence[str]) -> Self:
        """Give the same parts with fewer columns, or in another order."""
        split_by = self.split_by or self.moments.columns
        is_split = self.test is not None or self.folds
        return replace(
            self,
            moments=self.moments.select(columns),
            test=None if self.test is None else self.test.select(columns),
            folds=tuple(fold.select(columns) for fold in self.folds),
            split_by=split_by if is_split and split_by != tuple(columns) else (),
        )

    def _part_by_part(self, other: Self, combine: Callable[[Moments, Moments], Moments]) -> Self:
        tests = [part for part in (self.test, other.test) if part is not None]
        return replace(
            self,
            moments=combine(self.moments, other.moments),
            test=combine(*tests) if tests else None,
            folds=tuple(combine(a, b) for a, b in zip(self.folds, other.folds, strict=True)),
        )


def _hash_rows(block: Block, seed: int) -> UInt64s:
    """Hash the values of each row: linear modulo a prime, then mixed."""
    factors = np.random.default_rng(seed).integers(1, _PRIME, size=(2, block.values.shape[1]))
    high, low = (_combine(block, row.tolist()) for row in factors)
    return mix((high << np.uint64(31)) ^ low)


def _combine(block: Block, factors: list[int]) -> UInt64s:
    """Add up the values of each row times the factors, modulo the prime."""
    total = np.zeros(len(block.values), dtype=np.int64)
    for j, factor in enumerate(factors):
        # dividing by 10**decimals makes 1.50 and 1.5 the same residue
        unit = factor * pow(10, -block.decimals[j], _PRIME) % _PRIME
        residues = (block.values[:, j] % _PRIME).astype(np.int64)
        total = (total + residues * unit) % _PRIME
    return total.astype(np.uint64)
