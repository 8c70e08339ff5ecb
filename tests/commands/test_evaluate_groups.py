"""linreg evaluate with a model of groups: each group on its rows, and all rows together."""

import csv
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import statsmodels.formula.api as smf

from linreg_cli.commands import evaluating_groups
from linreg_cli.model.grouped_model import GroupedModel
from linreg_cli.model.model import Model
from linreg_cli.model.model_file import load_any_model, save_model
from tests.commands.group_runs import RUNS, write
from tests.conftest import Linreg
from tests.models import exact_line

HEADER = "city,x,w,y\n"
TRAINED = "".join(
    f"{city},{n},{1 + n % 3},{slope * n + n * n % 5}\n"
    for city, slope in (("a", 2), ("b", -1), ("c, d", 7))
    for n in range(9)
)
NEW = [
    (city, str(x), str(1 + x % 2), f"{2 * x + shift}.25")
    for x, (city, shift) in enumerate(
        [("a", 1), ("b", 20), ("a", 0), ("c, d", 3), ("b", 2), ("a", 9), ("c, d", 40)]
    )
]
OTHERS = [("one", "1", "1", "5"), ("new", "1", "1", "5"), ("new", "2", "1", "6")]
Row = tuple[str, str, str, str]


def put(name: str, rows: list[Row]) -> str:
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER.strip().split(","), *rows])
    return name


def learn(linreg: Linreg, *more: str) -> dict[str, Model]:
    """Learn g.json; return the own model of each city, which is in a file too."""
    Path("t.csv").write_text(
        f"{HEADER}one,1,1,1\n{TRAINED.replace('c, d', chr(34) + 'c, d' + chr(34))}"
    )
    done = linreg("train", "t.csv", "--x", "x", "--y", "y", "--by", "city", "--solver", "exact",
                  *more, "-q", "-o", "g.json")  # fmt: skip
    assert done.status == 0, done.stderr
    grouped = load_any_model("g.json")
    assert isinstance(grouped, GroupedModel)
    own = {str(key[0]): grouped.model_of(key) for key in grouped.fit_keys}
    for city, model in own.items():
        save_model(model, f"{city}.json")
    return own


def evaluate(linreg: Linreg, *args: str) -> Any:
    done = linreg("evaluate", *args, "--json", "-q")
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)


def without_place(fields: Any) -> Any:
    return {**fields, "key": None, "largest_error": fields["largest_error"]["error"]}


@pytest.mark.parametrize("more", [(), ("--weights", "w"), ("--moments", "4")])
def test_the_figures_of_a_group_are_those_of_its_own_model(
    linreg: Linreg, more: tuple[str, ...]
) -> None:
    own = learn(linreg, *more)
    found = evaluate(linreg, "g.json", put("new.csv", [*NEW, *OTHERS]))
    assert found["by"] == ["city"]
    assert [group["key"] for group in found["groups"]] == [{"city": city} for city in own]
    for city, group in zip(own, found["groups"], strict=True):
        put("part.csv", [row for row in NEW if row[0] == city])
        alone = evaluate(linreg, f"{city}.json", "part.csv")
        assert without_place(group) == without_place(alone)
        assert ("diagnostics" in group) == ("--moments" in more)


@pytest.mark.parametrize("weights", [(), ("--weights", "w")])
def test_the_figures_of_all_rows_are_exact(linreg: Linreg, weights: tuple[str, ...]) -> None:
    own = learn(linreg, *weights)
    found = evaluate(linreg, "g.json", put("new.csv", [*NEW, *OTHERS]))
    rows = []
    for city, x, w, y in NEW:
        b, m = exact_line(own[city])
        rows.append((Fraction(w) if weights else Fraction(1), Fraction(y), b + m * Fraction(x)))
    total = sum(w for w, _, _ in rows)
    mean = sum(w * y for w, y, _ in rows) / total
    rss = sum(w * (p - y) ** 2 for w, y, p in rows)
    tss = sum(w * (y - mean) ** 2 for w, y, _ in rows)
    assert found["rows"] == len(NEW)
    assert found["r2"] == float(1 - rss / tss)
    assert found["rmse"] == pytest.approx(math.sqrt(rss / total), rel=1e-15)
    assert found["bias"] == float(sum(w * (p - y) for w, y, p in rows) / total)
    assert found["mae"] == pytest.approx(
        float(sum(w * abs(p - y) for w, y, p in rows) / total), rel=1e-15
    )
    worst = max(NEW, key=lambda row: abs(float(predicted(own, row)) - float(row[3])))
    assert found["largest_error"]["line"] == 2 + NEW.index(worst)
    assert found["training"]["rows"] == 27


