"""The cells of a chunk, each column by itself: what `linreg columns` describes."""

from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.exact import Int64s
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.column_texts import find_rows, read_columns, sample
from linreg_cli.reading.csv.faults import BadExample, bad_example, ragged_record
from linreg_cli.reading.csv.general_reader import reject_wide
from linreg_cli.reading.csv.grouping import Grouping
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import Numbers, read_numbers
from linreg_cli.reading.csv.remedies import Remedy, find_remedies
from linreg_cli.reading.csv.rows import Reject


class Cells(Struct, frozen=True, kw_only=True, dict=True):
    """What a chunk holds, each column by itself: a bad cell affects only its own column.

    Attributes
    ----------
    layout
        The columns.
    columns
        The cells of each.
    chunk
        Where they stand.
    count
        How many records there are, those that were set aside among them.
    rejects
        Records that were set aside because they have too many or too few fields.

    """

    layout: Layout
    columns: tuple[Numbers, ...]
    chunk: Chunk
    count: int
    rejects: tuple[Reject, ...] = ()

    @property
    def rows(self) -> int:
        """How many records were not set aside."""
        return self.count - len(self.rejects)

    def on_line(self, line: int) -> "Cells":
        """Return the same cells with another number for their first line."""
        return replace(self, chunk=replace(self.chunk, first_line=line))

    def bad_example(self, j: int) -> BadExample | None:
        """Return the first cell of column j that is not a number, if there is one."""
        cell = self.columns[j].first_bad
        if cell is None:
            return None
        line = int(self._lines[cell.row])
        return bad_example(line, cell, self.first_texts(j), self.layout)

    def remedies(self, j: int) -> list[Remedy]:
        """Return the options that read the first cell of column j that is not a number."""
        cell = self.columns[j].first_bad
        if not cell:
            return []
        delimiter = self.layout.syntax.written_delimiter
        others = self.first_texts(j)
        return find_remedies(cell.text, others, self.layout.options, delimiter=delimiter)

    def first_texts(self, j: int) -> list[str]:
        """Return the first cells of column j that are not empty."""
        return sample(self.chunk, [self.layout.positions[j]], self.layout)

    @property
    def groupings_by_source(self) -> dict[str, tuple[Grouping, ...]]:
        """The groupings by the name of the source; empty where they are not asked for."""
        if not self.layout.asks_grouping:
            return {}
        return {self.layout.source: tuple(column.grouping() for column in self.columns)}

    @cached_property
    def _lines(self) -> Int64s:
        _, records, counts = find_rows(self.chunk, self.layout)
        return records.where(counts == self.layout.width).lines


def parse_cells(chunk: Chunk, layout: Layout) -> Cells:
    """Parse the wanted columns of a chunk, each by itself.

    Raises
    ------
    DataError
        At the first record that has another number of fields than the header, unless such records
        are set aside.

    """
    is_record, records, counts = find_rows(chunk, layout)
    is_whole = counts == layout.width
    rejects = []
    for row in np.flatnonzero(~is_whole).tolist():
        text = records.text(row)
        error = ragged_record(int(records.lines[row]), int(counts[row]), text, layout)
        if not layout.options.sets_aside:
            raise error
        rejects.append(Reject(error, text))
    _, columns = read_columns(chunk, is_record, layout)
    if rejects:
        columns = [column.where(is_whole) for column in columns]
    return Cells(
        layout=layout,
        columns=tuple(columns),
        chunk=chunk,
        count=len(records),
        rejects=tuple(rejects),
    )


def set_wide_cells_aside(record: Chunk, layout: Layout) -> Cells:
    """Return cells without rows whose only reject is a record that has too many fields.

    Raises
    ------
    DataError
        If bad records are not set aside.

    """
    reject = reject_wide(record, layout)
    none = read_numbers([], layout.options)
    columns = (none,) * len(layout.positions)
    return Cells(layout=layout, columns=columns, chunk=record, count=1, rejects=(reject,))
