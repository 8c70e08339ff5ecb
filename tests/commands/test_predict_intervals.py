"""linreg predict: intervals and the flag for extrapolation, for typed values and for CSV."""

import csv
import json
import shlex
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.collinear import check_warnings
from tests.conftest import Linreg, Result
from tests.exactly import Exactly
from tests.references import Floats, RealData, ols, real_data, root, t_quantile, wls

HOUSES = [("500", "152000"), ("1000", "297000"), ("1500", "455000"), ("2000", "596000.5")]
NEW = 'id,square_feet,note\na,1800,\nb,,none\nc,-5.5,"x, y"\n'
OUTSIDE = "Warning: square_feet: 1 value outside the training range 500 to 2000\n"
REAL = ["stackloss", "statecrime", "elnino", "star98", "sacramento"]


@pytest.fixture(autouse=True)
def model(linreg: Linreg, folder: Path) -> None:
    """Learn model.json from HOUSES, and put new.csv into the folder."""
    rows = [",".join(row) for row in HOUSES]
    (folder / "houses.csv").write_text("\n".join(["square_feet,price", *rows, ""]))
    (folder / "new.csv").write_text(NEW)
    train(linreg, "houses.csv --x square_feet --y price")


def train(linreg: Linreg, command: str) -> None:
    arguments = shlex.split(command)
    done = linreg("train", *arguments, "--solver", "exact", "-q")
    assert done.status == 0
    check_warnings(done.stderr, arguments)


def predict(linreg: Linreg, command: str, stdin: bytes | str = b"") -> Result:
    done = linreg("predict", *shlex.split(command), stdin=stdin)
    assert done.status == 0, done.stderr
    return done


def table(stdout: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(stdout.splitlines(), delimiter=delimiter))


def by_hand(value: str, confidence: str = "0.95", *, is_mean: bool = False) -> list[float]:
    """Work prediction, lower and upper bound out in fractions."""
    exactly = Exactly.of(HOUSES)
    row = [Fraction(1), Fraction(value)]
    middle = sum(w * x for w, x in zip(exactly.solution(), row, strict=True))
    variance = exactly.error() / 2 * (int(not is_mean) + exactly.leverage(row))
    half = float(t_quantile(Fraction(confidence), 2)) * root(variance)
    return [float(middle), float(middle) - half, float(middle) + half]


def cells(lines: list[str]) -> list[list[float]]:
    return [[float(cell) for cell in line.split("\t")] for line in lines]


# typed values


@pytest.mark.parametrize("confidence", ["0.95", "0.5", "0.999"])
@pytest.mark.parametrize("option", ["interval", "confidence"])
def test_a_typed_value_gets_prediction_lower_and_upper(
    linreg: Linreg, option: str, confidence: str
) -> None:
    done = predict(linreg, f"model.json 1800 --{option} {confidence}")
    assert done.stdout.count("\t") == 2
    assert done.stderr == ""
    expected = by_hand("1800", confidence, is_mean=option == "confidence")
    np.testing.assert_allclose(cells(done.stdout.splitlines())[0], expected, rtol=1e-13)


def test_several_values_get_a_line_each(linreg: Linreg) -> None:
    done = predict(linreg, "model.json 500 1800 2e3 --interval 0.9")
    expected = [by_hand(value, "0.9") for value in ("500", "1800", "2000")]
    np.testing.assert_allclose(cells(done.stdout.splitlines()), expected, rtol=1e-13)


def test_the_prediction_is_the_same_with_an_interval_as_without(linreg: Linreg) -> None:
    values = ["500", "0.1", "-17.25", "1e17", "12345678901234567890.125"]
    alone = predict(linreg, f"model.json {' '.join(values)}").stdout.splitlines()
    beside = predict(linreg, f"model.json {' '.join(values)} --interval 0.9").stdout.splitlines()
    assert [line.split("\t")[0] for line in beside] == alone


def test_named_values_have_intervals(linreg: Linreg) -> None:
    rows = "beds,baths,price\n1,1,30.5\n2,1,40\n3,2,60.25\n4,4,90\n3,1,47\n"
    Path("rooms.csv").write_text(rows)
    train(linreg, "rooms.csv --x beds --x baths --y price -o rooms.json")
    named = predict(linreg, "rooms.json baths=2 beds=3 --interval 0.9")
    assert named == predict(linreg, "rooms.json 3 2 --interval 0.9")
    middle, lower, upper = cells([named.stdout])[0]
    assert lower < middle < upper


