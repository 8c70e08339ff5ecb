"""linreg train: the model file, the JSON result, and what --quiet leaves."""

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from tests.commands.train_runs import COLUMNS, HOUSE, ROOMS, exact_fit, matrix, model, train
from tests.conftest import Linreg

pytestmark = pytest.mark.usefixtures("houses")


def shuffled(data: bytes, seed: int) -> bytes:
    header, *rows = data.splitlines(keepends=True)
    random.Random(seed).shuffle(rows)  # noqa: S311  # not for secrets
    return header + b"".join(rows)


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_rows_in_any_order_give_the_same_bytes(linreg: Linreg, folder: Path, solver: str) -> None:
    models = set()
    for seed in range(5):
        (folder / "d.csv").write_bytes(shuffled(ROOMS, seed))
        train(linreg, f"d.csv --x beds --x lot --x age --y price --solver {solver}")
        models.add((folder / "model.json").read_bytes())
    assert len(models) == 1


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_one_file_or_ten_give_the_same_bytes(linreg: Linreg, folder: Path, solver: str) -> None:
    columns = f"--x a --x b --y y --solver {solver}"
    rows = [f"{i},{i * i % 17}.{i:02},{i * 7 % 11}\n" for i in range(40)]
    (folder / "all.csv").write_text("a,b,y\n" + "".join(rows))
    for i in range(10):
        (folder / f"part{i}.csv").write_text("a,b,y\n" + "".join(rows[i::10]))
    train(linreg, f"all.csv {columns}")
    train(linreg, f"'part*.csv' {columns} -o parts.json")
    assert Path("parts.json").read_bytes() == Path("model.json").read_bytes()


def test_the_same_command_gives_the_same_bytes(linreg: Linreg, houses: Path) -> None:
    train(linreg, HOUSE)
    first = Path("model.json").read_bytes()
    Path("elsewhere").mkdir()
    train(linreg, f"{houses} {COLUMNS} -o elsewhere/m.json")
    assert Path("elsewhere/m.json").read_bytes() == first


