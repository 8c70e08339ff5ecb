"""The rows of a chunk that are used, and how they are split.

Weights are separated from the columns:

    read      feet  price  weight              block    feet  price     weights  weight
              500   150    1                            500   150                1
              NA    300    1        missing             2500  750                2
              1500  450    0        weight 0
              2500  750    2

Categories are read as codes of their levels. When the levels are known, the block has a column for
each feature.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from msgspec import Struct

from linreg_cli.design import join_codes
from linreg_cli.exact import to_floats
from linreg_cli.reading.computed_rows import compute_rows

if TYPE_CHECKING:
    from linreg_cli.design import Codes, Key, KnownLevels
    from linreg_cli.exact import Block, Flags, Floats, Int64s
    from linreg_cli.reading.csv import Rows
    from linreg_cli.reading.row_counts import Undefined
    from linreg_cli.reading.selection import Selection


class Part(NamedTuple):
    """The rows of one part: the columns of numbers, the weights, and the categories."""

    numbers: "Block"
    weights: "Block | None"
    categories: "tuple[Codes, ...]"


class UsedRows(Struct, frozen=True, kw_only=True, dict=True):
    """The rows of a chunk that are used: complete, of known levels, with a weight above 0.

    Attributes
    ----------
    weights
        The weights, as a block of one column; None where there are none.
    categories
        The levels of the rows.
    source
        The name of the source.
    unknown
        The number of rows of each level that is not known, as ``city 'Galt'``.
    undefined
        What could not be computed.
    keys
        The columns of the key of a group.
    without_key
        The number of rows that are left out because a value of their key is missing.
    of_others
        The number of rows that are left out because they belong to other groups.

    """

    weights: "Block | None"
    categories: "tuple[Codes, ...]"
    source: str
    unknown: Counter[str]
    undefined: "Undefined"
    keys: "tuple[Codes, ...]"
    without_key: int
    of_others: int
    _numbers: "Block"
    """The columns of numbers and, last, the target."""
    _cells: "Block"
    """The same columns, and the weights: these values decide the part of a row."""
    _selection: "Selection"
    _rows: "Rows"
    _is_used: "Flags | slice"

    @classmethod
    def of(cls, rows: "Rows", selection: "Selection") -> Self:
        """Separate the used rows of a chunk from the others, and the weights from the columns."""
        of_others = 0
        if selection.only is not None:
            of_others = rows.used
            from linreg_cli.reading.group_rows import rows_of_key

            rows = rows_of_key(rows, selection.only)
            of_others -= rows.used
        rows, undefined = compute_rows(rows, selection.computed)
        cells, categories = rows.block, rows.categories
        unknown = Counter[str]()
        is_used: Flags | slice = slice(None)
        if selection.weights:
            is_used = cells.values[:, -1] > 0
        if selection.known is not None:
            is_unknown = selection.known.are_unknown(categories, len(cells.values))
            unknown = count_unknown(selection.known, categories, is_unknown)
            is_used = ~is_unknown if isinstance(is_used, slice) else is_used & ~is_unknown
        without_key = 0
        if not selection.keeps_missing and any((each.codes < 0).any() for each in rows.keys):
            import numpy as np

            has_key = np.logical_and.reduce([each.codes >= 0 for each in rows.keys])
            both = has_key if isinstance(is_used, slice) else is_used & has_key
            without_key = int(np.count_nonzero(~has_key[is_used]))
            is_used = both
        keys = rows.keys
        if not isinstance(is_used, slice):
            cells = cells.rows(is_used)
            categories = tuple(each.rows(is_used) for each in categories)
            keys = tuple(each.rows(is_used) for each in keys)
        numbers, weights = selection.separated(cells)
        return cls(
            weights=weights,
            categories=categories,
            source=rows.source,
            unknown=unknown,
            undefined=undefined,
            keys=keys,
            without_key=without_key,
            of_others=of_others,
            _numbers=numbers,
            _cells=cells,
            _selection=selection,
            _rows=rows,
            _is_used=is_used,
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._cells.values)

    @cached_property
    def block(self) -> "Block":
        """The features and, last, the target; the levels must be known if there are categories."""
        known = self._selection.known
        return self._numbers if known is None else known.block(self._numbers, self.categories)

    @property
    def numbers(self) -> "Block":
        """The columns of numbers and, last, the target."""
        return self._numbers

    @property
    def lines(self) -> "Int64s":
        """The line of each row in the source, shape (rows,)."""
        return self._rows.complete_lines[self._is_used]

    def line_of(self, row: int) -> int:
        """Return the line of a row, counted from 0, in the source."""
        return int(self.lines[row])

    @property
    def float_weights(self) -> "Floats":
        """The weight of each row, shape (rows,): 1 where there are no weights."""
        import numpy as np

        return np.ones(len(self)) if self.weights is None else to_floats(self.weights)[:, 0]

    @property
    def is_test(self) -> "Flags":
        """Which rows are in the test part, shape (rows,)."""
        from linreg_cli.moments import with_hashes

        return ~self._selection.split.trains(with_hashes(self._cells, self.categories))

    def parts(self) -> Iterator[Part]:
        """Yield the rows in each part of the split."""
        split = self._selection.split
        if split.parts == 1:
            yield Part(self._numbers, self.weights, self.categories)
            return
        from linreg_cli.moments import with_hashes

        parts = split.assign(with_hashes(self._cells, self.categories))
        for number in range(split.parts):
            which = parts == number
            numbers, weights = self._selection.separated(self._cells.rows(which))
            yield Part(numbers, weights, tuple(each.rows(which) for each in self.categories))

    def by_group(self) -> "tuple[Part, Int64s, list[tuple[Key, int]]]":
        """Return the rows, the group of each, and the key and part of each group.

        A group may have no row.
        """
        from linreg_cli.moments import with_hashes

        parts = self._selection.split.parts
        codes, keys = join_codes(self.keys)
        codes = codes * parts
        if parts > 1:
            codes += self._selection.split.assign(with_hashes(self._cells, self.categories))
        labels = [(key, part) for key in keys for part in range(parts)]
        return Part(self._numbers, self.weights, self.categories), codes, labels


def count_unknown(
    known: "KnownLevels", categories: "tuple[Codes, ...]", is_unknown: "Flags"
) -> Counter[str]:
    """Return the number of rows of each level that is not known; the first level of a row counts.

    The levels of a category are in the order of their first rows.
    """
    import numpy as np

    found = Counter[str]()
    left = is_unknown
    for column, each in zip(known.design.categories, categories, strict=True):
        is_other = np.array([level not in known.levels[column] for level in each.levels], np.bool_)
        here = left & is_other[each.codes]
        codes, first, counts = np.unique(each.codes[here], return_index=True, return_counts=True)
        for place in np.argsort(first).tolist():
            found[f"{column} '{each.levels[codes[place]]}'"] = int(counts[place])
        left = left & ~here
    return found
