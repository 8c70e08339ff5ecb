"""Real data from the file to the prediction, against statsmodels on the same file."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.conftest import HOUSES, Linreg

DATA = Path(__file__).parents[2] / "data"
NUMERIC = ["beds", "baths", "sqft", "latitude", "longitude"]


@pytest.fixture(autouse=True)
def data(folder: Path) -> None:
    for name in ("houses.csv", "sacramento.csv"):
        shutil.copy(DATA / name, folder)


def statsmodels_fit(x: list[str], *, has_intercept: bool = True) -> Any:
    table = pd.read_csv("sacramento.csv")
    X = table[x].to_numpy(dtype=np.float64)
    return sm.OLS(table["price"], sm.add_constant(X) if has_intercept else X).fit()


def train(linreg: Linreg, x: list[str], *options: str) -> tuple[Any, str]:
    columns = [word for name in x for word in ("--x", name)]
    result = linreg("train", "sacramento.csv", *columns, "--y", "price", *options)
    assert result.status == 0, result.stderr
    return json.loads(Path("model.json").read_bytes()), result.stderr


def weights(model: Any) -> npt.NDArray[np.float64]:
    slopes = model["m"].values() if isinstance(model["m"], dict) else [model["m"]]
    return np.array([model["b"], *slopes])


def told(stderr: str, name: str) -> float:
    (line,) = [line for line in stderr.splitlines() if line.startswith(f"{name} ")]
    return float(line.removeprefix(name).split()[0])


def test_the_data_are_those_that_the_tests_know() -> None:
    assert (DATA / "houses.csv").read_bytes() == HOUSES
    table = pd.read_csv("sacramento.csv")
    assert (len(table), table.select_dtypes("number").columns.tolist()) == (
        932,
        ["beds", "baths", "sqft", "price", "latitude", "longitude"],
    )


def test_houses_are_learned_and_predicted(linreg: Linreg) -> None:
    columns = "houses.csv --x square_feet --y price"
    result = linreg("train", *columns.split())
    assert (result.status, "\nconverged after 40 epochs: " in result.stderr) == (0, True)
    prediction = linreg("predict", "model.json", "1800")
    assert (prediction.stdout, prediction.stderr) == ("540000.0\n", "")
    assert linreg("train", *columns.split(), "--solver", "exact").status == 0
    assert linreg("predict", "model.json", "1800").stdout == "540000.0\n"


# statsmodels solves in float64: with latitude and longitude as they are, it loses some six of
# sixteen digits; with one feature, three.
FEATURES = [(["sqft"], 1e-12), (NUMERIC, 1e-9)]


@pytest.mark.parametrize(("x", "rtol"), FEATURES, ids=["one feature", "all"])
def test_the_exact_fit_of_sacramento_is_that_of_statsmodels(
    linreg: Linreg, x: list[str], rtol: float
) -> None:
    model, said = train(linreg, x, "--solver", "exact")
    reference = statsmodels_fit(x)
    np.testing.assert_allclose(weights(model), reference.params, rtol=rtol)
    # seven digits are told
    np.testing.assert_allclose(told(said, "R²"), reference.rsquared, rtol=1e-6)
    rmse = np.sqrt(np.mean(reference.resid**2))
    np.testing.assert_allclose(told(said, "RMSE"), rmse, rtol=1e-6)
    np.testing.assert_allclose(model["training"]["loss"], rmse**2, rtol=1e-9)


@pytest.mark.parametrize(("x", "rtol"), FEATURES, ids=["one feature", "all"])
def test_descent_on_sacramento_ends_at_the_fit_of_statsmodels(
    linreg: Linreg, x: list[str], rtol: float
) -> None:
    model, said = train(linreg, x)
    assert model["training"]["stopped"] == "converged"
    reference = statsmodels_fit(x)
    np.testing.assert_allclose(weights(model), reference.params, rtol=rtol)
    np.testing.assert_allclose(told(said, "R²"), reference.rsquared, rtol=1e-6)


@pytest.mark.parametrize(("x", "rtol"), FEATURES, ids=["one feature", "all"])
def test_the_fit_without_intercept_is_that_of_statsmodels(
    linreg: Linreg, x: list[str], rtol: float
) -> None:
    model, said = train(linreg, x, "--solver", "exact", "--no-intercept")
    reference = statsmodels_fit(x, has_intercept=False)
    np.testing.assert_allclose(weights(model)[1:], reference.params, rtol=rtol)
    assert model["b"] == 0
    np.testing.assert_allclose(told(said, "R² (uncentered)"), reference.rsquared, rtol=1e-6)


def test_predictions_for_sacramento_are_those_of_statsmodels(linreg: Linreg) -> None:
    train(linreg, NUMERIC, "--solver", "exact", "-q")
    result = linreg("predict", "model.json", "sacramento.csv")
    assert (result.status, result.stderr) == (0, "")
    Path("predicted.csv").write_text(result.stdout)
    before, after = pd.read_csv("sacramento.csv"), pd.read_csv("predicted.csv")
    pd.testing.assert_frame_equal(after.drop(columns="predicted_price"), before)
    fitted = statsmodels_fit(NUMERIC).fittedvalues
    # the fit of statsmodels has lost digits to latitude and longitude
    np.testing.assert_allclose(after["predicted_price"], fitted, rtol=1e-8)


def test_the_text_of_sacramento_is_untouched(linreg: Linreg) -> None:
    train(linreg, ["sqft"], "-q")
    result = linreg("predict", "model.json", "sacramento.csv")
    lines = Path("sacramento.csv").read_text().splitlines()
    assert [line.rpartition(",")[0] for line in result.stdout.splitlines()] == lines
