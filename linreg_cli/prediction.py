"""Predictions: b plus the sum of m times x, rounded once.

A plain float64 sum loses digits where large terms cancel (an epoch second times a slope, less
a large intercept). Here the sum is carried with twice the digits and an error bound; where the
bound does not decide the last bit, the row is worked out in exact integers.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from linreg_cli.decimals import ExactDecimal
from linreg_cli.errors import DataError

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    import numpy as np
    import numpy.typing as npt

    from linreg_cli.block import Block

    Floats = npt.NDArray[np.float64]

MAX_EXACT_POWER = 22
"""10**22 is the largest power of ten that float64 holds exactly."""
_SPLIT = 2.0**27 + 1
_TINY = 2.0**-900


class TooLargeError(DataError):
    """A prediction is beyond the range of float64, in a row of a block counted from 0."""

    def __init__(self, problem: str, *, hint: str, row: int) -> None:
        super().__init__(problem, hint=hint)
        self.row = row


def predict_row(slopes: Sequence[float], intercept: float, x: Sequence[ExactDecimal]) -> float:
    """Predict one row.

    Parameters
    ----------
    slopes
        The weight m of each feature.
    intercept
        The weight b.
    x
        The features as written.

    Returns
    -------
    The float64 nearest to b + Σ m·x.

    Raises
    ------
    DataError
        If that is beyond the range of float64.

    """
    total = Fraction(intercept)
    for slope, value in zip(slopes, x, strict=True):
        total += Fraction(slope) * Fraction(value.integer, 10**value.decimals)
    try:
        return float(total) + 0.0  # a prediction that rounds to 0 has no sign
    except OverflowError:
        raise DataError(
            "a prediction is too large for a 64-bit float",
            hint="Is the value in the unit that the model was trained on?",
        ) from None


def predict_block(slopes: Sequence[float], intercept: float, block: "Block") -> "Floats":
    """Predict the rows of a block.

    Parameters
    ----------
    slopes
        The weight m of each column of the block.
    intercept
        The weight b.
    block
        The features as written.

    Returns
    -------
    The same numbers, to the bit, that `predict_row` gives for each row.

    Notes
    -----
    Error-free sum and product: T. J. Dekker, A floating-point technique for extending the
    available precision, Numerische Mathematik 18 (1971). The rounding test: A. Ziv, Fast
    evaluation of elementary mathematical functions with correctly rounded last bit, ACM TOMS
    17 (1991).

    """
    import numpy as np

    values = block.values
    predictions = np.empty(len(values))
    unsure = np.ones(len(values), dtype=np.bool_)
    if values.dtype != np.object_ and max(block.decimals, default=0) <= MAX_EXACT_POWER:
        with np.errstate(over="ignore", invalid="ignore"):  # such rows are unsure
            predictions, unsure = _predict_doubled(
                slopes, intercept, values.astype(np.int64, copy=False), block.decimals
            )
    for i in np.flatnonzero(unsure).tolist():
        row = map(ExactDecimal, map(int, values[i]), block.decimals)
        try:
            predictions[i] = predict_row(slopes, intercept, list(row))
        except DataError as error:
            raise TooLargeError(error.problem, hint=error.hint, row=i) from None
    return predictions


def _predict_doubled(
    slopes: Sequence[float],
    intercept: float,
    values: "npt.NDArray[np.int64]",
    decimals: Sequence[int],
) -> "tuple[Floats, npt.NDArray[np.bool_]]":
    """Predict with pairs of floats; tell which rows the error bound leaves unsure."""
    import numpy as np

    high = np.full(len(values), intercept)
    low = np.zeros(len(values))
    size = np.full(len(values), abs(intercept))
    for j, slope in enumerate(slopes):
        term, term_low = _multiply(values[:, j], slope, 10.0 ** decimals[j])
        high, rounding = _two_sum(high, term)
        low = low + (rounding + term_low)
        size += np.abs(term)
    high, low = _two_sum(high, low)
    # every one of the additions rounds, and what it rounds may be the sum of all before
    bound = size * (2.0**-104 * (len(slopes) + 4) ** 2)
    predictions = high + (low + bound)
    unsure = predictions != high + (low - bound)
    unsure |= ~np.isfinite(predictions) | ((size < _TINY) & (size > 0))
    return predictions + 0.0, unsure  # + 0.0: zero has no sign


def _multiply(
    integers: "npt.NDArray[np.int64]", slope: float, ten: float
) -> "tuple[Floats, Floats]":
    """Give slope * integers / ten as a float and what it lacks."""
    import numpy as np

    x = integers.astype(np.float64)
    x_low = (integers - x.astype(np.int64)).astype(np.float64)
    product, rounding = _two_product(x, slope)
    rounding += x_low * slope
    if ten == 1:
        return product, rounding
    quotient = product / ten
    back, back_low = _two_product(quotient, ten)
    rest = ((product - back) - back_low) + rounding
    return quotient, rest / ten


def _two_sum(a: "Floats", b: "Floats") -> "tuple[Floats, Floats]":
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


def _two_product(a: "Floats", b: float) -> "tuple[Floats, Floats]":
    product = a * b
    a_high = _SPLIT * a - (_SPLIT * a - a)
    b_high = _SPLIT * b - (_SPLIT * b - b)
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
