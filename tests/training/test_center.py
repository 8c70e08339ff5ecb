"""The center of a model: predictions are right however far from 0 the features lie."""

import json
import math
import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli.exact.decimals import ExactDecimal, parse
from linreg_cli.exact.plane_values import predict_row
from linreg_cli.model.model import Model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.split import SplitMoments
from linreg_cli.statistics.row_errors import RowErrors
from linreg_cli.training.centers import center_text, centers_of
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.descent_run import run_descent
from linreg_cli.training.make_model import descended_model
from linreg_cli.training.problem import set_up
from linreg_cli.training.saved_weights import distance_from_fit, has_intercept_too_coarse
from tests.conftest import Linreg, Result
from tests.model_texts import to_json
from tests.models import Rows, exact_line, learn, plain_moments, weighted_moments
from tests.oracles import least_squares, squared_error

START = 17 * 10**17
"""An epoch in nanoseconds: the steps of float64 are 256 there."""
FAR = st.sampled_from([0, 10**6, 1_700_000_000, START, -START, 10**30])
SMALL = st.integers(-300, 300)
NANOSECONDS = [(str(START + i * 37 % 406), str(3 * (i * 37 % 406) + 5)) for i in range(60)]


@st.composite
def far_rows(draw: st.DrawFn, features: int) -> Rows:
    """Rows whose features lie far from 0 and span little."""
    bases = [draw(FAR) for _ in range(features)]
    row = st.lists(SMALL, min_size=features + 1, max_size=features + 1)
    drawn = draw(st.lists(row, min_size=features + 2, max_size=12))
    places = draw(st.integers(0, 3))
    return [
        [
            *(decimal(base * 10**places + x, places) for base, x in zip(bases, x, strict=True)),
            str(y),
        ]
        for *x, y in drawn
    ]


def decimal(integer: int, places: int) -> str:
    return str(ExactDecimal(integer, places))


def design(rows: Rows, *, has_intercept: bool = True) -> list[list[Fraction]]:
    return [[Fraction(1)] * has_intercept + list(map(Fraction, row[:-1])) for row in rows]


def targets(rows: Rows) -> list[Fraction]:
    return [Fraction(row[-1]) for row in rows]


def is_unique(rows: Rows) -> bool:
    """Return whether the columns are independent, and not nearly dependent."""
    problem = set_up(SplitMoments(moments=plain_moments(rows)), Settings())
    if not problem.solution.is_unique:
        return False
    rates = prepare_descent(problem).rates
    return rates.largest < 1e4 * rates.smallest


def predicted(model: Model, rows: Rows) -> list[float]:
    return [predict_row(model.plane, [parse(cell) for cell in row[:-1]]) for row in rows]


def fitted(rows: Rows) -> list[Fraction]:
    """Predict with the exact least-squares solution."""
    X = design(rows)
    weights = least_squares(X, targets(rows))
    return [sum((w * x for w, x in zip(weights, row, strict=True)), Fraction()) for row in X]


def descend(rows: Rows, **asked: Any) -> Model:
    problem = set_up(SplitMoments(moments=plain_moments(rows)), Settings(**asked))
    descent = prepare_descent(problem)
    return descended_model(problem, descent, run_descent(descent, lambda _: None))


# predictions


@given(st.integers(1, 3).flatmap(far_rows))
def test_the_exact_solver_predicts_what_the_exact_fit_predicts(rows: Rows) -> None:
    assume(is_unique(rows))
    size = max(map(abs, targets(rows))) + 1
    for found, wanted in zip(
        predicted(learn(plain_moments(rows)), rows), fitted(rows), strict=True
    ):
        assert abs(Fraction(found) - wanted) <= size / 10**12


@given(st.integers(1, 2).flatmap(far_rows))
def test_a_descent_predicts_what_the_exact_fit_predicts(rows: Rows) -> None:
    assume(is_unique(rows))
    model = descend(rows)
    assume(model.training.stopped == "converged")
    size = max(map(abs, targets(rows))) + 1
    for found, wanted in zip(predicted(model, rows), fitted(rows), strict=True):
        assert abs(Fraction(found) - wanted) <= size / 10**10


@given(st.integers(1, 3).flatmap(far_rows))
def test_the_losses_in_the_file_are_those_of_its_predictions(rows: Rows) -> None:
    assume(is_unique(rows))
    model = learn(plain_moments(rows))
    error = squared_error(design(rows), targets(rows), exact_line(model))
    assert model.training.loss == float(error / len(rows))
    assert math.isclose(model.training.loss, model.training.best_loss, rel_tol=1e-9, abs_tol=1e-9)
    assert distance_from_fit(model) < 1e-3 or model.training.best_loss < 1e-15


@given(far_rows(1), st.randoms(use_true_random=False))
def test_equal_rows_give_equal_bytes_in_any_order(rows: Rows, order: random.Random) -> None:
    assume(is_unique(rows))
    shuffled = list(rows)
    order.shuffle(shuffled)
    half = len(rows) // 2
    merged = plain_moments(shuffled[half:]) + plain_moments(shuffled[:half])
    assert to_json(learn(merged)) == to_json(learn(plain_moments(rows)))


