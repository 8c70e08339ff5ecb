"""linreg train --explain: every line is worked out again from what it prints, and from the rows."""

import ast
import csv
import itertools
import operator
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.conftest import HOUSES, Linreg
from tests.test_terminal import CONTROL, watch

Floats = npt.NDArray[np.float64]

HOUSE = ("houses.csv", "--x", "square_feet", "--y", "price")
ROOMS = b"""\
beds,baths,age,lot,price,sold
2,1,40,3.5,210.75,1
3,2,12,4.25,329,2
3,1,33,8,287.5,0
,2,5,4,390,1
4,3,2,6.125,455.25,0.5
2,2,25,1,240,3
5,3,18,9.5,512.5,1.25
4,2,51,7,301,1
3,2,40,2.5,250,2
"""
ROOM = ("rooms.csv", "--x", "beds", "--x", "age", "--y", "price")
TIMES = "t,y\n" + "".join(f"{1700000000 + 7 * i},{3 * i + i % 3}\n" for i in range(20))
MANY = ",".join(f"f{i}" for i in range(9)) + "\n"
MANY += "".join(
    ",".join(str((7 * i**3 + 31 * j**3 + 13 * i * i * j) % 199 - 99) for j in range(9)) + "\n"
    for i in range(30)
)

RUNS = {
    "houses": HOUSE,
    "unscaled": (*HOUSE, "--no-scale", "--learning-rate", "1e-7"),
    "random": (*HOUSE, "--start", "random", "--seed", "3"),
    "diverging": (*HOUSE, "--no-scale", "--learning-rate", "0.001"),
    "slowly diverging": (*ROOM, "--learning-rate", "0.9"),
    "at the limit": (*HOUSE, "--learning-rate", "1"),
    "at once": (*HOUSE, "--learning-rate", "0.5"),
    "rooms": ROOM,
    "rooms, no intercept": (*ROOM, "--no-intercept"),
    "rooms, unscaled": (*ROOM, "--no-scale"),
    "rooms, ridge": (*ROOM, "--l2", "0.25"),
    "rooms, ridge, unscaled": (*ROOM, "--l2", "0.25", "--no-scale", "--no-intercept"),
    "rooms, weights": (*ROOM, "--weights", "sold"),
    "rooms, everything": (
        *ROOM, "--weights", "sold", "--l2", "0.5", "--start", "random", "--test-fraction", "0.3",
    ),
    "rooms, folds": (*ROOM, "--folds", "2"),
    "times": ("times.csv", "--x", "t", "--y", "y"),
    "many": ("many.csv", *(f"--x=f{i}" for i in range(8)), "--y", "f8"),
}  # fmt: skip
EVERY_RUN = pytest.mark.parametrize("arguments", RUNS.values(), ids=list(RUNS))
KNOWN_ROWS = [name for name in RUNS if name not in {"rooms, everything", "many"}]


@pytest.fixture(autouse=True)
def data(folder: Path) -> None:
    (folder / "houses.csv").write_bytes(HOUSES)
    (folder / "rooms.csv").write_bytes(ROOMS)
    (folder / "times.csv").write_text(TIMES)
    (folder / "many.csv").write_text(MANY)


# Reading what is printed


Table = list[dict[str, str]]


@dataclass
class Part:
    """What is below a heading: its text, its equations and its tables, by their second column."""

    text: str = ""
    lines: list[str] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)

    def value(self, name: str) -> Fraction:
        """Give what the last equation for a name ends with."""
        found = [line for line in self.lines if re.match(rf"{re.escape(name)}(:| =)", line)]
        return Fraction(re.split(r" = ", found[-1])[-1])

    def state(self, line: int) -> dict[str, Fraction]:
        """Read a line of equations of names and numbers."""
        text = self.lines[line].partition(": ")[2] or self.lines[line]
        return {
            name: Fraction(value)
            for name, _, value in (equation.partition(" = ") for equation in text.split(", "))
        }

    def table(self, column: str) -> Table:
        """Join the tables, folded or not, that begin with a column."""
        names = list(self.tables)
        first = names.index(column)
        joined = self.tables[column]
        for name in names[first + 1 :]:
            if name in {"prediction", "db"}:
                break
            joined = [a | b for a, b in zip(joined, self.tables[name], strict=True)]
        return joined


