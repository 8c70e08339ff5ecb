"""Moments by group: they add key by key."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import Key
from linreg_cli.moments.split import SplitMoments


class GroupedMoments(Struct, frozen=True, kw_only=True):
    """The moments of the rows of each group.

    Attributes
    ----------
    by
        The columns whose values are the key of a group.
    groups
        The moments of each group, by key. Their `inputs` are empty.
    keeps_missing
        Whether the rows with a missing value in their key are groups too.
    rows_without_key
        The number of these rows, if they are left out.
    inputs
        The SHA-256 of the files that the rows came from, if they are kept.

    """

    by: tuple[str, ...]
    groups: Mapping[Key, SplitMoments]
    keeps_missing: bool = False
    rows_without_key: int = 0
    inputs: frozenset[str] = frozenset()

    def __add__(self, other: Self) -> Self:
        """Return the moments of both sets of rows, group by group."""
        groups = dict(self.groups)
        for key, data in other.groups.items():
            groups[key] = groups[key] + data if key in groups else data
        return replace(
            self,
            groups=groups,
            rows_without_key=self.rows_without_key + other.rows_without_key,
            inputs=self.inputs | other.inputs,
        )

    @property
    def rows(self) -> int:
        """The number of rows, including test rows."""
        return sum(data.rows for data in self.groups.values())

    def pooled(self) -> SplitMoments:
        """Return the moments of the rows of all groups together."""
        return replace(reduce(add, self.groups.values()), inputs=self.inputs)

    def clustered(self) -> SplitMoments:
        """Return the moments of all rows together, and those of each group as a cluster.

        The key has one column, and no value of it is missing.
        """
        clusters = {
            str(key): replace(data.moments, fourth=None)
            for [key], data in self.groups.items()
            if data.moments.rows
        }
        [column] = self.by
        return replace(self.pooled(), cluster_by=column, clusters=clusters).with_same_columns()

    def each(self, change: Callable[[SplitMoments], SplitMoments]) -> Self:
        """Return the same data with the moments of each group changed."""
        return replace(self, groups={key: change(data) for key, data in self.groups.items()})

    def by_columns(self, by: Sequence[str]) -> Self:
        """Return the moments by some of the columns of the key: groups that agree in them join."""
        places = [self.by.index(column) for column in by]
        groups: dict[Key, SplitMoments] = {}
        for key, data in self.groups.items():
            short = tuple(key[place] for place in places)
            groups[short] = groups[short] + data if short in groups else data
        return replace(self, by=tuple(by), groups=groups)
