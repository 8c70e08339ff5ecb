"""Files and models about which the tables of statistics, conditions and validation speak."""

from pathlib import Path

from tests.commands.error_cases import Case
from tests.commands.learned import Learned
from tests.conftest import Linreg

WEIGHT_HINT = "Hint: Give weights of at least 0; a weight of 0 leaves the row out."
MISSING_HINT = "Hint: Empty cells, NA, N/A, NaN, null and None count as missing."

SHARE_HINT = "Hint: Give a number between 0 and 1, for example 0.95 for 95 %."

# y = 1.5 x + 1 or so, w weighs, zero weighs nothing
ROWS = "x,y,w,zero\n1,2,1,0\n2,4.5,2,0\n4,7,1.5,0\n5,8,1,0\n"
FILES = {
    "old.csv": ROWS,
    "two.csv": "x,y\n1,2\n2,4\n",
    "collinear.csv": "a,b,y\n1,2,3\n2,4,5\n3,6,9\n4,8,8\n",
    "one.csv": "x,y\n1,2\n",
}
MODELS = [
    # what is learned before each case
    "old.csv --x x --y y -o model.json --solver exact",
    "old.csv --x x --y y --weights w -o weighted.json --solver exact",
    "two.csv --x x --y y -o two.json --solver exact",
    "collinear.csv --x a --x b --y y -o collinear.json",
    "one.csv --x x --y y -o one.json",
]


def learn_models_of_files(linreg: Linreg, folder: Path) -> None:
    """Put FILES, the models that MODELS learns from them, and a folder into the folder."""
    LEARNED.put(linreg, folder)
    (folder / "sub").mkdir()


def _learn(linreg: Linreg, folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for command in MODELS:
        done = linreg("train", *command.split(), "-q")
        assert (done.status, done.stdout) == (0, ""), done.stderr


LEARNED = Learned(_learn)


def check_hints(table: list[Case]) -> None:
    """Check that every message has one hint."""
    for case_ in table:
        # one of usage has its own form, and one of a column lists what there is
        if not case_.stderr.startswith("Usage: ") and ": no column " not in case_.stderr:
            assert case_.stderr.count("\nHint: ") == 1, case_.stderr
