"""A small line, and linreg evaluate on it."""

import json
import shlex
from typing import Any

from tests.conftest import Linreg, Result
from tests.references import RealData, real_data

LINE = "x,y\n1,5\n2,7\n3,9\n5,13\n"
OFF = "x,y\n1,6\n2,7\n4,8\n"
"""Rows that y = 2x + 3 misses by -1, 0 and 3."""


def evaluate(linreg: Linreg, arguments: str, status: int = 0, stdin: str = "") -> Result:
    done = linreg("evaluate", *shlex.split(arguments), stdin=stdin)
    assert done.status == status, done.stderr
    return done


def as_json(linreg: Linreg, arguments: str) -> Any:
    return json.loads(evaluate(linreg, f"{arguments} --json").stdout)


def learn_first(linreg: Linreg, name: str, at: int) -> RealData:
    """Learn model.json from the first rows of a data set; the others are in new.csv."""
    data = real_data(name)
    data.frame[:at].to_csv("old.csv", index=False)
    data.frame[at:].to_csv("new.csv", index=False)
    done = linreg("train", "old.csv", *data.arguments(), "--solver", "exact", "-q")
    assert done.status == 0, done.stderr
    return data
