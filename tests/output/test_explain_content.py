"""linreg train --explain: which rows and epochs are shown, and the sentences beside them."""

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import HOUSES, Linreg
from tests.output.explanations import (
    HOUSE,
    ROOM,
    RUNS,
    epochs_of,
    explain,
    notation_of,
    parts_of,
    rows_of,
)

pytestmark = pytest.mark.usefixtures("explained_data")


def test_explaining_changes_neither_the_model_nor_what_is_said_after_it(
    linreg: Linreg, folder: Path
) -> None:
    plain = linreg("train", *ROOM)
    model = (folder / "model.json").read_bytes()
    explained = linreg("train", *ROOM, "--explain")
    assert (folder / "model.json").read_bytes() == model
    above, below = plain.stderr[:100], plain.stderr[plain.stderr.index("         epoch") :]
    assert explained.stderr.startswith(above)
    assert explained.stderr.endswith(below)


def test_standard_output_has_the_model_alone(linreg: Linreg) -> None:
    columns = ["--x", "square_feet", "--y", "price"]
    piped = linreg("train", "-", *columns, "--explain", "-o", "-", stdin=HOUSES)
    quiet = linreg("train", "-", *columns, "-q", "-o", "-", stdin=HOUSES)
    assert piped.stdout == quiet.stdout != ""
    assert "Epoch 2" in parts_of(piped.stderr)


@pytest.mark.parametrize(
    ("more", "how"),
    [
        ((), "minus its mean, divided by its standard deviation ("),
        (("--no-intercept",), "divided by its root mean square ("),
        (("--weights", "sold"), "minus its weighted mean, divided by its weighted standard "),
        (("--weights", "sold", "--no-intercept"), "divided by its root weighted mean square ("),
    ],
)
def test_what_scaling_did_is_said(linreg: Linreg, more: Sequence[str], how: str) -> None:
    text = notation_of(explain(linreg, [*ROOM, *more])).text
    assert f"Each feature is scaled: {how}" in text


def test_a_feature_without_spread_is_said_to_keep_its_unit(linreg: Linreg, folder: Path) -> None:
    (folder / "flat.csv").write_text("x,z,y\n7,1,1\n7,2,2\n7,4,4\n")
    part = notation_of(explain(linreg, ["flat.csv", "--x", "x", "--x", "z", "--y", "y"]))
    assert "; a feature without spread is divided by 1" in part.text
    assert "x1 = (x - 7) / 1" in part.formulas


def test_the_first_rows_are_those_that_are_used(linreg: Linreg) -> None:
    part = notation_of(explain(linreg, [*ROOM, "--weights", "sold"]))
    # line 4 has the weight 0, and line 5 no beds
    assert part.columns["line"] == ["2", "3", "6", "7", "8"]
    assert part.columns["price"] == ["210.75", "329.00", "455.25", "240.00", "512.50"]


def test_rows_for_testing_are_not_among_them(linreg: Linreg, folder: Path) -> None:
    (folder / "tens.csv").write_text("x,y\n" + "".join(f"{i},{i * i}\n" for i in range(1, 41)))
    arguments = ["tens.csv", "--x", "x", "--y", "y", "--test-fraction", "0.5", "--no-scale"]
    parts = explain(linreg, arguments)
    shown = list(map(int, notation_of(parts).columns["x"][:5]))
    assert shown != [1, 2, 3, 4, 5]
    model = folder / "model.json"
    training = int(re.findall(r'"rows": ?"(\d+)"', model.read_text())[0])
    said = f"Each mean is over all {training} training rows; the first 5 are shown."
    assert said in notation_of(parts).text
    # a row is for training if and only if leaving it out of the file leaves one less of them
    for x in range(1, shown[-1] + 1):
        rest = "".join(f"{i},{i * i}\n" for i in range(1, 41) if i != x)
        (folder / "tens.csv").write_text("x,y\n" + rest)
        assert linreg("train", *arguments, "-q").status == 0
        left = int(re.findall(r'"rows": ?"(\d+)"', model.read_text())[0])
        assert (left < training) == (x in shown)


