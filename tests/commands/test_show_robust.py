"""linreg show --robust: the table, the JSON, and what is refused; statsmodels gives the figures."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from tests.commands.show_runs import ROOMS, exactly, figures, weights_of
from tests.conftest import Linreg, Result
from tests.references import SACRAMENTO, real_data


def train(linreg: Linreg, *more: str) -> str:
    """Learn model.json from sacramento.csv, and return the path of the rows."""
    data = real_data("sacramento")
    done = linreg("train", str(SACRAMENTO), *data.arguments(), "-q", *more)
    assert done.status == 0
    return str(SACRAMENTO)


@pytest.mark.parametrize("kind", ["hc0", "hc1", "hc2", "hc3"])
def test_the_json_has_the_figures_of_statsmodels(linreg: Linreg, kind: str) -> None:
    data = real_data("sacramento")
    done = linreg("show", "model.json", train(linreg), "--robust", kind, "--json")
    assert (done.status, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    fitted = sm.OLS(data.y, data.design()).fit(cov_type=kind.upper(), use_t=True)
    errors = [weight["standard_error"] for weight in found["weights"]]
    np.testing.assert_allclose(errors, fitted.bse, rtol=1e-7)
    assert found["f"] == pytest.approx(fitted.fvalue, rel=1e-7)
    assert found["robust"] == kind


def test_the_table_names_the_kind(linreg: Linreg) -> None:
    rows = train(linreg)
    text = linreg("show", "model.json", rows, "--robust", "hc3").stdout
    assert "std. error HC3" in weights_of(text)[0]
    assert {"F (HC3)", "p of F (HC3)"} <= set(figures(text))
    plain = linreg("show", "model.json").stdout
    assert "HC" not in plain
    assert figures(text)["R²"] == figures(plain)["R²"]


def test_shards_in_another_order_give_the_same_bytes(linreg: Linreg) -> None:
    rows = train(linreg)
    header, *lines = Path(rows).read_text().splitlines()
    for name, part in (("b.csv", lines[500:]), ("a.csv", lines[:500][::-1])):
        Path(name).write_text("\n".join([header, *part]) + "\n")
    args = ("--robust", "hc2", "--json")
    whole = linreg("show", "model.json", rows, *args).stdout
    assert linreg("show", "model.json", "b.csv", "a.csv", *args).stdout == whole
    assert linreg("show", "model.json", "*.csv", *args, "--threads", "1").stdout == whole


def test_only_training_rows_count(linreg: Linreg) -> None:
    rows = train(linreg, "--test-fraction", "0.3")
    found = json.loads(linreg("show", "model.json", rows, "--robust", "hc1", "--json").stdout)
    plain = json.loads(linreg("show", "model.json", "--json").stdout)
    assert found["rows"] == plain["rows"] < len(real_data("sacramento").y)


def test_weighted_rows_are_those_of_statsmodels(linreg: Linreg) -> None:
    data = real_data("stackloss")
    weights = data.spread_weights()
    data.frame.assign(w=weights).to_csv("d.csv", index=False)
    done = linreg("train", "d.csv", *data.arguments(), "--weights", "w", "-q")
    assert done.status == 0
    found = json.loads(linreg("show", "model.json", "d.csv", "--robust", "hc3", "--json").stdout)
    fitted = sm.WLS(data.y, data.design(), weights=list(map(float, weights)))
    errors = [weight["standard_error"] for weight in found["weights"]]
    np.testing.assert_allclose(errors, fitted.fit(cov_type="HC3").bse, rtol=1e-9)


def test_the_options_of_reading_work(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    expected = linreg("show", "model.json", "d.csv", "--robust", "hc3")
    Path("e.csv").write_text(ROOMS.replace(",", ";").replace(".", ","))
    done = linreg("show", "model.json", "e.csv", "--robust", "hc3", "--decimal", ",")
    assert done == expected


def test_rows_can_come_from_standard_input(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    piped = linreg("show", "model.json", "-", "--robust", "hc0", stdin=ROOMS)
    assert piped == linreg("show", "model.json", "d.csv", "--robust", "hc0")
    assert piped.status == 0


def test_other_rows_are_refused(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    Path("other.csv").write_text(ROOMS.replace("301", "302"))
    assert linreg("show", "model.json", "other.csv", "--robust", "hc3") == Result(
        3,
        "",
        "Error: other.csv: these rows are not the rows that the model was trained on\n"
        "Hint: Robust errors need the training rows, all 7 of them.\n",
    )


def test_other_rows_beyond_float64_are_refused(linreg: Linreg) -> None:
    Path("d.csv").write_text("x,y\n" + "".join(f"{i},{i * i}e-10\n" for i in range(1, 10)))
    linreg("train", "d.csv", "-x", "x", "-y", "y", "--no-intercept", "-o", "model.json")
    # each residual is infinite in the unit of the residuals, and a leverage is 0
    Path("other.csv").write_text("x,y\n0,1e300\n1,5e305\n")
    found = linreg("show", "model.json", "other.csv", "--robust", "hc3")
    assert (found.status, found.stdout) == (3, "")
    assert found.stderr.startswith("Error: other.csv: these rows are not the rows that the model")


NO_ROWS = """\
Error: --robust hc3 needs the training rows
Hint: Name the files with the rows: linreg show MODEL DATA --robust hc3
"""
NO_KIND = """\
Error: DATA has no effect without --robust
Hint: linreg evaluate MODEL DATA evaluates a model on rows.
"""


@pytest.mark.parametrize(
    ("args", "message"), [(["--robust", "hc3"], NO_ROWS), (["d.csv"], NO_KIND)]
)
def test_rows_and_a_kind_need_each_other(linreg: Linreg, args: list[str], message: str) -> None:
    exactly(linreg, ROOMS)
    assert linreg("show", "model.json", *args) == Result(2, "", message)


def test_another_kind_is_refused(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    done = linreg("show", "model.json", "d.csv", "--robust", "hc4")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "Error: --robust: 'hc4' is not one of hc0, hc1, hc2, hc3, cluster:COLUMN\n"
    )


def test_options_of_reading_have_no_effect_without_rows(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    done = linreg("show", "model.json", "--decimal", ",")
    assert (done.status, done.stderr) == (0, "Warning: --decimal has no effect with no DATA\n")
