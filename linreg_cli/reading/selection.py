"""Which columns are read, and how rows are split.

Weights are the last column that is read. Only this module and `linreg_cli.reading.used_rows` know
that: everything else sees the features and the target in one block and the weights in another.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from linreg_cli.design import ComputedColumns
from linreg_cli.errors import DataError
from linreg_cli.moments import ONE_PART, Split

if TYPE_CHECKING:
    from linreg_cli.design import Design, Key, KnownLevels
    from linreg_cli.exact import Block
    from linreg_cli.reading.csv import CsvOptions, Rows, TextUse


class Selection(Struct, frozen=True, kw_only=True, dict=True):
    """Which columns are read, and how rows are split.

    Attributes
    ----------
    columns
        The columns of numbers: the features and, last, the target.
    design
        What the features are computed from, if they are not all columns of the file.
    known
        The levels of the categories, if they are known: rows with another level are left out.
    weights
        The column of weights; empty for none.
    split
        Which part a row belongs to.
    hint
        The remedy for a column that does not exist.
    uses
        How the user wrote the columns of numbers that are read, for hints.
    by
        The columns whose values are the key of a group; none if all rows are one group.
    keeps_missing
        Whether the rows with a missing value in their key are groups too.
    only
        The key of the only group whose rows are used; None for all rows.
    sums_fourth
        Whether products of up to four columns are added up; not with weights.

    """

    columns: tuple[str, ...]
    design: "Design | None" = None
    known: "KnownLevels | None" = None
    weights: str = ""
    split: Split = ONE_PART
    hint: str = ""
    uses: "Mapping[str, TextUse]" = field(default_factory=dict)
    by: tuple[str, ...] = ()
    keeps_missing: bool = False
    only: "Key | None" = None
    sums_fourth: bool = False

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns of categories."""
        return self.design.categories if self.design else ()

    @cached_property
    def computed(self) -> ComputedColumns:
        """How the columns of numbers, and last the weights, are computed from those of the file."""
        names = (*self.columns, self.weights) if self.weights else self.columns
        return ComputedColumns(names=names, terms=self.design.computed if self.design else {})

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns to read: the key, the categories, and what the numbers are computed from."""
        return (*self.by, *self.categories, *self.computed.input_names)

    def refuses(self, options: "CsvOptions") -> bool:
        """Return whether a row can be refused for its numbers, so that its line must be known."""
        return bool(self.weights or (options.fail_on_missing and self.computed.terms))

    @property
    def sums_columns_as_read(self) -> bool:
        """Whether the moments are those of the columns as they are read."""
        return not self.design

    def separated(self, cells: "Block") -> "tuple[Block, Block | None]":
        """Return the features and target of a block of numbers, and its weights, if any."""
        if not self.weights:
            return cells, None
        return cells.columns(slice(-1)), cells.columns(slice(-1, None))

    def refuse_negative_weights(self, rows: "Rows") -> None:
        """Raise an error at the first row with a negative weight.

        Raises
        ------
        DataError
            If there is one.

        """
        if not self.weights:
            return
        import numpy as np

        from linreg_cli.exact import shortest
        from linreg_cli.reading.nines import is_nines

        place = self.computed.input_names.index(self.weights)
        weights = rows.block.values[:, place]
        for row in np.flatnonzero(weights < 0).tolist():
            weight = shortest(int(weights[row]), rows.block.decimals[place])
            raise DataError(
                f"the weight {weight} is negative",
                source=rows.source,
                line=int(rows.complete_lines[row]),
                column=self.weights,
                hint=f"--na {weight} counts it as missing."
                if not weight.decimals and is_nines(weight.integer)
                else "Give weights of at least 0; a weight of 0 leaves the row out.",
            )
