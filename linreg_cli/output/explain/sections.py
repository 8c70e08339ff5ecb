"""The explanation as sections: notation and rows, two tables for each epoch, what changed."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from linreg_cli.errors import count_of
from linreg_cli.exact import is_number
from linreg_cli.output.explain.first_rows import FirstRow
from linreg_cli.output.explain.page_writer import PageWriter
from linreg_cli.output.explain.printed_numbers import Number, as_typed, negated, show, sum_of
from linreg_cli.output.explain.worked_epochs import PREDICTION_DIGITS, Numbers, WorkedEpoch, explain
from linreg_cli.output.terminal import cut, escape, say
from linreg_cli.training import Descent, Problem

MAX_FEATURES = 6
"""Further features are counted, but not shown."""
MAX_NAME, MAX_HEADER = 40, 12
"""Characters of a name in the notation, and above a column."""
REASONS = {
    "converged": "Training stops here: it has converged.",
    "out of epochs": "Training stops here, at --epochs.",
    "diverged": "Training stops here: the loss is more than a million times the initial loss.",
    "beyond float64": "The next epoch has numbers that a 64-bit float cannot hold.",
}


def show_explanation(problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> None:
    """Print the first epochs of a descent, computed for the first training rows."""
    sections = _Sections(problem, descent, rows)
    sections.notation()
    sections.rows()
    sections.epochs()
    sections.what_changed()
    rates = descent.rates
    if descent.settings.learning_rate >= rates.limit and math.isfinite(rates.largest):
        sections.overshoot()
    say()


class _Sections:
    """Prints the sections; x1, x2 … are the features, and m1, m2 … their weights."""

    def __init__(self, problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> None:
        self._problem, self._rates, self._rows = problem, descent.rates, rows
        self._explanation = explain(problem, descent, rows)
        self._inputs, self._page = self._explanation.inputs, PageWriter()
        self._moments, self._l2 = problem.moments, problem.l2
        *self._names, self._target = problem.moments.columns
        self._is_scaled, self._has_intercept = problem.settings.scale, problem.settings.intercept
        shown = min(len(self._names), MAX_FEATURES)
        self._hidden = len(self._names) - shown
        numbers = [""] if len(self._names) == 1 else [str(j + 1) for j in range(shown)]
        self._x, self._m = [f"x{n}" for n in numbers], [f"m{n}" for n in numbers]
        self._b = ["b"] * self._has_intercept
        self._row_weights = problem.moments.weights
        self._mean = "weighted mean" if self._row_weights else "mean"

    def notation(self) -> None:
        """Explain each letter, and print each formula once."""
        page, inputs = self._page, self._inputs
        page.heading("The first epochs, step by step")
        page.formula(f"y = {_label(self._target)}")
        for x, name, center, scale in zip(
            self._x, map(_label, self._names), inputs.centers, inputs.scales, strict=False
        ):
            scaled = f"({sum_of([name, negated(center)])})" if center.value else name
            page.formula(f"{x} = {f'{scaled} / {scale}' if self._is_scaled else name}")
        if self._hidden:
            page.formula(f"... and {count_of(self._hidden, 'more feature')}")
        products = [f"{m} * {x}" for m, x in zip(self._m, self._x, strict=True)]
        page.formula(f"prediction = {sum_of([*products, *['...'] * bool(self._hidden), *self._b])}")
        page.formula("error = prediction - y")
        page.formula(f"loss = mean of error²{f' + {inputs.l2} * sum of m²' if self._l2 else ''}")
        if self._has_intercept:
            page.formula("gradient of b = 2 * mean of error")
        m, x = ("m", "x") if len(self._names) == 1 else ("each m", "its x")
        pull = f" + 2 * {inputs.l2} * m" if self._l2 else ""
        page.formula(f"gradient of {m} = 2 * mean of error * {x}{pull}")
        page.formula(f"new weight = weight - {inputs.rate} * gradient")
        page.paragraph(f"{self._which_rows()}.{self._how_scaled() if self._is_scaled else ''}")

    def _which_rows(self) -> str:
        rows = self._moments.rows
        kind = "row" if self._problem.data.test is None else "training row"
        text = f"Each mean is over {'all ' * (rows > 1)}{count_of(rows, kind)}"
        if self._row_weights:
            text += f", weighted by {_label(self._row_weights)}"
        if rows > len(self._rows):
            text += f"; the first {len(self._rows)} are shown"
        return text

    def _how_scaled(self) -> str:
        weighted = "weighted " if self._row_weights else ""
        how = (
            f"minus its {self._mean}, divided by its {weighted}standard deviation"
            if self._has_intercept
            else f"divided by its root {self._mean} square"
        )
        spreads = [
            self._moments.products(j, j, has_intercept=self._has_intercept)
            for j in range(1, len(self._moments.columns))
        ]
        constant = "" if all(spreads) else "; a feature without spread is divided by 1"
        what = "The feature is" if len(self._names) == 1 else "Each feature is"
        return f" {what} scaled: {how}{constant} (--no-scale trains on it as it is)."

    def rows(self) -> None:
        """Print the first rows as they are in the file and, if features are scaled, scaled."""
        rows, inputs = self._rows, self._inputs
        files = [_label(row.source) for row in rows]
        table = [("file", files)] if len({row.source for row in rows}) > 1 else []
        table.append(("line", [str(row.line) for row in rows]))
        headers = [_label(name, MAX_HEADER) for name in self._names[: len(self._x)]]
        table += _columns(headers, inputs.cells)
        table += _columns([_label(self._target, MAX_HEADER)], [inputs.targets])
        if self._row_weights:
            table += _columns([_label(self._row_weights, MAX_HEADER)], [inputs.row_weights])
        if self._is_scaled:
            table += _columns(self._x, inputs.features)
        self._table(table)

    def epochs(self) -> None:
        """Print the predictions and errors of each epoch, its loss, and its step."""
        for epoch in self._explanation.epochs:
            self._epoch(epoch)

    def _epoch(self, epoch: WorkedEpoch) -> None:
        page, first = self._page, len(self._b)
        page.heading(f"Epoch {epoch.number}")
        if not self._hidden:
            firsts = [feature[0] for feature in self._inputs.features]
            products = [f"{m} * {x}" for m, x in zip(epoch.weights[first:], firsts, strict=True)]
            formula = sum_of([*products, *map(str, epoch.weights[:first])])
            page.formula(f"prediction of row 1 = {formula} = {epoch.predictions[0]}")
        self._table(
            [
                ("prediction", [*map(str, epoch.predictions), ""]),
                *_columns(["error", "error²"], [epoch.errors, epoch.squares]),
                *_columns([f"error * {x}" for x in self._x], epoch.products),
            ]
        )
        loss = str(epoch.loss)
        if self._l2:
            squares = sum_of([f"{m} * {m}" for m in epoch.weights[first:]])
            page.formula(f"sum of m² = {'' if self._hidden else f'{squares} = '}{epoch.penalty}")
            loss = f"{epoch.squares[-1]} + {self._inputs.l2} * {epoch.penalty} = {loss}"
        page.formula(f"loss = {loss}")
        columns = [epoch.weights, epoch.gradient, *[epoch.new_weights] * bool(epoch.new_weights)]
        rows = zip([*self._b, *self._m], *columns, strict=False)
        header = ["weight", "value", "gradient", "new value"][: 1 + len(columns)]
        page.table([header, *([str(cell) for cell in row] for row in rows)])

    def what_changed(self) -> None:
        """Print how the loss changed, why training stops, and the weights of the columns."""
        page, explanation = self._page, self._explanation
        page.heading("What changed")
        if explanation.epochs:
            losses = [epoch.loss for epoch in explanation.epochs]
            best = show(Fraction(self._problem.best_loss))
            page.paragraph(f"The loss{_change(losses)}. The smallest possible loss is {best}.")
        if reason := REASONS.get(explanation.stopped):
            page.paragraph(reason)
        if explanation.epochs and self._is_scaled and not self._hidden:
            last = explanation.epochs[-1]
            number = last.number + bool(last.new_weights)
            page.paragraph(f"The weights of epoch {number} in the units of the columns are")
            self._weights_of_columns(last.new_weights or last.weights)

    def _weights_of_columns(self, weights: Sequence[Number]) -> None:
        inputs, first = self._inputs, len(self._b)
        slopes = []
        for name, weight, scale in zip(self._m, weights[first:], inputs.scales, strict=True):
            slopes.append(show(weight.value / scale.value, digits=PREDICTION_DIGITS))
            self._page.formula(f"{name} = {weight} / {scale} = {slopes[-1]}")
        if first:
            pairs = list(zip(slopes, inputs.centers, strict=True))
            terms = [weights[0].value, *(-slope.value * center.value for slope, center in pairs)]
            b = show(sum(terms, Fraction(0)), digits=PREDICTION_DIGITS, beside=max(map(abs, terms)))
            products = [f"{negated(slope)} * {center}" for slope, center in pairs]
            self._page.formula(f"b = {sum_of([str(weights[0]), *products])} = {b}")

    def overshoot(self) -> None:
        """Print why the descent does not converge, and which learning rate does."""
        page, rates, rate = self._page, self._rates, self._inputs.rate
        curvature = show(Fraction(rates.largest))
        factor = show(1 - rate.value * curvature.value)
        size = "" if factor.value == -1 else f"{show(abs(factor.value))} times "
        page.heading("Why it does not converge")
        page.paragraph(
            f"In the direction in which the loss is curved most, its curvature is {curvature}. "
            "Each step multiplies the distance from the best weights in this direction by"
        )
        page.formula(
            f"factor = 1 - learning rate * curvature = 1 - {rate} * {curvature} = {factor}"
        )
        page.paragraph(
            f"so it overshoots them and ends {size}as far away on the other side. Only a "
            "factor between -1 and 1 brings the weights nearer: the learning rate must be below"
        )
        page.formula(f"limit = 2 / curvature = 2 / {curvature} = {show(2 / curvature.value)}")
        page.paragraph(f"--learning-rate {as_typed(rates.automatic)} converges.")

    def _table(self, columns: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Print columns of the first rows; a column with one more number has their mean last."""
        count, length = len(self._rows), len(columns[0][1])
        places = [*(str(i + 1) for i in range(count)), *[self._mean] * (length - count)]
        rows = zip(places, *(cells for _, cells in columns), strict=True)
        self._page.table([["row", *(name for name, _ in columns)], *rows])


def _columns(names: Iterable[str], columns: Iterable[Numbers]) -> list[tuple[str, list[str]]]:
    return [(name, list(map(str, cells))) for name, cells in zip(names, columns, strict=False)]


def _label(name: str, length: int = MAX_NAME) -> str:
    """Return a name that can be read in a formula."""
    return cut(f"column {name}" if is_number(name) else escape(name), length)


def _change(losses: Sequence[Number]) -> str:
    """Return the values of the loss, with a verb."""
    if len(losses) == 1:
        return f" is {losses[0]}"
    sizes = [loss.value for loss in losses]
    verb = "rose" if sizes == sorted(sizes) else "went"
    verb = "fell" if sizes == sorted(sizes, reverse=True) else verb
    return f" {verb} from {' to '.join(map(str, losses))}"
