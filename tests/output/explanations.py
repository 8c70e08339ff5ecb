"""Runs of linreg train --explain, and what is read from their pages."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.conftest import Linreg

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


def page_of(text: str) -> str:
    """Cut an explanation out of what a training says."""
    start = text.index("The first epochs")
    return text[start : re.search(r"^ +epoch +loss |converges\.$", text, re.MULTILINE).start()]  # type: ignore[union-attr]
