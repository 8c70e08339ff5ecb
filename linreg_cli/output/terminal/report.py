"""Messages as text: each function returns a message and prints nothing."""

import math
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.errors import count_of
from linreg_cli.model import Model
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.text_table import align, r2_name, r2_text

if TYPE_CHECKING:
    from linreg_cli.model import GroupedModel
    from linreg_cli.reading import RowCounts
    from linreg_cli.reading.sources import Source
    from linreg_cli.statistics import NearlyCollinear
    from linreg_cli.training import Descent, Problem, Remedies, Run

MAX_NAMED = 6
"""Maximum number of features that a message names."""


def reading(sources: "Sequence[Source]", row_counts: "RowCounts") -> str:
    """Return how many rows were read, used, rejected and left out."""
    return escape(f"{_named(sources)}: {row_counts}")


def rows_read(sources: "Sequence[Source]", rows: int, rejected: int) -> str:
    """Return how many rows were read, and how many of them were set aside."""
    counts = f"{count_of(rows + rejected, 'row')} read"
    return escape(f"{_named(sources)}: {counts}{f', {rejected:,} rejected' if rejected else ''}")


def _named(sources: "Sequence[Source]") -> str:
    return sources[0].name if len(sources) == 1 else f"{len(sources)} files"


def numeric_header(source: str) -> str:
    """Return the warning of a header that looks like data."""
    return (
        f"{source}: the first line has only numbers and was read as the header; "
        "if it is a row, add --no-header."
    )


def saved(output: str, what: str = "model") -> str:
    """Return where the model, or another result, was written."""
    return f"wrote the {what} to standard output" if output == "-" else f"wrote {escape(output)}"


def changed_meanwhile(model: str) -> str:
    """Return the message that a model was changed while rows for it were read."""
    return f"another program changed {model} while the rows were read; the changed model is updated"


def left_out(name: str, *, removes: bool) -> str:
    """Return the message that an input was left out."""
    how = "does not have" if removes else "already has"
    return f"{name}: left out, since the model {how} this content"


def shared_inputs(first: str, second: str) -> str:
    """Return the warning that two models have rows of one input."""
    return f"{first} and {second} have an input in common: its rows count twice"


def rows_of(model: "Model | GroupedModel") -> str:
    """Return how many rows a model has, and in how many groups."""
    groups = [model] if isinstance(model, Model) else model.groups
    training = sum(group.moments.rows for group in groups if group.moments)
    test = sum(group.test_moments.rows for group in groups if group.test_moments)
    tested = f", {test:,} of them for testing" if test else ""
    grouped = "" if isinstance(model, Model) else f" in {count_of(len(groups), 'group')}"
    return f"the model has {count_of(training + test, 'row')}{grouped}{tested}"


def run_header(descent: "Descent", problem: "Problem") -> str:
    """Return the settings of a descent, to be printed before its first epoch."""
    how = "scaled" if problem.settings.scale else "unscaled"
    ridge = ", ridge penalty" if problem.l2 else ""
    auto = " (auto)" if problem.settings.learning_rate == "auto" else ""
    rate, limit = apart(descent.settings.learning_rate, descent.rates.limit)
    is_bounded = math.isfinite(descent.rates.limit)
    bound = f"converges below {limit}" if is_bounded else "any rate converges"
    return (
        f"{_what_is_fitted(problem)}, by gradient descent\n"
        f"{how} features{ridge}; learning rate {rate}{auto}, {bound}"
    )


def exact_header(problem: "Problem") -> str:
    """Return what the exact solver fits, and how."""
    how = f"exact ridge, l2 {problem.l2:g}" if problem.l2 else "exact least squares"
    return f"{_what_is_fitted(problem)}, by {how}"


def _what_is_fitted(problem: "Problem") -> str:
    """Return the names of the target, the features and the column of weights."""
    *features, target = problem.moments.columns
    named = ", ".join(map(escape, features[:MAX_NAMED]))
    more = f" and {len(features) - MAX_NAMED} more" if len(features) > MAX_NAMED else ""
    weights = problem.moments.weights
    weighted = f", weighted by {escape(weights)}" if weights else ""
    return f"{escape(target)} from {named}{more}{weighted}"


