"""linreg train --explain: each number is worked out again, from what is printed and the rows."""

import ast
import csv
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.conftest import HOUSES, Linreg
from tests.output.test_terminal import CONTROL, watch

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
SHOWN_WHOLE = [name for name in RUNS if name != "many"]


@pytest.fixture(autouse=True)
def data(folder: Path) -> None:
    (folder / "houses.csv").write_bytes(HOUSES)
    (folder / "rooms.csv").write_bytes(ROOMS)
    (folder / "times.csv").write_text(TIMES)
    (folder / "many.csv").write_text(MANY)


# Reading what is printed


@dataclass
class Part:
    """What is below a heading: its text, its formulas, and the columns of its tables."""

    text: str = ""
    formulas: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def value(self, name: str) -> Fraction:
        """Return what the formula for a name ends with."""
        [formula] = [line for line in self.formulas if line.startswith(f"{name} = ")]
        return Fraction(formula.rpartition(" = ")[2])

    def numbers(self, name: str) -> list[Fraction]:
        """Return a column of numbers, the mean last if there is one."""
        return [Fraction(cell) for cell in self.columns[name] if cell]


def parts_of(text: str) -> dict[str, Part]:
    """Read the parts of an explanation, by their headings."""
    page = text[text.index("The first epochs") :]
    page = page[: re.search(r"^ +epoch +loss ", page, re.MULTILINE).start()]  # type: ignore[union-attr]
    _, *pieces = re.split(r"^(.+)\n-+\n", page, flags=re.MULTILINE)
    return dict(zip(pieces[::2], map(_part, pieces[1::2]), strict=True))


def _part(text: str) -> Part:
    part = Part(text=" ".join(text.split()))
    header: list[str] = []
    for line in text.splitlines():
        cells = re.split(r"  +", line.rstrip())
        if line.startswith("      "):
            part.formulas[-1] += " " + line.strip()
        elif line.startswith("  "):
            part.formulas.append(line.strip())
        elif cells[0] in {"row", "weight"}:
            header = cells
            part.columns |= {name: [] for name in header}
        elif header and line:
            blank = [""] * (len(header) - len(cells))  # a prediction has no mean
            for name, cell in zip(header, [cells[0], *blank, *cells[1:]], strict=True):
                part.columns[name].append(cell)
        else:
            header = []
    return part


def explain(linreg: Linreg, arguments: Sequence[str]) -> dict[str, Part]:
    result = linreg("train", *arguments, "--explain")
    assert result.stdout == ""
    return parts_of(result.stderr)


def notation_of(parts: dict[str, Part]) -> Part:
    return parts["The first epochs, step by step"]


def epochs_of(parts: dict[str, Part]) -> list[Part]:
    return [part for heading, part in parts.items() if heading.startswith("Epoch ")]


# A calculator


OPERATIONS: dict[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculate(text: str, **values: Fraction) -> Fraction:
    """Work out an expression of numbers and names."""

    def value(node: ast.AST) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(text, node) or "")
            case ast.Name():
                return values[node.id]
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.BinOp():
                return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(text)

    return value(ast.parse(text, mode="eval").body)


def is_rounded(text: str, value: Fraction) -> bool:
    """Tell whether a printed number is a value, rounded to the digits that are printed."""
    mantissa, _, exponent = text.partition("e")
    unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(Fraction(text) - value) <= unit / 2


def results(parts: dict[str, Part]) -> Iterator[tuple[str, Fraction, str]]:
    """Return each formula of numbers, what it gives, and the result that is printed."""
    for part in parts.values():
        for line in part.formulas:
            for arithmetic, result in pairwise(line.split(" = ")):
                if re.fullmatch(r"[-+*/ ()\d.e]+", arithmetic + result):
                    yield line, calculate(arithmetic), result


@EVERY_RUN
def test_a_calculator_gives_every_result_that_is_printed(
    linreg: Linreg, arguments: Sequence[str]
) -> None:
    found = list(results(explain(linreg, arguments)))
    assert found or arguments == RUNS["many"]
    for line, by_hand, result in found:
        assert is_rounded(result, by_hand), line


