"""linreg train --by: the model of each group is that of its rows alone, to the byte."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from linreg_cli.model.grouped_model import GroupedModel
from linreg_cli.model.model_file import load_any_model, to_json
from tests.commands.adding_runs import SACRAMENTO
from tests.commands.group_runs import ROWS, RUNS, Row, key_of, write
from tests.conftest import Linreg

CITIES = ["--x", "sqft", "--y", "price", "--by", "city", "-q"]


def grouped(path: str) -> GroupedModel:
    model = load_any_model(path)
    assert isinstance(model, GroupedModel)
    return model


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS, run=st.sampled_from(sorted(RUNS)), keeps_missing=st.booleans())
def test_each_group_has_the_model_of_its_rows_alone(
    linreg: Linreg, rows: list[Row], run: str, *, keeps_missing: bool
) -> None:
    write("all.csv", rows)
    keeps = ["--keep-missing"] if keeps_missing else []
    by = ["--by", "city", "--by", "year"]
    Path("groups.json").unlink(missing_ok=True)
    options = [*RUNS[run], "--y", "y", "-q"]
    found = linreg("train", "all.csv", *options, *by, *keeps, "-o", "groups.json")
    if found.status:
        assert found.status in {3, 5}  # no row, or no group that can be fitted
        return
    model = grouped("groups.json")
    for group in model.groups:
        own = [row for row in rows if (key_of(row[0]), row[1]) == group.key]
        write("own.csv", own)
        alone = linreg("train", "own.csv", *options, "-o", "own.json")
        if group.reason is None:
            assert alone.status == 0
            assert to_json(model.model_of(group.key)) == Path("own.json").read_bytes()
        elif alone.status:  # without one, gradient descent has found one of many fits
            assert f"Error: {group.reason}\n" in alone.stderr
        else:
            assert group.reason.startswith("no unique fit: ")
            assert model.settings.solver != "exact"


def test_groups_are_in_the_order_of_their_keys_numbers_first(linreg: Linreg) -> None:
    cells = ["b", "10", "9.5", "", "a"]
    write("d.csv", [(cell, str(i), str(i)) for cell in cells for i in range(3)], ("k", "x", "y"))
    columns = ["--x", "x", "--y", "y", "--by", "k", "--keep-missing"]
    assert linreg("train", "d.csv", *columns, "-q").status == 0
    assert grouped("model.json").keys == (("9.5",), ("10",), ("a",), ("b",), (None,))


def test_rows_without_key_are_left_out_and_counted(linreg: Linreg) -> None:
    write(
        "d.csv",
        [("a", "1", "1"), ("", "2", "2"), ("a", "3", "4"), ("NA", "3", "")],
        ("k", "x", "y"),
    )
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "k", "--solver", "exact")
    first, *_ = done.stderr.splitlines()
    assert first == "d.csv: 4 rows read, 2 used, 2 left out (missing cells: k 2, y 1)"
    assert grouped("model.json").rows_without_key == 1  # the other one lacks y too


def test_a_missing_key_is_an_error_where_missing_cells_are(linreg: Linreg) -> None:
    write(
        "d.csv", [("a", "1", "1"), ("", "2", "2"), ("a", "3", "4"), ("", "3", "5")], ("k", "x", "y")
    )
    columns = ["--x", "x", "--y", "y", "--by", "k", "--missing", "fail"]
    done = linreg("train", "d.csv", *columns)
    assert done.status == 3
    assert done.stderr.startswith("Error: d.csv, line 3, column 'k': ")
    assert linreg("train", "d.csv", *columns, "--keep-missing", "-q").status == 0
    assert grouped("model.json").fit_keys == (("a",), (None,))


def test_a_group_without_a_fit_keeps_its_reason_and_does_not_stop_the_others(
    linreg: Linreg,
) -> None:
    rows = [("a", "1", "1"), ("a", "2", "3"), ("b", "5", "1"), ("b", "5", "2"), ("c", "1", "1")]
    write("d.csv", rows, ("k", "x", "y"))
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "k", "--solver", "exact")
    assert done.status == 0
    assert done.stderr.splitlines()[1:] == [
        "k  rows   b  m  R²  RMSE  status",
        "a     2  -1  2   1     0  exact",
        "b     2   -  -   -     -  no unique fit: column 'x' is constant (x = 5)",
        "c     1   -  -   -     -  no unique fit: 1 row does not determine 2 weights",
        (
            "3 groups, 1 fitted, 2 not: no unique fit: column 'x' is constant (x = 5) (1), "
            "no unique fit: 1 row does not determine 2 weights (1)"
        ),
        "wrote model.json",
    ]
    [_, b, c] = grouped("model.json").groups
    assert (b.rows, c.rows) == (2, 1)


def test_reasons_that_differ_in_their_numbers_are_counted_as_one(linreg: Linreg) -> None:
    fits = [("a", str(i), str(i * i), str(i**3)) for i in range(5)]
    few = [("b", "1", "1", "1"), ("c", "1", "1", "1"), ("c", "2", "3", "4")]
    constant = [(key, x2, str(i), str(i)) for key, x2 in ("d4", "e6") for i in range(5)]
    write("d.csv", [*fits, *few, *constant], ("k", "x2", "x", "y"))
    columns = ["--x", "x2", "--x", "x", "--y", "y", "--by", "k"]
    done = linreg("train", "d.csv", *columns, "--solver", "exact")
    assert done.stderr.splitlines()[-2] == (
        "5 groups, 1 fitted, 4 not: no unique fit: 1 row does not determine 3 weights, or similar "
        "(2), no unique fit: column 'x2' is constant (x2 = 4), or similar (2)"
    )


def test_a_row_without_one_of_the_columns_of_its_key_is_left_out(linreg: Linreg) -> None:
    rows = [("a", "p", str(i), str(i * i)) for i in range(4)]
    write("d.csv", [*rows, ("", "p", "1", "1"), ("a", "", "1", "1")], ("k", "l", "x", "y"))
    linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "k", "--by", "l", "-q")
    shown = linreg("show", "model.json").stdout
    assert shown.splitlines()[1] == "Note: 2 rows without k or l are left out"


def test_strict_wants_a_fit_of_every_group(linreg: Linreg) -> None:
    write("d.csv", [("a", "1", "1"), ("a", "2", "3"), ("b", "5", "1")], ("k", "x", "y"))
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "k", "--strict", "-q")
    assert (done.status, done.stdout) == (5, "")
    assert done.stderr == (
        "Error: the group b cannot be fitted: no unique fit: 1 row does not determine 2 weights\n"
        "Hint: Leave out --strict to fit the other groups.\n"
    )
    assert not Path("model.json").exists()


def test_r2_of_the_exact_fit_of_a_slope_of_0_is_0(linreg: Linreg) -> None:
    # 0.2 as a 64-bit float is not the mean of these, so that its errors are larger by 1e-32
    rows = [("a", str(x), y) for x, y in enumerate(["0.1", "0.3", "0.3", "0.1"])]
    write("d.csv", rows, ("k", "x", "y"))
    exact = ["--x", "x", "--y", "y", "--solver", "exact", "--json"]
    assert json.loads(linreg("train", "d.csv", *exact).stdout)["r2"] == 0
    [group] = json.loads(linreg("train", "d.csv", *exact, "--by", "k").stdout)["groups"]
    assert group["r2"] == 0


def test_no_group_with_a_fit_is_an_error(linreg: Linreg) -> None:
    write("d.csv", [("a", "1", "1"), ("b", "2", "3")], ("k", "x", "y"))
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "k")
    assert done.status == 5
    assert not Path("model.json").exists()


@pytest.mark.parametrize("options", [["--category", "c"], []])
def test_no_group_with_a_row_of_weight_is_an_error(linreg: Linreg, options: list[str]) -> None:
    Path("w.csv").write_text("k,c,x,y,w\na,p,1,2,0\nb,q,2,3,0\n")
    columns = ["--x", "x", "--y", "y", "--by", "k", "--weights", "w"]
    done = linreg("train", "w.csv", *columns, *options)
    assert done.status == 3
    assert "none of the rows can be used: 2 rows read, 0 used, 2 of weight 0" in done.stderr


def test_a_pattern_does_not_mean_the_columns_of_the_key(linreg: Linreg) -> None:
    columns = ["--x", "*", "--without", "zip", "--without", "city", "--y", "price", "--by", "type"]
    assert linreg("train", str(SACRAMENTO), *columns, "-q").status == 0
    assert grouped("model.json").x == ("beds", "baths", "sqft", "latitude", "longitude")


@pytest.mark.parametrize("option", ["--explain", "--history=h.csv", "--plot=p.svg"])
def test_what_is_of_one_model_is_refused(linreg: Linreg, option: str) -> None:
    done = linreg("train", str(SACRAMENTO), *CITIES[:-1], option)
    assert done.status == 2
    assert f"{option.partition('=')[0]} has no effect with --by" in done.stderr


def test_keep_missing_needs_by(linreg: Linreg) -> None:
    done = linreg("train", str(SACRAMENTO), *CITIES[:4], "--keep-missing")
    assert done.status == 2
    assert "Hint: Add --by and the column of the groups, such as --by city." in done.stderr


def test_the_bytes_do_not_depend_on_order_threads_or_reader(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *rows = SACRAMENTO.read_text().splitlines(keepends=True)
    Path("back.csv").write_text(header + "".join(reversed(rows)))
    assert linreg("train", str(SACRAMENTO), *CITIES).status == 0
    whole = Path("model.json").read_bytes()
    assert linreg("train", "back.csv", *CITIES, "--threads", "1").status == 0
    assert Path("model.json").read_bytes() == whole
    monkeypatch.setattr("linreg_cli.native.IS_AVAILABLE", False)
    assert linreg("train", str(SACRAMENTO), *CITIES).status == 0
    assert Path("model.json").read_bytes() == whole


def test_show_writes_the_model_of_a_group_and_of_all_rows(linreg: Linreg) -> None:
    assert linreg("train", str(SACRAMENTO), *CITIES).status == 0
    header, *rows = SACRAMENTO.read_text().splitlines(keepends=True)
    Path("galt.csv").write_text(header + "".join(row for row in rows if row.startswith("GALT,")))
    for shown, source in (["--group", "GALT"], "galt.csv"), (["--pooled"], str(SACRAMENTO)):
        assert linreg("show", "model.json", *shown, "-o", "one.json").status == 0
        assert linreg("train", source, *CITIES[:4], "-q", "-o", "alone.json").status == 0
        assert Path("one.json").read_bytes() == Path("alone.json").read_bytes()
        assert linreg("show", "model.json", *shown).stdout == linreg("show", "alone.json").stdout


def test_show_names_the_terms_as_they_were_written(linreg: Linreg) -> None:
    columns = ["--x", "sqft", "--category", "beds", "--y", "price", "--by", "type"]
    assert linreg("train", str(SACRAMENTO), *columns, "-q", "--solver", "exact").status == 0
    first, *_ = linreg("show", "model.json").stdout.splitlines()
    assert first == "price from sqft, C(beds) by type, 932 rows"


@pytest.mark.parametrize(
    "option", ["--json", "--markdown", "--latex", "--robust=cluster:city", "--confidence=0.9"]
)
def test_what_the_report_shows_is_refused_where_a_model_is_written(
    linreg: Linreg, option: str
) -> None:
    assert linreg("train", str(SACRAMENTO), *CITIES).status == 0
    done = linreg("show", "model.json", "--pooled", "-o", "one.json", option)
    assert done.status == 2
    assert f"Error: --output and {option.partition('=')[0]} cannot be used together" in done.stderr
    assert not Path("one.json").exists()


def test_show_sorts_the_largest_first_and_groups_without_fit_last(linreg: Linreg) -> None:
    assert linreg("train", str(SACRAMENTO), *CITIES).status == 0
    for name in ("r2", "rows", "rmse", "m", "sqft", "b"):
        shown = json.loads(linreg("show", "model.json", "--sort", name, "--json").stdout)
        fields = {"m": "sqft"}
        figures = [
            {**group, **(group["weights"] or {})}.get(fields.get(name, name))
            for group in shown["groups"]
        ]
        known = [figure for figure in figures if figure is not None]
        assert figures == [*sorted(known, reverse=True), *[None] * (len(figures) - len(known))]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], "there is only one group"),
        (["--l2", "1"], "it is for fits without a ridge penalty (--l2)"),
    ],
)
def test_show_says_why_there_is_no_test_of_the_groups(
    linreg: Linreg, options: list[str], reason: str
) -> None:
    groups = ("a", "b") if options else ("a",)
    rows: list[Row] = [(group, str(x), str(x * x)) for group in groups for x in range(4)]
    write("d.csv", rows, ("k", "x", "y"))
    columns = ["--x", "x", "--y", "y", "--by", "k", *options]
    assert linreg("train", "d.csv", *columns, "-q").status == 0
    assert linreg("show", "model.json").stdout.endswith(f"no F test of equal lines: {reason}\n")


def test_show_names_the_nearest_key_and_the_figures(linreg: Linreg) -> None:
    assert linreg("train", str(SACRAMENTO), *CITIES).status == 0
    done = linreg("show", "model.json", "--group", "GALTT")
    assert done.status == 2
    assert done.stderr.startswith("Error: the model has no group 'GALTT'; did you mean 'GALT'?")
    done = linreg("show", "model.json", "--sort", "rmsee")
    assert done.status == 2
    assert "did you mean 'rmse'?" in done.stderr


def test_what_shows_groups_is_refused_for_one_model(linreg: Linreg) -> None:
    assert linreg("train", str(SACRAMENTO), *CITIES[:4], "-q").status == 0
    for option in (["--group", "x"], ["--pooled"], ["--sort", "r2"], ["--csv"]):
        done = linreg("show", "model.json", *option)
        assert (done.status, done.stdout) == (2, "")
        assert f"{option[0]} has no effect with a model without groups" in done.stderr
