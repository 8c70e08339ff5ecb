"""The statistics of a fit as text."""

from typing import Literal

from linreg_cli.model import Model
from linreg_cli.output.terminal.page_width import NOTHING, in_blocks, note_lines, wrapped
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.text_table import align, draw, p_value, r2_name
from linreg_cli.statistics import CLUSTER, Summary, WeightStatistics

_NONE = NOTHING
_LAST_IN_PAPERS = "p of F"
"""The last figure of a fit below a table for a paper."""


def paper_table(model: Model, summary: Summary, style: Literal["markdown", "latex"]) -> str:
    """Return a table of the weights, and below it the figures of the fit for a paper."""
    figures = _figures(model, summary)
    last = next(i for i, (name, _) in enumerate(figures) if name.startswith(_LAST_IN_PAPERS))
    return draw(_weights(summary), style, below=figures[: last + 1])


def report(model: Model, summary: Summary) -> str:
    """Return the whole report."""
    lines = [
        *wrapped(f"target {escape(model.y)}, {_trained(model)}"),
        "",
        *in_blocks(_weights(summary), joined=["to"]),
        *(["", *in_blocks(_categories(summary))] if summary.categories else []),
        "",
        *align(_figures(model, summary)),
    ]
    if summary.diagnostics:
        from linreg_cli.output.terminal.diagnostics_table import diagnostics_lines

        lines += ["", *diagnostics_lines(summary.diagnostics)]
    if summary.notes:
        lines.append("")
        for note in summary.notes:
            lines += note_lines(note)
    return "\n".join(lines)


def _figures(model: Model, summary: Summary) -> list[list[str]]:
    """Return the figures of the fit as a whole, with their names."""
    has_intercept = model.training.settings.intercept
    baseline = "the mean" if has_intercept else "0"
    r2 = r2_name(has_intercept=has_intercept)
    kind = f" ({kind_name(summary.robust)})" if summary.robust else ""
    return [
        ["rows", f"{summary.rows:,}"],
        *([["clusters", f"{summary.clusters:,}"]] if summary.clusters else []),
        ["degrees of freedom", f"{summary.degrees_of_freedom:,}"],
        ["residual standard error", _show(summary.residual_standard_error)],
        [r2, _show(summary.r2)],
        [f"adjusted {r2}", _show(summary.adjusted_r2)],
        [f"F{kind}", _show(summary.f)],
        [f"p of F{kind}", _show_p(summary.f_p, 7)],
        ["AIC", _show(summary.aic)],
        ["BIC", _show(summary.bic)],
        ["log-likelihood", _show(summary.log_likelihood)],
        ["condition number", _show(summary.condition_number)],
        [f"baseline loss ({baseline})", _show(summary.baseline_loss)],
        ["loss", _show(model.training.loss)],
    ]


def _weights(summary: Summary) -> list[list[str]]:
    """Return a row for each weight, below a header."""
    percent = f"{100 * summary.confidence:.10g} %"
    error = error_name(summary.robust)
    rows = [
        ["", "weight", error, "t", "p", f"{percent} from", "to", "standardized", "VIF"],
        *(_row(weight) for weight in summary.weights),
    ]
    fitted = [_show(weight.least_squares) for weight in summary.weights]
    if fitted != [row[1] for row in rows[1:]]:  # the statistics are those of the least-squares fit
        for row, cell in zip(rows, ["least squares", *fitted], strict=True):
            row.insert(2, cell)
    return rows


def error_name(robust: str | None) -> str:
    """Return the name of the column of standard errors."""
    return f"std. error {kind_name(robust)}" if robust else "std. error"


def kind_name(robust: str) -> str:
    """Return a kind of robust errors as a table names it: HC1, or by city."""
    if robust.startswith(CLUSTER):
        return f"by {escape(robust.removeprefix(CLUSTER))}"
    return robust.upper()


def _categories(summary: Summary) -> list[list[str]]:
    """Return a row for each category, below a header."""
    return [
        ["category", "levels", "compared with", "F", "p", "VIF"],
        *(
            [
                escape(each.name),
                f"{each.levels:,}",
                _NONE if each.reference is None else escape(each.reference),
                _show(each.f),
                _show_p(each.f_p, 4),
                _show(each.vif, 4),
            ]
            for each in summary.categories
        ),
    ]


def _row(weight: WeightStatistics) -> list[str]:
    t = _show(weight.t, 4)
    is_perfect = weight.standard_error == 0 and weight.least_squares != 0
    if is_perfect:
        t = "inf" if weight.least_squares > 0 else "-inf"
    return [
        escape(weight.name),
        _show(weight.value),
        _show(weight.standard_error, 5),
        t,
        "0" if is_perfect else _show_p(weight.p, 4),
        _show(weight.lower),
        _show(weight.upper),
        _show(weight.standardized, 4),
        _show(weight.vif, 4),
    ]


def _trained(model: Model) -> str:
    training = model.training
    if training.stopped == "exact":
        return "exact solution"
    state = "" if training.stopped == "converged" else f", {training.stopped}"
    rate = f"learning rate {_show(training.learning_rate)}"
    return f"gradient descent, {training.epochs:,} epochs{state}, {rate}"


def _show_p(p: float | None, digits: int) -> str:
    return _NONE if p is None else p_value(p, digits)


def _show(value: float | None, digits: int = 7) -> str:
    return _NONE if value is None else f"{value:.{digits}g}"
