"""linreg train: a test part, folds, ridge by cross-validation, weights, all from one pass."""

import csv
import json
import random
import shlex
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import mean_squared_error, r2_score

from linreg_cli.moments.split import Split
from linreg_cli.reading import row_sums as sum_rows
from linreg_cli.reading.csv.table import open_table
from tests import oracles
from tests.conftest import Linreg, Result, table_lines
from tests.references import SACRAMENTO, real_data, ridge, root, wls
from tests.strategies import block_of

README = Path(__file__).parents[2] / "README.md"
N = 40


@pytest.fixture(autouse=True)
def rows(folder: Path) -> list[dict[str, str]]:
    """Put d.csv into the folder: 40 rows a, b, mark, y, where each mark is a power of two."""
    chance = random.Random(4)  # noqa: S311  # no secret
    table = []
    for i in range(N):
        a, b = chance.randrange(-500, 500), chance.randrange(1, 99)
        y = 3 * a - 7 * b + chance.randrange(-400, 400)
        table.append({"a": f"{a / 10}", "b": f"{b}", "mark": f"{2**i}", "y": f"{y / 100}"})
    write("d.csv", table)
    assert (folder / "d.csv").exists()
    return table


def write(path: str, table: Sequence[dict[str, str]]) -> None:
    lines = [",".join(table[0]), *(",".join(row.values()) for row in table)]
    Path(path).write_text("\n".join([*lines, ""]))


def train(linreg: Linreg, command: str, stdin: bytes | str = b"") -> Result:
    done = linreg("train", *shlex.split(command), stdin=stdin)
    assert done.status == 0, done.stderr
    return done


def model(path: str = "model.json") -> Any:
    return json.loads(Path(path).read_bytes())


AB = "--x a --x b --y y"
MARKED = "--x a --x mark --y y"
"""With the marks among the columns, the sums of a part tell which rows are in it."""
EXACT = "--solver exact -q"


