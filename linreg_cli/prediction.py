"""Predictions: b plus the sum of m times x, rounded once.

A plain float64 sum loses digits where large terms cancel (an epoch second times a slope, less
a large intercept). The extension carries the sum with twice the digits and an error bound; where
the bound does not decide the last bit, or there is no extension, the row is worked out in exact
integers.
"""

from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING

from linreg_cli import native
from linreg_cli.decimals import ExactDecimal
from linreg_cli.errors import DataError

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    import numpy as np
    import numpy.typing as npt

    from linreg_cli.block import Block

    Floats = npt.NDArray[np.float64]

MAX_EXACT_POWER = 22
"""10**22 is the largest power of ten that float64 holds exactly."""


class RowError(DataError):
    """Something is wrong with a row of a block, counted from 0, whose line is known elsewhere."""

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
    plane = _ExactPlane(slopes, intercept, [value.decimals for value in x])
    return plane.predict([value.integer for value in x])


def predict_exactly(
    slopes: Sequence[float], intercept: float, x: Sequence[ExactDecimal]
) -> tuple[int, int]:
    """Return b + Σ m·x of one row exactly, as numerator and denominator."""
    plane = _ExactPlane(slopes, intercept, [value.decimals for value in x])
    return plane.ratio([value.integer for value in x])


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

    """
    import numpy as np

    values = block.values
    predictions = np.empty(len(values))
    unsure = np.ones(len(values), dtype=np.bool_)
    fits = values.dtype == np.int64 and max(block.decimals, default=0) <= MAX_EXACT_POWER
    if native.IS_AVAILABLE and fits:
        tens = [10.0**decimals for decimals in block.decimals]
        predicted, doubtful = native.extension.predict(
            np.ascontiguousarray(values.T), np.array(slopes), np.array(tens), intercept
        )
        predictions, unsure = np.frombuffer(predicted).copy(), np.frombuffer(doubtful, np.bool_)
    plane = _ExactPlane(slopes, intercept, block.decimals)
    for i in np.flatnonzero(unsure).tolist():
        try:
            predictions[i] = plane.predict(values[i].tolist())
        except DataError as error:
            raise RowError(error.problem, hint=error.hint, row=i) from None
    return predictions


def to_floats(block: "Block", centers: Sequence[float] = ()) -> "Floats":
    """Round the numbers of a block to float64, less the center of each column if there are any.

    The difference is that of the numbers as written, rounded once: nothing cancels.

    Returns
    -------
    Shape (rows, columns).

    """
    import numpy as np

    floats = np.empty(block.values.shape)
    for j in range(len(block.decimals)):
        center = centers[j] if centers else 0.0
        floats[:, j] = predict_block([1.0], -center, block.columns(slice(j, j + 1)))
    return floats


class _ExactPlane:
    """b + Σ m·x as a quotient of integers, which Python rounds once, to the nearest float64."""

    def __init__(self, slopes: Sequence[float], intercept: float, decimals: Sequence[int]) -> None:
        ratios = [weight.as_integer_ratio() for weight in (intercept, *slopes)]
        unit = max(denominator for _, denominator in ratios)  # all are powers of two
        most = max(decimals, default=0)
        self._intercept, *self._slopes = (
            numerator * (unit // denominator) * 10 ** (most - places)
            for (numerator, denominator), places in zip(ratios, (0, *decimals), strict=True)
        )
        self._denominator = unit * 10**most

    def predict(self, integers: Sequence[int]) -> float:
        """Predict for features as integers, with the decimals that the plane was made for."""
        total, denominator = self.ratio(integers)
        try:
            return float(total / denominator) + 0.0  # a prediction that rounds to 0 has no sign
        except OverflowError:
            raise DataError(
                "a prediction is too large for a 64-bit float",
                hint="Give the value in the unit that the model was trained on.",
            ) from None

    def ratio(self, integers: Sequence[int]) -> tuple[int, int]:
        """Give the prediction exactly, as numerator and denominator."""
        return self._intercept + sum(map(mul, self._slopes, integers)), self._denominator