@pytest.mark.parametrize("name", SHOWN_WHOLE)
def test_a_calculator_gives_every_cell_of_the_tables(linreg: Linreg, name: str) -> None:
    parts = explain(linreg, RUNS[name])
    notation, epochs = notation_of(parts), epochs_of(parts)
    formulas = dict(line.split(" = ", 1) for line in notation.formulas)
    named = [RUNS[name][i + 1] for i, option in enumerate(RUNS[name]) if option == "--x"]
    symbols = ["x"] if len(named) == 1 else [f"x{j + 1}" for j in range(len(named))]
    inputs = []
    for feature, symbol in zip(named, symbols, strict=True):
        cells = notation.numbers(feature)
        if formulas[symbol] != feature:
            for cell, x in zip(cells, notation.columns[symbol], strict=True):
                assert is_rounded(x, calculate(formulas[symbol], **{feature: cell}))
            cells = notation.numbers(symbol)
        inputs.append(cells)
    targets = notation.numbers(formulas["y"])
    for epoch, after in zip(epochs, [*epochs[1:], None], strict=True):
        values = dict(zip(epoch.columns["weight"], epoch.numbers("value"), strict=True))
        for i, row in enumerate(zip(*inputs, targets, strict=True)):
            known = values | dict(zip(symbols, row, strict=False))
            predicted, error = epoch.columns["prediction"][i], epoch.numbers("error")[i]
            assert is_rounded(predicted, calculate(formulas["prediction"], **known))
            assert is_rounded(epoch.columns["error"][i], Fraction(predicted) - row[-1])
            assert is_rounded(epoch.columns["error²"][i], error * error)
            for symbol, x in zip(symbols, row, strict=False):
                assert is_rounded(epoch.columns[f"error * {symbol}"][i], error * x)
        for i, weight in enumerate(values):
            x = f"error * {weight.replace('m', 'x')}" if weight != "b" else "error"
            kind = weight if len(symbols) == 1 or weight == "b" else "each m"
            formula = formulas[f"gradient of {kind}"].replace("2 * mean of error * its x", "2 * q")
            formula = formula.replace("2 * mean of error * x", "2 * q")
            formula = formula.replace("2 * mean of error", "2 * q")
            known = {"q": epoch.numbers(x)[-1], "m": values[weight]}
            gradient = epoch.columns["gradient"][i]
            assert is_rounded(gradient, calculate(formula, **known))
            if "new value" in epoch.columns:
                known = {"weight": values[weight], "gradient": Fraction(gradient)}
                new = epoch.columns["new value"][i]
                assert is_rounded(new, calculate(formulas["new weight"], **known))
                assert after is None or after.columns["value"][i] == new


@pytest.mark.parametrize("name", ["houses", "unscaled", "diverging", "random"])
def test_where_all_rows_are_shown_a_calculator_gives_their_means(linreg: Linreg, name: str) -> None:
    for epoch in epochs_of(explain(linreg, RUNS[name])):
        for column in ("error", "error²", "error * x"):
            *rows, mean = epoch.columns[column]
            assert len(rows) == 5
            assert is_rounded(mean, sum(map(Fraction, rows), Fraction()) / 5)
        assert epoch.value("loss") == Fraction(epoch.columns["error²"][-1])


def test_a_weighted_mean_is_that_of_the_weights_in_the_file(linreg: Linreg, folder: Path) -> None:
    (folder / "w.csv").write_text("x,w,y\n1,2,3.5\n2,0,9\n3,0.5,9.25\n,1,4\n5,1,16\n7,3,20\n")
    parts = explain(linreg, ["w.csv", "--x", "x", "--y", "y", "--weights", "w"])
    assert notation_of(parts).columns["line"] == ["2", "4", "6", "7"]
    weights = notation_of(parts).numbers("w")
    assert weights == [2, Fraction(1, 2), 1, 3]
    for epoch in epochs_of(parts):
        assert epoch.columns["row"][-1] == "weighted mean"
        *squares, _ = epoch.numbers("error²")
        total = sum((w * s for w, s in zip(weights, squares, strict=True)), Fraction())
        assert is_rounded(epoch.columns["error²"][-1], total / sum(weights))


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
def test_the_numbers_are_those_of_the_textbooks_loop(linreg: Linreg, name: str) -> None:
    arguments = RUNS[name]
    parts = explain(linreg, arguments)
    rows = rows_of(arguments)
    has_intercept = "--no-intercept" not in arguments
    l2 = 0.25 if "--l2" in arguments else 0.0
    penalised = np.ones(rows.X.shape[1])
    penalised[0] = not has_intercept
    found = re.search(r"weight - ([-+.e\d]+) \* gradient", " ".join(notation_of(parts).formulas))
    assert found is not None
    rate, epochs = float(found[1]), epochs_of(parts)
    size = np.abs(rows.y).max()
    w = np.array(list(map(float, epochs[0].numbers("value"))))
    assert "--start" in arguments or not w.any()
    for epoch in epochs:
        np.testing.assert_allclose(list(map(float, epoch.numbers("value"))), w, 1e-7, 1e-7 * size)
        error = rows.X @ w - rows.y
        loss = np.average(error**2, weights=rows.counts) + l2 * (penalised * w**2).sum()
        gradient = 2 * np.average(rows.X * error[:, None], axis=0, weights=rows.counts)
        gradient += 2 * l2 * penalised * w
        assert float(epoch.value("loss")) == pytest.approx(loss, rel=1e-6, abs=1e-7 * size)
        np.testing.assert_allclose(
            list(map(float, epoch.numbers("gradient"))),
            gradient,
            rtol=1e-6,
            atol=1e-7 * np.abs(rows.X.T @ rows.y).max(),
        )
        if "new value" in epoch.columns:
            w = w - rate * gradient
    if "--no-scale" not in arguments:
        slopes = w[int(has_intercept) :] / rows.scale
        names = ["m"] if len(slopes) == 1 else [f"m{j + 1}" for j in range(len(slopes))]
        printed = [float(parts["What changed"].value(name)) for name in names]
        np.testing.assert_allclose(printed, slopes, rtol=1e-6, atol=1e-9)
        if has_intercept:
            b = w[0] - (slopes * rows.center).sum()
            terms = np.abs(slopes * rows.center).max() + np.abs(w[0])
            np.testing.assert_allclose(
                float(parts["What changed"].value("b")), b, rtol=0, atol=1e-6 * terms
            )


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


