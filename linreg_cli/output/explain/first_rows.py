"""The first rows to train on, taken as they pass: standard input cannot be read again."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linreg_cli.exact import ExactDecimal
from linreg_cli.reading import Selection
from linreg_cli.reading.csv import Rows

ROWS = 5
"""The number of rows that are taken."""


@dataclass(frozen=True, kw_only=True)
class FirstRow:
    """A row as it is in the file.

    Attributes
    ----------
    source, line
        Where it is.
    features, target
        Its numbers, exactly.
    weight
        How much it counts: 1 where all rows count alike.

    """

    source: str
    line: int
    features: tuple[Fraction, ...]
    target: Fraction
    weight: Fraction


class FirstRows:
    """Takes the first rows that are complete, have a weight above 0 and are not for testing."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self.rows: list[FirstRow] = []

    def take(self, rows: Rows) -> None:
        """Take what is still wanted of a chunk."""
        room = ROWS - len(self.rows)
        if not room:
            return
        block, is_weighted = rows.block, bool(self._selection.weights)
        is_used = self._selection.split.trains(block)
        if is_weighted:
            is_used &= block.values[:, -1] > 0
        for index in np.flatnonzero(is_used)[:room].tolist():
            values = block.values[index].tolist()
            cells = [
                Fraction(*ExactDecimal(value, decimals).as_integer_ratio())
                for value, decimals in zip(values, block.decimals, strict=True)
            ]
            weight = cells.pop() if is_weighted else Fraction(1)
            *features, target = cells
            self.rows.append(
                FirstRow(
                    source=rows.source,
                    line=int(rows.complete_lines[index]),
                    features=tuple(features),
                    target=target,
                    weight=weight,
                )
            )
