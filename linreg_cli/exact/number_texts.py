"""Numbers as text: the shortest form that reads back the same, or a number of digits."""

import math
from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal

from msgspec import Struct

Ratio = tuple[int, int]
"""Numerator and denominator of an exact number."""

MAX_DIGITS = 17
"""This many significant digits distinguish a float64 from all others."""
PLAIN_EXPONENTS = range(-4, 16)
"""A number is written without an exponent if its first digit has such a power of ten."""


class Notation(Struct, frozen=True, kw_only=True):
    """The form in which numbers are written.

    Attributes
    ----------
    decimal
        The decimal character.
    digits
        Maximum number of significant digits; None for as many as read back the same.

    """

    decimal: str = "."
    digits: int | None = None

    def texts(
        self, numbers: Sequence[float], exact: Callable[[int], Ratio] | None = None
    ) -> list[str]:
        """Return numbers as texts; NaN as an empty text.

        Parameters
        ----------
        numbers
            The numbers; float64 values that exact numbers were rounded to if `exact` is given.
        exact
            Returns the exact number at a position. It is called if the float64 does not decide
            the digits.

        """
        found = []
        for place, number in enumerate(numbers):
            if math.isnan(number):
                found.append("")
                continue
            text = repr(number) if self.digits is None else self._rounded(number, place, exact)
            found.append(text if self.decimal == "." else text.replace(".", self.decimal))
        return found

    def _rounded(self, number: float, place: int, exact: Callable[[int], Ratio] | None) -> str:
        context = Context(
            prec=self.digits, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[]
        )
        if exact is None:
            return _plain(context.create_decimal_from_float(number))
        # rounding is monotone: if both neighbours round to one number, so does the exact number
        low, high = (
            context.create_decimal_from_float(math.nextafter(number, end))
            for end in (-math.inf, math.inf)
        )
        if low == high:
            return _plain(low)
        numerator, denominator = exact(place)
        return _plain(context.divide(Decimal(numerator), Decimal(denominator)))


def _plain(number: Decimal) -> str:
    """Return a decimal without trailing zeros, with an exponent if Python's floats have one."""
    if not number:
        return "0"
    number, exponent = number.normalize(), number.adjusted()
    if exponent in PLAIN_EXPONENTS:
        return f"{number:f}"
    sign, digits, _ = number.as_tuple()
    first, *rest = map(str, digits)
    point = "." if rest else ""
    return f"{'-' * sign}{first}{point}{''.join(rest)}e{exponent:+03d}"
