"""linreg train: warnings of learning rates, unconverged runs and undetermined fits."""

from pathlib import Path

import numpy as np
import pytest

from tests.commands.train_runs import HOUSE, ROOMS, matrix, model, train
from tests.conftest import Linreg, table_lines

pytestmark = pytest.mark.usefixtures("houses")


def test_a_rate_above_the_limit_is_announced_before_the_first_epoch(linreg: Linreg) -> None:
    Path("model.json").write_text("old")
    result = linreg("train", *HOUSE.split(), "--learning-rate", "1.5")
    warning, rest = result.stderr.split("Warning: ")[1].split("\n", 1)
    assert (
        warning == "learning rate 1.5 is not below 1: the loss will not fall to its minimum; "
        "--learning-rate 0.25 converges"
    )
    # the error doubles every epoch, the loss is four times as large: a million after ten epochs
    header, *rows = table_lines(rest)
    assert header[0] == "epoch"
    assert [row[0] for row in rows] == ["0", "1", "2", "4", "8", "10"]
    assert (result.status, Path("model.json").read_text()) == (5, "old")


def test_a_rate_at_the_limit_is_announced_and_runs_out_of_epochs(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --learning-rate 1 --epochs 9")
    assert "Warning: learning rate 1 is not below " in result.stderr
    assert "\nWarning: out of epochs after 9 epochs: " in result.stderr
    # 40 epochs halve the error of this rate to 1e-12
    assert "\nHint: --learning-rate 0.25 --epochs 40 converges.\n" in result.stderr


@pytest.mark.parametrize("rate", ["0.999", "0.25", "auto"])
def test_a_rate_below_the_limit_is_not_warned_of(linreg: Linreg, rate: str) -> None:
    result = train(linreg, f"{HOUSE} --learning-rate {rate}")
    assert "is not below" not in result.stderr


def test_the_rate_of_the_hint_converges(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    command = "d.csv --x beds --x age --y price"
    failed = linreg("train", *command.split(), "--learning-rate", "9")
    assert failed.status == 5
    words = failed.stderr.rpartition("Hint: ")[2].split()
    result = train(linreg, command, *words[:2])
    assert (words[0], "\nconverged after " in result.stderr) == ("--learning-rate", True)


def options_of_hint(stderr: str) -> str:
    """Return the options of a hint as they would be pasted."""
    return stderr.rpartition("Hint: ")[2].partition(" converges")[0]


UNCONVERGED = {
    "a rate far too small": "--learning-rate 1e-7",
    "too few epochs": "--epochs 3",
    "a random start": "--start random --seed 3 --epochs 2",
    "a textbook's loop": "--no-scale --learning-rate 1e-8",
    "no scaling": "--no-scale --epochs 100",
    "tolerance 0": "--tolerance 0 --epochs 9",
    "ridge": "--l2 0.1 --no-scale --learning-rate 1e-5 --epochs 9",
}


@pytest.mark.parametrize("options", UNCONVERGED.values(), ids=UNCONVERGED)
def test_the_remedy_of_an_unconverged_run_converges(
    linreg: Linreg, folder: Path, options: str
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    command = f"d.csv --x beds --x age --y price {options}"
    result = train(linreg, command)
    assert result.stderr.count("\nWarning: out of epochs after ") == 1
    train(linreg, f"{command} {options_of_hint(result.stderr)} --require-convergence")
    assert model()["training"]["stopped"] == "converged"


def test_a_textbooks_rate_on_scaled_features_is_told_to_go_without(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --learning-rate 1e-7 -q")
    assert result.stderr == (
        "Warning: out of epochs after 5,000 epochs: the distance to the optimum is still 0.999 of "
        "the initial distance\n"
        "Hint: --learning-rate 0.25 converges in at most 40 epochs. --no-scale suits the learning "
        "rate 1e-07, which is too small for scaled features.\n"
    )
    train(linreg, f"{HOUSE} --learning-rate 1e-7 --no-scale")
    assert model()["m"] == pytest.approx(300, rel=1e-6)


@pytest.mark.parametrize("rate", ["1e-3", "1e-12"])
def test_a_rate_that_suits_no_features_is_not_told_to_go_without_scaling(
    linreg: Linreg, rate: str
) -> None:
    # without scaling the first diverges, and the second is too small too
    assert "--no-scale" not in train(linreg, f"{HOUSE} --learning-rate {rate} --epochs 9").stderr


@pytest.mark.parametrize("output", ["model.json", "-"])
def test_a_descent_that_has_to_converge_writes_no_model_if_it_does_not(
    linreg: Linreg, output: str
) -> None:
    Path("model.json").write_text("old")
    words = f"{HOUSE} --epochs 9 --require-convergence --history h.csv -q -o {output}".split()
    result = linreg("train", *words)
    assert (result.status, result.stdout, Path("model.json").read_text()) == (5, "", "old")
    assert result.stderr == (
        "Error: out of epochs after 9 epochs: the distance to the optimum is still 0.00195 of the "
        "initial distance; no model was written\n"
        "Hint: --epochs 40 converges.\n"
    )
    assert len(Path("h.csv").read_text().splitlines()) == 7  # how it went is worth keeping


@pytest.mark.parametrize("options", ["", "--tolerance 0.1", "--solver exact"])
def test_a_training_that_converges_passes(linreg: Linreg, options: str) -> None:
    train(linreg, f"{HOUSE} --require-convergence {options}")
    assert model()["y"] == "price"


def test_an_update_that_does_not_converge_names_the_command_that_helps(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --epochs 5 -o a.json")
    Path("b.csv").write_text("square_feet,price\n500,9\n")
    old = Path("a.json").read_bytes()
    refused = linreg("update", "a.json", "b.csv", "--require-convergence", "-q")
    assert (refused.status, Path("a.json").read_bytes()) == (5, old)
    assert "Hint: Without --require-convergence the model is written; then " in refused.stderr
    updated = linreg("update", "a.json", "b.csv", "-q")
    assert updated.status == 0
    hint = updated.stderr.partition("\nHint: linreg ")[2].partition(" converges")[0]
    assert hint == "train a.json --epochs 40 -o converged.json"
    assert linreg(*hint.split()).status == 0
    assert model("converged.json")["training"]["stopped"] == "converged"
    merged = linreg("merge", "a.json", "a.json", "--require-convergence", "-o", "c.json")
    assert (merged.status, Path("c.json").exists()) == (5, False)


def test_nearly_collinear_columns_are_told_with_their_vif(linreg: Linreg, folder: Path) -> None:
    # t = 1.1 a + 0.3 b in floating point
    rows = [(a, b, 1.1 * a + 0.3 * b) for a in range(1, 9) for b in range(3, 12)]
    lines = [f"{a},{b},{t!r},{a + b + a % 2}" for a, b, t in rows]
    (folder / "d.csv").write_text("\n".join(["a,b,t,y", *lines]))
    command = "d.csv --x a --x b --x t --y y -q"
    for more in ("--solver exact", "--epochs 9"):
        said = train(linreg, f"{command} {more}").stderr.splitlines()
        notes = [line.removeprefix("Warning: ") for line in said if "VIF" in line]
        shown = linreg("show", "model.json").stdout.replace("\n      ", " ").splitlines()
        noted = [line.removeprefix("Note: ") for line in shown if line.startswith("Note: ")]
        assert sorted(notes) == sorted(line for line in noted if "VIF" in line)
        assert [note.split()[0] for note in notes] == ["t", "a", "b"]
    assert "VIF" not in train(linreg, f"{command} --solver exact --l2 0.1").stderr


def test_of_many_nearly_collinear_columns_the_worst_are_named(linreg: Linreg, folder: Path) -> None:
    # powers of x: the VIFs from the eigenvectors of the correlations, in float64
    powers = [[x**k for k in range(1, 9)] for x in range(-6, 15)]
    lines = [",".join(map(str, [*row, row[0] % 5])) for row in powers]
    (folder / "d.csv").write_text("\n".join(["a,b,c,d,e,f,g,h,y", *lines]))
    columns = [word for name in "abcdefgh" for word in ("--x", name)]
    said = train(linreg, "d.csv --y y --solver exact -q", *columns).stderr.splitlines()
    vifs = [float(line.partition("(VIF ")[2].partition(")")[0]) for line in said[:-1]]
    assert (len(vifs), vifs) == (6, sorted(vifs, reverse=True))
    assert said[-1] == "Warning: 2 other columns too: linreg show names them"


DOUBTFUL = {
    "collinear": (b"a,b,c,y\n1,1,2,5\n2,1,3,7\n3,4,7,9\n5,2,7,1\n", "abc", "c = a + b"),
    "constant": (b"a,b,y\n1,3,5\n1,5,7\n1,6,9\n", "ab", "column 'a' is constant (a = 1)"),
    "one row": (b"a,y\n3,5\n", "a", "1 row does not determine 2 weights"),
    "few rows": (b"a,b,y\n1,2,5\n2,1,7\n", "ab", "2 rows do not determine 3 weights"),
}


@pytest.mark.parametrize(("data", "x", "why"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_descent_trains_on_what_determines_no_fit_and_warns(
    linreg: Linreg, folder: Path, data: bytes, x: str, why: str
) -> None:
    (folder / "d.csv").write_bytes(data)
    columns = [word for name in x for word in ("--x", name)]
    result = train(linreg, "d.csv --y y", *columns)
    assert f"\nWarning: the least-squares solution is not unique: {why}\n" in result.stderr
    # it is one of the best fits: no other has a smaller error
    rows = np.array(matrix(data, *x, "y"), dtype=np.float64)
    X = np.column_stack([np.ones(len(rows)), rows[:, :-1]])
    best = X @ np.linalg.lstsq(X, rows[:, -1], rcond=None)[0]
    slopes = [model()["m"]] if len(x) == 1 else [*model()["m"].values()]
    # converged is 1e-12 of the first distance
    np.testing.assert_allclose(X @ [model()["b"], *slopes], best, rtol=1e-9)


def test_the_r2_of_a_constant_feature_is_0(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_text("x,y\n5,1\n5,2.1\n5,3.7\n")
    # a constant feature explains nothing: RSS is TSS, but for the last step of the descent
    assert "\nR² 0\n" in train(linreg, "d.csv --x x --y y").stderr
    assert abs(1 - model()["training"]["loss"] / np.var([1, 2.1, 3.7])) < 2**-52
    assert (
        "R²                                  0              0\n"
        in linreg("evaluate", "model.json", "d.csv").stdout
    )
