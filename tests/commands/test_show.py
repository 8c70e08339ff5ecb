"""linreg show: the model as a person reads it, as JSON, in Markdown and in LaTeX."""

import csv
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pexpect
import pytest
import statsmodels.api as sm
from rich.cells import cell_len

import linreg_cli
from tests.conftest import TIMEOUT, Linreg, Result
from tests.references import SACRAMENTO, ols, real_data, wls

SUMMARY_FIELDS = [
    "target", "confidence", "rows", "degrees_of_freedom", "residual_standard_error",
    "residual_sum_of_squares", "r2", "r2_is_uncentered", "adjusted_r2", "f", "f_p", "f_p_log10",
    "aic", "bic", "log_likelihood", "baseline_loss", "condition_number", "weights", "notes",
]  # fmt: skip
WEIGHT_FIELDS = [
    "name", "value", "least_squares", "standard_error", "t", "p", "p_log10", "lower", "upper",
    "standardized", "vif",
]  # fmt: skip
HEADER = ["weight", "std. error", "t", "p", "95 % from", "to", "standardised", "VIF"]

ROOMS = """\
beds,baths,age,price
2,1,40,210.75
3,2,12,329
3,1,33,287.5
4,3,2,455.25
2,2,25,240
5,3,18,512.5
4,2,51,301
"""


def train(linreg: Linreg, text: str, *more: str, features: str = "beds baths") -> None:
    """Learn model.json from the text of a CSV file, whose last column is the target."""
    Path("d.csv").write_text(text, encoding="utf-8")
    target = text.split("\n", 1)[0].rsplit(",", 1)[1]
    x = [word for name in features.split() for word in ("--x", name)]
    done = linreg("train", "d.csv", *x, "--y", target, "-q", *more)
    assert (done.status, "Error" in done.stderr) == (0, False)


def exactly(linreg: Linreg, text: str, *more: str, features: str = "beds baths") -> None:
    train(linreg, text, "--solver", "exact", *more, features=features)


def show(linreg: Linreg, *options: str) -> str:
    done = linreg("show", "model.json", *options)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout


def unwrapped(text: str) -> str:
    """Put sentences that go on in an indented line into one line."""
    return re.sub(r"\n {6}(?=\S)", " ", text)


