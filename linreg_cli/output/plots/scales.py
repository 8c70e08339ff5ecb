"""The scales of axes: the place of a value, and the values that an axis shows."""

import math

import numpy as np

from linreg_cli.exact import Floats
from linreg_cli.output.plots.picture import Scale

_FEW_DECADES, _MOST_DECADES = 2.5, 8

SAME = 1e-11
"""A range that is a smaller share of its values comes from rounding."""


def place(values: Floats, scale: Scale) -> Floats:
    """Return the places of values on an axis."""
    if scale == "linear":
        return values
    return np.log10(values) if scale == "log" else np.log10(1 + values)


def with_room(low: float, high: float) -> tuple[float, float]:
    """Return a range or, for values that differ only by rounding, a wider one."""
    size = max(abs(low), abs(high))
    if high - low > SAME * size:
        return low, high
    room = size / 10 or 1.0
    return low - room, high + room


def round_values(low: float, high: float, scale: Scale) -> Floats:
    """Return round values between two places of a scale that is not linear."""
    factors = (1, 2, 5) if high - low < _FEW_DECADES else (1,)
    stride = 1 + int(high - low) // _MOST_DECADES
    first = 0 if scale == "from zero" else math.floor(low) // stride * stride
    powers = range(first, math.ceil(high) + 1, stride)
    values = np.array([float(f"{factor}e{power}") for power in powers for factor in factors])
    values = values[values > 0]  # a power of ten below the range of float64 is 0
    if scale == "from zero":
        values = np.append(0.0, values)
    places = place(values, scale)
    return values[(places >= low) & (places < high)]