def parts_of(text: str) -> dict[str, Part]:
    """Read the parts of an explanation, by their headings."""
    lines = text.splitlines()
    underlined = [i for i, line in enumerate(lines) if line and set(line) == {"-"}]
    end = next(i for i, line in enumerate(lines) if re.match(r" +epoch +loss ", line))
    starts = [i - 1 for i in underlined if i < end]
    return {
        lines[start]: _part(lines[start + 2 : stop])
        for start, stop in zip(starts, [*starts[1:], end], strict=True)
    }


def _part(lines: Sequence[str]) -> Part:
    part = Part(text="\n".join(lines))
    header: list[str] = []
    for line in lines:
        if line.startswith("      "):
            part.lines[-1] += " " + line.strip()
        elif line.startswith("  "):
            part.lines.append(line.strip())
        elif line.startswith("row "):
            header = re.split(r"  +", line.rstrip())
            part.tables[header[1]] = []
        elif header and line:
            cells = re.split(r"  +", line.rstrip())
            if cells[0].startswith("..."):
                continue
            blank = [""] * (len(header) - len(cells))
            part.tables[header[1]].append(
                dict(zip(header, [cells[0], *blank, *cells[1:]], strict=True))
            )
        else:
            header = []
    return part


def explain(linreg: Linreg, arguments: Sequence[str]) -> dict[str, Part]:
    result = linreg("train", *arguments, "--explain")
    assert result.stdout == ""
    return parts_of(result.stderr)


def epochs_of(parts: Mapping[str, Part]) -> list[Part]:
    return [part for heading, part in parts.items() if heading.startswith("Epoch ")]


# A calculator


OPERATIONS: dict[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculate(text: str) -> Fraction | None:
    """Work out an expression of numbers; None if it has anything else."""

    def value(node: ast.AST) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(text, node) or "")
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.BinOp():
                return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        raise ValueError

    try:
        return value(ast.parse(text, mode="eval").body)
    except (ValueError, SyntaxError):
        return None


def unit(text: str) -> Fraction:
    """Give one unit of the last digit of a number as it is printed."""
    mantissa, _, exponent = text.partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def is_rounded(text: str, value: Fraction) -> bool:
    """Tell whether a printed number is a value, rounded to the digits that are printed."""
    return abs(Fraction(text) - value) <= unit(text) / 2


def equations(parts: Mapping[str, Part]) -> Iterator[tuple[str, Fraction, str]]:
    """Give each line that has arithmetic, what that gives, and the result that is printed."""
    for part in parts.values():
        for line in part.lines:
            sides = [side.rpartition(": ")[2] for side in line.split(" = ")]
            for arithmetic, result in itertools.pairwise(sides):
                by_hand = calculate(arithmetic)
                if by_hand is not None and calculate(result) is not None:
                    yield line, by_hand, result


@EVERY_RUN
def test_a_calculator_gives_every_result_that_is_printed(
    linreg: Linreg, arguments: Sequence[str]
) -> None:
    found = list(equations(explain(linreg, arguments)))
    assert len(found) >= 10
    for line, by_hand, result in found:
        assert is_rounded(result, by_hand), line


@EVERY_RUN
def test_a_calculator_gives_every_cell_of_the_tables(
    linreg: Linreg, arguments: Sequence[str]
) -> None:
    parts = explain(linreg, arguments)
    given = parts.get("The rows") or parts["The first rows"]
    target = arguments[list(arguments).index("--y") + 1]
    rows = given.table("line")
    before = "scaled " if "Scaling" in parts else ""
    epochs = epochs_of(parts)
    assert epochs
    for epoch in epochs:
        names = list(epoch.tables)
        errors, gradients = epoch.tables[names[0]], epoch.table(names[1])
        for row, error, gradient in zip(rows, errors[:-1], gradients[:-1], strict=True):
            off = Fraction(error["error"])
            assert is_rounded(error["error"], Fraction(error["prediction"]) - Fraction(row[target]))
            assert is_rounded(error["squared error"], off * off)
            for name, cell in gradient.items():
                if name == "db":
                    assert is_rounded(cell, 2 * off)
                elif name != "row":
                    feature = name.removeprefix("dm").strip() or arguments[2]
                    assert is_rounded(cell, 2 * off * Fraction(row[before + feature]))