# CSV


@pytest.mark.parametrize("option", ["interval", "confidence"])
def test_csv_gets_columns_for_the_bounds(linreg: Linreg, option: str) -> None:
    done = predict(linreg, f"model.json new.csv --{option} 0.95")
    header, *rows = table(done.stdout)
    assert header == [
        "id", "square_feet", "note", "predicted_price", "predicted_price_lower",
        "predicted_price_upper",
    ]  # fmt: skip
    assert [row[:3] for row in rows] == table(NEW)[1:]
    found = [[float(cell) for cell in row[3:]] for row in (rows[0], rows[2])]
    is_mean = option == "confidence"
    expected = [by_hand("1800", is_mean=is_mean), by_hand("-5.5", is_mean=is_mean)]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_row_that_misses_a_feature_keeps_its_place(linreg: Linreg) -> None:
    done = predict(linreg, "model.json new.csv --interval 0.95 --flag-extrapolation")
    assert done.stdout.splitlines()[2] == "b,,none,,,,"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("", ["p"]),
        ("--interval 0.9", ["p", "p_lower", "p_upper"]),
        ("--confidence 0.9", ["p", "p_lower", "p_upper"]),
        ("--flag-extrapolation", ["p", "p_extrapolation"]),
        ("--interval 0.9 --flag-extrapolation", ["p", "p_lower", "p_upper", "p_extrapolation"]),
    ],
)
def test_column_renames_all_new_columns(linreg: Linreg, options: str, names: list[str]) -> None:
    done = predict(linreg, f"model.json new.csv --column p {options}")
    assert table(done.stdout)[0][3:] == names


def test_only_gives_the_answers_alone(linreg: Linreg) -> None:
    done = predict(linreg, "model.json new.csv --interval 0.95 --only")
    lines = done.stdout.splitlines()
    assert lines[1] == "\t\t"
    np.testing.assert_allclose(cells([lines[0], lines[2]]), [by_hand("1800"), by_hand("-5.5")])


def test_typed_values_and_csv_have_the_same_bounds(linreg: Linreg) -> None:
    values = ["500", "1800", "0.1", "1e6", "1234.5678"]
    typed = predict(linreg, f"model.json {' '.join(values)} --interval 0.95 --flag-extrapolation")
    Path("v.csv").write_text("\n".join(["square_feet", *values, ""]))
    read = predict(linreg, "model.json v.csv --interval 0.95 --flag-extrapolation --only")
    assert typed.stdout == read.stdout


def test_a_row_has_the_same_bounds_in_any_file(linreg: Linreg) -> None:
    data = real_data("elnino")
    data.write("d.csv")
    train(linreg, f"d.csv {shlex.join(data.arguments())} -o e.json")
    header, *rows = Path("d.csv").read_text().splitlines()
    together = predict(linreg, "e.json d.csv --interval 0.95 --only").stdout.splitlines()
    for row, expected in zip(rows, together, strict=True):
        alone = predict(linreg, "e.json - --interval 0.95 --only", stdin=f"{header}\n{row}\n")
        assert alone.stdout == f"{expected}\n"


def test_bare_numbers_get_bounds_alone(linreg: Linreg) -> None:
    done = predict(linreg, "model.json - --interval 0.95", stdin="1800\n600\n")
    np.testing.assert_allclose(
        cells(done.stdout.splitlines()), [by_hand("1800"), by_hand("600")], rtol=1e-13
    )


def test_decimal_commas_are_written_where_they_are_read(linreg: Linreg) -> None:
    Path("german.csv").write_text("square_feet;n\n1800,0;x\n")
    done = predict(linreg, "model.json german.csv --decimal , --interval 0.95")
    (row,) = table(done.stdout, ";")[1:]
    assert row[:2] == ["1800,0", "x"]
    found = [float(cell.replace(",", ".")) for cell in row[2:]]
    np.testing.assert_allclose(found, by_hand("1800"), rtol=1e-13)
    assert all("." not in cell for cell in row[2:])


