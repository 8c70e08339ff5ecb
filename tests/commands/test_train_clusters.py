"""linreg train --robust cluster:COLUMN: the clusters add up, and show needs no rows."""

import json
from pathlib import Path

import pytest

from tests.commands.category_runs import HOMES, homes
from tests.conftest import Linreg

NUMBERS = ("-x", "sqft", "-x", "baths", "-y", "price")
CLUSTERS = {"clusters as levels": "type", "clusters as numbers": "beds"}
"""The column of the clusters of a run, if it is not city."""
RUNS = {
    "numbers": NUMBERS,
    "levels": ("--formula", "price ~ sqft * C(type)"),
    "clusters as levels": ("--formula", "price ~ sqft + C(type)"),
    "clusters as numbers": ("-x", "sqft", "-x", "beds", "-y", "price"),
    "parts": (*NUMBERS, "--test-fraction", "0.2", "--folds", "3"),
    "weights": (*NUMBERS, "--weights", "beds"),
    "fourth moments": (*NUMBERS, "--moments", "4"),
}


def train(linreg: Linreg, data: str, *arguments: str, by: str = "city", output: str) -> bytes:
    done = linreg(
        *("train", data, *arguments, "--robust", f"cluster:{by}", "--solver", "exact"),
        *("-q", "-o", output),
    )
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    return Path(output).read_bytes()


def write_parts() -> tuple[str, str]:
    """Write the homes to two files, each with clusters that the other lacks."""
    rows = homes().sort_values(["city", "sqft"])
    rows[:500].to_csv("a.csv", index=False)
    rows[500:].to_csv("b.csv", index=False)
    return "a.csv", "b.csv"


@pytest.mark.parametrize("name", RUNS)
def test_clusters_merge_and_lose_rows_byte_for_byte(linreg: Linreg, name: str) -> None:
    a, b = write_parts()
    by = CLUSTERS.get(name, "city")
    whole = train(linreg, str(HOMES), *RUNS[name], by=by, output="m.json")
    train(linreg, a, *RUNS[name], by=by, output="a.json")
    train(linreg, b, *RUNS[name], by=by, output="b.json")
    assert linreg("merge", "a.json", "b.json", "-q", "-o", "ab.json").status == 0
    assert Path("ab.json").read_bytes() == whole
    assert linreg("update", "a.json", b, "-q", "-o", "updated.json").status == 0
    assert Path("updated.json").read_bytes() == whole
    assert linreg("update", "m.json", b, "--remove", "-q", "-o", "rest.json").status == 0
    args = ("--robust", f"cluster:{by}", "--json")
    rest, alone = (linreg("show", model, *args) for model in ("rest.json", "a.json"))
    assert rest.status == 0
    assert rest.stdout == alone.stdout


@pytest.mark.parametrize("name", RUNS)
def test_the_file_alone_has_the_errors_of_the_rows(linreg: Linreg, name: str) -> None:
    by = CLUSTERS.get(name, "city")
    train(linreg, str(HOMES), *RUNS[name], by=by, output="m.json")
    args = ("--robust", f"cluster:{by}", "--json")
    alone = linreg("show", "m.json", *args)
    assert alone.status == 0
    assert linreg("show", "m.json", str(HOMES), *args) == alone
    test = ("test", "m.json", "sqft = 100", *args)
    assert linreg(*test).status == 0
    assert json.loads(linreg(*test).stdout)["robust"] == f"cluster:{by}"


def test_the_weights_are_those_without_clusters(linreg: Linreg) -> None:
    found = json.loads(train(linreg, str(HOMES), *NUMBERS, output="m.json"))
    done = linreg("train", str(HOMES), *NUMBERS, "--solver", "exact", "-q", "-o", "plain.json")
    assert done.status == 0
    plain = json.loads(Path("plain.json").read_text())
    clusters = found.pop("clusters")
    assert found == plain
    assert [each["value"] for each in clusters["groups"]] == sorted(set(homes()["city"]))


def test_rows_without_a_cluster_are_left_out_everywhere(linreg: Linreg) -> None:
    frame = homes()
    frame.loc[3:4, "city"] = None
    frame.to_csv("d.csv", index=False)
    train(linreg, "d.csv", *NUMBERS, output="m.json")
    frame.dropna().to_csv("e.csv", index=False)
    train(linreg, "e.csv", *NUMBERS, output="n.json")
    assert Path("m.json").read_bytes() == Path("n.json").read_bytes()
    for kind in ("hc3", "cluster:city"):
        args = ("--robust", kind, "--json")
        both = [linreg("show", "m.json", rows, *args) for rows in ("d.csv", "e.csv")]
        assert both[0] == both[1]
        assert both[0].status == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--robust", "hc1"), "--robust: 'hc1' is not cluster:COLUMN"),
        (("--robust", "cluster:cty"), "no column 'cty'"),
        (("--robust", "cluster:city", "--by", "type"), "--robust and --by cannot be used together"),
        (("--robust", "cluster:city", "--explain"), "--robust and --explain cannot be used"),
    ],
)
def test_bad_use_is_refused(linreg: Linreg, args: tuple[str, ...], message: str) -> None:
    done = linreg("train", str(HOMES), *NUMBERS, *args)
    assert done.status in {2, 3}
    assert message in done.stderr


def test_models_with_other_clusters_do_not_merge(linreg: Linreg) -> None:
    a, b = write_parts()
    train(linreg, a, *NUMBERS, output="a.json")
    train(linreg, b, *NUMBERS, by="zip", output="b.json")
    done = linreg("merge", "a.json", "b.json", "-o", "ab.json")
    assert done.status == 2
    assert "b.json has the clusters zip, a.json has city" in done.stderr
    done = linreg("train", "a.json", "--robust", "cluster:zip", "-o", "c.json")
    assert done.status == 2
    assert "--robust has no effect with a model as DATA" in done.stderr


def test_rows_that_a_cluster_never_had_cannot_be_removed(linreg: Linreg) -> None:
    train(linreg, str(HOMES), *NUMBERS, output="m.json")
    homes()[:1].assign(city="NOWHERE").to_csv("d.csv", index=False)
    done = linreg("update", "m.json", "d.csv", "--remove", "-o", "n.json")
    assert done.status == 3
    assert "rows to remove with city = NOWHERE are in the model" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"column": "city"', '"colum": "city"', "clusters"),
        ('"value": "GALT"', '"value": "SACRAMENTO"', "two of 'clusters' have the same 'value'"),
    ],
)
def test_a_damaged_file_is_refused(linreg: Linreg, old: str, new: str, place: str) -> None:
    train(linreg, str(HOMES), *NUMBERS, output="m.json")
    path = Path("m.json")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    done = linreg("show", "m.json")
    assert (done.status, done.stdout) == (4, "")
    assert place in done.stderr


@pytest.mark.parametrize("column", ["city", "type"])
def test_robust_with_by_names_what_works(linreg: Linreg, column: str) -> None:
    data = str(HOMES)
    args = ("train", data, "-x", "sqft", "-y", "price", "--by", "city")
    done = linreg(*args, "--robust", f"cluster:{column}")
    assert done.status == 2
    rows = [] if column == "city" else ["DATA"]
    shown = ["linreg", "show", "MODEL", *rows, "--pooled", "--robust", f"cluster:{column}"]
    assert f"Leave out --robust: {' '.join(shown)} works" in done.stderr
    assert linreg(*args, "-q").status == 0
    files = {"MODEL": "model.json", "DATA": data}
    assert linreg(*(files.get(word, word) for word in shown[1:])).status == 0
