"""The first epochs as a story, which a reader can follow with a calculator."""

from collections.abc import Iterable, Iterator, Sequence

from linreg_cli.decimals import is_number
from linreg_cli.explanation import Explanation
from linreg_cli.ledger import count_of
from linreg_cli.rationals import to_float
from linreg_cli.terminal.by_hand import Line, Term, show
from linreg_cli.terminal.console import escape
from linreg_cli.terminal.epochs import MAX_WEIGHTS, cut
from linreg_cli.terminal.formulas import (
    intercept_of_columns,
    penalised_gradient,
    penalised_loss,
    prediction,
    row_gradient,
    scaled,
    stepped,
)
from linreg_cli.terminal.overshoot import tell_overshoot
from linreg_cli.terminal.page import Formula, Heading, Paragraph, Part, Table, formulas, glue
from linreg_cli.terminal.report import slope_names
from linreg_cli.terminal.worked import (
    MAX_FEATURES,
    Given,
    WorkedEpoch,
    given,
    work,
)

MAX_NAME = 20
"""A longer name is cut."""
BEYOND = "The next epoch has numbers that a 64-bit float cannot hold."


def story(told: Explanation) -> Iterator[Part]:
    """Tell the first epochs, part by part."""
    known = given(told)
    words = _Words(told, known)
    yield from words.introduction()
    if told.problem.settings.scale:
        yield from words.scaling()
    yield from words.first_rows()
    epochs = list(work(told, known))
    for epoch in epochs:
        yield from words.epoch(epoch)
    yield from words.ending(epochs)
    yield from words.overshoot(epochs)


