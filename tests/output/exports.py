"""Models to export, the runners of each target, and the bounds of rounding."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from linreg_cli.model.model import Model
from linreg_cli.model.model_file import save_model
from tests import runners
from tests.conftest import Linreg
from tests.models import learn, plain_moments
from tests.runners import Runner

RUNNERS: dict[str, list[Runner]] = {
    "sql": [runners.run_sqlite, runners.run_duckdb],
    "sqlite": [runners.run_sqlite],
    "python": [runners.run_python],
    "excel": [runners.run_pycel, runners.run_libreoffice],
    "awk": [
        runners.run_mawk, runners.run_gawk, runners.run_busybox_awk, runners.run_bwk_awk
    ],
    "javascript": [runners.run_javascript],
    "c": [runners.run_c, runners.run_cpp],
    "onnx": [runners.run_onnx],
}  # fmt: skip
RUNS = [(target, runner) for target, of_target in RUNNERS.items() for runner in of_target]
IDS = [f"{target}-{runner.__name__.removeprefix('run_')}" for target, runner in RUNS]
each_run = pytest.mark.parametrize(("target", "runner"), RUNS, ids=IDS)
MORE_ROUNDINGS: dict[Runner, int] = {
    runners.run_sqlite: 2,  # SQLite before 3.43 reads a constant to within one unit
    runners.run_libreoffice: 64,  # it writes 15 digits: half of 1e-15, and 2**-53 is 1.1e-16
}
STRANGE = [
    "square feet", "square_feet", "square-feet", "class", "return", "select", "2nd", "1", "größe",
    "日本", 'say "x"', "it's", "back\\", "a\\n", "*/ //", "</script><!--", "$x_{1}^2 & 50%#~",
    "[b]#'@", "??/", "{}", "`tick`", "a\u202eb", "\x7f", "__proto__", "'''\"\"\"", "--; DROP TABLE",
    "a|b", "<>", "-1", "=1+1", "%d", "row", "x", "m", "b",
]  # fmt: skip
BEYOND_A_CELL = ["a,b", "new\nline", "tab\there"]
"""More names, which the awk program does not see in a header."""


@dataclass(frozen=True)
class Case:
    """A line, and rows to predict for; b is the value at the centers, or at 0 if there are none."""

    b: float
    m: Sequence[float]
    rows: Sequence[Sequence[str]]
    names: Sequence[str] = ()
    has_intercept: bool = True
    centers: Sequence[str] = ()

    def save(self) -> None:
        """Write model.json and rows.csv."""
        names = self.names or [f"x{j}" for j in range(len(self.m))]
        model = model_of(names, self.m, self.b, has_intercept=self.has_intercept)
        if self.centers:
            center = dict(zip(names, self.centers, strict=True))
            moved = sum(
                Fraction(m) * Fraction(c) for m, c in zip(self.m, self.centers, strict=True)
            )
            b = float(Fraction(self.b) - moved)
            model = model.changed(center=center, b=b)
        save_model(model, "model.json")
        with Path("rows.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names, *self.rows])

    def allowed(self, row: Sequence[str], predicted: float, more_roundings: int) -> Fraction:
        """Bound the error: N. J. Higham, Accuracy and Stability (2002), lemma 3.1.

        Beside the roundings of operations there is that of each x, and of a center that float64
        does not hold.
        """
        slopes, centers = list(map(Fraction, self.m)), self.centers or ["0"] * len(self.m)
        held = [Fraction(float(center)) for center in centers]
        moved = (m * (h - Fraction(c)) for m, h, c in zip(slopes, held, centers, strict=True))
        size, given = abs(Fraction(self.b) + sum(moved)), Fraction()
        for m, x, center in zip(slopes, row, held, strict=True):
            seen = Fraction(float(x))
            size += abs(m * (seen - center))
            written = Fraction(repr(float(center)))
            given += abs(m) * (abs(seen - Fraction(x)) + abs(center - written))
        roundings = (len(slopes) + 3 + more_roundings) * Fraction(1, 2**53)
        least = Fraction(math.ulp(predicted)) / 2
        return roundings / (1 - roundings) * size + 2 * given + least


def model_of(
    names: Sequence[str], m: Sequence[float], b: float, *, has_intercept: bool = True, y: str = "y"
) -> Model:
    """Make a model with any weights; its sums are those of some rows with a unique fit."""
    count = len(names)
    rows = [[str(int(i == j)) for j in range(count)] + [str(i)] for i in range(count + 2)]
    learned = learn(plain_moments(rows, (*names, y)), intercept=has_intercept)
    slopes = dict(zip(names, m, strict=True)) if count > 1 else m[0]
    center = dict.fromkeys(names, "0")
    return learned.changed(m=slopes, b=b, center=center, value_at_center=b)


def export(linreg: Linreg, target: str) -> bytes:
    done = linreg("export", "model.json", "--to", target, "-o", "exported")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    return Path("exported").read_bytes()


def predict(linreg: Linreg) -> list[float]:
    done = linreg("predict", "model.json", "rows.csv", "--only", "-q")
    assert done.status == 0, done.stderr
    return [float(line) for line in done.stdout.splitlines()]


CASES = {
    "one feature": Case(-1.5109857982437807e-11, [299.9999999997271], [["1800"], ["-7.25"], ["0"]]),
    "several": Case(
        58481.74720247012,
        [158.16747658183482, -27035.28452493678, 5342.590743982942],
        [["1200", "2", "1"], ["836.5", "3", "2.5"], ["-1e6", "0", "0.1"]],
    ),
    "whole numbers": Case(1.0, [2.0, -3.0], [["1", "2"], ["7", "5"], ["9007199254740993", "1"]]),
    "cancellation": Case(-1730361600.1234567, [1.0000000000000002], [["1730361600"], ["1.7e9"]]),
    "exponents": Case(
        1e22, [1e-07, 123456789012345680.0, -2.5e-101, 1e100],
        [["12345678", "-3", "1e100", "1e-90"], ["0", "81000", "0", "-1e-78"]],
    ),
    "no intercept": Case(0.0, [-0.1, 0.7], [["1", "0"], ["0", "0"]], has_intercept=False),
    "far from zero": Case(
        605.0, [3.0], [["1700000000000000000"], ["1700000000000001024"]],
        centers=["1700000000000000200"],
    ),
    "centers": Case(
        -17.25, [2.5, -0.1, 1e-9], [["2013.5", "0.3", "-1e9"], ["1999", "-7", "12.5"]],
        centers=["2010", "-0.3", "1e-7"],
    ),
    "negative zeros": Case(-0.0, [-0.0, -3.5], [["5", "0"], ["-1", "0"], ["0", "1"]]),
}  # fmt: skip
