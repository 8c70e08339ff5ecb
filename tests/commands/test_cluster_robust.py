"""Cluster-robust errors: from rows and from groups the same, and those of statsmodels."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.formula.api import ols, wls

from tests.commands.category_runs import HOMES, feature_of, homes
from tests.conftest import Linreg, Result

NUMBERS = ("-x", "sqft", "-x", "baths", "-y", "price")


def train(linreg: Linreg, *arguments: str, data: str = str(HOMES), output: str = "m.json") -> None:
    done = linreg("train", data, *arguments, "--solver", "exact", "-q", "-o", output)
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr


def shown(linreg: Linreg, *arguments: str) -> Any:
    done = linreg("show", *arguments, "--json")
    assert (done.status, done.stderr) == (0, "")
    return json.loads(done.stdout)


def assert_as_in(reference: Any, found: Any, rtol: float = 1e-9) -> None:
    """Compare with a fit of statsmodels with the same names of features."""
    weights = {weight["name"]: weight for weight in found["weights"]}
    lower, upper = reference.conf_int().to_numpy().T
    for i, name in enumerate(reference.params.index):
        weight = weights[feature_of(name)]
        for field, expected in [
            ("standard_error", reference.bse),
            ("t", reference.tvalues),
            ("p", reference.pvalues),
        ]:
            np.testing.assert_allclose(weight[field], expected[name], rtol=rtol, err_msg=field)
        np.testing.assert_allclose([weight["lower"], weight["upper"]], [lower[i], upper[i]], rtol)
    assert found["f"] == pytest.approx(reference.fvalue, rel=rtol)
    assert found["f_p"] == pytest.approx(reference.f_pvalue, rel=rtol)


def by(groups: Any) -> dict[str, Any]:
    return {"cov_type": "cluster", "cov_kwds": {"groups": groups}, "use_t": True}


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        ("price ~ sqft + baths", "city"),
        ("price ~ sqft + C(type)", "city"),
        ("price ~ sqft", "zip"),
        ("price ~ beds - 1", "beds"),
    ],
)
def test_the_figures_are_those_of_statsmodels(linreg: Linreg, formula: str, column: str) -> None:
    frame = homes()
    train(linreg, "--formula", formula)
    found = shown(linreg, "m.json", str(HOMES), "--robust", f"cluster:{column}")
    assert_as_in(ols(formula, frame).fit(**by(frame[column])), found, 1e-8)
    assert (found["robust"], found["clusters"]) == (f"cluster:{column}", frame[column].nunique())


@pytest.mark.parametrize(
    ("name", "target", "features", "column"),
    [
        ("grunfeld", "invest", ["value", "capital"], "firm"),
        ("grunfeld", "invest", ["value", "capital"], "year"),
        ("fair", "affairs", ["rate_marriage", "age", "children"], "occupation"),
    ],
)
def test_figures_of_panels_are_those_of_statsmodels(
    linreg: Linreg, name: str, target: str, features: list[str], column: str
) -> None:
    frame: pd.DataFrame = getattr(sm.datasets, name).load_pandas().data
    frame.to_csv("d.csv", index=False)
    x = [word for feature in features for word in ("-x", feature)]
    train(linreg, *x, "-y", target, data="d.csv")
    found = shown(linreg, "m.json", "d.csv", "--robust", f"cluster:{column}")
    groups = pd.factorize(frame[column])[0]
    assert_as_in(ols(f"{target} ~ {' + '.join(features)}", frame).fit(**by(groups)), found)


def test_weighted_figures_are_those_of_statsmodels(linreg: Linreg) -> None:
    frame = homes()
    train(linreg, *NUMBERS, "--weights", "beds")
    found = shown(linreg, "m.json", str(HOMES), "--robust", "cluster:city")
    fit = wls("price ~ sqft + baths", frame, weights=frame["beds"])
    assert_as_in(fit.fit(**by(frame["city"])), found, 1e-8)


def test_tests_of_restrictions_are_those_of_statsmodels(linreg: Linreg) -> None:
    frame = homes()
    train(linreg, *NUMBERS)
    args = ("test", "m.json", str(HOMES), "sqft = 150", "baths = 0", "--robust", "cluster:city")
    found = json.loads(linreg(*args, "--json").stdout)
    fit = ols("price ~ sqft + baths", frame).fit(**by(frame["city"]))
    expected = fit.f_test("sqft = 150, baths = 0")
    assert found["f"] == pytest.approx(float(expected.fvalue), rel=1e-9)
    assert found["p"] == pytest.approx(float(expected.pvalue), rel=1e-9)
    assert (found["numerator"], found["denominator"]) == (2, 36)
    assert "std. error by city" in linreg(*args).stdout


@pytest.mark.parametrize("more", [NUMBERS, ("--formula", "price ~ sqft * C(type)")])
def test_groups_have_the_errors_of_their_rows_to_the_byte(
    linreg: Linreg, more: tuple[str, ...]
) -> None:
    train(linreg, *more)
    train(linreg, *more, "--by", "city", "--by", "beds", output="g.json")
    args = ("--robust", "cluster:city", "--json")
    read = linreg("show", "m.json", str(HOMES), *args)
    assert read.status == 0
    assert linreg("show", "g.json", "--pooled", *args) == read
    frame = homes()
    frame[500:].to_csv("b.csv", index=False)
    frame[:500].to_csv("a.csv", index=False)
    assert linreg("show", "m.json", "b.csv", "a.csv", *args, "--threads", "1") == read


def test_only_training_rows_count(linreg: Linreg) -> None:
    train(linreg, *NUMBERS, "--test-fraction", "0.3")
    found = shown(linreg, "m.json", str(HOMES), "--robust", "cluster:city")
    train(linreg, *NUMBERS, "--test-fraction", "0.3", "--by", "city", output="g.json")
    assert shown(linreg, "g.json", "--pooled", "--robust", "cluster:city") == found


def test_as_many_slopes_as_clusters_have_no_f(linreg: Linreg) -> None:
    Path("d.csv").write_text(
        "a,b,c,y\n1,2,u,3\n2,7,u,1\n4,1,u,6\n3,3,v,3\n9,1,v,5\n2,2,v,8\n", encoding="utf-8"
    )
    train(linreg, "-x", "a", "-x", "b", "-y", "y", data="d.csv")
    found = shown(linreg, "m.json", "d.csv", "--robust", "cluster:c")
    assert (found["f"], found["f_p"], found["clusters"]) == (None, None, 2)
    assert all(weight["standard_error"] > 0 for weight in found["weights"])


NEEDS_ROWS = """\
Error: --robust cluster:city needs the training rows
Hint: Name the files with the rows: linreg show MODEL DATA --robust cluster:city. A model \
trained with --robust cluster:city does not need them.
"""


def test_rows_are_needed_without_groups(linreg: Linreg) -> None:
    train(linreg, *NUMBERS)
    assert linreg("show", "m.json", "--robust", "cluster:city") == Result(2, "", NEEDS_ROWS)


def test_one_cluster_is_refused(linreg: Linreg) -> None:
    homes().assign(state="CA").to_csv("d.csv", index=False)
    train(linreg, *NUMBERS, data="d.csv")
    assert linreg("show", "m.json", "d.csv", "--robust", "cluster:state") == Result(
        5,
        "",
        "Error: no errors by state: all rows are in one cluster\n"
        "Hint: Choose a column with more values.\n",
    )


def test_rows_without_a_cluster_are_refused(linreg: Linreg) -> None:
    frame = homes()
    frame.loc[3:4, "city"] = None
    frame.to_csv("d.csv", index=False)
    train(linreg, *NUMBERS, data="d.csv")
    done = linreg("show", "m.json", "d.csv", "--robust", "cluster:city")
    assert (done.status, done.stdout) == (3, "")
    assert "d.csv, column 'city': 2 rows without a value" in done.stderr


def test_other_rows_are_refused(linreg: Linreg) -> None:
    train(linreg, *NUMBERS)
    homes()[1:].to_csv("d.csv", index=False)
    done = linreg("show", "m.json", "d.csv", "--robust", "cluster:city")
    assert (done.status, done.stdout) == (3, "")
    assert "these rows are not the rows that the model was trained on" in done.stderr


def test_a_group_and_clusters_are_refused_together(linreg: Linreg) -> None:
    train(linreg, *NUMBERS, "--by", "type", output="g.json")
    args = ("show", "g.json", str(HOMES), "--group", "Condo", "--robust", "cluster:city")
    done = linreg(*args)
    assert (done.status, done.stdout) == (2, "")
    assert "--robust cluster:city cannot be used with --group" in done.stderr