def test_rows_of_several_files_are_told_apart(linreg: Linreg, folder: Path) -> None:
    (folder / "a.csv").write_text("x,y\n1,2\n2,3\n")
    (folder / "b.csv").write_text("y,x\n5,3\n4,4\n")
    part = notation_of(explain(linreg, ["a.csv", "b.csv", "--x", "x", "--y", "y", "--no-scale"]))
    assert part.columns["file"] == ["a.csv", "a.csv", "b.csv", "b.csv"]
    assert part.columns["line"] == ["2", "3", "2", "3"]
    assert part.columns["x"] == ["1", "2", "3", "4"]


def test_rejected_rows_are_kept_and_not_shown(linreg: Linreg, folder: Path) -> None:
    (folder / "bad.csv").write_text("x,y\n1,2\ntwo,3\n3,4\n")
    more = ["--rejects", "rejects.csv", "--no-scale"]
    part = notation_of(explain(linreg, ["bad.csv", "--x", "x", "--y", "y", *more]))
    assert part.columns["x"] == ["1", "3"]
    assert "two,3" in (folder / "rejects.csv").read_text()


@pytest.mark.parametrize(
    ("more", "shown", "why"),
    [
        (["--epochs", "0"], 1, "--epochs"),
        (["--epochs", "1"], 2, "--epochs"),
        (["--learning-rate", "0.5"], 2, "converged"),
        (["--learning-rate", "1e300"], 1, "64-bit float"),
        (["--no-scale", "--learning-rate", "1"], 2, "a million times"),
        ([], 3, ""),
    ],
)
def test_it_ends_where_the_training_ends(
    linreg: Linreg, more: Sequence[str], shown: int, why: str
) -> None:
    parts = explain(linreg, [*HOUSE, *more])
    assert len(epochs_of(parts)) == shown
    text = parts["What changed"].text
    assert why in text
    assert ("stops here" in text or "cannot hold" in text) == bool(why)


def test_the_end_says_how_the_loss_changed_and_gives_the_weights_of_the_columns(
    linreg: Linreg,
) -> None:
    changed = explain(linreg, HOUSE)["What changed"]
    # the textbook: the distance to the optimum is halved by every step
    assert changed.text.startswith(
        "The loss fell from 247500000000 to 61875000000 to 15468750000. "
        "The smallest possible loss is 0. "
    )
    assert [changed.value("m"), changed.value("b")] == [Fraction("262.5"), Fraction(0)]


@pytest.mark.parametrize("name", ["diverging", "slowly diverging", "at the limit"])
def test_a_learning_rate_that_is_too_large_is_explained(linreg: Linreg, name: str) -> None:
    arguments = RUNS[name]
    part = explain(linreg, arguments)["Why it does not converge"]
    X = rows_of(arguments).X
    curvature = np.linalg.eigvalsh(2 / len(X) * X.T @ X)[-1]
    factor = 1 - float(arguments[-1]) * curvature
    assert float(part.value("factor")) == pytest.approx(factor, rel=1e-7)
    assert float(part.value("limit")) == pytest.approx(2 / curvature, rel=1e-7)


def test_a_learning_rate_below_the_limit_needs_no_explanation(linreg: Linreg) -> None:
    parts = explain(linreg, [*HOUSE, "--learning-rate", "0.99"])
    assert "Why it does not converge" not in parts


FAR = "x,y\n1e-100,1e60\n2e-100,3e60\n3e-100,5e60\n"


def test_numbers_may_be_beyond_float64(linreg: Linreg, folder: Path) -> None:
    (folder / "far.csv").write_text(FAR)
    columns = ["--x", "x", "--y", "y", "--no-scale", "--no-intercept"]
    epoch = epochs_of(explain(linreg, ["far.csv", *columns, "--l2", "1e-250"]))[1]
    [m] = epoch.numbers("value")
    assert m > 10**155
    assert float(epoch.value("sum of m²") / m**2) == pytest.approx(1, rel=1e-8)
    parts = explain(linreg, [*HOUSE, "--no-scale", "--learning-rate", "1e305"])
    assert parts["Why it does not converge"].value("factor") < -(10**311)
