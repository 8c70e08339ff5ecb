"""Train a small model in tests, and read what linreg show says of it."""

import json
import re
from pathlib import Path
from typing import Any

from tests.conftest import Linreg

HEADER = ["weight", "std. error", "t", "p", "95 % from", "to", "standardized", "VIF"]

ROOMS = """\
beds,baths,age,price
2,1,40,210.75
3,2,12,329
3,1,33,287.5
4,3,2,455.25
2,2,25,240
5,3,18,512.5
4,2,51,301
"""


def train(linreg: Linreg, text: str, *more: str, features: str = "beds baths") -> None:
    """Learn model.json from the text of a CSV file, whose last column is the target."""
    Path("d.csv").write_text(text, encoding="utf-8")
    target = text.split("\n", 1)[0].rsplit(",", 1)[1]
    x = [word for name in features.split() for word in ("--x", name)]
    done = linreg("train", "d.csv", *x, "--y", target, "-q", *more)
    assert (done.status, "Error" in done.stderr) == (0, False)


def exactly(linreg: Linreg, text: str, *more: str, features: str = "beds baths") -> None:
    train(linreg, text, "--solver", "exact", *more, features=features)


def show(linreg: Linreg, *options: str) -> str:
    done = linreg("show", "model.json", *options)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout


def unwrapped(text: str) -> str:
    """Put sentences that go on in an indented line into one line."""
    return re.sub(r"\n {6}(?=\S)", " ", text)


def as_json(linreg: Linreg, *options: str) -> Any:
    return json.loads(show(linreg, "--json", *options), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which are not JSON."""
    raise AssertionError(constant)


def figures(text: str) -> dict[str, str]:
    """Return the figures below the table, by their names."""
    below = next(part for part in text.split("\n\n") if part.startswith("rows "))
    pairs = (re.split(r"  +", line) for line in below.splitlines())
    return {name: value for name, value in pairs}  # noqa: C416  # each must be a pair


def weights_of(text: str) -> list[list[str]]:
    """Return the rows of the table of weights, whose columns may stand in several blocks."""
    first, *others = text[: text.index("\n\nrows ")].split("\n\n")[1:]
    header, *lines = (re.split(r"  +", line.rstrip()) for line in first.splitlines())
    rows = {name: cells for name, *cells in lines}
    for other in others:
        more, *lines = (re.split(r"  +", line.rstrip()) for line in other.splitlines())
        further = {name: cells for name, *cells in lines}
        header += more[1:]
        for name, cells in rows.items():
            cells.extend(further.get(name, ["-"] * (len(more) - 1)))
    return [header[1:], *([name, *cells] for name, cells in rows.items())]
