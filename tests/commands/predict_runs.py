"""Models for tests of linreg predict."""

import shlex
from fractions import Fraction
from pathlib import Path

from linreg_cli.model.model_file import load_model
from tests.commands.learned import Learned
from tests.conftest import HOUSES, Linreg, Result
from tests.models import exact_line

ROOMS = b"beds,baths,price\n1,1,30.5\n2,1,40\n3,2,60.25\n4,4,90\n3,1,47\n"
OUTSIDE = "Warning: square_feet: {} outside the training range 500 to 2500\n"


def learn_models(linreg: Linreg, folder: Path) -> None:
    """Learn model.json (price is 300 * square_feet) and rooms.json (beds and baths)."""
    LEARNED.put(linreg, folder)


def _learn(linreg: Linreg, folder: Path) -> None:
    (folder / "houses.csv").write_bytes(HOUSES)
    (folder / "rooms.csv").write_bytes(ROOMS)
    train(linreg, "houses.csv --x square_feet --y price --solver exact")
    train(linreg, "rooms.csv --x beds --x baths --y price --solver exact -o rooms.json")


def train(linreg: Linreg, command: str) -> None:
    assert linreg("train", *command.split(), "--quiet").status == 0


LEARNED = Learned(_learn)


def predict(linreg: Linreg, command: str, stdin: bytes | str = b"") -> Result:
    result = linreg("predict", *shlex.split(command), stdin=stdin)
    assert (result.status, "Error" in result.stderr) == (0, False), result.stderr
    return result


def rooms(beds: str, baths: str) -> float:
    """Work out in fractions, rounded once, what rooms.json says."""
    b, *m = exact_line(load_model("rooms.json"))
    return float(b + m[0] * Fraction(beds) + m[1] * Fraction(baths))
