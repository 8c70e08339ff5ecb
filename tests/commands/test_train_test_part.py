"""linreg train: the test part, and how rows are assigned to parts."""

import csv
import random
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error, r2_score

from linreg_cli.reading import row_sums as sum_rows
from linreg_cli.reading.csv.table_start import open_table
from tests import oracles
from tests.commands.validation_runs import (
    AB,
    EXACT,
    MARKED,
    N,
    fractions,
    members,
    model,
    numbers,
    rows_of_test_part,
    train,
    write,
)
from tests.conftest import Linreg, table_lines
from tests.references import SACRAMENTO

pytestmark = pytest.mark.usefixtures("rows")


def test_every_row_is_for_training_or_for_testing(linreg: Linreg) -> None:
    train(linreg, f"d.csv {MARKED} {EXACT} --test-fraction 0.3")
    parts = [members(model()[name]) for name in ("moments", "test_moments")]
    assert sorted(parts[0] + parts[1]) == list(range(N))
    assert all(parts)
    assert [int(model()[name]["rows"]) for name in ("moments", "test_moments")] == list(
        map(len, parts)
    )


def test_the_test_part_is_about_as_large_as_was_asked(linreg: Linreg) -> None:
    x = "--x beds --x sqft --x longitude --y price"
    train(linreg, f"{SACRAMENTO} {x} {EXACT} --test-fraction 0.2 --seed 7")
    count = int(model()["test_moments"]["rows"])
    # five times the spread of 932 draws
    assert abs(count - 0.2 * 932) < 5 * np.sqrt(932 * 0.2 * 0.8)


def test_the_fit_is_that_of_the_training_rows_alone(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    for_testing = rows_of_test_part(linreg, "--test-fraction 0.3 --seed 7")
    train(linreg, f"d.csv {MARKED} {EXACT} --test-fraction 0.3 --seed 7")
    found = model()
    write("rest.csv", [row for i, row in enumerate(rows) if i not in for_testing])
    write("test.csv", [row for i, row in enumerate(rows) if i in for_testing])
    train(linreg, f"rest.csv {MARKED} {EXACT}")
    assert (found["m"], found["b"]) == (model()["m"], model()["b"])
    assert found["moments"] == model()["moments"]
    train(linreg, f"test.csv {MARKED} {EXACT}")
    assert found["test_moments"] == model()["moments"]


def test_the_test_loss_is_the_mean_squared_error_of_the_test_rows(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    for_testing = rows_of_test_part(linreg, "--test-fraction 0.3")
    train(linreg, f"d.csv {MARKED} {EXACT} --test-fraction 0.3")
    part = [rows[i] for i in for_testing]
    weights = [Fraction(model()["b"]), *map(Fraction, model()["m"].values())]
    X = [[Fraction(1), *row] for row in fractions(part, "a mark")]
    y = [row[0] for row in fractions(part, "y")]
    error = oracles.squared_error(X, y, weights)
    assert model()["training"]["test_loss"] == float(error / len(part))


@pytest.mark.parametrize("options", ["", "--l2 0.5", "--no-intercept"])
def test_every_logged_epoch_has_training_and_test_loss(
    linreg: Linreg, rows: list[dict[str, str]], options: str
) -> None:
    done = train(
        linreg, f"d.csv {MARKED} --test-fraction 0.3 --epochs 20 --history h.csv {options}"
    )
    for_testing = rows_of_test_part(linreg, f"--test-fraction 0.3 {options}")
    table = numbers(rows, "a mark y")
    is_test = np.isin(np.arange(N), for_testing)
    with Path("h.csv").open(newline="") as file:
        header, *history = csv.reader(file)
    assert header == ["epoch", "loss", "test_loss", "b", "m a", "m mark"]
    assert [int(row[0]) for row in history] == [0, 1, 2, 4, 8, 16, 20]
    spread = table[~is_test, :2].std(axis=0)
    penalty = 0.5 if "l2" in options else 0.0
    for row in history:
        _, loss, test_loss, b, *m = map(float, row)
        errors = b + table[:, :2] @ m - table[:, 2]
        expected = (errors[~is_test] ** 2).mean() + penalty * ((m * spread) ** 2).sum()
        assert loss == pytest.approx(expected, rel=1e-9)
        assert test_loss == pytest.approx((errors[is_test] ** 2).mean(), rel=1e-9)
    shown = table_lines(done.stderr.replace("test loss", "test_loss"))
    assert shown[0] == ["epoch", "loss", "test_loss", "gap", "b", "m", "a", "m", "mark"]
    assert [[row[0], row[1], row[2]] for row in shown[1:]] == [
        [row[0], f"{float(row[1]):.7g}", f"{float(row[2]):.7g}"] for row in history
    ]
    kept = model()["training"]["history"]
    assert [list(line) for line in kept] == [
        [int(row[0]), float(row[1]), float(row[2])] for row in history
    ]


@pytest.mark.parametrize("options", ["--solver exact", "--epochs 5000"])
def test_r2_and_rmse_of_both_parts_are_told_at_the_end(
    linreg: Linreg, rows: list[dict[str, str]], options: str
) -> None:
    done = train(linreg, f"d.csv {MARKED} --test-fraction 0.3 {options}")
    for_testing = rows_of_test_part(linreg, "--test-fraction 0.3")
    is_test = np.isin(np.arange(N), for_testing)
    table = numbers(rows, "a mark y")
    predicted = model()["b"] + table[:, :2] @ list(model()["m"].values())
    lines = done.stderr.splitlines()[-5:-1]
    assert [line.rsplit(" ", 1)[0] for line in lines] == [
        "training R²", "training RMSE", "test R²", "test RMSE",
    ]  # fmt: skip
    expected = [
        score
        for part in (~is_test, is_test)
        for score in (
            r2_score(table[part, 2], predicted[part]),
            np.sqrt(mean_squared_error(table[part, 2], predicted[part])),
        )
    ]
    found = [float(line.rsplit(" ", 1)[1]) for line in lines]
    assert found == pytest.approx(expected, rel=1e-6)  # seven digits are told


def test_a_test_loss_beyond_float64_is_shown_without_a_warning(linreg: Linreg) -> None:
    done = linreg("train", *f"d.csv {MARKED} --test-fraction 0.3 --learning-rate 1e200".split())
    assert done.status == 5
    last = next(line for line in done.stderr.splitlines() if line.split()[:1] == ["1"])
    assert last.split()[2] in {"inf", "nan"}


def test_without_a_test_part_there_is_no_test_loss(linreg: Linreg) -> None:
    done = train(linreg, f"d.csv {AB}")
    assert "test" not in done.stderr
    assert "test_loss" not in model()["training"]
    assert "test_moments" not in model()


# the split depends on values and seed alone


def variants(table: Sequence[dict[str, str]]) -> dict[str, str]:
    """Write the rows in other orders, files and forms; give the data arguments."""
    shuffled = random.Random(1).sample(list(table), len(table))  # noqa: S311  # no secret
    write("shuffled.csv", shuffled)
    for number in range(10):
        write(f"part{number}.csv", shuffled[number::10])
    write("columns.csv", [dict(reversed(row.items())) for row in table])
    write("zeros.csv", [{name: _longer(cell) for name, cell in row.items()} for row in table])
    write("exponents.csv", [{n: f"{Fraction(c) * 1000}e-3" for n, c in r.items()} for r in table])
    return {
        "shuffled rows": "shuffled.csv",
        "ten files": "'part?.csv'",
        "ten files in another order": " ".join(
            f"part{n}.csv" for n in (3, 9, 0, 1, 8, 2, 7, 4, 6, 5)
        ),
        "columns in another order": "columns.csv",
        "1.50 for 1.5": "zeros.csv",
        "1500e-3 for 1.5": "exponents.csv",
    }


def _longer(cell: str) -> str:
    return f"{cell}00" if "." in cell else f"{cell}.0"


VARIANTS = [
    "shuffled rows", "ten files", "ten files in another order", "columns in another order",
    "1.50 for 1.5", "1500e-3 for 1.5",
]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        "--test-fraction 0.3 --seed 7",
        "--folds 3 --seed 7",
        "--folds 3 --test-fraction 0.3 --seed 7",
    ],
)
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_split_and_so_the_model_is_the_same_to_the_byte(
    linreg: Linreg, rows: list[dict[str, str]], variant: str, options: str
) -> None:
    data = variants(rows)[variant]
    train(linreg, f"d.csv {AB} {options} {EXACT}")
    train(linreg, f"{data} {AB} {options} {EXACT} -o other.json")
    assert Path("other.json").read_bytes() == Path("model.json").read_bytes()


