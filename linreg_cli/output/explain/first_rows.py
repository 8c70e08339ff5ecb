"""The first training rows, collected while rows are read: standard input is read only once."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linreg_cli.design import Codes, KnownLevels
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


@dataclass(frozen=True, kw_only=True)
class _ReadRow:
    """A row before all levels of its categories are known."""

    source: str
    line: int
    numbers: Block
    categories: tuple[Codes, ...]
    weight: Fraction


class FirstRows:
    """Collects the first rows that are used and are not test rows."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._read: list[_ReadRow] = []

    def has_room(self) -> bool:
        """Return whether there are not enough rows yet."""
        return len(self._read) < ROWS

    def take(self, rows: Rows) -> None:
        """Add the first rows of a chunk until there are enough."""
        if not self.has_room():
            return
        room = ROWS - len(self._read)
        used = UsedRows.of(rows, self._selection)
        for index in np.flatnonzero(~used.is_test)[:room].tolist():
            [weight] = [Fraction(1)] if used.weights is None else _numbers(used.weights, index)
            alone = slice(index, index + 1)
            self._read.append(
                _ReadRow(
                    source=used.source,
                    line=int(used.lines[index]),
                    numbers=used.numbers.rows(alone),
                    categories=tuple(each.rows(alone) for each in used.categories),
                    weight=weight,
                )
            )

    def rows(self, known: KnownLevels | None) -> list[FirstRow]:
        """Return the rows with their features; `known` has the levels of categories, if any."""
        found = []
        for row in self._read:
            block = known.block(row.numbers, row.categories) if known else row.numbers
            *features, target = _numbers(block, 0)
            found.append(FirstRow(row.source, row.line, tuple(features), target, row.weight))
        return found


def _numbers(block: Block, row: int) -> list[Fraction]:
    """Return the numbers of a row."""
    return [
        Fraction(*ExactDecimal(integer, decimals).as_integer_ratio())
        for integer, decimals in zip(block.values[row].tolist(), block.decimals, strict=True)
    ]
