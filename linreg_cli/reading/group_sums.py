"""The moments of rows by group and part: every group has sums of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import Codes, Key
from linreg_cli.errors import DataError
from linreg_cli.exact import Block, Int64s
from linreg_cli.moments import (
    GroupedMoments,
    GroupSummation,
    Label,
    LevelSums,
    Moments,
    PreparedGroups,
    SplitMoments,
    with_levels_of,
)
from linreg_cli.reading.fast_sums import SummedPart
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.split_sums import PartSums, PreparedPart, refuse_many_levels, split_of
from linreg_cli.reading.used_rows import Part, UsedRows

MAX_GROUPS = 200_000
"""Maximum number of groups: more would make a model file larger than linreg reads."""


class Prepared(Struct, frozen=True, kw_only=True):
    """What was prepared: the number of rows without key, and the sums of the others.

    Without categories these are sums of all groups, with them sums of each group by itself.
    """

    without_key: int
    sums: Sequence[PreparedGroups] = ()
    parts: Sequence[tuple[Label, PreparedPart]] = ()


class GroupSums:
    """The moments of rows, by group and part.

    Without categories the sums of all groups are computed in one pass over a block. With them, or
    with sums of products of four columns, the rows are sorted by group, and each group is summed as
    the rows of one model.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._summation = GroupSummation(selection.columns, selection.weights)
        self._one = PartSums(selection)
        self._parts: dict[Label, PartSums] = {}
        self._without_key = 0
        self._cuts = bool(selection.categories or selection.sums_fourth)

    def prepare(self, used: UsedRows) -> Prepared:
        """Return what `take` adds for some rows."""
        rows, codes, labels = used.by_group()
        if not self._cuts:
            sums = self._summation.prepare(rows.numbers, rows.weights, codes, labels)
            return Prepared(without_key=used.without_key, sums=[sums])
        parts = [
            (labels[code], self._one.prepare(part)) for code, part in _cut(rows, codes, len(labels))
        ]
        return Prepared(without_key=used.without_key, parts=parts)

    def prepare_summed(self, part: SummedPart) -> Prepared:
        """Return what `take` adds for rows that the extension has summed by group."""
        return Prepared(without_key=part.without_key, sums=part.groups)

    def take(self, prepared: Prepared) -> None:
        """Add what was prepared."""
        self._without_key += prepared.without_key
        for sums in prepared.sums:
            self._summation.take(sums)
        for label, part in prepared.parts:
            if label not in self._parts:
                self._parts[label] = PartSums(self._selection)
            self._parts[label].take(part)

    def refuse_too_many(self, source: str) -> None:
        """Raise an error if there are too many groups, or levels of a category.

        Raises
        ------
        DataError
            If there are.

        """
        by = self._selection.by
        keys = self._summation.keys.union(key for key, _ in self._parts)
        if len(keys) > MAX_GROUPS:
            raise DataError(
                f"has more than {MAX_GROUPS:,} {'groups' if len(by) > 1 else 'values'}",
                source=source,
                column=", ".join(by),
                hint="Give --by a column with fewer values.",
            )
        if self._selection.categories:
            refuse_many_levels(self._parts.values(), self._selection, source)

    def data(self) -> GroupedMoments:
        """Return the moments of all rows so far."""
        return GroupedMoments(
            by=self._selection.by,
            groups=self._groups(),
            keeps_missing=self._selection.keeps_missing,
            rows_without_key=self._without_key,
        )

    def _groups(self) -> dict[Key, SplitMoments]:
        selection, design = self._selection, self._selection.design
        found: Mapping[Label, Moments]
        if self._cuts:
            found = {label: sums.total() for label, sums in self._parts.items()}
        else:
            found = self._summation.total()
        none: Callable[[], Moments] = self._one.total
        if design is not None and not self._cuts:
            empty = LevelSums.of(design, selection.columns)
            found = {k: with_levels_of(moments, empty, design) for k, moments in found.items()}
        keys = dict.fromkeys(key for key, _ in found)
        parts = range(selection.split.parts)
        return {
            key: split_of([found.get((key, part)) or none() for part in parts], selection)
            for key in keys
        }


def _cut(rows: Part, codes: Int64s, size: int) -> Iterable[tuple[int, Part]]:
    """Sort rows by group, and yield the rows of each group that has any."""
    order = np.argsort(codes, kind="stable")  # one sort, and no mask for each group
    numbers, weights = (
        None if block is None else replace(block, values=block.values[order])
        for block in (rows.numbers, rows.weights)
    )
    assert isinstance(numbers, Block)  # noqa: S101 - there are numbers
    categories = [Codes(codes=each.codes[order], levels=each.levels) for each in rows.categories]
    counts = np.bincount(codes, minlength=size)
    for code, (count, end) in enumerate(
        zip(counts.tolist(), np.cumsum(counts).tolist(), strict=True)
    ):
        if count:
            which = slice(end - count, end)
            weight = None if weights is None else weights.rows(which)
            of_rows = tuple(each.rows(which) for each in categories)
            yield code, Part(numbers.rows(which), weight, of_rows)
