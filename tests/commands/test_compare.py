"""linreg compare: the table, the sentences, and each format; statsmodels gives the figures."""

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from linreg_cli.output.terminal import comparison_table
from tests.commands.show_runs import ROOMS
from tests.conftest import Linreg, Result
from tests.references import ols, real_data

ONE = """\
Error: one model cannot be compared
Hint: Name two or more models; linreg show small.json shows one.
"""


@pytest.fixture
def models(linreg: Linreg) -> None:
    """Learn the models small.json (beds), large.json (beds, baths) and few.json (six rows)."""
    Path("d.csv").write_text(ROOMS)
    Path("few.csv").write_text(ROOMS.rpartition("\n4,2")[0] + "\n")
    for name, data, features in [
        ("small", "d.csv", "beds"),
        ("large", "d.csv", "beds,baths"),
        ("few", "few.csv", "beds"),
    ]:
        wanted = [word for column in features.split(",") for word in ("-x", column)]
        done = linreg("train", data, *wanted, "-y", "price", "-q", "-o", f"{name}.json")
        assert (done.status, done.stderr) == (0, "")


def compare(linreg: Linreg, *args: str) -> str:
    done = linreg("compare", *args)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout


def cells(line: str) -> list[str]:
    return line.split()


@pytest.mark.usefixtures("models")
def test_the_table_has_a_column_for_each_model(linreg: Linreg) -> None:
    shown = [
        json.loads(linreg("show", f"{name}.json", "--json").stdout) for name in ("small", "large")
    ]
    lines = compare(linreg, "small.json", "large.json").splitlines()
    (b, beds), (b2, beds2, baths2) = (each["weights"] for each in shown)
    assert [cells(line) for line in lines[:7]] == [
        ["small.json", "large.json"],
        ["(intercept)", *(f"{w['value']:.7g}" for w in (b, b2))],
        [f"({w['standard_error']:.5g})" for w in (b, b2)],
        ["beds", *(f"{w['value']:.7g}" for w in (beds, beds2))],
        [f"({w['standard_error']:.5g})" for w in (beds, beds2)],
        ["baths", f"{baths2['value']:.7g}"],
        [f"({baths2['standard_error']:.5g})"],
    ]
    names = [re.split("  +", line)[0] for line in lines[7:13]]
    assert names == ["rows", "R²", "adjusted R²", "AIC", "BIC", "RMSE"]
    for line, field in zip(lines[8:12], ("r2", "adjusted_r2", "aic", "bic"), strict=True):
        assert line.split()[-2:] == [f"{each[field]:.7g}" for each in shown]


@pytest.mark.usefixtures("models")
def test_a_sentence_tests_the_larger_model(linreg: Linreg) -> None:
    text = " ".join(compare(linreg, "large.json", "small.json").split("\n\n")[-1].split())
    [pair] = json.loads(compare(linreg, "small.json", "large.json", "--json"))["pairs"]
    nested = pair["nested"]
    f, p = f"{nested['f']:.4g}", f"{nested['f_p']:.4g}"
    ratio, ratio_p = (f"{nested[f'likelihood_ratio{end}']:.4g}" for end in ("", "_p"))
    aic, bic = (f"{-pair[f'{name}_difference']:.4g}" for name in ("aic", "bic"))
    expected = (
        f"large.json adds baths to small.json: F(1, 4) = {f}, p = {p}; likelihood ratio {ratio} "
        f"with 1 degree of freedom, p = {ratio_p}. AIC and BIC prefer large.json: they are smaller "
        f"by {aic} and by {bic}."
    )
    assert (text, pair["text"]) == (expected, expected)


@pytest.mark.usefixtures("models")
def test_other_rows_are_not_tested(linreg: Linreg) -> None:
    text = compare(linreg, "few.json", "large.json")
    assert text.endswith("few.json and large.json are not compared: their rows differ: 6 and 7.\n")


@pytest.mark.usefixtures("models")
def test_other_targets_are_shown_and_not_tested(linreg: Linreg) -> None:
    assert linreg("train", "d.csv", "-x", "beds", "-y", "age", "-q", "-o", "age.json").status == 0
    text = compare(linreg, "small.json", "age.json")
    assert ["target", "price", "age"] in [cells(line) for line in text.splitlines()]
    assert text.endswith("not compared: their targets differ: price and age.\n")


@pytest.mark.parametrize(("p", "stars"), [(0.06, ""), (0.049, "*"), (0.009, "**"), (0.0009, "***")])
def test_stars_mark_small_p_values(p: float, stars: str) -> None:
    assert comparison_table.stars_of(p) == stars


