"""linreg predict: residuals, leverages, Cook's distances, and how many digits they have."""

import csv
import gzip
import io
import json
import shlex
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, strategies as st
from statsmodels.stats.outliers_influence import OLSInfluence

from linreg_cli import native
from linreg_cli.exact.number_texts import Notation
from linreg_cli.prediction.influence import CooksDistance
from tests.conftest import Linreg
from tests.exactly import Exactly
from tests.models import learn, plain_moments, weighted_moments
from tests.references import decimal, ols, real_data, wls
from tests.strategies import block_of

ALL = "--residuals --leverage --cooks-distance"
ROWS = [("1.5", "2", "3.5"), ("2", "1", "5.1"), ("3", "5", "9.25"), ("4", "2", "8.3"),
        ("5", "7", "12.9"), ("9", "1", "20")]  # fmt: skip
WEIGHTS = ["1", "0.5", "3", "2", "0.25", "1"]


def write(path: str, rows: Sequence[Sequence[str]], header: str = "a,b,y") -> None:
    Path(path).write_text("\n".join([header, *map(",".join, rows), ""]))


def run(linreg: Linreg, command: str) -> str:
    done = linreg(*shlex.split(command))
    assert done.status == 0, done.stderr
    return done.stdout


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def model(linreg: Linreg) -> str:
    write("d.csv", ROWS)
    run(linreg, "train d.csv --x a --x b --y y --solver exact -q")
    return "model.json"


# against statsmodels


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("is_weighted", [False, True])
@pytest.mark.parametrize("name", ["stackloss", "statecrime", "ccard", "longley"])
def test_the_columns_are_those_of_statsmodels(
    linreg: Linreg, name: str, *, is_weighted: bool, intercept: bool
) -> None:
    data = real_data(name)
    frame, options = data.frame, "" if intercept else "--no-intercept"
    if is_weighted:
        frame = frame.assign(w=list(map(float, data.spread_weights())))
        options += " --weights w"
    frame.to_csv("d.csv", index=False)
    run(linreg, f"train d.csv {shlex.join(data.arguments())} --solver exact -q {options}")
    found = [row[-4:] for row in table(run(linreg, f"predict model.json d.csv {ALL}"))]
    column = f"predicted_{data.target}"
    assert found[0] == [
        column, f"{column}_residual", f"{column}_leverage", f"{column}_cooks_distance"
    ]  # fmt: skip
    numbers = np.array(found[1:], dtype=float)
    fitted = (wls if is_weighted else ols)(data, has_intercept=intercept)
    # the leverage of WLS in statsmodels has the root of the weight, so that they add up to no count
    # of weights; that of the rows times the root of their weight is the one in R
    influence = OLSInfluence(sm.OLS(fitted.model.wendog, fitted.model.wexog).fit())
    rtol = 1e-6 if name == "longley" else 1e-9  # of float64 in statsmodels
    np.testing.assert_allclose(numbers[:, 1], fitted.resid, rtol=rtol, atol=1e-9 * data.y.std())
    np.testing.assert_allclose(numbers[:, 2], influence.hat_matrix_diag, rtol=rtol)
    assert numbers[:, 2].sum() == pytest.approx(len(fitted.params), rel=1e-12)
    np.testing.assert_allclose(numbers[:, 3], influence.cooks_distance[0], rtol=1e-5, atol=1e-12)


# against fractions


def distances(
    rows: Sequence[Sequence[str]], weights: Sequence[str] = (), *, has_intercept: bool
) -> list[float]:
    """Fit again without each row, and compare all predictions: what the distance is defined as."""
    whole = Exactly.of(rows, weights, has_intercept=has_intercept)
    fitted = whole.solution()

    def predict(x: Sequence[Fraction], by: Sequence[Fraction]) -> Fraction:
        return sum((a * b for a, b in zip(x, by, strict=True)), Fraction())

    squares = [
        count * (y - predict(x, fitted)) ** 2
        for x, y, count in zip(whole.X, whole.y, whole.counts, strict=True)
    ]
    variance = sum(squares, Fraction()) / (len(rows) - len(fitted))
    found = []
    for i in range(len(rows)):
        kept = [j for j in range(len(rows)) if j != i]
        without = Exactly.of(
            [rows[j] for j in kept],
            [weights[j] for j in kept] if weights else (),
            has_intercept=has_intercept,
        ).solution()
        moved = [
            count * (predict(x, fitted) - predict(x, without)) ** 2
            for x, count in zip(whole.X, whole.counts, strict=True)
        ]
        found.append(float(sum(moved, Fraction()) / (len(fitted) * variance)))
    return found


