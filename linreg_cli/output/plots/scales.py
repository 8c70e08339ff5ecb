"""The scales of axes: where a value is placed, and which values an axis names."""

import math

import numpy as np

from linreg_cli.exact import Floats
from linreg_cli.output.plots.picture import Scale

_FEW_DECADES, _MOST_DECADES = 2.5, 8

SAME = 1e-11
"""A range that is smaller, next to its values, is that of rounding and of an end of training."""


def place(values: Floats, scale: Scale) -> Floats:
    """Give how far along an axis values are."""
    if scale == "linear":
        return values
    return np.log10(values) if scale == "log" else np.log10(1 + values)


def with_room(low: float, high: float) -> tuple[float, float]:
    """Give a range as it is, or some room about values that are the same but for rounding."""
    size = max(abs(low), abs(high))
    if high - low > SAME * size:
        return low, high
    room = size / 10 or 1.0
    return low - room, high + room


def round_values(low: float, high: float, scale: Scale) -> Floats:
    """Give round values between two places of a scale that is not linear."""
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
