"""The first epochs computed for the first rows, each number from those printed before it.

The next epoch starts from the printed weights. Means over rows that are not shown are computed
from the exact moments, at the printed weights.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, takewhile

import numpy as np
from flint import fmpq

from linreg_cli.moments import squares
from linreg_cli.output.explain.first_rows import FirstRow
from linreg_cli.output.explain.printed_numbers import Format, Number, as_typed, column, show
from linreg_cli.training import Descent, Problem

EPOCHS = 3
"""The number of epochs that are computed, each with the step that follows it."""
PREDICTION_DIGITS = 8
"""Fewer than those of the weights, so that the rounding error of an error of 0 is not printed."""
CELL_DIGITS = 17
"""A cell is printed in full, up to the precision of float64."""

Numbers = Sequence[Number]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The printed numbers that are the same in every epoch: settings, and columns of first rows.

    Each feature is `cells` in the file and `features` in training: less its center, divided by its
    scale, unless --no-scale is given.
    """

    rate: Number
    l2: Number
    centers: Numbers
    scales: Numbers
    cells: Sequence[Numbers]
    targets: Numbers
    row_weights: Numbers
    features: Sequence[Numbers]

    @classmethod
    def of(cls, problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> "Inputs":
        """Round what is known before the first epoch."""
        scales = [show(_fraction(scale)) for scale in descent.scaling.scales]
        centers = [
            show(_fraction(center), beside=scale.value)
            for center, scale in zip(descent.scaling.centers, scales, strict=True)
        ]
        columns = zip(*(row.features for row in rows), strict=True)
        cells = [column(values, CELL_DIGITS) for values in columns]
        scaled = [
            column([(cell.value - center.value) / scale.value for cell in numbers])
            for numbers, center, scale in zip(cells, centers, scales, strict=True)
        ]
        return cls(
            rate=as_typed(descent.settings.learning_rate),
            l2=as_typed(problem.l2),
            centers=centers,
            scales=scales,
            cells=cells,
            targets=column([row.target for row in rows], CELL_DIGITS),
            row_weights=column([row.weight for row in rows], CELL_DIGITS),
            features=scaled if problem.settings.scale else cells,
        )


@dataclass(frozen=True, kw_only=True)
class WorkedEpoch:
    """The printed numbers of an epoch and of the step that follows it.

    The intercept, if there is one, is the first of the weights; `new_weights` is empty where the
    descent ends. Errors, their squares and, for each feature, the products with it have the mean
    over all rows last. The penalty is the sum of the squares of m.
    """

    number: int
    weights: Numbers
    predictions: Numbers
    errors: Numbers
    squares: Numbers
    products: Sequence[Numbers]
    penalty: Number
    loss: Number
    gradient: Numbers
    new_weights: Numbers


@dataclass(frozen=True)
class Explanation:
    """The first epochs of a descent; `stopped` says why there are no more, or is empty."""

    inputs: Inputs
    epochs: Sequence[WorkedEpoch]
    stopped: str


def explain(problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> Explanation:
    """Compute the first epochs of a descent for the first training rows, at least one."""
    run = list(islice(descent.epochs(lambda number: number + 1), EPOCHS + 1))
    finite = list(takewhile(lambda epoch: np.isfinite([*epoch.weights, epoch.loss]).all(), run))
    inputs = Inputs.of(problem, descent, rows)
    epochs = list(_Calculator(problem, descent, inputs).epochs(len(finite)))
    stopped = "beyond float64" if len(finite) < len(run) else run[-1].stopped
    return Explanation(inputs, epochs, "" if len(finite) > EPOCHS else stopped)


class _Calculator:
    """Computes epochs from printed numbers."""

    def __init__(self, problem: Problem, descent: Descent, inputs: Inputs) -> None:
        self._problem, self._descent, self._inputs = problem, descent, inputs
        self._first = int(descent.scaling.has_intercept)
        self._shows_all_rows = problem.moments.rows == len(inputs.targets)

    def epochs(self, count: int) -> Iterator[WorkedEpoch]:
        """Yield the first epochs of `count` that float64 can hold."""
        weights = self._weights(list(map(Fraction, self._descent.start.tolist())))
        for number in range(min(count, EPOCHS)):
            epoch = self._epoch(number, weights, has_step=number + 1 < count)
            yield epoch
            weights = epoch.new_weights

    def _weights(self, values: Sequence[Fraction]) -> Numbers:
        # the weights of scaled features are of a similar size
        return column(values, is_relative=not self._problem.settings.scale)

    def _epoch(self, number: int, weights: Numbers, *, has_step: bool) -> WorkedEpoch:
        inputs, first, l2 = self._inputs, self._first, self._inputs.l2.value
        mean_error, mean_square, *mean_products = self._means(weights)
        slopes = [weight.value for weight in weights[first:]]
        b = weights[0].value if first else Fraction(0)
        predictions = column(
            [
                sum((m * x.value for m, x in zip(slopes, row, strict=True)), b)
                for row in zip(*inputs.features, strict=True)
            ],
            PREDICTION_DIGITS,
        )
        errors = self._with_mean(
            [p.value - y.value for p, y in zip(predictions, inputs.targets, strict=True)],
            mean_error,
        )
        *printed, _ = (error.value for error in errors)
        squares = self._with_mean([error * error for error in printed], mean_square)
        products = [
            self._with_mean([e * x.value for e, x in zip(printed, feature, strict=True)], mean)
            for feature, mean in zip(inputs.features, mean_products, strict=True)
        ]
        penalty = show(sum((m * m for m in slopes), Fraction(0)))
        means = [numbers[-1].value for numbers in [*[errors] * first, *products]]
        pulls = [Fraction(0)] * first + [2 * l2 * m for m in slopes]
        gradient = column([2 * mean + pull for mean, pull in zip(means, pulls, strict=True)])
        stepped = [
            w.value - inputs.rate.value * g.value for w, g in zip(weights, gradient, strict=True)
        ]
        return WorkedEpoch(
            number=number,
            weights=weights,
            predictions=predictions,
            errors=errors,
            squares=squares,
            products=products,
            penalty=penalty,
            loss=show(squares[-1].value + l2 * penalty.value) if l2 else squares[-1],
            gradient=gradient,
            new_weights=self._weights(stepped) if has_step else (),
        )

    def _with_mean(self, values: Sequence[Fraction], mean: Fraction) -> Numbers:
        """Return numbers and, last, the mean over all rows; of the printed ones if all are."""
        row_weights = [weight.value for weight in self._inputs.row_weights]
        layout = Format.of(values if self._shows_all_rows else [*values, mean])
        rounded = list(map(layout.round, values))
        if self._shows_all_rows:
            total = sum((w * v for w, v in zip(row_weights, rounded, strict=True)), Fraction(0))
            mean = total / sum(row_weights)
        return layout.write([*rounded, mean])

    def _means(self, weights: Numbers) -> list[Fraction]:
        """Return the means over all rows of the error, its square, and error times each feature."""
        moments, scaling = self._problem.moments, self._descent.scaling
        values = [fmpq(*weight.value.as_integer_ratio()) for weight in weights]
        slopes = [m / s for m, s in zip(values[self._first :], scaling.scales, strict=True)]
        b = values[0] if self._first else fmpq(0)
        for slope, center in zip(slopes, scaling.centers, strict=True):
            b -= slope * center
        error, *products, _ = squares.error_moments(moments, [b, *slopes])
        square = squares.residual_sum_of_squares(moments, [b, *slopes])
        scaled = [
            (product - center * error) / scale
            for product, center, scale in zip(
                products, scaling.centers, scaling.scales, strict=True
            )
        ]
        return [_fraction(total / moments.total_weight) for total in (error, square, *scaled)]


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
