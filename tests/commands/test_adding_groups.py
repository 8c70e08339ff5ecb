"""Models of groups that add up: merged, updated, with rows removed, refitted."""

from pathlib import Path

import pytest

from linreg_cli.model.grouped_model import GroupedModel
from linreg_cli.model.model_file import load_any_model
from tests.commands.adding_runs import COLUMNS, RUNS, train
from tests.conftest import Linreg

BY = ["--by", "city"]
GROUP_RUNS = {
    **{name: RUNS[name] for name in ("plain", "exact", "weighted", "tested", "weighted folds")},
    "categories": ["--category", "type", "--solver", "exact", "--test-fraction", "0.2"],
    "an interaction": ["--x", "C(type):sqft", "--solver", "exact", "--l2", "0.5"],
    "two columns": ["--by", "type", "--solver", "exact"],
    "a computed term": ["--x", "log(sqft)", "--solver", "exact"],
    "once": ["--once", "--solver", "exact"],
}
every_run = pytest.mark.parametrize("run", GROUP_RUNS)


def ran(linreg: Linreg, *arguments: str, output: str) -> bytes:
    done = linreg(*arguments, "--quiet", "-o", output)
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    return Path(output).read_bytes()


@every_run
def test_merged_groups_are_those_of_all_rows(linreg: Linreg, shards: list[str], run: str) -> None:
    options = [*COLUMNS, *BY, *GROUP_RUNS[run]]
    whole = train(linreg, *shards, *options, output="whole.json")
    for shard in shards:
        train(linreg, shard, *options, output=f"{shard}.json")
    a, b, c = (f"{shard}.json" for shard in shards)
    for order in ([a, b, c], [c, a, b]):
        assert ran(linreg, "merge", *order, output="all.json") == whole
    ran(linreg, "merge", b, c, output="bc.json")
    assert ran(linreg, "merge", a, "bc.json", output="all.json") == whole
    assert ran(linreg, "train", a, "bc.json", output="all.json") == whole


@every_run
def test_updated_groups_are_those_of_all_rows(linreg: Linreg, shards: list[str], run: str) -> None:
    options = [*COLUMNS, *BY, *GROUP_RUNS[run]]
    whole = train(linreg, *shards, *options, output="whole.json")
    train(linreg, shards[1], *options, output="model.json")
    once = ["--once"] if run == "once" else []
    assert ran(linreg, "update", "model.json", shards[2], *once, output="model.json")
    assert ran(linreg, "update", "model.json", shards[0], *once, output="model.json") == whole


def test_an_input_that_the_groups_have_counts_once(linreg: Linreg, shards: list[str]) -> None:
    options = [*COLUMNS, *BY, *GROUP_RUNS["once"]]
    whole = train(linreg, *shards, *options, output="whole.json")
    assert ran(linreg, "update", "whole.json", shards[0], "--once", output="whole.json") == whole
    train(linreg, shards[0], *options, output="a.json")
    done = linreg("merge", "a.json", "whole.json", "-o", "all.json")
    assert "an input in common: its rows count twice" in done.stderr


@every_run
def test_removed_rows_leave_the_groups_of_the_others(
    linreg: Linreg, shards: list[str], run: str
) -> None:
    options = [*COLUMNS, *BY, *GROUP_RUNS[run]]
    train(linreg, *shards, *options, output="whole.json")
    train(linreg, *shards[1:], *options, output="rest.json")
    done = linreg("update", "whole.json", shards[0], "--remove", "--quiet", "-o", "left.json")
    assert done.status == 0
    left, rest = load_any_model("left.json"), load_any_model("rest.json")
    assert isinstance(left, GroupedModel)
    assert isinstance(rest, GroupedModel)
    assert left.keys == rest.keys
    for one, other in zip(left.groups, rest.groups, strict=True):
        assert (one.m, one.b, one.training) == (other.m, other.b, other.training)
        assert one.levels == other.levels
        assert one.rows == other.rows


def test_a_group_that_loses_all_its_rows_is_gone(linreg: Linreg) -> None:
    Path("d.csv").write_text("k,x,y\na,1,1\na,2,3\nb,1,1\nb,2,2\nb,3,4\n,1,1\n")
    Path("b.csv").write_text("k,x,y\nb,1,1\nb,2,2\nb,3,4\n,1,1\n")
    train(linreg, "d.csv", "--x", "x", "--y", "y", "--by", "k", output="model.json")
    ran(linreg, "update", "model.json", "b.csv", "--remove", output="left.json")
    left = load_any_model("left.json")
    assert isinstance(left, GroupedModel)
    assert (left.keys, left.rows_without_key) == ((("a",),), 0)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("c,1,1\n", "model.json, group c: 1 row cannot be removed: the model has no such group"),
        ("b,1,1\nb,2,2\nb,3,4\n", "model.json, group b: 3 rows cannot be removed from the 2 of"),
        ("b,9,1\n", "model.json, group b, column 'x': a row to remove has 9, which no row of"),
        ("a,1,1\n,1,1\n,1,1\n", "model.json: 2 rows without key cannot be removed: the model left"),
    ],
)
def test_rows_that_a_group_does_not_have_cannot_be_removed(
    linreg: Linreg, rows: str, problem: str
) -> None:
    Path("d.csv").write_text("k,x,y\na,1,1\na,2,3\nb,1,1\nb,2,2\n,1,1\n")
    Path("out.csv").write_text(f"k,x,y\n{rows}")
    before = train(linreg, "d.csv", "--x", "x", "--y", "y", "--by", "k", output="model.json")
    done = linreg("update", "model.json", "out.csv", "--remove", "-q")
    assert done.status == 3
    assert done.stderr.startswith(f"Error: {problem}")
    assert Path("model.json").read_bytes() == before


@pytest.mark.parametrize("options", [["--by", "type"], [*BY, "--keep-missing"], []])
def test_models_of_other_groups_do_not_merge(
    linreg: Linreg, shards: list[str], options: list[str]
) -> None:
    train(linreg, shards[0], *COLUMNS, *BY, output="a.json")
    train(linreg, shards[1], *COLUMNS, *options, output="b.json")
    done = linreg("merge", "a.json", "b.json", "-o", "all.json")
    assert (done.status, done.stdout) == (2, "")
    assert not Path("all.json").exists()


def test_groups_are_trained_again_with_other_settings_and_columns(
    linreg: Linreg, shards: list[str]
) -> None:
    train(linreg, *shards, *COLUMNS, *BY, output="model.json")
    wanted = ["--x", "sqft", "--y", "price", "--solver", "exact"]
    whole = train(linreg, *shards, *wanted, *BY, output="whole.json")
    again = ["--x", "sqft", "--solver", "exact"]
    assert ran(linreg, "train", "model.json", *again, output="again.json") == whole
    assert ran(linreg, "train", "model.json", *again, *BY, output="again.json") == whole


def test_other_groups_need_the_rows(linreg: Linreg, shards: list[str]) -> None:
    train(linreg, shards[0], *COLUMNS, *BY, output="groups.json")
    train(linreg, shards[0], *COLUMNS, output="one.json")
    for model in ("groups.json", "one.json"):
        done = linreg("train", model, "--by", "type", "-o", "x.json")
        assert done.status == 2
        assert "--by has no effect with a model as DATA" in done.stderr