@pytest.mark.parametrize("name", ["houses", "unscaled", "diverging", "random"])
def test_where_all_rows_are_shown_a_calculator_gives_their_means(linreg: Linreg, name: str) -> None:
    parts = explain(linreg, RUNS[name])
    assert "The rows" in parts
    for epoch in epochs_of(parts):
        for column, table in (("squared error", "prediction"), ("db", "db"), ("dm", "db")):
            *rows, mean = [row[column] for row in epoch.tables[table]]
            assert len(rows) == 5
            assert is_rounded(mean, sum(map(Fraction, rows), Fraction()) / 5)
        assert epoch.value("loss") == Fraction(epoch.tables["prediction"][-1]["squared error"])


def test_a_weighted_mean_is_that_of_the_weights_in_the_file(linreg: Linreg, folder: Path) -> None:
    (folder / "w.csv").write_text("x,w,y\n1,2,3.5\n2,0,9\n3,0.5,9.25\n,1,4\n5,1,16\n7,3,20\n")
    parts = explain(linreg, ["w.csv", "--x", "x", "--y", "y", "--weights", "w"])
    assert [row["line"] for row in parts["The rows"].table("line")] == ["2", "4", "6", "7"]
    for epoch in epochs_of(parts):
        *rows, mean = epoch.tables["weight"]
        assert mean["row"] == "weighted mean"
        weights = [Fraction(row["weight"]) for row in rows]
        assert weights == [2, Fraction(1, 2), 1, 3]
        squares = [Fraction(row["squared error"]) for row in rows]
        total = sum((w * s for w, s in zip(weights, squares, strict=True)), Fraction())
        assert is_rounded(mean["squared error"], total / sum(weights))


# The numbers are those of the run


@dataclass
class Rows:
    """The rows of a run, scaled or not, as a textbook has them."""

    X: Floats
    y: Floats
    counts: Floats
    center: Floats
    scale: Floats


def rows_of(arguments: Sequence[str]) -> Rows:
    """Read the rows of a run, and scale them with NumPy."""
    named = [arguments[i + 1] for i, option in enumerate(arguments) if option == "--x"]
    target = arguments[list(arguments).index("--y") + 1]
    with Path(arguments[0]).open(encoding="utf-8", newline="") as file:
        table = [row for row in csv.DictReader(file) if all(row[name] for name in named)]
    weighted = "--weights" in arguments
    counts = np.array([float(row["sold"]) if weighted else 1.0 for row in table])
    is_used = counts > 0
    X = np.array([[float(row[name]) for name in named] for row in table])[is_used]
    y = np.array([float(row[target]) for row in table])[is_used]
    counts = counts[is_used]
    center, scale = np.zeros(X.shape[1]), np.ones(X.shape[1])
    has_intercept = "--no-intercept" not in arguments
    if "--no-scale" not in arguments:
        if has_intercept:
            center = np.average(X, axis=0, weights=counts)
        scale = np.sqrt(np.average((X - center) ** 2, axis=0, weights=counts))
    X = (X - center) / scale
    if has_intercept:
        X = np.hstack([np.ones((len(X), 1)), X])
    return Rows(X=X, y=y, counts=counts, center=center, scale=scale)


@pytest.mark.parametrize("name", KNOWN_ROWS)
def test_the_figures_are_those_of_the_textbooks_loop(linreg: Linreg, name: str) -> None:
    arguments = RUNS[name]
    parts = explain(linreg, arguments)
    rows = rows_of(arguments)
    has_intercept = "--no-intercept" not in arguments
    l2 = 0.25 if "--l2" in arguments else 0.0
    penalised = np.ones(rows.X.shape[1])
    penalised[0] = not has_intercept
    found = re.search(r"learning\s+rate\s+is\s+([-+.e\d]*\d)", parts["Epoch 0"].text)
    assert found is not None
    rate = float(found[1])
    epochs = epochs_of(parts)
    w = np.array([float(value) for value in epochs[0].state(0).values()])
    if "--start" not in arguments:
        assert not w.any()
    for epoch in epochs:
        moved = np.array([float(value) for value in epoch.state(0).values()])
        # ten digits are printed
        np.testing.assert_allclose(moved, w, rtol=1e-9, atol=1e-9 * np.abs(rows.y).max())
        error = rows.X @ w - rows.y
        loss = np.average(error**2, weights=rows.counts) + l2 * (penalised * w**2).sum()
        gradient = 2 * np.average(rows.X * error[:, None], axis=0, weights=rows.counts)
        names = list(epoch.tables)
        *_, mean = epoch.table(names[1])
        # a result keeps some six digits of them, next to the largest of its terms
        assert float(epoch.value("loss")) == pytest.approx(loss, rel=1e-5, abs=1e-9)
        np.testing.assert_allclose(
            [float(mean[column]) for column in names_of_gradient(mean)],
            gradient,
            rtol=1e-5,
            atol=1e-7 * np.abs(rows.X.T @ rows.y).max(),
        )
        if not has_intercept:
            assert "db" not in mean
        if not name.startswith("times"):  # where b is the difference of large numbers
            columns = epoch.state(1 if "--no-scale" not in arguments else 0)
            slopes = w[int(has_intercept) :] / rows.scale
            values = [float(value) for value in columns.values()]
            np.testing.assert_allclose(values[int(has_intercept) :], slopes, rtol=1e-8, atol=1e-12)
            if has_intercept:
                b = w[0] - (slopes * rows.center).sum()
                np.testing.assert_allclose(values[0], b, atol=1e-8 * (np.abs(w).max() + 1))
        w = w - rate * (gradient + 2 * l2 * penalised * w)
        if any(line.startswith("new ") for line in epoch.lines):
            new = [float(epoch.value(f"new {moved_name}")) for moved_name in epoch.state(0)]
            np.testing.assert_allclose(new, w, rtol=1e-5, atol=1e-7 * np.abs(rows.y).max())


