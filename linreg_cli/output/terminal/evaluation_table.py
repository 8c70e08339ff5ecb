"""An evaluation as text and as JSON."""

import json
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from linreg_cli.output.terminal.page_width import NOTHING
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.text_table import (
    align,
    distribution,
    p_equals,
    p_value,
    r2_name,
    r2_text,
)
from linreg_cli.statistics import Evaluation

if TYPE_CHECKING:
    from linreg_cli.statistics import GroupedEvaluation


def as_json(evaluation: "Evaluation | GroupedEvaluation") -> str:
    """Return all figures as one JSON object: those of all rows, and of each group."""
    if isinstance(evaluation, Evaluation):
        fields = _fields(evaluation)
    else:
        groups = [
            {"key": dict(zip(evaluation.by, key, strict=True)), **_fields(each)}
            for key, each in evaluation.groups
        ]
        fields = {**_fields(evaluation.together), "by": evaluation.by, "groups": groups}
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def _fields(evaluation: Evaluation) -> dict[str, Any]:
    fields = {
        "rows": evaluation.new.rows,
        "r2": evaluation.new.r2,
        "r2_is_uncentered": not evaluation.has_intercept,
        "rmse": evaluation.new.rmse,
        "mae": evaluation.mae,
        "mape": evaluation.mape,
        "bias": evaluation.new.bias,
        "coverage": evaluation.coverage,
        "confidence": evaluation.confidence,
        "largest_error": evaluation.largest_error and to_builtins(evaluation.largest_error),
        "training": to_builtins(evaluation.training),
    }
    if evaluation.drift is not None:
        fields["drift"] = to_builtins(evaluation.drift)
    if evaluation.diagnostics is not None:
        fields["diagnostics"] = to_builtins(evaluation.diagnostics)
    return fields


def as_table(evaluation: "Evaluation | GroupedEvaluation") -> str:
    """Return the figures beside those of the training rows; of groups, a line for each."""
    if not isinstance(evaluation, Evaluation):
        return _table_of_groups(evaluation)
    new, training = evaluation.new, evaluation.training
    rows = [
        ["", "these rows", "training rows"],
        ["rows", f"{new.rows:,}", f"{training.rows:,}"],
        [r2_name(has_intercept=evaluation.has_intercept), r2_text(new.r2), r2_text(training.r2)],
        ["RMSE", _show(new.rmse), _show(training.rmse)],
        ["mean error (bias)", _show(new.bias), _show(training.bias)],
        ["mean absolute error", _show(evaluation.mae), ""],
        ["mean absolute error, %", _show(evaluation.mape_percent), ""],
        [
            f"in the {evaluation.confidence:.0%} interval, %",
            _show(evaluation.coverage_percent),
            "",
        ],
    ]
    lines = align(rows)
    lines += _largest(evaluation)
    lines += _drift(evaluation)
    if evaluation.diagnostics is not None:
        from linreg_cli.output.terminal.diagnostics_table import diagnostics_lines

        lines += ["", *diagnostics_lines(evaluation.diagnostics)]
    return "\n".join(lines) + "\n"


def _table_of_groups(evaluation: "GroupedEvaluation") -> str:
    together = evaluation.together
    header = [
        escape(", ".join(evaluation.by)),
        "rows",
        r2_name(has_intercept=together.has_intercept),
        "RMSE",
        "bias",
        "MAE",
        "MAE, %",
        f"in {together.confidence:.0%}, %",
    ]
    has_drift = together.drift is not None
    header += ["drift F", "p"] if has_drift else []
    from linreg_cli.model import show_key

    named = [(escape(show_key(key)), each) for key, each in evaluation.groups]
    rows = [
        [name, *_figures(each), *(_drift_figures(each) if has_drift else [])]
        for name, each in [*named, ("all rows", together)]
    ]
    return "\n".join([*align([header, *rows]), *_largest(together), *_drift(together)]) + "\n"


def _figures(evaluation: Evaluation) -> list[str]:
    new = evaluation.new
    return [
        f"{new.rows:,}",
        r2_text(new.r2),
        _show(new.rmse),
        _show(new.bias),
        _show(evaluation.mae),
        _show(evaluation.mape_percent),
        _show(evaluation.coverage_percent),
    ]


def _drift_figures(evaluation: Evaluation) -> list[str]:
    drift = evaluation.drift
    if drift is None:
        return [NOTHING, NOTHING]
    return [_show(drift.f), "undefined" if drift.p is None else p_value(drift.p, 4)]


def _drift(evaluation: Evaluation) -> list[str]:
    drift = evaluation.drift
    if drift is None:
        return []
    p = "= undefined" if drift.p is None else p_equals(drift.p, 7)
    f = distribution("F", drift.numerator, drift.denominator)
    return ["", f"drift: {f} = {_show(drift.f)}, p {p}"]


def _largest(evaluation: Evaluation) -> list[str]:
    worst = evaluation.largest_error
    if worst is None:
        return []
    return ["", f"largest error {_show(worst.error)}: {escape(worst.source)}, line {worst.line}"]


def _show(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.7g}"
