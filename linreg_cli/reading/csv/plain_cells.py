"""Plain cells read all at once: blanks, + or -, up to 18 digits with at most one point, blanks.

The cells of a column are joined to one array of bytes, each cell between two NULs:

    cell      1 2 . 5        - 7 0
    weight   10² 10¹ · 10⁰   · 10¹ 10⁰      ten to the power of the digits that follow in the cell
    integer       125           -70         the sum of digit times weight
    decimals       1              0         the digits that follow the point
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from linreg_cli.exact import MAX_DIGITS_INT64, Flags, Int64s

POWERS_OF_TEN: Int64s = 10 ** np.arange(MAX_DIGITS_INT64 + 1, dtype=np.int64)

MAX_PLAIN_LENGTH = 100
"""The most characters of a plain cell.

The arrays take many bytes per character; a cell of many MiB is read on its own instead.
"""

_SPACE, _TAB, _PLUS, _MINUS, _ZERO = b" \t+-0"


class PlainCells(Struct, frozen=True):
    """The plain cells of a column as exact decimals, and which cells are plain.

    Attributes
    ----------
    integers, decimals
        Each plain cell's number, a zero always with 0 decimals; 0 for a cell that is not plain.
    is_plain
        Which cells are plain.

    """

    integers: Int64s
    decimals: Int64s
    is_plain: Flags


def read_plain_cells(cells: Sequence[str], point: str) -> PlainCells:
    """Read the plain cells of a column, none of which holds a NUL."""
    if max(map(len, cells), default=0) > MAX_PLAIN_LENGTH:
        cells = [cell if len(cell) <= MAX_PLAIN_LENGTH else "" for cell in cells]
    column = _JoinedCells(cells)
    digits = column.codes - np.uint8(_ZERO)
    is_digit = digits <= 9  # noqa: PLR2004 - bytes below "0" wrap around to large ones
    is_point = column.codes == ord(point)
    is_minus = column.codes == _MINUS
    is_plain = _are_plain(column, is_digit, is_point, is_minus)

    following = column.count_following(is_digit)
    weights = POWERS_OF_TEN[np.minimum(following, MAX_DIGITS_INT64)]
    integers = column.total(np.where(is_digit, digits * weights, 0))
    integers = np.where(column.count(is_minus) > 0, -integers, integers)
    decimals = column.total(np.where(is_point, following, 0))
    return PlainCells(
        integers=np.where(is_plain, integers, 0),
        decimals=np.where(is_plain & (integers != 0), decimals, 0),
        is_plain=is_plain,
    )


class _JoinedCells:
    """The bytes of cells, joined, and sums over the bytes of each cell."""

    def __init__(self, cells: Sequence[str]) -> None:
        text = "\0".join(["", *cells, ""])
        self.codes = np.frombuffer(text.encode(), np.uint8)
        self._bounds = np.flatnonzero(self.codes == 0)

    def count(self, flags: Flags) -> npt.NDArray[np.int32]:
        """Count the flagged bytes of each cell."""
        return np.diff(np.cumsum(flags, dtype=np.int32)[self._bounds])

    def total(self, values: Int64s) -> Int64s:
        """Add up the values of each cell's bytes."""
        return np.add.reduceat(values, self._bounds[:-1])

    def count_following(self, flags: Flags) -> npt.NDArray[np.int32]:
        """Count, for each byte, the flagged ones that follow it in its cell."""
        seen = np.cumsum(flags, dtype=np.int32)
        at_end = np.repeat(seen[self._bounds[1:]], np.diff(self._bounds))
        # The last NUL belongs to no cell.
        return np.append(at_end, seen[-1:]) - seen


def _are_plain(column: _JoinedCells, is_digit: Flags, is_point: Flags, is_minus: Flags) -> Flags:
    """Return which cells are one token of digits and a point, with + or - only before it."""
    codes = column.codes
    is_edge = (codes == 0) | (codes == _SPACE) | (codes == _TAB)
    begins_token = ~is_edge
    begins_token[1:] &= is_edge[:-1]
    is_sign = begins_token & (is_minus | (codes == _PLUS))
    is_odd = ~(is_digit | is_point | is_sign | is_edge)
    digit_count = column.count(is_digit)
    is_plain: Flags = (column.count(begins_token) == 1) & (column.count(is_odd) == 0)
    is_plain &= (digit_count >= 1) & (digit_count <= MAX_DIGITS_INT64)
    is_plain &= column.count(is_point) <= 1
    return is_plain
