"""Models that add up: joined, updated, with rows taken out, refitted; all equal to the byte."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.errors import FitError, LinregError
from linreg_cli.model.model import Model, Settings
from linreg_cli.model.model_file import from_json, to_json
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.moments.split import Split, SplitMoments
from linreg_cli.moments.summation import Summation
from linreg_cli.training.compressed_rows import have_square_root
from linreg_cli.training.fit import exact_model, set_up
from linreg_cli.training.merging import NamedModel, join, joint_settings, remove_rows
from tests.conftest import Linreg
from tests.strategies import block_of

SACRAMENTO = Path(__file__).parents[2] / "data" / "sacramento.csv"
COLUMNS = ["--x", "sqft", "--x", "baths", "--y", "price"]
RUNS = {
    "plain": [],
    "exact": ["--solver", "exact"],
    "weighted": ["--weights", "beds"],
    "tested": ["--test-fraction", "0.25"],
    "cross-validated": ["--folds", "4", "--l2", "0,0.5"],
    "weighted folds": ["--weights", "beds", "--folds", "3", "--solver", "exact"],
    "folds beside a test part": [
        *("--test-fraction", "0.3", "--folds", "3", "--l2", "0,0.5", "--seed", "4"),
        *("--weights", "beds", "--solver", "exact"),
    ],
    "from a random start": ["--start", "random", "--seed", "7", "--epochs", "30"],
}
every_run = pytest.mark.parametrize("run", RUNS)


@pytest.fixture
def shards(folder: Path) -> list[str]:
    """Cut the real data into three files."""
    header, *rows = SACRAMENTO.read_text().splitlines(keepends=True)
    names = ["a.csv", "b.csv", "c.csv"]
    cuts = [0, 200, 333, len(rows)]
    for name, start, stop in zip(names, cuts, cuts[1:], strict=False):
        (folder / name).write_text(header + "".join(rows[start:stop]))
    return names


def table(name: str, header: str, rows: Sequence[Sequence[object]]) -> None:
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    Path(name).write_text("\n".join(lines) + "\n")


def train(linreg: Linreg, *arguments: str, output: str) -> bytes:
    assert linreg("train", *arguments, "--quiet", "-o", output).status == 0
    return Path(output).read_bytes()


def ran(linreg: Linreg, *arguments: str, output: str) -> bytes:
    done = linreg(*arguments, "--quiet", "-o", output)
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    return Path(output).read_bytes()


# against training on the rows


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
    assert "the rows of fresh.json and fewer.json were dealt out differently" in refused.stderr


def test_a_glob_names_models(linreg: Linreg, shards: list[str]) -> None:
    fresh = train(linreg, *shards, *COLUMNS, "--solver", "exact", output="fresh")
    for shard in shards:
        train(linreg, shard, *COLUMNS, output=f"{shard}.json")
    assert train(linreg, "*.csv.json", "--solver", "exact", output="all") == fresh


def test_a_model_from_a_named_pipe_needs_a_place(linreg: Linreg, shards: list[str]) -> None:
    os.mkfifo("pipe")
    refused = linreg("update", "pipe", shards[0])
    assert refused.status == 2
    assert "Error: pipe is not a file, so the model cannot go to its place\n" in refused.stderr
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


# as properties of small data


Rows = list[tuple[str, str, str]]
NUMBERS = st.sampled_from(["-2", "-1.5", "0", "0.25", "1", "3", "10"])
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, st.sampled_from(["0.5", "1", "2"])), max_size=8)

WIDE = NUMBERS | st.sampled_from(["123456789012345678901234567890", "1e-12", "7.50", "-2.5e20"])
WIDE_ROWS = st.lists(st.tuples(WIDE, WIDE, st.sampled_from(["0.5", "1", "2.25"])), max_size=6)


def data_of(rows: Rows, *, is_weighted: bool, folds: int) -> SplitMoments:
    """Sum rows of x, y and weight, dealt out by a hash of all that is used."""
    parts = [Summation(["x", "y"], "w" if is_weighted else "") for _ in range(folds)]
    if rows:
        used = [row if is_weighted else row[:2] for row in rows]
        split = Split.asked_for(test_fraction=0, folds=folds if folds > 1 else 0, seed=0)
        for part, number in zip(used, split.assign(block_of(used)).tolist(), strict=True):
            weights = block_of([part[2:]]) if is_weighted else None
            parts[number].add(block_of([part[:2]]), weights)
    moments = [part.total() for part in parts]
    whole = moments[0]
    for other in moments[1:]:
        whole += other
    return SplitMoments(moments=whole, folds=tuple(moments) if folds > 1 else ())


def model_of(data: SplitMoments) -> Model | None:
    settings = Settings(solver="exact", folds=len(data.folds), intercept=False)
    try:
        return exact_model(set_up(data, settings))
    except LinregError:
        return None


@given(
    a=WIDE_ROWS,
    b=WIDE_ROWS,
    c=WIDE_ROWS,
    is_weighted=st.booleans(),
    folds=st.sampled_from([1, 2]),
)
def test_joining_is_training_on_all_rows(
    *, a: Rows, b: Rows, c: Rows, is_weighted: bool, folds: int
) -> None:
    parts = [data_of(rows, is_weighted=is_weighted, folds=folds) for rows in (a, b, c)]
    whole = data_of(a + b + c, is_weighted=is_weighted, folds=folds)
    expected = model_of(whole)
    for joined in (parts[0] + parts[1] + parts[2], parts[2] + (parts[1] + parts[0])):
        found = model_of(joined)
        assert (found and to_json(found)) == (expected and to_json(expected))


@given(a=WIDE_ROWS, b=WIDE_ROWS, is_weighted=st.booleans())
def test_taken_out_and_put_back_nothing_has_changed(*, a: Rows, b: Rows, is_weighted: bool) -> None:
    kept, moved = (data_of(rows, is_weighted=is_weighted, folds=1) for rows in (a, b))
    both = model_of(kept + moved)
    if both is None:
        return
    rest = data_left(both, moved)
    if rest is None:  # b has all rows, or what is left determines no fit
        assert not a or model_of(kept) is None
        return
    again = model_of(rest.data() + moved)
    assert again is not None
    assert to_json(again) == to_json(both)


def data_left(model: Model, removed: SplitMoments) -> Model | None:
    """Take rows out, and read the model back from its file."""
    try:
        rest = model_of(remove_rows(NamedModel(name="m", model=model), removed))
    except LinregError:
        return None
    return rest and from_json(to_json(rest), "rest")


@given(a=ROWS, b=ROWS, c=ROWS, is_weighted=st.booleans(), folds=st.sampled_from([1, 2]))
def test_rows_inside_the_range_come_and_go_without_a_trace(
    *, a: Rows, b: Rows, c: Rows, is_weighted: bool, folds: int
) -> None:
    ends = [("-100", "-100", "1"), ("100", "100", "1"), ("-100", "100", "2")] * folds
    seeds = [("-100.5", "-100.5", "1"), ("100.5", "100.5", "2"), ("100.5", "-100.5", "1")]
    kept = data_of([*a, *ends, *seeds, *c], is_weighted=is_weighted, folds=folds)
    more = data_of(b, is_weighted=is_weighted, folds=folds)
    expected = model_of(kept)
    if expected is None or any(not fold.rows for fold in kept.folds):
        return
    both = model_of(kept + more)
    assert both is not None
    rest = model_of(remove_rows(NamedModel(name="both", model=both), more))
    assert rest is not None
    found, wanted = json.loads(to_json(rest)), json.loads(to_json(expected))
    assert found["moments"] == wanted["moments"]
    assert (found["m"], found["training"]) == (wanted["m"], wanted["training"])


@given(ROWS.filter(bool), ROWS.filter(bool))
def test_an_end_of_the_range_is_outer_where_it_may_be_gone(a: Rows, b: Rows) -> None:
    first, second = (data_of(rows, is_weighted=False, folds=1).moments for rows in (a, b))
    rest = first + second - second
    values = {name: [float(row[j]) for row in a] for j, name in enumerate("xy")}
    out = {name: [float(row[j]) for row in b] for j, name in enumerate("xy")}
    for name in "xy":
        assert (name in rest.outer_minimum) == (min(out[name]) <= min(values[name]))
        assert (name in rest.outer_maximum) == (max(out[name]) >= max(values[name]))
    again = rest + second  # which reach as far as the bound where it was outer
    assert again == first + second


@given(a=ROWS.filter(bool), b=ROWS.filter(bool), is_weighted=st.booleans())
def test_sums_of_rows_are_possible_ones(*, a: Rows, b: Rows, is_weighted: bool) -> None:
    first, second = (data_of(rows, is_weighted=is_weighted, folds=1).moments for rows in (a, b))
    for moments in (first, first + second, first + second - second):
        assert have_square_root(moments)
        assert moments.has_possible_logarithms()
        assert StoredMoments.of(moments).can_be_moments()


@given(ROWS.filter(bool), ROWS.filter(bool))
def test_a_square_root_is_what_numpy_says(a: Rows, b: Rows) -> None:
    moments = [data_of(rows, is_weighted=False, folds=1).moments for rows in (a, b)]
    difference = moments[0] - moments[1]
    smallest = np.linalg.eigvalsh(difference.matrix.astype(np.float64))[0]
    if abs(smallest) > 1e-6 * np.abs(difference.matrix.astype(np.float64)).max():
        assert have_square_root(difference) == (smallest > 0)


# rows that were never there


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_sums_with_a_negative_square_are_told(linreg: Linreg, solver: str) -> None:
    grid = [(u, v, u + 2 * v + (5 * u + v) % 3) for u in range(5) for v in range(5)]
    table("grid.csv", "u,v,y", grid)
    # in the range of each column, and no pair of columns forbids it; but it lies so far off the
    # plane that its squared error is more than that of all rows
    table("never.csv", "u,v,y", [(1, 1, 8)])
    train(linreg, "grid.csv", "--x", "u", "--x", "v", "--y", "y", "--solver", solver, output="m")
    done = linreg("update", "m", "never.csv", "--remove", "-q")
    assert done.status == 3
    assert done.stderr.startswith("Error: m: not all of the rows to take out were in the model\n")


@pytest.mark.parametrize("solver", ["exact", "gradient-descent"])
def test_a_negative_loss_is_told(solver: Literal["exact", "gradient-descent"]) -> None:
    grid = [(u, v, u + 2 * v + (5 * u + v) % 3) for u in range(5) for v in range(5)]
    moments = [Summation(["u", "v", "y"]) for _ in range(2)]
    for summation, rows in zip(moments, (grid, [(1, 1, 8)]), strict=True):
        summation.add(block_of([tuple(map(str, row)) for row in rows]))
    data = SplitMoments(moments=moments[0].total() - moments[1].total())
    with pytest.raises(FitError, match=r"^the sums are not those of any rows$"):
        set_up(data, Settings(solver=solver))


def test_logarithms_that_no_weights_have_are_told(linreg: Linreg) -> None:
    rows = [(1, 1, 1), (1, 1, 4), (2, 1, 4), (3, 4, 1)]
    table("rows.csv", "u,v,w", rows)
    train(linreg, "rows.csv", "--x", "u", "--y", "v", "--weights", "w", output="m")
    # three weights of mean 3.3 whose logarithms have a mean of 1.69: log(3.3) is 1.19
    table("never.csv", "u,v,w", [(1, 1, 0.1)])
    done = linreg("update", "m", "never.csv", "--remove", "-q")
    assert done.status == 3
    assert done.stderr.startswith("Error: m: not all of the rows to take out were in the model\n")


@pytest.mark.parametrize(("run", "part"), [("tested", "test_moments"), ("cross-validated", "fold")])
def test_the_part_that_rows_are_missing_from_is_told(
    linreg: Linreg, shards: list[str], run: str, part: str
) -> None:
    model = json.loads(train(linreg, *shards, *COLUMNS, *RUNS[run], output="m"))
    parts = {f"fold {i}": fold for i, fold in enumerate(model.get("fold_moments", []), start=1)}
    parts |= {"the test part": model["test_moments"]} if part == "test_moments" else {}
    told = {f"m: 300 rows cannot be taken out of the {parts[p]['rows']} of {p}" for p in parts}
    found = set()
    for size in range(1600, 1640):  # equal rows are in one part, which not all sizes share
        table("never.csv", "sqft,baths,price", [(size, 2, 240000)] * 300)
        stderr = linreg("update", "m", "never.csv", "--remove", "-q", "-o", "left").stderr
        found.add(stderr.partition("\n")[0].removeprefix("Error: "))
    assert found - {""} == told


# the model file


def shown(**changes: object) -> Model:
    text = to_json(
        model_of(data_of([("1", "2", "1"), ("3", "5", "1")], is_weighted=False, folds=1))
        or pytest.fail("a fit")
    )
    fields = json.loads(text)
    fields["moments"].update(changes)
    return from_json(json.dumps(fields), "model.json")


def test_outer_bounds_are_read_back() -> None:
    model = shown(outer_minimum=["x"], outer_maximum=["x", "y"])
    restored = model.data().moments
    assert restored.outer_minimum == {"x"}
    assert restored.outer_maximum == {"x", "y"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"outer_minimum": ["z"]}, "'outer_minimum' and 'outer_maximum' name other columns"),
        ({"minimum": ["2", "2"]}, "are not those of any rows"),
        ({"maximum": ["2", "5"]}, "are not those of any rows"),
        ({"sums": ["1", "7"]}, "are not those of any rows"),
        ({"products": [["11"], ["17", "29"]]}, "are not those of any rows"),
    ],
)
def test_sums_that_no_rows_have_are_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(LinregError, match=problem):
        shown(**changes)


# what cannot be


def test_settings_are_those_of_all_models() -> None:
    data = data_of([("1", "2", "1"), ("3", "5", "1")], is_weighted=False, folds=1)
    exact = NamedModel(name="a", model=exact_model(set_up(data, Settings(solver="exact"))))
    ridge = Settings(solver="exact", l2=(2.0,))
    other = NamedModel(name="b", model=exact_model(set_up(data, ridge)))
    assert joint_settings([exact, exact], {}) == Settings(solver="exact")
    assert joint_settings([exact, other], {"l2": (1.0,)}).l2 == (1.0,)
    with pytest.raises(LinregError, match=r"^b was trained with l2 2\.0, a with 0\.0$"):
        joint_settings([exact, other], {})
    assert join([exact, other]).moments.rows == 4


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ("merge a.json y.json -o o.json", 2, "y.json has the target beds, a.json has price"),
        ("merge a.json x.json -o o.json", 2, "x.json has the features baths, a.json has sqft"),
        ("merge a.json w.json -o o.json", 2, "w.json has the weights beds, a.json has none"),
        (
            "merge a.json f.json -o o.json",
            2,
            "f.json was trained with folds 4, a.json with 0",
        ),
        (
            "train a.json f.json -o o.json --solver exact",
            2,
            "f.json was trained with folds 4, a.json with 0",
        ),
        ("merge a.json - - -o o.json", 2, "- is given twice"),
        ("merge a.json -o a.json", 2, "a.json is named twice: it would be overwritten"),
        ("merge a.json none.json -o o.json", 4, "none.json: no such model file"),
        ("merge a.csv -o o.json", 4, "a.csv: is not JSON"),
        ("train a.json b.csv -o o.json", 2, "a.json is a model and b.csv is not"),
        ("train a.json --x beds", 2, "a.json has no column 'beds'; it has sqft, price"),
        ("train a.json --x price", 2, "column 'price' is named twice in --x and --y"),
        (
            "train f.json --seed 3 -o o.json",
            2,
            "--seed has no effect with a model in place of DATA: its rows are summed already",
        ),
        (
            "train a.json --rejects r.csv -o o.json",
            2,
            "--rejects has no effect with a model in place of DATA: its rows are summed already",
        ),
        ("update a.json y.json", 2, "y.json is a model, and has no rows"),
        (
            "update a.json b.csv -o o.json --rejects a.json",
            2,
            "a.json is named twice: it would be overwritten",
        ),
        ("update - -", 2, "both the model and the data are -"),
        ("update a.json a.csv -o a.csv", 2, "a.csv is named twice: it would be overwritten"),
        ("update a.json other.csv", 3, "other.csv: no column 'sqft'; the columns are u, v"),
        (
            "update a.json whole.csv --remove",
            3,
            "a.json: 932 rows cannot be taken out of the 200 of the model",
        ),
        ("update a.json a.csv --remove", 3, "a.json: no row is left to learn from"),
        (
            "update a.json low.csv --remove",
            3,
            "a.json, column 'sqft': a row to take out has 12, which no row of the model had",
        ),
        (
            "update a.json high.csv --remove",
            3,
            "a.json, column 'price': a row to take out has 9999999, which no row of the model had",
        ),
        (
            "update a.json twice.csv --remove",
            3,
            "a.json: not all of the rows to take out were in the model",
        ),
    ],
)
def test_what_does_not_add_up_is_told(
    linreg: Linreg, arguments: str, status: int, message: str
) -> None:
    one = ["--x", "sqft", "--y", "price", "--solver", "exact"]
    train(linreg, "a.csv", *one, output="a.json")
    train(linreg, "a.csv", "--x", "sqft", "--y", "beds", "--solver", "exact", output="y.json")
    train(linreg, "a.csv", "--x", "baths", "--y", "price", "--solver", "exact", output="x.json")
    train(linreg, "a.csv", *one, "--weights", "beds", output="w.json")
    train(linreg, "a.csv", *one, "--folds", "4", output="f.json")
    Path("other.csv").write_text("u,v\n1,2\n")
    Path("whole.csv").write_bytes(SACRAMENTO.read_bytes())
    Path("low.csv").write_text("sqft,price\n12,100000\n")
    Path("high.csv").write_text("sqft,price\n1000,9999999\n")
    largest = max(json.loads(Path("a.json").read_text())["moments"]["maximum"], key=int)
    Path("twice.csv").write_text("sqft,price\n" + f"836,{largest}\n" * 190)
    before = Path("a.json").read_bytes()
    done = linreg(*arguments.split())
    assert (done.status, done.stdout) == (status, "")
    assert f"Error: {message}" in done.stderr.splitlines()
    assert Path("a.json").read_bytes() == before
    assert not Path("o.json").exists()