@pytest.mark.parametrize("options", ["--folds 3", "--test-fraction 0.3", "--weights b"])
def test_small_blocks_make_the_same_model(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    train(linreg, f"d.csv --x a --y y {options} {EXACT}")
    monkeypatch.setattr(sum_rows, "open_table", partial(open_table, chunk_bytes=64))
    train(linreg, f"d.csv --x a --y y {options} {EXACT} -o other.json")
    assert Path("other.json").read_bytes() == Path("model.json").read_bytes()


def test_equal_rows_are_in_one_part(linreg: Linreg, rows: list[dict[str, str]]) -> None:
    write("twice.csv", [*rows, *rows])
    train(linreg, f"twice.csv {AB} --test-fraction 0.3 {EXACT}")
    twice = model()
    train(linreg, f"d.csv {AB} --test-fraction 0.3 {EXACT}")
    for part in ("moments", "test_moments"):
        assert int(twice[part]["rows"]) == 2 * int(model()[part]["rows"])


def test_another_seed_is_another_split(linreg: Linreg) -> None:
    splits = [rows_of_test_part(linreg, f"--test-fraction 0.5 --seed {seed}") for seed in range(4)]
    assert len({tuple(split) for split in splits}) == 4
    assert splits[0] == rows_of_test_part(linreg, "--test-fraction 0.5")


def test_the_test_part_is_the_same_whichever_solver(linreg: Linreg) -> None:
    train(linreg, f"d.csv {MARKED} --test-fraction 0.3 -q --epochs 3")
    assert members(model()["test_moments"]) == rows_of_test_part(linreg, "--test-fraction 0.3")


# rejects


def test_rejected_rows_are_in_no_part(linreg: Linreg, rows: list[dict[str, str]]) -> None:
    lines = Path("d.csv").read_text().splitlines()
    Path("bad.csv").write_text("\n".join([*lines[:9], "x,y,z", *lines[9:], "1,no,1,1", ""]))
    for options in ("--test-fraction 0.3", "--folds 3"):
        train(linreg, f"bad.csv {AB} {EXACT} {options} --rejects r.csv")
        train(linreg, f"d.csv {AB} {EXACT} {options} -o good.json")
        assert Path("good.json").read_bytes() == Path("model.json").read_bytes()
    with Path("r.csv").open(newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["line", "10", "43"]
    assert len(rows) == N