def predicted(own: dict[str, Model], row: Row) -> Fraction:
    b, m = exact_line(own[row[0]])
    return b + m * Fraction(row[1])


def test_rows_without_a_model_are_counted_and_named(linreg: Linreg) -> None:
    learn(linreg)
    rows = [*NEW, *OTHERS, ("a", "", "1", "2"), ("", "3", "1", "2")]
    done = linreg("evaluate", "g.json", put("new.csv", rows))
    assert done.stderr == (
        "new.csv: 12 rows read, 7 used, 2 left out (missing cells: city 1, x 1), "
        "3 of other groups\n"
        "Warning: 2 rows left out: the model does not have the group 'new'\n"
        "Warning: 1 row left out: a value of the key of the group is missing\n"
        "Warning: 1 row left out: there is no fit of the group 'one'\n"
    )
    assert [line.split()[0] for line in done.stdout.splitlines()[:5]] == [
        "city", "a", "b", "c,", "all"
    ]  # fmt: skip


def test_the_coverage_of_all_rows_is_of_those_with_an_interval(linreg: Linreg) -> None:
    text = f"city,x,y\n{''.join(f'a,{n},{n * n % 3}' + chr(10) for n in range(6))}b,1,1\nb,2,3\n"
    linreg("train", "-", "--x", "x", "--y", "y", "--by", "city", "--solver", "exact", "-q",
           "-o", "g.json", stdin=text)  # fmt: skip
    Path("d.csv").write_text(text)
    found = evaluate(linreg, "g.json", "d.csv")
    of_a, of_b = found["groups"]
    assert (of_b["coverage"], found["coverage"]) == (None, of_a["coverage"])
    assert of_a["coverage"] == 1.0


def test_group_evaluates_the_rows_of_the_group_alone(linreg: Linreg) -> None:
    learn(linreg)
    put("new.csv", [*NEW, *OTHERS])
    found = evaluate(linreg, "g.json", "new.csv", "--group", "c, d", "--check-drift")
    put("part.csv", [row for row in NEW if row[0] == "c, d"])
    alone = evaluate(linreg, "c, d.json", "part.csv", "--check-drift")
    assert without_place(found) == without_place(alone)
    assert found["largest_error"]["line"] == 5
    done = linreg("evaluate", "g.json", "new.csv", "--group", "c, d")
    assert done.stderr == "new.csv: 10 rows read, 2 used, 8 of other groups\n"


def test_conditions_are_on_the_figures_of_all_rows(linreg: Linreg) -> None:
    learn(linreg)
    put("new.csv", list(NEW))
    rmse = evaluate(linreg, "g.json", "new.csv")["rmse"]
    statuses = [
        linreg("evaluate", "g.json", "new.csv", "--fail-if", f"rmse > {bound}").status
        for bound in (rmse, math.nextafter(rmse, 0))
    ]
    assert statuses == [0, 6]


def test_drift_of_all_groups_is_the_f_test_of_their_lines(linreg: Linreg) -> None:
    own = learn(linreg)
    found = evaluate(linreg, "g.json", put("new.csv", list(NEW)), "--check-drift")
    for city, group in zip(own, found["groups"], strict=True):
        put("part.csv", [row for row in NEW if row[0] == city])
        alone = evaluate(linreg, f"{city}.json", "part.csv", "--check-drift")
        assert group["drift"] == alone["drift"]
    old = pd.read_csv("t.csv").query("city != 'one'").assign(new="old")
    both = pd.concat([old, pd.read_csv("new.csv").assign(new="new")])
    same, apart = (smf.ols(f"y ~ 0 + C(city){more} + C(city){more}:x", both).fit()
                   for more in ("", ":C(new)"))  # fmt: skip
    f, p, numerator = apart.compare_f_test(same)
    drift = found["drift"]
    assert drift["f"] == pytest.approx(f, rel=1e-9)
    assert drift["p"] == pytest.approx(p, rel=1e-9)
    assert (drift["numerator"], drift["denominator"]) == (numerator, apart.df_resid)


