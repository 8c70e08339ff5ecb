"""The first rows to train on, taken as they pass: standard input cannot be read again."""

import numpy as np

from linreg_cli.decimals import ExactDecimal
from linreg_cli.explanation import FirstRow
from linreg_cli.gather import Wanted
from linreg_cli.reading import Rows

ROWS = 5
"""How many are taken."""


class FirstRows:
    """Takes the first rows that are complete, have a weight above 0 and are not for testing."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.rows: list[FirstRow] = []

    def take(self, rows: Rows) -> None:
        """Take what is still wanted of a chunk."""
        room = ROWS - len(self.rows)
        if not room:
            return
        block, is_weighted = rows.block, bool(self._wanted.weights)
        is_used = self._wanted.split.trains(block)
        if is_weighted:
            is_used &= block.values[:, -1] > 0
        for index in np.flatnonzero(is_used)[:room].tolist():
            values = block.values[index].tolist()
            cells = [ExactDecimal(v, d) for v, d in zip(values, block.decimals, strict=True)]
            weight = cells.pop() if is_weighted else None
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
