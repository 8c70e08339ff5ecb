"""linreg export of well-known models: every target predicts what linreg predicts."""

import math

import pandas as pd
import pytest

from tests.conftest import Linreg
from tests.known_models import KnownModel, every_model
from tests.output.exports import export
from tests.output.rounding_bounds import allowed
from tests.output.table_runs import Run, Table, each_run

ROWS = 100
ROUNDINGS = 8
"""More than a square of days or a logarithm needs."""


def table_of(model: KnownModel) -> Table:
    """Return some rows of a model's data, from its start to its end."""
    frame = model.frame.iloc[:: max(1, len(model.frame) // ROWS)]
    numbers = frame.select_dtypes("number").columns
    frame.to_csv("new.csv", index=False)
    cells = pd.read_csv("new.csv", dtype=str, keep_default_na=False)
    dates = [model.day] if model.day else []
    return Table(list(map(str, cells)), cells.to_numpy().tolist(), list(map(str, numbers)), dates)


@pytest.mark.slow
@every_model
@each_run
def test_exported_code_predicts_what_linreg_predicts(
    linreg: Linreg, model: KnownModel, target: str, run: Run
) -> None:
    if target == "onnx" and model.day:
        pytest.skip("ONNX has no dates, which the export says")
    model.frame.to_csv("rows.csv", index=False)
    done = linreg("train", "rows.csv", "--formula", model.formula, "--solver", "exact", "-q")
    assert done.status == 0, done.stderr
    table = table_of(model)
    done = linreg("predict", "model.json", "new.csv", "--only", "-q")
    expected = list(map(float, done.stdout.splitlines()))
    assert len(expected) == len(table.rows)
    found = run(export(linreg, target), table)
    for value, wanted, row in zip(found, expected, table.dicts, strict=True):
        assert math.isfinite(wanted)
        assert abs(value - wanted) <= allowed(ROUNDINGS, table.typed(row)), (row, value, wanted)
