"""Levels: the different values of a category, their order, and rows as codes of levels."""

from collections.abc import Iterable
from typing import Self

import numpy as np
from msgspec import Struct

from linreg_cli.exact import Flags, Int64s, parse


class Codes(Struct, frozen=True, kw_only=True):
    """A category in some rows: row i has the level ``levels[codes[i]]``.

    Attributes
    ----------
    codes
        The code of each row, shape (rows,).
    levels
        The levels, each once; a level may occur in no row.

    """

    codes: Int64s
    levels: tuple[str, ...]

    def rows(self, which: Flags | slice) -> Self:
        """Return some of the rows."""
        return type(self)(codes=self.codes[which], levels=self.levels)

    def are(self, level: str) -> Flags:
        """Return which rows have a level, shape (rows,)."""
        if level not in self.levels:
            return np.zeros(len(self.codes), np.bool_)
        found: Flags = self.codes == self.levels.index(level)
        return found


def in_order(levels: Iterable[str]) -> list[str]:
    """Return levels in their order: numbers by value, then texts by code point.

    >>> in_order(["10", "9", "none", "9.0", "Galt"])
    ['9', '9.0', '10', 'Galt', 'none']
    """
    numbers, texts = [], []
    for level in levels:
        try:
            numbers.append((parse(level), level))
        except ValueError:
            texts.append(level)
    most = max((number.decimals for number, _ in numbers), default=0)
    by_value = sorted(
        (number.integer * 10 ** (most - number.decimals), level) for number, level in numbers
    )
    return [*(level for _, level in by_value), *sorted(texts)]
