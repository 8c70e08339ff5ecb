"""The first training rows, collected while rows are read: standard input is read only once."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linreg_cli.exact import Block, ExactDecimal
from linreg_cli.reading import Selection, UsedRows
from linreg_cli.reading.csv import Rows

ROWS = 5
"""The number of rows that are collected."""


@dataclass(frozen=True)
class FirstRow:
    """A row as it is in the file, its numbers exactly; the weight is 1 where rows have none."""

    source: str
    line: int
    features: tuple[Fraction, ...]
    target: Fraction
    weight: Fraction


class FirstRows:
    """Collects the first rows that are used and are not test rows."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self.rows: list[FirstRow] = []

    def take(self, rows: Rows) -> None:
        """Add the first rows of a chunk until there are enough."""
        room = ROWS - len(self.rows)
        if not room:
            return
        used = UsedRows.of(rows, self._selection)
        for index in np.flatnonzero(~used.is_test)[:room].tolist():
            *features, target = _numbers(used.block, index)
            [weight] = [Fraction(1)] if used.weights is None else _numbers(used.weights, index)
            line = int(used.lines[index])
            self.rows.append(FirstRow(used.source, line, tuple(features), target, weight))


def _numbers(block: Block, row: int) -> list[Fraction]:
    """Return the numbers of a row."""
    return [
        Fraction(*ExactDecimal(integer, decimals).as_integer_ratio())
        for integer, decimals in zip(block.values[row].tolist(), block.decimals, strict=True)
    ]
