"""How a model does on rows that it was not trained on: one pass, and the test for drift."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from flint import arb, fmpq

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    Block,
    Floats,
    correctly_rounded,
    f_p_value,
    predict_block,
    to_float,
    to_floats,
    with_log10,
)
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.prediction import Uncertainty
from linreg_cli.reading import Advance, PassResult, UsedRows, sum_rows
from linreg_cli.reading.csv import CsvOptions, Rows
from linreg_cli.reading.sources import Source
from linreg_cli.statistics.model_rows import selection_of
from linreg_cli.statistics.scores import Scores
from linreg_cli.training import least_squares

_MANTISSA_BITS, _HALF_BITS = 53, 27


@dataclass(frozen=True, kw_only=True)
class LargestError:
    """The row whose prediction is farthest off: prediction less target, and where."""

    error: float
    source: str
    line: int


@dataclass(kw_only=True)
class Errors:
    """Errors of single rows, added up: what the sums cannot tell.

    Attributes
    ----------
    model
        Whose predictions.
    uncertainty
        What the prediction interval needs, or None if the model has no interval.

    """

    model: Model
    uncertainty: Uncertainty | None
    largest: LargestError | None = None
    _weight: fmpq = field(default_factory=fmpq)
    _absolute: fmpq = field(default_factory=fmpq)
    _relative: fmpq = field(default_factory=fmpq)
    _covered: fmpq = field(default_factory=fmpq)
    _has_zero: bool = False

    def add(self, block: Block, counts: Floats, lines: npt.NDArray[np.int64], source: str) -> None:
        """Add the rows of a block.

        Parameters
        ----------
        block
            The features and the target.
        counts
            How much each row counts, shape (rows,).
        lines, source
            Where the rows come from.

        """
        if not len(block.values):
            return
        # prediction less target, from the numbers as written, rounded once
        errors = predict_block(self.model.plane.less_target(), block)
        size = np.abs(errors)
        self._weight += _exact_sum(counts)
        self._absolute += _exact_sum(size * counts)
        self._add_relative(size, counts, block)
        if self.uncertainty is not None:
            inside = size <= self.uncertainty.of_rows(block.columns(slice(-1)), counts)
            self._covered += _exact_sum(counts[inside])
        worst = int(size.argmax())
        if self.largest is None or size[worst] > abs(self.largest.error):
            self.largest = LargestError(
                error=float(errors[worst]), source=source, line=int(lines[worst])
            )

    def _add_relative(self, size: Floats, counts: Floats, block: Block) -> None:
        y = np.abs(to_floats(block.columns(slice(-1, None)))[:, 0])
        self._has_zero |= bool((y == 0).any())
        if not self._has_zero:
            self._relative += _exact_sum(size / y * counts)

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
        """The same in per cent, rounded once: 100 · 0.952 is not 95.2."""
        return None if self._has_zero else to_float(100 * self._relative / self._weight)

    @property
    def coverage(self) -> float | None:
        """The share of targets inside the prediction interval; None without interval."""
        return None if self.uncertainty is None else to_float(self._covered / self._weight)

    @property
    def coverage_percent(self) -> float | None:
        """The same in per cent, rounded once."""
        return None if self.uncertainty is None else to_float(100 * self._covered / self._weight)


def _exact_sum(values: Floats) -> fmpq:
    """Add floats exactly, so that any order and any cut give the same."""
    mantissas, exponents = np.frexp(values)
    integers = np.ldexp(mantissas, _MANTISSA_BITS).astype(np.int64)
    total = fmpq(0)
    for exponent in np.unique(exponents).tolist():
        some = integers[exponents == exponent]
        # in halves, whose sums int64 holds
        high, low = int((some >> _HALF_BITS).sum()), int((some & (2**_HALF_BITS - 1)).sum())
        total += fmpq((high << _HALF_BITS) + low) * fmpq(2) ** (exponent - _MANTISSA_BITS)
    return total


@dataclass(frozen=True, kw_only=True)
class Drift:
    """The Chow test: whether one line holds for the training rows and the new ones.

    Attributes
    ----------
    f, p
        The statistic, and how likely one so large is if the line holds; f is None if both
        parts fit perfectly.
    p_log10
        The decimal logarithm of p; None where p is exactly 0.
    numerator, denominator
        Degrees of freedom.

    """

    f: float | None
    p: float | None
    p_log10: float | None
    numerator: int
    denominator: int


def check_drift(training: Moments, new: Moments, *, has_intercept: bool) -> Drift:
    """Compare one fit of all rows with a fit of each part.

    A part that has fewer rows than weights fits itself perfectly, which makes this Chow's
    predictive test.

    Raises
    ------
    FitError
        If the training rows leave no degrees of freedom.

    Notes
    -----
    F = ((RSS - RSS₁ - RSS₂) / numerator) / ((RSS₁ + RSS₂) / denominator). Source: G. Chow,
    Tests of equality between sets of coefficients in two linear regressions, Econometrica 28
    (1960).

    """
    parts = [least_squares(moments, has_intercept=has_intercept) for moments in (training, new)]
    together = least_squares(training + new, has_intercept=has_intercept)
    apart = sum((part.objective for part in parts), fmpq(0))
    numerator = sum(len(part.independent) for part in parts) - len(together.independent)
    denominator = training.rows + new.rows - sum(len(part.independent) for part in parts)
    if min(numerator, denominator) <= 0:
        raise FitError(
            f"no drift test: {training.rows} and {new.rows} rows leave no degrees of freedom",
            hint="Evaluate on more rows, or leave out --check-drift.",
        )
    grown = together.objective - apart
    if not apart:
        p, p_log10 = (0.0, None) if grown else (1.0, 0.0)
        return Drift(f=None, p=p, p_log10=p_log10, numerator=numerator, denominator=denominator)
    f = (grown / numerator) / (apart / denominator)
    p, p_log10 = correctly_rounded(lambda: with_log10(f_p_value(arb(f), numerator, denominator)))
    return Drift(f=to_float(f), p=p, p_log10=p_log10, numerator=numerator, denominator=denominator)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """All figures of a model on some rows; see `linreg evaluate --json` in docs/statistics.md."""

    confidence: float
    has_intercept: bool
    new: Scores
    mae: float
    mape: float | None
    mape_percent: float | None
    coverage: float | None
    coverage_percent: float | None
    largest_error: LargestError | None
    training: Scores
    drift: Drift | None

    @property
    def figures(self) -> dict[str, float | None]:
        """The figures that a condition can be put on, by `NAMES`, in the units of the table."""
        values = (
            self.new.rows,
            self.new.r2,
            self.new.rmse,
            self.mae,
            self.mape_percent,
            self.new.bias,
            self.coverage_percent,
            abs(self.largest_error.error) if self.largest_error else None,
            self.drift.f if self.drift else None,
            self.drift.p if self.drift else None,
        )
        return dict(zip(NAMES, values, strict=True))


NAMES = (
    "rows",
    "r2",
    "rmse",
    "mae",
    "mape",
    "bias",
    "coverage",
    "largest_error",
    "drift_f",
    "drift_p",
)
IN_PERCENT = frozenset({"mape", "coverage"})
SHARES = frozenset({"coverage"})
"""Figures that are a share of the rows."""
CONFIDENCE = 0.95


def evaluate_model(  # noqa: PLR0913  # what a pass over data needs
    model: Model,
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    checks_drift: bool,
    threads: int | None = None,
    advance: Advance,
    watch: Sequence[Callable[[Rows], None]],
) -> tuple[Evaluation, PassResult]:
    """Read rows once and evaluate a model on them.

    Parameters
    ----------
    model
        Its columns are found by name; rows of a weighted model need their weights.
    sources, options
        The rows, and how they are written.
    checks_drift
        Whether to test if the line still holds.
    threads, advance, watch
        As `sum_rows` takes them.

    """
    training = model.moments.restore()
    errors = Errors(model=model, uncertainty=_uncertainty(model))
    selection = selection_of(model)

    def see(rows: Rows) -> None:
        used = UsedRows.of(rows, selection)
        errors.add(used.block, used.float_weights, used.lines, used.source)

    result = sum_rows(
        sources,
        selection,
        options,
        advance=advance,
        threads=threads,
        watch=[*watch, see],
    )
    new = result.data.moments
    has_intercept = model.training.settings.intercept
    evaluation = Evaluation(
        confidence=CONFIDENCE,
        has_intercept=has_intercept,
        new=Scores.of(new, model),
        mae=errors.mae,
        mape=errors.mape,
        mape_percent=errors.mape_percent,
        coverage=errors.coverage,
        coverage_percent=errors.coverage_percent,
        largest_error=errors.largest,
        training=Scores.of(training, model),
        drift=check_drift(training, new, has_intercept=has_intercept) if checks_drift else None,
    )
    return evaluation, result


def _uncertainty(model: Model) -> Uncertainty | None:
    """Give what intervals need, where the model has any."""
    try:
        return Uncertainty.of(model, CONFIDENCE)
    except FitError:
        return None
