"""linreg export: the code of every target runs, and predicts what linreg predicts."""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from linreg_cli.model.model_file import save_model
from linreg_cli.output.export.targets import TARGETS
from tests import runners
from tests.conftest import Linreg
from tests.markers import slow_but_every
from tests.output.exports import (
    BEYOND_A_CELL,
    CASES,
    MORE_ROUNDINGS,
    RUNNERS,
    STRANGE,
    Case,
    each_run,
    export,
    model_of,
    predict,
)
from tests.runners import Runner


@each_run
@pytest.mark.parametrize("case", slow_but_every(4, CASES.values()), ids=CASES)
def test_exported_code_predicts_what_linreg_predicts(
    linreg: Linreg, target: str, runner: Runner, case: Case
) -> None:
    case.save()
    names = json.loads(Path("model.json").read_text())["x"]
    found = runner(export(linreg, target), names, case.rows)
    for value, expected, row in zip(found, predict(linreg), case.rows, strict=True):
        allowed = case.allowed(row, expected, MORE_ROUNDINGS.get(runner, 0))
        assert abs(Fraction(value) - Fraction(expected)) <= allowed, (value, expected)
        assert math.copysign(1, value) == math.copysign(1, expected)


@each_run
def test_constants_keep_every_digit(linreg: Linreg, target: str, runner: Runner) -> None:
    weights = [158.16747658183482, 0.1 + 0.2, -1 / 3, math.pi * 1e100, math.e * 1e-100]
    weights += [2.0**53 - 1, 1.0000000000000002, -123456789012345680.0]
    names = [f"x{j}" for j in range(len(weights))]
    save_model(model_of(names, weights, 0.0), "model.json")
    rows = [[str(int(i == j)) for j in range(len(names))] for i in range(len(names))]
    found = runner(export(linreg, target), names, rows)
    rtol = MORE_ROUNDINGS.get(runner, 0) * 2.0**-53
    np.testing.assert_allclose(found, weights, rtol=rtol, atol=0)


@each_run
def test_any_column_name_is_quoted(linreg: Linreg, target: str, runner: Runner) -> None:
    if runner is runners.run_pycel:
        pytest.skip("pycel does not read names in quotes; LibreOffice does")
    names = STRANGE + ([] if target == "awk" else BEYOND_A_CELL)
    weights = [float(2**j) for j in range(len(names))]
    save_model(model_of(names, weights, 0.5), "model.json")
    rows = [["1" if i == j else "0" for j in range(len(names))] for i in range(len(names))]
    assert runner(export(linreg, target), names, rows) == [0.5 + weight for weight in weights]


@each_run
def test_a_missing_cell_gives_no_prediction(linreg: Linreg, target: str, runner: Runner) -> None:
    save_model(model_of(["sqft", "beds"], [2.5, -1.0], 10.0), "model.json")
    found = runner(export(linreg, target), ["sqft", "beds"], [["4", "3"], ["4", ""], ["", "3"]])
    assert found[0] == 17
    assert np.isnan(found[1:]).all()


@each_run
def test_constants_reach_the_ends_of_float64(linreg: Linreg, target: str, runner: Runner) -> None:
    if target == "excel":
        pytest.skip("Excel has no such numbers, which the export says")
    save_model(
        model_of(["a", "b"], [1.7976931348623157e308, -2.2250738585072014e-308], 0.0), "model.json"
    )
    rows = [["1", "0"], ["0", "1"], ["-0.5", "2"]]
    found = runner(export(linreg, target), ["a", "b"], rows)
    assert found == [1.7976931348623157e308, -2.2250738585072014e-308, -8.988465674311579e307]


def test_every_target_is_run() -> None:
    assert set(TARGETS) == {*RUNNERS, "latex"}
