"""Numbers as they are printed, with the values that a reader who types them in gets.

Every result is computed from printed numbers and then rounded once, so a calculator that is given
the printed numbers gives the printed results.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 10
"""Significant digits of the largest number of a column."""
MAX_WHOLE_DIGITS = 12
"""A column with a number of more digits before the point is written with exponents."""
MIN_EXPONENT = -5
"""So is a column whose numbers are all smaller than this power of ten."""
MAX_SPAN = 4
"""So is a column of weights that differ by more powers of ten."""
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
    """How many digits after the point the numbers of a column have, or their mantissas."""

    decimals: int
    has_exponents: bool = False

    @classmethod
    def of(
        cls, values: Sequence[Fraction], digits: int = DIGITS, *, is_relative: bool = False
    ) -> "Format":
        """Choose the format of a column.

        `digits` are those of the largest number; with `is_relative` of the smallest too, since one
        weight may belong to large numbers and another one to small numbers.
        """
        exponents = [exponent_of(value) for value in values if value]
        largest = max(exponents, default=0)
        first = min(exponents, default=0) if is_relative else largest
        is_plain = first >= MIN_EXPONENT and largest < max(MAX_WHOLE_DIGITS, digits)
        if not is_plain or largest - first > MAX_SPAN:
            return cls(digits - 1, has_exponents=True)
        return cls(max(0, digits - 1 - first))

    def round(self, value: Fraction) -> Fraction:
        """Return the value of what is printed of a number."""
        return round(Fraction(value), self.decimals - self._exponent(value))

    def write(self, values: Sequence[Fraction]) -> list[Number]:
        """Return the rounded numbers, without the zeros that all of them end with."""
        rounded = list(map(self.round, values))
        mantissas = [value / Fraction(10) ** self._exponent(value) for value in rounded]
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
        if self.has_exponents and not value:
            return "0"
        text = f"{_decimal(mantissa):.{decimals}f}"
        return f"{text}e{self._exponent(value):+03d}" if self.has_exponents else text


def column(
    values: Sequence[Fraction], digits: int = DIGITS, *, is_relative: bool = False
) -> list[Number]:
    """Return a column of numbers in one format."""
    return Format.of(values, digits, is_relative=is_relative).write(values)


def show(value: Fraction, digits: int = DIGITS, *, beside: Fraction | None = None) -> Number:
    """Return one number; its last digit is that of a number `beside` it."""
    [number] = Format.of([value if beside is None else beside], digits).write([value])
    return number


def as_typed(value: float) -> Number:
    """Return a setting as the user typed it: 0.1 is a tenth."""
    text = repr(value).removesuffix(".0")
    return Number(text, Fraction(text))


def sum_of(terms: Sequence[str]) -> str:
    """Return a sum as text; a term with a minus is subtracted."""
    first, *others = terms
    return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in others)


def negated(number: Number) -> str:
    """Return a number with the opposite sign."""
    return number.text[1:] if number.value < 0 else f"-{number}"


def exponent_of(value: Fraction) -> int:
    """Return the power of ten of the first digit of a number that is not 0."""
    return _decimal(value).adjusted()


def _decimal(value: Fraction) -> Decimal:
    with localcontext(prec=_PRECISION):
        return Decimal(value.numerator) / Decimal(value.denominator)
