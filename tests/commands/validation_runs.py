"""Rows that name the part in which they are, and linreg train on them."""

import json
import random
import shlex
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import Linreg, Result

N = 40


def marked_rows() -> list[dict[str, str]]:
    """Return 40 rows of a, b, mark and y, where each mark is a power of two."""
    chance = random.Random(4)  # noqa: S311  # no secret
    table = []
    for i in range(N):
        a, b = chance.randrange(-500, 500), chance.randrange(1, 99)
        y = 3 * a - 7 * b + chance.randrange(-400, 400)
        table.append({"a": f"{a / 10}", "b": f"{b}", "mark": f"{2**i}", "y": f"{y / 100}"})
    return table


def write(path: str, table: Sequence[dict[str, str]]) -> None:
    lines = [",".join(table[0]), *(",".join(row.values()) for row in table)]
    Path(path).write_text("\n".join([*lines, ""]))


def train(linreg: Linreg, command: str, stdin: bytes | str = b"") -> Result:
    done = linreg("train", *shlex.split(command), stdin=stdin)
    assert done.status == 0, done.stderr
    return done


def model(path: str = "model.json") -> Any:
    return json.loads(Path(path).read_bytes())


AB = "--x a --x b --y y"
MARKED = "--x a --x mark --y y"
"""With the marks among the columns, the sums of a part tell which rows are in it."""
EXACT = "--solver exact -q"


def members(moments: Any) -> list[int]:
    """Return from the sum of the marks which rows are in a part."""
    total = int(moments["sums"][moments["columns"].index("mark")])
    scale = 10 ** moments["decimals"][moments["columns"].index("mark")]
    return [i for i in range(N) if total // scale >> i & 1]


def rows_of_test_part(linreg: Linreg, options: str) -> list[int]:
    """Return which rows are in the test part."""
    train(linreg, f"d.csv {MARKED} {EXACT} {options} -o part.json")
    return members(model("part.json")["test_moments"])


def numbers(table: Sequence[dict[str, str]], names: str) -> Any:
    return np.array([[float(row[name]) for name in names.split()] for row in table])


def fractions(table: Sequence[dict[str, str]], names: str) -> list[list[Fraction]]:
    return [[Fraction(row[name]) for name in names.split()] for row in table]
