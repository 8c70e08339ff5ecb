"""The center of the features, and the plane about it that a model predicts with."""

import math
from collections.abc import Sequence

from flint import fmpq

from linreg_cli.exact import (
    ZERO,
    ExactDecimal,
    Plane,
    from_float,
    nearest_integer,
    shortest,
    to_float,
)
from linreg_cli.moments import Moments

CONSTANT_DIGITS = 30
"""Maximum number of significant digits of the center of a constant feature."""
MAX_CENTER_DIGITS = 900
"""Maximum number of significant digits of any other center, fewer than a number may have."""
MEAN_DIGITS = 20
"""`mean_of` has this many digits more than a center."""
FAR = 10**9
"""A feature whose mean is more than this many standard deviations is drawn about its center."""
_LONG = 30
"""A center of more characters is written with an exponent."""
MINUS = "\N{MINUS SIGN}"


def centers_of(moments: Moments) -> tuple[ExactDecimal, ...]:
    """Return a short decimal near the weighted mean of each feature.

    The mean is rounded to the largest power of ten that is not above the standard deviation. The
    same rows have the same center, in whatever order they were added. That of an indicator is 0.
    """
    return tuple(
        ZERO if name in moments.terms else center_of(moments, j)
        for j, name in enumerate(moments.columns[:-1], start=1)
    )


def center_of(moments: Moments, j: int) -> ExactDecimal:
    """Return the center of one column, counted from 1, in its unit."""
    return _center(*_mean_and_variance(moments, j))


def mean_of(moments: Moments, j: int) -> ExactDecimal:
    """Return the mean of one column, counted from 1, with all digits that a picture could show."""
    return _center(*_mean_and_variance(moments, j), more_digits=MEAN_DIGITS)


def origins_of(moments: Moments) -> tuple[ExactDecimal, ...]:
    """Return the origin of each feature in a picture: its center if that is far from 0, else 0.

    A picture is drawn in float64, which is too coarse far from 0 to distinguish such values.
    """
    return tuple(_origin(moments, j) for j in range(1, len(moments.columns)))


def _origin(moments: Moments, j: int) -> ExactDecimal:
    center = center_of(moments, j)
    variance = moments.products(j, j, has_intercept=True) / moments.total_weight
    is_far = 0 < variance * FAR**2 < as_fraction(center) ** 2
    return center if is_far else ZERO


def centered_name(name: str, center: ExactDecimal, *, minus: str = MINUS) -> str:
    """Return a column minus its center as text: ``t - 1500``, or ``t`` if the center is 0."""
    if not center.integer:
        return name
    size = ExactDecimal(abs(center.integer), center.decimals)
    return f"{name} {'+' if center.integer < 0 else minus} {center_text(size)}"


def exact_weights(plane: Plane) -> list[fmpq]:
    """Return the intercept and the slopes of a plane, exactly.

    >>> exact_weights(Plane((3.0,), 605.0, (ExactDecimal(1700000000000000200, 0),)))
    [-5099999999999999995, 3]
    """
    slopes = [from_float(slope) for slope in plane.slopes]
    return [from_float(plane.value) - _sum_of_products(slopes, plane.centers), *slopes]


def rounded_plane(centers: Sequence[ExactDecimal], weights: Sequence[fmpq]) -> Plane:
    """Return the plane of exact weights, the intercept first, with each number rounded once."""
    intercept, *slopes = weights
    value = to_float(intercept + _sum_of_products(slopes, centers))
    return Plane(tuple(map(to_float, slopes)), value, tuple(centers))


def value_at(plane: Plane, x: Sequence[fmpq]) -> fmpq:
    """Return the value of a plane at a point, exactly."""
    intercept, *slopes = exact_weights(plane)
    return intercept + sum((m * value for m, value in zip(slopes, x, strict=True)), fmpq(0))


def center_text(center: ExactDecimal) -> str:
    """Return a center as text, in full or, if that is long, with an exponent.

    >>> center_text(ExactDecimal(1500, 0)), center_text(ExactDecimal(2 * 10**40, 0))
    ('1500', '2e40')
    """
    if len(text := str(center)) <= _LONG:
        return text
    digits = str(center.integer).rstrip("0")
    zeros = len(str(center.integer)) - len(digits)
    return f"{digits}e{zeros - center.decimals}"


def as_fraction(value: ExactDecimal) -> fmpq:
    """Return an exact decimal as a fraction."""
    return fmpq(*value.as_integer_ratio())


def _sum_of_products(slopes: Sequence[fmpq], centers: Sequence[ExactDecimal]) -> fmpq:
    return sum((m * as_fraction(c) for m, c in zip(slopes, centers, strict=True)), fmpq(0))


def _mean_and_variance(moments: Moments, j: int) -> tuple[fmpq, fmpq]:
    total = moments.total_weight
    return moments.moment(0, j) / total, moments.products(j, j, has_intercept=True) / total


def _center(mean: fmpq, variance: fmpq, *, more_digits: int = 0) -> ExactDecimal:
    if mean == 0:
        return ZERO
    digits = CONSTANT_DIGITS if variance <= 0 else MAX_CENTER_DIGITS
    exponent = _exponent(abs(mean)) - digits
    if variance > 0:
        exponent = max(exponent, _exponent(variance) // 2 - more_digits)
    unit = _power_of_ten(exponent)
    steps = _rounded(mean / unit)
    if _as_float(steps * unit) is None:  # rounded away from zero; the mean itself is in range
        steps = int(mean / unit)
    if not _as_float(steps * unit):
        return ZERO
    if exponent >= 0:
        return ExactDecimal(steps * 10**exponent, 0)
    return shortest(steps, -exponent)


def _rounded(value: fmpq) -> int:
    return nearest_integer(int(value.p), int(value.q))


def _exponent(value: fmpq) -> int:
    """Return the largest k with 10**k at most a positive value."""
    bits = int(value.p).bit_length() - int(value.q).bit_length()
    guess = math.ceil(
        (bits + 1) * math.log10(2)
    )  # never too small: the value is below 2**(bits + 1)
    while _power_of_ten(guess) > value:
        guess -= 1
    return guess


def _power_of_ten(exponent: int) -> fmpq:
    return fmpq(10) ** exponent


def _as_float(value: fmpq) -> float | None:
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return None
