"""Models of the rows of data/sacramento.csv in parts, for tests of merge and update."""

from pathlib import Path

from tests.conftest import Linreg

SACRAMENTO = Path(__file__).parents[2] / "data" / "sacramento.csv"
COLUMNS = ["--x", "sqft", "--x", "baths", "--y", "price"]
RUNS = {
    "plain": [],
    "exact": ["--solver", "exact"],
    "weighted": ["--weights", "beds"],
    "tested": ["--test-fraction", "0.25"],
    "cross-validated": ["--folds", "4", "--l2", "0,0.5"],
    "weighted folds": ["--weights", "beds", "--folds", "3", "--solver", "exact"],
    "folds beside a test part": [
        *("--test-fraction", "0.3", "--folds", "3", "--l2", "0,0.5", "--seed", "4"),
        *("--weights", "beds", "--solver", "exact"),
    ],
    "from a random start": ["--start", "random", "--seed", "7", "--epochs", "30"],
}


def train(linreg: Linreg, *arguments: str, output: str) -> bytes:
    assert linreg("train", *arguments, "--quiet", "-o", output).status == 0
    return Path(output).read_bytes()