FAR = [*ROWS, ("1e9", "3", "-4")]
NEARLY_COLLINEAR = [
    (a, str(decimal(Fraction(a) * 2 + Fraction(i % 3, 10**12))), y)
    for i, (a, _, y) in enumerate(ROWS)
]


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("weights", [(), WEIGHTS])
@pytest.mark.parametrize("rows", [ROWS, FAR, NEARLY_COLLINEAR])
def test_a_distance_is_how_far_the_fit_without_the_row_predicts_from_the_fit_with_it(
    rows: list[tuple[str, ...]], weights: Sequence[str], *, has_intercept: bool
) -> None:
    weights = (list(weights) * 2)[: len(rows)]
    moments = weighted_moments(rows, weights) if weights else plain_moments(rows)
    found = CooksDistance.of(learn(moments, intercept=has_intercept))
    cells = [(*row, w) for row, w in zip(rows, weights, strict=True)] if weights else rows
    expected = distances(rows, weights, has_intercept=has_intercept)
    np.testing.assert_allclose(found.of_rows(block_of(cells)), expected, rtol=1e-11)


def test_a_residual_is_rounded_once(linreg: Linreg) -> None:
    write("d.csv", [(str(x), f"{3 * x + x % 7}.1") for x in range(10**15, 10**15 + 9)], "x,y")
    run(linreg, "train d.csv --x x --y y --solver exact -q")
    stored: Any = json.loads(Path("model.json").read_bytes())
    m, b = Fraction(stored["m"]), Fraction(stored["b"])
    if "value_at_center" in stored:
        center = Fraction(stored["center"]["x"])
        b = Fraction(stored["value_at_center"]) - m * center
    found = table(run(linreg, "predict model.json d.csv --residuals"))
    assert [row[3] for row in found[1:]] == [
        repr(float(Fraction(y) - b - m * Fraction(x))) for x, y, *_ in found[1:]
    ]


# cells and files


def test_a_missing_target_leaves_its_columns_empty(linreg: Linreg, model: str) -> None:
    expected = table(run(linreg, f"predict {model} d.csv {ALL}"))
    write("gaps.csv", [*ROWS[:2], ("3", "5", ""), ("", "1", "1"), *ROWS[3:]])
    done = linreg("predict", model, "gaps.csv", *ALL.split())
    assert done.status == 0
    assert done.stderr == "Warning: 1 row without a prediction: a 1\n"
    found = table(done.stdout)
    assert found[3] == ["3", "5", "", expected[3][3], "", expected[3][5], ""]
    assert found[4] == ["", "1", "1", "", "", "", ""]
    assert found[1:3] + found[5:] == expected[1:3] + expected[4:]


def test_a_missing_weight_leaves_its_columns_empty(linreg: Linreg) -> None:
    rows = [(*row, weight) for row, weight in zip(ROWS, WEIGHTS, strict=True)]
    write("w.csv", rows, "a,b,y,w")
    run(linreg, "train w.csv --x a --x b --y y --weights w --solver exact -q")
    expected = table(run(linreg, f"predict model.json w.csv {ALL}"))
    write("gaps.csv", [(*ROWS[0], ""), ("1.5", "2", "", "1"), *rows[2:]], "a,b,y,w")
    found = table(run(linreg, f"predict model.json gaps.csv {ALL}"))
    assert found[1][4:] == [*expected[1][4:6], "", ""]
    assert found[2][4:] == [expected[1][4], "", expected[1][6], ""]
    assert found[3:] == expected[3:]
    # the residual needs no weight
    write("plain.csv", ROWS)
    residuals = table(run(linreg, "predict model.json plain.csv --residuals"))
    assert [row[-1] for row in residuals[1:]] == [row[5] for row in expected[1:]]
    lacking = linreg("predict", "model.json", "plain.csv", "--leverage")
    assert lacking.status == 3
    assert "no column 'w'" in lacking.stderr
    write("negative.csv", [*rows, ("1", "1", "1", "-0.5")], "a,b,y,w")
    negative = linreg("predict", "model.json", "negative.csv", "--leverage")
    assert negative.status == 3
    assert "negative.csv, line 8: the weight -0.5 is negative\n" in negative.stderr


def test_a_target_that_is_not_there_is_an_error(linreg: Linreg, model: str) -> None:
    write("new.csv", [("1", "2")], "a,b")
    for option in ("--residuals", "--cooks-distance"):
        done = linreg("predict", model, "new.csv", option)
        assert (done.status, done.stdout) == (3, "")
        assert done.stderr == (
            "Error: new.csv: no column 'y'; the columns are a, b\n"
            "Hint: The model needs the columns a, b, y.\n"
        )


