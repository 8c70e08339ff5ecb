"""linreg train --moments 4: what the file holds adds up, and show needs no rows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan, linear_reset
from statsmodels.stats.stattools import jarque_bera

from tests.commands.category_runs import HOMES, fitted, homes
from tests.commands.show_runs import ROOMS, exactly
from tests.conftest import Linreg, Result
from tests.references import real_data

NUMBERS = ("-x", "sqft", "-x", "baths", "-y", "price")
LEVELS = ("--formula", "price ~ sqft * C(type)")
RUNS = {
    "numbers": NUMBERS,
    "terms": ("-x", "log(sqft)", "-x", "beds:baths", "-y", "log(price)"),
    "levels": LEVELS,
    "a test part": (*NUMBERS, "--test-fraction", "0.3"),
    "groups": (*NUMBERS, "--by", "type"),
    "folds": (*NUMBERS, "--folds", "3", "--l2", "0,0.5"),
    "levels in folds": (*LEVELS, "--folds", "3", "--test-fraction", "0.2"),
}


def train(linreg: Linreg, *arguments: str, output: str = "model.json") -> bytes:
    done = linreg("train", *arguments, "--moments", "4", "--solver", "exact", "-q", "-o", output)
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    return Path(output).read_bytes()


def shown(linreg: Linreg, *arguments: str) -> Any:
    done = linreg("show", *arguments, "--json")
    assert (done.status, done.stderr) == (0, "")
    return json.loads(done.stdout)


def write_parts() -> tuple[str, str]:
    """Write the homes to two files, of which each has other levels and other decimals."""
    rows = homes().sort_values(["type", "sqft"])
    rows[:500].to_csv("a.csv", index=False)
    rows[500:].to_csv("b.csv", index=False, float_format="%.3f")
    return "a.csv", "b.csv"


def found_in(fields: Any, key: str) -> list[Any]:
    """Return what a field has, at every depth of a model file."""
    if isinstance(fields, list):
        return [found for each in fields for found in found_in(each, key)]
    if not isinstance(fields, dict):
        return []
    own = [fields[key]] if key in fields else []
    return own + [found for each in fields.values() for found in found_in(each, key)]


@pytest.mark.parametrize("name", RUNS)
def test_models_merge_update_and_lose_rows_byte_for_byte(linreg: Linreg, name: str) -> None:
    a, b = write_parts()
    whole = train(linreg, str(HOMES), *RUNS[name])
    first = train(linreg, a, *RUNS[name], output="a.json")
    train(linreg, b, *RUNS[name], output="b.json")
    assert linreg("merge", "a.json", "b.json", "-o", "ab.json", "-q").status == 0
    assert Path("ab.json").read_bytes() == whole
    assert linreg("update", "a.json", b, "-q", "-o", "updated.json").status == 0
    assert Path("updated.json").read_bytes() == whole
    done = linreg("update", "model.json", b, "--remove", "-q", "-o", "rest.json")
    assert done.status == 0, done.stderr
    removed = Path("rest.json").read_bytes()
    for key in ("m", "b", "products", "products_of_3", "products_of_4"):
        rest, alone = (found_in(json.loads(text), key) for text in (removed, first))
        assert rest == alone


@pytest.mark.parametrize("options", [("--threads", "1"), ("--weights", "")])
def test_the_other_reader_gives_the_same_bytes(linreg: Linreg, options: tuple[str, ...]) -> None:
    if not options[1]:  # a test part takes the road of blocks
        whole = train(linreg, str(HOMES), *NUMBERS)
        quoted = HOMES.read_text().replace("Residential", '"Resi\ndential"')
        Path("q.csv").write_text(quoted)
        assert train(linreg, "q.csv", *NUMBERS) == whole
        return
    assert train(linreg, str(HOMES), *NUMBERS) == train(linreg, str(HOMES), *NUMBERS, *options)


def test_levels_are_the_columns_of_their_indicators(linreg: Linreg) -> None:
    train(linreg, str(HOMES), *LEVELS)
    frame = homes()
    fit = fitted("price ~ sqft * C(type)", frame)
    found = shown(linreg, "model.json")
    diagnostics = found["diagnostics"]
    expected = het_breuschpagan(fit.resid, fit.model.exog)
    assert diagnostics["breusch_pagan"]["statistic"] == pytest.approx(expected[0], rel=1e-7)
    assert diagnostics["breusch_pagan"]["p"] == pytest.approx(expected[1], rel=1e-7)
    robust = fitted("price ~ sqft * C(type)", frame).get_robustcov_results("HC1", use_t=True)
    errors = {
        w["name"]: w["standard_error"]
        for w in shown(linreg, "model.json", "--robust", "hc1")["weights"]
    }
    assert sorted(errors.values()) == pytest.approx(sorted(robust.bse), rel=1e-7)


@pytest.mark.parametrize("kind", ["hc0", "hc1"])
def test_errors_from_the_file_are_those_from_the_rows(linreg: Linreg, kind: str) -> None:
    train(linreg, str(HOMES), *NUMBERS, "--test-fraction", "0.3")
    alone = shown(linreg, "model.json", "--robust", kind)
    read = shown(linreg, "model.json", str(HOMES), "--robust", kind)
    for a, b in zip(alone["weights"], read["weights"], strict=True):
        assert a["standard_error"] == pytest.approx(b["standard_error"], rel=1e-12)
    test = ("test", "model.json", "sqft = 150", "baths = 0", "--robust", kind, "--json")
    tested = [json.loads(linreg(*test[:2], *data, *test[2:]).stdout) for data in ([], [str(HOMES)])]
    assert tested[0]["f"] == pytest.approx(tested[1]["f"], rel=1e-11)


def test_the_report_has_the_tests_of_the_errors(linreg: Linreg) -> None:
    data = real_data("stackloss")
    data.write("d.csv")
    train(linreg, "d.csv", *data.arguments())
    text = linreg("show", "model.json").stdout
    fit = sm.OLS(data.y, data.design()).fit()
    statistic, p, *_ = het_breuschpagan(fit.resid, data.design())
    row = next(line for line in text.splitlines() if line.startswith("Breusch-Pagan "))
    assert row.split() == ["Breusch-Pagan", f"{statistic:.7g}", "chi-squared(3)", f"{p:.4g}"]
    reset = linear_reset(fit, power=2, test_type="fitted", use_f=True)
    row = next(line for line in text.splitlines() if line.startswith("RESET "))
    assert row.split() == ["RESET", f"{reset.fvalue:.7g}", "F(1,", "16)", f"{reset.pvalue:.4g}"]
    assert text.count("A small p says") == 4


def test_a_file_of_degree_2_has_no_tests(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    assert shown(linreg, "model.json")["diagnostics"] is None
    assert "Jarque-Bera" not in linreg("show", "model.json").stdout


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("hc1", ". A model trained with --moments 4 does not need them."),
        ("hc3", ""),
    ],
)
def test_rows_are_needed_where_the_file_is_not_enough(linreg: Linreg, kind: str, hint: str) -> None:
    exactly(linreg, ROOMS, *(["--moments", "4"] if kind == "hc3" else []))
    assert linreg("show", "model.json", "--robust", kind) == Result(
        2,
        "",
        f"Error: --robust {kind} needs the training rows\n"
        f"Hint: Name the files with the rows: linreg show MODEL DATA --robust {kind}{hint}\n",
    )


def test_more_than_30_terms_are_refused_with_the_number_of_sums(linreg: Linreg) -> None:
    frame = pd.DataFrame(np.random.default_rng(3).integers(0, 99, (50, 32)))
    frame.columns = [*(f"x{j}" for j in range(31)), "y"]
    frame.to_csv("d.csv", index=False)
    done = linreg("train", "d.csv", "-x", "x*", "-y", "y", "--moments", "4")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: --moments 4 would need 58,905 sums for 31 terms")
    assert linreg("train", str(HOMES), "-x", "sqft", "--category", "city", "-y", "price",
                  "--moments", "4").status == 2  # fmt: skip


def test_weights_are_refused(linreg: Linreg) -> None:
    done = linreg("train", str(HOMES), *NUMBERS, "--weights", "beds", "--moments", "4")
    assert (done.status, done.stdout) == (2, "")
    assert "--moments 4 is not possible with --weights" in done.stderr


def test_models_of_different_degrees_do_not_merge(linreg: Linreg) -> None:
    a, b = write_parts()
    train(linreg, a, *NUMBERS, output="a.json")
    assert linreg("train", b, *NUMBERS, "-q", "--solver", "exact", "-o", "b.json").status == 0
    done = linreg("merge", "a.json", "b.json", "-o", "ab.json")
    assert (done.status, done.stdout) == (2, "")
    assert "b.json has the option --moments 2, a.json has --moments 4" in done.stderr
    done = linreg("train", "b.json", "--moments", "4", "-o", "c.json")
    assert done.status == 2
    assert "--moments 4 is not possible with a model as DATA" in done.stderr


def test_a_model_trains_again_on_other_columns(linreg: Linreg) -> None:
    train(linreg, str(HOMES), *NUMBERS)
    train_again = ("train", "model.json", "-x", "sqft", "-y", "price", "--solver", "exact", "-q")
    assert linreg(*train_again, "-o", "again.json").status == 0
    assert Path("again.json").read_bytes() == train(linreg, str(HOMES), "-x", "sqft", "-y", "price")


@pytest.mark.parametrize(
    ("old", "new"),
    [('"products_of_4": [', '"products_of_4": ["7", '), ('"products_of_3"', '"rows_3"')],
)
def test_a_damaged_file_is_refused(linreg: Linreg, old: str, new: str) -> None:
    train(linreg, str(HOMES), *NUMBERS)
    path = Path("model.json")
    path.write_text(path.read_text().replace(old, new))
    assert linreg("show", "model.json").status == 4


@pytest.mark.parametrize("name", ["numbers", "levels"])
def test_evaluate_tests_the_errors_of_other_rows(linreg: Linreg, name: str) -> None:
    a, b = write_parts()
    frame = homes().sample(frac=1, random_state=1)
    frame[:600].to_csv(a, index=False)
    frame[600:].to_csv(b, index=False)
    train(linreg, a, *RUNS[name])
    done = linreg("evaluate", "model.json", b, "--json", "-q")
    assert (done.status, done.stderr) == (0, "")
    found = json.loads(done.stdout)["diagnostics"]
    formula = {"numbers": "price ~ sqft + baths", "levels": "price ~ sqft * C(type)"}[name]
    old, new = fitted(formula, frame[:600]), frame[600:]
    predicted = old.predict(new)
    errors = (new["price"] - predicted).to_numpy()
    X = np.asarray(fitted(formula, new).model.exog)
    statistic, p, *_ = het_breuschpagan(errors, X)
    assert found["breusch_pagan"]["statistic"] == pytest.approx(statistic, rel=1e-7)
    assert found["breusch_pagan"]["p"] == pytest.approx(p, rel=1e-6)
    assert found["jarque_bera"]["statistic"] == pytest.approx(jarque_bera(errors)[0], rel=1e-7)
    scaled = (predicted / 1e5).to_numpy()
    smaller = sm.OLS(new["price"].to_numpy(), X).fit()
    larger = sm.OLS(new["price"].to_numpy(), np.column_stack([X, scaled**2])).fit()
    f, p, _ = larger.compare_f_test(smaller)
    assert found["reset"]["statistic"] == pytest.approx(f, rel=1e-6)
    assert found["reset"]["p"] == pytest.approx(p, rel=1e-6)
    assert "Jarque-Bera" in linreg("evaluate", "model.json", b).stdout
