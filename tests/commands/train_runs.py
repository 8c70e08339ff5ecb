"""Run linreg train in tests, and compute what it should give."""

import csv
import json
import shlex
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.conftest import Linreg, Result
from tests.oracles import least_squares

COLUMNS = "--x square_feet --y price"
HOUSE = f"houses.csv {COLUMNS}"
ROOMS = b"""\
beds,baths,age,lot,price
2,1,40,3.5,210.75
3,2,12,4.25,329
3,1,33,8,287.5
4,3,2,6.125,455.25
2,2,25,1,240
5,3,18,9.5,512.5
4,2,51,7,301
"""
"""Rows that no plane fits exactly, with decimals."""


def train(linreg: Linreg, command: str, *more: str, stdin: bytes | str = b"") -> Result:
    """Train as typed at the shell; `more` are arguments that need no quoting."""
    result = linreg("train", *shlex.split(command), *more, stdin=stdin)
    assert (result.status, "Error" in result.stderr) == (0, False), result.stderr
    return result


def model(path: str = "model.json") -> Any:
    return json.loads(Path(path).read_bytes())


def matrix(data: bytes, *columns: str) -> list[list[Fraction]]:
    return [
        [Fraction(row[name]) for name in columns]
        for row in csv.DictReader(data.decode().splitlines())
    ]


def with_ones(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    return [[Fraction(1), *row] for row in rows]


def exact_fit(data: bytes, *columns: str) -> list[float]:
    """Return b and each m, solved in fractions and rounded once; the target is the last column."""
    rows = matrix(data, *columns)
    solution = least_squares(with_ones([row[:-1] for row in rows]), [row[-1] for row in rows])
    return [float(weight) for weight in solution]
