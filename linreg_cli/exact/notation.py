"""Numbers as text: the shortest form that reads back the same, or a count of digits."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal

Ratio = tuple[int, int]
"""Numerator and denominator of an exact number."""

MAX_DIGITS = 17
"""A float64 needs no more significant digits to be told from all others."""
PLAIN_EXPONENTS = range(-4, 16)
"""Powers of ten of a first digit that are written without exponent, as Python does."""


@dataclass(frozen=True, kw_only=True)
class Notation:
    """How numbers are written.

    Attributes
    ----------
    decimal
        The decimal sign.
    digits
        How many significant digits at most; None for as many as read back the same.

    """

    decimal: str = "."
    digits: int | None = None

    def texts(
        self, numbers: Sequence[float], exact: Callable[[int], Ratio] | None = None
    ) -> list[str]:
        """Write numbers; NaN as nothing.

        Parameters
        ----------
        numbers
            Each is a float64 that an exact number was rounded to, or is meant exactly.
        exact
            Gives the exact number by its place, where the float64 does not decide its digits.

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
        # rounding is monotone: what both neighbours are rounded to, the exact number is too
        low, high = (
            context.create_decimal_from_float(math.nextafter(number, end))
            for end in (-math.inf, math.inf)
        )
        if low == high:
            return _plain(low)
        numerator, denominator = exact(place)
        return _plain(context.divide(Decimal(numerator), Decimal(denominator)))


def _plain(number: Decimal) -> str:
    """Write a decimal without trailing zeros, with an exponent where Python's floats have one."""
    if not number:
        return "0"
    number, exponent = number.normalize(), number.adjusted()
    if exponent in PLAIN_EXPONENTS:
        return f"{number:f}"
    sign, digits, _ = number.as_tuple()
    first, *rest = map(str, digits)
    point = "." if rest else ""
    return f"{'-' * sign}{first}{point}{''.join(rest)}e{exponent:+03d}"
