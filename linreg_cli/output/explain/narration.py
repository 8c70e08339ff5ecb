"""The first epochs as a page: the notation and the rows first, then two tables for each epoch."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from linreg_cli.errors import count_of
from linreg_cli.exact import is_number
from linreg_cli.output.explain.by_hand import Number, as_typed, negated, show, sum_of
from linreg_cli.output.explain.page import Formula, Heading, Paragraph, Part, Table
from linreg_cli.output.explain.worked_epochs import PREDICTION_DIGITS, Explanation, WorkedEpoch
from linreg_cli.output.terminal import cut, escape

MAX_FEATURES = 6
"""Of more features the others are counted, and not shown."""
MAX_NAME, MAX_HEADER = 40, 12
"""Letters of a name in the notation, and above a column."""
REASONS = {
    "converged": "Training stops here: it has converged.",
    "out of epochs": "Training stops here, at --epochs.",
    "diverged": "Training stops here: the loss is more than a million times that of the start.",
    "beyond float64": "The next epoch has numbers that a 64-bit float cannot hold.",
}


def story(told: Explanation) -> Iterator[Part]:
    """Tell the first epochs, part by part."""
    page = _Page(told)
    yield from page.notation()
    yield from page.rows()
    for epoch in told.epochs:
        yield from page.epoch(epoch)
    yield from page.ending()
    rates = told.descent.rates
    if told.descent.settings.learning_rate >= rates.limit and math.isfinite(rates.largest):
        yield from page.overshoot()


class _Page:
    """Names what is told of: x1, x2 … are the features, and m1, m2 … their weights."""

    def __init__(self, told: Explanation) -> None:
        self._told, self._given = told, told.given
        problem = told.problem
        *self._names, self._target = problem.moments.columns
        self._is_scaled, self._has_intercept = problem.settings.scale, problem.settings.intercept
        self._l2 = problem.l2
        self._shown = min(len(self._names), MAX_FEATURES)
        self._hidden = len(self._names) - self._shown
        numbers = [""] if len(self._names) == 1 else [str(j + 1) for j in range(self._shown)]
        self._x, self._m = [f"x{n}" for n in numbers], [f"m{n}" for n in numbers]
        self._weights = [*["b"] * self._has_intercept, *self._m]
        self._weighted = problem.moments.weights
        self._mean = "weighted mean" if self._weighted else "mean"

    def notation(self) -> Iterator[Part]:
        """Say what each letter means, and each formula once."""
        told, l2 = self._told, f" + {self._given.l2} * sum of m²" if self._l2 else ""
        yield Heading("The first epochs, step by step")
        yield Formula(f"y = {_label(self._target)}")
        for name, feature, center, scale in zip(
            self._x, self._names, self._given.centers, self._given.scales, strict=False
        ):
            yield Formula(f"{name} = {_scaled(_label(feature), center, scale, self._is_scaled)}")
        if self._hidden:
            yield Formula(f"... and {count_of(self._hidden, 'more feature')}")
        products = [f"{m} * {x}" for m, x in zip(self._m, self._x, strict=True)]
        more = ["..."] if self._hidden else []
        yield Formula(f"prediction = {sum_of([*products, *more, *['b'] * self._has_intercept])}")
        yield Formula("error = prediction - y")
        yield Formula(f"loss = mean of error²{l2}")
        if self._has_intercept:
            yield Formula("gradient of b = 2 * mean of error")
        m, x = ("m", "x") if len(self._names) == 1 else ("each m", "its x")
        pull = f" + 2 * {self._given.l2} * m" if self._l2 else ""
        yield Formula(f"gradient of {m} = 2 * mean of error * {x}{pull}")
        yield Formula(f"new weight = weight - {self._given.rate} * gradient")
        kind = "row" if told.problem.data.test is None else "training row"
        by = f", weighted by {_label(self._weighted)}" if self._weighted else ""
        rows = told.problem.moments.rows
        text = f"Each mean is over {'all ' * (rows > 1)}{count_of(rows, kind)}{by}"
        if rows > len(told.rows):
            text += f"; the first {len(told.rows)} are shown"
        yield Paragraph(f"{text}.{self._how_scaled() if self._is_scaled else ''}")

    def _how_scaled(self) -> str:
        weighted = "weighted " if self._weighted else ""
        how = (
            f"less its {self._mean}, divided by its {weighted}standard deviation"
            if self._has_intercept
            else f"divided by its root {self._mean} square"
        )
        moments = self._told.problem.moments
        features = range(1, len(moments.columns))
        spreads = [moments.products(j, j, has_intercept=self._has_intercept) for j in features]
        flat = "" if all(spreads) else "; one without spread is divided by 1"
        what = "The feature is" if len(self._names) == 1 else "Each feature is"
        return f" {what} scaled: {how}{flat} (--no-scale trains on it as it is)."

    def rows(self) -> Iterator[Part]:
        """Show the first rows as they are in the file and, if features are scaled, scaled."""
        told, given = self._told, self._given
        has_files = len({row.source for row in told.rows}) > 1
        columns = {"file": [_label(row.source) for row in told.rows]} if has_files else {}
        columns["line"] = [str(row.line) for row in told.rows]
        table = list(columns.items())
        cells = zip(map(_header, self._names[: self._shown]), given.cells, strict=False)
        table += [(name, _texts(numbers)) for name, numbers in cells]
        table.append((_header(self._target), _texts(given.targets)))
        if self._weighted:
            table.append((_header(self._weighted), _texts(given.counts)))
        if self._is_scaled:
            inputs = zip(self._x, given.inputs, strict=False)
            table += [(name, _texts(numbers)) for name, numbers in inputs]
        yield self._table(table)

    def epoch(self, epoch: WorkedEpoch) -> Iterator[Part]:
        """Show what an epoch makes of the rows, and its step."""
        yield Heading(f"Epoch {epoch.number}")
        first = self._has_intercept
        products = [
            f"{m} * {numbers[0]}"
            for m, numbers in zip(epoch.weights[first:], self._given.inputs, strict=True)
        ]
        b = list(map(str, epoch.weights[:first]))
        if not self._hidden:
            formula = f"{sum_of([*products, *b])} = {epoch.predictions[0]}"
            yield Formula(f"prediction of row 1 = {formula}")
        table = [
            ("prediction", [*_texts(epoch.predictions), ""]),
            ("error", _texts(epoch.errors)),
            ("error²", _texts(epoch.squares)),
        ]
        named = zip(self._x, epoch.products, strict=False)
        table += [(f"error * {x}", _texts(numbers)) for x, numbers in named]
        yield self._table(table)
        if self._l2:
            squares = sum_of([f"{m} * {m}" for m in epoch.weights[first:]])
            by_hand = "" if self._hidden else f"{squares} = "
            yield Formula(f"sum of m² = {by_hand}{epoch.penalty}")
            yield Formula(
                f"loss = {epoch.squares[-1]} + {self._given.l2} * {epoch.penalty} = {epoch.loss}"
            )
        else:
            yield Formula(f"loss = {epoch.loss}")
        rows = [["weight", "value", "gradient", *["new value"] * bool(epoch.new)]]
        rows += [
            [name, *map(str, numbers)]
            for name, *numbers in zip(
                self._weights,
                epoch.weights,
                epoch.gradient,
                *([epoch.new] if epoch.new else []),
                strict=False,
            )
        ]
        yield Table(rows)

    def ending(self) -> Iterator[Part]:
        """Say how the loss changed, why there is no more, and the weights of the columns."""
        told = self._told
        yield Heading("What changed")
        if told.epochs:
            losses = [epoch.loss for epoch in told.epochs]
            best = show(Fraction(told.problem.best_loss))
            yield Paragraph(f"The loss{_way(losses)}. The smallest possible loss is {best}.")
        if reason := REASONS.get(told.stopped):
            yield Paragraph(reason)
        if told.epochs and self._is_scaled and not self._hidden:
            last = told.epochs[-1]
            number = last.number + bool(last.new)
            yield Paragraph(f"The weights of epoch {number} in the units of the columns are")
            yield from self._of_columns(last.new or last.weights)

    def _of_columns(self, weights: Sequence[Number]) -> Iterator[Part]:
        first, given = self._has_intercept, self._given
        slopes = [
            show(m.value / s.value, digits=PREDICTION_DIGITS)
            for m, s in zip(weights[first:], given.scales, strict=True)
        ]
        for name, weight, scale, slope in zip(
            self._m, weights[first:], given.scales, slopes, strict=True
        ):
            yield Formula(f"{name} = {weight} / {scale} = {slope}")
        if first:
            parts = [slope.value * c.value for slope, c in zip(slopes, given.centers, strict=True)]
            terms = [
                f"{negated(slope)} * {center}"
                for slope, center in zip(slopes, given.centers, strict=True)
            ]
            largest = max(map(abs, [weights[0].value, *parts]))
            value = weights[0].value - sum(parts, Fraction(0))
            b = show(value, digits=PREDICTION_DIGITS, beside=largest)
            yield Formula(f"b = {sum_of([str(weights[0]), *terms])} = {b}")

    def overshoot(self) -> Iterator[Part]:
        """Say why the descent does not converge, and which learning rate does."""
        rates = self._told.descent.rates
        rate, curvature = self._given.rate, show(Fraction(rates.largest))
        factor = show(1 - rate.value * curvature.value)
        limit = show(2 / curvature.value)
        size = "" if factor.value == -1 else f"{show(abs(factor.value))} times "
        yield Heading("Why it does not converge")
        yield Paragraph(
            f"In the direction in which the loss is curved most, its curvature is {curvature}. "
            "Each step multiplies the distance from the best weights in this direction by"
        )
        yield Formula(
            f"factor = 1 - learning rate * curvature = 1 - {rate} * {curvature} = {factor}"
        )
        yield Paragraph(
            f"so it overshoots them and ends {size}as far away on the other side. Only a "
            "factor between -1 and 1 brings the weights nearer: the learning rate must be below"
        )
        yield Formula(f"limit = 2 / curvature = 2 / {curvature} = {limit}")
        yield Paragraph(f"--learning-rate {as_typed(rates.automatic)} converges.")

    def _table(self, columns: Sequence[tuple[str, Sequence[str]]]) -> Table:
        """Make a table of the first rows and, where columns have one more number, their means."""
        length = len(columns[0][1])
        count = len(self._told.rows)
        places = [*(str(i + 1) for i in range(count)), *[self._mean] * (length - count)]
        cells = zip(*(numbers for _, numbers in columns), strict=True)
        header = ["row", *(name for name, _ in columns)]
        return Table([header, *([place, *row] for place, row in zip(places, cells, strict=True))])


def _label(name: str, most: int = MAX_NAME) -> str:
    """Make a name fit to be read in a formula."""
    return cut(f"column {name}" if is_number(name) else escape(name), most)


def _header(name: str) -> str:
    return _label(name, MAX_HEADER)


def _scaled(name: str, center: Number, scale: Number, is_scaled: bool) -> str:  # noqa: FBT001
    if not is_scaled:
        return name
    centered = f"({sum_of([name, negated(center)])})" if center.value else name
    return f"{centered} / {scale}"


def _texts(numbers: Sequence[Number]) -> list[str]:
    return list(map(str, numbers))


def _way(losses: Sequence[Number]) -> str:
    """Say through which values the loss went."""
    first, *others = losses
    if not others:
        return f" is {first}"
    sizes = [loss.value for loss in losses]
    verb = "rose" if sizes == sorted(sizes) else "went"
    verb = "fell" if sizes == sorted(sizes, reverse=True) else verb
    return f" {verb} from {' to '.join(map(str, losses))}"
