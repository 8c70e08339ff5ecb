"""Which columns and rows are used, and their weights.

Weights are the last column that is read. Only this module knows that: everything else sees the
features and the target in one block and the weights in another.

    read      feet  price  weight              block    feet  price     weights  weight
              500   150    1                            500   150                1
              NA    300    1        missing             2500  750                2
              1500  450    0        weight 0
              2500  750    2
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np

from linreg_cli.errors import DataError
from linreg_cli.exact import Block, Flags, Floats, Int64s, power_of_ten, shortest, to_floats
from linreg_cli.moments import ONE_PART, Split
from linreg_cli.reading.csv import Rows


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which columns are read, and how rows are split.

    Attributes
    ----------
    columns
        The features and, last, the target.
    weights
        The column of weights; empty for none.
    split
        Which part a row belongs to.
    hint
        The remedy for a column that does not exist.

    """

    columns: tuple[str, ...]
    weights: str = ""
    split: Split = ONE_PART
    hint: str = ""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns to read, the weights last."""
        return (*self.columns, self.weights) if self.weights else self.columns

    def separated(self, cells: Block) -> tuple[Block, Block | None]:
        """Return the features and target of a block of `all_columns`, and its weights, if any."""
        if not self.weights:
            return cells, None
        return cells.columns(slice(-1)), cells.columns(slice(-1, None))

    def refuse_negative_weights(self, rows: Rows) -> None:
        """Raise an error at the first row with a negative weight.

        Raises
        ------
        DataError
            If there is one.

        """
        if not self.weights:
            return
        weights = rows.block.values[:, -1]
        for row in np.flatnonzero(weights < 0).tolist():
            from linreg_cli.reading.likely_markers import is_nines  # loads flint: no row waits

            weight = shortest(int(weights[row]), rows.block.decimals[-1])
            raise DataError(
                f"the weight {weight} is negative",
                source=rows.source,
                line=int(rows.complete_lines[row]),
                column=self.weights,
                hint=f"--na {weight} counts it as missing."
                if is_nines(Fraction(weight.integer, power_of_ten(weight.decimals)))
                else "Give weights of at least 0; a weight of 0 leaves the row out.",
            )


@dataclass(frozen=True, kw_only=True)
class UsedRows:
    """The rows of a chunk that are used: those that are complete and have a weight above 0.

    Attributes
    ----------
    block
        The features and, last, the target.
    weights
        The weights, as a block of one column; None where there are none.
    source
        The name of the source.

    """

    block: Block
    weights: Block | None
    source: str
    _cells: Block
    """All columns, the weights among them: these values decide the part of a row."""
    _selection: Selection
    _rows: Rows
    _is_used: Flags | slice

    @classmethod
    def of(cls, rows: Rows, selection: Selection) -> Self:
        """Separate the used rows of a chunk from the others, and the weights from the columns."""
        cells = rows.block
        is_used: Flags | slice = slice(None)
        if selection.weights:
            is_used = cells.values[:, -1] > 0
            cells = cells.rows(is_used)
        block, weights = selection.separated(cells)
        return cls(
            block=block,
            weights=weights,
            source=rows.source,
            _cells=cells,
            _selection=selection,
            _rows=rows,
            _is_used=is_used,
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._cells.values)

    @property
    def lines(self) -> Int64s:
        """The line of each row in the source, shape (rows,)."""
        return self._rows.complete_lines[self._is_used]

    @property
    def float_weights(self) -> Floats:
        """The weight of each row, shape (rows,): 1 where there are no weights."""
        return np.ones(len(self)) if self.weights is None else to_floats(self.weights)[:, 0]

    @property
    def is_test(self) -> Flags:
        """Which rows are in the test part, shape (rows,)."""
        return ~self._selection.split.trains(self._cells)

    def parts(self) -> Iterator[tuple[Block, Block | None]]:
        """Yield the features and target, and the weights, of the rows in each part of the split."""
        yield from map(self._selection.separated, self._selection.split.blocks(self._cells))
