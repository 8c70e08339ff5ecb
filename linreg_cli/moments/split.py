"""Rows are assigned to a test part and to folds by a hash of their values.

So the split does not depend on the order of the rows, the blocks or the machine. Equal rows are
always in the same part, and ``1.5`` and ``1.50`` are the same value.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import add, sub
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli.moments.moments import Moments

if TYPE_CHECKING:
    from linreg_cli.design import Design, KnownLevels
    from linreg_cli.exact import Block, Flags, Int64s, UInt64s


class Split(Struct, frozen=True, kw_only=True):
    """The parts that rows are assigned to.

    Attributes
    ----------
    parts
        Number of parts.
    test_fraction
        The fraction of the rows, between 0 and 1, in part 0, which is the test part. The other
        parts, which are folds if there are several, have equal fractions of the rest. None if
        there is no test part: all parts then have equal fractions.
    seed
        Random seed: another seed assigns rows to other parts.

    """

    parts: int
    test_fraction: float | None = None
    seed: int = 0

    @classmethod
    def of(cls, *, test_fraction: float, folds: int, seed: int) -> Self:
        """Return a split into a test part, unless its fraction is 0, and folds of the rest."""
        if test_fraction:
            return cls(parts=1 + max(1, folds), test_fraction=test_fraction, seed=seed)
        return cls(parts=max(1, folds), seed=seed)

    def assign(self, block: "Block") -> "Int64s":
        """Return the part of each row, counted from 0, shape (rows,)."""
        import numpy as np

        from linreg_cli.moments.row_hashes import hash_rows

        return self._parts_of(hash_rows(block, self.seed) >> np.uint64(32))

    def _parts_of(self, numbers: "UInt64s") -> "Int64s":
        """Return the part of each number of 32 bits, which are the high ones of a hash."""
        import numpy as np

        fractions = numbers.astype(np.float64) / 2**32
        if self.test_fraction is None:
            return (fractions * self.parts).astype(np.int64)
        # the test part does not depend on the number of folds
        others = self.parts - 1
        folds = (fractions - self.test_fraction) / (1 - self.test_fraction) * others
        return np.where(
            fractions < self.test_fraction, 0, 1 + np.minimum(folds, others - 1)
        ).astype(np.int64)

    def bounds(self) -> "Int64s":
        """Return the smallest number of 32 bits that is in a later part, of each but the last.

        It is 2**32 if there is none. A larger number is in no earlier part, because every step of
        the arithmetic rounds larger numbers to no smaller ones.
        """
        import numpy as np

        parts = np.arange(self.parts - 1)
        bounds = np.zeros(self.parts - 1, np.uint64)
        for bit in reversed(range(33)):
            further = bounds + np.uint64(2**bit)
            bounds = np.where(self._parts_of(further - np.uint64(1)) <= parts, further, bounds)
        return bounds.astype(np.int64)

    def trains(self, block: "Block") -> "Flags":
        """Return for each row whether it is a training row, which is one outside the test part."""
        import numpy as np

        if self.test_fraction is None:
            return np.ones(len(block.values), dtype=np.bool_)
        return self.assign(block) > 0


ONE_PART = Split(parts=1)


class SplitMoments(Struct, frozen=True, kw_only=True):
    """The moments of the rows, by part.

    Attributes
    ----------
    moments
        The moments of the training rows.
    test
        The moments of the test rows, if there are any.
    folds
        The moments of the training rows by fold of a cross-validation, if there is one.
    split_by
        The columns whose values decide the part of a row, if they are not those of the moments.
    inputs
        The SHA-256 of the files that the rows came from, if they are kept.
    design
        What the features are computed from, if one is not a column; the moments have all levels
        of its categories.
    known
        The levels of these categories, where the moments are those of the features of a fit.
    cluster_by
        The column of the clusters, if their moments are kept; empty if not.
    clusters
        The moments of the training rows of each cluster, by its value in this column.

    """

    moments: Moments
    test: Moments | None = None
    folds: tuple[Moments, ...] = ()
    split_by: tuple[str, ...] = ()
    inputs: frozenset[str] = frozenset()
    design: "Design | None" = None
    known: "KnownLevels | None" = None
    cluster_by: str = ""
    clusters: Mapping[str, Moments] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        """Add the rows of each part of another split of the same kind."""
        return replace(self._part_by_part(other, add), inputs=self.inputs | other.inputs)

    def __sub__(self, other: Self) -> Self:
        """Remove rows from their parts."""
        return replace(self._part_by_part(other, sub), inputs=self.inputs - other.inputs)

    @property
    def rows(self) -> int:
        """The number of rows, including test rows."""
        return self.moments.rows + (0 if self.test is None else self.test.rows)

    def by_name(self) -> dict[str, Moments]:
        """Return the moments of each part by its name in messages."""
        folds = {f"fold {number}": fold for number, fold in enumerate(self.folds, start=1)}
        if self.test is None:
            return {"the model": self.moments, **folds}
        return {"the training part": self.moments, "the test part": self.test, **folds}

    def select(self, columns: Sequence[str]) -> Self:
        """Return the moments of some of the columns, in the order of `columns`."""
        split_by = self.split_by or self.moments.columns
        is_split = self.test is not None or self.folds
        if self.design is not None:  # the columns that are read decide
            split_by = self.split_by
        elif not is_split or split_by == tuple(columns):
            split_by = ()
        return replace(self.each(lambda part: part.select(columns)), split_by=split_by)

    def each(self, change: Callable[[Moments], Moments]) -> Self:
        """Return the same data with each part changed."""
        return replace(
            self,
            moments=change(self.moments),
            test=None if self.test is None else change(self.test),
            folds=tuple(map(change, self.folds)),
            clusters={key: change(part) for key, part in self.clusters.items()},
        )

    def with_same_columns(self) -> Self:
        """Return the same data, each part with the products of all levels of all parts.

        One that a part lacks is 0 in all of its rows.
        """
        if self.design is None:
            return self
        from linreg_cli.design import expanded, in_order

        terms = {k: term for part in self.by_name().values() for k, term in part.terms.items()}
        levels: dict[str, set[str]] = {column: set() for column in self.design.categories}
        for term in terms.values():
            for column, level in term.levels:
                levels[column].add(level)
        in_all = {column: in_order(found) for column, found in levels.items()}
        for written in self.design.terms:
            if written.categories:
                terms |= {term.name: term for term in expanded(written, in_all)}
        *features, target = self.moments.columns
        columns = [*dict.fromkeys([*features, *terms]), target]
        return self.each(lambda part: part.with_zeros(columns, terms))

    def without_levels_lost_from(self, before: Self) -> Self:
        """Return what is left of other data, without the levels that no row has any more."""
        lost = before._levels_with_sums() - self._levels_with_sums()
        terms = self.moments.terms
        names = self.moments.columns
        kept = [name for name in names if name not in terms or lost.isdisjoint(terms[name].levels)]
        return self.each(lambda part: part.select(kept))

    def _levels_with_sums(self) -> set[tuple[str, str]]:
        """Return the levels of which some column is not 0 in all rows."""
        return {
            level
            for part in (self.moments, *([] if self.test is None else [self.test]))
            for j, name in enumerate(part.columns, start=1)
            if name in part.terms and part.matrix[j][j]
            for level in part.terms[name].levels
        }

    def _part_by_part(self, other: Self, combine: Callable[[Moments, Moments], Moments]) -> Self:
        tests = [part for part in (self.test, other.test) if part is not None]
        return replace(
            self,
            moments=combine(self.moments, other.moments),
            test=combine(*tests) if tests else None,
            folds=tuple(combine(a, b) for a, b in zip(self.folds, other.folds, strict=True)),
            clusters=_key_by_key(self.clusters, other.clusters, combine),
            design=self.design and self.design.allowing(other.design),
        ).with_same_columns()


def _key_by_key(
    first: Mapping[str, Moments],
    second: Mapping[str, Moments],
    combine: Callable[[Moments, Moments], Moments],
) -> Mapping[str, Moments]:
    """Return the moments of each cluster; one that the first data lack has no rows there."""
    combined = dict(first)
    for key, part in second.items():
        combined[key] = combine(first[key] if key in first else part - part, part)
    return combined
