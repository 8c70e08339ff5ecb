"""Arithmetic as it is printed: a reader with a calculator gets the results that are shown.

A result is what the numbers printed before it give, in the digits in which that agrees with the
run. So two lines never contradict each other, however the numbers in them were rounded.
"""

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 9
"""The most digits of a rounded number."""
WHOLE_DIGITS = 12
"""Whole numbers of up to so many digits are written in full."""
USERS_DIGITS = 17
"""A number of the user's is written in full, up to what float64 tells apart."""
_TOLERANCE = Fraction(1, 4)
"""How far what is worked out by hand may be off, in units of the last digit that is shown."""
_SMALLEST_EXPONENT = -5
_PRECISION = 1000


@dataclass(frozen=True)
class Term:
    """A piece of a formula: how it is written, and its value for who works it out from that.

    Attributes
    ----------
    text
        As printed.
    value
        Exactly that of the text; of a name any that is above 0.
    is_sum
        Whether it needs brackets as a factor.

    """

    text: str
    value: Fraction = Fraction(1)
    is_sum: bool = False

    def __str__(self) -> str:
        """Give the text."""
        return self.text

    def __add__(self, other: "Term") -> "Term":
        """Write a sum; what is negative is taken away."""
        sign, text = ("-", other.text[1:]) if other._is_negative else ("+", other.text)
        return Term(f"{self} {sign} {text}", self.value + other.value, is_sum=True)

    def __sub__(self, other: "Term") -> "Term":
        """Write a difference; what is negative is added."""
        sign, text = ("+", other.text[1:]) if other._is_negative else ("-", other.text)
        return Term(f"{self} {sign} {text}", self.value - other.value, is_sum=True)

    def __mul__(self, other: "Term") -> "Term":
        """Write a product."""
        return Term(f"{self._factor} * {other._factor}", self.value * other.value)

    def __truediv__(self, other: "Term") -> "Term":
        """Write a quotient."""
        return Term(f"{self._factor} / {other._factor}", self.value / other.value)

    @property
    def _factor(self) -> str:
        return f"({self})" if self.is_sum else self.text

    @property
    def _is_negative(self) -> bool:
        return self.value < 0 and self.text.startswith("-")


@dataclass(frozen=True)
class Line:
    """A formula and its result: no formula where the reader cannot work it out."""

    formula: Term | None
    result: Term

    @classmethod
    def of(cls, value: float | Fraction, formula: Term | None) -> "Line":
        """Print a value that a formula has, up to rounding."""
        return cls(formula, show(value, None if formula is None else formula.value))

    def __str__(self) -> str:
        """Write the equation."""
        return str(self.result) if self.formula is None else f"{self.formula} = {self.result}"


def show(
    value: float | Fraction,
    by_hand: Fraction | None = None,
    *,
    digits: int = DIGITS,
    beside: float | Fraction = 0,
) -> Term:
    """Round a number for print, to within 3/4 of a unit of its last digit.

    Parameters
    ----------
    value
        The number.
    by_hand
        What a reader gets for it from other printed numbers; None where nothing gives it.
    digits
        The most digits, if it is not whole.
    beside
        A number that its last digit is to stand below the last digit of.

    """
    exact = Fraction(value)
    shown = exact if by_hand is None else by_hand
    largest = max(abs(exact), abs(shown))
    if not largest:
        return Term("0", Fraction(0))
    apart = abs(exact - shown)
    # decimal places: in which the reader agrees with the run, which show a number in full, and
    # which are asked for
    sure = -_exponent(apart / _TOLERANCE) - 1 if apart else math.inf
    in_full = max(digits, WHOLE_DIGITS) - 1 - _exponent(largest)
    if 0 <= in_full <= sure and round(shown, in_full).denominator == 1:
        return _rounded(shown, in_full)
    wanted = digits - 1 - _exponent(Fraction(beside) or largest)
    return _rounded(shown, int(min(wanted, sure)))


def show_setting(value: float) -> Term:
    """Write a number as the user did: 0.1 is a tenth."""
    return show(Fraction(str(value)), digits=USERS_DIGITS)


def _exponent(value: Fraction) -> int:
    """Give the power of ten of the first digit; next to a power of ten perhaps its neighbour."""
    return math.floor(math.log10(abs(value.numerator)) - math.log10(value.denominator))


def _rounded(value: Fraction, places: int) -> Term:
    """Write a number rounded to some decimal places, without zeros at its end."""
    rounded = Fraction(round(value, places))
    with localcontext(prec=_PRECISION):
        number = (Decimal(rounded.numerator) / Decimal(rounded.denominator)).normalize()
        exponent = number.adjusted()
        if not rounded or (places >= 0 and exponent >= _SMALLEST_EXPONENT):
            return Term(f"{number:f}", rounded)
        return Term(f"{number.scaleb(-exponent):f}e{exponent:+03d}", rounded)
