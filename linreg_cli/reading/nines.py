"""Numbers that programs write for a missing value: nines alone."""

_LEAST = 2


def is_nines(integer: int) -> bool:
    """Return whether a number is written with nines alone, at least two: 99, -999, 9999."""
    digits = str(abs(integer))
    return len(digits) >= _LEAST and set(digits) == {"9"}