def members(moments: Any) -> list[int]:
    """Tell from the sum of the marks which rows are in a part."""
    total = int(moments["sums"][moments["columns"].index("mark")])
    scale = 10 ** moments["decimals"][moments["columns"].index("mark")]
    return [i for i in range(N) if total // scale >> i & 1]


def test_part(linreg: Linreg, options: str) -> list[int]:
    """Tell which rows are in the test part."""
    train(linreg, f"d.csv {MARKED} {EXACT} {options} -o part.json")
    return members(model("part.json")["test_moments"])


test_part.__test__ = False  # type: ignore[attr-defined]  # a helper


def numbers(table: Sequence[dict[str, str]], names: str) -> Any:
    return np.array([[float(row[name]) for name in names.split()] for row in table])


def fractions(table: Sequence[dict[str, str]], names: str) -> list[list[Fraction]]:
    return [[Fraction(row[name]) for name in names.split()] for row in table]


# the test part


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
    for_testing = test_part(linreg, "--test-fraction 0.3 --seed 7")
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
    for_testing = test_part(linreg, "--test-fraction 0.3")
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
    for_testing = test_part(linreg, f"--test-fraction 0.3 {options}")
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
    for_testing = test_part(linreg, "--test-fraction 0.3")
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
    splits = [test_part(linreg, f"--test-fraction 0.5 --seed {seed}") for seed in range(4)]
    assert len({tuple(split) for split in splits}) == 4
    assert splits[0] == test_part(linreg, "--test-fraction 0.5")


def test_the_test_part_is_the_same_whichever_solver(linreg: Linreg) -> None:
    train(linreg, f"d.csv {MARKED} --test-fraction 0.3 -q --epochs 3")
    assert members(model()["test_moments"]) == test_part(linreg, "--test-fraction 0.3")


# folds


def folds_of(path: str = "model.json") -> list[list[int]]:
    return [members(moments) for moments in model(path)["fold_moments"]]


def score_by_loop(
    table: Sequence[dict[str, str]], folds: list[list[int]], l2: str, *, intercept: bool = True
) -> dict[str, Any]:
    """Fit the rows outside each fold, predict those in it; everything in fractions."""
    x, y = fractions(table, "a mark"), [row[0] for row in fractions(table, "y")]
    scores, errors = [], Fraction()
    for fold in folds:
        rest = [i for other in folds if other != fold for i in other]
        weights = ridge(
            [x[i] for i in rest], [y[i] for i in rest], Fraction(l2), has_intercept=intercept
        )
        design = [[Fraction(1)] * intercept + x[i] for i in fold]
        targets = [y[i] for i in fold]
        error = oracles.squared_error(design, targets, weights)
        mean = sum(targets, Fraction()) / len(fold) if intercept else Fraction()
        total = sum(((t - mean) ** 2 for t in targets), Fraction())
        errors += error
        scores.append(
            {"rows": len(fold), "rmse": root(error / len(fold)), "r2": float(1 - error / total)}
        )
    return {"l2": float(l2), "rmse": root(errors / sum(map(len, folds))), "folds": scores}


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("count", [2, 3, 5, 7])
def test_scores_equal_those_of_a_loop_over_the_folds(
    linreg: Linreg, rows: list[dict[str, str]], count: int, *, intercept: bool
) -> None:
    option = "" if intercept else "--no-intercept"
    train(linreg, f"d.csv {MARKED} --folds {count} {EXACT} {option}")
    folds = folds_of()
    assert sorted(i for fold in folds for i in fold) == list(range(N))
    expected = score_by_loop(rows, folds, "0", intercept=intercept)
    assert model()["training"]["cross_validation"] == [expected]


@pytest.mark.parametrize("name", ["elnino", "star98", "statecrime", "sacramento"])
def test_scores_of_real_data_are_those_of_a_loop_over_fits_of_statsmodels(
    linreg: Linreg, name: str
) -> None:
    data = real_data(name)
    data.write("real.csv")
    train(linreg, f"real.csv {shlex.join(data.arguments())} --folds 4 --seed 2 {EXACT}")
    found = model()["training"]["cross_validation"][0]
    folds = Split(parts=4, seed=2).assign(block_of(data.rows()))
    X, y = data.design(), data.y
    held_out = np.empty(len(y))
    rtol = 1e-6 if name == "sacramento" else 1e-9  # coordinates: nearly a constant column
    for fold, score in enumerate(found["folds"]):
        is_in = folds == fold
        predicted = sm.OLS(y[~is_in], X[~is_in]).fit().predict(X[is_in])
        held_out[is_in] = predicted
        assert score["rows"] == is_in.sum()
        assert score["rmse"] == pytest.approx(
            np.sqrt(mean_squared_error(y[is_in], predicted)), rel=rtol
        )
        assert score["r2"] == pytest.approx(r2_score(y[is_in], predicted), rel=rtol)
    assert found["rmse"] == pytest.approx(np.sqrt(mean_squared_error(y, held_out)), rel=rtol)


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_folds_beside_a_test_part_are_of_the_training_rows(
    linreg: Linreg, rows: list[dict[str, str]], solver: str
) -> None:
    options = f"--test-fraction 0.4 --folds 3 --l2 0,1 --solver {solver}"
    done = train(linreg, f"d.csv {MARKED} {options}")
    found, folds = model(), folds_of()
    training, for_testing = (members(found[name]) for name in ("moments", "test_moments"))
    assert sorted(i for fold in folds for i in fold) == training
    assert sorted(training + for_testing) == list(range(N))
    assert for_testing == test_part(linreg, "--test-fraction 0.4")
    assert "cross-validation, exact fits, 3 folds of the training part\n" in done.stderr
    # the rows for testing have no part in choosing the penalty
    write("rest.csv", [rows[i] for i in training])
    expected = [score_by_loop(rows, folds, l2) for l2 in ("0", "1")]
    assert found["training"]["cross_validation"] == expected
    best = min(expected, key=lambda candidate: candidate["rmse"])["l2"]
    assert found["training"]["l2"] == best
    train(linreg, f"rest.csv {MARKED} --l2 {best} --solver {solver} -q")
    assert (found["m"], found["b"]) == (model()["m"], model()["b"])


def test_the_report_has_a_line_for_each_fold_and_mean_and_spread(linreg: Linreg) -> None:
    done = train(linreg, f"d.csv {MARKED} --folds 4 --solver exact")
    scores = model()["training"]["cross_validation"][0]["folds"]
    lines = done.stderr.split("\n")
    start = lines.index("cross-validation, exact fits, 4 folds")
    table = [line.split() for line in lines[start + 1 : start + 8]]
    assert table[0] == ["fold", "rows", "RMSE", "R²"]
    assert table[1:5] == [
        [str(i), str(s["rows"]), f"{s['rmse']:.7g}", f"{s['r2']:.7g}"]
        for i, s in enumerate(scores, 1)
    ]
    rmse, r2 = ([score[name] for score in scores] for name in ("rmse", "r2"))
    assert table[5] == ["mean", f"{fmean(rmse):.7g}", f"{fmean(r2):.7g}"]
    assert table[6] == ["spread", f"{stdev(rmse):.7g}", f"{stdev(r2):.7g}"]


@pytest.mark.parametrize("options", ["--solver exact", "--epochs 50"])
def test_the_saved_model_is_trained_on_all_rows(linreg: Linreg, options: str) -> None:
    train(linreg, f"d.csv {AB} {options} -q")
    plain = model()
    train(linreg, f"d.csv {AB} {options} --folds 5 -q")
    assert [model()[name] for name in ("m", "b", "moments")] == [
        plain[name] for name in ("m", "b", "moments")
    ]


def test_one_pass_is_enough_for_standard_input(linreg: Linreg) -> None:
    train(linreg, f"- {AB} --folds 5 -q --solver exact", stdin=Path("d.csv").read_bytes())
    train(linreg, f"d.csv {AB} --folds 5 -q --solver exact -o other.json")
    assert Path("model.json").read_bytes() == Path("other.json").read_bytes()


def test_quiet_says_nothing_of_the_folds(linreg: Linreg) -> None:
    assert train(linreg, f"d.csv {AB} --folds 5 -q") == Result(0, "", "")


# a penalty chosen by cross-validation


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_several_penalties_are_scored_and_the_best_is_taken(
    linreg: Linreg, rows: list[dict[str, str]], solver: str
) -> None:
    done = train(linreg, f"d.csv {MARKED} --folds 4 --l2 0,0.1,1,10 --solver {solver}")
    expected = [score_by_loop(rows, folds_of(), l2) for l2 in ("0", "0.1", "1", "10")]
    assert model()["training"]["cross_validation"] == expected
    best = min(expected, key=lambda candidate: candidate["rmse"])["l2"]
    assert model()["training"]["l2"] == best
    lines = done.stderr.split("\n")
    start = lines.index("cross-validation, exact fits, 4 folds")
    assert [line.split() for line in lines[start + 1 : start + 6]] == [
        ["l2", "RMSE"], *([f"{c['l2']:.7g}", f"{c['rmse']:.7g}"] for c in expected)
    ]  # fmt: skip
    assert lines[start + 6] == f"best: l2 {best:.7g}"
    chosen = next(candidate for candidate in expected if candidate["l2"] == best)
    assert lines[start + 8].split()[2] == f"{chosen['folds'][0]['rmse']:.7g}"


def test_the_saved_model_has_the_best_penalty_on_all_rows(linreg: Linreg) -> None:
    data = real_data("longley")
    data.write("longley.csv")
    x = shlex.join(data.arguments())
    # of all values these are the ones between which the best one lies
    train(linreg, f"longley.csv {x} --folds 3 --seed 1 --l2 10,0,0.001,1 {EXACT}")
    chosen = model()
    scores = {c["l2"]: c["rmse"] for c in chosen["training"]["cross_validation"]}
    assert list(scores) == [10.0, 0.0, 0.001, 1.0]
    best = min(scores, key=lambda l2: scores[l2])
    assert 0 < best < 10
    train(linreg, f"longley.csv {x} --l2 {best} {EXACT}")
    assert (chosen["m"], chosen["b"]) == (model()["m"], model()["b"])


def test_one_penalty_needs_no_path(linreg: Linreg) -> None:
    done = train(linreg, f"d.csv {AB} --folds 4 --l2 0.5 --solver exact")
    assert "best:" not in done.stderr
    assert model()["training"]["l2"] == 0.5


# weights


def weigh(table: list[dict[str, str]], weights: Sequence[object], path: str = "w.csv") -> None:
    write(path, [row | {"w": str(w)} for row, w in zip(table, weights, strict=True)])


WEIGHTS = [(1 + 3 * i % 7) / 4 for i in range(N)]


@pytest.mark.parametrize("intercept", ["", "--no-intercept"])
@pytest.mark.parametrize("name", ["statecrime", "ccard", "elnino", "star98"])
def test_a_weighted_fit_is_that_of_statsmodels(linreg: Linreg, name: str, intercept: str) -> None:
    data = real_data(name)
    data.frame.assign(w=list(map(float, data.spread_weights()))).to_csv("d.csv", index=False)
    train(linreg, f"d.csv {shlex.join(data.arguments())} --weights w {EXACT} {intercept}")
    found = list(model()["m"].values())
    expected = wls(data, has_intercept=not intercept).params
    np.testing.assert_allclose(found, expected[0 if intercept else 1 :], rtol=1e-9)
    assert model()["b"] == pytest.approx(0.0 if intercept else expected[0], rel=1e-9)


def test_the_loss_of_a_weighted_fit_is_the_weighted_mean(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    weigh(rows, WEIGHTS)
    done = train(linreg, f"w.csv {AB} --weights w --solver exact")
    table = numbers(rows, "a b y")
    fitted = sm.WLS(table[:, 2], sm.add_constant(table[:, :2]), weights=WEIGHTS).fit()
    loss = np.average(fitted.resid**2, weights=WEIGHTS)
    assert model()["training"]["loss"] == pytest.approx(loss, rel=1e-12)
    lines = dict(line.rsplit(" ", 1) for line in done.stderr.splitlines()[-3:-1])
    assert float(lines["R²"]) == pytest.approx(fitted.rsquared, rel=1e-6)
    assert float(lines["RMSE"]) == pytest.approx(np.sqrt(loss), rel=1e-6)


def test_a_whole_weight_is_as_good_as_so_many_rows(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    counts = [1 + i % 4 for i in range(N)]
    weigh(rows, counts)
    write("many.csv", [row for row, count in zip(rows, counts, strict=True) for _ in range(count)])
    train(linreg, f"w.csv {AB} --weights w {EXACT}")
    weighted = model()
    train(linreg, f"many.csv {AB} {EXACT}")
    for name in ("m", "b"):
        assert weighted[name] == model()[name]
    assert weighted["training"]["loss"] == model()["training"]["loss"]


def test_only_the_proportions_of_weights_matter_to_the_fit(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    weigh(rows, WEIGHTS)
    weigh(rows, [f"{weight}e-9" for weight in WEIGHTS], "tiny.csv")
    train(linreg, f"w.csv {AB} --weights w {EXACT}")
    expected = model()
    train(linreg, f"tiny.csv {AB} --weights w {EXACT}")
    assert [model()[name] for name in ("m", "b")] == [expected[name] for name in ("m", "b")]


def test_gradient_descent_finds_the_weighted_fit(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    weigh(rows, WEIGHTS)
    train(linreg, f"w.csv {AB} --weights w {EXACT}")
    expected = model()
    train(linreg, f"w.csv {AB} --weights w -q")
    assert model()["training"]["stopped"] == "converged"
    np.testing.assert_allclose(list(model()["m"].values()), list(expected["m"].values()), rtol=1e-9)
    assert model()["training"]["best_loss"] == expected["training"]["loss"]


def test_a_weight_of_0_leaves_the_row_out(linreg: Linreg, rows: list[dict[str, str]]) -> None:
    weigh(rows, [0 if i % 5 == 0 else w for i, w in enumerate(WEIGHTS)])
    kept = [i for i in range(N) if i % 5]
    weigh([rows[i] for i in kept], [WEIGHTS[i] for i in kept], "kept.csv")
    done = train(linreg, f"w.csv {AB} --weights w --solver exact")
    assert done.stderr.startswith("w.csv: 40 rows read, 32 used, 8 of weight 0\n")
    train(linreg, f"kept.csv {AB} --weights w {EXACT} -o kept.json")
    assert Path("kept.json").read_bytes() == Path("model.json").read_bytes()


def test_a_missing_weight_leaves_the_row_out_and_is_counted(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    weigh(rows, ["" if i < 3 else w for i, w in enumerate(WEIGHTS)])
    done = train(linreg, f"w.csv {AB} --weights w --solver exact")
    assert done.stderr.startswith("w.csv: 40 rows read, 37 used, 3 left out (missing cells: w 3)\n")


def test_the_model_keeps_the_name_of_the_weights(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    weigh(rows, WEIGHTS)
    train(linreg, f"w.csv {AB} --weights w {EXACT}")
    stored = model()["moments"]["weights"]
    assert stored["column"] == "w"
    assert Fraction(int(stored["total"]), 10 ** stored["decimals"]) == sum(map(Fraction, WEIGHTS))
    logs = int(stored["logarithms"]) / 2**64
    assert logs == pytest.approx(np.log(WEIGHTS).sum(), rel=1e-13)


def test_weighted_rows_are_in_the_parts_that_their_values_say(
    linreg: Linreg, rows: list[dict[str, str]]
) -> None:
    weigh(rows, WEIGHTS)
    shuffled = list(range(N))
    random.Random(3).shuffle(shuffled)  # noqa: S311  # no secret
    weigh([rows[i] for i in shuffled], [f"{WEIGHTS[i]}0" for i in shuffled], "other.csv")
    for options in ("--test-fraction 0.3", "--folds 3 --l2 0,1"):
        train(linreg, f"w.csv {AB} --weights w {EXACT} {options}")
        train(linreg, f"other.csv {AB} --weights w {EXACT} {options} -o other.json")
        assert Path("other.json").read_bytes() == Path("model.json").read_bytes()


def test_a_weight_can_have_any_number_of_digits(linreg: Linreg, rows: list[dict[str, str]]) -> None:
    huge = [f"1{'0' * 30}.{'0' * 20}{i + 1}" for i in range(N)]
    weigh(rows, huge)
    train(linreg, f"w.csv {AB} --weights w {EXACT}")
    X, y = fractions(rows, "a b"), [row[0] for row in fractions(rows, "y")]
    expected = ridge(X, y, Fraction(), weights=list(map(Fraction, huge)))
    assert [model()["b"], *model()["m"].values()] == list(map(float, expected))


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


# the words for it


WORDS = [
    "linreg show", "linreg evaluate", "--test-fraction", "--folds", "--weights", "--rejects",
    "--l2", "--interval", "--confidence", "--flag-extrapolation", "--fail-if", "--check-drift",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_the_readme_tells_of_every_command_and_option(word: str) -> None:
    assert word in README.read_text(encoding="utf-8")
