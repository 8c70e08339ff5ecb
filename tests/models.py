"""Models for tests, made in memory from rows of numbers as written."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from linreg_cli.model.model import Model
from linreg_cli.model.model_file import to_json
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.moments.summation import Summation
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.problem import set_up
from tests.strategies import add_rows, block_of, moments_of

Rows = Sequence[Sequence[str]]

NOISY = [
    ("1", "0.5", "2"),
    ("2", "0.25", "3.5"),
    ("4", "-1", "3"),
    ("7", "2", "9.25"),
    ("8", "0", "7"),
]
"""Rows of x0, x1 and y that no plane fits."""
WEIGHTS = ["2", "0.5", "1.25", "3", "1"]


def names_of(rows: Rows) -> list[str]:
    """Return the names x0, x1 ... and y."""
    return [*(f"x{j}" for j in range(len(rows[0]) - 1)), "y"]


def weighted_moments(rows: Rows, weights: Sequence[str], columns: Sequence[str] = ()) -> Moments:
    """Return the moments of rows, each with its weight."""
    summation = Summation(columns or names_of(rows), "w")
    add_rows(summation, block_of(rows), block_of([[weight] for weight in weights]))
    return summation.total()


def plain_moments(rows: Rows, columns: Sequence[str] = ()) -> Moments:
    """Return the moments of rows."""
    return moments_of(rows, tuple(columns or names_of(rows)))


def exact_line(model: Model) -> list[Fraction]:
    """Return the exact intercept and slopes that a model predicts with, from its file."""
    fields = json.loads(to_json(model))
    slopes = fields["m"].values() if isinstance(fields["m"], dict) else [fields["m"]]
    slopes = list(map(Fraction, slopes))
    centers = map(Fraction, fields["center"].values())
    moved = sum((m * c for m, c in zip(slopes, centers, strict=True)), Fraction())
    return [Fraction(fields["value_at_center"]) - moved, *slopes]


def learn(
    moments: Moments, *, test: Moments | None = None, folds: Sequence[Moments] = (), **asked: Any
) -> Model:
    """Return the exact model of moments."""
    data = SplitMoments(moments=moments, test=test, folds=tuple(folds))
    return exact_model(set_up(data, Settings(solver="exact", **asked)))
