"""The first rows to train on, taken as they pass: standard input cannot be read again."""

import numpy as np

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
        if len(self.rows) == ROWS:
            return
        block, is_weighted = rows.block, bool(self._wanted.weights)
        is_used = self._wanted.split.trains(block)
        if is_weighted:
            is_used &= block.values[:, -1] > 0
        for index in np.flatnonzero(is_used)[: ROWS - len(self.rows)].tolist():
            self.rows.append(
                FirstRow.of(
                    block,
                    index,
                    is_weighted=is_weighted,
                    source=rows.source,
                    line=int(rows.complete_lines[index]),
                )
            )
