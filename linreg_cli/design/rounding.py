"""Correct rounding of fractions to integers and decimals."""

from linreg_cli.exact import ExactDecimal, nearest_integer, power_of_ten

SIGNIFICANT = 17
"""The number of significant digits of an exponential and of a quotient."""


def quotient(numerator: int, denominator: int) -> ExactDecimal:
    """Return a fraction to `SIGNIFICANT` digits, to the nearest; to even, if two are nearest.

    Raises
    ------
    ZeroDivisionError
        If the denominator is 0.

    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    exponent = len(str(abs(numerator))) - len(str(denominator))
    up, down = power_of_ten(max(exponent, 0)), power_of_ten(max(-exponent, 0))
    if abs(numerator) * down < denominator * up:  # the fraction is between 10**exponent and a tenth
        exponent -= 1
    places = SIGNIFICANT - 1 - exponent
    up, down = power_of_ten(max(places, 0)), power_of_ten(max(-places, 0))
    return scaled(nearest_integer(numerator * up, denominator * down), places)


def scaled(integer: int, places: int) -> ExactDecimal:
    """Return ``integer / 10**places``, where the number of places may be negative."""
    return ExactDecimal(integer * power_of_ten(max(-places, 0)), max(places, 0))
