"""linreg train: rows with weights."""

import random
import shlex
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from tests.commands.validation_runs import (
    AB,
    EXACT,
    N,
    fractions,
    model,
    numbers,
    train,
    write,
)
from tests.conftest import Linreg
from tests.references import real_data, ridge, wls

pytestmark = pytest.mark.usefixtures("rows")


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
