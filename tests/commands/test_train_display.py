"""linreg train: the epochs that are shown, the equation and the scores at the end."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from tests.commands.train_runs import HOUSE, ROOMS, exact_fit, matrix, model, train
from tests.conftest import Linreg, table_lines
from tests.oracles import textbook_descent

pytestmark = pytest.mark.usefixtures("houses")

EQUATIONS = {
    "houses.csv --x square_feet": "price = 300 × square_feet + 0",
    "houses.csv --x square_feet --no-intercept": "price = 300 × square_feet",
    "d.csv --x b": "y = -2 × b + 0.5",
    "d.csv --x a --x b": "y = 0 × a - 2 × b + 0.5",
    "f.csv --x c": "y = 0.333333 × c - 1.23457e+06",
}


@pytest.mark.parametrize(("columns", "equation"), EQUATIONS.items())
@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_a_training_ends_with_the_equation(
    linreg: Linreg, folder: Path, columns: str, equation: str, solver: str
) -> None:
    (folder / "d.csv").write_bytes(b"a,b,y\n1,1,-1.5\n2,3,-5.5\n5,2,-3.5\n")
    (folder / "f.csv").write_bytes(b"c,y\n0,-1234567\n3,-1234566\n")
    result = train(linreg, f"{columns} --y {equation.split(maxsplit=1)[0]} --solver {solver}")
    assert result.stderr.count(f"\n\n{equation}\n\n") == 1


def test_the_equation_of_many_features_has_the_first_ones(linreg: Linreg, folder: Path) -> None:
    rows = np.eye(9, 8, dtype=int).tolist()
    lines = [",".join(map(str, [*row, 2 * sum(row) + 7])) for row in rows]
    (folder / "d.csv").write_text("\n".join(["a,b,c,d,e,f,g,h,y", *lines]))
    columns = [word for name in "abcdefgh" for word in ("--x", name)]
    result = train(linreg, "d.csv --y y --solver exact", *columns)
    equation = "y = 2 × a + 2 × b + 2 × c + 2 × d + 2 × e + 2 × f + ... + 7"
    assert f"\n{equation}\n" in result.stderr


def test_the_exact_solver_prints_its_weights_once_with_seven_digits(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n0,1.23456789\n3,2.23456789\n")
    result = train(linreg, "d.csv --x x --y y --solver exact")
    assert "\n      weight\nb   1.234568\nm  0.3333333\n\nR² 1\n" in result.stderr


@pytest.mark.parametrize(
    ("options", "how"),
    [
        ("--solver exact", "by exact least squares"),
        ("--solver exact --l2 0.5", "by exact ridge, l2 0.5"),
        ("", "by gradient descent"),
    ],
)
def test_the_header_names_the_column_of_weights(
    linreg: Linreg, folder: Path, options: str, how: str
) -> None:
    (folder / "d.csv").write_bytes(b"x,y,count\n1,2,1\n2,5,3\n4,4,2\n")
    result = train(linreg, f"d.csv --x x --y y --weights count {options}")
    assert f"\ny from x, weighted by count, {how}\n" in result.stderr


# What is shown


def test_epochs_are_shown_at_powers_of_two_and_at_the_last(linreg: Linreg) -> None:
    result = train(linreg, HOUSE)
    numbers = [row[0] for row in table_lines(result.stderr)]
    assert numbers == ["epoch", "0", "1", "2", "4", "8", "16", "32", "40"]


@pytest.mark.parametrize(
    ("every", "numbers"), [("15", ["0", "15", "30", "40"]), ("20", ["0", "20", "40"])]
)
def test_log_every_shows_multiples_and_the_last(
    linreg: Linreg, every: str, numbers: list[str]
) -> None:
    result = train(linreg, f"{HOUSE} --log-every {every}")
    assert [row[0] for row in table_lines(result.stderr)[1:]] == numbers


def test_a_line_shows_loss_gap_and_weights(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n1,2\n3,4\n5,9\n")
    options = "--no-scale --learning-rate 0.02 --epochs 2 --tolerance 0"
    result = train(linreg, f"d.csv --x x --y y {options}")
    X, y = np.array([[1.0, 1], [1, 3], [1, 5]]), np.array([2.0, 4, 9])
    best = np.mean((X @ np.linalg.lstsq(X, y, rcond=None)[0] - y) ** 2)
    header, *rows = table_lines(result.stderr)
    assert header == ["epoch", "loss", "gap", "b", "m"]
    walked = textbook_descent(X, y, learning_rate=0.02, epochs=2)
    expected = [
        [number, np.mean((X @ w - y) ** 2), np.mean((X @ w - y) ** 2) - best, *w]
        for number, w in enumerate(walked)
    ]
    # seven digits are shown
    np.testing.assert_allclose(np.array(rows, dtype=np.float64), expected, rtol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_up_to_three_features_are_shown_with_their_weights(
    linreg: Linreg, folder: Path, count: int
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    features = ["beds", "baths", "age", "lot"][:count]
    columns = [word for name in features for word in ("--x", name)]
    result = train(linreg, "d.csv --y price --epochs 1", *columns)
    names = ["m"] if count == 1 else [word for name in features for word in ("m", name)]
    shown = ["b", *names] if count <= 3 else []
    header, *rows = table_lines(result.stderr)
    assert header == ["epoch", "loss", "gap", *shown]
    assert [len(row) for row in rows] == [3 + (count + 1) * (count <= 3)] * 2


@pytest.mark.parametrize("features", [("beds", "age"), ("beds", "baths", "age", "lot")])
def test_history_holds_every_weight_at_the_shown_epochs(
    linreg: Linreg, folder: Path, features: tuple[str, ...]
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    columns = [word for name in features for word in ("--x", name)]
    options = "--y price --history h.csv --epochs 5 --tolerance 0"
    result = train(linreg, f"d.csv {options}", *columns)
    header, *rows = csv.reader(Path("h.csv").read_text().splitlines())
    assert header == ["epoch", "loss", "b", *(f"m {name}" for name in features)]
    assert [row[0] for row in rows] == ["0", "1", "2", "4", "5"]
    assert [row[0] for row in table_lines(result.stderr)[1:]] == ["0", "1", "2", "4", "5"]
    # to the bit, what the model says of the last epoch
    assert [float(cell) for cell in rows[-1][2:]] == [model()["b"], *model()["m"].values()]
    np.testing.assert_allclose(float(rows[-1][1]), model()["training"]["loss"], rtol=1e-12)


def test_the_end_tells_the_fit_beside_least_squares(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, "d.csv --x beds --x age --y price --epochs 20 --tolerance 0")
    end = result.stderr.partition("\nHint: ")[2].splitlines()
    exact = exact_fit(ROOMS, "beds", "age", "price")
    learned = [model()["b"], *model()["m"].values()]
    assert end[4].split() == ["learned", "least", "squares"]
    names = ["b", "m beds", "m age"]
    for line, name, m, best in zip(end[5:8], names, learned, exact, strict=True):
        assert line.startswith(f"{name} ")
        assert line.removeprefix(name).split() == [f"{m:.7g}", f"{best:.7g}"]
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    residuals = rows[:, 2] - learned[0] - rows[:, :2] @ learned[1:]
    r2 = 1 - residuals @ residuals / np.sum((rows[:, 2] - rows[:, 2].mean()) ** 2)
    assert end[9:] == [
        f"R² {r2:.7g}",
        f"RMSE {math.sqrt(residuals @ residuals / len(rows)):.7g}",
        "wrote model.json",
    ]


def test_r_squared_without_intercept_is_about_zero(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, "d.csv --x beds --y price --no-intercept --solver exact")
    x, y = np.array(matrix(ROOMS, "beds", "price"), dtype=np.float64).T
    r2 = 1 - np.sum((y - x * (x @ y) / (x @ x)) ** 2) / (y @ y)
    assert f"\nR² (uncentered) {r2:.7g}\n" in result.stderr


def test_a_constant_target_has_no_r_squared(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(b"x,y\n1,5\n2,5\n3,5\n")
    result = train(linreg, "d.csv --x x --y y --solver exact")
    assert "\nR² undefined: the target is constant\nRMSE 0\n" in result.stderr
    assert (model()["m"], model()["b"]) == (0, 5)


def test_the_table_of_a_pipe_says_that_it_leaves_out_many_weights(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    columns = "--x beds --x baths --x age --x lot --y price"
    said = "\nnot in the table: the weights of 4 features; linreg train --history FILE.csv writes "
    assert said in train(linreg, f"d.csv {columns}").stderr
    assert said not in train(linreg, "d.csv --x beds --x age --y price").stderr
