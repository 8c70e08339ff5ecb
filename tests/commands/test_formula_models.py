"""Well-known models of data sets of R, against statsmodels; in shards, and on a cluster."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from tests.conftest import Linreg
from tests.datasets import dataset
from tests.exactly import Exactly
from tests.markers import slow_but_every

SHARDS = 4


@dataclass(frozen=True)
class KnownModel:
    """A formula and the data that it is fitted to.

    Attributes
    ----------
    package, name
        The data set.
    formula
        The formula of linreg; `patsy` writes it for statsmodels.
    day
        A column of dates, of which statsmodels gets the days.

    """

    package: str
    name: str
    formula: str
    day: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        return dataset(self.package, self.name)

    @property
    def patsy(self) -> str:
        """The formula with the functions of NumPy, and the powers of Python."""
        text = re.sub(r"\blog\(", "np.log(", self.formula)
        return text.replace("^", "**").replace(f"days({self.day})", "day")

    def fitted(self) -> Any:
        """Return the fit of statsmodels."""
        frame = self.frame
        if self.day:
            since = pd.to_datetime(frame[self.day]) - pd.Timestamp("1970-01-01")
            frame = frame.assign(day=since / pd.Timedelta(days=1))
        return ols(self.patsy, frame).fit()

    def features(self, terms: Sequence[str]) -> list[str]:
        """Return the names in linreg of terms of patsy, the factors of a product sorted."""
        return [sorted_product(self._feature(term)) for term in terms]

    def _feature(self, term: str) -> str:
        if term == "Intercept":
            return "(intercept)"
        text = re.sub(r"\bday\b", f"days({self.day})", term).replace("np.log(", "log(")
        text = re.sub(r"C\((\w+)\)\[T\.(.*?)\]", r"\1[\2]", text)
        return re.sub(r"I\((.*) \*\* (\d+)\)", r"\1^\2", text)


def sorted_product(name: str) -> str:
    return ":".join(sorted(name.split(":")))


MODELS = {
    "wages": KnownModel(
        "AER", "CPS1985",
        "log(wage) ~ education*experience + I(experience^2) + C(occupation) + C(sector) + C(union)",
    ),
    "mtcars": KnownModel("datasets", "mtcars", "mpg ~ wt*hp + I(qsec^2)"),
    "economics": KnownModel(
        "ggplot2", "economics", "log(pce) ~ days(date) + I(days(date)^2) + uempmed", day="date"
    ),
    "diamonds": KnownModel(
        "ggplot2", "diamonds", "log(price) ~ log(carat) + C(cut) + C(color) + C(clarity)"
    ),
}  # fmt: skip
every_model = pytest.mark.parametrize("model", slow_but_every(2, MODELS.values()), ids=MODELS)


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
