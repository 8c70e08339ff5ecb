"""linreg with formulas: what is refused, and names that mean two things."""

from pathlib import Path

import pytest

from tests.commands.category_runs import HOMES
from tests.commands.test_formula import weights
from tests.conftest import Linreg


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("--formula", "price ~ beds", "-x", "sqft"), "--formula and --x cannot be used together"),
        (("--formula", "price ~ beds", "-y", "sqft"), "--formula and --y cannot be used together"),
        (("--formula", "price ~ beds", "--no-intercept"),
         "--formula and --no-intercept cannot be used together"),
        (("-x", "log(price)", "-y", "price"), "log(price) is a feature, and price the target"),
        (("-x", "C(type):price", "-y", "price"),
         "C(type):price is a feature, and price the target"),
        (("--formula", "price ~ I(sqft / price)"),
         "I(sqft / price) is a feature, and price the target"),
        (("-x", "log(sqft)", "--category", "sqft", "-y", "price"),
         "log(sqft) needs numbers, and --category makes 'sqft' a category"),
        (("--formula", "price ~ C(type)", "--reference", "city=GALT"),
         "--reference city=GALT is of no category"),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_is_refused(
    linreg: Linreg, arguments: tuple[str, ...], first: str
) -> None:
    done = linreg("train", str(HOMES), *arguments)
    assert (done.status, done.stderr.splitlines()[0]) == (2, f"Error: {first}")


def test_a_fault_of_a_formula_has_a_caret_below_it(linreg: Linreg) -> None:
    done = linreg("train", str(HOMES), "--formula", "log(price) ~ log(sqfd) + beds")
    assert done.status == 2
    assert done.stderr == (
        "Error: --formula: there is no column 'sqfd'\n"
        "  log(price) ~ log(sqfd) + beds\n"
        "                   ^\n"
        "Hint: did you mean 'sqft'?\n"
    )


def test_a_caret_stands_below_wide_and_escaped_characters(linreg: Linreg) -> None:
    Path("wide.csv").write_text("価格,面積\n1,2\n2,3\n3,5\n")
    done = linreg("train", "wide.csv", "--formula", "価格 ~\t面積 + x")
    assert "  価格 ~\\t面積 + x\n" + " " * 17 + "^\n" in done.stderr


# numbers beyond float64


@pytest.mark.parametrize("term", ["a^20", "a^-3", "a^2", "a:a^2", "exp(a)"])
def test_a_computed_number_outside_the_range_of_float64_does_not_exist(
    linreg: Linreg, term: str
) -> None:
    Path("far.csv").write_text("a,y\n1e-300,1\n-1e300,2\n5,3\n1,5\n2,1\n3,4\n")
    expected = 1 if term == "exp(a)" else 2  # e to the power 1e-300 is about 1
    done = linreg("train", "far.csv", "-x", term, "-y", "y", "--solver", "exact")
    assert done.status == 0, done.stderr
    assert f"{expected} left out (values that do not exist: {term} {expected})" in done.stderr


# names that mean two things


@pytest.mark.parametrize(
    "args",
    [
        ["--formula", "log(v) ~ log(`v`) + w"],
        ["--formula", "y ~ log(`v`) + w", "--weights", "log(v)"],
        ["--x", "log(v)", "--x", "log(`v`)", "--y", "y"],
    ],
)
def test_a_column_with_the_name_of_a_transform_is_refused_beside_it(
    linreg: Linreg, args: list[str]
) -> None:
    Path("named.csv").write_text("v,w,log(v),y\n1,2,9,1\n2,1,8,3\n3,3,1,2\n4,1,5,7\n")
    done = linreg("train", "named.csv", *args)
    assert done.status == 2
    assert done.stderr == (
        "Error: 'log(v)' is a column of the file, and a transform of another\n"
        "Hint: Leave out one of the two, or rename the column 'log(v)'.\n"
    )


@pytest.mark.parametrize("reference", [[], ["--reference", "city=b"]])
def test_a_column_with_the_name_of_a_level_is_refused_beside_it(
    linreg: Linreg, reference: list[str]
) -> None:
    Path("named.csv").write_text("city[a],city,y\n1,a,1\n2,b,3\n4,a,2\n7,b,9\n5,b,1\n3,a,4\n")
    columns = ["--x", "city[a]", "--category", "city", "--y", "y"]
    done = linreg("train", "named.csv", *columns, *reference)
    assert done.status == 2
    assert "Error: 'city[a]' is a column of the file, and a level of a category" in done.stderr


@pytest.mark.parametrize(("weights", "name"), [("beds", "beds"), ("price", "price")])
def test_weights_that_are_a_term_of_the_formula_are_refused(
    linreg: Linreg, weights: str, name: str
) -> None:
    done = linreg("train", str(HOMES), "--formula", "price ~ sqft + beds", "--weights", weights)
    assert done.status == 2
    assert done.stderr.startswith(f"Error: column '{name}' is named twice")


def test_a_product_is_one_feature_in_any_order_of_its_factors(linreg: Linreg) -> None:
    args = ["-x", "beds:sqft", "-x", "sqft:beds", "-y", "price", "--solver", "exact"]
    assert linreg("train", str(HOMES), *args).status == 0
    assert list(weights(linreg)) == ["(intercept)", "beds:sqft"]


def test_a_category_that_a_formula_names_twice_is_one_term(linreg: Linreg) -> None:
    formula = ["--formula", "price ~ C(type) + type", "--category", "type"]
    assert linreg("train", str(HOMES), *formula, "--solver", "exact").status == 0
    assert list(weights(linreg)) == ["(intercept)", "type[Multi_Family]", "type[Residential]"]


def test_a_formula_is_refused_beside_a_model(linreg: Linreg) -> None:
    assert linreg("train", str(HOMES), "-x", "sqft", "-x", "beds", "-y", "price", "-q").status == 0
    done = linreg("train", "model.json", "--formula", "price ~ sqft", "-o", "other.json")
    assert done.status == 2
    assert "--formula has no effect with a model as DATA" in done.stderr
    assert not Path("other.json").exists()
