"""linreg with products of a category: trained, merged, shown, predicted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.anova import anova_lm

from tests.commands.category_runs import HOMES, feature_of, fitted, homes, trained, write_shards
from tests.conftest import Linreg
from tests.markers import slow_but_every

FORMULAS = [
    "price ~ C(type)*sqft",
    "price ~ C(type):sqft",
    "price ~ C(type):sqft - 1",
    "price ~ C(type)*sqft - 1",
    "price ~ C(type) + C(type):sqft",
    "price ~ sqft + C(beds):sqft + C(type)",
    "price ~ C(type)*C(baths) + sqft",
    "price ~ C(type):C(big) + sqft",
    "price ~ C(type)*C(big)*sqft",
    "price ~ (C(type) + sqft + baths)**2",
    "price ~ C(type)*log(sqft)",
    "price ~ C(type):sqft:baths + beds",
]
"""Formulas that statsmodels reads too; each has one solution on the homes."""


def homes_in_cells() -> pd.DataFrame:
    """Return homes with many rows of every combination of levels, and numbers of few digits."""
    frame = homes()
    rows = np.arange(len(frame))
    frame["type"] = np.array(["Condo", "Multi_Family", "Residential"])[rows % 3]
    frame["big"] = np.array(["yes", "no"])[rows // 3 % 2]
    frame["baths"] = 1 + rows // 6 % 2
    frame["beds"] = frame["beds"].clip(2, 4)
    return frame


@pytest.fixture
def file(linreg: Linreg) -> str:  # noqa: ARG001 - the folder of the test is the one of linreg
    homes_in_cells().to_csv("homes.csv", index=False)
    return "homes.csv"


def shown(linreg: Linreg, model: str = "model.json") -> Any:
    done = linreg("show", model, "--json")
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("weights", ["", "zip"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_predictions_and_errors_are_those_of_statsmodels(
    linreg: Linreg, file: str, formula: str, weights: str
) -> None:
    frame = homes_in_cells()
    if weights:
        frame["zip"] = frame["zip"].str[-1].astype(int) + 1
        frame.to_csv(file, index=False)
    trained(linreg, file, "--formula", formula, *(("--weights", weights) if weights else ()))
    frame["logarithm"] = np.log(frame["sqft"])
    expected = fitted(formula.replace("log(sqft)", "logarithm"), frame, weights)
    found = shown(linreg)
    assert found["residual_sum_of_squares"] == pytest.approx(expected.ssr, rel=1e-9)
    assert len(found["weights"]) == len(expected.params)
    names = [feature_of(name).replace("logarithm", "log(sqft)") for name in expected.params.index]
    wanted = dict(zip(names, expected.params, strict=True))
    errors = dict(zip(names, expected.bse, strict=True))
    for weight in found["weights"]:
        if weight["name"] in wanted and ":C(" not in formula:
            name = weight["name"]
            assert weight["value"] == pytest.approx(wanted[name], rel=1e-8, abs=1e-7)
            assert weight["standard_error"] == pytest.approx(errors[name], rel=1e-8)
    if ":C(" not in formula:
        assert {weight["name"] for weight in found["weights"]} == wanted.keys()
    if "- 1" not in formula:
        assert found["r2"] == pytest.approx(expected.rsquared, rel=1e-9)
    done = linreg("predict", "model.json", file, "-q")
    predicted = [float(line.rsplit(",", 1)[1]) for line in done.stdout.splitlines()[1:]]
    np.testing.assert_allclose(predicted, expected.predict(frame), rtol=1e-9, atol=1e-6)


def test_each_term_is_tested_as_a_whole(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type)*C(big) + sqft")
    expected = anova_lm(fitted("price ~ C(type)*C(big) + sqft", homes_in_cells()), typ=3)
    tested = {each["name"]: each for each in shown(linreg)["categories"]}
    names = {"type": "C(type)", "big": "C(big)", "type:big": "C(type):C(big)"}
    assert tested.keys() == names.keys()
    for name, theirs in names.items():
        row = expected.loc[theirs]
        assert tested[name]["numerator"] == row["df"]
        assert tested[name]["f"] == pytest.approx(row["F"], rel=1e-9)
        assert tested[name]["f_p"] == pytest.approx(row["PR(>F)"], rel=1e-7)
    assert tested["type:big"]["levels"] == 6
    assert tested["type:big"]["reference"] == "Condo:no"


@pytest.mark.parametrize("formula", slow_but_every(5, FORMULAS))
@pytest.mark.parametrize("more", [(), ("--test-fraction", "0.3"), ("--weights", "longitude")])
def test_shards_of_other_levels_merge_to_the_model_of_all_rows(
    linreg: Linreg, file: str, formula: str, more: tuple[str, ...]
) -> None:
    frame = homes_in_cells()
    frame["longitude"] = -frame["longitude"]
    frame["city"] = frame["type"] + frame["big"]  # which the shards are sorted by
    frame.to_csv(file, index=False)
    arguments = ("--formula", formula, *more, "-q", "--epochs", "0", "-o")
    assert linreg("train", file, *arguments, "all.json").status == 0
    models = []
    for name in write_shards(frame, 5):
        done = linreg("train", name, *arguments, f"{name}.json")
        assert done.status == 0, done.stderr
        models.append(f"{name}.json")
    for order in (models, models[::-1]):
        assert linreg("merge", *order, "-q", "-o", "merged.json").status == 0
        for name in ("all", "merged"):
            done = linreg("train", f"{name}.json", "--epochs", "0", "-q", "-o", f"{name}2.json")
            assert done.status == 0, done.stderr
        assert Path("merged2.json").read_bytes() == Path("all2.json").read_bytes()


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_update_is_taken_back_by_a_removal(linreg: Linreg, file: str, formula: str) -> None:
    frame = homes_in_cells()
    is_new = (frame.index % 7 == 0) | (frame["type"] == "Condo")
    frame[~is_new].to_csv("old.csv", index=False)
    frame[is_new].to_csv("new.csv", index=False)
    arguments = ("--formula", formula, "-q", "--epochs", "0", "-o")
    assert linreg("train", file, *arguments, "all.json").status == 0
    assert linreg("train", "old.csv", *arguments, "old.json").status == 0
    assert linreg("update", "old.json", "new.csv", "-q", "-o", "updated.json").status == 0
    moments = [json.loads(Path(f"{name}.json").read_text()) for name in ("updated", "all")]
    assert moments[0]["moments"] == moments[1]["moments"]
    done = linreg("update", "all.json", "new.csv", "--remove", "-q", "-o", "left.json")
    assert done.status == 0, done.stderr
    left, old = (json.loads(Path(f"{name}.json").read_text()) for name in ("left", "old"))
    assert left["x"] == old["x"]
    assert left["moments"]["products"] == old["moments"]["products"]


def test_a_model_learns_again_with_some_of_its_terms(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type)*sqft + beds", output="all.json")
    for chosen, formula in (
        (("-x", "type", "-x", "type:sqft"), "price ~ C(type) + C(type):sqft"),
        (("-x", "sqft", "-x", "type"), "price ~ sqft + C(type)"),
        (("-x", "type:sqft"), "price ~ C(type):sqft"),
        (("--without", "type:sqft"), "price ~ C(type) + sqft + beds"),
        (("-x", "C(type)", "-x", "C(type):sqft"), "price ~ C(type) + C(type):sqft"),
    ):
        trained(linreg, "all.json", *chosen, output="less.json")
        trained(linreg, file, "--formula", formula, output="direct.json")
        assert Path("less.json").read_bytes() == Path("direct.json").read_bytes(), formula


def test_typed_values_are_predicted_as_the_rows_are(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type)*C(big):sqft")
    expected = fitted("price ~ C(type)*C(big):sqft", homes_in_cells())
    row = pd.DataFrame({"type": ["Condo"], "big": ["yes"], "sqft": [1000]})
    done = linreg("predict", "model.json", "type=Condo", "big=yes", "sqft=1000")
    assert float(done.stdout) == pytest.approx(expected.predict(row)[0], rel=1e-9)


def test_an_unknown_level_has_no_prediction(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type):sqft")
    Path("new.csv").write_text("type,sqft\nCastle,900\nCondo,900\n")
    done = linreg("predict", "model.json", "new.csv")
    assert done.stdout.splitlines()[1].endswith("Castle,900,")
    assert "no training row has the level of type 'Castle'" in done.stderr


def test_columns_of_category_stand_in_products_by_their_names(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "-x", "type*sqft", "--category", "type", "-y", "price", output="a.json")
    trained(linreg, file, "--formula", "price ~ C(type)*sqft", output="b.json")
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()


def test_more_combinations_than_levels_may_be_are_refused(linreg: Linreg, file: str) -> None:
    done = linreg(
        "train", file, "--formula", "price ~ C(city):C(zip)", "--max-levels", "1000", "-q"
    )
    assert done.status == 3
    assert "C(city):C(zip)" in done.stderr


@pytest.mark.parametrize("name", ["type", "big", "type:big"])
def test_the_weights_of_a_term_are_tested_together(linreg: Linreg, file: str, name: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type)*C(big) + sqft")
    expected = fitted("price ~ C(type)*C(big) + sqft", homes_in_cells())
    theirs = ":".join(f"C({column})" for column in name.split(":"))
    wanted = expected.wald_test_terms(scalar=True).table.loc[theirs]
    for text in (name, theirs, f"{name} = 0"):
        found = json.loads(linreg("test", "model.json", text, "--json").stdout)
        assert found["f"] == pytest.approx(wanted["statistic"], rel=1e-9)
        assert found["p"] == pytest.approx(wanted["pvalue"], rel=1e-7)
        assert found["numerator"] == wanted["df_constraint"]


def test_all_weights_of_a_product_are_tested_beside_an_equation(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type)*sqft")
    found = json.loads(linreg("test", "model.json", "type:sqft", "sqft = 100", "--json").stdout)
    assert [each["text"] for each in found["restrictions"]] == [
        "type[Multi_Family]:sqft = 0", "type[Residential]:sqft = 0", "sqft = 100"
    ]  # fmt: skip


def test_a_name_in_the_wrong_place_of_a_restriction_is_no_weight(linreg: Linreg, file: str) -> None:
    trained(linreg, file, "--formula", "price ~ C(type)*sqft")
    done = linreg("test", "model.json", "type = 3")
    assert (done.status, done.stderr.splitlines()[0]) == (
        2, "Error: 'type = 3': there is no weight 'type'"
    )  # fmt: skip


def test_a_combination_of_levels_that_no_row_has_is_named(linreg: Linreg) -> None:
    Path("rows.csv").write_text("a,b,y\np,u,1\np,v,2\nq,u,4\np,u,3\nq,u,1\np,v,5\n")
    done = linreg("train", "rows.csv", "--formula", "y ~ C(a)*C(b)", "--solver", "exact", "-q")
    assert (done.status, done.stderr) == (
        5,
        (
            "Error: no unique fit: no row has a[q] with b[v]\n"
            "Hint: Train without 'a:b', or give --solver gradient-descent, which finds one of the "
            "fits.\n"
        ),
    )
    trained(linreg, "rows.csv", "--formula", "y ~ C(a) + C(b)")


def test_combinations_with_reference_levels_are_named_too(linreg: Linreg) -> None:
    homes().to_csv("homes.csv", index=False)
    done = linreg("train", "homes.csv", "--formula", "price ~ C(type)*C(beds) + sqft", "-q")
    frame = homes()
    seen = set(zip(frame["type"], frame["beds"], strict=True))
    empty = [
        f"type[{kind}] with beds[{beds}]"
        for beds in sorted(set(frame["beds"]))
        for kind in sorted(set(frame["type"]))
        if (kind, beds) not in seen
    ]
    first, *_ = done.stderr.splitlines()
    *named, more = first.removeprefix(
        "Warning: the least-squares solution is not unique: no row has "
    ).split("; ")
    assert [text.removeprefix("no row has ") for text in named] == empty[:5]
    assert more == f"and {len(empty) - 5} more such combinations"


def test_of_combinations_only_the_smallest_are_named(linreg: Linreg) -> None:
    levels = ["puk", "pvk", "quk", "pul", "pvl", "qul", "puk", "pvl", "qul"]
    rows = [",".join([*each, str(i * i)]) for i, each in enumerate(levels)]
    Path("rows.csv").write_text("\n".join(["a,b,c,y", *rows]) + "\n")
    done = linreg("train", "rows.csv", "--formula", "y ~ C(a)*C(b)*C(c)", "-q")
    first, *_ = done.stderr.splitlines()
    assert first == ("Warning: the least-squares solution is not unique: no row has a[q] with b[v]")


def test_a_number_that_is_0_in_all_rows_of_a_level_is_named(linreg: Linreg) -> None:
    Path("rows.csv").write_text("a,x,y\np,1,1\np,2,2\nq,0,4\np,3,3\nq,0,1\np,4,5\n")
    done = linreg("train", "rows.csv", "--formula", "y ~ C(a)*x", "--solver", "exact", "-q")
    assert done.stderr.startswith("Error: no unique fit: a[q]:x is 0 in all rows\n")


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_nested_categories_have_few_equations_and_a_count(linreg: Linreg, solver: str) -> None:
    """Each zip lies in one city: 37 cities, of which one is the reference, and 68 zips."""
    homes().to_csv("homes.csv", index=False)
    nested = ("--category", "city", "--category", "zip", "-y", "price")
    done = linreg("train", "homes.csv", *nested, "--solver", solver, "-q", "-o", "model.json")
    [line, *hints] = done.stderr.splitlines()
    assert line.count(" = ") == 5
    assert line.endswith("; and 30 more such equations")
    assert all("without 'zip'" in hint for hint in hints)
    if solver == "gradient-descent":
        assert linreg("show", "model.json").stderr.endswith(
            "; and 30 more such equations\nHint: Train without 'zip'.\n"
        )


@pytest.mark.parametrize("formula", ["price ~ C(type)*sqft", "price ~ C(type):sqft"])
def test_a_number_outside_its_range_is_counted_once(linreg: Linreg, formula: str) -> None:
    trained(linreg, str(HOMES), "--formula", formula)
    done = linreg("predict", "model.json", "type=Residential", "sqft=9000")
    [line] = done.stderr.splitlines()
    assert line == (
        "Warning: sqft: 1 value outside the training range 484 to 4878"
        if "*" in formula
        else "Warning: type[Residential]:sqft: 1 value outside the training range 0 to 4878"
    )


def test_a_column_that_is_a_number_and_a_category_has_a_name_for_each(
    linreg: Linreg, file: str
) -> None:
    arguments = ("--formula", "price ~ beds + C(beds) + C(beds):sqft", "-q", "-o", "both.json")
    assert linreg("train", file, *arguments).status == 0
    for name, formula in (
        ("beds", "price ~ beds"),
        ("C(beds)", "price ~ C(beds)"),
        ("beds:sqft", "price ~ C(beds):sqft"),
    ):
        trained(linreg, "both.json", "-x", name, output="one.json")
        trained(linreg, file, "--formula", formula, output="direct.json")
        assert Path("one.json").read_bytes() == Path("direct.json").read_bytes()


LAND = "kind,beds,price\nland,0,5\nland,0,7\nhouse,2,20\nhouse,3,29\nflat,1,9\nflat,4,31\n"
"""Homes of which no piece of land has beds."""


def test_a_level_is_known_though_its_product_is_0_in_all_rows(linreg: Linreg) -> None:
    Path("land.csv").write_text(LAND)
    done = linreg("train", "land.csv", "--formula", "price ~ C(kind):beds", "-q")
    assert "not unique: kind[land]:beds is 0 in all rows" in done.stderr
    done = linreg("predict", "model.json", "kind=land", "beds=0")
    assert float(done.stdout) == json.loads(Path("model.json").read_text())["b"]
    rows = LAND.splitlines(keepends=True)
    for name, part in (("one", rows[1:4]), ("two", rows[4:])):
        Path(f"{name}.csv").write_text("".join([rows[0], *part]))
        arguments = ("--formula", "price ~ C(kind):beds", "-q", "-o", f"{name}.json")
        assert linreg("train", f"{name}.csv", *arguments).status == 0
    assert linreg("merge", "two.json", "one.json", "-q", "-o", "merged.json").status == 0
    assert Path("merged.json").read_bytes() == Path("model.json").read_bytes()


def test_levels_go_with_the_last_of_their_rows(linreg: Linreg) -> None:
    Path("land.csv").write_text(LAND)
    rows = LAND.splitlines(keepends=True)
    Path("flats.csv").write_text("".join([rows[0], *rows[5:]]))
    Path("others.csv").write_text("".join(rows[:5]))
    arguments = ("--formula", "price ~ C(kind):beds", "-q", "-o")
    assert linreg("train", "land.csv", *arguments, "all.json").status == 0
    assert linreg("train", "others.csv", *arguments, "others.json").status == 0
    assert linreg("update", "all.json", "flats.csv", "--remove", "-q").status == 0
    left, others = (json.loads(Path(f"{name}.json").read_text()) for name in ("all", "others"))
    assert (left["x"], left["design"]) == (others["x"], others["design"])
    assert left["moments"]["products"] == others["moments"]["products"]