def test_a_group_without_degrees_of_freedom_has_no_drift(linreg: Linreg) -> None:
    rows = [("a", str(x), "1", str(x * x)) for x in range(5)]
    put("t.csv", [*rows, ("b", "1", "1", "1"), ("b", "2", "1", "3")])
    linreg("train", "t.csv", "--x", "x", "--y", "y", "--by", "city", "-q", "-o", "g.json")
    put("new.csv", [*rows, ("b", "3", "1", "9")])
    found = evaluate(linreg, "g.json", "new.csv", "--check-drift")
    assert [group.get("drift") is None for group in found["groups"]] == [False, True]
    table = linreg("evaluate", "g.json", "new.csv", "--check-drift").stdout
    assert table.splitlines()[2].split()[-2:] == ["-", "-"]
    put("new.csv", [("b", "3", "1", "9")])
    done = linreg("evaluate", "g.json", "new.csv", "--check-drift")
    assert done.status == 5
    assert "no drift test: 2 and 1 rows leave no degrees of freedom" in done.stderr


def test_a_note_says_where_the_tests_of_the_errors_are(linreg: Linreg) -> None:
    learn(linreg, "--moments", "4")
    done = linreg("evaluate", "g.json", put("new.csv", list(NEW)))
    assert done.stderr.endswith(
        "Note: --json has the tests of the errors of each group, and --group KEY prints them\n"
    )
    done = linreg("evaluate", "g.json", "new.csv", "--group", "a")
    assert "Breusch-Pagan" in done.stdout


def test_rows_of_no_group_with_a_model_are_an_error(linreg: Linreg) -> None:
    learn(linreg)
    done = linreg("evaluate", "g.json", put("new.csv", list(OTHERS)))
    assert (done.status, done.stdout) == (3, "")
    assert "new.csv: no row is of a group that has a model" in done.stderr


def test_rows_that_do_not_wait_give_the_same_figures(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(linreg, "--weights", "w")
    put("new.csv", [*NEW, *OTHERS])
    put("more.csv", [("a", "1.25", "0.5", "1e-7"), ("b", str(10**20), "2", "3")])
    waited = linreg("evaluate", "g.json", "new.csv", "more.csv", "--json")
    monkeypatch.setattr(evaluating_groups, "MAX_WAITING", 1)
    assert linreg("evaluate", "g.json", "new.csv", "more.csv", "--json") == waited
    assert waited.status == 0


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_each_way_of_training_gives_the_figures_of_the_own_models(linreg: Linreg, run: str) -> None:
    header = ("city", "year", "x", "z", "kind", "w", "y")
    rows = [
        (city, "1", str(n + 1), str(n * n % 5), "pq"[n % 2], str(1 + n % 3), f"{n * n % 7}.5")
        for city, count in (("a", 12), ("b, c", 15), ("d", 14))
        for n in range(count)
    ]
    others = [("a", "1", "3", "1", "r", "1", "2"), ("d", "1", "", "1", "p", "1", "2")]
    write("t.csv", rows, header)
    done = linreg("train", "t.csv", *RUNS[run], "--y", "y", "--by", "city", "-q", "-o", "g.json")
    assert done.status == 0, done.stderr
    new = [row for row in reversed(rows) if int(row[2]) % 3] + others
    write("new.csv", new, header)
    grouped = load_any_model("g.json")
    assert isinstance(grouped, GroupedModel)
    found = evaluate(linreg, "g.json", "new.csv")
    assert [group["key"]["city"] for group in found["groups"]] == [k[0] for k in grouped.fit_keys]
    for key, group in zip(grouped.fit_keys, found["groups"], strict=True):
        save_model(grouped.model_of(key), "own.json")
        write("part.csv", [row for row in new if row[0] == key[0]], header)
        alone = without_place(evaluate(linreg, "own.json", "part.csv"))
        assert without_place(group) == alone
