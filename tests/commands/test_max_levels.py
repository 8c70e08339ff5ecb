"""The maximum number of levels of a category: of a training, an update and a merged model."""

import json
from pathlib import Path

from tests.commands.category_runs import HOMES, trained
from tests.conftest import Linreg


def levels_file(name: str, first: int, count: int) -> str:
    rows = [f"c{first + i},{i % 7}\n" for i in range(count) for _ in range(2)]
    Path(name).write_text("c,y\n" + "".join(rows))
    return name


def test_an_update_allows_as_many_levels_as_the_training(linreg: Linreg) -> None:
    first, more = levels_file("a.csv", 0, 4), levels_file("b.csv", 2, 5)
    few = ("--category", "c", "-y", "y", "--max-levels", "4")
    trained(linreg, first, *few)
    refused = linreg("update", "model.json", more)
    assert refused.status == 3
    assert "b.csv, column 'c': has more than 4 levels" in refused.stderr
    assert refused.stderr.endswith("\nHint: --max-levels 40 allows more levels.\n")
    done = linreg("update", "model.json", more, "--max-levels", "40", "-q")
    assert (done.status, done.stderr) == (0, "")
    # from now on the model allows 40
    last = levels_file("c.csv", 10, 9)
    assert linreg("update", "model.json", last, "-q").status == 0
    trained(
        linreg, first, more, last, "--category", "c", "-y", "y", "--max-levels", "40",
        output="all.json",
    )  # fmt: skip
    assert Path("model.json").read_bytes() == Path("all.json").read_bytes()


def test_an_update_allows_more_levels_than_the_default_if_the_training_did(
    linreg: Linreg,
) -> None:
    first, more = levels_file("a.csv", 0, 3), levels_file("b.csv", 0, 1001)
    trained(linreg, first, "--category", "c", "-y", "y", "--max-levels", "1002")
    assert json.loads(Path("model.json").read_text())["design"]["max_levels"] == 1002
    change = linreg("update", "model.json", more, "-q", "-o", "-")
    assert change.status == 0, change.stderr


def test_models_of_other_limits_are_merged_in_any_order(linreg: Linreg) -> None:
    for number, most in enumerate(("4", "9")):
        name = levels_file(f"{number}.csv", 3 * number, 4)
        trained(linreg, name, "--category", "c", "-y", "y", "--max-levels", most,
                output=f"{number}.json")  # fmt: skip
    assert linreg("merge", "0.json", "1.json", "-q", "-o", "ab.json").status == 0
    assert linreg("merge", "1.json", "0.json", "-q", "-o", "ba.json").status == 0
    assert Path("ab.json").read_bytes() == Path("ba.json").read_bytes()
    assert json.loads(Path("ab.json").read_text())["design"]["max_levels"] == 9


def test_the_maximum_number_of_levels_has_no_effect_without_categories(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "-x", "sqft", "-y", "price")
    done = linreg("update", "model.json", str(HOMES), "--max-levels", "9", "-q")
    assert done.stderr == "Warning: --max-levels has no effect with a model without categories\n"


def test_each_remedy_for_too_many_levels_works(linreg: Linreg) -> None:
    train = ["train", str(HOMES), "-y", "price", "--solver", "exact", "-q"]
    refused = linreg(*train, "-x", "C(sqft)", "--max-levels", "100")
    assert refused.stderr.endswith(
        "Hint: Leave out the category, with --without sqft if a pattern means it, or use its "
        "numbers: sqft in place of C(sqft). In its place, --by sqft learns a model for each level. "
        "--max-levels 1000 allows more levels.\n"
    )
    for remedy in (
        ["-x", "sqft"],
        ["-x", "C(sqft)", "--max-levels", "1000"],
        ["-x", "beds", "--by", "city"],
        ["-x", "beds", "--category", "[cz]i*", "--max-levels", "40", "--without", "zip"],
    ):
        done = linreg(*train, *remedy)
        assert (done.status, "Error" in done.stderr) == (0, False), (remedy, done.stderr)


def test_values_that_exist_in_no_row_have_a_remedy(linreg: Linreg) -> None:
    Path("zeros.csv").write_text("a,y\n0,1\n0,2\n-2,3\n-3,5\n")
    refused = linreg("train", "zeros.csv", "-x", "log(a)", "-y", "y")
    assert "0 used, 4 left out (values that do not exist: log(a) 4)\n" in refused.stderr
    assert "\nHint: A logarithm exists for numbers above 0, " in refused.stderr
