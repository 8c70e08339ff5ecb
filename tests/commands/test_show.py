"""linreg show: the model as a person reads it."""

import csv
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

import linreg_cli
from tests.commands.show_runs import (
    HEADER,
    ROOMS,
    as_json,
    exactly,
    figures,
    show,
    train,
    unwrapped,
    weights_of,
)
from tests.conftest import Linreg, Result
from tests.references import SACRAMENTO, real_data


def rooms() -> tuple[Any, Any]:
    """Return the design matrix and the target of ROOMS."""
    _, *rows = csv.reader(ROOMS.splitlines())
    table = np.array(rows, dtype=float)
    return sm.add_constant(table[:, :2]), table[:, -1]


def test_the_report_has_target_and_training_then_weights_then_figures(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    first, *_, below = show(linreg).split("\n\n")
    assert first == "target price, exact solution"
    header, *rows = weights_of(show(linreg))
    assert header == HEADER
    assert [row[0] for row in rows] == ["(intercept)", "beds", "baths"]
    assert list(figures(show(linreg))) == [
        "rows", "degrees of freedom", "residual standard error", "R²", "adjusted R²", "F", "p of F",
        "AIC", "BIC", "log-likelihood", "condition number", "baseline loss (the mean)", "loss",
    ]  # fmt: skip
    assert below.endswith("\n")


def test_the_table_has_the_figures_of_statsmodels(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    X, y = rooms()
    fitted = sm.OLS(y, X).fit()
    rows = weights_of(show(linreg))[1:]
    columns = np.array([[float(cell) for cell in row[1:7]] for row in rows]).T
    expected = [fitted.params, fitted.bse, fitted.tvalues, fitted.pvalues, *fitted.conf_int().T]
    # 4 digits are shown of the least exact ones
    np.testing.assert_allclose(columns, expected, rtol=1e-3)
    assert rows[0][7:] == ["-", "-"]


def test_the_figures_are_those_of_statsmodels(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    X, y = rooms()
    fitted = sm.OLS(y, X).fit()
    found = figures(show(linreg))
    expected = {
        "residual standard error": np.sqrt(fitted.scale),
        "R²": fitted.rsquared,
        "adjusted R²": fitted.rsquared_adj,
        "F": fitted.fvalue,
        "p of F": fitted.f_pvalue,
        "AIC": fitted.aic,
        "BIC": fitted.bic,
        "log-likelihood": fitted.llf,
        "baseline loss (the mean)": y.var(),
        "loss": fitted.ssr / 7,
    }
    for name, value in expected.items():
        assert float(found[name]) == pytest.approx(value, rel=1e-6), name
    assert (found["rows"], found["degrees of freedom"]) == ("7", "4")


def test_columns_are_aligned(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    _, *tables, _ = show(linreg).split("\n\n")
    assert tables
    for table in tables:
        assert len({len(line) for line in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("options", "trained"),
    [
        ("--solver exact", "exact solution"),
        ("--epochs 5000", "gradient descent, {epochs} epochs, learning rate {rate:g}"),
        ("--epochs 3", "gradient descent, 3 epochs, out of epochs, learning rate {rate:g}"),
        (
            "--epochs 3 --learning-rate 0.01",
            "gradient descent, 3 epochs, out of epochs, learning rate 0.01",
        ),
    ],
)
def test_the_report_says_how_the_model_was_trained(
    linreg: Linreg, options: str, trained: str
) -> None:
    train(linreg, ROOMS, *options.split())
    training = json.loads(Path("model.json").read_text())["training"]
    rate = training.get("learning_rate") or 0.0
    expected = trained.format(epochs=training["epochs"], rate=rate)
    assert show(linreg).splitlines()[0] == f"target price, {expected}"


def test_weights_that_are_not_there_yet_are_told_in_standard_errors(linreg: Linreg) -> None:
    train(linreg, ROOMS, "--epochs", "3")
    found = as_json(linreg)
    rows = [line.split(",") for line in ROOMS.split()[1:]]
    X = np.array([[1, row[0], row[1]] for row in rows], dtype=np.float64)
    y = np.array([row[-1] for row in rows], dtype=np.float64)
    saved = X @ [weight["value"] for weight in found["weights"]]
    fitted = X @ np.linalg.lstsq(X, y)[0]
    variance = ((fitted - y) ** 2).sum() / (len(rows) - 3)
    distance = math.sqrt(((saved - fitted) ** 2).sum() / variance)
    assert unwrapped(show(linreg)).endswith(
        f"\n\nNote: the saved weights are together {distance:.3g} standard errors away from the "
        "fit: training was out of epochs after 3 epochs\n"
    )


def test_a_ridge_model_shows_the_fit_that_its_statistics_are_about(linreg: Linreg) -> None:
    # the intervals are of the weights without penalty, so those belong beside them
    exactly(linreg, ROOMS, "--l2", "1")
    text = show(linreg)
    assert "Note: trained with a ridge penalty, l2 1; " in text
    for weight in as_json(linreg)["weights"]:
        assert f"{weight['value']:.7g}" in text
        assert f"{weight['least_squares']:.7g}" in text


# confidence


def test_confidence_names_the_interval_and_moves_its_ends(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    X, y = rooms()
    text = show(linreg, "--confidence", "0.99")
    assert "99 % from" in text.split("\n\n")[1].splitlines()[0]
    found = [[float(cell) for cell in row[5:7]] for row in weights_of(text)[1:]]
    np.testing.assert_allclose(found, sm.OLS(y, X).fit().conf_int(0.01), rtol=1e-6)


@pytest.mark.parametrize(
    ("confidence", "title"), [("0.5", "50 %"), ("0.999", "99.9 %"), ("1e-3", "0.1 %")]
)
def test_a_confidence_is_written_in_percent(linreg: Linreg, confidence: str, title: str) -> None:
    exactly(linreg, ROOMS)
    assert f" {title} from " in show(linreg, "--confidence", confidence)


@pytest.mark.shell
@pytest.mark.parametrize("confidence", ["1e-10", "1e-40", "0.9999999999999999"])
def test_every_confidence_between_0_and_1_has_its_interval_at_once(
    linreg: Linreg, confidence: str
) -> None:
    exactly(linreg, ROOMS)
    command = [sys.executable, "-m", "linreg_cli", "show", "model.json", "--json"]
    package = str(Path(linreg_cli.__file__).parents[1])
    done = subprocess.run(
        [*command, "--confidence", confidence],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": package},
        timeout=10,
    )
    weights = json.loads(done.stdout)["weights"]
    assert len(weights) == 3
    for weight in weights:
        assert weight["lower"] <= weight["least_squares"] <= weight["upper"]


# where the model comes from


def test_a_dash_is_a_model_on_standard_input(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    content = Path("model.json").read_bytes()
    assert linreg("show", "-", stdin=content) == Result(0, show(linreg), "")


def test_show_needs_no_rows(linreg: Linreg, folder: Path) -> None:
    exactly(linreg, ROOMS)
    before = show(linreg)
    (folder / "d.csv").unlink()
    assert show(linreg) == before


def test_the_installed_script_writes_json_that_a_pipe_reads(linreg: Linreg, shell: Any) -> None:
    exactly(linreg, ROOMS)
    read = "import json, sys; print(json.load(sys.stdin)['rows'])"
    done = shell(f'linreg show model.json --json | {sys.executable} -c "{read}"')
    assert (done.status, done.stdout) == (0, "7\n")


def test_a_reader_that_goes_away_ends_show_quietly(linreg: Linreg, shell: Any) -> None:
    exactly(linreg, ROOMS)
    done = shell("linreg show model.json | head -1")
    assert (done.stdout, done.stderr) == ("target price, exact solution\n", "")


def test_the_file_in_the_repository_gives_its_figures(linreg: Linreg) -> None:
    x = ["--x", "beds", "--x", "baths", "--x", "sqft"]
    linreg("train", str(SACRAMENTO), *x, "--y", "price", "--solver", "exact", "-q")
    frame = real_data("sacramento").frame
    fitted = sm.OLS(frame["price"], sm.add_constant(frame[["beds", "baths", "sqft"]])).fit()
    found = as_json(linreg)
    assert found["r2"] == pytest.approx(fitted.rsquared, rel=1e-12)
    np.testing.assert_allclose(
        [weight["standard_error"] for weight in found["weights"]], fitted.bse, rtol=1e-10
    )
