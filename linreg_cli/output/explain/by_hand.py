"""Numbers as they are printed, with the values that a reader who types them in has.

Every result is worked out from printed numbers and then rounded once, so a calculator that is
given the printed numbers gives the printed results.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 10
"""Digits of a rounded number: those of the largest number of its column."""
WHOLE_DIGITS = 12
"""A column of numbers with more digits before the point is written with exponents."""
SMALLEST_EXPONENT = -5
"""So is one whose numbers all are smaller."""
SPAN = 4
"""So is a column of weights that are more powers of ten apart."""
_PRECISION = 1000


@dataclass(frozen=True)
class Number:
    """A number as it is printed, and the value of what is printed."""

    text: str
    value: Fraction

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True)
class Format:
    """How the numbers of a column are written.

    Attributes
    ----------
    decimals
        Digits after the point of each number, or of its mantissa.
    has_exponents
        Whether each number has a mantissa and an exponent.

    """

    decimals: int
    has_exponents: bool = False

    @classmethod
    def of(
        cls, values: Sequence[Fraction], digits: int = DIGITS, *, is_relative: bool = False
    ) -> "Format":
        """Choose the format of a column.

        Parameters
        ----------
        values
            The numbers.
        digits
            Digits of the largest number.
        is_relative
            Whether the smallest number has as many digits too: one weight may belong to large
            numbers and another one to small ones.

        """
        exponents = [exponent_of(value) for value in values if value]
        largest = max(exponents, default=0)
        first = min(exponents, default=0) if is_relative else largest
        is_plain = first >= SMALLEST_EXPONENT and largest < max(WHOLE_DIGITS, digits)
        if not is_plain or largest - first > SPAN:
            return cls(digits - 1, has_exponents=True)
        return cls(max(0, digits - 1 - first))

    def round(self, value: Fraction) -> Fraction:
        """Round a value to what is printed of it."""
        shift = exponent_of(value) if self.has_exponents and value else 0
        return round(Fraction(value), self.decimals - shift)

    def write(self, values: Sequence[Fraction]) -> list[Number]:
        """Round values and write them, without zeros that all of them end with."""
        rounded = list(map(self.round, values))
        mantissas = [v / Fraction(10) ** self._exponent(v) for v in rounded]
        decimals = next(
            n for n in range(self.decimals + 1) if all(round(m, n) == m for m in mantissas)
        )
        return [
            Number(self._text(mantissa, value, decimals), value)
            for mantissa, value in zip(mantissas, rounded, strict=True)
        ]

    def _exponent(self, value: Fraction) -> int:
        return exponent_of(value) if self.has_exponents and value else 0

    def _text(self, mantissa: Fraction, value: Fraction, decimals: int) -> str:
        if not value:
            mantissa, decimals = Fraction(0), 0 if self.has_exponents else decimals
        with localcontext(prec=_PRECISION):
            number = Decimal(mantissa.numerator) / Decimal(mantissa.denominator)
            text = f"{number:.{decimals}f}"
        return f"{text}e{exponent_of(value):+03d}" if self.has_exponents and value else text


def column(
    values: Sequence[Fraction], digits: int = DIGITS, *, is_relative: bool = False
) -> list[Number]:
    """Write a column of numbers in one format."""
    return Format.of(values, digits, is_relative=is_relative).write(values)


def show(value: Fraction, digits: int = DIGITS, *, beside: Fraction | None = None) -> Number:
    """Write one number; its last digit is that of a number `beside` it."""
    [number] = Format.of([value if beside is None else beside], digits).write([value])
    return number


def as_typed(value: float) -> Number:
    """Write a setting as the user did: 0.1 is a tenth."""
    text = repr(value).removesuffix(".0")
    return Number(text, Fraction(text))


def sum_of(terms: Sequence[str]) -> str:
    """Write a sum; what is negative is taken away."""
    first, *others = terms
    return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in others)


def negated(number: Number) -> str:
    """Write a number with the other sign."""
    return number.text[1:] if number.value < 0 else f"-{number}"


def exponent_of(value: Fraction) -> int:
    """Return the power of ten of the first digit."""
    size = abs(value)
    exponent = math.floor(math.log10(size.numerator) - math.log10(size.denominator))
    if size >= Fraction(10) ** (exponent + 1):  # the logarithm is rounded
        return exponent + 1
    return exponent if size >= Fraction(10) ** exponent else exponent - 1
