"""The grammar of numbers, and exact decimals: an integer and a number of decimals.

    "-1203.50"  is  -120350 with 2 decimals
    "1.5e3"     is     1500 with 0 decimals

Nothing here is ever a binary float, so reading a number adds no error.

Two faster readers know parts of this grammar and leave all other cells to this one:
native/numbers.hpp and reading/csv/plain_cells.py. tests/reading/test_scanner.py and
tests/reading/test_numbers.py compare them with it.
"""

import math
import re
from typing import NamedTuple

BLANKS = (
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
"""The characters that may stand around a number: those of Unicode's class Zs, and tab."""

MINUS = "\u2212"
"""Unicode's minus, which means what the ASCII hyphen means before a number."""

MAX_DIGITS = 1000
"""Maximum number of digits of a number, so that no cell can cost unbounded memory."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?=\.?[0-9])(?P<whole>[0-9]*)\.?(?P<fraction>[0-9]*)"
    r"(?:[eE](?P<exponent>[+-]?[0-9]+))?"
)


class ExactDecimal(NamedTuple):
    """The number ``integer / 10**decimals``."""

    integer: int
    decimals: int

    def __float__(self) -> float:
        """Return the nearest float64 (int / int is correctly rounded in Python)."""
        return self.integer / power_of_ten(self.decimals)

    def plus(self, other: "ExactDecimal") -> "ExactDecimal":
        """Return the exact sum of two numbers."""
        decimals = max(self.decimals, other.decimals)
        integers = (x.integer * power_of_ten(decimals - x.decimals) for x in (self, other))
        return ExactDecimal(sum(integers), decimals)

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return the numerator and the denominator of the number, not reduced."""
        return self.integer, power_of_ten(self.decimals)

    def __str__(self) -> str:
        """Return the number in full, with exactly its decimals."""
        digits = str(abs(self.integer)).rjust(self.decimals + 1, "0")
        cut = len(digits) - self.decimals
        text = f"{digits[:cut]}.{digits[cut:]}" if self.decimals else digits
        return f"-{text}" if self.integer < 0 else text


def shortest(integer: int, decimals: int) -> ExactDecimal:
    """Return ``integer / 10**decimals`` without trailing zeros among its decimals.

    >>> shortest(1500, 2)
    ExactDecimal(integer=15, decimals=0)
    """
    while decimals and integer % 10 == 0:
        integer //= 10
        decimals -= 1
    return ExactDecimal(integer, decimals)


def power_of_ten(exponent: int) -> int:
    """Return ten to a power that is not negative."""
    power: int = 10**exponent
    return power


def nearest_integer(numerator: int, denominator: int) -> int:
    """Return the integer nearest to a fraction; to even, if two are; the denominator is positive.

    >>> [nearest_integer(5, 2), nearest_integer(7, 2), nearest_integer(-5, 3)]
    [2, 4, -2]
    """
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest + whole % 2 > denominator)


def parse(text: str) -> ExactDecimal:
    """Return a number exactly as written.

    Parameters
    ----------
    text
        ASCII digits with at most one point, an optional sign and exponent, and blanks around
        them.

    Raises
    ------
    ValueError
        If the text is not such a number, has more than `MAX_DIGITS` digits, or is outside the
        range of float64: it rounds to infinity, or to 0 without being 0.

    Examples
    --------
    >>> parse("-1203.50")
    ExactDecimal(integer=-120350, decimals=2)
    >>> parse("1.5e3")
    ExactDecimal(integer=1500, decimals=0)

    """
    match = _matched(text)
    if match is None:
        raise ValueError("is not a number")
    digits = match["whole"] + match["fraction"]
    if max(len(digits), len(match["exponent"] or "")) > MAX_DIGITS:
        raise ValueError(f"has more than {MAX_DIGITS} digits")
    integer = int(digits)
    if integer == 0:
        return ExactDecimal(0, 0)
    rounded = float(match[0])
    if math.isinf(rounded) or rounded == 0:
        raise ValueError("is outside the range of float64")
    if match["sign"] == "-":
        integer = -integer
    decimals = len(match["fraction"]) - int(match["exponent"] or 0)
    if decimals < 0:
        return ExactDecimal(integer * 10**-decimals, 0)
    return ExactDecimal(integer, decimals)


def is_number(text: str) -> bool:
    """Return whether a text is written as a number, whether in the range of float64 or not."""
    return _matched(text) is not None


def leading_number(text: str) -> str:
    """Return the number at the start of a text; nothing if there is none, or a word goes on there.

    >>> leading_number("2.5*beds"), leading_number("2nd")
    ('2.5', '')
    """
    match = _NUMBER.match(text)
    if match is None or re.match(r"\w", text[match.end() :]):
        return ""
    return match[0]


def _matched(text: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(text.strip(BLANKS).replace(MINUS, "-"))
