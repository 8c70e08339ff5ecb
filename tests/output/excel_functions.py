"""Functions of Excel that pycel lacks."""

import math


def exact(first: object, second: object) -> bool:
    """Return whether two texts are equal, letter by letter; an empty cell is an empty text."""
    return ("" if first is None else str(first)) == ("" if second is None else str(second))


def exp(number: float | str | None) -> float | str:
    """Return e to a power, or Excel's error if it is too large, where pycel ends."""
    if isinstance(number, str):  # an error
        return number
    try:
        return math.exp(number or 0)
    except OverflowError:
        return "#NUM!"