def above_the_limit(descent: "Descent") -> str:
    """Return the warning of a learning rate that cannot converge."""
    rate, rates = descent.settings.learning_rate, descent.rates
    shown, limit = apart(rate, rates.limit)
    return (
        f"learning rate {shown} is not below {limit}: the loss will not fall to "
        f"its minimum; --learning-rate {rates.automatic} converges"
    )


def apart(a: float, b: float) -> tuple[str, str]:
    """Return two numbers with 6 digits, or with more if they differ only beyond these.

    >>> apart(0.1802951, 0.1802949)
    ('0.1802951', '0.1802949')
    """
    for digits in range(6, 18):
        shown = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if a == b or shown[0] != shown[1]:
            break
    return shown


def out_of_epochs(run: "Run") -> str:
    """Return the warning that a descent did not converge, with its distance to the optimum."""
    return (
        f"out of epochs after {count_of(run.last.number, 'epoch')}: the distance to the optimum "
        f"is still {run.last.distance:.3g} of the initial distance"
    )


def interrupted(run: "Run", *, is_kept: bool) -> str:
    """Return whether the weights were kept when Ctrl-C ended a descent."""
    kept = "the model has the weights so far" if is_kept else "no model was written"
    return f"interrupted after {count_of(run.last.number, 'epoch')}: {kept}"


def remedy(found: "Remedies", descent: "Descent", trained: str) -> str:
    """Return which options let a descent converge.

    Parameters
    ----------
    found, descent
        The options, and the descent that did not converge.
    trained
        The model file that is trained again with these options; empty if the command that is
        running takes them itself.

    """

    def command(options: str) -> str:
        again = f"linreg train {shlex.quote(trained)} {options} -o converged.json"
        return again if trained else options

    hints = []
    if found.options:
        needed = "" if "--epochs " in found.options else f" in at most {found.epochs:.0f} epochs"
        hints.append(f"{command(found.options)} converges{needed}.")
    if found.suits_unscaled:
        rate = f"{descent.settings.learning_rate:g}"
        hints.append(
            f"{command('--no-scale')} suits the learning rate {rate}, which is too small for "
            "scaled features."
        )
    return " ".join(hints)


def near_collinear(found: "Sequence[NearlyCollinear]") -> list[str]:
    """Return which features are nearly combinations of others, those with the largest VIF first."""
    worst = sorted(found, key=lambda each: -each.vif)[:MAX_NAMED]
    more = len(found) - len(worst)
    rest = [f"{count_of(more, 'other column')} too: linreg show names them"] if more else []
    return [*map(str, worst), *rest]


def no_room_for(columns: "Sequence[str]") -> str:
    """Return which columns did not fit in the table of epochs."""
    return (
        f"not in the table: {', '.join(map(escape, columns))}; "
        "linreg train --history FILE.csv writes them"
    )


def cross_validation(problem: "Problem") -> str:
    """Return the scores of the folds, and the best penalty if there are several."""
    from statistics import fmean, stdev

    of_what = "" if problem.data.test is None else " of the training part"
    lines = [f"cross-validation, exact fits, {len(problem.data.folds)} folds{of_what}"]
    if len(problem.candidates) > 1:
        rows = [["l2", "RMSE"], *([_short(c.l2), _short(c.rmse)] for c in problem.candidates)]
        lines += [*align(rows), f"best: l2 {_short(problem.l2)}"]
    chosen = next(c for c in problem.candidates if c.l2 == problem.l2)
    r2_title = r2_name(has_intercept=problem.settings.intercept)
    rows = [["fold", "rows", "RMSE", r2_title]]
    rows += [
        [str(i), f"{fold.rows:,}", _short(fold.rmse), r2_text(fold.r2)]
        for i, fold in enumerate(chosen.folds, start=1)
    ]
    scores = [fold.r2 for fold in chosen.folds if fold.r2 is not None]
    for name, statistic in (("mean", fmean), ("std. dev.", stdev)):
        rmse = statistic([fold.rmse for fold in chosen.folds])
        r2 = statistic(scores) if len(scores) > 1 else None
        rows.append([name, "", _short(rmse), r2_text(r2)])
    return "\n".join([*lines, *align(rows), ""])


def _short(value: float) -> str:
    return f"{value:.7g}"
