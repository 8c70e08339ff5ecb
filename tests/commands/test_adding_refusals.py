"""linreg merge, update and refit: messages of what does not add up."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.adding_runs import COLUMNS, RUNS, SACRAMENTO, train
from tests.conftest import Linreg


def table(name: str, header: str, rows: Sequence[Sequence[object]]) -> None:
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    Path(name).write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_sums_with_a_negative_square_are_told(linreg: Linreg, solver: str) -> None:
    grid = [(u, v, u + 2 * v + (5 * u + v) % 3) for u in range(5) for v in range(5)]
    table("grid.csv", "u,v,y", grid)
    # in the range of each column, and no pair of columns forbids it; but it lies so far off the
    # plane that its squared error is more than that of all rows
    table("never.csv", "u,v,y", [(1, 1, 8)])
    train(linreg, "grid.csv", "--x", "u", "--x", "v", "--y", "y", "--solver", solver, output="m")
    done = linreg("update", "m", "never.csv", "--remove", "-q")
    assert done.status == 3
    assert done.stderr.startswith("Error: m: not all of the rows to remove are in the model\n")


def test_logarithms_that_no_weights_have_are_told(linreg: Linreg) -> None:
    rows = [(1, 1, 1), (1, 1, 4), (2, 1, 4), (3, 4, 1)]
    table("rows.csv", "u,v,w", rows)
    train(linreg, "rows.csv", "--x", "u", "--y", "v", "--weights", "w", output="m")
    # three weights of mean 3.3 whose logarithms have a mean of 1.69: log(3.3) is 1.19
    table("never.csv", "u,v,w", [(1, 1, 0.1)])
    done = linreg("update", "m", "never.csv", "--remove", "-q")
    assert done.status == 3
    assert done.stderr.startswith("Error: m: not all of the rows to remove are in the model\n")


@pytest.mark.parametrize(("run", "part"), [("tested", "test_moments"), ("cross-validated", "fold")])
def test_the_part_that_rows_are_missing_from_is_told(
    linreg: Linreg, shards: list[str], run: str, part: str
) -> None:
    model = json.loads(train(linreg, *shards, *COLUMNS, *RUNS[run], output="m"))
    parts = {f"fold {i}": fold for i, fold in enumerate(model.get("fold_moments", []), start=1)}
    parts |= {"the test part": model["test_moments"]} if part == "test_moments" else {}
    told = {f"m: 300 rows cannot be removed from the {parts[p]['rows']} of {p}" for p in parts}
    found = set()
    for size in range(1600, 1640):  # equal rows are in one part, which not all sizes share
        table("never.csv", "sqft,baths,price", [(size, 2, 240000)] * 300)
        stderr = linreg("update", "m", "never.csv", "--remove", "-q", "-o", "left").stderr
        found.add(stderr.partition("\n")[0].removeprefix("Error: "))
    assert found - {""} == told


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ("merge a.json y.json -o o.json", 2, "y.json has the target beds, a.json has price"),
        ("merge a.json x.json -o o.json", 2, "x.json has the features baths, a.json has sqft"),
        ("merge a.json w.json -o o.json", 2, "w.json has the weights beds, a.json has none"),
        (
            "merge a.json f.json -o o.json",
            2,
            "the rows of f.json and a.json were split differently",
        ),
        (
            "train a.json f.json -o o.json --solver exact",
            2,
            "the rows of f.json and a.json were split differently",
        ),
        ("merge a.json - - -o o.json", 2, "- is given twice"),
        ("merge a.json -o a.json", 2, "a.json is named twice: it would be overwritten"),
        ("merge a.json none.json -o o.json", 4, "none.json: no such model file"),
        ("merge a.csv -o o.json", 4, "a.csv: is not JSON"),
        ("train a.json b.csv -o o.json", 2, "a.json is a model and b.csv is not"),
        ("train a.json --x beds", 2, "a.json has no column 'beds'; it has sqft, price"),
        ("train a.json --x price", 2, "column 'price' is named twice in --x and --y"),
        (
            "train f.json --seed 3 -o o.json",
            2,
            "--seed has no effect with a model as DATA: its rows have already been summed",
        ),
        (
            "train a.json --rejects r.csv -o o.json",
            2,
            "--rejects has no effect with a model as DATA: its rows have already been summed",
        ),
        ("update a.json y.json", 2, "y.json is a model and holds no rows"),
        (
            "update a.json b.csv -o o.json --rejects a.json",
            2,
            "a.json is named twice: it would be overwritten",
        ),
        ("update - -", 2, "- is given for both the model and the data"),
        ("update a.json a.csv -o a.csv", 2, "a.csv is named twice: it would be overwritten"),
        ("update a.json other.csv", 3, "other.csv: no column 'sqft'; the columns are u, v"),
        (
            "update a.json whole.csv --remove",
            3,
            "a.json: 932 rows cannot be removed from the 200 of the model",
        ),
        ("update a.json a.csv --remove", 3, "a.json: no row is left to learn from"),
        (
            "update a.json low.csv --remove",
            3,
            "a.json, column 'sqft': a row to remove has 12, which no row of the model has",
        ),
        (
            "update a.json high.csv --remove",
            3,
            "a.json, column 'price': a row to remove has 9999999, which no row of the model has",
        ),
        (
            "update a.json twice.csv --remove",
            3,
            "a.json: not all of the rows to remove are in the model",
        ),
    ],
)
def test_what_does_not_add_up_is_told(
    linreg: Linreg, arguments: str, status: int, message: str
) -> None:
    one = ["--x", "sqft", "--y", "price", "--solver", "exact"]
    train(linreg, "a.csv", *one, output="a.json")
    train(linreg, "a.csv", "--x", "sqft", "--y", "beds", "--solver", "exact", output="y.json")
    train(linreg, "a.csv", "--x", "baths", "--y", "price", "--solver", "exact", output="x.json")
    train(linreg, "a.csv", *one, "--weights", "beds", output="w.json")
    train(linreg, "a.csv", *one, "--folds", "4", output="f.json")
    Path("other.csv").write_text("u,v\n1,2\n")
    Path("whole.csv").write_bytes(SACRAMENTO.read_bytes())
    Path("low.csv").write_text("sqft,price\n12,100000\n")
    Path("high.csv").write_text("sqft,price\n1000,9999999\n")
    largest = max(json.loads(Path("a.json").read_text())["moments"]["maximum"], key=int)
    Path("twice.csv").write_text("sqft,price\n" + f"836,{largest}\n" * 190)
    before = Path("a.json").read_bytes()
    done = linreg(*arguments.split())
    assert (done.status, done.stdout) == (status, "")
    assert f"Error: {message}" in done.stderr.splitlines()
    assert Path("a.json").read_bytes() == before
    assert not Path("o.json").exists()