def names_of_gradient(row: Mapping[str, str]) -> list[str]:
    return [name for name in row if name != "row"]


def test_losses_are_those_of_the_table_below(linreg: Linreg) -> None:
    result = linreg("train", *ROOM, "--explain", "--l2", "0.1")
    epochs = epochs_of(parts_of(result.stderr))
    table = result.stderr[result.stderr.index("         epoch") :].splitlines()[1:4]
    for line, epoch in zip(table, epochs, strict=True):
        assert float(line.split()[1]) == pytest.approx(float(epoch.value("loss")), rel=1e-6)


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
        ((), "less its mean, divided by its standard deviation."),
        (("--no-intercept",), "divided by its root mean square."),
        (
            ("--weights", "sold"),
            "less its weighted mean, divided by its weighted standard deviation.",
        ),
        (("--weights", "sold", "--no-intercept"), "divided by its root weighted mean square."),
    ],
)
def test_what_scaling_did_is_said(linreg: Linreg, more: Sequence[str], how: str) -> None:
    text = " ".join(explain(linreg, [*ROOM, *more])["Scaling"].text.split())
    assert f"each feature is scaled: {how} (" in text


def test_a_feature_without_spread_is_said_to_keep_its_unit(linreg: Linreg, folder: Path) -> None:
    (folder / "flat.csv").write_text("x,z,y\n7,1,1\n7,2,2\n7,4,4\n")
    part = explain(linreg, ["flat.csv", "--x", "x", "--x", "z", "--y", "y"])["Scaling"]
    assert "One without spread is divided by 1." in " ".join(part.text.split())
    assert "scaled x = (x - 7) / 1" in part.lines


# Which rows


def test_the_first_rows_are_those_that_are_used(linreg: Linreg) -> None:
    rows = explain(linreg, [*ROOM, "--weights", "sold"])["The first rows"]
    # line 4 has the weight 0, and line 5 no beds
    assert [row["line"] for row in rows.table("line")] == ["2", "3", "6", "7", "8"]
    assert [row["price"] for row in rows.table("line")] == [
        "210.75",
        "329",
        "455.25",
        "240",
        "512.5",
    ]


def test_rows_for_testing_are_not_among_them(linreg: Linreg, folder: Path) -> None:
    (folder / "tens.csv").write_text("x,y\n" + "".join(f"{i},{i * i}\n" for i in range(1, 41)))
    arguments = ["tens.csv", "--x", "x", "--y", "y", "--test-fraction", "0.5"]
    parts = explain(linreg, arguments)
    shown = [int(row["x"]) for row in parts["The first rows"].table("line")]
    assert shown != [1, 2, 3, 4, 5]
    model = folder / "model.json"
    training = int(re.findall(r'"rows": ?"(\d+)"', model.read_text())[0])
    assert f"over all {training} training rows" in " ".join(parts["The first rows"].text.split())
    assert f"{training - 5} more" in parts["The first rows"].text
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
    rows = explain(linreg, ["a.csv", "b.csv", "--x", "x", "--y", "y"])["The rows"].table("file")
    assert [(row["file"], row["line"], row["x"]) for row in rows] == [
        ("a.csv", "2", "1"), ("a.csv", "3", "2"), ("b.csv", "2", "3"), ("b.csv", "3", "4"),
    ]  # fmt: skip


