"""linreg test: the table, the JSON, and what is refused; statsmodels gives the figures."""

import json
from pathlib import Path

import pytest

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
        (["d.csv"], "d.csv is a file, not a restriction"),
        ([], "RESTRICTION is missing"),
    ],
)
def test_bad_use_is_refused_with_a_hint(linreg: Linreg, args: list[str], message: str) -> None:
    exactly(linreg, ROOMS)
    done = linreg("test", "model.json", *args)
    assert (done.status, done.stdout) == (2, "")
    assert message in done.stderr
    assert "\nHint: " in done.stderr


def test_rows_as_restriction_lead_to_evaluate(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    assert linreg("test", "model.json", "d.csv") == Result(
        2,
        "",
        "Error: d.csv is a file, not a restriction\n"
        "Hint: linreg evaluate model.json d.csv evaluates the model on its rows.\n",
    )
