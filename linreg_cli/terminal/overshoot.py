"""Why a descent does not converge: along one direction each step overshoots by the same factor."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from linreg_cli.explanation import Overshoot
from linreg_cli.fit import Descent
from linreg_cli.terminal.by_hand import Line, Term, show, show_setting
from linreg_cli.terminal.formulas import TWO, Terms, distance, step_factor
from linreg_cli.terminal.page import Formula, Heading, Paragraph, Part, Table, formulas


def tell_overshoot(
    over: Overshoot,
    descent: Descent,
    *,
    names: Sequence[str],
    weights: Sequence[Terms],
    more: Iterable[Part],
) -> Iterator[Part]:
    """Tell by what factor the steps overshoot, and which learning rate would not.

    Parameters
    ----------
    over, descent
        What overshoots.
    names, weights
        What the weights that training moves are called, and what they are at each epoch.
    more
        Tells of weights that are not among them.

    """
    rates = descent.rates
    rate, curvature = show_setting(descent.settings.learning_rate), show(rates.largest)
    factor = Line.of(over.factor, step_factor(rate, curvature))
    limit = Line.of(rates.limit, TWO / curvature)
    excess = Line.of(
        Fraction(descent.settings.learning_rate) / Fraction(rates.limit), rate / limit.result
    )
    direction = [show(part, beside=1.0) for part in over.direction[: len(names)]]
    yield Heading("Why it does not converge")
    yield Paragraph(
        "The loss is curved most where the weights change together by these amounts; "
        f"its curvature in this direction is {curvature}."
    )
    yield from formulas(names, direction)
    yield from more
    named = step_factor(Term("learning rate"), Term("curvature"))
    yield Paragraph("Each step multiplies the distance from the best weights along it by")
    yield Formula(f"factor = {named} = {factor}")
    times = show(abs(factor.result.value))
    farther = f"{times} times as far away as it was" if times.value > 1 else "as far away as it was"
    yield Paragraph(
        "A factor below 0 overshoots: the step passes the best weights and ends up "
        f"{farther}, epoch after epoch. In this run, the distance and how many times that of the "
        "epoch before it is:"
    )
    best = list(map(show, descent.optimum[: len(names)].tolist()))
    is_cut = len(names) < len(over.direction)
    distances = [
        Line.of(value, None if is_cut else distance(direction, w, best))
        for value, w in zip(over.distances, weights, strict=True)
    ]
    yield Table([["epoch", "distance", "times"], *_growth(over.distances, distances)])
    yield Paragraph("The distance at epoch 0 is")
    yield Formula(f"distance = {distances[0]}")
    yield Paragraph(
        "Only a factor between -1 and 1 brings the weights nearer, so a learning rate below"
    )
    yield Formula(f"limit = {TWO / Term('curvature')} = {limit}")
    yield Paragraph(
        f"The learning rate is {excess.result} times that. --learning-rate "
        f"{rates.automatic} converges."
    )


def _growth(exact: Sequence[Fraction], printed: Sequence[Line]) -> Iterator[list[str]]:
    """Give each epoch with its distance, and how many times the one before that is."""
    yield ["0", str(printed[0].result), ""]
    pairs = zip(pairwise(exact), pairwise(line.result for line in printed), strict=True)
    for number, ((before, after), (old, new)) in enumerate(pairs, start=1):
        has_ratio = before and old.value
        times = str(Line.of(after / before, new / old).result) if has_ratio else ""
        yield [str(number), str(new), times]