class _Words:
    """Puts figures into words, with the names of the columns."""

    def __init__(self, told: Explanation, known: Given) -> None:
        self._told = told
        self._known = known
        problem, settings = told.problem, told.problem.settings
        self._is_scaled, self._has_intercept = settings.scale, settings.intercept
        *features, target = problem.sums.columns
        names = list(map(_label, features))
        self._hidden = max(0, len(names) - MAX_FEATURES)
        self._features = names[:MAX_FEATURES]
        self._target = _label(target)
        slopes = map(glue, slope_names(names)[:MAX_FEATURES])
        self._first = int(settings.intercept)
        self._columns = [*["b"] * settings.intercept, *slopes]
        before = glue("scaled ") if settings.scale else ""
        self._moved = [before + name for name in self._columns]
        self._inputs = [before + name for name in self._features]
        self._gradient = [f"d{name}" for name in self._columns]
        self._weights = [_label(problem.sums.weights)] if problem.sums.weights else []
        self._mean = "weighted mean" if self._weights else "mean"
        kind = "row" if problem.data.test is None else "training row"
        self._all_rows = "all " * (told.n_rows > 1) + count_of(told.n_rows, kind)

    # before the first epoch

    def introduction(self) -> Iterator[Part]:
        kind = "line" if len(self._features) == 1 else "plane"
        weighted = "".join(f", weighted by {name}" for name in self._weights)
        yield Heading("The first epochs, step by step")
        yield Paragraph(f"Training looks for the {kind}")
        yield Formula(f"{self._target} = {self._plane(self._columns, self._features)}")
        yield Paragraph(
            "with the smallest loss. The error of a row is its prediction less its "
            f"{self._target}; the loss is the {self._mean} of the squared errors of "
            f"{self._all_rows}{weighted}{self._plus_ridge}. Training starts somewhere and goes "
            "downhill: an epoch finds out which way the loss falls, and takes a step there."
        )
        yield Paragraph(
            "Numbers are rounded; 1.5e+07 is 15000000. The result of a formula has as many digits "
            "as a calculator gets right from the numbers that are printed in it; at the head of an "
            "epoch the weights have more."
        )

    def scaling(self) -> Iterator[Part]:
        known = self._known
        weighted = "weighted " if self._weights else ""
        how = (
            f"less its {self._mean}, divided by its {weighted}standard deviation"
            if self._has_intercept
            else f"divided by its root {self._mean} square"
        )
        flat = " One without spread is divided by 1." if self._told.has_flat_feature else ""
        yield Heading("Scaling")
        yield Paragraph(
            f"So that one learning rate suits all weights, each feature is scaled: {how}.{flat} "
            "(--no-scale leaves them as they are.)"
        )
        values = map(scaled, _named(self._features), known.centers, known.scales)
        yield from formulas(self._inputs, values)
        yield from self._more()
        yield Paragraph("Row 1:")
        yield from formulas(self._inputs, known.inputs[0])
        yield Paragraph(
            f"Training moves {_listed(self._moved)}. In the units of the columns, the same "
            f"{'weight is' if len(self._moved) == 1 else 'weights are'}"
        )
        moved, columns = _named(self._moved), _named(self._columns)
        first = self._first
        slopes = [m / s for m, s in zip(moved[first:], known.scales, strict=True)]
        yield from formulas(self._columns[first:], slopes)
        if first:
            yield Formula(f"b = {intercept_of_columns(moved[0], columns[1:], known.centers)}")
        yield from self._more()

    def first_rows(self) -> Iterator[Part]:
        told, known = self._told, self._known
        has_files = len({row.source for row in told.rows}) > 1
        scaled_names = self._inputs if self._is_scaled else []
        header = ["row", *["file"] * has_files, "line", *self._features, self._target]
        table = [[*header, *self._weights, *scaled_names]]
        for i, row in enumerate(told.rows):
            scaled_cells = map(_result, known.inputs[i]) if self._is_scaled else ()
            place = [str(i + 1), *[_label(row.source)] * has_files, str(row.line)]
            cells = [*known.features[i], known.targets[i], *known.weights[i : i + 1], *scaled_cells]
            table.append([*place, *map(str, cells)])
        if told.is_complete:
            yield Heading("The rows")
        else:
            yield Heading("The first rows")
            yield Paragraph(
                f"Losses and gradients below are means over {self._all_rows}; these are the first "
                f"{len(told.rows)}, and there are {told.n_rows - len(told.rows):,} more."
            )
        yield Table(table)
        yield from self._more()

    # an epoch

    def epoch(self, epoch: WorkedEpoch) -> Iterator[Part]:
        yield Heading(f"Epoch {epoch.number}")
        yield Formula(_equal(self._moved, epoch.moved))
        if self._is_scaled:
            yield Formula(f"in the units of the columns: {_equal(self._columns, epoch.columns)}")
        yield from self._errors(epoch)
        yield from self._loss(epoch)
        yield from self._gradients(epoch)
        if epoch.steps:
            yield from self._step(epoch)

    def _errors(self, epoch: WorkedEpoch) -> Iterator[Part]:
        row = epoch.rows[0]
        yield Paragraph("Row 1:")
        if epoch.number == 0:
            yield Formula(f"prediction = {self._plane(self._moved, self._inputs)}")
            yield Formula(f"error = prediction - {self._target}")
            yield Formula("squared error = error * error")
        yield Formula(f"prediction = {row.prediction}")
        if row.by_columns is not None and row.by_columns.formula is not None:
            yield Formula(f"the same by the columns: {row.by_columns}")
        yield Formula(f"error = {row.error}")
        yield Formula(f"squared error = {row.squared_error}")
        weights = [[weight] for weight in self._known.weights] or [[]] * len(epoch.rows)
        names = ["weight"] * len(self._weights)
        cells: list[list[Term]] = [
            [*weight, *map(_result, (row.prediction, row.error, row.squared_error))]
            for row, weight in zip(epoch.rows, weights, strict=True)
        ]
        names += ["prediction", "error", "squared error"]
        yield self._table(names, cells, [epoch.mean_squared_error])

    def _loss(self, epoch: WorkedEpoch) -> Iterator[Part]:
        yield Paragraph(f"The loss is the {self._mean} of the squared errors{self._plus_ridge}:")
        if not self._told.problem.l2:
            yield Formula(f"loss = {epoch.loss.result}")
            return
        yield Formula(f"sum of squares = {epoch.squares}")
        named = penalised_loss(Term(self._mean), Term("l2"), Term("sum of squares"))
        yield Formula(f"loss = {named} = {epoch.loss}")

    def _gradients(self, epoch: WorkedEpoch) -> Iterator[Part]:
        if epoch.number == 0:
            yield Paragraph(
                f"How steep is the loss? Its gradient, {_listed(self._gradient)}, tells how fast "
                f"it rises as {_listed(self._moved)} grow{'s' * (len(self._moved) == 1)}; below 0, "
                f"it falls. It is the {self._mean}, over {self._all_rows}, of"
            )
            errors = row_gradient(
                Term("error"), _named(self._inputs), has_intercept=self._has_intercept
            )
            yield from formulas(self._gradient, errors, sign=":")
            yield from self._more()
        yield Paragraph("Row 1:")
        yield from formulas(self._gradient, epoch.rows[0].gradient, sign=":")
        cells = [list(map(_result, row.gradient)) for row in epoch.rows]
        yield self._table(self._gradient, cells, epoch.mean_gradient)
        if self._told.problem.l2:
            named = penalised_gradient(Term(self._mean), Term("l2"), Term(self._moved_m))
            yield Paragraph(f"With the penalty it is, for each {self._moved_m}, {named}:")
            first = self._first
            yield from formulas(self._gradient[first:], epoch.gradient[first:])

    def _step(self, epoch: WorkedEpoch) -> Iterator[Part]:
        if epoch.number == 0:
            named = stepped(Term("weight"), Term("learning rate"), Term("gradient"))
            yield Paragraph(
                f"The step goes against the gradient: each weight becomes {named}. The learning "
                f"rate is {self._known.rate}."
            )
        else:
            yield Paragraph("The step:")
        yield from formulas([f"new {name}" for name in self._moved], epoch.steps)
        if self._is_scaled:
            yield Paragraph("In the units of the columns:")
            first = self._first
            names = [f"new {name}" for name in self._columns]
            yield from formulas(names[first:], epoch.new_columns[first:])
            yield from formulas(names[:first], epoch.new_columns[:first])
        yield from self._more()

    # after them

    def ending(self, epochs: Sequence[WorkedEpoch]) -> Iterator[Part]:
        """Say what changed, and whether that was all."""
        told = self._told
        if not epochs:
            yield Paragraph(BEYOND)
            return
        problem = told.problem
        best_names = self._columns if len(told.scales) <= MAX_WEIGHTS else []
        yield Heading("What changed")
        said = [_way("the loss", [epoch.loss.result for epoch in epochs])]
        for j, name in enumerate(best_names):
            said.append(_way(name, [epoch.columns[j] for epoch in epochs]))
        weights = map(to_float, problem.solution.weights)
        best = _equal(["loss", *best_names], map(show, [problem.best_loss, *weights]))
        goal = "the best" if problem.solution.is_unique else "one of the best"
        span = f"From epoch 0 to {epochs[-1].number} " if len(epochs) > 1 else "At epoch 0 "
        yield Paragraph(f"{span}{_listed(said)}; {goal}: {best}.")
        if why := _why_no_more(epochs[-1], told):
            yield Paragraph(why)

    def overshoot(self, epochs: Sequence[WorkedEpoch]) -> Iterator[Part]:
        """Say why the descent does not converge, if it does not."""
        weights = [epoch.moved for epoch in epochs]
        if epochs and epochs[-1].steps:
            weights.append([line.result for line in epochs[-1].steps])
        if self._told.overshoot is not None and weights:
            yield from tell_overshoot(
                self._told.overshoot,
                self._told.descent,
                names=self._moved,
                weights=weights,
                more=self._more(),
            )

    # names

    @property
    def _moved_m(self) -> str:
        return "scaled m" if self._is_scaled else "m"

    @property
    def _plus_ridge(self) -> str:
        if not self._told.problem.l2:
            return ""
        return f", plus l2 ({self._known.l2}) times the sum of the squares of each {self._moved_m}"

    def _plane(self, weights: Sequence[str], inputs: Sequence[str]) -> Term:
        formula = prediction(_named(weights), _named(inputs))
        return formula + Term(f"... ({self._hidden} more)") if self._hidden else formula

    def _more(self) -> Iterator[Part]:
        """Tell of the features that are not shown."""
        if self._hidden:
            yield Formula(f"... and so on for {count_of(self._hidden, 'more feature')}")

    def _table(
        self, names: Sequence[str], cells: Sequence[Sequence[Term]], means: Sequence[Term]
    ) -> Table:
        """Make a table of the first rows, with the means over all rows under its last columns."""
        others = self._told.n_rows - len(cells)
        rows = [[str(i), *map(str, row)] for i, row in enumerate(cells, start=1)]
        if others:
            rows.append([f"... {others:,} more", *[""] * len(names)])
        empty = [""] * (len(names) - len(means))
        return Table([["row", *names], *rows, [self._mean, *empty, *map(str, means)]])


