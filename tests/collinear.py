"""Which features are nearly collinear, in fractions, and which of them stderr names."""

import csv
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tests.exactly import Exactly

HIGH_VIF = 10
"""The variance inflation factor from which textbooks call a feature collinear."""
WARNING = re.compile(r"Warning: (.+) is nearly a linear combination of other features, mainly .*")


def check_warnings(stderr: str, arguments: Sequence[str]) -> None:
    """Check that training on a file warns of the features with a high VIF, and of nothing else."""
    collinear = collinear_features(arguments)
    lines = stderr.splitlines()
    others = 0
    if lines and (more := re.fullmatch(r"Warning: (\d+) other columns? too: .*", lines[-1])):
        others = int(more[1])
        lines.pop()
    warnings = [WARNING.fullmatch(line) for line in lines]
    named = {warning[1] for warning in warnings if warning}
    assert len(named) == len(lines), stderr
    assert named <= set(collinear), stderr
    assert len(named) + others == len(collinear), stderr


def collinear_features(arguments: Sequence[str]) -> list[str]:
    """Return the features with a high VIF, from the arguments of train and the file they name."""
    with Path(arguments[0]).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    features = _values_of("--x", arguments)
    has_intercept = "--no-intercept" not in arguments
    weights = [Fraction(row[name]) for name in _values_of("--weights", arguments) for row in rows]
    columns = [[Fraction(row[name]) for row in rows] for name in features]
    X = list(zip(*[[Fraction(1)] * len(rows)] * has_intercept, *columns, strict=True))
    fit = Exactly(X, [Fraction()] * len(rows), has_intercept, weights)
    slopes = fit.inverse[int(has_intercept) :]
    return [
        name
        for j, (name, column) in enumerate(zip(features, columns, strict=True))
        if slopes[j][j + has_intercept] * fit.squares(column) >= HIGH_VIF
    ]


def _values_of(option: str, arguments: Sequence[str]) -> list[str]:
    return [value for word, value in pairwise(arguments) if word == option]