def test_a_target_that_is_text_is_an_error_or_set_aside(linreg: Linreg, model: str) -> None:
    write("bad.csv", [*ROWS[:2], ("1", "1", "text"), *ROWS[2:]])
    done = linreg("predict", model, "bad.csv", "--residuals")
    assert done.status == 3
    assert "bad.csv, line 4, column 'y': 'text' is not a number" in done.stderr
    found = run(linreg, f"predict {model} bad.csv --residuals --rejects r.csv")
    assert found == run(linreg, f"predict {model} d.csv --residuals")
    assert len(table(Path("r.csv").read_text())) == 2
    # without residuals nobody asks for the target
    assert len(table(run(linreg, f"predict {model} bad.csv"))) == len(ROWS) + 2


def test_other_files_hold_the_same_numbers(
    linreg: Linreg, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = table(run(linreg, f"predict {model} d.csv {ALL} --interval 0.9"))
    Path("d.csv.gz").write_bytes(gzip.compress(Path("d.csv").read_bytes()))
    assert table(run(linreg, f"predict {model} d.csv.gz {ALL} --interval 0.9")) == expected
    write("one.csv", ROWS[:2])
    write("two.csv", ROWS[2:])
    assert table(run(linreg, f"predict {model} one.csv two.csv {ALL} --interval 0.9")) == expected
    only = run(linreg, f"predict {model} d.csv {ALL} --interval 0.9 --only")
    assert [line.split("\t") for line in only.splitlines()] == [row[3:] for row in expected[1:]]
    Path("comma.csv").write_text(Path("d.csv").read_text().replace(",", ";").replace(".", ","))
    comma = run(linreg, f"predict {model} comma.csv {ALL} --interval 0.9 --decimal ,")
    assert comma.splitlines()[1:] == [";".join(row).replace(".", ",") for row in expected[1:]]
    bare = "".join(f"{','.join(row)}\n" for row in ROWS)
    Path("bare.csv").write_text(bare)
    assert run(linreg, f"predict {model} bare.csv {ALL} --interval 0.9") == only
    monkeypatch.setattr(native, "IS_AVAILABLE", False)
    assert table(run(linreg, f"predict {model} d.csv {ALL} --interval 0.9")) == expected


def test_a_column_of_the_same_name_is_an_error(linreg: Linreg, model: str) -> None:
    write("taken.csv", [(*row, "1") for row in ROWS], "a,b,y,predicted_y_leverage")
    done = linreg("predict", model, "taken.csv", "--leverage")
    assert done.status == 2
    assert "taken.csv has a column 'predicted_y_leverage' already" in done.stderr
    found = table(run(linreg, f"predict {model} taken.csv --leverage --column p"))
    assert found[0][-2:] == ["p", "p_leverage"]


def test_typed_values_have_a_leverage(linreg: Linreg, model: str) -> None:
    exact = Exactly.of(ROWS).leverage([Fraction(1), Fraction(3), Fraction(4)])
    found = run(linreg, f"predict {model} 3 4 --leverage").split()
    assert float(found[1]) == pytest.approx(float(exact), rel=1e-14)


# what has no such numbers


def test_a_row_without_which_there_is_no_fit_has_no_distance(linreg: Linreg) -> None:
    rows = [("1", "0", "1"), ("2", "0", "2.5"), ("3", "0", "3"), ("4", "0", "4.5"), ("2", "1", "9")]
    write("d.csv", rows)
    run(linreg, "train d.csv --x a --x b --y y --solver exact -q")
    found = table(run(linreg, "predict model.json d.csv --leverage --cooks-distance"))
    assert float(found[-1][-2]) == pytest.approx(1)
    assert found[-1][-1] == ""
    assert all(row[-1] for row in found[1:-1])


def test_a_perfect_fit_has_no_distances(linreg: Linreg, houses: Path) -> None:
    run(linreg, f"train {houses.name} --x square_feet --y price --solver exact -q")
    done = linreg("predict", "model.json", houses.name, "--cooks-distance")
    assert (done.status, done.stdout) == (5, "")
    assert done.stderr == (
        "Error: no Cook's distance: the residual standard error is 0, since the fit is perfect\n"
        "Hint: Leave out --cooks-distance.\n"
    )


def test_two_rows_have_leverages_but_no_distances(linreg: Linreg) -> None:
    write("two.csv", [("1", "2"), ("3", "7")], "x,y")
    run(linreg, "train two.csv --x x --y y --solver exact -q")
    found = table(run(linreg, "predict model.json two.csv --leverage --flag-extrapolation"))
    assert [float(row[3]) for row in found[1:]] == pytest.approx([1, 1])
    done = linreg("predict", "model.json", "two.csv", "--cooks-distance")
    assert done.status == 5
    assert "2 rows leave no degrees of freedom for 2 weights" in done.stderr


def test_a_ridge_model_is_refused_with_a_command_that_makes_one_without(
    linreg: Linreg, model: str
) -> None:
    run(linreg, "train d.csv --x a --x b --y y --l2 0.5 --solver exact -q -o ridge.json")
    for option in ("--leverage", "--cooks-distance"):
        done = linreg("predict", "ridge.json", "d.csv", option)
        assert (done.status, done.stdout) == (2, "")
        error, hint = done.stderr.splitlines()
        assert error == (
            f"Error: {option} is defined for least squares only, "
            "and the model was trained with --l2 0.5"
        )
        run(linreg, hint.removeprefix("Hint: linreg ") + " -q")
        assert run(linreg, f"predict least-squares.json d.csv {option}") == run(
            linreg, f"predict {model} d.csv {option}"
        )
    assert linreg("predict", "ridge.json", "d.csv", "--residuals").status == 0


def test_distances_of_weights_that_are_not_the_fit_are_told(linreg: Linreg, model: str) -> None:
    run(linreg, "train d.csv --x a --x b --y y --epochs 3 -q -o early.json")
    done = linreg("predict", "early.json", "d.csv", "--cooks-distance")
    assert done.stderr.startswith(
        "Warning: Cook's distances are those of the least-squares fit, but training was out of"
    )
    exact = table(run(linreg, f"predict {model} d.csv --cooks-distance"))
    assert [row[-1] for row in table(done.stdout)] == [row[-1] for row in exact]


# digits


@pytest.mark.parametrize("digits", [1, 2, 5, 9, 15, 16, 17])
def test_digits_are_those_of_the_exact_numbers(linreg: Linreg, model: str, digits: int) -> None:
    stored: Any = json.loads(Path(model).read_bytes())
    m = list(map(Fraction, stored["m"].values()))
    if "value_at_center" in stored:
        centers = map(Fraction, stored["center"].values())
        b = Fraction(stored["value_at_center"]) - sum(
            slope * center for slope, center in zip(m, centers, strict=True)
        )
    else:
        b = Fraction(stored["b"])
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    found = table(run(linreg, f"predict {model} d.csv --residuals --digits {digits}"))
    for row in found[1:]:
        *x, y = map(Fraction, row[:3])
        prediction = b + sum(slope * value for slope, value in zip(m, x, strict=True))
        for text, exact in zip(row[3:], (prediction, y - prediction), strict=True):
            wanted = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
            assert Decimal(text) == wanted
            assert len(Decimal(text).normalize().as_tuple().digits) <= digits


def test_a_tie_goes_to_the_even_digit(linreg: Linreg) -> None:
    write("d.csv", [("0", "0"), ("1", "1"), ("2", "2")], "x,y")
    run(linreg, "train d.csv --x x --y y --solver exact -q")
    x = ["0.5", "1.5", "2.5", "0.25", "0.35", "-0.25", "12500", "0.000025"]
    found = run(linreg, f"predict model.json {' '.join(x)} --digits 1 -q").splitlines()
    assert found == ["0.5", "2", "2", "0.2", "0.4", "-0.2", "10000", "2e-05"]
    # just above a tie, where the nearest float64 is the tie itself
    above = ["0.25000000000000000000001", "1250000000000000000000.1"]
    found = run(linreg, f"predict model.json {' '.join(above)} --digits 1 -q").splitlines()
    assert found == ["0.3", "1e+21"]
    found = run(linreg, f"predict model.json {above[1]} --digits 2 -q").splitlines()
    assert found == ["1.3e+21"]


@given(st.floats(-1e308, 1e308), st.integers(1, 17))
def test_a_number_is_written_to_the_digits_and_as_python_would(number: float, digits: int) -> None:
    [text] = Notation(digits=digits).texts([number])
    assert Decimal(text) == Decimal(f"{number:.{digits - 1}e}")
    assert ("e" in text) == ("e" in repr(float(text)))
    assert text.lstrip("-").isdigit() or "e" in text or not text.endswith("0")


def test_all_added_numbers_have_the_digits(linreg: Linreg, model: str) -> None:
    options = f"{ALL} --interval 0.9 --confidence 0.9 --flag-extrapolation"
    everything = table(run(linreg, f"predict {model} d.csv {options}"))
    short = table(run(linreg, f"predict {model} d.csv {options} --digits 3"))
    assert short[0] == everything[0]
    for row, full in zip(short[1:], everything[1:], strict=True):
        assert row[:3] == full[:3]
        assert row[-1] == full[-1] == "inside"
        assert [float(cell) for cell in row[3:-1]] == [float(f"{float(c):.3g}") for c in full[3:-1]]
    typed = run(linreg, f"predict {model} 3 4 --digits 3 --interval 0.9").split()
    full_typed = run(linreg, f"predict {model} 3 4 --interval 0.9").split()
    assert [float(cell) for cell in typed] == [float(f"{float(cell):.3g}") for cell in full_typed]


@pytest.mark.parametrize("digits", ["0", "18", "2.5"])
def test_digits_that_no_number_has_are_refused(linreg: Linreg, model: str, digits: str) -> None:
    assert linreg("predict", model, "1", "2", "--digits", digits).status == 2