def _label(name: str) -> str:
    """Make a name fit to be read in a formula."""
    return glue(cut(f"column {name}" if is_number(name) else escape(name), MAX_NAME))


def _named(names: Sequence[str]) -> list[Term]:
    return list(map(Term, names))


def _result(line: Line) -> Term:
    return line.result


def _listed(texts: Sequence[str]) -> str:
    """List texts in words."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


def _equal(names: Iterable[str], values: Iterable[Term]) -> str:
    equations = (f"{name} = {value}" for name, value in zip(names, values, strict=False))
    return ", ".join(map(glue, equations))


def _way(name: str, values: Sequence[Term]) -> str:
    """Say through which values something went."""
    first, *others = values
    if not others:
        return f"{name} is {first}"
    if all(value == first for value in others):
        return f"{name} stayed {first}"
    sizes = [value.value for value in values]
    verb = "rose" if sizes == sorted(sizes) else "went"
    verb = "fell" if sizes == sorted(sizes, reverse=True) else verb
    return f"{name} {verb} from {' to '.join(map(str, values))}"


def _why_no_more(last: WorkedEpoch, told: Explanation) -> str:
    """Say why fewer epochs are shown than could be."""
    if last.steps:
        return ""
    if told.is_cut_off:
        return BEYOND
    reason = told.epochs[last.number].stopped
    return {
        "converged": "Here training stops: it has converged.",
        "out of epochs": f"Here training stops: --epochs {told.problem.settings.epochs}.",
        "diverged": "Here training stops: the loss is more than a million times that of the start.",
    }.get(reason, "")
