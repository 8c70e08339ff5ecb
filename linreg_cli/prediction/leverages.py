"""Leverages: how far rows are from the center of the training rows, from the moments alone."""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from flint import arb, arb_mat, ctx, fmpq
from msgspec import Struct

from linreg_cli.exact import (
    Block,
    ExactDecimal,
    Floats,
    correctly_rounded,
    to_float,
    to_floats,
)
from linreg_cli.model import Model
from linreg_cli.prediction.rows_fit import RowsFit
from linreg_cli.training import ProductsFactor

LEVERAGE_ROUNDING = 1e-9
"""More than float64 adds to the leverage of a training row."""

MAX_CONDITION = 1e3
"""Above this condition number of the scaled features, float64 loses too many digits of a leverage,
and ball arithmetic computes it."""

ROWS_AT_ONCE = 1024
"""The minimum number of rows that are computed at once."""
CELLS_AT_ONCE = 1 << 16
"""More rows are computed at once if all together have at most this many numbers."""

COORDINATE_ERROR = 2.0**-90


class Leverages(Struct, frozen=True, kw_only=True):
    """How far rows lie from the training rows.

    Attributes
    ----------
    centers, scales
        What is subtracted from each feature, and what it is then divided by.
    has_intercept
        Whether the first weight is the intercept.
    factor
        The triangular R of the features so scaled, in balls.
    inverse
        The inverse of R as float64, shape (weights, weights); None where the condition number is
        too large for float64.
    bound
        No training row has a larger leverage.

    """

    centers: tuple[ExactDecimal, ...]
    scales: tuple[float, ...]
    has_intercept: bool
    factor: ProductsFactor
    inverse: Floats | None
    bound: float

    @classmethod
    def of(cls, model: Model) -> Self:
        """Return what the leverages of a model need.

        Raises
        ------
        FitError
            If the columns are collinear, or there are fewer rows than weights.

        """
        return cls.of_fit(RowsFit.of(model))

    @classmethod
    def of_fit(cls, fit: RowsFit) -> Self:
        """Return what the leverages of a fit need; see `of`."""
        fit.require_unique("no leverage")
        factor = fit.factor
        is_well_conditioned = np.linalg.cond(factor.triangle()) <= MAX_CONDITION
        return cls(
            centers=fit.centers,
            scales=tuple(map(to_float, factor.scaling.scales)),
            has_intercept=fit.has_intercept,
            factor=factor,
            inverse=factor.inverse_triangle() if is_well_conditioned else None,
            # a training row of weight w has at most 1/w, and a new row has no weight
            bound=math.inf if fit.moments.weights else 1.0 + LEVERAGE_ROUNDING,
        )

    def of_rows(self, block: Block) -> Floats:
        """Return the leverage h = xᵀ(XᵀX)⁻¹x of each row, as of a row with the weight 1.

        Notes
        -----
        With XᵀX = RᵀR, h is the sum of squares of xᵀR⁻¹.

        Source: S. Weisberg, Applied Linear Regression (4th edition, 2014), section 9.1.

        """
        leverages = np.empty(len(block.values))
        for some in self._slices(len(leverages)):
            rows = block.rows(some)
            leverages[some] = (
                self._in_balls(rows)
                if self.inverse is None
                else sum_of_squares(_moved_floats(self, rows))
            )
        return leverages

    def coordinates(self, block: Block) -> Floats:
        """Return xᵀR⁻¹ of each row, shape (weights, rows): over all training rows orthonormal.

        The squares of a row's coordinates add up to its leverage.
        """
        moved = np.empty((len(self.factor.independent), len(block.values)))
        for some in self._slices(len(block.values)):
            rows = block.rows(some)
            moved[:, some] = (
                self._moved_in_balls(rows) if self.inverse is None else _moved_floats(self, rows)
            )
        return moved

    def _slices(self, rows: int) -> list[slice]:
        """Return the slices of rows that are computed at once, so that little memory is needed."""
        step = max(ROWS_AT_ONCE, CELLS_AT_ONCE // (len(self.scales) + 1))
        return [slice(start, start + step) for start in range(0, rows, step)]

    def along(self, point: Sequence[fmpq], column: int, offsets: Sequence[fmpq]) -> Floats:
        """Return the leverages of rows that differ from a point in one feature only.

        Parameters
        ----------
        point
            A value for each feature.
        column
            The feature that differs, counted from 0.
        offsets
            What is added to it in each row.

        """
        scaling = self.factor.scaling
        start = [[fmpq(1)]] * self.has_intercept + [
            [(value - center) / scale]
            for value, center, scale in zip(point, scaling.centers, scaling.scales, strict=True)
        ]

        def compute() -> list[arb]:
            inverse = self.factor.lower_and_inverse()[1]
            at_start = (inverse * arb_mat(start)).entries()
            step = [inverse[i, column + self.has_intercept] for i in range(inverse.nrows())]
            constant, linear, square = (
                _dot(at_start, at_start),
                2 * _dot(at_start, step),
                _dot(step, step),
            )
            steps = [arb(offset / scaling.scales[column]) for offset in offsets]
            return [constant + z * (linear + z * square) for z in steps]

        return np.array(correctly_rounded(compute))

    def _in_balls(self, block: Block) -> Floats:
        rows = self.scaled(block)

        def compute() -> list[arb]:
            moved = self.factor.lower_and_inverse()[1] * arb_mat(rows)
            return [_dot(row, row) for row in moved.transpose().tolist()]

        return np.array(correctly_rounded(compute))

    def _moved_in_balls(self, block: Block) -> Floats:
        """Return the coordinates of rows, each with an error below 2**-90: they are at most 1."""
        rows = self.scaled(block)
        precision = ctx.prec
        while True:
            with ctx.workprec(precision):
                try:
                    moved = (self.factor.lower_and_inverse()[1] * arb_mat(rows)).entries()
                except ZeroDivisionError:  # too few bits to tell a pivot from zero
                    moved = [arb("nan")]
                if all(entry.rad() < COORDINATE_ERROR for entry in moved):
                    return np.array([float(entry) for entry in moved]).reshape(
                        -1, len(block.values)
                    )
            precision *= 2

    def scaled(self, block: Block) -> list[list[fmpq]]:
        """Return the scaled features of rows, after 1 for the intercept, a list for each."""
        scaling = self.factor.scaling
        rows = [[fmpq(1)] * len(block.values)] * self.has_intercept
        for values, decimals, center, scale in zip(
            block.values.T.tolist(), block.decimals, scaling.centers, scaling.scales, strict=True
        ):
            rows.append([(fmpq(value, 10**decimals) - center) / scale for value in values])
        return rows


def _moved_floats(leverages: Leverages, block: Block) -> Floats:
    """Return the coordinates of rows in float64, added in one order on every processor."""
    columns = [np.ones(len(block.values))] * leverages.has_intercept
    columns += list((to_floats(block, leverages.centers) / np.array(leverages.scales)).T)
    inverse = leverages.inverse
    assert inverse is not None  # noqa: S101  # `of_rows` asks
    moved = np.zeros((len(columns), len(block.values)))
    for i, column in enumerate(columns):
        moved[i:] += inverse[i, i:, np.newaxis] * column
    return moved


def sum_of_squares(coordinates: Floats) -> Floats:
    """Return the sum of the squares of each column, added in one order on every processor."""
    leverage = np.zeros(coordinates.shape[1])
    for values in coordinates:
        leverage += values**2
    return leverage


def _dot(a: Sequence[arb], b: Sequence[arb]) -> arb:
    return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))
