"""Predictions: the value at the center plus the sum of m·(x - center), rounded once.

A plain float64 sum loses digits if large terms cancel, such as an epoch second times a slope and a
large intercept. The extension computes the sum with twice the digits and an error bound. If the
bound does not decide the last bit, or if there is no extension, exact integers do.
"""

from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING

from linreg_cli.errors import DataError
from linreg_cli.exact.decimals import ExactDecimal, power_of_ten
from linreg_cli.exact.plane import ZERO, Plane

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy
    import numpy as np
    import numpy.typing as npt

    from linreg_cli.exact.arrays import Floats
    from linreg_cli.exact.block import Block

MAX_EXACT_POWER = 22
"""10**22 is the largest power of ten that float64 holds exactly."""
MAX_EXACT_INTEGER = 2**53
"""Float64 holds all integers up to this one exactly."""
FACTOR_LIMIT = 10**18
"""The integers of an int64 block are below this, and so are centers that the extension takes."""


class RowError(DataError):
    """An error in a row of a block, counted from 0; the caller knows the line of the row."""

    def __init__(self, problem: str, *, hint: str, row: int) -> None:
        super().__init__(problem, hint=hint)
        self.row = row


def predict_row(plane: Plane, x: Sequence[ExactDecimal]) -> float:
    """Return the prediction for one row.

    Parameters
    ----------
    plane
        The plane of a model.
    x
        The features as written.

    Returns
    -------
    The float64 nearest to value + Σ m·(x - center).

    Raises
    ------
    DataError
        If the prediction is beyond the range of float64.

    """
    exact = _ExactPlane(plane, [value.decimals for value in x])
    return exact.predict([value.integer for value in x])


def predict_exactly(plane: Plane, x: Sequence[ExactDecimal]) -> tuple[int, int]:
    """Return the prediction of one row exactly, as numerator and denominator."""
    exact = _ExactPlane(plane, [value.decimals for value in x])
    return exact.ratio([value.integer for value in x])


def predict_block(plane: Plane, block: "Block") -> "Floats":
    """Return the prediction for each row of a block.

    Parameters
    ----------
    plane
        The plane of a model; it has a slope for each column of the block.
    block
        The features as written.

    Returns
    -------
    The same numbers, to the bit, that `predict_row` returns for each row, shape (rows,).

    Raises
    ------
    RowError
        If a prediction is beyond the range of float64.

    """
    import numpy as np

    from linreg_cli import native

    values = block.values
    predictions = np.empty(len(values))
    unsure = np.ones(len(values), dtype=np.bool_)
    moved = _less_centers(block, plane.centers) if native.IS_AVAILABLE else None
    if moved is not None:
        differences, decimals = moved
        tens = [10.0**places for places in decimals]
        predicted, doubtful = native.extension.predict(
            differences, np.array(plane.slopes), np.array(tens), plane.value
        )
        predictions, unsure = np.frombuffer(predicted).copy(), np.frombuffer(doubtful, np.bool_)
    exact = _ExactPlane(plane, block.decimals)
    for i in np.flatnonzero(unsure).tolist():
        try:
            predictions[i] = exact.predict(values[i].tolist())
        except DataError as error:
            raise RowError(error.problem, hint=error.hint, row=i) from None
    return predictions


def _less_centers(
    block: "Block", centers: Sequence[ExactDecimal]
) -> "tuple[npt.NDArray[np.int64], list[int]] | None":
    """Return each column minus its center, exactly.

    Returns
    -------
    Integers of shape (columns, rows), each below 2·10**18, and the decimals of each column; or
    None if there are no such integers.

    """
    import numpy as np

    if block.values.dtype != np.int64:
        return None
    is_moved = any(center.integer for center in centers)
    differences = np.array(block.values.T, dtype=np.int64, order="C", copy=is_moved or None)
    needed = (center.decimals if center.integer else 0 for center in centers)
    decimals = list(map(max, block.decimals, needed))
    if max(decimals, default=0) > MAX_EXACT_POWER:
        return None
    for j, center in enumerate(centers):
        if not center.integer:
            continue
        old, new = block.decimals[j], decimals[j]
        largest = int(np.abs(differences[j]).max(initial=0))
        factor = power_of_ten(new - old) if largest else 1
        moved = center.integer * power_of_ten(new - center.decimals)
        if max(largest * factor, abs(moved)) >= FACTOR_LIMIT:
            return None
        differences[j] = differences[j] * factor - moved
    return differences, decimals


def to_floats(block: "Block", centers: Sequence[ExactDecimal] = ()) -> "Floats":
    """Return the numbers of a block as float64, minus the center of each column if there is one.

    The difference of the exact numbers is rounded once, so that no digits cancel.

    Returns
    -------
    Shape (rows, columns).

    """
    import numpy as np

    floats = np.empty(block.values.shape[::-1]).T  # each column in one piece
    for j in range(len(block.decimals)):
        column, center = block.columns(slice(j, j + 1)), centers[j] if centers else ZERO
        quotients = _quotients(column, center)
        if quotients is None:
            quotients = predict_block(Plane((1.0,), 0.0, (center,)), column)
        floats[:, j] = quotients
    return floats


def _quotients(column: "Block", center: ExactDecimal) -> "Floats | None":
    """Return a column minus its center, where each is a quotient of two exact float64, or None."""
    import numpy as np

    moved = _less_centers(column, [center])
    if moved is None:
        return None
    [differences], [decimals] = moved
    quotients: Floats = differences.astype(np.float64)
    if np.abs(quotients).max(initial=0.0) >= MAX_EXACT_INTEGER:
        return None
    if decimals:
        quotients /= 10.0**decimals
    return quotients


class _ExactPlane:
    """The plane as a quotient of integers, which Python rounds once, to the nearest float64."""

    def __init__(self, plane: Plane, decimals: Sequence[int]) -> None:
        ratios = [weight.as_integer_ratio() for weight in (plane.value, *plane.slopes)]
        unit = max(denominator for _, denominator in ratios)  # all are powers of two
        most = max([0, *decimals, *(center.decimals for center in plane.centers)])
        value, *slopes = (numerator * (unit // denominator) for numerator, denominator in ratios)
        self._slopes = [
            m * 10 ** (most - places) for m, places in zip(slopes, decimals, strict=True)
        ]
        self._at_zero = value * 10**most - sum(
            m * center.integer * 10 ** (most - center.decimals)
            for m, center in zip(slopes, plane.centers, strict=True)
        )
        self._denominator = unit * 10**most

    def predict(self, integers: Sequence[int]) -> float:
        """Return the prediction for features as integers, with the decimals given to the class."""
        total, denominator = self.ratio(integers)
        try:
            return float(total / denominator) + 0.0  # a prediction that rounds to 0 has no sign
        except OverflowError:
            raise DataError(
                "a prediction is too large for a 64-bit float",
                hint="Give the value in the unit that the model was trained on.",
            ) from None

    def ratio(self, integers: Sequence[int]) -> tuple[int, int]:
        """Return the exact prediction as numerator and denominator."""
        return self._at_zero + sum(map(mul, self._slopes, integers)), self._denominator
