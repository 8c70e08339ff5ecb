"""Models that add up: merged, updated, with rows removed, refitted; all equal to the byte."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.adding_runs import COLUMNS, RUNS, train
from tests.conftest import Linreg

every_run = pytest.mark.parametrize("run", RUNS)


WARNINGS = ("Warning: out of epochs after 30 epochs: ", "Hint: linreg train ")


def ran(linreg: Linreg, *arguments: str, output: str) -> bytes:
    done = linreg(*arguments, "--quiet", "-o", output)
    assert (done.status, done.stdout) == (0, "")
    # nothing but a warning of RUNS["from a random start"], which has 30 epochs
    assert all(line.startswith(WARNINGS) for line in done.stderr.splitlines())
    return Path(output).read_bytes()


@every_run
def test_merged_parts_are_the_whole_in_any_order_and_grouping(
    linreg: Linreg, shards: list[str], run: str
) -> None:
    whole = train(linreg, *shards, *COLUMNS, *RUNS[run], output="whole.json")
    for shard in shards:
        train(linreg, shard, *COLUMNS, *RUNS[run], output=f"{shard}.json")
    a, b, c = (f"{shard}.json" for shard in shards)
    for order in ([a, b, c], [c, a, b], [b, c, a]):
        assert ran(linreg, "merge", *order, output="all.json") == whole
    ran(linreg, "merge", b, c, output="bc.json")
    assert ran(linreg, "merge", a, "bc.json", output="all.json") == whole
    assert ran(linreg, "merge", "bc.json", a, output="all.json") == whole


@every_run
def test_an_updated_model_is_that_of_all_rows(linreg: Linreg, shards: list[str], run: str) -> None:
    whole = train(linreg, *shards, *COLUMNS, *RUNS[run], output="whole.json")
    train(linreg, shards[1], *COLUMNS, *RUNS[run], output="model.json")
    assert linreg("update", "model.json", shards[2], "--quiet").status == 0
    assert ran(linreg, "update", "model.json", shards[0], output="model.json") == whole


def without_ranges(model: dict[str, Any]) -> dict[str, Any]:
    """Take out what only tells of ranges, which the removal of rows can leave wider."""
    parts = [model["moments"], model.get("test_moments", {}), *model.get("fold_moments", [])]
    for part in parts:
        for field in ("minimum", "maximum", "outer_minimum", "outer_maximum"):
            part.pop(field, None)
    return model


@every_run
def test_rows_taken_out_leave_what_training_without_them_gives(
    linreg: Linreg, shards: list[str], run: str
) -> None:
    kept = json.loads(train(linreg, *shards[:2], *COLUMNS, *RUNS[run], output="kept.json"))
    train(linreg, *shards, *COLUMNS, *RUNS[run], output="whole.json")
    found = json.loads(ran(linreg, "update", "whole.json", "c.csv", "--remove", output="l.json"))
    for part in ("moments", "test_moments"):  # the range is an outer bound, and says so
        if part in found:
            assert found[part]["outer_minimum"]
    assert without_ranges(found) == without_ranges(kept)


@pytest.mark.parametrize("run", ["plain", "exact", "weighted", "from a random start"])
@pytest.mark.parametrize("columns", [["sqft"], ["baths", "sqft"]])
def test_a_refit_is_what_training_on_the_rows_gives(
    linreg: Linreg, shards: list[str], run: str, columns: Sequence[str]
) -> None:
    options = [option for column in columns for option in ("--x", column)]
    fresh = train(linreg, *shards, *options, "--y", "price", *RUNS[run], output="fresh.json")
    train(linreg, *shards, *COLUMNS, *RUNS[run], output="whole.json")
    assert train(linreg, "whole.json", *options, output="refit.json") == fresh


def test_a_refit_of_folds_keeps_the_rows_in_their_folds(linreg: Linreg, shards: list[str]) -> None:
    columns, run = ["--x", "sqft", "--x", "baths"], RUNS["cross-validated"]
    train(linreg, *shards, *columns, "--y", "price", *run, output="whole.json")
    refit = json.loads(train(linreg, "whole.json", "--x", "sqft", output="refit.json"))
    whole = json.loads(Path("whole.json").read_text())
    for fold, before in zip(refit["fold_moments"], whole["fold_moments"], strict=True):
        assert fold["rows"] == before["rows"]
        assert fold["sums"] == [before["sums"][0], before["sums"][2]]
        assert fold["products"][1][0] == before["products"][2][0]
    for shard in shards:
        train(linreg, shard, *columns, "--y", "price", *run, output=f"{shard}.json")
    ran(linreg, "merge", *(f"{shard}.json" for shard in shards), output="all.json")
    assert json.loads(train(linreg, "all.json", "--x", "sqft", output="r.json")) == refit


def test_a_feature_can_become_the_target(linreg: Linreg, shards: list[str]) -> None:
    turned = ["--x", "price", "--x", "baths", "--y", "sqft"]
    fresh = train(linreg, *shards, *turned, output="fresh.json")
    train(linreg, *shards, *COLUMNS, output="whole.json")
    assert train(linreg, "whole.json", *turned, output="refit.json") == fresh
    by_target = train(linreg, "whole.json", "--y", "sqft", output="refit.json")
    assert json.loads(by_target)["x"] == ["baths", "price"]


def test_a_refit_takes_other_settings(linreg: Linreg, shards: list[str]) -> None:
    train(linreg, *shards, *COLUMNS, "--learning-rate", "0.1", output="whole.json")
    for settings in (["--solver", "exact"], ["--l2", "2", "--epochs", "20", "--no-intercept"]):
        fresh = train(
            linreg,
            *shards,
            *COLUMNS,
            *settings,
            *([] if "exact" in settings else ["--learning-rate", "0.1"]),
            output="fresh.json",
        )
        assert train(linreg, "whole.json", *settings, output="refit.json") == fresh


def test_a_refit_joins_models(linreg: Linreg, shards: list[str]) -> None:
    fresh = train(linreg, *shards, *COLUMNS, "--solver", "exact", output="fresh.json")
    for shard, rate in zip(shards, ["0.1", "0.2", "auto"], strict=True):
        train(linreg, shard, *COLUMNS, "--learning-rate", rate, output=f"{shard}.json")
    models = [f"{shard}.json" for shard in shards]
    assert train(linreg, *models, "--solver", "exact", output="all.json") == fresh


def test_a_refit_drops_settings_that_lose_their_meaning(linreg: Linreg, shards: list[str]) -> None:
    fresh = train(linreg, *shards, *COLUMNS, "--solver", "exact", output="exact.json")
    plain = train(linreg, *shards, *COLUMNS, output="plain.json")
    random = ["--start", "random", "--seed", "7"]
    train(linreg, *shards, *COLUMNS, *random, "--epochs", "9", "--no-scale", output="random.json")
    assert train(linreg, "random.json", "--solver", "exact", output="refit.json") == fresh
    zeros = ["--start", "zeros", "--epochs", "5000", "--scale"]
    assert train(linreg, "random.json", *zeros, output="refit.json") == plain
    models = ["plain.json", "random.json"]  # of other seeds, starts and scales
    assert linreg("train", *models, "--solver", "exact", "-q", "-o", "both.json").status == 0


def test_what_is_shown_changes_no_bit(linreg: Linreg, shards: list[str]) -> None:
    whole = train(linreg, *shards, *COLUMNS, output="whole.json")
    assert train(linreg, *shards, *COLUMNS, "--log-every", "7", output="shown.json") == whole
    train(linreg, *shards[:2], *COLUMNS, "--log-every", "3", output="model.json")
    assert ran(linreg, "update", "model.json", shards[2], output="model.json") == whole


def test_a_fold_without_spread_has_no_r2_and_adds_up(linreg: Linreg) -> None:
    Path("flat.csv").write_text("u,v\n" + "".join(f"{i},5\n" for i in range(9)))
    Path("steep.csv").write_text("u,v\n" + "".join(f"{i},{i * i}\n" for i in range(9)))
    columns = ["--x", "u", "--y", "v", "--folds", "2"]
    whole = train(linreg, "flat.csv", "steep.csv", *columns, output="whole.json")
    train(linreg, "steep.csv", *columns, output="steep.json")
    flat = json.loads(train(linreg, "flat.csv", *columns, output="flat.json"))
    scores = flat["training"]["cross_validation"][0]["folds"]
    assert [set(score) for score in scores] == [{"rows", "rmse"}] * 2
    assert ran(linreg, "merge", "flat.json", "steep.json", output="all.json") == whole


@pytest.mark.parametrize(
    "run", ["tested", "cross-validated", "weighted folds", "folds beside a test part"]
)
def test_a_refit_model_deals_rows_by_the_columns_it_had(
    linreg: Linreg, shards: list[str], run: str
) -> None:
    train(linreg, *shards[:2], *COLUMNS, *RUNS[run], output="two.json")
    ran(linreg, "update", "two.json", shards[2], output="whole.json")
    expected = train(linreg, "whole.json", "--x", "sqft", output="refit.json")
    assert json.loads(expected)["split_by"] == ["sqft", "baths", "price"]
    train(linreg, "two.json", "--x", "sqft", output="fewer.json")
    assert ran(linreg, "update", "fewer.json", shards[2], output="updated.json") == expected
    train(linreg, shards[2], *COLUMNS, *RUNS[run], output="c.json")
    train(linreg, "c.json", "--x", "sqft", output="fewer-c.json")
    assert ran(linreg, "merge", "fewer-c.json", "fewer.json", output="all.json") == expected
    back = ["update", "refit.json", shards[2], "--remove"]
    kept = json.loads(Path("fewer.json").read_text())
    assert without_ranges(json.loads(ran(linreg, *back, output="back.json"))) == without_ranges(
        kept
    )
    Path("less.csv").write_text("sqft,price,beds\n1000,200000,2\n")
    lacking = linreg("update", "refit.json", "less.csv")
    assert lacking.status == 3
    assert "no column 'baths'" in lacking.stderr
    fresh = ["--x", "sqft", "--y", "price", *RUNS[run]]
    train(linreg, shards[2], *fresh, output="fresh.json")
    refused = linreg("merge", "fewer.json", "fresh.json", "-o", "none.json")
    assert refused.status == 2
    assert "the rows of fresh.json and fewer.json were split differently" in refused.stderr


def test_a_glob_names_models(linreg: Linreg, shards: list[str]) -> None:
    fresh = train(linreg, *shards, *COLUMNS, "--solver", "exact", output="fresh")
    for shard in shards:
        train(linreg, shard, *COLUMNS, output=f"{shard}.json")
    assert train(linreg, "*.csv.json", "--solver", "exact", output="all") == fresh


def test_a_model_from_a_named_pipe_needs_a_place(linreg: Linreg, shards: list[str]) -> None:
    os.mkfifo("pipe")
    refused = linreg("update", "pipe", shards[0])
    assert refused.status == 2
    assert (
        "Error: pipe is not a file, so the model cannot be written back to it\n" in refused.stderr
    )
    assert Path("pipe").is_fifo()


def test_models_pass_through_pipes(linreg: Linreg, shards: list[str]) -> None:
    whole = train(linreg, *shards, *COLUMNS, output="whole.json")
    a, b = (train(linreg, name, *COLUMNS, output=f"{name}.json") for name in shards[:2])
    merged = linreg("merge", "a.csv.json", "-", "-q", "-o", "-", stdin=b)
    assert merged.status == 0
    updated = linreg("update", "-", "c.csv", "-q", stdin=merged.stdout)
    assert updated.stdout.encode() == whole
    rows = Path("c.csv").read_bytes()
    assert linreg("update", "a.csv.json", "-", "b.csv", "-q", stdin=rows).status == 0
    assert Path("a.csv.json").read_bytes() == whole != a