def test_rejected_rows_are_kept_and_not_shown(linreg: Linreg, folder: Path) -> None:
    (folder / "bad.csv").write_text("x,y\n1,2\ntwo,3\n3,4\n")
    parts = explain(linreg, ["bad.csv", "--x", "x", "--y", "y", "--rejects", "rejects.csv"])
    assert [row["x"] for row in parts["The rows"].table("line")] == ["1", "3"]
    assert "two,3" in (folder / "rejects.csv").read_text()


# How far


@pytest.mark.parametrize(
    ("more", "shown", "why"),
    [
        (["--epochs", "0"], 1, "--epochs 0"),
        (["--epochs", "1"], 2, "--epochs 1"),
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
    text = " ".join(parts["What changed"].text.split())
    assert why in text
    assert ("stops" in text or "cannot hold" in text) == bool(why)


def test_one_sentence_says_what_changed(linreg: Linreg) -> None:
    changed = explain(linreg, HOUSE)["What changed"].text
    assert " ".join(changed.split()) == (
        "From epoch 0 to 2 the loss fell from 247500000000 to 61875000000 to 15468750000, "
        "b stayed 0 and m rose from 0 to 150 to 225; the best: loss = 0, b = 0, m = 300."
    )


# Why it diverges


@pytest.mark.parametrize("name", ["diverging", "slowly diverging", "at the limit"])
def test_a_learning_rate_that_is_too_large_is_explained(linreg: Linreg, name: str) -> None:
    arguments = RUNS[name]
    rate = float(arguments[-1])
    part = explain(linreg, arguments)["Why it does not converge"]
    X = rows_of(arguments).X
    values, vectors = np.linalg.eigh(2 / len(X) * X.T @ X)
    assert float(part.value("factor")) == pytest.approx(1 - rate * values[-1], rel=1e-7)
    assert float(part.value("limit")) == pytest.approx(2 / values[-1], rel=1e-7)
    steepest = vectors[:, -1]
    if name == "at the limit":  # where all directions are curved alike: that of the whole way
        way = np.linalg.lstsq(X, rows_of(arguments).y)[0]
        steepest = way / np.linalg.norm(way)
    direction = np.array([float(line.partition(" = ")[2]) for line in part.lines[: X.shape[1]]])
    np.testing.assert_allclose(direction, steepest * np.sign(steepest @ direction), atol=1e-8)
    header, *rows = [
        line.split() for line in part.text.splitlines() if re.match(r"(epoch|\d) ", line)
    ]
    assert header == ["epoch", "distance", "times"]
    assert len(rows) > 1
    for before, row in itertools.pairwise(rows):
        assert is_rounded(row[2], Fraction(row[1]) / Fraction(before[1]))
        assert float(row[2]) == pytest.approx(1 - rate * values[-1], rel=1e-5)


def test_a_learning_rate_below_the_limit_needs_no_explanation(linreg: Linreg) -> None:
    parts = explain(linreg, [*HOUSE, "--learning-rate", "0.99"])
    assert "Why it does not converge" not in parts


FAR = "x,y\n1e-100,1e60\n2e-100,3e60\n3e-100,5e60\n"


@pytest.mark.parametrize("more", [(), ("--l2", "1e-250")], ids=["plain", "ridge"])
def test_squares_of_weights_may_be_beyond_float64(
    linreg: Linreg, folder: Path, more: Sequence[str]
) -> None:
    (folder / "far.csv").write_text(FAR)
    columns = ["--x", "x", "--y", "y", "--no-scale", "--no-intercept"]
    parts = explain(linreg, ["far.csv", *columns, *more])
    m = parts["Epoch 1"].value("m")
    assert m**2 > Fraction(sys.float_info.max)
    if more:
        assert float(parts["Epoch 1"].value("sum of squares") / m**2) == pytest.approx(1, rel=1e-8)


def test_the_factor_may_be_beyond_float64(linreg: Linreg) -> None:
    parts = explain(linreg, [*HOUSE, "--no-scale", "--learning-rate", "1e305"])
    part = parts["Why it does not converge"]
    x = [500, 1000, 1500, 2000, 2500]
    hessian = [[2.0, 2 * sum(x) / 5], [2 * sum(x) / 5, 2 * sum(v * v for v in x) / 5]]
    curvature = np.linalg.eigvalsh(hessian)[-1]
    assert float(part.value("factor") / 10**305) == pytest.approx(-curvature, rel=1e-7)
    assert "-5.5" in part.text
    assert "e+311" in part.text


# How it looks


@EVERY_RUN
def test_no_line_is_longer_than_eighty_columns(linreg: Linreg, arguments: Sequence[str]) -> None:
    text = linreg("train", *arguments, "--explain").stderr
    text = text[text.index("The first epochs") : text.index("         epoch")]
    assert max(map(len, text.splitlines())) <= 80
    assert "\N{NO-BREAK SPACE}" not in text


def test_features_that_are_not_shown_are_counted(linreg: Linreg) -> None:
    parts = explain(linreg, RUNS["many"])
    assert "... and so on for 2 more features" in parts["Scaling"].lines
    assert "f5" in parts["Epoch 0"].text
    assert "f6" not in parts["Epoch 0"].text
    first = next(line for line in parts["Epoch 0"].lines if line.startswith("prediction"))
    assert first.endswith("+ scaled b + ... (2 more)")


def test_a_column_without_a_name_is_not_taken_for_a_number(linreg: Linreg, folder: Path) -> None:
    (folder / "bare.csv").write_text("1,2\n2,3\n3,5\n")
    parts = explain(linreg, ["bare.csv", "--no-header", "--x", "1", "--y", "2"])
    assert parts["The first epochs, step by step"].lines == ["column 2 = m * column 1 + b"]


EVIL = '"[bold]a\x1b[31m",</script>,y]\n1,2,3\n2,5,4\n3,1,9\n4,4,1\n'


def test_names_are_shown_as_they_are(linreg: Linreg, folder: Path) -> None:
    (folder / "evil.csv").write_text(EVIL)
    result = linreg(
        "train", "evil.csv", "--x", "[bold]a\x1b[31m", "--x", "</script>", "--y", "y]", "--explain"
    )
    assert result.status == 0
    assert "scaled [bold]a\\x1b[31m = ([bold]a\\x1b[31m - 2.5) / " in result.stderr
    assert "\x1b" not in result.stderr


def page_of(text: str) -> str:
    """Cut an explanation out of what a training says."""
    return text[text.index("The first epochs") : text.index("converges.")]


def test_on_a_terminal_it_is_the_same_page_in_colour(
    linreg: Linreg, script: str, folder: Path
) -> None:
    (folder / "evil.csv").write_text(EVIL)
    columns = ["--x", "[bold]a\x1b[31m", "--x", "</script>", "--y", "y]"]
    arguments = ["train", "evil.csv", *columns, "--explain", "--learning-rate", "0.9"]
    status, text = watch(script, *arguments, columns=80)
    assert status == 5
    assert "\x1b[31m" not in text
    assert re.search(r"\x1b\[1m\s*Epoch 0", text)
    assert re.search(r"\x1b\[36m\s*loss = ", text)
    assert page_of(CONTROL.sub("", text)) == page_of(linreg(*arguments).stderr)


def test_on_a_narrow_terminal_no_cell_is_cut(linreg: Linreg, script: str) -> None:
    _, text = watch(script, "train", *RUNS["slowly diverging"], "--explain", columns=40)
    narrow = page_of(CONTROL.sub("", text))
    assert max(map(len, narrow.splitlines())) <= 40
    wide = page_of(linreg("train", *RUNS["slowly diverging"], "--explain").stderr)
    words = [set(page.replace("-", " ").split()) for page in (narrow, wide)]
    assert words[0] == words[1]


def test_there_is_no_colour_where_none_is_wanted(script: str) -> None:
    _, text = watch(script, "train", *HOUSE, "--explain", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", text[: text.index("What changed")])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--solver", "exact"], "--explain has no meaning with --solver exact"),
        (["--quiet"], "--explain and --quiet cannot go together"),
    ],
)
def test_what_there_is_nothing_to_explain_of_is_refused(
    linreg: Linreg, folder: Path, more: Sequence[str], message: str
) -> None:
    result = linreg("train", *HOUSE, "--explain", *more)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == f"Error: {message}\nHint: Leave out one of the two.\n"
    assert not (folder / "model.json").exists()