# Which rows


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


# How far


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


# How it looks


@EVERY_RUN
def test_no_line_is_longer_than_eighty_columns(linreg: Linreg, arguments: Sequence[str]) -> None:
    text = page_of(linreg("train", *arguments, "--explain").stderr)
    assert max(map(len, text.splitlines())) <= 80


def test_it_is_short(linreg: Linreg) -> None:
    # it was 177 lines for one feature
    assert len(page_of(linreg("train", *HOUSE, "--explain").stderr).splitlines()) <= 88


@EVERY_RUN
def test_each_column_has_one_number_format(linreg: Linreg, arguments: Sequence[str]) -> None:
    for part in explain(linreg, arguments).values():
        for cells in part.columns.values():
            numbers = [c for c in cells if re.fullmatch(r"-?[\d.]+(e[-+]\d+)?", c) and c != "0"]
            formats = {("e" in c, len(c.partition("e")[0].partition(".")[2])) for c in numbers}
            assert len(formats) <= 1


def test_names_with_blanks_are_told_once(linreg: Linreg, folder: Path) -> None:
    name = "size of the kitchen, in square feet"
    (folder / "long.csv").write_text(f'"{name}",beds,price\n1,2,3\n2,1,5\n4,4,4\n')
    columns = ["--x", name, "--x", "beds", "--y", "price"]
    text = linreg("train", "long.csv", *columns, "--explain", "--no-scale").stderr
    part = notation_of(parts_of(text))
    assert part.formulas[:4] == [
        "y = price",
        f"x1 = {name}",
        "x2 = beds",
        "prediction = m1 * x1 + m2 * x2 + b",
    ]
    assert page_of(text).count("kitchen") == 1


def test_features_that_are_not_shown_are_counted(linreg: Linreg) -> None:
    parts = explain(linreg, RUNS["many"])
    assert "... and 2 more features" in notation_of(parts).formulas
    assert "m6 * x6 + ... + b" in notation_of(parts).text
    assert epochs_of(parts)[0].columns["weight"][-1] == "m6"


def test_a_column_without_a_name_is_not_taken_for_a_number(linreg: Linreg, folder: Path) -> None:
    (folder / "bare.csv").write_text("1,2\n2,3\n3,5\n")
    parts = explain(linreg, ["bare.csv", "--no-header", "--x", "1", "--y", "2", "--no-scale"])
    assert notation_of(parts).formulas[:2] == ["y = column 2", "x = column 1"]


EVIL = '"[bold]a\x1b[31m",</script>,y]\n1,2,3\n2,5,4\n3,1,9\n4,4,1\n'
EVIL_COLUMNS = ("evil.csv", "--x", "[bold]a\x1b[31m", "--x", "</script>", "--y", "y]")


def page_of(text: str) -> str:
    """Cut an explanation out of what a training says."""
    start = text.index("The first epochs")
    return text[start : re.search(r"^ +epoch +loss |converges\.$", text, re.MULTILINE).start()]  # type: ignore[union-attr]


def test_names_are_shown_as_they_are_on_a_terminal_in_colour_too(
    linreg: Linreg, script: str, folder: Path
) -> None:
    (folder / "evil.csv").write_text(EVIL)
    arguments = ["train", *EVIL_COLUMNS, "--explain", "--learning-rate", "0.9"]
    plain = linreg(*arguments).stderr
    assert "x1 = ([bold]a\\x1b[31m - 2.5) / " in plain
    assert "\x1b" not in plain
    status, text = watch(script, *arguments, columns=80)
    assert status == 5
    assert "\x1b[31m" not in text
    assert re.search(r"\x1b\[1m\s*Epoch 0", text)
    assert re.search(r"\x1b\[36m\s*loss = ", text)
    assert page_of(CONTROL.sub("", text)) == page_of(plain)


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
        (["--solver", "exact"], "--explain has no effect with --solver exact"),
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
