"""linreg export of random expressions: operators bind in every target as they do in a formula."""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Linreg
from tests.markers import slow_but_every
from tests.output.exports import export
from tests.output.running_errors import UNIT, Approximate, approximately
from tests.output.table_runs import Run, Table, each_run

NAMES = ("y", "a", "b", "c")
FEATURES = 12
LARGEST = 1e6
FUNCTIONS = ("log", "log2", "log10", "log1p", "exp", "sqrt", "abs")


def rows_of(chance: random.Random) -> list[tuple[str, ...]]:
    return [
        (str(chance.randrange(-50, 50)), str(chance.randrange(1, 9)),
         f"{chance.uniform(0.5, 4):.2f}", f"-{chance.uniform(1, 99):.1f}")
        for _ in range(30)
    ]  # fmt: skip


def expression(chance: random.Random, depth: int) -> str:
    """Return an expression as one may write it: with and without parentheses."""
    if depth == 0 or chance.random() < 0.1:
        return chance.choice(["a", "b", "c", "a", "b", "c", "2", "0.3", "7.25", "1e1"])
    inner = expression(chance, depth - 1)
    operator, other = chance.choice("+-*/"), expression(chance, depth - 1)
    kind = chance.randrange(9)
    if kind == 0:
        return f"{chance.choice(FUNCTIONS)}({inner})"
    if kind == 1:
        return f"({inner} {operator} {other})^{chance.choice([2, 3, -1, -2])}"
    if kind == 2:
        return f"{chance.choice('abc')}^{chance.choice([2, 3, -1])}"
    if kind == 3:
        return f"-{inner}"
    text = f"{inner} {operator} {other}"
    return f"({text})" if kind > 5 else text


def features_of(chance: random.Random, rows: list[dict[str, float]]) -> list[str]:
    """Return expressions that exist in all rows, and are no combinations of each other."""
    found: list[str] = []
    columns = [[1.0] * len(rows)]
    while len(found) < FEATURES:
        text = expression(chance, 3)
        try:
            values = [approximately(text, row) for row in rows]
        except (ValueError, ArithmeticError, TypeError):
            continue
        column = np.array([each.value for each in values])
        size = np.abs(column).max()
        rest = column - np.transpose(columns) @ np.linalg.lstsq(np.transpose(columns), column)[0]
        is_exact = all(each.error < 1e-10 * size for each in values)
        if np.abs(rest).max() > 0.01 * size and size < LARGEST and is_exact:
            found.append(text)
            columns.append(column.tolist())
    return found


@each_run
@pytest.mark.parametrize("seed", slow_but_every(4, range(4)))
def test_operators_bind_as_in_a_formula(linreg: Linreg, target: str, run: Run, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same expressions in every run
    table = Table(NAMES, rows_of(chance), NAMES)
    table.write("rows.csv")
    rows = [{name: float(cell) for name, cell in row.items()} for row in table.dicts]
    features = features_of(chance, rows)
    terms = " + ".join(f"I({feature})" for feature in features)
    done = linreg("train", "rows.csv", "--formula", f"y ~ {terms}", "--solver", "exact", "-q")
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    expected = linreg("predict", "model.json", "rows.csv", "--only", "-q").stdout.splitlines()
    model = json.loads(Path("model.json").read_text())
    weights = list(model["m"].items())
    assert len(weights) == FEATURES
    found = run(export(linreg, target), table)
    for value, wanted, row in zip(found, map(float, expected), rows, strict=True):
        total = Approximate.of(model["value_at_center"])
        for (name, m), feature in zip(weights, features, strict=True):
            center = float(Fraction(model["center"][name]))
            total += m * (approximately(feature, row) - center)
        assert math.isclose(
            total.value, wanted, rel_tol=0, abs_tol=total.error + UNIT * abs(wanted)
        )
        assert abs(value - wanted) <= total.error + UNIT * abs(wanted), (row, value, wanted)