# the center


@given(st.integers(1, 3).flatmap(far_rows))
def test_a_center_is_near_the_mean_and_short(rows: Rows) -> None:
    for j, center in enumerate(centers_of(plain_moments(rows))):
        values = [Fraction(row[j]) for row in rows]
        mean = sum(values, Fraction()) / len(values)
        variance = sum(((x - mean) ** 2 for x in values), Fraction()) / len(values)
        away = Fraction(*center.as_integer_ratio()) - mean
        assert away**2 <= variance / 4 or not variance
        assert variance or abs(away) <= abs(mean) / 10**29
        if variance:  # no digit finer than a tenth of the spread
            step = Fraction(1, 10**center.decimals)
            assert center.decimals == 0 or step * step * 100 > variance


@pytest.mark.parametrize(
    ("cells", "center"),
    [
        (["500", "1000", "1500", "2000", "2500"], "1500"),
        (["2001", "2003", "2008"], "2004"),
        (["0", "1", "0", "0"], "0.2"),  # 0.25, and half goes to even
        (["-3", "3"], "0"),
        (["7.125", "7.125"], "7.125"),
        (["0", "0"], "0"),
        (["1e300", "3e300"], "2e300"),
        (["1e-300", "3e-300"], "2e-300"),
        (["0", "5e-324"], "0"),  # 2.5e-324, whose only digit is no float64
        (["1.7976931348623157e308"] * 9999 + ["1.797e308"], "1.797693e308"),
    ],
)
def test_the_center_of_a_column(cells: Sequence[str], center: str) -> None:
    rows = [(cell, str(i)) for i, cell in enumerate(cells)]
    (found,) = centers_of(plain_moments(rows))
    assert Fraction(*found.as_integer_ratio()) == Fraction(center)


def test_a_center_is_near_the_weighted_mean() -> None:
    moments = weighted_moments([("10", "1"), ("20", "2"), ("30", "4")], ["1", "1", "98"])
    assert centers_of(moments) == (ExactDecimal(30, 0),)


def test_digits_of_a_column_never_make_a_center_that_cannot_be_read() -> None:
    cells = ["1." + "3" * 998, "1." + "3" * 997 + "4"]
    for some in (cells, [*cells, "-1e-300"], [*cells, "1e-307"] * 50, ["1e-307", "2e-307"]):
        (center,) = centers_of(plain_moments([(cell, "1") for cell in some]))
        assert Fraction(*parse(center_text(center)).as_integer_ratio()) == Fraction(
            *center.as_integer_ratio()
        )


# without an intercept


@given(far_rows(1))
def test_one_feature_without_intercept_predicts_0_at_0(rows: Rows) -> None:
    assume(any(int(Fraction(row[0])) for row in rows))
    model = learn(plain_moments(rows), intercept=False)
    assert model.center == {"x0": "0"}
    assert predict_row(model.plane, [ExactDecimal(0, 0)]) == 0.0


def test_ordinary_features_without_intercept_keep_their_zero() -> None:
    rows = [("1", "2", "3"), ("2", "5", "4"), ("4", "1", "9"), ("3", "3", "7")]
    model = learn(plain_moments(rows), intercept=False)
    assert (model.center, model.value_at_center) == ({"x0": "0", "x1": "0"}, 0.0)


@pytest.mark.parametrize("noise", [0, 7])
def test_a_constant_column_takes_the_place_of_the_intercept(noise: int) -> None:
    rows = [("1", x, str(int(y) + noise * (-1) ** int(x))) for x, y in NANOSECONDS]
    model = learn(plain_moments(rows), intercept=False)
    X, y = design(rows, has_intercept=False), targets(rows)
    weights = least_squares(X, y)
    for row, found in zip(X, predicted(model, rows), strict=True):
        wanted = sum(w * x for w, x in zip(weights, row, strict=True))
        assert abs(Fraction(found) - wanted) < Fraction(1, 10**10)
    assert has_intercept_too_coarse(model)


# what is said


def moments_of_line(base: int, *, noise: Fraction, step: Fraction = Fraction(1)) -> Moments:
    rows = [
        (str(base + 7 * i), f"{float(3 * 7 * i * step + noise * (-1) ** i):.12f}")
        for i in range(40)
    ]
    return plain_moments(rows)


@pytest.mark.parametrize(
    ("base", "noise", "coarse"),
    [
        (0, "1", False),
        (2000, "0.01", False),
        (1_700_000_000, "1", False),
        (1_700_000_000_000_000, "0.006", True),  # epoch microseconds
        (1_700_000_000_000_000, "100000", False),
        (START, "0.006", True),
        (START, "0", True),
        (0, "0", False),
    ],
)
def test_an_intercept_is_called_too_coarse_where_it_is(
    base: int, noise: str, *, coarse: bool
) -> None:
    assert has_intercept_too_coarse(learn(moments_of_line(base, noise=Fraction(noise)))) == coarse


