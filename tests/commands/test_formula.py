"""linreg with formulas and transforms: trained, merged, predicted, evaluated."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from tests.commands.category_runs import HOMES, homes, trained, write_shards
from tests.conftest import Linreg

MIXED = "log(price) ~ log(sqft) + beds^2 + C(type)"
SALES = b"""sold,garage,lot,price
2024-01-01,yes,10,100
2024-01-05,no,0,110
2024-02-01T12:00,Y,30,130
,n,40,150
2024-03-01,N,50,149
2024-04-01,t,55,160
2024-05-01,no,60,171
2024-06-01,FALSE,70,172
"""


def shown(linreg: Linreg, model: str = "model.json") -> Any:
    done = linreg("show", model, "--json")
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)


def fitted(formula: str, frame: pd.DataFrame) -> Any:
    """Return the fit of statsmodels, whose formulas may use np."""
    return ols(formula, frame).fit()


def weights(linreg: Linreg) -> dict[str, tuple[float, float]]:
    """Return the weight and standard error of each feature of model.json."""
    return {
        each["name"]: (each["value"], each["standard_error"]) for each in shown(linreg)["weights"]
    }


@pytest.fixture
def sales() -> str:
    Path("sales.csv").write_bytes(SALES)
    return "sales.csv"


# against statsmodels


@pytest.mark.parametrize(
    ("formula", "theirs"),
    [
        ("log(price) ~ log(sqft) + beds", "np.log(price) ~ np.log(sqft) + beds"),
        ("log(price) ~ log(sqft) + C(type)", "np.log(price) ~ np.log(sqft) + C(type)"),
        ("price ~ sqft*beds + sqrt(sqft)", "price ~ sqft*beds + np.sqrt(sqft)"),
        ("price ~ (sqft + beds + baths)^2", "price ~ (sqft + beds + baths)**2"),
        ("price ~ sqft^2 + beds", "price ~ I(sqft**2) + beds"),
        ("price ~ I(sqft^2/1000) + exp(baths)", "price ~ I(sqft**2/1000) + np.exp(baths)"),
        ("I(price/1000) ~ sqft/beds", "I(price/1000) ~ sqft + sqft:beds"),
        ("log10(price) ~ log1p(sqft) + log2(beds + 1)",
         "np.log10(price) ~ np.log1p(sqft) + np.log2(beds + 1)"),
        ("price ~ I(sqft/beds) + abs(longitude)", "price ~ I(sqft/beds) + np.abs(longitude)"),
    ],
)  # fmt: skip
def test_weights_and_errors_are_those_of_statsmodels(
    linreg: Linreg, formula: str, theirs: str
) -> None:
    trained(linreg, str(HOMES), "--formula", formula)
    expected = fitted(theirs, homes())
    found = sorted(weights(linreg).values())
    wanted = sorted(zip(expected.params, expected.bse, strict=True))
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    assert shown(linreg)["r2"] == pytest.approx(expected.rsquared, rel=1e-9)


def test_without_intercept_a_category_keeps_all_levels(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", "log(price) ~ C(type) + sqft - 1")
    expected = fitted("np.log(price) ~ C(type) + sqft - 1", homes())
    found = sorted(value for value, _ in weights(linreg).values())
    np.testing.assert_allclose(found, sorted(expected.params), rtol=1e-9)


def test_dates_and_words_are_numbers(linreg: Linreg, sales: str) -> None:
    formula = "price ~ days(sold) + bool(garage)"
    done = linreg("train", sales, "--formula", formula, "--solver", "exact")
    assert "8 rows read, 7 used, 1 left out (missing cells: days(sold) 1)" in done.stderr
    frame = pd.read_csv(sales).dropna()
    since = pd.to_datetime(frame["sold"], format="ISO8601") - pd.Timestamp("1970-01-01")
    frame["days"] = since / pd.Timedelta(days=1)
    frame["has_garage"] = frame["garage"].isin(["yes", "Y", "t"]).astype(float)
    expected = fitted("price ~ days + has_garage", frame)
    found = [value for value, _ in weights(linreg).values()]
    np.testing.assert_allclose(found, expected.params, rtol=1e-9)


# --x and --y


@pytest.mark.parametrize(
    ("arguments", "formula"),
    [
        (("-x", "log(sqft)", "-x", "beds", "-y", "log(price)"), "log(price) ~ log(sqft) + beds"),
        (("-x", "sqft*beds", "-y", "price"), "price ~ sqft*beds"),
        (("-x", "sqft", "-x", "sqft:beds", "-y", "price"), "price ~ sqft + sqft:beds"),
        (("-x", "sqft^2", "-x", "type", "--category", "type", "-y", "price"),
         "price ~ sqft^2 + C(type)"),
        (("-x", "C(type)", "-x", "beds", "-y", "price", "--reference", "type=Residential"),
         "price ~ C(type) + beds"),
    ],
)  # fmt: skip
def test_options_mean_what_a_formula_means(
    linreg: Linreg, arguments: tuple[str, ...], formula: str
) -> None:
    trained(linreg, str(HOMES), *arguments)
    references = arguments[arguments.index("--reference") :] if "--reference" in arguments else ()
    trained(linreg, str(HOMES), "--formula", formula, *references, output="formula.json")
    assert Path("model.json").read_bytes() == Path("formula.json").read_bytes()


def test_a_pattern_leaves_out_the_columns_of_the_target(linreg: Linreg) -> None:
    arguments = ("-x", "*", "--without", "[ct][iy]*", "--without", "zip", "-y", "log(price)")
    trained(linreg, str(HOMES), *arguments)
    features = json.loads(Path("model.json").read_text())["x"]
    assert features == ["beds", "baths", "sqft", "latitude", "longitude"]


def test_the_name_of_a_column_is_no_transform(linreg: Linreg) -> None:
    Path("names.csv").write_text("log(a),b:c,y\n1,2,3\n2,5,5\n3,4,4\n")
    trained(linreg, "names.csv", "-x", "log(a)", "-x", "b:c", "-y", "y")
    assert "design" not in json.loads(Path("model.json").read_text())


def test_a_category_of_the_options_is_one_in_a_formula(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", "price ~ sqft + type", "--category", "type")
    trained(linreg, str(HOMES), "--formula", "price ~ sqft + C(type)", output="formula.json")
    assert Path("model.json").read_bytes() == Path("formula.json").read_bytes()
    done = linreg("train", str(HOMES), "--formula", "price ~ sqft", "--category", "type")
    assert done.status == 2
    assert done.stderr == (
        "Error: --category type is in no term of the formula\nHint: Write C(type) in the formula.\n"
    )


# everywhere


def test_shards_give_the_bytes_of_all_rows(linreg: Linreg) -> None:
    frame = homes()
    names = write_shards(frame, 3)
    trained(linreg, str(HOMES), "--formula", MIXED, output="whole.json")
    models = [f"{name}.json" for name in names]
    for name, model in zip(names, models, strict=True):
        trained(linreg, name, "--formula", MIXED, output=model)
    assert linreg("merge", *models, "-o", "merged.json").status == 0
    assert linreg("update", models[0], *names[1:], "-q").status == 0
    whole = Path("whole.json").read_bytes()
    assert Path("merged.json").read_bytes() == whole
    assert Path(models[0]).read_bytes() == whole


@pytest.mark.cluster
def test_the_cluster_gives_the_same_bytes(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", MIXED)
    trained(linreg, str(HOMES), "--formula", MIXED, "--cluster", "local", output="cluster.json")
    assert Path("cluster.json").read_bytes() == Path("model.json").read_bytes()


def test_predictions_start_from_raw_columns(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", MIXED)
    expected = fitted("np.log(price) ~ np.log(sqft) + I(beds**2) + C(type)", homes())
    done = linreg("predict", "model.json", str(HOMES), "--residuals")
    header, *rows = done.stdout.splitlines()
    assert header.endswith(",predicted_log(price),predicted_log(price)_residual")
    found = np.array([row.split(",")[-2:] for row in rows], dtype=np.float64)
    np.testing.assert_allclose(found[:, 0], expected.fittedvalues, rtol=1e-9)
    np.testing.assert_allclose(found[:, 1], expected.resid, atol=1e-9)
    typed = linreg("predict", "model.json", "sqft=836", "beds=2", "type=Residential")
    assert float(typed.stdout) == found[0, 0]


def test_a_prediction_for_dates_and_words(linreg: Linreg, sales: str) -> None:
    trained(linreg, sales, "--formula", "price ~ days(sold) + bool(garage)")
    row = linreg("predict", "model.json", sales, "--only").stdout.splitlines()[2]
    typed = linreg("predict", "model.json", "sold=2024-02-01T12:00", "garage=YES")
    assert typed.stdout == f"{row}\n"
    wrong = linreg("predict", "model.json", "sold=1/2/24", "garage=YES")
    assert wrong.status == 2
    assert wrong.stderr.startswith("Error: sold '1/2/24' is not a date such as 2024-12-31")


def test_evaluation_is_of_the_transformed_target(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", MIXED)
    found = json.loads(linreg("evaluate", "model.json", str(HOMES), "--json").stdout)
    expected = fitted("np.log(price) ~ np.log(sqft) + I(beds**2) + C(type)", homes())
    assert found["r2"] == pytest.approx(expected.rsquared, rel=1e-9)


def test_a_model_learns_again_without_a_term(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", MIXED)
    trained(linreg, "model.json", "--without", "beds^2", output="smaller.json")
    trained(linreg, str(HOMES), "--formula", "log(price) ~ log(sqft) + C(type)", output="own.json")
    assert Path("smaller.json").read_bytes() == Path("own.json").read_bytes()


# values that do not exist


def test_a_value_that_does_not_exist_counts_as_missing(linreg: Linreg, sales: str) -> None:
    done = linreg("train", sales, "--formula", "price ~ log(lot) + days(sold)", "--solver", "exact")
    missing = "1 left out (missing cells: days(sold) 1)"
    undefined = "1 left out (values that do not exist: log(lot) 1)"
    assert f"8 rows read, 6 used, {missing}, {undefined}" in done.stderr
    predicted = linreg("predict", "model.json", sales)
    assert predicted.stdout.splitlines()[2] == "2024-01-05,no,0,110,"
    assert "1 row without a prediction: values that do not exist: log(lot) 1" in predicted.stderr
    typed = linreg("predict", "model.json", "lot=0", "sold=2024-01-01")
    problem = "log(lot) does not exist for lot=0"
    assert (typed.status, typed.stderr) == (2, f"Error: {problem}\nHint: Type other values.\n")


@pytest.mark.parametrize("more", [b"", b"2024-04-05,no,n/a?,150\n"])
def test_missing_fail_makes_it_an_error_before_any_later_one(
    linreg: Linreg, sales: str, more: bytes
) -> None:
    Path(sales).write_bytes(Path(sales).read_bytes() + more)
    done = linreg("train", sales, "--formula", "price ~ log(lot)", "--missing", "fail")
    assert done.status == 3
    assert done.stderr.startswith(
        "Error: sales.csv, line 3, column 'lot': log(lot) does not exist\n"
    )


def test_a_bad_date_is_set_aside(linreg: Linreg) -> None:
    Path("sales.csv").write_bytes(SALES + b"3/4/2024,no,5,170\n")
    refused = linreg("train", "sales.csv", "--formula", "price ~ days(sold)")
    assert refused.status == 3
    place = "Error: sales.csv, line 10, column 'sold'"
    assert refused.stderr.startswith(f"{place}: '3/4/2024' is not a date such as 2024-12-31")
    trained(linreg, "sales.csv", "--formula", "price ~ days(sold)", "--rejects", "rejects.csv")
    assert "3/4/2024,no,5,170" in Path("rejects.csv").read_text()


@pytest.mark.parametrize(
    ("column", "way"),
    [("sold", "'days(sold)' in place of sold makes it a number; --category sold"),
     ("garage", "'bool(garage)' in place of garage makes it a number; --category garage"),
     ("street", "--category street makes")],
)  # fmt: skip
def test_the_message_on_text_proposes_what_fits_the_cells(
    linreg: Linreg, column: str, way: str
) -> None:
    Path("text.csv").write_text("sold,garage,street,price\n2024-01-01,yes,Main,1\n,no,Elm,2\n")
    done = linreg("train", "text.csv", "-x", column, "-y", "price")
    assert done.status == 3
    assert f"\nHint: {way}" in done.stderr
    assert f"--category {column} makes it a category" in done.stderr


# the original scale


def test_inverse_returns_predictions_and_intervals_on_the_original_scale(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "--formula", "log(price) ~ log(sqft)")
    of_log = linreg("predict", "model.json", "1000", "--interval", "0.95").stdout.split("\t")
    done = linreg("predict", "model.json", "1000", "--interval", "0.95", "--inverse")
    found = np.array(done.stdout.split("\t"), dtype=np.float64)
    np.testing.assert_allclose(found, np.exp(np.array(of_log, dtype=np.float64)), rtol=1e-14)
    assert done.stderr == (
        "Note: --inverse predicts the median of price, not its mean: the prediction is that of "
        "log(price).\n"
    )
    table = linreg("predict", "model.json", str(HOMES), "--inverse", "-q")
    assert table.stdout.splitlines()[0].endswith(",predicted_price")
    assert table.stderr == ""


@pytest.mark.parametrize(
    ("formula", "inverse"),
    [
        ("log2(price) ~ sqft", np.exp2),
        ("log10(price) ~ sqft", lambda y: 10**y),
        ("log1p(price) ~ sqft", np.expm1),
        ("sqrt(price) ~ sqft", np.square),
        ("exp(baths) ~ sqft", np.log),
        ("sqrt(log(price)) ~ sqft", lambda y: np.exp(y * y)),
        ("I(price / 1000) ~ sqft", lambda y: 1000 * y),
        ("log(I(price / 1000 + 2)) ~ sqft", lambda y: 1000 * (np.exp(y) - 2)),
        ("beds^3 ~ sqft", np.cbrt),
        ("I(1 / price) ~ sqft", lambda y: 1 / y),
    ],
)
def test_each_transform_has_its_inverse(linreg: Linreg, formula: str, inverse: Any) -> None:
    trained(linreg, str(HOMES), "--formula", formula)
    predicted = float(linreg("predict", "model.json", "1000").stdout)
    found = float(linreg("predict", "model.json", "1000", "--inverse").stdout)
    assert found == pytest.approx(inverse(predicted), rel=1e-14)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("price ~ sqft", "the target is a column of the file"),
        ("price^2 ~ sqft", "the target price^2 has no inverse"),
        ("abs(price) ~ sqft", "the target abs(price) has no inverse"),
    ],
)
def test_a_target_without_inverse_is_refused(linreg: Linreg, formula: str, problem: str) -> None:
    trained(linreg, str(HOMES), "--formula", formula)
    done = linreg("predict", "model.json", "1000", "--inverse")
    assert (done.status, done.stderr.splitlines()[0]) == (2, f"Error: {problem}")


def test_a_prediction_without_an_inverse_is_empty_and_counted(linreg: Linreg) -> None:
    Path("e.csv").write_text("x,y\n1,2.7\n2,7.5\n3,20\n4,55\n-1,.4\n-2,.12\n6,400\n")
    trained(linreg, "e.csv", "--formula", "log(y) ~ x")
    done = linreg(
        "predict", "model.json", "-", "--inverse", "--interval", "0.9", stdin="x\n3\n800\n\n2\n"
    )
    assert done.status == 0
    of_log = linreg("predict", "model.json", "-", "--interval", "0.9", stdin="x\n3\n800\n2\n")
    expected = np.loadtxt(of_log.stdout.splitlines()[1:], delimiter=",")[:, 1:]
    header, three, overflow, missing, two = done.stdout.splitlines()
    assert header == "x,predicted_y,predicted_y_lower,predicted_y_upper"
    for line, row in ((three, expected[0]), (two, expected[2])):
        found = np.array(line.split(",")[1:], np.float64)
        np.testing.assert_allclose(found, np.exp(row), rtol=1e-14)
    assert (overflow, missing) == ("800,,,", ",,,")
    assert "Warning: 1 row without a prediction: x 1\n" in done.stderr
    assert "Warning: 1 row without a prediction: values that do not exist: y 1\n" in done.stderr


def test_a_typed_value_without_an_inverse_is_an_error(linreg: Linreg) -> None:
    Path("e.csv").write_text("x,y\n1,2.7\n2,7.5\n3,20\n4,55\n-1,.4\n-2,.12\n6,400\n")
    trained(linreg, "e.csv", "--formula", "log(y) ~ x")
    done = linreg("predict", "model.json", "800", "--inverse")
    assert (done.status, done.stdout) == (5, "")
    assert "and no y in the range of float64 has it\n" in done.stderr


def test_the_inverse_of_an_affine_target_is_a_mean(linreg: Linreg) -> None:
    trained(linreg, str(HOMES), "-x", "sqft", "-y", "price", output="plain.json")
    trained(linreg, str(HOMES), "--formula", "I(250 - price / 1000) ~ sqft")
    plain = linreg("predict", "plain.json", "1000", "--interval", "0.9").stdout.split("\t")
    done = linreg("predict", "model.json", "1000", "--interval", "0.9", "--inverse")
    assert done.stderr == ""
    found = np.array(done.stdout.split("\t"), np.float64)
    np.testing.assert_allclose(found, np.array(plain, np.float64), rtol=1e-12)
