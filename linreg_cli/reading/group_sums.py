"""The moments of rows by group: every group has sums of its own."""

from linreg_cli.design import Key
from linreg_cli.errors import DataError
from linreg_cli.moments import GroupedMoments, PreparedMoments
from linreg_cli.reading.selection import Selection, UsedRows
from linreg_cli.reading.split_sums import Prepared, SplitSums

MAX_GROUPS = 200_000
"""Maximum number of groups: more would make a model file larger than linreg reads."""


class GroupSums:
    """The moments of rows, by group and part."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._empty = SplitSums(selection)
        self._groups: dict[Key, SplitSums] = {}
        self._without_key = 0

    def prepare(self, used: UsedRows) -> tuple[int, list[tuple[Key, list[Prepared]]]]:
        """Return what `take` adds for some rows."""
        prepare = self._empty.prepare_parts
        return used.without_key, [(key, prepare(parts)) for key, parts in used.groups()]

    def prepare_summed(self, sums: PreparedMoments) -> list[Prepared]:
        """Raise an error: rows that were summed together have no groups."""
        raise NotImplementedError

    def take(self, prepared: tuple[int, list[tuple[Key, list[Prepared]]]]) -> None:
        """Add what was prepared."""
        without_key, groups = prepared
        self._without_key += without_key
        for key, parts in groups:
            sums = self._groups.get(key)
            if sums is None:
                sums = self._groups[key] = SplitSums(self._selection)
            sums.take(parts)

    def refuse_too_many(self, source: str) -> None:
        """Raise an error if there are too many groups, or levels of a category.

        Raises
        ------
        DataError
            If there are.

        """
        by = self._selection.by
        if len(self._groups) > MAX_GROUPS:
            raise DataError(
                f"has more than {MAX_GROUPS:,} {'groups' if len(by) > 1 else 'values'}",
                source=source,
                column=", ".join(by),
                hint="Give --by a column with fewer values.",
            )
        if self._selection.categories:
            for sums in self._groups.values():
                sums.refuse_too_many(source)

    def data(self) -> GroupedMoments:
        """Return the moments of all rows so far."""
        return GroupedMoments(
            by=self._selection.by,
            groups={key: sums.data() for key, sums in self._groups.items()},
            keeps_missing=self._selection.keeps_missing,
            rows_without_key=self._without_key,
        )
