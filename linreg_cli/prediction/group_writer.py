"""Records of a table with predictions, each from the model of the row's group."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NoReturn

import numpy as np
from msgspec import Struct

from linreg_cli.design import Key, join_codes
from linreg_cli.errors import DataError, nearest
from linreg_cli.exact import Int64s, RowError
from linreg_cli.model import show_key
from linreg_cli.prediction.fast_predictor import PredictedPart, WrittenRecords
from linreg_cli.prediction.feature_rows import refuse_unknown, with_features
from linreg_cli.prediction.group_planes import GroupPlanes
from linreg_cli.prediction.grouped_columns import GroupColumns, GroupCounts, GroupedColumns
from linreg_cli.prediction.record_writer import Writer
from linreg_cli.prediction.training_range import OutsideCounts
from linreg_cli.reading import GroupRows, Undefined, find_groups
from linreg_cli.reading.csv import Layout, Rows


class _Found(Struct, kw_only=True):
    """What is found for the rows of a chunk."""

    texts: list[Sequence[str]]
    groups: GroupCounts
    outside: Counter[str]
    unknown: Counter[str]
    lacking: int = 0
    """The number of rows whose prediction has no inverse."""


class GroupWriter(Writer, frozen=True, kw_only=True):
    """Writes the prediction columns of the rows of a table; `columns` are those of one group."""

    groups: GroupedColumns

    def each_part(
        self, layout: Layout, threads: int
    ) -> Iterator[tuple[Rows | PredictedPart, WrittenRecords | None]]:
        """Yield each part of the table with its output, as `write` returns it.

        Raises
        ------
        DataError
            At the first record that cannot be read.

        """
        return self.table.each_taken(layout, lambda _: None, self.write, threads=threads)

    def write(self, rows: Rows | PredictedPart) -> WrittenRecords | None:
        """Return the output for some rows, or None if a row has no prediction: see `refuse`."""
        assert isinstance(rows, Rows)  # noqa: S101 - no other part is made
        rows, undefined = self._computed(rows)
        planes = self.groups.planes
        try:
            written = self._numbers(rows, planes, undefined) if planes else None
            if written is not None:
                fails = self.fails_on_unknown and written.groups.unknown.rows
                return None if fails else written
            found = self._texts(rows, list(find_groups(rows.keys)))
        except RowError:
            return None
        if self.fails_on_unknown and (found.unknown or found.groups.unknown.rows):
            return None
        return WrittenRecords(
            text=self._with_texts(rows, found.texts),
            outside=found.outside,
            unknown=found.unknown,
            undefined=undefined.with_rows(self.columns.predicted, found.lacking),
            groups=found.groups,
        )

    def _numbers(
        self, rows: Rows, planes: GroupPlanes, undefined: Undefined
    ) -> WrittenRecords | None:
        """Return the output of rows with a prediction alone, which the extension writes.

        None if the extension cannot compute these predictions.

        Raises
        ------
        RowError
            If a row has no prediction.

        """
        codes, keys = join_codes(rows.keys)
        found = planes.find(keys)
        places = found[codes]
        has_one = places >= 0
        block, places = rows.block.rows(has_one), places[has_one]
        predictions = planes.predict(block, places)
        if predictions is None:
            return None
        complete = rows.complete.copy()
        complete[complete] = has_one
        return WrittenRecords(
            text=self._with_numbers(rows, complete, predictions),
            outside=planes.count_outside(block, places),
            undefined=undefined,
            groups=self._without_model(codes, keys, found),
        )

    def _without_model(self, codes: Int64s, keys: Sequence[Key], found: Int64s) -> GroupCounts:
        """Return the counts of rows whose group has no place, in the order of their first rows."""
        counts = GroupCounts()
        if (found < 0).any():
            _, first, sizes = np.unique(codes, return_index=True, return_counts=True)
            lacking = np.flatnonzero(found < 0)
            for code in lacking[np.argsort(first[lacking])].tolist():
                counts.count_without_model(self.groups.model, keys[code], int(sizes[code]))
        return counts

    def _texts(self, rows: Rows, groups: Sequence[GroupRows]) -> _Found:
        """Return the texts of all columns.

        Raises
        ------
        RowError
            If a row has no prediction.

        """
        nothing = ("",) * len(self.columns.names(""))
        found = _Found(
            texts=[nothing] * len(rows.complete),
            groups=GroupCounts(),
            outside=Counter(),
            unknown=Counter(),
        )
        decimal = "." if self.is_only else self.table.options.decimal
        records = np.flatnonzero(rows.complete)
        for group in groups:
            columns = self._columns_of(group, found.groups)
            if columns is None:
                continue
            texts = iter(self._texts_of(group, columns, rows, decimal, found))
            for record in records[group.places].tolist():
                text = next(texts)
                found.texts[record] = nothing if text is None else text
        return found

    def _texts_of(
        self, group: GroupRows, columns: GroupColumns, rows: Rows, decimal: str, found: _Found
    ) -> Iterator[Sequence[str] | None]:
        """Yield the texts of each row of a group; None for a row without a prediction."""
        model = columns.columns.model
        places = self.groups.places(columns)
        counts = OutsideCounts(model)
        if not columns.is_whole:
            found.groups.partial.add(len(group.places), [group.key])
        if columns.apart:
            found.groups.apart.add(len(group.places), [group.key])
        for part in with_features(group.of(rows), model.known_levels):
            counts.count_block(part.rows.block.columns(slice(len(model.x))))
            found.unknown.update(part.unknown)
            texts = columns.columns.of_rows(part.rows, decimal)
            for is_there in part.rows.complete.tolist():
                text = self._in_places(next(texts), places) if is_there else None
                found.lacking += text is not None and not text[0]
                yield text
        found.outside.update(counts.outside)

    def _in_places(self, texts: Sequence[str], places: Sequence[int] | None) -> Sequence[str]:
        """Return the texts of all columns from those of some."""
        if places is None:
            return texts
        wide = [""] * len(self.columns.names(""))
        for place, text in zip(places, texts, strict=True):
            wide[place] = text
        return wide

    def _columns_of(self, group: GroupRows, counts: GroupCounts) -> GroupColumns | None:
        """Return the columns of a group; if there are none, its rows are counted."""
        columns = self.groups.of_key(group.key)
        if columns is None:
            counts.count_without_model(self.groups.model, group.key, len(group.places))
        return columns

    def refuse(self, rows: Rows | PredictedPart) -> NoReturn:
        """Raise the first error of rows for which `write` returns None.

        Raises
        ------
        DataError
            With the line of the row.

        """
        assert isinstance(rows, Rows)  # noqa: S101 - no other part is made
        rows, _ = self._computed(rows)
        errors = [
            error
            for group in find_groups(rows.keys)
            for error in self._errors(group, group.of(rows))
        ]
        raise min(errors, key=lambda error: error.line or 0)

    def _errors(self, group: GroupRows, rows: Rows) -> Iterator[DataError]:
        """Yield the first errors of the rows of a group."""
        columns = self.groups.of_key(group.key)
        if columns is None:
            if self.fails_on_unknown and self._counts_of(group).unknown.rows:
                yield self._unknown_group(group.key, rows)
            return
        known = columns.columns.model.known_levels
        try:
            if known and self.fails_on_unknown:
                refuse_unknown(rows, known)
            for part in with_features(rows, known):
                self._refuse_large(columns, part.rows)
        except DataError as error:
            yield error

    def _refuse_large(self, columns: GroupColumns, rows: Rows) -> None:
        try:
            list(columns.columns.of_rows(rows))
        except RowError as error:
            line = int(rows.complete_lines[error.row])
            raise DataError(error.problem, source=rows.source, line=line, hint=error.hint) from None

    def _counts_of(self, group: GroupRows) -> GroupCounts:
        counts = GroupCounts()
        self._columns_of(group, counts)
        return counts

    def _unknown_group(self, key: Key, rows: Rows) -> DataError:
        shown = show_key(key)
        near = nearest(shown, map(show_key, self.groups.model.keys))
        return DataError(
            f"no training row has the group '{shown}'{'; ' + near if near else ''}",
            source=rows.source,
            line=int(rows.complete_lines[0]),
            column=", ".join(self.groups.by),
            hint="Without --unknown fail, such a row gets an empty prediction.",
        )
