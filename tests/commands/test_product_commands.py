"""Models with products of a category in every command, beside statsmodels."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.anova import anova_lm

from tests.commands.category_runs import feature_of, fitted, homes, trained
from tests.conftest import Linreg

FORMULA = "price ~ C(type)*sqft + C(city):beds"


def some_homes() -> pd.DataFrame:
    """Return homes of cities with many rows."""
    frame = homes()
    return frame[frame["city"].isin(["SACRAMENTO", "ELK_GROVE", "ROSEVILLE"])]


@pytest.fixture
def file(linreg: Linreg) -> str:
    """Write homes, and learn from them exactly."""
    some_homes().to_csv("homes.csv", index=False)
    trained(linreg, "homes.csv", "--formula", FORMULA)
    return "homes.csv"


def columns_of(text: str) -> pd.DataFrame:
    header, *lines = text.splitlines()
    return pd.DataFrame([line.split(",") for line in lines], columns=header.split(","))


def test_intervals_and_influence_are_those_of_statsmodels(linreg: Linreg, file: str) -> None:
    fit = fitted(FORMULA, some_homes())
    asked = ("--interval", "0.9", "--residuals", "--leverage", "--cooks-distance")
    found = columns_of(linreg("predict", "model.json", file, *asked, "-q").stdout)
    frame = fit.get_prediction(some_homes()).summary_frame(alpha=0.1)
    influence = fit.get_influence()
    for name, expected in (
        ("predicted_price", frame["mean"]),
        ("predicted_price_lower", frame["obs_ci_lower"]),
        ("predicted_price_upper", frame["obs_ci_upper"]),
        ("predicted_price_residual", fit.resid),
        ("predicted_price_leverage", influence.hat_matrix_diag),
        ("predicted_price_cooks_distance", influence.cooks_distance[0]),
    ):
        np.testing.assert_allclose(found[name].astype(float), expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("kind", ["hc0", "hc1", "hc2", "hc3"])
def test_robust_errors_are_those_of_statsmodels(linreg: Linreg, file: str, kind: str) -> None:
    expected = fitted(FORMULA, some_homes()).get_robustcov_results(kind.upper())
    done = linreg("show", "model.json", file, "--robust", kind, "--json")
    assert done.status == 0, done.stderr
    names = [feature_of(name) for name in fitted(FORMULA, some_homes()).params.index]
    errors = {each["name"]: each["standard_error"] for each in json.loads(done.stdout)["weights"]}
    assert errors.keys() == set(names)
    for name, error in zip(names, expected.bse, strict=True):
        assert errors[name] == pytest.approx(error, rel=1e-8)


@pytest.mark.parametrize(
    ("smaller", "larger", "added"),
    [
        ("C(type) + sqft", "C(type)*sqft", ["type[Multi_Family]:sqft", "type[Residential]:sqft"]),
        ("sqft", "C(type):sqft", ["type:sqft"]),
        ("C(type):sqft", "C(type)*sqft", ["type", "sqft"]),
        ("beds", "C(type):beds + C(city)*sqft", ["type:beds", "city", "sqft", "city:sqft"]),
        ("sqft", "C(city):sqft + C(city) - 1", ["city:sqft", "city"]),
    ],
)
def test_a_model_is_compared_with_one_that_has_products(
    linreg: Linreg, file: str, smaller: str, larger: str, added: list[str]
) -> None:
    trained(linreg, file, "--formula", f"price ~ {smaller}", output="a.json")
    trained(linreg, file, "--formula", f"price ~ {larger}", output="b.json")
    done = linreg("compare", "a.json", "b.json", "--json")
    assert done.status == 0, done.stderr
    fits = [fitted(f"price ~ {each}", some_homes()) for each in (smaller, larger)]
    expected = anova_lm(*fits).iloc[1]
    [pair] = json.loads(done.stdout)["pairs"]
    assert sorted(pair["nested"]["added"]) == sorted(added)
    assert pair["nested"]["f"] == pytest.approx(expected["F"], rel=1e-9)
    assert pair["nested"]["f_p"] == pytest.approx(expected["Pr(>F)"], rel=1e-7)
    assert pair["nested"]["numerator"] == expected["df_diff"]


def test_models_with_other_products_are_not_nested(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type):sqft", output="a.json")
    trained(linreg, file, "--formula", "price ~ C(city)*sqft + C(type)", output="b.json")
    [pair] = json.loads(linreg("compare", "a.json", "b.json", "--json").stdout)["pairs"]
    assert pair["nested"] is None


def test_other_rows_are_evaluated(linreg: Linreg, file: str) -> None:
    frame = some_homes()
    frame[::2].to_csv("half.csv", index=False)
    expected = fitted(FORMULA, frame)
    done = linreg("evaluate", "model.json", "half.csv", "--json")
    errors = frame["price"][::2] - expected.predict(frame[::2])
    found = json.loads(done.stdout)
    assert found["rmse"] == pytest.approx(np.sqrt((errors**2).mean()), rel=1e-9)
    assert linreg("evaluate", "model.json", file, "-q").status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("plot", "model.json", "homes.csv"),
        ("plot", "model.json", "homes.csv", "--kind", "residuals"),
        ("plot", "model.json", "homes.csv", "-x", "type[Residential]:sqft", "-o", "fit.svg"),
        ("replay", "model.json", "-o", "replay.html"),
        ("replay", "model.json", "homes.csv", "-o", "replay.html"),
        ("export", "model.json", "--to", "latex"),
        ("train", "homes.csv", "--formula", FORMULA, "--explain", "-o", "other.json"),
        ("train", "homes.csv", "--formula", FORMULA, "--folds", "3", "--l2", "0,0.1"),
    ],
    ids=lambda arguments: " ".join(arguments[:5]),
)
@pytest.mark.slow
def test_every_other_command_takes_the_model(
    linreg: Linreg,
    file: str,  # noqa: ARG001 - the file and its model
    arguments: tuple[str, ...],
) -> None:
    done = linreg(*arguments)
    assert done.status == 0, done.stderr


def test_cross_validation_is_that_of_the_columns_themselves(linreg: Linreg) -> None:
    """The same folds of the same rows, with the products as columns of the file."""
    frame = some_homes().head(200)
    frame["is_condo"] = (frame["type"] == "Condo").astype(int)
    for level in ("Multi_Family", "Residential"):
        frame[level] = (frame["type"] == level).astype(int)
        frame[f"{level}_sqft"] = frame[level] * frame["sqft"]
    frame.to_csv("homes.csv", index=False)
    ridge = ("--l2", "0.01", "--no-intercept", "-y", "price")
    columns = ("-x", "Multi_Family_sqft", "-x", "Residential_sqft", "-x", "sqft")
    trained(linreg, "homes.csv", *columns, *ridge, output="columns.json")
    trained(linreg, "homes.csv", "-x", "sqft", "-x", "C(type):sqft", *ridge, output="terms.json")
    a, b = (json.loads(Path(f"{name}.json").read_text()) for name in ("columns", "terms"))
    assert b["m"]["type[Multi_Family]:sqft"] == a["m"]["Multi_Family_sqft"]
    assert b["m"]["type[Residential]:sqft"] == a["m"]["Residential_sqft"]
    assert b["m"]["sqft"] == a["m"]["sqft"]