def as_json(linreg: Linreg, *options: str) -> Any:
    return json.loads(show(linreg, "--json", *options), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which are not JSON."""
    raise AssertionError(constant)


def figures(text: str) -> dict[str, str]:
    """Give the figures below the table, by their names."""
    below = next(part for part in text.split("\n\n") if part.startswith("rows "))
    pairs = (re.split(r"  +", line) for line in below.splitlines())
    return {name: value for name, value in pairs}  # noqa: C416  # each must be a pair


def weights_of(text: str) -> list[list[str]]:
    """Give the rows of the table of weights, whose columns may stand in several blocks."""
    first, *others = text[: text.index("\n\nrows ")].split("\n\n")[1:]
    header, *lines = (re.split(r"  +", line.rstrip()) for line in first.splitlines())
    rows = {name: cells for name, *cells in lines}
    for other in others:
        more, *lines = (re.split(r"  +", line.rstrip()) for line in other.splitlines())
        further = {name: cells for name, *cells in lines}
        header += more[1:]
        for name, cells in rows.items():
            cells.extend(further.get(name, ["-"] * (len(more) - 1)))
    return [header[1:], *([name, *cells] for name, cells in rows.items())]


def rooms() -> tuple[Any, Any]:
    """Give the design matrix and the target of ROOMS."""
    _, *rows = csv.reader(ROOMS.splitlines())
    table = np.array(rows, dtype=float)
    return sm.add_constant(table[:, :2]), table[:, -1]


# as a person reads it


def test_the_report_has_target_and_training_then_weights_then_figures(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    first, *_, below = show(linreg).split("\n\n")
    assert first == "target price, exact solution"
    header, *rows = weights_of(show(linreg))
    assert header == HEADER
    assert [row[0] for row in rows] == ["(intercept)", "beds", "baths"]
    assert list(figures(show(linreg))) == [
        "rows", "degrees of freedom", "residual standard error", "R²", "adjusted R²", "F", "p of F",
        "AIC", "BIC", "log-likelihood", "condition number", "baseline loss (the mean)", "loss",
    ]  # fmt: skip
    assert below.endswith("\n")


def test_the_table_has_the_figures_of_statsmodels(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    X, y = rooms()
    fitted = sm.OLS(y, X).fit()
    rows = weights_of(show(linreg))[1:]
    columns = np.array([[float(cell) for cell in row[1:7]] for row in rows]).T
    expected = [fitted.params, fitted.bse, fitted.tvalues, fitted.pvalues, *fitted.conf_int().T]
    # 4 digits are shown of the least exact ones
    np.testing.assert_allclose(columns, expected, rtol=1e-3)
    assert rows[0][7:] == ["-", "-"]


def test_the_figures_are_those_of_statsmodels(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    X, y = rooms()
    fitted = sm.OLS(y, X).fit()
    found = figures(show(linreg))
    expected = {
        "residual standard error": np.sqrt(fitted.scale),
        "R²": fitted.rsquared,
        "adjusted R²": fitted.rsquared_adj,
        "F": fitted.fvalue,
        "p of F": fitted.f_pvalue,
        "AIC": fitted.aic,
        "BIC": fitted.bic,
        "log-likelihood": fitted.llf,
        "baseline loss (the mean)": y.var(),
        "loss": fitted.ssr / 7,
    }
    for name, value in expected.items():
        assert float(found[name]) == pytest.approx(value, rel=1e-6), name
    assert (found["rows"], found["degrees of freedom"]) == ("7", "4")


def test_columns_are_aligned(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    _, *tables, _ = show(linreg).split("\n\n")
    for table in tables:
        assert len({len(line) for line in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("options", "trained"),
    [
        ("--solver exact", "exact solution"),
        ("--epochs 5000", "gradient descent, {epochs} epochs, learning rate {rate:g}"),
        ("--epochs 3", "gradient descent, 3 epochs, out of epochs, learning rate {rate:g}"),
        (
            "--epochs 3 --learning-rate 0.01",
            "gradient descent, 3 epochs, out of epochs, learning rate 0.01",
        ),
    ],
)
def test_the_report_says_how_the_model_was_trained(
    linreg: Linreg, options: str, trained: str
) -> None:
    train(linreg, ROOMS, *options.split())
    training = json.loads(Path("model.json").read_text())["training"]
    rate = training.get("learning_rate") or 0.0
    expected = trained.format(epochs=training["epochs"], rate=rate)
    assert show(linreg).splitlines()[0] == f"target price, {expected}"


def test_weights_that_are_not_there_yet_are_told_in_standard_errors(linreg: Linreg) -> None:
    train(linreg, ROOMS, "--epochs", "3")
    found = as_json(linreg)
    rows = [line.split(",") for line in ROOMS.split()[1:]]
    X = np.array([[1, row[0], row[1]] for row in rows], dtype=np.float64)
    y = np.array([row[-1] for row in rows], dtype=np.float64)
    saved = X @ [weight["value"] for weight in found["weights"]]
    fitted = X @ np.linalg.lstsq(X, y)[0]
    variance = ((fitted - y) ** 2).sum() / (len(rows) - 3)
    distance = math.sqrt(((saved - fitted) ** 2).sum() / variance)
    assert unwrapped(show(linreg)).endswith(
        f"\n\nNote: the saved weights are together {distance:.3g} standard errors away from the "
        "fit: training was out of epochs after 3 epochs\n"
    )


def test_a_ridge_model_shows_the_fit_that_its_statistics_are_about(linreg: Linreg) -> None:
    # the intervals are of the weights without penalty, so those belong beside them
    exactly(linreg, ROOMS, "--l2", "1")
    text = show(linreg)
    assert "Note: trained with a ridge penalty, l2 1; " in text
    for weight in as_json(linreg)["weights"]:
        assert f"{weight['value']:.7g}" in text
        assert f"{weight['least_squares']:.7g}" in text


# confidence


def test_confidence_names_the_interval_and_moves_its_ends(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    X, y = rooms()
    text = show(linreg, "--confidence", "0.99")
    assert "99 % from" in text.split("\n\n")[1].splitlines()[0]
    found = [[float(cell) for cell in row[5:7]] for row in weights_of(text)[1:]]
    np.testing.assert_allclose(found, sm.OLS(y, X).fit().conf_int(0.01), rtol=1e-6)


@pytest.mark.parametrize(
    ("confidence", "title"), [("0.5", "50 %"), ("0.999", "99.9 %"), ("1e-3", "0.1 %")]
)
def test_a_confidence_is_written_in_percent(linreg: Linreg, confidence: str, title: str) -> None:
    exactly(linreg, ROOMS)
    assert f" {title} from " in show(linreg, "--confidence", confidence)


@pytest.mark.parametrize("confidence", ["1e-10", "1e-40", "0.9999999999999999"])
def test_every_confidence_between_0_and_1_has_its_interval_at_once(
    linreg: Linreg, confidence: str
) -> None:
    exactly(linreg, ROOMS)
    command = [sys.executable, "-m", "linreg_cli", "show", "model.json", "--json"]
    package = str(Path(linreg_cli.__file__).parents[1])
    done = subprocess.run(
        [*command, "--confidence", confidence],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": package},
        timeout=10,
    )
    for weight in json.loads(done.stdout)["weights"]:
        assert weight["lower"] <= weight["least_squares"] <= weight["upper"]


# JSON


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
    for note in found["notes"]:
        assert f"Note: {note}\n" in unwrapped(text)


def test_the_confidence_is_in_the_json(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    assert as_json(linreg)["confidence"] == 0.95
    assert as_json(linreg, "--confidence", "0.8")["confidence"] == 0.8


# tables for a paper


PAPER_FIGURES = [
    "rows", "degrees of freedom", "residual standard error", "R²", "adjusted R²", "F", "p of F",
]  # fmt: skip


def test_markdown_is_the_table_of_weights_and_one_of_figures(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    weights, below = show(linreg, "--markdown").split("\n\n")
    header, rule, *rows = weights.splitlines()
    assert [cell.strip() for cell in header.split("|")][2:-1] == HEADER
    assert rule == "|---" + "|---:" * 8 + "|"
    plain = weights_of(show(linreg))[1:]
    assert [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows] == plain
    header, rule, *rows = below.splitlines()
    assert (header, rule) == ("|  |  |", "|---|---:|")
    found = dict([cell.strip() for cell in row.split("|")[1:-1]] for row in rows)
    expected = figures(show(linreg))
    assert found == {name: expected[name] for name in PAPER_FIGURES}


def test_latex_is_the_table_of_weights_with_the_figures(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    lines = show(linreg, "--latex").splitlines()
    assert lines[:2] == [r"\begin{tabular}{lrrrrrrrr}", r"\hline"]
    assert lines[2] == " & " + " & ".join(HEADER).replace("%", r"\%") + r" \\"
    plain = weights_of(show(linreg))[1:]
    end = 4 + len(plain)
    assert [lines[3], lines[end], *lines[-2:]] == [r"\hline"] * 3 + [r"\end{tabular}"]
    assert [line.removesuffix(r" \\").split(" & ") for line in lines[4:end]] == plain
    below = [line.removesuffix(r" \\").split(" & ") for line in lines[end + 1 : -2]]
    expected = figures(show(linreg))
    assert below == [[name, expected[name], *[""] * 7] for name in PAPER_FIGURES]


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


ODD = "a|b_c & 50%,#x^2~{y}$\\,y\n1,2,3\n2,7,5\n3,1,6\n4,3,9\n"


def test_markdown_escapes_what_would_end_a_cell(linreg: Linreg) -> None:
    Path("d.csv").write_text(ODD)
    linreg("train", "d.csv", "--x", "a|b_c & 50%", "--y", "y", "--solver", "exact", "-q")
    row = show(linreg, "--markdown").split("\n\n")[0].splitlines()[-1]
    assert row.startswith(r"| a\|b_c & 50% | ")
    assert len(re.findall(r"(?<!\\)\|", row)) == 10


def test_latex_escapes_what_it_would_read_as_a_command(linreg: Linreg) -> None:
    Path("d.csv").write_text(ODD)
    x = ["--x", "a|b_c & 50%", "--x", "#x^2~{y}$\\"]
    linreg("train", "d.csv", *x, "--y", "y", "--solver", "exact", "-q")
    *_, one, other = show(linreg, "--latex").split("\n\\hline\n")[2].splitlines()
    assert one.startswith(r"a\textbar{}b\_c \& 50\% & ")
    assert other.startswith(r"\#x\textasciicircum{}2\textasciitilde{}\{y\}\$\textbackslash{} & ")


@pytest.mark.parametrize("option", [(), ("--markdown",), ("--latex",)])
def test_control_characters_of_a_name_are_shown_escaped(
    linreg: Linreg, option: tuple[str, ...]
) -> None:
    Path("d.csv").write_text("\x1b[31m,\ay\n1,3\n2,5\n4,4\n")
    linreg("train", "d.csv", "--x", "\x1b[31m", "--y", "\ay", "--solver", "exact", "-q")
    text = show(linreg, *option)
    assert "\x1b" not in text
    assert "\a" not in text
    assert "x1b[31m" in text


def test_json_has_names_as_they_are(linreg: Linreg) -> None:
    Path("d.csv").write_text("Größe [m²],y\n1,3\n2,5\n4,4\n", encoding="utf-8")
    linreg("train", "d.csv", "--x", "Größe [m²]", "--y", "y", "--solver", "exact", "-q")
    assert as_json(linreg)["weights"][1]["name"] == "Größe [m²]"
    assert '"Größe [m²]"' in show(linreg, "--json")


# degenerate cases


def test_no_degrees_of_freedom_are_said_in_words(linreg: Linreg) -> None:
    exactly(linreg, "a,y\n1,3\n2,5\n", features="a")
    found = as_json(linreg)
    for weight in found["weights"]:
        assert [weight[n] for n in ("standard_error", "t", "p", "p_log10", "lower", "upper")] == [
            None
        ] * 6
    assert [found["f"], found["residual_standard_error"], found["adjusted_r2"]] == [None] * 3
    text = show(linreg)
    assert unwrapped(text).endswith(
        "\n\nNote: as many weights as rows: no degrees of freedom are left to tell how uncertain "
        "the weights are\n"
    )
    assert weights_of(text)[2] == ["a", "2", *["-"] * 5, "1", "1"]


def test_a_constant_target_has_an_r2_of_null_and_the_reason(linreg: Linreg) -> None:
    exactly(linreg, "a,y\n1,3\n2,3\n5,3\n", features="a")
    assert as_json(linreg)["r2"] is None
    assert figures(show(linreg))["R²"] == "-"
    assert "\nNote: the target is constant: R² has no meaning\n" in show(linreg)


@pytest.mark.parametrize(("sign", "t"), [("", "inf"), ("-", "-inf")])
def test_a_perfect_fit_shows_an_infinite_t_and_the_reason(
    linreg: Linreg, sign: str, t: str
) -> None:
    exactly(linreg, f"a,y\n1,{sign}3\n2,{sign}5\n5,{sign}11\n", features="a")
    assert [weight["t"] for weight in as_json(linreg)["weights"]] == [None, None]
    rows = weights_of(show(linreg))[1:]
    assert [row[3] for row in rows] == [t, t]
    assert "\nNote: the fit is perfect: standard errors are 0 and t is infinite\n" in show(linreg)


def test_near_collinear_columns_are_told_with_their_partners(linreg: Linreg) -> None:
    data = real_data("longley")
    data.write("d.csv")
    linreg("train", "d.csv", *data.arguments(), "--solver", "exact", "-q")
    notes = [line for line in unwrapped(show(linreg)).splitlines() if line.startswith("Note: ")]
    assert notes[1].startswith("Note: GNP is nearly a combination of others (VIF 1789); it goes ")
    assert float(figures(show(linreg))["condition number"]) == pytest.approx(110.5442, rel=1e-6)


def test_exactly_collinear_columns_are_told_by_their_equation(linreg: Linreg) -> None:
    train(linreg, "a,b,y\n1,2,3\n2,4,5\n3,6,4\n4,8,1\n", features="a b")
    done = linreg("show", "model.json")
    assert done == Result(
        5,
        "",
        "Error: the weights are not unique: b = 2 * a\nHint: Train without 'b'.\n",
    )


def test_one_feature_is_a_model_like_others(linreg: Linreg) -> None:
    exactly(linreg, ROOMS, features="beds")
    names = [weight["name"] for weight in as_json(linreg)["weights"]]
    assert names == ["(intercept)", "beds"]


# its width

LONG = [
    "average_income_of_a_household_2019",
    "average_income_of_a_household_2020",
    "面積と平方メートル" * 2,
]


def long_names(linreg: Linreg) -> None:
    """Learn a model whose names are long and whose features are nearly collinear."""
    rows = "\n".join(f"{i},{i + i % 3 / 1e3},{-i * i * 1e-9},{i**3 % 17 * 1e6}" for i in range(30))
    Path("d.csv").write_text(f"{','.join(LONG)},y\n{rows}\n", encoding="utf-8")
    x = [word for name in LONG for word in ("-x", name)]
    assert linreg("train", "d.csv", *x, "-y", "y", "-q", "--epochs", "9").status == 0


def on_a_terminal(command: str, columns: int) -> str:
    """Run linreg on a screen of so many columns; give what it prints."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "linreg_cli", *command.split()],
        dimensions=(40, columns),
        env={**{k: v for k, v in os.environ.items() if k != "COLUMNS"}, "TERM": "dumb"},
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    text = child.read()
    child.close()
    assert child.exitstatus == 0
    return str(text).replace("\r\n", "\n")


def widths(text: str) -> list[int]:
    """Measure the lines as a terminal does, by the tables of another library."""
    return [cell_len(line) for line in text.splitlines()]


@pytest.mark.parametrize("options", ["", "--confidence 0.999", "--confidence 0.123456"])
def test_the_report_fits_into_80_columns(linreg: Linreg, options: str) -> None:
    x = [word for name in ("sqft", "beds", "baths", "latitude") for word in ("-x", name)]
    linreg("train", str(SACRAMENTO), *x, "-y", "price", "-q", "--l2", "0.1")
    assert max(widths(show(linreg, *options.split()))) <= 80


def test_a_file_has_whole_names_and_the_same_blocks(linreg: Linreg) -> None:
    long_names(linreg)
    text = show(linreg)
    for name in LONG:
        assert re.search(rf"^{name} ", text, flags=re.MULTILINE)
    longest = max(map(cell_len, LONG))
    for block in text.split("\n\n")[1:-2]:  # a name is counted as a third of the page
        assert max(widths(block)) - longest + 80 // 3 <= 80


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_terminal_has_names_cut_in_their_middle_and_no_number_cut(
    linreg: Linreg, columns: int
) -> None:
    long_names(linreg)
    text = on_a_terminal("show model.json", columns)
    assert max(widths(text)) <= columns
    shown = {line.split()[0] for line in text.splitlines() if line.startswith("average")}
    assert len(shown) == 2  # which end differently
    for weight in as_json(linreg)["weights"]:
        for name in ("value", "least_squares", "lower", "upper"):
            assert f" {weight[name]:.7g}" in text


def test_a_wide_terminal_has_one_table(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    _, table, _ = on_a_terminal("show model.json", 132).split("\n\n")
    assert re.split(r"  +", table.splitlines()[0].strip()) == HEADER


# where the model comes from


def test_a_dash_is_a_model_on_standard_input(linreg: Linreg) -> None:
    exactly(linreg, ROOMS)
    content = Path("model.json").read_bytes()
    assert linreg("show", "-", stdin=content) == Result(0, show(linreg), "")


def test_show_needs_no_rows(linreg: Linreg, folder: Path) -> None:
    exactly(linreg, ROOMS)
    before = show(linreg)
    (folder / "d.csv").unlink()
    assert show(linreg) == before


def test_the_installed_script_writes_json_that_a_pipe_reads(linreg: Linreg, shell: Any) -> None:
    exactly(linreg, ROOMS)
    read = "import json, sys; print(json.load(sys.stdin)['rows'])"
    done = shell(f'linreg show model.json --json | {sys.executable} -c "{read}"')
    assert (done.status, done.stdout) == (0, "7\n")


def test_a_reader_that_goes_away_ends_show_quietly(linreg: Linreg, shell: Any) -> None:
    exactly(linreg, ROOMS)
    done = shell("linreg show model.json | head -1")
    assert (done.stdout, done.stderr) == ("target price, exact solution\n", "")


def test_the_file_in_the_repository_gives_its_figures(linreg: Linreg) -> None:
    x = ["--x", "beds", "--x", "baths", "--x", "sqft"]
    linreg("train", str(SACRAMENTO), *x, "--y", "price", "--solver", "exact", "-q")
    frame = real_data("sacramento").frame
    fitted = sm.OLS(frame["price"], sm.add_constant(frame[["beds", "baths", "sqft"]])).fit()
    found = as_json(linreg)
    assert found["r2"] == pytest.approx(fitted.rsquared, rel=1e-12)
    np.testing.assert_allclose(
        [weight["standard_error"] for weight in found["weights"]], fitted.bse, rtol=1e-10
    )
