"""Plots of models of groups: a panel for each group."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from linreg_cli.design import Key
from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact import Block
from linreg_cli.model.grouped_model import GroupedModel
from linreg_cli.model.model_file import load_any_model
from linreg_cli.output.plots.fit_plot import FitPlot
from linreg_cli.output.plots.group_fit_plot import MAX_GROUPS, GroupFitPlot
from linreg_cli.output.plots.picture import Curve, Dots, Panel, Picture, Role
from tests.conftest import Linreg
from tests.strategies import block_of

SIZES = {f"g{number}": 3 + number for number in range(14)}


def learn(linreg: Linreg, *more: str) -> GroupedModel:
    """Learn y by g: group gN has 3 + N rows, and its line is y = (N + 1) x."""
    with Path("d.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["g", "x", "z", "y"])
        writer.writerow(["alone", 1, 1, 1])
        for number, (name, size) in enumerate(SIZES.items()):
            writer.writerows((name, n, n * n % 3, (number + 1) * n) for n in range(size))
    done = linreg("train", "d.csv", "--x", "x", *more, "--y", "y", "--by", "g", "--solver",
                  "exact", "-q")  # fmt: skip
    assert done.status == 0, done.stderr
    model = load_any_model("model.json")
    assert isinstance(model, GroupedModel)
    return model


def titles(picture: Picture) -> list[str]:
    return [panel.title.split(",")[0] for panel in picture.panels]


def line_of(panel: Panel) -> Curve:
    [line] = [layer for layer in panel.layers if layer.role is Role.LINE]
    assert isinstance(line, Curve)
    return line


def test_the_largest_groups_have_a_panel_in_the_order_of_their_keys(linreg: Linreg) -> None:
    picture = GroupFitPlot(learn(linreg), [], 0.9).picture()
    assert titles(picture) == sorted(list(SIZES)[-MAX_GROUPS:])
    assert picture.title == ("y by g",)
    assert picture.notes[0] == (
        "the 12 largest of 14 groups with a fit are drawn; --group chooses others"
    )


def test_a_panel_is_that_of_the_groups_own_model(linreg: Linreg) -> None:
    model = learn(linreg)
    keys: Sequence[Key] = [("g3",), ("g1",)]
    plot, rows = GroupFitPlot(model, keys, 0.9), block_of([("1", "5"), ("2", "7.5"), ("3", "1")])
    nothing = np.zeros(3, np.bool_)
    plot.see(("g1",), rows, np.ones(3), nothing)
    first, second = plot.picture().panels
    own = FitPlot(model.model_of(("g1",)), 0.9)
    own.see(rows, np.ones(3), nothing)
    [panel] = own.picture().panels
    assert second.title == "g1, R² = 1, 4 training rows"
    assert (second.x, second.y) == (panel.x, panel.y)
    np.testing.assert_array_equal(line_of(second).y, line_of(panel).y)
    [dots] = [layer for layer in second.layers if layer.role is Role.ROWS]
    assert isinstance(dots, Dots)
    assert (dots.label, dots.x.tolist(), dots.y.tolist()) == ("rows", [1, 2, 3], [5, 7.5, 1])
    assert not any(layer.role is Role.ROWS for layer in first.layers)
    line = line_of(first)
    assert line.y == pytest.approx(4 * line.x, abs=1e-12)


def test_x_chooses_the_features_of_each_group(linreg: Linreg) -> None:
    model = learn(linreg, "--x", "z")
    picture = GroupFitPlot(model, [("g5",), ("g6",)], 0.9).picture()
    assert [panel.x.label for panel in picture.panels] == ["x given the others"] * 2
    assert "only x is drawn; --x chooses others" in picture.notes
    picture = GroupFitPlot(model, [("g5",), ("g6",)], 0.9, ["z", "x"]).picture()
    assert titles(picture) == ["g5", "g5", "g6", "g6"]
    with pytest.raises(UsageError, match="the model has no feature 'zz'; did you mean 'z'"):
        GroupFitPlot(model, [("g5",)], 0.9, ["zz"])


def test_a_group_without_a_fit_cannot_be_drawn(linreg: Linreg) -> None:
    with pytest.raises(FitError, match="the group alone has no model"):
        GroupFitPlot(learn(linreg), [("alone",), ("g1",)], 0.9)


def test_the_picture_of_a_file_reads_each_row_once(linreg: Linreg) -> None:
    learn(linreg)
    done = linreg("plot", "model.json", "d.csv", "--group", "g2", "--group", "g4")
    assert done.status == 0
    assert done.stderr == "d.csv: 134 rows read, 134 used\n"
    assert done.stdout.count("g2, R² = 1, 5 training rows: y") == 1
    assert done.stdout.count("•• rows") == 2
    done = linreg("plot", "model.json", "d.csv", "-o", "groups.svg")
    assert done.status == 0, done.stderr
    text = Path("groups.svg").read_text(encoding="utf-8")
    assert all(f"g{number}, R² = 1" in text for number in range(2, 14))


def test_rows_of_other_groups_are_not_drawn(linreg: Linreg) -> None:
    plot = GroupFitPlot(learn(linreg), [("g1",), ("g2",)], 0.9)
    assert plot.keys == [("g1",), ("g2",)]
    with pytest.raises(KeyError):
        plot.see(("g3",), Block(values=np.zeros((1, 2), np.int64), decimals=(0, 0)),
                 np.ones(1), np.zeros(1, np.bool_))  # fmt: skip


def test_a_group_that_lacks_a_category_is_left_out_with_a_note(linreg: Linreg) -> None:
    rows = "".join(
        f"{g},{n},{kind},{n * n}\n" for g, kinds in (("a", "pq"), ("b", "p")) for n in range(4)
        for kind in kinds
    )  # fmt: skip
    linreg("train", "-", "--x", "x", "--category", "k", "--y", "y", "--by", "g", "--solver",
           "exact", "-q", stdin=f"g,x,k,y\n{rows}")  # fmt: skip
    model = load_any_model("model.json")
    assert isinstance(model, GroupedModel)
    picture = GroupFitPlot(model, [], 0.9, ["k"]).picture()
    assert titles(picture) == ["a"]
    assert "b is not drawn: it has no feature k" in picture.notes


def test_a_note_names_the_groups_that_it_is_of(linreg: Linreg) -> None:
    rows = "".join(f"{g},{n},{n * n % 5 + len(g)}\n" for g in ("a", "b", "cc") for n in range(5))
    rows += "few,1,2\nfew,2,3\nfew2,1,2\nfew2,2,5\n"
    linreg("train", "-", "--x", "x", "--y", "y", "--by", "g", "-q", stdin=f"g,x,y\n{rows}")
    model = load_any_model("model.json")
    assert isinstance(model, GroupedModel)
    notes = GroupFitPlot(model, [], 0.9).picture().notes
    assert "no rows are drawn without DATA: linreg plot MODEL DATA" in notes
    [few] = [note for note in notes if "few" in note]
    assert few.startswith("few and 1 other group: ")
    assert not any(note.startswith("a: ") for note in notes)
