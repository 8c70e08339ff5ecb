"""The first epochs worked out from the numbers that are printed, formula by formula."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import zip_longest
from operator import add

from linreg_cli.decimals import ExactDecimal
from linreg_cli.explanation import EPOCHS, EpochFigures, Explanation, RowFigures
from linreg_cli.terminal.by_hand import USERS_DIGITS, Line, Term, show, show_setting
from linreg_cli.terminal.formulas import (
    Terms,
    intercept_of_columns,
    penalised_gradient,
    penalised_loss,
    prediction,
    row_gradient,
    scaled,
    stepped,
)

MAX_FEATURES = 6
"""Of more features than this the others are counted, and not shown."""
_GIVEN_DIGITS = 10
"""Of a number that others are worked out from; results have fewer, the further they are away."""
_CLOSE = Fraction(1, 1000)
"""Rounding may be seen, as of x = 1.7e9 that differ by seconds, but is not to mislead."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What does not change from epoch to epoch: data, settings, scaling.

    Attributes
    ----------
    rate, l2
        The learning rate and the ridge penalty.
    centers, scales
        Those of the features that are shown.
    features, targets, weights
        The cells of the first rows; no weights where rows have none.
    inputs
        What is multiplied by the weights that training moves: features, scaled if they are.

    """

    rate: Term
    l2: Term
    centers: Terms
    scales: Terms
    features: Sequence[Terms]
    targets: Terms
    weights: Terms
    inputs: Sequence[Sequence[Line]]


@dataclass(frozen=True, kw_only=True)
class WorkedRow:
    """What an epoch makes of a row.

    Attributes
    ----------
    prediction, by_columns
        By what training moves, and the same by the weights and features of the columns: None
        if the digits that are printed do not give it.
    error, squared_error, gradient
        As in `RowFigures`.

    """

    prediction: Line
    by_columns: Line | None
    error: Line
    squared_error: Line
    gradient: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class WorkedEpoch:
    """An epoch, and the step that follows it.

    Attributes
    ----------
    number
        Steps taken before it.
    moved, columns
        The weights that training moves, and the same in the units of the columns.
    rows
        What it makes of the first rows.
    mean_squared_error, mean_gradient
        Over all rows.
    squares
        The sum of the squares of m that ridge adds to the loss.
    loss, gradient
        With the ridge penalty, if there is one.
    steps, new_columns
        The weights after the step; none where there is no step.

    """

    number: int
    moved: Terms
    columns: Terms
    rows: Sequence[WorkedRow]
    mean_squared_error: Term
    mean_gradient: Terms
    squares: Line
    loss: Line
    gradient: Sequence[Line]
    steps: Sequence[Line]
    new_columns: Sequence[Line]


def given(told: Explanation) -> Given:
    """Print what is known before the first epoch."""
    scales = told.scales[:MAX_FEATURES]
    centers = [
        show(center, digits=_GIVEN_DIGITS, beside=scale)
        for center, scale in zip(told.centers, scales, strict=False)
    ]
    printed_scales = list(map(_given, scales))
    features = [list(map(_cell, row.features[:MAX_FEATURES])) for row in told.rows]

    def inputs_of(row: Terms, values: Sequence[float]) -> list[Line]:
        if not told.problem.settings.scale:
            return [Line(None, x) for x in row]
        formulas = map(scaled, row, centers, printed_scales)
        return [
            Line(formula, show(value, formula.value, digits=_GIVEN_DIGITS))
            for value, formula in zip(values, formulas, strict=False)
        ]

    return Given(
        rate=show_setting(told.descent.settings.learning_rate),
        l2=show_setting(told.problem.l2),
        centers=centers,
        scales=printed_scales,
        features=features,
        targets=[_cell(row.target) for row in told.rows],
        weights=[_cell(row.weight) for row in told.rows if row.weight is not None],
        inputs=list(map(inputs_of, features, told.scaled)),
    )


def work(told: Explanation, given: Given) -> Iterator[WorkedEpoch]:
    """Work the epochs out one after the other."""
    bench = _Bench(told, given)
    for figures, after in zip_longest(told.epochs[:EPOCHS], told.epochs[1:]):
        yield bench.epoch(figures, after)


class _Bench:
    """Where an epoch is worked out."""

    def __init__(self, told: Explanation, given: Given) -> None:
        self._told = told
        self._given = given
        settings = told.problem.settings
        self._is_scaled, self._has_intercept = settings.scale, settings.intercept
        self._first = int(settings.intercept)
        self._hides = len(told.scales) > MAX_FEATURES
        self._shown = self._first + min(MAX_FEATURES, len(told.scales))

    def epoch(self, figures: EpochFigures, after: EpochFigures | None) -> WorkedEpoch:
        told, given = self._told, self._given
        moved, columns = self._weights(told.epochs[: figures.number + 1])
        rows = [self._row(i, row, moved, columns) for i, row in enumerate(figures.rows)]
        mean = self._mean(figures.mean_squared_error, [row.squared_error for row in rows])
        means = [
            self._mean(value, [row.gradient[j] for row in rows])
            for j, value in enumerate(figures.mean_gradient[: self._shown])
        ]
        squares = self._line(
            sum((Fraction(m) ** 2 for m in figures.weights[self._first :]), Fraction()),
            reduce(add, [m * m for m in moved[self._first :]]),
        )
        gradient = [
            self._gradient(j, *values)
            for j, values in enumerate(zip(figures.gradient, means, moved, strict=False))
        ]
        steps = [
            Line.of(value, stepped(weight, given.rate, part.result))
            for value, weight, part in zip(
                after.weights if after else (), moved, gradient, strict=False
            )
        ]
        return WorkedEpoch(
            number=figures.number,
            moved=moved,
            columns=columns,
            rows=rows,
            mean_squared_error=mean,
            mean_gradient=means,
            squares=squares,
            loss=Line.of(figures.loss, penalised_loss(mean, given.l2, squares.result))
            if told.problem.l2
            else Line(None, mean),
            gradient=gradient,
            steps=steps,
            new_columns=self._columns(after, [line.result for line in steps]) if after else [],
        )

    def _weights(self, seen: Sequence[EpochFigures]) -> tuple[Terms, Terms]:
        """Print the weights of the last epoch of some, moved and of the columns.

        They have no digits that are what rounding has left of larger numbers.
        """
        moved = _largest([figures.weights for figures in seen])
        columns = _largest([figures.column_weights for figures in seen])
        for b in range(self._first):
            slopes = zip(columns[self._first :], self._told.centers, strict=True)
            products = (m * abs(Fraction(center)) for m, center in slopes)
            columns[b] = max(columns[b], moved[b], *products)
        return (
            self._lined_up(seen[-1].weights, moved),
            self._lined_up(seen[-1].column_weights, columns),
        )

    def _lined_up(self, values: Sequence[float], sizes: Sequence[Fraction]) -> Terms:
        return [
            show(value, digits=_GIVEN_DIGITS, beside=size)
            for value, size in list(zip(values, sizes, strict=True))[: self._shown]
        ]

    def _row(self, i: int, row: RowFigures, moved: Terms, columns: Terms) -> WorkedRow:
        inputs = [line.result for line in self._given.inputs[i]]
        predicted = self._line(row.prediction, prediction(moved, inputs))
        by_columns = self._line(row.prediction, prediction(columns, self._given.features[i]))
        off = abs(by_columns.result.value - predicted.result.value)
        is_close = off <= _CLOSE * abs(predicted.result.value)
        error = Line.of(row.error, predicted.result - self._given.targets[i])
        gradient = row_gradient(error.result, inputs, has_intercept=self._has_intercept)
        return WorkedRow(
            prediction=predicted,
            by_columns=by_columns if self._is_scaled and is_close else None,
            error=error,
            squared_error=Line.of(row.squared_error, error.result * error.result),
            gradient=[Line.of(v, f) for v, f in zip(row.gradient, gradient, strict=False)],
        )

    def _mean(self, value: float, lines: Sequence[Line]) -> Term:
        """Print a mean over all rows, which the reader can check if all rows are shown."""
        if not self._told.is_complete:
            return show(value)
        counts = [weight.value for weight in self._given.weights] or [Fraction(1)] * len(lines)
        total = sum(
            (c * line.result.value for c, line in zip(counts, lines, strict=True)), Fraction()
        )
        return show(value, total / sum(counts))

    def _gradient(self, j: int, value: float, mean: Term, weight: Term) -> Line:
        has_penalty = self._told.problem.l2 and j >= self._first
        return Line.of(
            value, penalised_gradient(mean, self._given.l2, weight) if has_penalty else mean
        )

    def _columns(self, figures: EpochFigures, moved: Terms) -> list[Line]:
        """Turn weights that training moves into those of the columns."""
        if not self._is_scaled:
            return [Line(None, weight) for weight in moved]
        b, values = figures.column_weights[: self._first], figures.column_weights[self._first :]
        formulas = [m / s for m, s in zip(moved[self._first :], self._given.scales, strict=True)]
        slopes = [Line.of(v, f) for v, f in zip(values, formulas, strict=False)]
        results = [line.result for line in slopes]
        intercept = [
            self._line(value, intercept_of_columns(moved[0], results, self._given.centers))
            for value in b
        ]
        return [*intercept, *slopes]

    def _line(self, value: float | Fraction, formula: Term) -> Line:
        """Print what needs all features: the reader can work it out if all are shown."""
        return Line.of(value, None if self._hides else formula)


def _largest(rows: Sequence[Sequence[float]]) -> list[Fraction]:
    """Give the largest size in each column."""
    return [Fraction(max(map(abs, column))) for column in zip(*rows, strict=True)]


def _given(value: float) -> Term:
    return show(value, digits=_GIVEN_DIGITS)


def _cell(number: ExactDecimal) -> Term:
    return show(Fraction(*number.as_integer_ratio()), digits=USERS_DIGITS)