def test_stars_are_on_request_and_explained(linreg: Linreg) -> None:
    data = real_data("stackloss")
    data.write("d.csv")
    for name, features in (("a", data.features[:1]), ("b", data.features)):
        wanted = [word for column in features for word in ("-x", column)]
        assert linreg("train", "d.csv", *wanted, "-y", data.target, "-q", "-o", name).status == 0
    plain, marked = compare(linreg, "a", "b"), compare(linreg, "a", "b", "--stars")
    assert "*" not in plain
    assert "* p < 0.05, ** p < 0.01, *** p < 0.001" in marked
    rows = {line.split()[0]: line.split()[-1] for line in marked.splitlines() if line[:1].isalpha()}
    for name, p in zip(data.features, ols(data).pvalues[1:], strict=True):
        expected = sum(bool(p < bound) for bound in (0.05, 0.01, 0.001))
        assert rows[name].count("*") == expected, name


@pytest.mark.usefixtures("models")
def test_csv_has_all_digits(linreg: Linreg) -> None:
    header, *rows = csv.reader(io.StringIO(compare(linreg, "small.json", "large.json", "--csv")))
    assert header == ["name", "figure", "small.json", "large.json"]
    table = {(name, figure): values for name, figure, *values in rows}
    for place, name in enumerate(("small", "large")):
        shown = json.loads(linreg("show", f"{name}.json", "--json").stdout)
        for weight in shown["weights"]:
            for figure in ("standard_error", "t", "p"):
                assert float(table[weight["name"], figure][place]) == weight[figure]
            assert float(table[weight["name"], "weight"][place]) == weight["least_squares"]
        assert float(table["", "AIC"][place]) == shown["aic"]
        assert table["", "rows"][place] == "7"
    assert table["baths", "weight"][0] == ""


@pytest.mark.usefixtures("models")
def test_json_has_the_statistics_of_each_model(linreg: Linreg) -> None:
    found = json.loads(compare(linreg, "small.json", "large.json", "--json"))
    for each, name in zip(found["models"], ("small", "large"), strict=True):
        shown = json.loads(linreg("show", f"{name}.json", "--json").stdout)
        assert {key: each[key] for key in shown} == shown
        assert each["name"] == f"{name}.json"


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("style", "first", "between"),
    [
        ("--markdown", "|  | small.json | large.json |", "|"),
        ("--latex", r"\begin{tabular}{lrr}", "&"),
    ],
)
def test_tables_for_papers_have_the_figures_of_statsmodels(
    linreg: Linreg, style: str, first: str, between: str
) -> None:
    lines = compare(linreg, "small.json", "large.json", style).splitlines()
    assert lines[0] == first
    bare = [line.strip("|").removesuffix(r"\\") for line in lines]
    rows = [[cell.strip() for cell in line.split(between)] for line in bare]
    place = next(i for i, row in enumerate(rows) if row[0] == "beds")
    _, *table = csv.reader(ROOMS.splitlines())
    beds, baths, _, price = np.array(table, dtype=float).T
    fits = [
        sm.OLS(price, sm.add_constant(np.column_stack(x))).fit() for x in ([beds], [beds, baths])
    ]
    for j, fit in enumerate(fits, start=1):
        assert float(rows[place][j]) == pytest.approx(fit.params[1], rel=1e-6)
        assert float(rows[place + 1][j].strip("()")) == pytest.approx(fit.bse[1], rel=1e-4)
    assert not any("adds" in line for line in lines)


@pytest.mark.usefixtures("models")
def test_a_model_can_come_from_standard_input(linreg: Linreg) -> None:
    done = linreg("compare", "small.json", "-", stdin=Path("large.json").read_bytes())
    assert done.status == 0
    assert done.stdout.splitlines()[0].split() == ["small.json", "-"]


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["small.json"], ONE),
        (
            ["small.json", "large.json", "small.json"],
            "Error: small.json is named twice\nHint: Name each model once.\n",
        ),
        (
            ["small.json", "large.json", "--csv", "--json"],
            "Error: --json and --csv cannot be used together\nHint: Leave out one of the two.\n",
        ),
    ],
)
def test_bad_use_is_refused(linreg: Linreg, args: list[str], message: str) -> None:
    assert linreg("compare", *args) == Result(2, "", message)


@pytest.mark.usefixtures("models")
def test_stars_have_no_effect_with_all_digits(linreg: Linreg) -> None:
    done = linreg("compare", "small.json", "large.json", "--csv", "--stars")
    assert (done.status, done.stderr) == (0, "Warning: --stars has no effect with --csv\n")


def test_a_collinear_model_is_refused(linreg: Linreg) -> None:
    Path("d.csv").write_text("a,b,y\n1,2,3\n2,4,5\n3,6,9\n")
    for name, features in (("one.json", ["a"]), ("two.json", ["a", "b"])):
        wanted = [word for column in features for word in ("-x", column)]
        linreg("train", "d.csv", *wanted, "-y", "y", "-q", "-o", name)
    done = linreg("compare", "one.json", "two.json")
    assert (done.status, done.stdout) == (5, "")
    assert "two.json" in done.stderr
    assert "b = 2 * a" in done.stderr