def test_the_model_file_carries_the_exact_sums(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n0.1,-3\n0.25,1e3\n")
    train(linreg, "d.csv --x x --y y")
    assert model()["moments"] == {
        "columns": ["x", "y"],
        "decimals": [2, 0],
        "rows": "2",
        "sums": ["35", "997"],
        "products": [["725"], ["24970", "1000009"]],
        "minimum": ["10", "-3"],
        "maximum": ["25", "1000"],
    }


def test_the_model_file_holds_no_row_and_no_path(linreg: Linreg, folder: Path) -> None:
    (folder / "secret-name.csv").write_bytes(ROOMS)
    train(linreg, "secret-name.csv --x beds --y price")
    text = Path("model.json").read_text()
    assert "secret-name" not in text
    assert "329" not in text


def test_a_model_goes_where_output_says(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --output 'my model.json'")
    assert result.stderr.endswith("\nwrote my model.json\n")
    assert not Path("model.json").exists()
    assert model("my model.json")["y"] == "price"


def test_output_to_a_dash_is_the_file_on_standard_output(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} -o -")
    assert not Path("model.json").exists()
    train(linreg, HOUSE)
    assert result.stdout == Path("model.json").read_text()


def test_without_output_nothing_is_on_standard_output(linreg: Linreg) -> None:
    assert train(linreg, HOUSE).stdout == ""


def test_an_old_model_is_replaced_and_a_link_to_it_stays(linreg: Linreg) -> None:
    Path("store").mkdir()
    Path("store/old.json").write_text("old")
    Path("model.json").symlink_to("store/old.json")
    train(linreg, HOUSE)
    assert Path("model.json").is_symlink()
    assert model("store/old.json")["y"] == "price"


def test_quiet_leaves_only_warnings_with_their_remedies(linreg: Linreg, folder: Path) -> None:
    # a header of numbers, a constant column, a rate at the limit, too few epochs
    (folder / "d.csv").write_bytes(b"1,2\n3,4\n3,5\n")
    command = "d.csv --x 1 --y 2 --learning-rate 1 --epochs 3"
    loud = train(linreg, command).stderr.splitlines()
    said = [line for line in loud if line.startswith(("Warning: ", "Hint: "))]
    assert [line.split(": ")[0] for line in said] == ["Warning"] * 4 + ["Hint"]
    for quiet in ("-q", "--quiet"):
        result = train(linreg, command, quiet)
        assert (result.stdout, result.stderr.splitlines()) == ("", said)


def test_quiet_says_nothing_where_nothing_is_doubtful(linreg: Linreg) -> None:
    result = train(linreg, HOUSE, "-q")
    assert (result.stdout, result.stderr) == ("", "")


def test_history_does_not_depend_on_quiet(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --history loud.csv")
    train(linreg, f"{HOUSE} --history quiet.csv -q")
    assert Path("quiet.csv").read_bytes() == Path("loud.csv").read_bytes()


def test_the_model_file_keeps_the_history_of_the_loss(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --log-every 7 --history h.csv")
    history = model()["training"]["history"]
    assert [epoch for epoch, _ in history] == [0, 1, 2, 4, 8, 16, 32, 40]
    # with one standardized feature the loss falls to a quarter every epoch
    losses = [loss for _, loss in history]
    first = np.mean((300 * np.array([500, 1000, 1500, 2000, 2500.0])) ** 2)
    np.testing.assert_allclose(losses[:5], [first / 4**n for n in (0, 1, 2, 4, 8)], rtol=1e-9)


RESULT_FIELDS = [
    "target", "features", "weights_column", "equation", "b", "m", "is_best", "best", "solver",
    "l2", "stopped", "epochs", "learning_rate", "distance", "rows", "loss", "best_loss", "r2",
    "rmse", "test", "cross_validation", "warnings",
]  # fmt: skip


def test_json_is_the_result_with_all_digits(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, "d.csv --x beds --x age --y price --epochs 20 --json")
    found, saved = json.loads(result.stdout), model()
    assert list(found) == RESULT_FIELDS
    assert (found["b"], found["m"]) == (saved["b"], saved["m"])
    b, *slopes = exact_fit(ROOMS, "beds", "age", "price")
    assert found["best"] == {"b": b, "m": dict(zip(["beds", "age"], slopes, strict=True))}
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    residuals = rows[:, 2] - found["b"] - rows[:, :2] @ [*found["m"].values()]
    assert found["rmse"] == pytest.approx(math.sqrt(np.mean(residuals**2)), rel=1e-12)
    assert found["r2"] == pytest.approx(1 - np.mean(residuals**2) / np.var(rows[:, 2]), rel=1e-12)
    kept = {name: saved["training"][name] for name in ("loss", "best_loss", "stopped", "epochs")}
    assert {name: found[name] for name in kept} == kept
    assert (found["is_best"], found["rows"]) == (False, len(rows))
    (warning,) = found["warnings"]
    assert f"Warning: {warning}\nHint: " in result.stderr


def test_json_of_one_feature_has_an_object_of_weights_too(linreg: Linreg) -> None:
    found = json.loads(train(linreg, f"{HOUSE} --json -q").stdout)
    assert (found["m"], found["b"], found["is_best"]) == ({"square_feet": 300}, 0, True)
    assert found["equation"] == "price = 300 × square_feet + 0"
    assert (found["stopped"], found["warnings"], 0 < found["distance"] < 1e-12) == (
        "converged", [], True,
    )  # fmt: skip


def test_json_has_the_scores_of_the_parts(linreg: Linreg) -> None:
    found = json.loads(train(linreg, f"{HOUSE} --json --test-fraction 0.5 --seed 1").stdout)
    assert found["test"] == {"rows": 5 - found["rows"], "loss": 0, "r2": 1, "rmse": 0}
    found = json.loads(train(linreg, f"{HOUSE} --json --folds 2 --l2 0,1 --seed 2").stdout)
    assert found["cross_validation"] == model()["training"]["cross_validation"]
    assert found["l2"] == 0


def test_json_and_the_model_do_not_share_standard_output(linreg: Linreg) -> None:
    result = linreg("train", *HOUSE.split(), "--json", "-o", "-")
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: --json and --output - both write to standard output\n"
        "Hint: Write the model to a file: --output model.json.\n"
    )
