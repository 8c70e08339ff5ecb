"""linreg test: the table, the JSON, and what is refused; statsmodels gives the figures."""

import json
from pathlib import Path

import pytest
import statsmodels.api as sm

from tests.commands.show_runs import ROOMS, exactly
from tests.conftest import Linreg, Result
from tests.references import ols, real_data


def test_the_table_has_each_restriction_and_the_joint_test(linreg: Linreg) -> None:
    data = real_data("stackloss")
    data.write("d.csv")
    assert linreg("train", "d.csv", *data.arguments(), "-q").status == 0
    done = linreg("test", "model.json", "AIRFLOW = WATERTEMP", "ACIDCONC = 0")
    assert (done.status, done.stderr) == (0, "")
    first, table, joint = done.stdout.split("\n\n")
    assert first == "target STACKLOSS, 21 rows"
    each = ols(data).t_test("x1 - x2 = 0, x3 = 0")
    header, *rows = table.splitlines()
    assert header.split() == ["restriction", "left", "-", "right", "std.", "error", "t", "p"]
    for row, name, *values in zip(
        rows,
        ("AIRFLOW = WATERTEMP", "ACIDCONC = 0"),
        each.effect,
        each.sd.ravel(),
        each.tvalue.ravel(),
        each.pvalue.ravel(),
        strict=True,
    ):
        assert row.startswith(name)
        found = list(map(float, row.removeprefix(name).split()))
        assert found == pytest.approx(values, rel=1e-3)
    expected = ols(data).f_test("x1 - x2 = 0, x3 = 0")
    assert joint == (
        f"F(2, 17) = {float(expected.fvalue):.7g}, p = {float(expected.pvalue):.4g}\n"
        "p is the probability of an F of at least this size if all restrictions hold.\n"
    )


def test_json_has_the_figures_of_the_table(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    text = linreg("test", "model.json", "beds = 2 * baths").stdout
    found = json.loads(linreg("test", "model.json", "beds = 2 * baths", "--json").stdout)
    assert f"F(1, 4) = {found['f']:.7g}, p = {found['p']:.4g}\n" in text
    assert "if the restriction holds." in text
    [restriction] = found["restrictions"]
    assert restriction["text"] == "beds = 2 * baths"
    assert restriction["t"] ** 2 == pytest.approx(found["f"], rel=1e-12)
    assert (found["target"], found["rows"], found["notes"]) == ("price", 7, [])


def test_degrees_of_freedom_have_no_comma_within_and_a_bound_of_p_no_equals_sign(
    linreg: Linreg,
) -> None:
    rows = [f"{x},{1000 * x + x % 2}\n" for x in range(1500)]
    Path("many.csv").write_text("".join(["x,y\n", *rows]))
    assert linreg("train", "many.csv", "-x", "x", "-y", "y", "--solver", "exact").status == 0
    text = linreg("test", "model.json", "x = 0").stdout
    joint = next(line for line in text.splitlines() if line.startswith("F"))
    assert joint.startswith("F(1, 1498) = ")
    assert joint.endswith(", p < 1e-308")


def test_a_ridge_model_has_a_note(linreg: Linreg) -> None:
    exactly(linreg, ROOMS, "--l2", "1")
    done = linreg("test", "model.json", "beds = 0")
    assert done.status == 0
    assert "Note: trained with a ridge penalty, l2 1; the statistics are those" in done.stdout


def test_a_model_can_come_from_standard_input(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    piped = linreg("test", "-", "beds", stdin=Path("model.json").read_bytes())
    assert piped == linreg("test", "model.json", "beds = 0")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["bedz = 0"], "'bedz = 0': there is no weight 'bedz'; did you mean 'beds'?"),
        (["beds * baths = 0"], "it is not linear"),
        (["beds = 0", "2 * beds = 0"], "'2 * beds = 0' follows from the restrictions before it"),
        (["d.csv"], "DATA has no effect without --robust"),
        (["d.csv", "--robust", "hc3"], "RESTRICTION is missing"),
        (["beds = 0", "--robust", "hc3"], "--robust hc3 needs the training rows"),
        ([], "RESTRICTION is missing"),
    ],
)
def test_bad_use_is_refused_with_a_hint(linreg: Linreg, args: list[str], message: str) -> None:
    exactly(linreg, ROOMS)
    done = linreg("test", "model.json", *args)
    assert (done.status, done.stdout) == (2, "")
    assert message in done.stderr
    assert "\nHint: " in done.stderr


def test_rows_without_a_kind_lead_to_evaluate(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    assert linreg("test", "model.json", "d.csv", "beds = 0") == Result(
        2,
        "",
        "Error: DATA has no effect without --robust\n"
        "Hint: linreg evaluate MODEL DATA evaluates a model on rows.\n",
    )


@pytest.mark.parametrize("kind", ["hc0", "hc1", "hc2", "hc3"])
def test_robust_tests_are_those_of_statsmodels(linreg: Linreg, kind: str) -> None:
    data = real_data("stackloss")
    data.write("d.csv")
    assert linreg("train", "d.csv", *data.arguments(), "-q").status == 0
    texts = ("AIRFLOW = WATERTEMP", "ACIDCONC = 0")
    done = linreg("test", "model.json", "d.csv", *texts, "--robust", kind, "--json")
    assert (done.status, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    fitted = sm.OLS(data.y, data.design()).fit(cov_type=kind.upper(), use_t=True)
    expected = fitted.f_test("x1 - x2 = 0, x3 = 0")
    assert found["f"] == pytest.approx(float(expected.fvalue), rel=1e-9)
    assert found["p"] == pytest.approx(float(expected.pvalue), rel=1e-9)
    assert (found["robust"], found["numerator"], found["denominator"]) == (kind, 2, 17)
    each = fitted.t_test("x1 - x2 = 0, x3 = 0")
    for field, values in (("standard_error", each.sd), ("t", each.tvalue), ("p", each.pvalue)):
        column = [restriction[field] for restriction in found["restrictions"]]
        assert column == pytest.approx(values.ravel().tolist(), rel=1e-9)


def test_the_table_names_the_kind(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    done = linreg("test", "model.json", "beds = 0", "d.csv", "--robust", "hc1")
    assert "std. error HC1" in done.stdout
    joint = next(line for line in done.stdout.splitlines() if line.startswith("F(1, 4) = "))
    assert joint.endswith(" (HC1)")


def test_options_of_reading_work(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    args = ("beds = 0", "--robust", "hc1")
    expected = linreg("test", "model.json", "d.csv", *args)
    Path("e.csv").write_text(ROOMS.replace(",", ";").replace(".", ","))
    assert linreg("test", "model.json", "e.cs?", *args, "--decimal", ",") == expected


def test_a_joint_test_of_a_singular_covariance_is_undefined(linreg: Linreg) -> None:
    rows = ["0,0,2", "1,0,3", "0,1,7", "0,0,2.5", "0,0,4"]
    exactly(linreg, "a,b,y\n" + "\n".join(rows) + "\n", features="a b")
    args = ("test", "model.json", "d.csv", "a = 0", "b = 0", "--robust", "hc0")
    found = json.loads(linreg(*args, "--json").stdout)
    assert (found["f"], found["p"], found["p_log10"]) == (None, None, None)
    assert "F(2, 2) = undefined, p = - (HC0)\n" in linreg(*args).stdout
