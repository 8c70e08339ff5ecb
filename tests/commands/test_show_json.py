"""linreg show --json, and p-values below the range of float64."""

import csv
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from tests.commands.show_runs import ROOMS, as_json, exactly, figures, show, train, unwrapped
from tests.conftest import Linreg
from tests.references import ols, real_data, wls

SUMMARY_FIELDS = [
    "target", "confidence", "robust", "clusters", "rows", "degrees_of_freedom",
    "residual_standard_error",
    "residual_sum_of_squares", "r2", "r2_is_uncentered", "adjusted_r2", "f", "f_p", "f_p_log10",
    "aic", "bic", "log_likelihood", "baseline_loss", "condition_number", "weights", "categories",
    "diagnostics", "notes",
]  # fmt: skip
WEIGHT_FIELDS = [
    "name", "value", "least_squares", "standard_error", "t", "p", "p_log10", "lower", "upper",
    "standardized", "vif",
]  # fmt: skip


@pytest.mark.parametrize("options", [(), ("--no-intercept",), ("--l2", "1"), ("--weights", "age")])
def test_the_fields_are_those_that_are_documented(linreg: Linreg, options: tuple[str, ...]) -> None:
    exactly(linreg, ROOMS, *options)
    found = as_json(linreg)
    assert list(found) == SUMMARY_FIELDS
    assert all(list(weight) == WEIGHT_FIELDS for weight in found["weights"])
    names = ["(intercept)", "beds", "baths"]
    assert [w["name"] for w in found["weights"]] == names[options == ("--no-intercept",) :]


@pytest.mark.parametrize("name", ["stackloss", "statecrime", "elnino", "star98", "sacramento"])
def test_json_of_real_data_has_the_digits_of_statsmodels(linreg: Linreg, name: str) -> None:
    data = real_data(name)
    data.write("d.csv")
    linreg("train", "d.csv", *data.arguments(), "--solver", "exact", "-q")
    found, fitted = as_json(linreg), ols(data)
    assert found["rows"] == len(data.y)
    assert found["target"] == data.target
    assert [weight["name"] for weight in found["weights"]] == ["(intercept)", *data.features]
    rtol = 1e-6 if name == "sacramento" else 1e-9  # coordinates: nearly a constant column
    for field, expected in (
        ("value", fitted.params),
        ("standard_error", fitted.bse),
        ("t", fitted.tvalues),
        ("p", fitted.pvalues),
        ("lower", fitted.conf_int()[:, 0]),
        ("upper", fitted.conf_int()[:, 1]),
    ):
        np.testing.assert_allclose([w[field] for w in found["weights"]], expected, rtol=rtol)
    for field, value in (
        ("r2", fitted.rsquared), ("f", fitted.fvalue), ("f_p", fitted.f_pvalue), ("aic", fitted.aic)
    ):  # fmt: skip
        assert found[field] == pytest.approx(value, rel=rtol)


def test_json_of_weighted_rows_has_the_digits_of_statsmodels(linreg: Linreg) -> None:
    data = real_data("statecrime")
    data.frame.assign(w=list(map(float, data.spread_weights()))).to_csv("d.csv", index=False)
    linreg("train", "d.csv", *data.arguments(), "--weights", "w", "--solver", "exact", "-q")
    found, fitted = as_json(linreg), wls(data)
    errors = [weight["standard_error"] for weight in found["weights"]]
    np.testing.assert_allclose(errors, fitted.bse, rtol=1e-9)
    assert found["log_likelihood"] == pytest.approx(fitted.llf, rel=1e-10)


def test_json_keeps_every_digit_of_the_model(linreg: Linreg) -> None:
    train(linreg, ROOMS, "--epochs", "7")
    model = json.loads(Path("model.json").read_text())
    found = [weight["value"] for weight in as_json(linreg)["weights"]]
    assert found == [model["b"], model["m"]["beds"], model["m"]["baths"]]


def test_the_text_shows_what_json_holds(linreg: Linreg) -> None:
    train(linreg, ROOMS, "--epochs", "3")
    found, text = as_json(linreg), show(linreg)
    for name in ("residual_standard_error", "r2", "f", "f_p", "aic", "bic", "condition_number"):
        assert f" {found[name]:.7g}\n" in text
    assert found["notes"]
    for note in found["notes"]:
        assert f"Note: {note}\n" in unwrapped(text)


def test_the_confidence_is_in_the_json(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    assert as_json(linreg)["confidence"] == 0.95
    assert as_json(linreg, "--confidence", "0.8")["confidence"] == 0.8


# p-values below the range of float64


CERTAIN = "a,y\n" + "".join(f"{i},{i * 1000 + i % 2}\n" for i in range(1, 801))


def test_a_p_value_below_every_float_is_shown_as_a_bound(linreg: Linreg) -> None:
    exactly(linreg, CERTAIN, features="a")
    found = as_json(linreg)
    assert [found["f_p"], found["weights"][1]["p"]] == [0, 0]
    assert "-0.0" not in show(linreg, "--json")
    table = np.array(list(csv.reader(CERTAIN.splitlines()[1:])), dtype=float)
    fitted = sm.OLS(table[:, 1], sm.add_constant(table[:, 0])).fit()
    # the tail of t, as it is for a large t: Abramowitz and Stegun 26.7.3 and 26.5.4
    v, t = 798, fitted.tvalues[1]
    rest = v / (v + t * t)
    scale = math.lgamma((v + 1) / 2) - math.lgamma(v / 2) - math.log(math.pi) / 2
    expected = (scale + math.log(rest) * v / 2 - math.log(v / 2)) / math.log(10)
    assert found["weights"][1]["p_log10"] == pytest.approx(expected, rel=1e-6)
    assert found["f_p_log10"] == pytest.approx(found["weights"][1]["p_log10"], rel=1e-12)
    assert figures(show(linreg))["p of F"] == "< 1e-308"
    assert re.split("  +", show(linreg).split("\n\n")[1].splitlines()[2])[4] == "< 1e-308"
    assert show(linreg, "--markdown").count("| < 1e-308 |") == 2
    assert show(linreg, "--latex").count(r"& \textless{} 1e-308 &") == 2
    drift = linreg("evaluate", "model.json", "d.csv", "--check-drift").stdout
    assert drift.endswith(", p = 1\n")


def test_a_drift_beyond_doubt_has_a_bound_and_a_logarithm(linreg: Linreg) -> None:
    exactly(linreg, CERTAIN, features="a")
    rows = "".join(f"{i},{i * 2000 + i % 2}\n" for i in range(1, 801))
    Path("e.csv").write_text(f"a,y\n{rows}")
    done = linreg("evaluate", "model.json", "e.csv", "--check-drift")
    assert done.stdout.endswith(", p < 1e-308\n")
    found = json.loads(linreg("evaluate", "model.json", "e.csv", "--check-drift", "--json").stdout)
    assert found["drift"]["p"] == 0
    assert found["drift"]["p_log10"] < -308


def test_json_has_names_as_they_are(linreg: Linreg) -> None:
    Path("d.csv").write_text("Größe [m²],y\n1,3\n2,5\n4,4\n", encoding="utf-8")
    linreg("train", "d.csv", "--x", "Größe [m²]", "--y", "y", "--solver", "exact", "-q")
    assert as_json(linreg)["weights"][1]["name"] == "Größe [m²]"
    assert '"Größe [m²]"' in show(linreg, "--json")
