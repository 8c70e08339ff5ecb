"""A replay as one self-contained web page.

The page is `page.html` with the style, the script and the data inserted. Its policy allows only
this style and this script, by their hashes, and no network.
"""

import base64
import hashlib
import json
import math
from importlib.resources import files
from string import Template
from typing import Any

from linreg_cli.exact import Floats, to_float
from linreg_cli.model import Settings
from linreg_cli.output import Grid
from linreg_cli.output.replay.points import Points
from linreg_cli.output.replay.recording import Replay
from linreg_cli.training import AT_REST, DIVERGED, CompressedRows

SCRIPTS = (
    "descent.js",
    "charts.js",
    "training.js",
    "fit.js",
    "surface.js",
    "loss.js",
    "weights.js",
    "words.js",
    "form.js",
    "page.js",
)
"""The parts of the script, each after the parts that it uses."""
DIGITS = 12
"""Significant digits of points, more than a screen can show."""
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def to_page(replay: Replay) -> bytes:
    """Return a replay as HTML, the same bytes for the same replay."""
    style = _part("page.css")
    script = "\n".join(map(_part, SCRIPTS))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_source(script)}",
            f"style-src {_source(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    page = Template(_part("page.html")).substitute(
        policy=policy, style=style, script=script, data=to_json(replay)
    )
    return page.encode()


def to_json(replay: Replay) -> str:
    """Return the data of the page as JSON that can be part of an HTML element."""
    model, settings, rates = replay.model, replay.settings, replay.rates
    asked = model.training.settings
    fields = {
        "columns": [vars(column) for column in replay.columns],
        "correlation": replay.correlation,
        "rows": model.moments.rows,
        "weightsColumn": model.moments.weights.column if model.moments.weights else None,
        "solver": asked.solver,
        "stopped": model.training.stopped,
        "hasIntercept": asked.intercept,
        "isScaled": asked.scale,
        "testFraction": asked.test_fraction,
        "l2": model.training.l2,
        "compressed": _rows(replay.compressed),
        "test": _rows(replay.test) if replay.test else None,
        "centers": list(map(to_float, replay.centers)),
        "scales": list(map(to_float, replay.scaling.scales)),
        "optimum": replay.optimum.tolist(),
        "bestLoss": replay.best_loss,
        "limit": rates.limit if math.isfinite(rates.limit) else None,
        "flattest": rates.smallest,
        "automatic": rates.automatic,
        "learningRate": settings.learning_rate,
        "epochs": settings.epochs,
        "tolerance": settings.tolerance,
        "defaultTolerance": Settings().tolerance,
        "divergedFactor": DIVERGED,
        "distanceAtRest": AT_REST,
        "maxEpochs": replay.max_epochs,
        "start": {"kind": asked.start, "seed": asked.seed},
        "randomStarts": [
            {"seed": seed, "weights": weights.tolist()}
            for seed, weights in replay.random_starts.items()
        ],
        "points": _points(replay.points) if replay.points else None,
    }
    # a script element ends at "</script", even inside JSON
    return json.dumps(fields, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def _rows(compressed: CompressedRows) -> dict[str, Any]:
    return {"X": compressed.X.tolist(), "y": compressed.y.tolist(), "n": compressed.n_rows}


def _points(points: Points) -> dict[str, Any]:
    return {
        "rows": points.rows,
        "areTrainedOn": points.are_trained_on,
        "values": _short(points.values),
        "extremes": points.extremes,
        "isTest": points.is_test.astype(int).tolist() if points.is_test.any() else None,
        "density": _density(points.density) if points.density else None,
    }


def _density(grid: Grid) -> dict[str, Any]:
    edges = [grid.edges(axis) for axis in (0, 1)]
    return {
        "low": [float(edge[0]) for edge in edges],
        "high": [float(edge[-1]) for edge in edges],
        "counts": grid.counts.tolist(),
    }


def _short(values: Floats) -> list[list[float]]:
    return [[float(f"{value:.{DIGITS}g}") for value in row] for row in values.tolist()]


def _source(text: str) -> str:
    """Return the hash of a style or a script, as a Content-Security-Policy names it."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _part(name: str) -> str:
    return files("linreg_cli.output.replay").joinpath(name).read_text(encoding="utf-8")
