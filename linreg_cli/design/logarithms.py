"""Logarithms of int64 decimals, many at a time, with a proven bound of the error.

The logarithm to base B of n / 10**d, in units of 10**-15, is

    e·K₂ + T(i) + C·log(1 + z) - d·K₁₀        n = 2**e · m,   m·r(i) = 1 + z,   |z| ≤ 2**-8

where C = 10**15 / ln B, K₂ = C·ln 2, K₁₀ = C·ln 10, and r(i) is a number of 16 bits near 1/m, so
that its products with the two halves of m are exact. T(i) = -C·ln r(i) comes from a table. Each
constant is an integer and a fraction, computed by flint with a proven bound; integers are added as
integers. NumPy's sums and products of float64 are those of IEEE 754 on every machine; no logarithm
of a C library is used.

Sources: P. T. P. Tang, Table-driven implementation of the logarithm function in IEEE
floating-point arithmetic, ACM TOMS 16 (1990), for the table. T. J. Dekker, A floating-point
technique for extending the available precision, Numerische Mathematik 18 (1971), for the halves.
"""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from flint import arb, ctx, fmpq

from linreg_cli.design.ball_rounding import certain_floor
from linreg_cli.exact import Floats

PLACES = 15
"""The number of digits of a logarithm after the point."""
MAX_DECIMALS = 400
"""Maximum number of decimals of an argument; the range of float64 needs fewer."""
ERROR_BOUND = 2.0**-16
"""Bound of the error before the rounding to an integer, in units of 10**-15.

The logarithm is that of 1 + z with z = a + b, where a is the multiple of 2**-26 next to z. Errors,
with C < 2**50.4:

    a        at most 19 bits: its product with the 34 leading bits of C is exact, and so is a·a
    b        |b| ≤ 2**-26; two sums of numbers of this size are rounded   C·2**-78      < 2**-27
    a²·C/2   below 2**33.5; C/2, the product and its sum are rounded      3·2**-20      < 2**-18
    z³/3 …   C/3·|z|³ < 2**25, and the rounding of a few operations                     < 2**-24
    z¹⁰/10 … is left out                                                  C·2**-83      < 2**-32
    the rest sums of a few numbers below 2**27                                          < 2**-23

In all they are below 2**-17.
"""
_ROUND = 3.0 * 2.0**25
"""A number below 2**24 plus this is rounded to a multiple of 2**-26."""
_TABLE_BITS = 7
_RECIPROCAL_BITS = 16
_LEADING_BITS = 34
_BIAS = 1023
_FRACTION_BITS = 52
_FRACTION_MASK = (1 << _FRACTION_BITS) - 1
_ROWS = 8192
"""Rows at a time, so that the arrays stay in the cache of the processor."""
_PRECISION = 160
_HALF = fmpq(1, 2)

Int64s: TypeAlias = npt.NDArray[np.int64]


class _Constants(NamedTuple):
    """The constants of a base in units of 10**-15, as integers and fractions."""

    c: float
    c_high: float
    c_low: float
    log_2: tuple[int, float]
    log_10: tuple[int, float]
    reciprocals: Floats
    table: Int64s
    table_fractions: Floats


def logarithms(
    values: Int64s, decimals: int, base: int | None = None
) -> tuple[Int64s, npt.NDArray[np.bool_]]:
    """Return logarithms in units of 10**-15, each rounded to the nearest integer.

    Parameters
    ----------
    values
        Integers from 1 to 2**62, shape (rows,); the arguments are ``values / 10**decimals``.
    decimals
        At most `MAX_DECIMALS`.
    base
        The base, or None for natural logarithms.

    Returns
    -------
    The integers, shape (rows,), and whether each is certain, which is false if the logarithm is
    too close to the middle of two integers. About three of 100,000 are not certain.

    """
    rounded = np.empty(len(values), dtype=np.int64)
    certain = np.empty(len(values), dtype=np.bool_)
    for start in range(0, len(values), _ROWS):
        rows = slice(start, start + _ROWS)
        whole, rest = in_two_parts(values[rows], decimals, base)
        nearest = np.rint(rest)
        rounded[rows] = whole + nearest.astype(np.int64)
        certain[rows] = np.abs(rest - nearest) < 0.5 - ERROR_BOUND
    return rounded, certain