# from the shell


@pytest.fixture
def nanoseconds(folder: Path) -> None:
    text = "\n".join(["t,v", *map(",".join, NANOSECONDS), ""])
    (folder / "ns.csv").write_text(text)


def run_linreg(linreg: Linreg, command: str) -> Result:
    done = linreg(*command.split())
    assert done.status == 0, done.stderr
    return done


EQUATION = "v = 3 × (t - 1700000000000000200) + 605"


@pytest.mark.usefixtures("nanoseconds")
def test_nanoseconds_are_predicted(linreg: Linreg) -> None:
    trained = run_linreg(linreg, "train ns.csv --x t --y v --solver exact")
    warnings = [line for line in trained.stderr.splitlines() if line.startswith("Warning")]
    assert [line.endswith(f": {EQUATION}") for line in warnings] == [True]
    predict = "predict model.json 1700000000000000000"
    assert run_linreg(linreg, predict).stdout == "5.0\n"
    assert (
        run_linreg(linreg, f"{predict[:-3]}100 --interval 0.95").stdout == "305.0\t305.0\t305.0\n"
    )
    shown = run_linreg(linreg, "show model.json").stdout
    figures = [line.split() for line in shown.splitlines()]
    assert ["loss", "0"] in figures
    assert ["R²", "1"] in figures
    assert EQUATION in " ".join(shown.split())
    measured = json.loads(run_linreg(linreg, "evaluate model.json ns.csv --json").stdout)
    assert (measured["coverage"], measured["mae"], measured["largest_error"]["error"]) == (1, 0, 0)
    rows = run_linreg(linreg, "predict model.json ns.csv --only").stdout.splitlines()
    assert rows == [f"{int(y)}.0" for _, y in NANOSECONDS]


@pytest.mark.usefixtures("nanoseconds")
def test_a_descent_on_nanoseconds_predicts_them(linreg: Linreg) -> None:
    run_linreg(linreg, "train ns.csv --x t --y v")
    rows = run_linreg(linreg, "predict model.json ns.csv --only").stdout.splitlines()
    assert [abs(float(row) - int(y)) < 1e-8 for row, (_, y) in zip(rows, NANOSECONDS, strict=True)]
    assert (
        max(abs(float(row) - int(y)) for row, (_, y) in zip(rows, NANOSECONDS, strict=True)) < 1e-8
    )


@pytest.mark.usefixtures("nanoseconds")
@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_updated_merged_and_refitted_models_keep_the_center_right(
    linreg: Linreg, solver: str
) -> None:
    header, *lines = Path("ns.csv").read_text().splitlines()
    for name, part in (("a", lines[:25]), ("b", lines[25:])):
        Path(f"{name}.csv").write_text("\n".join([header, *part, ""]))
        run_linreg(linreg, f"train {name}.csv --x t --y v --solver {solver} -o {name}.json")
    run_linreg(linreg, f"train ns.csv --x t --y v --solver {solver} -o whole.json")
    run_linreg(linreg, "merge a.json b.json -o merged.json")
    run_linreg(linreg, f"train whole.json --solver {solver} -o again.json")
    run_linreg(linreg, "update a.json b.csv")
    whole = json.loads(Path("whole.json").read_text())
    for name in ("merged", "again", "a"):
        assert json.loads(Path(f"{name}.json").read_text()) == whole


def test_microseconds_in_nanoseconds_with_a_small_error(linreg: Linreg, folder: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # rows, not secrets
    rows = [
        (str(START + 1000 * i), f"{0.002 * i + chance.gauss(0, 0.006):.6f}") for i in range(200)
    ]
    (folder / "us.csv").write_text("\n".join(["t,v", *map(",".join, rows), ""]))
    for solver in ("exact", "gradient-descent"):
        done = run_linreg(linreg, f"train us.csv --x t --y v --solver {solver}")
        assert (
            "Warning: b + m·x, rounded to 64-bit floats, is not exact enough for this fit"
            in done.stderr
        )
        found = run_linreg(linreg, "predict model.json us.csv --only").stdout.split()
        worst = max(abs(Fraction(a) - b) for a, b in zip(found, fitted(rows), strict=True))
        assert worst < Fraction(1, 10**9)
        measured = json.loads(run_linreg(linreg, "evaluate model.json us.csv --json").stdout)
        assert 0.9 < measured["coverage"] <= 1
        assert "away from the fit" not in run_linreg(linreg, "show model.json").stdout


def test_errors_of_rows_are_those_about_the_center() -> None:
    import numpy as np

    from tests.strategies import block_of

    errors = RowErrors(model=learn(plain_moments(NANOSECONDS)), uncertainty=None)
    block = block_of(NANOSECONDS)
    errors.add(block, np.ones(60), np.arange(60).item, "ns.csv")
    assert errors.mae == 0
