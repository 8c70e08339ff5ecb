"""Well-known models of data sets of R, against statsmodels; in shards, and on a cluster."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import Linreg
from tests.datasets import dataset
from tests.exactly import Exactly
from tests.known_models import MODELS, KnownModel, every_model, sorted_product

SHARDS = 4


def train(linreg: Linreg, *arguments: str, output: str = "model.json") -> bytes:
    done = linreg("train", *arguments, "--solver", "exact", "-q", "-o", output)
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    return Path(output).read_bytes()


def write_shards(frame: pd.DataFrame) -> list[str]:
    """Write the rows to some files, in the order of the column that has the most texts."""
    by = max(frame.columns, key=lambda name: (frame[name].dtype == object, frame[name].nunique()))
    rows, names = frame.sort_values(by), [f"part{number}.csv" for number in range(SHARDS)]
    for number, name in enumerate(names):
        first, end = (edge * len(rows) // SHARDS for edge in (number, number + 1))
        rows.iloc[first:end].to_csv(name, index=False)
    return names


@every_model
def test_weights_errors_and_r2_are_those_of_statsmodels(linreg: Linreg, model: KnownModel) -> None:
    model.frame.to_csv("rows.csv", index=False)
    train(linreg, "rows.csv", "--formula", model.formula)
    shown = json.loads(linreg("show", "model.json", "--json").stdout)
    found = {
        sorted_product(each["name"]): (each["value"], each["standard_error"])
        for each in shown["weights"]
    }
    fit = model.fitted()
    features = model.features(list(fit.params.index))
    assert sorted(features) == sorted(found)
    expected = list(zip(fit.params, fit.bse, strict=True))
    np.testing.assert_allclose([found[name] for name in features], expected, rtol=1e-9)
    np.testing.assert_allclose(shown["r2"], fit.rsquared, rtol=1e-9)
    assert shown["rows"] == fit.nobs


@every_model
def test_merged_shards_are_the_model_of_all_rows(linreg: Linreg, model: KnownModel) -> None:
    model.frame.to_csv("rows.csv", index=False)
    whole = train(linreg, "rows.csv", "--formula", model.formula)
    parts = write_shards(model.frame)
    for part in parts:  # a shard alone need not have a unique fit
        done = linreg("train", part, "--formula", model.formula, "-q", "-o", f"{part}.json")
        assert done.status == 0, done.stderr
    merged = linreg("merge", *(f"{part}.json" for part in parts), "-q", "-o", "merged.json")
    assert merged.status == 0, merged.stderr
    train(linreg, "merged.json", output="exact.json")
    assert Path("exact.json").read_bytes() == whole


@pytest.mark.cluster
@pytest.mark.shell
@every_model
def test_a_local_cluster_learns_the_same(installed: Linreg, model: KnownModel) -> None:
    model.frame.to_csv("rows.csv", index=False)
    parts = write_shards(model.frame)
    arguments = ("--formula", model.formula)
    whole = train(installed, "rows.csv", *arguments)
    there = train(installed, *parts, *arguments, "--cluster", "local", output="cluster.json")
    assert there == whole


def test_every_digit_of_mtcars_is_right(linreg: Linreg) -> None:
    dataset("datasets", "mtcars").to_csv("rows.csv", index=False)
    train(linreg, "rows.csv", "--formula", MODELS["mtcars"].formula)
    shown = json.loads(linreg("show", "model.json", "--json").stdout)
    cells = pd.read_csv("rows.csv", dtype=str)[["wt", "hp", "qsec", "mpg"]]
    numbers = [map(Fraction, row) for row in cells.itertuples(index=False)]
    rows = [[wt, hp, qsec**2, wt * hp, mpg] for wt, hp, qsec, mpg in numbers]
    exactly = Exactly.of([[str(number) for number in row] for row in rows])
    expected = exactly.of_weights(Fraction("0.95"))
    assert [each | {"name": ""} for each in shown["weights"]] == [
        each | {"name": ""} for each in expected
    ]
    figures = exactly.figures()
    assert {name: shown[name] for name in figures} == figures
