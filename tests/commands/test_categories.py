"""linreg with --category: trained, merged, shown, predicted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.anova import anova_lm

from tests.commands.category_runs import (
    BOTH,
    FORMULA,
    HOMES,
    feature_of,
    fitted,
    homes,
    trained,
    write_shards,
)
from tests.conftest import Linreg

TESTED = ("-x", "sqft", "--category", "type", "-y", "price", "--test-fraction", "0.2")
SMALL = b"city,size,price\nOslo,1,10\nLima,2,12\nBonn,3,9\nOslo,4,15\nLima,5,11\nBonn,6,14\n"


def shown(linreg: Linreg, model: str = "model.json") -> Any:
    done = linreg("show", model, "--json")
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "formula", "weights"),
    [
        (BOTH, FORMULA, ""),
        ((*BOTH, "--weights", "beds"), FORMULA, "beds"),
        ((*BOTH, "--reference", "city=ELK_GROVE"),
         "price ~ sqft + C(type) + C(city, Treatment('ELK_GROVE'))", ""),
        (("--category", "beds", "-y", "price"), "price ~ C(beds)", ""),
        (("--category", "type", "-x", "sqft", "--no-intercept", "-y", "price"),
         "price ~ C(type) + sqft - 1", ""),
    ],
    ids=["two", "weights", "reference", "numbers", "no intercept"],
)  # fmt: skip
def test_weights_and_errors_are_those_of_statsmodels(
    linreg: Linreg, arguments: tuple[str, ...], formula: str, weights: str
) -> None:
    frame = homes()
    trained(linreg, str(HOMES), *arguments)
    found = shown(linreg)
    expected = fitted(formula, frame, weights)
    by_name = {weight["name"]: weight for weight in found["weights"]}
    wanted = dict(zip(map(feature_of, expected.params.index), expected.params, strict=True))
    errors = dict(zip(map(feature_of, expected.bse.index), expected.bse, strict=True))
    assert by_name.keys() == wanted.keys()
    for name, weight in by_name.items():
        assert weight["value"] == pytest.approx(wanted[name], rel=1e-9, abs=1e-7)
        assert weight["standard_error"] == pytest.approx(errors[name], rel=1e-9)
    if "no-intercept" not in " ".join(arguments):
        # statsmodels finds the intercept in the indicators, and takes R² about the mean
        assert found["r2"] == pytest.approx(expected.rsquared, rel=1e-9)


def test_each_category_is_tested_as_a_whole(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), *BOTH)
    expected = anova_lm(fitted(FORMULA, homes()), typ=2)
    tested = {each["name"]: each for each in shown(linreg)["categories"]}
    for column, levels in (("type", 3), ("city", 37)):
        row = expected.loc[f"C({column})"]
        assert tested[column]["levels"] == levels
        assert tested[column]["numerator"] == row["df"] == levels - 1
        assert tested[column]["f"] == pytest.approx(row["F"], rel=1e-9)
        assert tested[column]["f_p"] == pytest.approx(row["PR(>F)"], rel=1e-7)


def test_the_generalized_vif_is_that_of_its_definition(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "-x", "sqft", "--category", "type", "-y", "price")
    frame = homes()
    features = np.column_stack([
        frame["sqft"], frame["type"] == "Multi_Family", frame["type"] == "Residential"
    ])  # fmt: skip
    r = np.corrcoef(features.astype(float), rowvar=False)
    expected = np.linalg.det(r[1:, 1:]) / np.linalg.det(r)
    [tested] = shown(linreg)["categories"]
    assert (tested["name"], tested["reference"]) == ("type", "Condo")
    assert tested["vif"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("more", [BOTH, TESTED, (*BOTH, "--no-intercept")])
@pytest.mark.slow
def test_shards_of_other_levels_merge_to_the_model_of_all_rows(
    linreg: Linreg, more: tuple[str, ...]
) -> None:
    names = write_shards(homes(), 4)
    trained(linreg, str(HOMES), *more, output="all.json")
    models = []
    for name in names:
        # a shard may have one level of a type, or nearly collinear columns
        done = linreg("train", name, *more, "-q", "-o", f"{name}.json")
        assert done.status == 0, done.stderr
        models.append(f"{name}.json")
    for order in (models, models[::-1]):
        assert linreg("merge", *order, "-q", "-o", "merged.json").status == 0
        again = linreg("train", "merged.json", "--solver", "exact", "-q", "-o", "again.json")
        assert again.status == 0, again.stderr
        assert Path("again.json").read_bytes() == Path("all.json").read_bytes()


def test_an_update_brings_new_levels_and_a_removal_takes_them_away(linreg: Linreg) -> None:
    Path("old.csv").write_text("city,size,price\nOslo,1,10\nLima,2,12\nOslo,4,16\nLima,3,1\n")
    Path("new.csv").write_text("city,size,price\nBonn,2,9\nBonn,3,14\n")
    Path("both.csv").write_text(Path("old.csv").read_text() + "Bonn,2,9\nBonn,3,14\n")
    arguments = ("-x", "size", "--category", "city", "-y", "price")
    trained(linreg, "old.csv", *arguments, output="old.json")
    trained(linreg, "both.csv", *arguments, output="both.json")
    assert linreg("update", "old.json", "new.csv", "-q", "-o", "updated.json").status == 0
    assert Path("updated.json").read_bytes() == Path("both.json").read_bytes()
    done = linreg("update", "both.json", "new.csv", "--remove", "-q", "-o", "left.json")
    assert done.status == 0, done.stderr
    assert Path("left.json").read_bytes() == Path("old.json").read_bytes()


def test_a_model_learns_again_without_a_category_and_with_another_reference(
    linreg: Linreg,
) -> None:
    trained(linreg, str(HOMES), *BOTH)
    trained(linreg, "model.json", "--without", "city", output="less.json")
    trained(linreg, str(HOMES), "-x", "sqft", "--category", "type", "-y", "price", output="a.json")
    assert Path("less.json").read_bytes() == Path("a.json").read_bytes()
    trained(linreg, "less.json", "--without", "type", output="least.json")
    trained(linreg, str(HOMES), "-x", "sqft", "-y", "price", output="c.json")
    assert Path("least.json").read_bytes() == Path("c.json").read_bytes()
    trained(linreg, "less.json", "--reference", "type=Residential", output="other.json")
    trained(
        linreg, str(HOMES), "-x", "sqft", "--category", "type", "--reference", "type=Residential",
        "-y", "price", output="b.json",
    )  # fmt: skip
    assert Path("other.json").read_bytes() == Path("b.json").read_bytes()


@pytest.mark.parametrize("solver", ["gradient-descent", "exact"])
def test_predictions_are_those_of_statsmodels(linreg: Linreg, solver: str) -> None:
    frame = homes()
    done = linreg("train", str(HOMES), *BOTH, "--solver", solver, "-q")
    assert done.status == 0, done.stderr
    done = linreg("predict", "model.json", str(HOMES), "--interval", "0.9", "--only")
    expected = fitted(FORMULA, frame).get_prediction(frame).summary_frame(alpha=0.1)
    found = pd.DataFrame(
        [list(map(float, line.split("\t"))) for line in done.stdout.splitlines()],
        columns=["mean", "obs_ci_lower", "obs_ci_upper"],
    )
    for column in found:
        assert found[column].to_numpy() == pytest.approx(expected[column].to_numpy(), rel=1e-8)


def test_a_typed_value_names_its_level(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), *BOTH)
    expected = fitted(FORMULA, homes()).predict(
        pd.DataFrame({"sqft": [1500], "type": ["Condo"], "city": ["GALT"]})
    )[0]
    for typed in (("1500", "Condo", "GALT"), ("city=GALT", "sqft=1500", "type= Condo")):
        assert float(linreg("predict", "model.json", *typed).stdout) == pytest.approx(expected)


def test_a_row_of_an_unknown_level_has_an_empty_prediction(linreg: Linreg) -> None:
    Path("small.csv").write_bytes(SMALL)
    trained(linreg, "small.csv", "--category", "city", "-y", "price")
    rows = "city,id\nLima,1\nRome,2\n,3\nKiev,4\nBari,5\nWien,6\nRome,7\n"
    done = linreg("predict", "model.json", "-", stdin=rows)
    assert done.stdout == (
        "city,id,predicted_price\nLima,1,11.5\nRome,2,\n,3,\nKiev,4,\nBari,5,\nWien,6,\nRome,7,\n"
    )
    assert done.stderr == (
        "Warning: 1 row without a prediction: city 1\n"
        "Warning: 5 rows without a prediction: no training row has the level of city 'Rome', "
        "city 'Kiev', city 'Bari', ...\n"
    )
    failed = linreg("predict", "model.json", "-", "--unknown", "fail", stdin=rows)
    assert failed.status == 3
    assert failed.stderr == (
        "Error: stdin, line 3, column 'city': no training row has the level 'Rome'\n"
        "Hint: Without --unknown fail, such a row gets an empty prediction.\n"
    )


def test_an_evaluation_leaves_rows_of_unknown_levels_out_and_counts_them(linreg: Linreg) -> None:
    Path("small.csv").write_bytes(SMALL)
    trained(linreg, "small.csv", "--category", "city", "-y", "price")
    rows = "city,price\nLima,11\nRome,2\nOslo,13\nRome,4\n"
    done = linreg("evaluate", "model.json", "-", "--json", stdin=rows)
    assert done.stderr == (
        "stdin: 4 rows read, 2 used, 2 of a level unknown to the model (city 'Rome')\n"
    )
    evaluation = json.loads(done.stdout)
    assert evaluation["rows"] == 2
    assert evaluation["mae"] == 0.5


ONLY_TEST_ROWS = (
    "Error: only test rows are in city[COOL], city[WALNUT_GROVE]\n"
    "Hint: Use another --seed or --test-fraction, or leave out rows of rare levels.\n"
)
REFUSED = {
    "text": (
        "-x city -y price",
        3,
        (
            "Error: small.csv, line 2, column 'city': 'Oslo' is not a number\n"
            "Hint: --category city makes it a category. If it is not text: --rejects rejects.csv "
            "writes such rows to this file and continues.\n"
        ),
    ),
    "levels": (
        "--category city --max-levels 2 -y price",
        3,
        (
            "Error: small.csv, column 'city': has more than 2 levels\n"
            "Hint: Leave out the category, with --without city if a pattern means it. In its "
            "place, --by city learns a model for each level. --max-levels 20 allows more levels.\n"
        ),
    ),
    "no such level": (
        "--category city --reference city=Osl -y price",
        2,
        (
            "Error: --reference city=Osl: no row has this level; did you mean 'Oslo'?\n"
            "Hint: The levels are Bonn, Lima, Oslo.\n"
        ),
    ),
    "no such category": (
        "--category city --reference ctiy=Oslo -y price",
        2,
        ("Error: --reference ctiy=Oslo is of no category\nHint: did you mean 'city'?\n"),
    ),
    "no category": (
        "-x size --reference city=Oslo -y price",
        2,
        ("Error: --reference city=Oslo is of no category\nHint: Add --category city.\n"),
    ),
    "twice": (
        "--category city --category city -y price",
        2,
        ("Error: column 'city' is named twice in --category\nHint: Name each column once.\n"),
    ),
    "target": (
        "--category price -y price",
        2,
        (
            "Error: column 'price' is named twice in --category and --y\n"
            "Hint: Name each column once.\n"
        ),
    ),
    "no such column": (
        "--category town -y price",
        3,
        (
            "Error: small.csv: no column 'town'; the columns are city, size, price\n"
            "Hint: Give a name from this list.\n"
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused(linreg: Linreg, name: str) -> None:
    arguments, status, error = REFUSED[name]
    Path("small.csv").write_bytes(SMALL)
    done = linreg("train", "small.csv", *arguments.split())
    assert done.status == status
    assert done.stderr.removeprefix("small.csv: 6 rows read, 6 used\n") == error


def test_a_category_of_one_level_has_no_weight_and_alone_teaches_nothing(linreg: Linreg) -> None:
    Path("one.csv").write_text("city,size,price\nOslo,1,10\nOslo,2,12\nOslo,4,9\n")
    done = trained(linreg, "one.csv", "-x", "size", "--category", "city", "-y", "price")
    assert done.stderr == (
        "Warning: category 'city' has one level in all rows, 'Oslo', and so no weight\n"
    )
    assert json.loads(Path("model.json").read_text())["x"] == ["size"]
    done = linreg("train", "one.csv", "--category", "city", "-y", "price")
    assert done.status == 5
    assert "there is nothing to learn from" in done.stderr


def test_a_level_that_only_test_rows_have_is_an_error(linreg: Linreg) -> None:
    done = linreg("train", str(HOMES), *BOTH, "--test-fraction", "0.2", "-q")
    assert (done.status, done.stderr) == (5, ONLY_TEST_ROWS)


def test_a_level_that_only_one_fold_has_is_an_error(linreg: Linreg) -> None:
    done = linreg("train", str(HOMES), *BOTH, "--folds", "5", "-q")
    assert done.status == 5
    assert "fold 1 determine no unique fit: none of them is in city[" in done.stderr


def test_a_pattern_means_all_other_columns(linreg: Linreg) -> None:
    Path("small.csv").write_bytes(SMALL)
    trained(linreg, "small.csv", "-x", "*", "--category", "c*", "-y", "price")
    assert json.loads(Path("model.json").read_text())["x"] == ["city[Lima]", "city[Oslo]", "size"]


def test_nested_categories_are_collinear_by_their_levels(linreg: Linreg) -> None:
    rows = "city,land,price\nOslo,NO,1\nBergen,NO,3\nLima,PE,4\nCusco,PE,7\nOslo,NO,2\n"
    done = linreg("train", "-", "--category", "city", "--category", "land", "-y", "price",
                  "--solver", "exact", stdin=rows)  # fmt: skip
    assert done.status == 5
    assert "land[PE] = city[Cusco] + city[Lima]" in done.stderr


def test_the_first_rows_are_explained_with_their_indicators(linreg: Linreg) -> None:
    Path("small.csv").write_bytes(SMALL)
    Path("made.csv").write_text(
        "size,city[Lima],city[Oslo],price\n"
        "1,0,1,10\n2,1,0,12\n3,0,0,9\n4,0,1,15\n5,1,0,11\n6,0,0,14\n"
    )
    few = ("-y", "price", "--explain", "--no-scale", "--epochs", "2", "--learning-rate", "0.01")
    done = linreg("train", "small.csv", "-x", "size", "--category", "city", *few)
    same = linreg("train", "made.csv", "-x", "size", "-x", "city[Lima]", "-x", "city[Oslo]", *few)
    assert (done.status, done.stdout) == (0, same.stdout), done.stderr
    assert done.stderr == same.stderr.replace("made.csv", "small.csv")
    assert "error * x3" in done.stderr


@pytest.mark.parametrize("text", ["C(city)", "C( city )", "C(`city`)"])
def test_a_category_is_named_without_c(linreg: Linreg, text: str) -> None:
    done = linreg("train", str(HOMES), "-x", "sqft", "--category", text, "-y", "price")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: --category {text}: C(...) stands in --x and --formula\n"
        "Hint: Name the column: --category city\n"
    )


def test_a_column_may_be_called_like_a_function(linreg: Linreg) -> None:
    rows = "".join(f"{k},{x},{x * x + len(k)}\n" for k in ("a", "bb") for x in range(4))
    done = linreg("train", "-", "-x", "x", "--category", "C(k)", "-y", "y", "--solver", "exact",
                  "--json", stdin=f"C(k),x,y\n{rows}")  # fmt: skip
    assert done.status == 0, done.stderr
    assert json.loads(done.stdout)["m"]["C(k)[bb]"] == 1
