"""The first rows to train on, taken as they pass: standard input cannot be read again."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linreg_cli.exact import Block, ExactDecimal
from linreg_cli.reading import Selection, UsedRows
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
        used = UsedRows.of(rows, self._selection)
        for index in np.flatnonzero(~used.is_test)[:room].tolist():
            *features, target = _numbers(used.block, index)
            [weight] = [Fraction(1)] if used.weights is None else _numbers(used.weights, index)
            self.rows.append(
                FirstRow(
                    source=used.source,
                    line=int(used.lines[index]),
                    features=tuple(features),
                    target=target,
                    weight=weight,
                )
            )


def _numbers(block: Block, row: int) -> list[Fraction]:
    """Return the numbers of a row."""
    return [
        Fraction(*ExactDecimal(integer, decimals).as_integer_ratio())
        for integer, decimals in zip(block.values[row].tolist(), block.decimals, strict=True)
    ]
