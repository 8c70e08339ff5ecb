"""Levels: the different values of a category, their order, and rows as codes of levels."""

import re
from collections.abc import Iterable, Sequence
from typing import Self

from msgspec import Struct

from linreg_cli.design.names import Key
from linreg_cli.exact import Flags, Int64s, is_number, parse


class Codes(Struct, frozen=True, kw_only=True):
    """A category in some rows: row i has the level ``levels[codes[i]]``.

    Attributes
    ----------
    codes
        The code of each row, shape (rows,); in the columns of a key, -1 for a missing cell.
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
        import numpy as np

        if level not in self.levels:
            return np.zeros(len(self.codes), np.bool_)
        found: Flags = self.codes == self.levels.index(level)
        return found


def join_codes(columns: Sequence[Codes]) -> tuple[Int64s, list[Key]]:
    """Return the code of the key of each row, shape (rows,), and the key of each code.

    Every code occurs in some row.
    """
    import numpy as np

    rows = len(columns[0].codes)
    joined = np.zeros(rows, np.int64)
    for column in columns:
        size = 1 + len(column.levels)  # the code -1 becomes 0
        # fewer codes than rows, so that the products fit int64
        _, joined = np.unique(joined * size + column.codes + 1, return_inverse=True)
    _, first = np.unique(joined, return_index=True)
    values = []
    for column in columns:
        levels = (*column.levels, None)  # of the code -1 too
        values.append([levels[code] for code in column.codes[first].tolist()])
    return joined, list(zip(*values, strict=True))


def in_order(levels: Iterable[str]) -> list[str]:
    """Return levels in their order: numbers by value, then texts by code point.

    >>> in_order(["10", "9", "none", "9.0", "Galt"])
    ['9', '9.0', '10', 'Galt', 'none']
    >>> in_order(["10,5", "9,25", "none"])
    ['9,25', '10,5', 'none']
    """
    found = list(levels)
    decimal = "," if _have_decimal_commas(found) else "."
    numbers, texts = [], []
    for level in found:
        try:
            numbers.append((parse(level.replace(decimal, ".")), level))
        except ValueError:
            texts.append(level)
    most = max((number.decimals for number, _ in numbers), default=0)
    by_value = sorted(
        (number.integer * 10 ** (most - number.decimals), level) for number, level in numbers
    )
    return [*(level for _, level in by_value), *sorted(texts)]


def _have_decimal_commas(levels: Sequence[str]) -> bool:
    """Return whether a comma is the decimal character of all numbers among some levels.

    The same levels have one order wherever they come together, so it follows from them alone. Where
    commas may separate thousands, as in 1,000, the levels are texts.
    """
    with_comma = [level for level in levels if "," in level]
    if not with_comma:
        return False
    thousands = re.compile(r"[+\N{MINUS SIGN}-]?[1-9]\d{0,2},\d{3}", re.ASCII)
    return (
        all(is_number(level.replace(",", ".")) for level in with_comma)
        and not all(map(thousands.fullmatch, with_comma))
        and not any("." in level and is_number(level) for level in levels)
    )


def keys_in_order(keys: Iterable[Key]) -> list[Key]:
    """Return keys in the order of their levels; None, a missing cell, comes last.

    >>> keys_in_order([("b", "9"), (None, "1"), ("a", "10"), ("a", "9")])
    [('a', '9'), ('a', '10'), ('b', '9'), (None, '1')]
    """
    found = list(keys)
    places = []
    for levels in zip(*found, strict=True):
        named = {level for level in levels if level is not None}
        place: dict[str | None, int] = {level: i for i, level in enumerate(in_order(named))}
        places.append(place | {None: len(named)})
    return sorted(
        found, key=lambda key: [each[level] for each, level in zip(places, key, strict=True)]
    )
