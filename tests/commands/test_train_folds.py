"""linreg train: cross-validation, and a penalty chosen by it."""

import shlex
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import mean_squared_error, r2_score

from linreg_cli.moments.split import Split
from tests import oracles
from tests.commands.validation_runs import (
    AB,
    EXACT,
    MARKED,
    N,
    fractions,
    members,
    model,
    rows_of_test_part,
    train,
    write,
)
from tests.conftest import Linreg, Result
from tests.references import real_data, ridge, root
from tests.strategies import block_of

pytestmark = pytest.mark.usefixtures("rows")


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
    assert for_testing == rows_of_test_part(linreg, "--test-fraction 0.4")
    assert "cross-validation, exact fits, 3 folds of the training part\n" in done.stderr
    # the rows for testing have no part in choosing the penalty
    write("rest.csv", [rows[i] for i in training])
    expected = [score_by_loop(rows, folds, l2) for l2 in ("0", "1")]
    assert found["training"]["cross_validation"] == expected
    best = min(expected, key=lambda candidate: candidate["rmse"])["l2"]
    assert found["training"]["l2"] == best
    train(linreg, f"rest.csv {MARKED} --l2 {best} --solver {solver} -q")
    assert (found["m"], found["b"]) == (model()["m"], model()["b"])


def test_the_report_has_a_line_for_each_fold_the_mean_and_the_standard_deviation(
    linreg: Linreg,
) -> None:
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
    assert table[6] == ["std.", "dev.", f"{stdev(rmse):.7g}", f"{stdev(r2):.7g}"]


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
