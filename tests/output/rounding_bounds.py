"""The error that a prediction of exported code may have, by the rounding of its operations."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

TRUE = {"true", "yes", "t", "y", "1"}
ROUNDED = 1e-15
"""A logarithm or root of linreg has 15 digits after the point; the last may be off by half."""


def feature(name: str, row: Mapping[str, object]) -> float:
    """Return a feature in float64, from its name: an expression once levels are replaced.

    Parameters
    ----------
    name
        The name of the feature, such as ``city[Oslo]:log(sqft)``.
    row
        The floats and texts of a row.

    """
    text = re.sub(r"(\w+)\[(.*?)\]", lambda found: repr(row[found[1]] == found[2]), name)
    functions: dict[str, Any] = {name: getattr(math, name) for name in dir(math)}
    functions |= {"I": float, "days": days, "bool": lambda word: word.lower() in TRUE, **row}
    try:
        return float(eval(text.replace("^", "**").replace(":", "*"), functions))  # noqa: S307
    except (ArithmeticError, ValueError, AttributeError, TypeError):
        return math.nan


def days(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / 86400


def allowed(roundings: int, row: Mapping[str, object]) -> float:
    """Bound the error of the prediction of model.json in float64, by the sizes of what is added up.

    Parameters
    ----------
    roundings
        The largest number of roundings in a feature. An operation has one; a function has two, as
        it is within one unit in the last place.
    row
        The floats and texts of a row.

    """
    model: dict[str, Any] = json.loads(Path("model.json").read_text())
    size, rounded = float(abs(model["value_at_center"])), 0.0
    for name, m in model["m"].items():
        center = float(Fraction(model["center"][name]))
        size += abs(m) * (abs(feature(name, row)) + abs(center))
        rounded += abs(m) * ROUNDED
    return (len(model["m"]) + 3 + roundings) * 2.0**-53 * size + rounded
