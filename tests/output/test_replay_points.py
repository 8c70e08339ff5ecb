"""linreg replay: the points of the rows."""

import json
from pathlib import Path

import numpy as np
import pytest

from linreg_cli.output.cloud import MAX_POINTS
from tests.conftest import Linreg
from tests.output.replays import SACRAMENTO, data_of, replay, train


def test_few_points_are_all_there(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    replay(linreg, "houses.csv")
    points = data_of(houses.parent)["points"]
    assert points["values"] == [[x, 300 * x] for x in (500, 1000, 1500, 2000, 2500)]
    assert (points["rows"], points["areTrainedOn"], points["density"]) == (5, True, None)


def test_other_rows_are_known_as_such(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    (houses.parent / "new.csv").write_text("price,square_feet\n1,2\n")
    replay(linreg, "new.csv")
    points = data_of(houses.parent)["points"]
    assert (points["values"], points["areTrainedOn"]) == ([[2, 1]], False)


def test_points_of_the_test_part_are_those_that_were_kept(linreg: Linreg, folder: Path) -> None:
    train(linreg, SACRAMENTO, "--x", "sqft", "--y", "price", "--test-fraction", "0.3")
    replay(linreg, SACRAMENTO)
    points = data_of(folder)["points"]
    kept = json.loads((folder / "model.json").read_text())["test_moments"]
    tested = [
        row for row, is_test in zip(points["values"], points["isTest"], strict=True) if is_test
    ]
    assert points["areTrainedOn"]
    assert len(tested) == int(kept["rows"])
    assert [sum(column) for column in zip(*tested, strict=True)] == list(map(int, kept["sums"]))


def test_rows_without_weight_are_no_points(linreg: Linreg, folder: Path) -> None:
    (folder / "w.csv").write_text("x,y,w\n1,2,1\n2,3,0\n3,5,0.5\n")
    train(linreg, "w.csv", "--x", "x", "--y", "y", "--weights", "w")
    replay(linreg, "w.csv")
    points = data_of(folder)["points"]
    assert (points["values"], points["areTrainedOn"]) == ([[1, 2], [3, 5]], True)


def test_many_points_of_one_feature_are_a_density_and_the_farthest(
    linreg: Linreg, folder: Path
) -> None:
    rows = [(i % 100, i % 7) for i in range(5000)]
    (folder / "many.csv").write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    train(linreg, "many.csv", "--x", "x", "--y", "y")
    (folder / "beyond.csv").write_text((folder / "many.csv").read_text() + "130,-40\n")
    replay(linreg, "beyond.csv")
    points = data_of(folder)["points"]
    density = points["density"]
    counts = np.array(density["counts"])
    edges = [np.linspace(density["low"][axis], density["high"][axis], counts.shape[axis] + 1)
             for axis in (0, 1)]  # fmt: skip
    xs, ys = np.transpose([*rows, (130, -40)])
    expected, *_ = np.histogram2d(xs, ys, bins=edges)
    assert np.array_equal(counts, expected)
    assert [130, -40] in points["values"]
    assert points["extremes"] == len(points["values"]) <= 64
    assert points["rows"] == 5001


def test_many_points_of_a_plane_are_a_sample_and_the_farthest(linreg: Linreg, folder: Path) -> None:
    rows = [(i, i * i % 101, 3 * i) for i in range(20_000)]
    rows[777] = (777, 5, 50_000)  # far off the plane, and no extreme of the target
    (folder / "many.csv").write_text("u,v,y\n" + "".join(f"{u},{v},{y}\n" for u, v, y in rows))
    train(linreg, "many.csv", "--x", "u", "--x", "v", "--y", "y")
    replay(linreg, "many.csv")
    points = data_of(folder)["points"]
    assert len(points["values"]) - points["extremes"] == MAX_POINTS
    assert {tuple(row) for row in points["values"]} <= set(rows)
    farthest = {tuple(row) for row in points["values"][-points["extremes"] :]}
    assert farthest >= {*rows[:16], *rows[-16:], rows[777]}
    assert points["density"] is None


def test_a_row_too_many_is_told_from_all_rows(linreg: Linreg, folder: Path) -> None:
    rows = [f"{i},{i % 3},{i % 7}\n" for i in range(MAX_POINTS + 1)]
    (folder / "many.csv").write_text("u,v,y\n" + "".join(rows))
    train(linreg, "many.csv", "--x", "u", "--x", "v", "--y", "y")
    replay(linreg, "many.csv")
    points = data_of(folder)["points"]
    assert len(points["values"]) - points["extremes"] == MAX_POINTS
    (folder / "many.csv").write_text("u,v,y\n" + "".join(rows[:-1]))
    replay(linreg, "many.csv")
    points = data_of(folder)["points"]
    assert (len(points["values"]), points["extremes"]) == (MAX_POINTS, 0)


@pytest.mark.slow
@pytest.mark.parametrize("features", [["u"], ["u", "v"]])
def test_threads_make_no_difference_to_many_points(
    linreg: Linreg, folder: Path, features: list[str]
) -> None:
    random = np.random.default_rng(1)
    lines = [f"{u},{v},{y}\n" for u, v, y in random.integers(0, 10**6, (300_000, 3)).tolist()]
    (folder / "many.csv").write_text("u,v,y\n" + "".join(lines))
    train(linreg, "many.csv", *[part for name in features for part in ("--x", name)], "--y", "y")
    pages = []
    for threads in ("1", "3"):
        replay(linreg, "many.csv", "--threads", threads)
        pages.append((folder / "replay.html").read_bytes())
    assert pages[0] == pages[1]


def test_the_test_part_is_known_by_the_columns_that_assigned_it(
    linreg: Linreg, folder: Path
) -> None:
    train(linreg, SACRAMENTO, "--x", "sqft", "--x", "beds", "--y", "price",
          "--test-fraction", "0.3")  # fmt: skip
    (folder / "model.json").rename(folder / "both.json")
    train(linreg, "both.json", "--x", "sqft")  # on fewer columns than those that assigned its rows
    replay(linreg, SACRAMENTO)
    points = data_of(folder)["points"]
    kept = json.loads((folder / "model.json").read_text())["test_moments"]
    tested = [
        row for row, is_test in zip(points["values"], points["isTest"], strict=True) if is_test
    ]
    assert [sum(column) for column in zip(*tested, strict=True)] == list(map(int, kept["sums"]))


def test_the_farthest_of_the_test_part_are_known_too(linreg: Linreg, folder: Path) -> None:
    rows = [f"{i},{i * i % 9973}\n" for i in range(MAX_POINTS + 1)]
    (folder / "many.csv").write_text("x,y\n" + "".join(rows))
    train(linreg, "many.csv", "--x", "x", "--y", "y", "--test-fraction", "0.4")
    replay(linreg, "many.csv")
    far = data_of(folder)["points"]
    # a row is in the test part by its values, so in a smaller file too, where all are shown
    (folder / "few.csv").write_text("x,y\n" + "".join(rows[:MAX_POINTS]))
    train(linreg, "few.csv", "--x", "x", "--y", "y", "--test-fraction", "0.4")
    replay(linreg, "few.csv")
    near = data_of(folder)["points"]
    parts = {tuple(row): part for row, part in zip(near["values"], near["isTest"], strict=True)}
    known = [
        (part, parts[tuple(row)])
        for row, part in zip(far["values"], far["isTest"], strict=True)
        if tuple(row) in parts
    ]
    assert set(known) == {(0, 0), (1, 1)}


def test_rows_that_were_not_trained_on_have_no_test_part(linreg: Linreg, folder: Path) -> None:
    train(linreg, SACRAMENTO, "--x", "sqft", "--y", "price", "--test-fraction", "0.3")
    rows = Path(SACRAMENTO).read_text(encoding="utf-8").splitlines()[:50]
    (folder / "some.csv").write_text("\n".join(rows), encoding="utf-8")
    replay(linreg, "some.csv")
    points = data_of(folder)["points"]
    assert (points["areTrainedOn"], points["isTest"]) == (False, None)


def test_an_updated_model_can_be_replayed(linreg: Linreg, houses: Path) -> None:
    train(linreg, "houses.csv", "--x", "square_feet", "--y", "price")
    (houses.parent / "more.csv").write_text("square_feet,price\n3000,1000000\n")
    assert linreg("update", "model.json", "more.csv", "-q").status == 0
    replay(linreg, "houses.csv", "more.csv")
    found = data_of(houses.parent)
    assert (found["rows"], found["points"]["areTrainedOn"]) == (6, True)
    assert linreg("update", "model.json", "more.csv", "--remove", "-q").status == 0
    replay(linreg, "houses.csv")
    assert data_of(houses.parent)["rows"] == 5