def test_the_delimiter_of_the_file_separates_the_bounds(linreg: Linreg) -> None:
    Path("tabs.csv").write_text("square_feet\tn\n1800\tx\n")
    done = predict(linreg, "model.json tabs.csv --interval 0.95")
    assert len(table(done.stdout, "\t")[1]) == 5


def test_the_model_file_is_enough(linreg: Linreg, folder: Path) -> None:
    before = predict(linreg, "model.json 1800 --interval 0.95 --flag-extrapolation")
    (folder / "houses.csv").unlink()
    assert predict(linreg, "model.json 1800 --interval 0.95 --flag-extrapolation") == before


# real data


def frame_of(linreg: Linreg, data: RealData, options: str, new: Floats) -> Floats:
    """Predict for new rows; give prediction, lower and upper bound of each."""
    header = ",".join(data.features)
    rows = [",".join(map(repr, row)) for row in new.tolist()]
    Path("x.csv").write_text("\n".join([header, *rows, ""]))
    done = predict(linreg, f"m.json x.csv --only {options}")
    return np.array(cells(done.stdout.splitlines()))


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    ("option", "columns"),
    [
        ("--interval 0.95", ["mean", "obs_ci_lower", "obs_ci_upper"]),
        ("--confidence 0.95", ["mean", "mean_ci_lower", "mean_ci_upper"]),
    ],
)
def test_intervals_are_those_of_statsmodels(
    linreg: Linreg, name: str, option: str, columns: list[str]
) -> None:
    data = real_data(name)
    data.write("d.csv")
    train(linreg, f"d.csv {shlex.join(data.arguments())} -o m.json")
    new = np.vstack([data.x[:7], (data.x[:7] + data.x[-7:]) / 2, 1.01 * data.x.max(axis=0)])
    fitted = ols(data).get_prediction(np.column_stack([np.ones(len(new)), new]))
    expected = fitted.summary_frame(alpha=0.05)[columns].to_numpy()
    found = frame_of(linreg, data, option, new)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8 * np.abs(expected).max())


def test_intervals_without_intercept_are_those_of_statsmodels(linreg: Linreg) -> None:
    data = real_data("statecrime")
    data.write("d.csv")
    train(linreg, f"d.csv {shlex.join(data.arguments())} --no-intercept -o m.json")
    fitted = ols(data, has_intercept=False).get_prediction(data.x)
    expected = fitted.summary_frame(alpha=0.1)[["mean", "obs_ci_lower", "obs_ci_upper"]]
    found = frame_of(linreg, data, "--interval 0.9", data.x)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_intervals_of_a_weighted_model_are_those_of_statsmodels(linreg: Linreg) -> None:
    data = real_data("ccard")
    data.frame.assign(w=list(map(float, data.spread_weights()))).to_csv("d.csv", index=False)
    train(linreg, f"d.csv {shlex.join(data.arguments())} --weights w -o m.json")
    expected = wls(data).get_prediction(data.design()).summary_frame(alpha=0.05)
    for option, kind in (("interval", "obs"), ("confidence", "mean")):
        columns = ["mean", f"{kind}_ci_lower", f"{kind}_ci_upper"]
        found = frame_of(linreg, data, f"--{option} 0.95", data.x)
        np.testing.assert_allclose(found, expected[columns], rtol=1e-9)


def test_about_95_percent_of_new_rows_are_in_their_interval(linreg: Linreg) -> None:
    random = np.random.default_rng(11)
    x = random.normal(size=(4000, 2)).round(3)
    y = (3 + x @ [2, -1] + random.normal(size=4000)).round(3)
    lines = [f"{a},{b},{t}" for (a, b), t in zip(x.tolist(), y.tolist(), strict=True)]
    Path("old.csv").write_text("\n".join(["a,b,y", *lines[:400], ""]))
    Path("fresh.csv").write_text("\n".join(["a,b,y", *lines[400:], ""]))
    train(linreg, "old.csv --x a --x b --y y -o m.json")
    rows = table(predict(linreg, "m.json fresh.csv --interval 0.95").stdout)[1:]
    inside = 0
    for row in rows:
        inside += float(row[4]) <= float(row[2]) <= float(row[5])
    # 3600 rows: 95 % give or take four times the spread of their share, 0.0036
    assert inside / len(rows) == pytest.approx(0.95, abs=0.0145)
    found = linreg("evaluate", "m.json", "fresh.csv", "--json", "-q").stdout
    assert json.loads(found)["coverage"] == inside / len(rows)


