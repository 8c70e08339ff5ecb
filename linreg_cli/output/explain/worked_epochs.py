"""The first epochs in full arithmetic, on the first rows: each number from those printed before it.

The weights after a step are the printed ones, with which the next epoch goes on. Means over rows
that are not shown come from the exact sums, at the printed weights.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, takewhile

import numpy as np
from flint import fmpq

from linreg_cli.moments import squares as inference
from linreg_cli.output.explain.by_hand import Format, Number, as_typed, column, show
from linreg_cli.output.explain.first_rows import FirstRow
from linreg_cli.training import Descent, Epoch, Problem

EPOCHS = 3
"""The number of epochs that are worked out, each with the step that follows it."""
PREDICTION_DIGITS = 8
"""Fewer than those of the weights: what rounding leaves of an error of 0 is not printed."""
CELL_DIGITS = 17
"""A cell is printed in full, up to what float64 tells apart."""

Numbers = Sequence[Number]


@dataclass(frozen=True, kw_only=True)
class Given:
    """What does not change from epoch to epoch.

    Attributes
    ----------
    rate, l2
        The learning rate and the ridge penalty.
    centers, scales
        What is subtracted from each feature, and what it is then divided by.
    cells, targets, counts
        The columns of the features, the target and the weights of the first rows.
    inputs
        The columns of the features as training takes them, scaled if they are.

    """

    rate: Number
    l2: Number
    centers: Numbers
    scales: Numbers
    cells: Sequence[Numbers]
    targets: Numbers
    counts: Numbers
    inputs: Sequence[Numbers]


@dataclass(frozen=True, kw_only=True)
class WorkedEpoch:
    """An epoch, and the step that follows it.

    Attributes
    ----------
    number
        Steps taken before it.
    weights
        Those that training moves, the intercept first if there is one.
    predictions
        Of the first rows.
    errors, squares
        Errors of the first rows and their squares, each with its mean over all rows last.
    products
        For each feature, error times feature, with the mean over all rows last.
    penalty
        The sum of the squares of m that ridge adds to the loss.
    loss
        The mean of the squares, and l2 times the penalty.
    gradient
        The gradient of the loss, of each weight.
    new
        The weights after the step; none where the descent ends.

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
    new: Numbers


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The first epochs of a descent, worked out.

    Attributes
    ----------
    problem, descent
        What is learned, and how.
    rows
        The first rows.
    given, epochs
        The numbers that are printed.
    stopped
        Why no more epochs are shown; empty while there are more.

    """

    problem: Problem
    descent: Descent
    rows: Sequence[FirstRow]
    given: Given
    epochs: Sequence[WorkedEpoch]
    stopped: str


def explain(problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> Explanation:
    """Work out the first epochs of a descent.

    Parameters
    ----------
    problem, descent
        What is learned, and how.
    rows
        The first of the rows to train on, at least one.

    """
    run = list(islice(descent.epochs(lambda number: number + 1), EPOCHS + 1))
    finite = list(takewhile(_is_finite, run))
    given = _given(problem, descent, rows)
    bench = _Bench(problem, descent, given)
    epochs = list(bench.epochs(len(finite)))
    stopped: str = "" if len(finite) > EPOCHS else run[-1].stopped
    if len(finite) < len(run):
        stopped = "beyond float64"
    return Explanation(
        problem=problem, descent=descent, rows=rows, given=given, epochs=epochs, stopped=stopped
    )


def _is_finite(epoch: Epoch) -> bool:
    return bool(np.isfinite(epoch.weights).all() and np.isfinite(epoch.loss))


def _given(problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> Given:
    """Print what is known before the first epoch."""
    scaling = descent.scaling
    scales = [show(_fraction(scale)) for scale in scaling.scales]
    centers = [
        show(_fraction(center), beside=scale.value)
        for center, scale in zip(scaling.centers, scales, strict=True)
    ]
    cells = [
        column(values, CELL_DIGITS) for values in zip(*(row.features for row in rows), strict=True)
    ]
    inputs: Sequence[Numbers] = cells
    if problem.settings.scale:
        inputs = [
            column([(cell.value - center.value) / scale.value for cell in numbers])
            for numbers, center, scale in zip(cells, centers, scales, strict=True)
        ]
    return Given(
        rate=as_typed(descent.settings.learning_rate),
        l2=as_typed(problem.l2),
        centers=centers,
        scales=scales,
        cells=cells,
        targets=column([row.target for row in rows], CELL_DIGITS),
        counts=column([row.weight for row in rows], CELL_DIGITS),
        inputs=inputs,
    )


class _Bench:
    """Works epochs out from printed numbers."""

    def __init__(self, problem: Problem, descent: Descent, given: Given) -> None:
        self._problem, self._descent, self._given = problem, descent, given
        self._first = int(descent.scaling.has_intercept)
        self._is_complete = problem.moments.rows == len(given.targets)

    def epochs(self, count: int) -> Iterator[WorkedEpoch]:
        """Work out epochs, of which `count` can be printed, one more than have a step."""
        weights = self._weights(list(map(Fraction, self._descent.start.tolist())))
        for number in range(min(count, EPOCHS)):
            epoch = self._epoch(number, weights, has_step=number + 1 < count)
            yield epoch
            weights = epoch.new

    def _weights(self, values: Sequence[Fraction]) -> Numbers:
        # weights of scaled features belong to numbers of one size
        return column(values, is_relative=not self._problem.settings.scale)

    def _epoch(self, number: int, weights: Numbers, *, has_step: bool) -> WorkedEpoch:
        given, first = self._given, self._first
        mean_error, mean_square, mean_products = self._means(weights)
        slopes = [weight.value for weight in weights[first:]]
        b = weights[0].value if first else Fraction(0)
        predictions = column(
            [
                sum((m * x.value for m, x in zip(slopes, row, strict=True)), b)
                for row in zip(*given.inputs, strict=True)
            ],
            PREDICTION_DIGITS,
        )
        off = [p.value - y.value for p, y in zip(predictions, given.targets, strict=True)]
        errors = self._with_mean(off, mean_error)
        off = [error.value for error in errors[:-1]]
        squares = self._with_mean([error * error for error in off], mean_square)
        products = [
            self._with_mean([e * x.value for e, x in zip(off, numbers, strict=True)], mean)
            for numbers, mean in zip(given.inputs, mean_products, strict=True)
        ]
        penalty = show(sum((m * m for m in slopes), Fraction(0)))
        means = [*[errors[-1].value] * first, *(numbers[-1].value for numbers in products)]
        gradient = column([
            2 * mean + (2 * given.l2.value * weight.value if j >= first else 0)
            for j, (mean, weight) in enumerate(zip(means, weights, strict=True))
        ])  # fmt: skip
        stepped = [
            weight.value - given.rate.value * part.value
            for weight, part in zip(weights, gradient, strict=True)
        ]
        return WorkedEpoch(
            number=number,
            weights=weights,
            predictions=predictions,
            errors=errors,
            squares=squares,
            products=products,
            penalty=penalty,
            loss=show(squares[-1].value + given.l2.value * penalty.value)
            if given.l2.value
            else squares[-1],
            gradient=gradient,
            new=self._weights(stepped) if has_step else (),
        )

    def _with_mean(self, values: Sequence[Fraction], mean: Fraction) -> Numbers:
        """Print values and, last, the mean over all rows: of what is printed if all rows are."""
        counts = [count.value for count in self._given.counts]
        layout = Format.of([*values, *([] if self._is_complete else [mean])])
        rounded = list(map(layout.round, values))
        if self._is_complete:
            total = sum((c * v for c, v in zip(counts, rounded, strict=True)), Fraction(0))
            mean = total / sum(counts)
        return layout.write([*rounded, mean])

    def _means(self, weights: Numbers) -> tuple[Fraction, Fraction, list[Fraction]]:
        """Return the means over all rows of the error, its square, and error times each input."""
        moments, scaling = self._problem.moments, self._descent.scaling
        slopes = [
            fmpq(*weight.value.as_integer_ratio()) / scale
            for weight, scale in zip(weights[self._first :], scaling.scales, strict=True)
        ]
        b = fmpq(*weights[0].value.as_integer_ratio()) if self._first else fmpq(0)
        for slope, center in zip(slopes, scaling.centers, strict=True):
            b -= slope * center
        error, *products, _ = inference.error_moments(moments, [b, *slopes])
        square = inference.residual_sum_of_squares(moments, [b, *slopes])
        scaled = [
            (product - center * error) / scale
            for product, center, scale in zip(
                products, scaling.centers, scaling.scales, strict=True
            )
        ]
        means = [_fraction(total / moments.total_weight) for total in (error, square, *scaled)]
        return means[0], means[1], means[2:]


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
