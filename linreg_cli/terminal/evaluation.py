"""An evaluation as text and as JSON."""

import json
from dataclasses import asdict

from linreg_cli.evaluation import Evaluation
from linreg_cli.terminal.console import escape
from linreg_cli.terminal.table import align


def as_json(evaluation: Evaluation) -> str:
    """Write all figures as one JSON object."""
    fields = {
        "rows": evaluation.new.rows,
        "r2": evaluation.new.r2,
        "rmse": evaluation.new.rmse,
        "mae": evaluation.mae,
        "mape": evaluation.mape,
        "bias": evaluation.new.bias,
        "coverage": evaluation.coverage,
        "confidence": evaluation.confidence,
        "largest_error": evaluation.largest_error and asdict(evaluation.largest_error),
        "training": asdict(evaluation.training),
    }
    if evaluation.drift is not None:
        fields["drift"] = asdict(evaluation.drift)
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def as_table(evaluation: Evaluation) -> str:
    """Write the figures beside those of the training rows."""
    new, training = evaluation.new, evaluation.training
    rows = [
        ["", "these rows", "training rows"],
        ["rows", f"{new.rows:,}", f"{training.rows:,}"],
        ["R²", _show(new.r2), _show(training.r2)],
        ["RMSE", _show(new.rmse), _show(training.rmse)],
        ["mean error (bias)", _show(new.bias), _show(training.bias)],
        ["mean absolute error", _show(evaluation.mae), ""],
        ["mean absolute error, %", _show(_percent(evaluation.mape)), ""],
        [
            f"in the {evaluation.confidence:.0%} interval, %",
            _show(_percent(evaluation.coverage)),
            "",
        ],
    ]
    lines = align(rows)
    if evaluation.largest_error is not None:
        worst = evaluation.largest_error
        lines += [
            "",
            f"largest error {_show(worst.error)}: {escape(worst.source)}, line {worst.line}",
        ]
    if evaluation.drift is not None:
        drift = evaluation.drift
        degrees = f"{drift.numerator:,}, {drift.denominator:,}"
        lines += ["", f"drift: F({degrees}) = {_show(drift.f)}, p = {_show(drift.p)}"]
    return "\n".join(lines) + "\n"


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _show(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.7g}"