# extrapolation

DIAGONAL = "a,b,y\n1,1,3\n2,2.1,5\n3,2.9,5\n4,4,8\n5,5,9\n"
FLAGS = [
    ("1 1", "inside"),
    ("3 3", "inside"),
    ("5.001 5", "outside: a"),
    ("3 0.999", "outside: b"),
    ("0 9", "outside: a; b"),
    ("1 5", "high leverage"),
]


@pytest.mark.parametrize(("values", "flag"), FLAGS)
def test_a_flag_tells_where_typed_values_lie(linreg: Linreg, values: str, flag: str) -> None:
    Path("diagonal.csv").write_text(DIAGONAL)
    train(linreg, "diagonal.csv --x a --x b --y y -o d.json")
    prediction, found = predict(linreg, f"d.json {values} --flag-extrapolation").stdout.split("\t")
    assert found == f"{flag}\n"
    assert f"{prediction}\n" == predict(linreg, f"d.json {values}").stdout


def test_a_column_tells_where_the_rows_of_a_file_lie(linreg: Linreg) -> None:
    Path("diagonal.csv").write_text(DIAGONAL)
    train(linreg, "diagonal.csv --x a --x b --y y -o d.json")
    rows = [values.replace(" ", ",") for values, _ in FLAGS]
    Path("v.csv").write_text("\n".join(["a,b", *rows, ""]))
    header, *found = table(predict(linreg, "d.json v.csv --flag-extrapolation").stdout)
    assert header == ["a", "b", "predicted_y", "predicted_y_extrapolation"]
    assert [row[3] for row in found] == [flag for _, flag in FLAGS]


def test_names_in_a_flag_are_quoted_where_csv_asks_for_it(linreg: Linreg) -> None:
    Path("odd.csv").write_text('"a, ""b""",y\n1,3\n2,5\n3,6\n')
    train(linreg, "odd.csv --x 'a, \"b\"' --y y -o o.json")
    Path("v.csv").write_text('"a, ""b""",n\n9,1\n')
    done = predict(linreg, "o.json v.csv --flag-extrapolation")
    assert table(done.stdout)[1] == ["9", "1", table(done.stdout)[1][2], 'outside: a, "b"']


def test_a_flag_does_not_silence_the_warning(linreg: Linreg) -> None:
    assert predict(linreg, "model.json 9e9 --flag-extrapolation").stderr == OUTSIDE
    assert predict(linreg, "model.json 9e9 --flag-extrapolation -q").stderr == OUTSIDE


def test_the_flag_comes_after_the_bounds(linreg: Linreg) -> None:
    done = predict(linreg, "model.json 1800 --interval 0.95 --flag-extrapolation")
    assert done.stdout.rstrip("\n").split("\t")[3] == "inside"


def test_a_perfect_model_has_bounds_that_are_the_prediction(linreg: Linreg) -> None:
    Path("line.csv").write_text("x,y\n1,5\n2,7\n3,9\n")
    train(linreg, "line.csv --x x --y y -o line.json")
    assert predict(linreg, "line.json 7 --interval 0.95").stdout == "17.0\t17.0\t17.0\n"


def read_model() -> Any:
    return json.loads(Path("model.json").read_text())


def test_bounds_are_about_the_saved_weights(linreg: Linreg) -> None:
    # stopped early: the prediction is that of the model, the width that of its rows
    done = linreg(
        "train", "houses.csv", "--x", "square_feet", "--y", "price", "--epochs", "2", "-q"
    )
    assert done.status == 0
    middle, lower, upper = cells([predict(linreg, "model.json 1800 --interval 0.95").stdout])[0]
    assert middle == pytest.approx(read_model()["b"] + 1800 * read_model()["m"], rel=1e-15)
    _, low, high = by_hand("1800")
    assert upper - lower == pytest.approx(high - low, rel=1e-12)