def in_two_parts(values: Int64s, decimals: int, base: int | None = None) -> tuple[Int64s, Floats]:
    """Return logarithms as integers plus float64 values, with an error below `ERROR_BOUND`.

    The parameters are those of `logarithms`.
    """
    constants = _constants(base)
    exponents, index, m, m_low = _split(values)
    r = constants.reciprocals[index]
    m_high = (m + _ROUND) - _ROUND
    product = m_high * r - 1.0
    a = (product + _ROUND) - _ROUND
    b = ((product - a) + (m - m_high) * r) + m_low * r
    leading = a * constants.c_high
    whole = np.rint(leading)
    (two, two_fraction), (ten, ten_fraction) = constants.log_2, constants.log_10
    rest = constants.table_fractions[index] + exponents * two_fraction - decimals * ten_fraction
    rest += (leading - whole) + a * constants.c_low
    rest += constants.c * (b + _beyond_square(a + b) - 0.5 * b * (2.0 * a + b))
    rest -= 0.5 * constants.c * (a * a)
    return constants.table[index] + exponents * two - decimals * ten + whole.astype(np.int64), rest


def _split(values: Int64s) -> tuple[Int64s, Int64s, Floats, Floats]:
    """Return e, the row of the table, and m as two float64: an integer is 2**e · (m + low)."""
    floats = values.astype(np.float64)
    bits = floats.view(np.int64)
    exponents = (bits >> _FRACTION_BITS) - _BIAS
    index = (bits & _FRACTION_MASK) >> (_FRACTION_BITS - _TABLE_BITS)
    m = ((bits & _FRACTION_MASK) | (_BIAS << _FRACTION_BITS)).view(np.float64)
    scale = ((_BIAS - exponents) << _FRACTION_BITS).view(np.float64)
    return exponents, index, m, (values - floats.astype(np.int64)) * scale


def _beyond_square(z: Floats) -> Floats:
    """Return log(1 + z) - z + z²/2, by its series up to z⁹."""
    series = 1 / 8 - z * (1 / 9)
    for k in (7, 6, 5, 4, 3):
        series = 1 / k - z * series
    return z * z * z * series


@lru_cache
def _constants(base: int | None) -> _Constants:
    with ctx.workprec(_PRECISION):
        c = arb(10**PLACES) if base is None else 10**PLACES / arb(base).log()
        c_high, c_low = _leading(c)
        reciprocals = [_reciprocal(i) for i in range(1 << _TABLE_BITS)]
        table = [_parts(-c * (arb(r) / (1 << _RECIPROCAL_BITS)).log()) for r in reciprocals]
        return _Constants(
            c=float(c),
            c_high=c_high,
            c_low=c_low,
            log_2=_parts(c * arb(2).log()),
            log_10=_parts(c * arb(10).log()),
            reciprocals=np.array(reciprocals) / (1 << _RECIPROCAL_BITS),
            table=np.array([integer for integer, _ in table]),
            table_fractions=np.array([fraction for _, fraction in table]),
        )


def _reciprocal(i: int) -> int:
    """Return 1/m for the middle of the m that have row i of the table, times 2**16."""
    middle = fmpq(2 * ((1 << _TABLE_BITS) + i) + 1, 2 << _TABLE_BITS)
    return int(((1 << _RECIPROCAL_BITS) / middle + _HALF).floor())


def _leading(c: arb) -> tuple[float, float]:
    """Return the leading bits of a constant, and what they lack."""
    unit = 2 ** (certain_floor(lambda: c).bit_length() - _LEADING_BITS)
    high = certain_floor(lambda: c / unit) * unit
    return float(high), float(c - high)


def _parts(value: arb) -> tuple[int, float]:
    """Return a number as the nearest integer plus a fraction."""
    integer = certain_floor(lambda: value + _HALF)
    return integer, float(value - integer)
