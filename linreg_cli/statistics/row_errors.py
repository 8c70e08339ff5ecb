"""The errors of a model on single rows: mean absolute error, coverage and the largest error."""

from typing import Self

import numpy as np
import numpy.typing as npt
from flint import fmpq
from msgspec import Struct, field

from linreg_cli.errors import FitError
from linreg_cli.exact import Block, Floats, predict_block, to_float, to_floats
from linreg_cli.model import Model
from linreg_cli.prediction import Uncertainty
from linreg_cli.statistics.confidence import DEFAULT_CONFIDENCE
from linreg_cli.statistics.exact_sum import exact_sum


class LargestError(Struct, frozen=True, kw_only=True):
    """The largest error, prediction less target, and the row that has it."""

    error: float
    source: str
    line: int


class RowErrors(Struct, kw_only=True):
    """Errors of single rows, added up: figures that do not follow from the moments of the rows.

    Attributes
    ----------
    model
        The model that predicts.
    uncertainty
        What the prediction interval needs; None if the model has no interval.
    largest
        The largest error so far.

    """

    model: Model
    uncertainty: Uncertainty | None
    largest: LargestError | None = None
    _weight: fmpq = field(default_factory=fmpq)
    _absolute: fmpq = field(default_factory=fmpq)
    _relative: fmpq = field(default_factory=fmpq)
    _covered: fmpq = field(default_factory=fmpq)
    _has_zero: bool = False

    @classmethod
    def of(cls, model: Model, confidence: float = DEFAULT_CONFIDENCE) -> Self:
        """Return the errors of no rows yet; without coverage if the model has no interval."""
        try:
            uncertainty = Uncertainty.of(model, confidence)
        except FitError:
            uncertainty = None
        return cls(model=model, uncertainty=uncertainty)

    def add(self, block: Block, weights: Floats, lines: npt.NDArray[np.int64], source: str) -> None:
        """Add the rows of a block.

        Parameters
        ----------
        block
            The features and the target.
        weights
            The weight of each row, shape (rows,): 1 where there are no weights.
        lines, source
            The line of each row, and the name of its source.

        """
        if not len(block.values):
            return
        # prediction less target, from the numbers as written, rounded once
        errors = predict_block(self.model.plane.less_target(), block)
        size = np.abs(errors)
        self._weight += exact_sum(weights)
        self._absolute += exact_sum(size * weights)
        self._add_relative(size, weights, block)
        if self.uncertainty is not None:
            inside = size <= self.uncertainty.of_rows(block.columns(slice(-1)), weights)
            self._covered += exact_sum(weights[inside])
        worst = int(size.argmax())
        if self.largest is None or size[worst] > abs(self.largest.error):
            self.largest = LargestError(
                error=float(errors[worst]), source=source, line=int(lines[worst])
            )

    def _add_relative(self, size: Floats, weights: Floats, block: Block) -> None:
        y = np.abs(to_floats(block.columns(slice(-1, None)))[:, 0])
        self._has_zero |= bool((y == 0).any())
        if not self._has_zero:
            self._relative += exact_sum(size / y * weights)

    @property
    def mae(self) -> float:
        """The mean absolute error."""
        return to_float(self._absolute / self._weight)

    @property
    def mape(self) -> float | None:
        """The mean of |error / target| as a fraction; None if a target is 0."""
        return None if self._has_zero else to_float(self._relative / self._weight)

    @property
    def mape_percent(self) -> float | None:
        """The same in per cent, rounded once: 100 times the rounded fraction has another error."""
        return None if self._has_zero else to_float(100 * self._relative / self._weight)

    @property
    def coverage(self) -> float | None:
        """The share of targets inside the prediction interval; None without interval."""
        return None if self.uncertainty is None else to_float(self._covered / self._weight)

    @property
    def coverage_percent(self) -> float | None:
        """The same in per cent, rounded once."""
        return None if self.uncertainty is None else to_float(100 * self._covered / self._weight)
