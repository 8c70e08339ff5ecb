"""The exact fit of one feature with an intercept, in closed form on integers.

It gives the numbers of the ordinary exact training, of which many groups need many. Rows for which
these are not all ordinary (a constant feature, a result near the ends of float64) are left to it.
"""

from msgspec import Struct

from linreg_cli.exact import ZERO, ExactDecimal, power_of_ten, shortest
from linreg_cli.model import Settings
from linreg_cli.moments import Moments, SplitMoments

MOST_PLACES = 200
"""Maximum size of the exponent of a center, far from the ends of float64."""
_BITS_OF_TEN = 3.3219280948873626


class LineFit(Struct, frozen=True, kw_only=True):
    """The numbers of a model of one feature; `Model` and `Training` explain them."""

    m: float
    b: float
    center: ExactDecimal
    value_at_center: float
    loss: float
    best_loss: float


def is_line(data: SplitMoments, settings: Settings) -> bool:
    """Return whether `fit_line` fits some moments: one feature, and no option that changes it."""
    moments = data.moments
    return (
        len(moments.columns) == len(("x", "y"))
        and settings.solver == "exact"
        and settings.intercept
        and not any(settings.l2)
        and data.test is None
        and not data.folds
        and data.design is None
        and not moments.weights
        and moments.fourth is None
    )


def fit_line(moments: Moments) -> LineFit | None:
    """Return the least-squares line; None for rows that the ordinary training has to decide.

    Notes
    -----
    With n rows, D = n·Σx² - (Σx)² and N = n·Σxy - Σx·Σy, the slope is N / D and the smallest sum of
    squares ((n·Σy² - (Σy)²)·D - N²) / (n·D). Each quotient of integers is rounded once.

    """
    (n, x, y), (_, xx, xy), (*_, yy) = moments.matrix
    d = n * xx - x * x
    if d <= 0:
        return None
    numerator, spread = n * xy - x * y, n * yy - y * y
    ten_x, ten_y = map(power_of_ten, moments.decimals)
    center = _center(x, n, d, moments.decimals[0])
    if center is None:
        return None
    ten_c = power_of_ten(center.decimals)
    at_zero = y * xx - x * xy  # the intercept times d
    try:
        m = numerator * ten_x / (d * ten_y)
        b = at_zero / (d * ten_y)
        value = (at_zero * ten_c + numerator * ten_x * center.integer) / (d * ten_y * ten_c)
        best_loss = (spread * d - numerator * numerator) / (d * n * n * ten_y * ten_y)
        # the residual y - value - m·(x - center) of the rounded numbers, in a unit that makes the
        # coefficients of y, x and 1 whole
        (up, down), (top, bottom) = m.as_integer_ratio(), value.as_integer_ratio()
        twos = max(down, bottom)
        unit = ten_x * ten_y * ten_c * twos
        of_y, of_x = unit // ten_y, up * (unit // (down * ten_x))
        of_1 = up * center.integer * (unit // (down * ten_c)) - top * (unit // bottom)
        squares = of_y * of_y * yy + of_x * of_x * xx + of_1 * of_1 * n
        crossed = of_y * of_1 * y - of_x * of_1 * x - of_y * of_x * xy
        loss = (squares + 2 * crossed) / (n * unit * unit)
    except OverflowError:  # the ordinary training says what is too large
        return None
    if spread * d < numerator * numerator:
        return None
    return LineFit(m=m, b=b, center=center, value_at_center=value, loss=loss, best_loss=best_loss)


def _center(x: int, n: int, d: int, decimals: int) -> ExactDecimal | None:
    """Return the center that `center_of` returns; None if it is not an ordinary number."""
    if not x:
        return ZERO
    exponent = _exponent(d, n * n * power_of_ten(2 * decimals)) // 2
    places = (x.bit_length() - n.bit_length()) / _BITS_OF_TEN - decimals  # of the mean
    if abs(exponent) > MOST_PLACES or abs(places) > MOST_PLACES:
        return None
    above, below = x, n * power_of_ten(decimals)
    if exponent >= 0:
        below *= power_of_ten(exponent)
    else:
        above *= power_of_ten(-exponent)
    steps, rest = divmod(above, below)
    steps += 2 * rest > below or (2 * rest == below and steps % 2)  # half to even
    if not steps:
        return ZERO
    if exponent >= 0:
        return ExactDecimal(steps * power_of_ten(exponent), 0)
    return shortest(steps, -exponent)


def _exponent(above: int, below: int) -> int:
    """Return the largest k with 10**k at most a quotient of positive integers."""
    bits = above.bit_length() - below.bit_length() + 1  # the quotient is below 2**bits
    k = int(bits // _BITS_OF_TEN) + 1
    while below * power_of_ten(k) > above if k >= 0 else below > above * power_of_ten(-k):
        k -= 1
    return k
