"""The errors of a model on single rows: mean absolute error, coverage and the largest error."""

from collections.abc import Callable
from typing import Self

import numpy as np
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


class ErrorTotals(Struct, kw_only=True):
    """Errors of single rows, added up: figures that do not follow from the moments of the rows.

    Attributes
    ----------
    largest
        The largest error so far.
    weight
        The sum of the weights of the rows.
    absolute, relative
        The weighted sums of |error| and of |error / target|.
    with_interval, covered
        The weight of the rows that have a prediction interval, and of those of them whose target
        is inside.
    has_zero
        Whether a target is 0, or so near to 0 that an error divided by it is beyond float64.

    """

    largest: LargestError | None = None
    weight: fmpq = field(default_factory=fmpq)
    absolute: fmpq = field(default_factory=fmpq)
    relative: fmpq = field(default_factory=fmpq)
    with_interval: fmpq = field(default_factory=fmpq)
    covered: fmpq = field(default_factory=fmpq)
    has_zero: bool = False

    def take(self, other: "ErrorTotals") -> None:
        """Add the errors of other rows."""
        self.weight += other.weight
        self.absolute += other.absolute
        self.relative += other.relative
        self.with_interval += other.with_interval
        self.covered += other.covered
        self.has_zero |= other.has_zero
        worst = other.largest
        if worst and (self.largest is None or abs(worst.error) > abs(self.largest.error)):
            self.largest = worst

    @property
    def mae(self) -> float:
        """The mean absolute error."""
        return to_float(self.absolute / self.weight)

    @property
    def mape(self) -> float | None:
        """The mean of |error / target| as a fraction; None if `has_zero`."""
        return None if self.has_zero else to_float(self.relative / self.weight)

    @property
    def mape_percent(self) -> float | None:
        """The same in per cent, rounded once: 100 times the rounded fraction has another error."""
        return None if self.has_zero else to_float(100 * self.relative / self.weight)

    @property
    def coverage(self) -> float | None:
        """The share of targets inside the prediction interval; None without interval."""
        return to_float(self.covered / self.with_interval) if self.with_interval else None

    @property
    def coverage_percent(self) -> float | None:
        """The same in per cent, rounded once."""
        return to_float(100 * self.covered / self.with_interval) if self.with_interval else None


class RowErrors(ErrorTotals, kw_only=True):
    """The errors of a model on rows, which are added block by block.

    Attributes
    ----------
    model
        The model that predicts.
    uncertainty
        What the prediction interval needs; None if the model has no interval.

    """

    model: Model
    uncertainty: Uncertainty | None

    @classmethod
    def of(cls, model: Model, confidence: float = DEFAULT_CONFIDENCE) -> Self:
        """Return the errors of no rows yet; without coverage if the model has no interval."""
        try:
            uncertainty = Uncertainty.of(model, confidence)
        except FitError:
            uncertainty = None
        return cls(model=model, uncertainty=uncertainty)

    def add(
        self, block: Block, weights: Floats, line_of: Callable[[int], int], source: str
    ) -> None:
        """Add the rows of a block.

        Parameters
        ----------
        block
            The features and the target.
        weights
            The weight of each row, shape (rows,): 1 where there are no weights.
        line_of, source
            Returns the line of a row, counted from 0, and the name of the source of all rows.

        """
        if not len(block.values):
            return
        # prediction less target, from the numbers as written, rounded once
        errors = predict_block(self.model.plane.less_target(), block)
        size = np.abs(errors)
        weight = exact_sum(weights)
        self.weight += weight
        with np.errstate(over="ignore"):  # the sum refuses infinity
            weighted = size * weights
        self.absolute += exact_sum(weighted)
        self._add_relative(size, weights, block)
        if self.uncertainty is not None:
            inside = size <= self.uncertainty.of_rows(block.columns(slice(-1)), weights)
            self.with_interval += weight
            self.covered += exact_sum(weights[inside])
        worst = int(size.argmax())
        if self.largest is None or size[worst] > abs(self.largest.error):
            self.largest = LargestError(
                error=float(errors[worst]), source=source, line=line_of(worst)
            )

    def _add_relative(self, size: Floats, weights: Floats, block: Block) -> None:
        y = np.abs(to_floats(block.columns(slice(-1, None)))[:, 0])
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            relative = size / y * weights
        self.has_zero |= not np.isfinite(relative).all()
        if not self.has_zero:
            self.relative += exact_sum(relative)
