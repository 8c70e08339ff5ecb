"""linreg train: gradient descent and the exact solver against their textbook forms."""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.commands.train_runs import HOUSE, ROOMS, exact_fit, matrix, model, train
from tests.conftest import HOUSES, Linreg, table_lines
from tests.oracles import textbook_descent

pytestmark = pytest.mark.usefixtures("houses")

Floats = npt.NDArray[np.float64]


def standardized(features: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the design matrix of standardized features, and their means and deviations."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    ones = np.ones((len(features), 1))
    return np.hstack([ones, (features - mean) / deviation]), mean, deviation


def hessian(X: Floats) -> Floats:
    return 2 / len(X) * X.T @ X


def test_descent_is_the_textbook_loop(linreg: Linreg) -> None:
    options = "--no-scale --learning-rate 1e-7 --epochs 5000 --history h.csv --log-every 1"
    result = train(linreg, f"{HOUSE} {options}")
    rows = np.array(matrix(HOUSES, "square_feet", "price"), dtype=np.float64)
    X, y = np.column_stack([np.ones(5), rows[:, 0]]), rows[:, 1]
    walked = np.array(textbook_descent(X, y, learning_rate=1e-7, epochs=5000))
    history = np.loadtxt("h.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(history[:, 0], np.arange(5001))
    # rounding of 5000 steps in either loop
    np.testing.assert_allclose(history[:, 2:], walked, rtol=1e-9)
    losses = np.mean((walked @ X.T - y) ** 2, axis=1)
    # the residual of a weight near its optimum has lost the digits that they share
    np.testing.assert_allclose(history[:, 1], losses, rtol=1e-5)
    # the figures of DESIGN.md
    np.testing.assert_allclose(model()["m"], 299.9999107600433, rtol=1e-9)
    np.testing.assert_allclose(model()["b"], 0.16360657642376494, rtol=1e-9)
    assert "\nWarning: out of epochs after 5,000 epochs: " in result.stderr


def test_scaled_descent_is_the_textbook_loop_on_standardized_features(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    options = "--learning-rate 0.2 --epochs 25 --tolerance 0 --history h.csv --log-every 1"
    train(linreg, f"d.csv --x beds --x age --y price {options}")
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    X, mean, deviation = standardized(rows[:, :2])
    walked = np.array(textbook_descent(X, rows[:, 2], learning_rate=0.2, epochs=25))
    slopes = walked[:, 1:] / deviation
    intercepts = walked[:, 0] - slopes @ mean
    history = np.loadtxt("h.csv", delimiter=",", skiprows=1)
    # intercepts near zero are differences of larger numbers
    np.testing.assert_allclose(history[:, 2], intercepts, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(history[:, 3:], slopes, rtol=1e-11, atol=1e-11)


def test_descent_without_intercept_is_the_textbook_loop(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    options = "--no-intercept --no-scale --learning-rate 0.001 --epochs 30 --tolerance 0"
    train(linreg, f"d.csv --x beds --x baths --y price {options}")
    rows = np.array(matrix(ROOMS, "beds", "baths", "price"), dtype=np.float64)
    walked = textbook_descent(rows[:, :2], rows[:, 2], learning_rate=0.001, epochs=30)
    np.testing.assert_allclose(list(model()["m"].values()), walked[-1], rtol=1e-12)
    assert model()["b"] == 0


@pytest.mark.parametrize("scale", ["--scale", "--no-scale"])
def test_auto_takes_half_of_one_over_the_steepest_curvature(
    linreg: Linreg, folder: Path, scale: str
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, f"d.csv --x beds --x age --x lot --y price {scale} --epochs 1")
    features = np.array(matrix(ROOMS, "beds", "age", "lot"), dtype=np.float64)
    plain = np.column_stack([np.ones(len(features)), features])
    X = standardized(features)[0] if scale == "--scale" else plain
    steepest = np.linalg.eigvalsh(hessian(X))[-1]
    # it is rounded to four digits
    np.testing.assert_allclose(model()["training"]["learning_rate"], 0.5 / steepest, rtol=5e-4)
    assert f"learning rate {0.5 / steepest:.4g} (auto), " in result.stderr
    assert f", converges below {2 / steepest:.6g}\n" in result.stderr


def test_the_header_names_rows_columns_and_learning_rates(linreg: Linreg) -> None:
    result = train(linreg, HOUSE)
    header = result.stderr.partition("  epoch")[0]
    for fact in ("5 rows", "square_feet", "price", "0.25 (auto)", "converges below 1"):
        assert fact in header


@pytest.mark.parametrize(("tolerance", "epochs"), [("0.5", 1), ("1e-3", 10), ("1e-12", 40)])
def test_descent_stops_when_the_distance_has_shrunk_to_the_tolerance(
    linreg: Linreg, tolerance: str, epochs: int
) -> None:
    # with one standardized feature every direction halves its error every epoch
    result = train(linreg, f"{HOUSE} --tolerance {tolerance}")
    plural = "" if epochs == 1 else "s"
    assert f"\nconverged after {epochs} epoch{plural}" in result.stderr
    assert (model()["training"]["epochs"], model()["training"]["stopped"]) == (epochs, "converged")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", ": within 1e-12 of the least-squares solution, which the model keeps"),
        (
            "--tolerance 1e-10",
            ": within 1e-10 of the least-squares solution, which the model keeps",
        ),
        ("--tolerance 1e-3", ""),
        ("--l2 0.5", ": within 1e-12 of the ridge solution, which the model keeps"),
    ],
)
def test_the_end_says_whether_the_model_keeps_the_solution(
    linreg: Linreg, options: str, said: str
) -> None:
    result = train(linreg, f"{HOUSE} {options}")
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("converged"))
    assert line == f"converged after {model()['training']['epochs']} epochs{said}"
    assert ("last_epoch" in model()["training"]) == bool(said)


def test_no_epoch_gives_the_starting_weights(linreg: Linreg) -> None:
    result = train(linreg, f"{HOUSE} --epochs 0")
    assert (model()["m"], model()["b"]) == (0, 0)
    loss = np.mean(np.array([150000, 300000, 450000, 600000, 750000.0]) ** 2)
    np.testing.assert_allclose(model()["training"]["loss"], loss, rtol=1e-15)
    assert [row[0] for row in table_lines(result.stderr)] == ["epoch", "0"]
    assert result.stderr.count(
        "\nWarning: out of epochs after 0 epochs: the distance to the optimum is still 1 of the "
        "initial distance\nHint: --epochs 40 converges.\n"
    )


def test_out_of_epochs_says_how_many_more_the_slowest_direction_needs(
    linreg: Linreg, folder: Path
) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    options = "--learning-rate 0.1 --epochs 50 --tolerance 1e-6"
    result = train(linreg, f"d.csv --x beds --x age --y price {options}")
    rows = np.array(matrix(ROOMS, "beds", "age", "price"), dtype=np.float64)
    X, _, _ = standardized(rows[:, :2])
    optimum = np.linalg.lstsq(X, rows[:, 2], rcond=None)[0]
    last = textbook_descent(X, rows[:, 2], learning_rate=0.1, epochs=50)[-1]
    distance = np.linalg.norm(X @ (last - optimum)) / np.linalg.norm(X @ optimum)
    slowest = np.abs(1 - 0.1 * np.linalg.eigvalsh(hessian(X))).max()
    more = math.ceil(math.log(1e-6 / distance) / math.log(slowest))
    assert f"is still {distance:.3g} of the initial distance\n" in result.stderr
    automatic = 0.5 / np.linalg.eigvalsh(hessian(X)).max()
    assert automatic > 0.1  # so the hint is this rate, and not more epochs
    needed = math.ceil(
        math.log(1e-6) / math.log(np.abs(1 - automatic * np.linalg.eigvalsh(hessian(X))).max())
    )
    assert f"--learning-rate {automatic:.4g} " in result.stderr
    assert f" converges in at most {needed} epochs.\n" in result.stderr
    # and it is so: the bound is met, and one epoch in ten less would not do
    longer = "d.csv --x beds --x age --y price --learning-rate 0.1 --tolerance 1e-6 --epochs"
    assert "\nconverged " in train(linreg, f"{longer} {50 + more}").stderr
    assert "Warning: out of epochs " in train(linreg, f"{longer} {45 + more * 9 // 10}").stderr


def test_exact_is_the_correctly_rounded_solution(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    features = ("beds", "baths", "age", "lot")
    columns = [word for name in features for word in ("--x", name)]
    result = train(linreg, "d.csv", *columns, "--y", "price", "--solver", "exact")
    assert [model()["b"], *model()["m"].values()] == exact_fit(ROOMS, *features, "price")
    assert list(model()["m"]) == list(features)
    header = "price from beds, baths, age, lot, by exact least squares\n"
    assert result.stderr.count(header) == 1
    assert table_lines(result.stderr) == []


def test_exact_holds_where_floats_have_no_digit_left(linreg: Linreg, folder: Path) -> None:
    # x in epoch seconds, slope 3: numpy.linalg.lstsq gives 8.8e-7
    rows = "".join(f"{1_700_000_000 + i},{3 * i + 0.5}\n" for i in range(1000))
    (folder / "d.csv").write_text("seconds,y\n" + rows)
    train(linreg, "d.csv --x seconds --y y --solver exact")
    assert (model()["m"], model()["b"]) == (3, 0.5 - 3 * 1_700_000_000)


def test_exact_without_intercept_is_a_ratio_of_sums(linreg: Linreg, folder: Path) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    train(linreg, "d.csv --x beds --y price --solver exact --no-intercept")
    rows = matrix(ROOMS, "beds", "price")
    m = sum((x * y for x, y in rows), Fraction()) / sum((x * x for x, _ in rows), Fraction())
    assert (model()["m"], model()["b"]) == (float(m), 0)


@pytest.mark.parametrize("scale", ["--scale", "--no-scale"])
def test_descent_ends_at_the_exact_solution(linreg: Linreg, folder: Path, scale: str) -> None:
    (folder / "d.csv").write_bytes(ROOMS)
    result = train(linreg, f"d.csv --x beds --x baths --y price --epochs 100000 {scale}")
    assert "\nconverged after " in result.stderr
    learned = [model()["b"], *model()["m"].values()]
    # converged is 1e-12 of the first distance, times a condition number below 100
    np.testing.assert_allclose(learned, exact_fit(ROOMS, "beds", "baths", "price"), rtol=1e-9)


def test_a_random_start_depends_on_the_seed_alone(linreg: Linreg) -> None:
    def started(options: str) -> bytes:
        train(linreg, f"{HOUSE} --start random --epochs 3 {options}")
        return Path("model.json").read_bytes()

    assert started("--seed 7") == started("--seed 7")
    assert started("") == started("--seed 0")
    seeds = [started(f"--seed {seed} --epochs 0") for seed in range(4)]
    assert len(set(seeds)) == 4
    weights = [json.loads(seed)[name] for seed in seeds for name in ("m", "b")]
    assert len({*weights, 0}) == 9


def test_a_random_start_ends_at_the_same_solution(linreg: Linreg) -> None:
    train(linreg, f"{HOUSE} --start random --seed 3")
    np.testing.assert_allclose(model()["m"], 300, rtol=1e-11)


def test_forty_features_train(linreg: Linreg, folder: Path) -> None:
    names = [f"x{i}" for i in range(40)]
    rows = np.random.default_rng(1).integers(100, size=(60, 40)).tolist()
    lines = [",".join(map(str, [*row, 7 + sum(row)])) for row in rows]
    text = "\n".join([",".join([*names, "y"]), *lines])
    (folder / "d.csv").write_text(text)
    columns = [word for name in names for word in ("--x", name)]
    train(linreg, "d.csv --y y --solver exact", *columns)
    assert (model()["b"], set(model()["m"].values())) == (7, {1})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("1,2\n2,4.1\n3,5.9\n4,8.3\n", "converged"),
        ("1000001,2\n1000002,4.1\n1000003,5.9\n1000005,8.3\n", "converged"),
    ],
)
@pytest.mark.parametrize("epochs", [10**6, 10**18])
@pytest.mark.parametrize("more", ["", "--start random", "--no-scale --learning-rate 1e-13"])
def test_any_number_of_epochs_ends_soon(
    linreg: Linreg, rows: str, said: str, epochs: int, more: str
) -> None:
    Path("d.csv").write_text(f"x,y\n{rows}")
    words = f"train d.csv --x x --y y --tolerance 0 --epochs {epochs} {more}".split()
    done = linreg(*words)
    assert done.status == 0
    assert "more would not converge" not in done.stderr or "--no-scale" in words
    if "--no-scale" not in words:
        assert f"\n{said}" in done.stderr
    assert linreg("plot", "model.json", "--kind", "loss").status == 0
    assert linreg("replay", "model.json").status == 0


def test_epochs_beyond_any_descent_are_a_usage_error(linreg: Linreg) -> None:
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--epochs", "1" + "0" * 19)
    assert done.status == 2
    assert "1000000000000000000" in done.stderr
