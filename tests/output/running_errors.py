"""Numbers in float64 with a bound of their error: N. J. Higham, Accuracy and Stability (2002), 3.3.

A bound holds between a computation in float64, whose functions are right to one unit in the last
place, and one that rounds logarithms and roots to 15 digits after the point and nothing else.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

UNIT = 2.0**-53
ROUNDED = 1e-15


@dataclass(frozen=True)
class Approximate:
    """A number, and the largest error that it may have."""

    value: float
    error: float

    @classmethod
    def of(cls, value: "Approximate | float") -> "Approximate":
        """Return a number whose decimals float64 may not hold."""
        if isinstance(value, Approximate):
            return value
        return cls(float(value), UNIT * abs(value))

    def __add__(self, other: "Approximate | float") -> "Approximate":
        value, more = self.value + (right := self.of(other)).value, self.error + right.error
        return Approximate(value, more + UNIT * abs(value))

    def __mul__(self, other: "Approximate | float") -> "Approximate":
        right = self.of(other)
        value = self.value * right.value
        error = abs(self.value) * right.error + (abs(right.value) + right.error) * self.error
        return Approximate(value, error + UNIT * abs(value))

    def __truediv__(self, other: "Approximate | float") -> "Approximate":
        right = self.of(other)
        value = self.value / right.value
        error = (self.error + abs(value) * right.error) / _above_zero(right, abs(right.value))
        return Approximate(value, error + UNIT * abs(value))

    def __pow__(self, exponent: int) -> "Approximate":
        if exponent < 0:
            return self.of(1.0) / self**-exponent
        value, largest = self.value**exponent, abs(self.value) + self.error
        error = exponent * self.error * largest ** (exponent - 1)
        return Approximate(value, error + 4 * UNIT * abs(value))

    def __sub__(self, other: "Approximate | float") -> "Approximate":
        return self + -self.of(other)

    def __neg__(self) -> "Approximate":
        return Approximate(-self.value, self.error)

    def __abs__(self) -> "Approximate":
        return Approximate(abs(self.value), self.error)

    def __radd__(self, other: float) -> "Approximate":
        return self.of(other) + self

    def __rsub__(self, other: float) -> "Approximate":
        return self.of(other) - self

    def __rmul__(self, other: float) -> "Approximate":
        return self.of(other) * self

    def __rtruediv__(self, other: float) -> "Approximate":
        return self.of(other) / self


def _above_zero(number: Approximate, size: float) -> float:
    """Return the least size that a number may have; ValueError if it may be 0."""
    if size <= number.error:
        raise ValueError("the number may be 0")
    return size - number.error


def _logarithm(x: Approximate, base: float = math.e) -> Approximate:
    least = _above_zero(x, x.value)
    value = math.log(x.value) / math.log(base)
    return Approximate(value, x.error / least / math.log(base) + 6 * UNIT * abs(value) + ROUNDED)


def _root(x: Approximate) -> Approximate:
    value = math.sqrt(x.value)
    error = x.error / (2 * math.sqrt(_above_zero(x, x.value)))
    return Approximate(value, error + 2 * UNIT * value + ROUNDED)


def _exponential(x: Approximate) -> Approximate:
    value = math.exp(x.value)
    return Approximate(value, value * (math.expm1(x.error) + 4 * UNIT))


_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "log": _logarithm,
    "log2": lambda x: _logarithm(x, 2),
    "log10": lambda x: _logarithm(x, 10),
    "log1p": lambda x: _logarithm(x + 1.0),
    "exp": _exponential,
    "sqrt": _root,
    "abs": abs,
}


def approximately(expression: str, row: Mapping[str, float]) -> Approximate:
    """Return the value of an expression of a formula for a row, as Python reads it.

    Raises
    ------
    ValueError, ArithmeticError
        If it does not exist, or may not.

    """
    names: dict[str, Any] = {name: Approximate.of(value) for name, value in row.items()}
    for name, function in _FUNCTIONS.items():
        names[name] = lambda x, function=function: function(Approximate.of(x))
    value = eval(expression.replace("^", "**"), names)  # noqa: S307 - our own text
    return Approximate.of(value)
