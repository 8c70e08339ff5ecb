"""A table of bad input: what is in d.csv, what is typed, and the message and status it gets."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.learned import Learned
from tests.conftest import HOUSES, Linreg, snapshot

ASIDE = "Hint: --rejects rejects.csv writes such rows to this file and continues"
NUMBER_HINT = f"{ASIDE}; if the whole column is text, leave the column out."
TARGET_HINT = f"{ASIDE}; if the whole column is text, name another column with --y."
WEIGHTS_HINT = f"{ASIDE}; if the whole column is text, name another column with --weights."
NARROW_HINT = f"{ASIDE}. Keep the delimiters of empty fields."
NO_MODEL_HINT = "Hint: Give a model file that linreg train wrote."
ROWS = b"x,y\n1,2\n2,3\n4,7\n"
XY = "d.csv --x x --y y"
ESCAPE = "\x1b[31m"


@dataclass(frozen=True)
class Case:
    """A line of the table: what is in d.csv, what is typed, and what comes of it."""

    data: bytes | None
    arguments: list[str]
    status: int
    stderr: str


def case(data: bytes | str | None, arguments: str, status: int, *lines: str) -> Case:
    content = data.encode() if isinstance(data, str) else data
    return Case(content, shlex.split(arguments), status, "\n".join(lines) + "\n")


def each(table: list[Case]) -> pytest.MarkDecorator:
    """Run a test on each case, which is called by its place and its message."""
    messages = [case.stderr.partition("Error: ")[2][:60].strip() for case in table]
    names = [f"{i} {ascii(message)[1:-1]}" for i, message in enumerate(messages)]
    return pytest.mark.parametrize("case", table, ids=names)


def prepare(folder: Path, data: bytes | None) -> dict[str, bytes]:
    """Put an old model and other files into the folder; tell what is there."""
    (folder / "model.json").write_text("the old model\n")
    (folder / "old.csv").write_bytes(HOUSES)
    (folder / "sub").mkdir()
    if data is not None:
        (folder / "d.csv").write_bytes(data)
    return snapshot(folder)


def met_in_the_data(table: list[Case]) -> list[Case]:
    """Return the cases whose error is found after the command line has been read."""
    return [case for case in table if case.status in {3, 4, 5} and case.data]


def check_refusal(
    linreg: Linreg, folder: Path, case: Case, before: str = "", after: str = ""
) -> None:
    """Check the message, the status, and that every file is as it was.

    Words may stand before the arguments of the case and after them.
    """
    if case.data is not None:
        (folder / "d.csv").write_bytes(case.data)
    files = snapshot(folder)
    result = linreg(*before.split(), *case.arguments, *after.split())
    assert (result.stderr, result.status, result.stdout) == (case.stderr, case.status, "")
    assert snapshot(folder) == files


def check_refusal_of_train(linreg: Linreg, folder: Path, case: Case) -> None:
    """Check a refusal by train, beside an old model and other files."""
    prepare(folder, None)
    check_refusal(linreg, folder, case, "train", after="--quiet")


def check_last_words_of_train(linreg: Linreg, folder: Path, case: Case) -> None:
    """Check that without --quiet the same message comes once, and last."""
    prepare(folder, case.data)
    _, head, tail = linreg("train", *case.arguments, "--quiet").stderr.partition("Error: ")
    error = head + tail  # what stands before it warns
    told = linreg("train", *case.arguments).stderr
    assert told.endswith(error)
    assert "Error: " not in told.removesuffix(error)


def learn_models(linreg: Linreg, folder: Path) -> None:
    """Learn model.json (price = 300 × square_feet) and rooms.json (of beds and baths)."""
    LEARNED.put(linreg, folder)
    (folder / "sub").mkdir(exist_ok=True)


def _learn(linreg: Linreg, folder: Path) -> None:
    prepare(folder, None)
    (folder / "rooms.csv").write_bytes(b"beds,baths,price\n1,1,30\n2,1,40\n3,2,60\n4,4,90\n")
    for data, names in (("old.csv", "square_feet price"), ("rooms.csv", "beds baths price")):
        *x, y = names.split()
        features = [word for name in x for word in ("--x", name)]
        output = "model.json" if data == "old.csv" else "rooms.json"
        done = linreg("train", data, *features, "--y", y, "-q", "--solver", "exact", "-o", output)
        assert done.status == 0, done.stderr


LEARNED = Learned(_learn)
