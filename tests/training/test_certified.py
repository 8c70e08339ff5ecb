"""The exact solver on problems whose answers others have certified: NIST's StRD.

The files of NIST lie outside the project, in ../shared/strd. Wampler1 to Wampler5 and NoInt1 are
formulas, so those are tested everywhere, against the answers that follow from the formulas.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from linreg_cli.exact.rationals import to_float
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.squares import r_squared, total_sum_of_squares
from linreg_cli.training.normal_equations import LeastSquares, least_squares
from tests.conftest import Linreg
from tests.oracles import fraction
from tests.strategies import moments_of
from tests.strd import DIGITS, every_problem, needs_strd


@dataclass(frozen=True)
class Certified:
    """A problem as a CSV file, and its certificate."""

    path: Path
    features: list[str]
    has_intercept: bool
    values: Any

    def moments(self) -> Moments:
        """Sum the rows of the file, the target last."""
        with self.path.open(newline="") as file:
            _, *rows = csv.reader(file)
        return moments_of([[*x, y] for y, *x in rows], (*self.features, "y"))

    def solution(self) -> LeastSquares:
        """Solve it exactly."""
        return least_squares(self.moments(), has_intercept=self.has_intercept)


def certified(lre: Any, name: str, folder: Path) -> Certified:
    path = folder / f"{name}.csv"
    lre.write_csv(name, path)
    problem = lre.load(name)
    _, *features = path.read_text().split("\n", 1)[0].split(",")
    return Certified(path, features, problem["intercept"], problem["certified"])


# NIST's own files


@needs_strd
@every_problem
def test_every_certified_coefficient_is_right_to_15_digits(
    lre: Any, name: str, tmp_path: Path
) -> None:
    problem = certified(lre, name, tmp_path)
    found = map(to_float, problem.solution().weights)
    digits = [lre.lre(*pair) for pair in zip(found, problem.values["coef"], strict=True)]
    assert min(digits) >= DIGITS


@needs_strd
@every_problem
def test_every_certified_coefficient_is_right_to_40_digits_before_it_is_rounded(
    lre: Any, name: str, tmp_path: Path
) -> None:
    problem = certified(lre, name, tmp_path)
    found = map(fraction, problem.solution().weights)
    digits = [lre.lre(*pair, cap=99) for pair in zip(found, problem.values["coef"], strict=True)]
    assert min(digits) >= 39


@needs_strd
@every_problem
def test_the_certified_residual_sum_of_squares_is_right(
    lre: Any, name: str, tmp_path: Path
) -> None:
    problem = certified(lre, name, tmp_path)
    found = fraction(problem.solution().objective)
    assert lre.lre(found, problem.values["rss"], cap=99) >= 39


@needs_strd
@every_problem
def test_the_certified_r_squared_is_right(lre: Any, name: str, tmp_path: Path) -> None:
    problem = certified(lre, name, tmp_path)
    total = total_sum_of_squares(problem.moments(), has_intercept=problem.has_intercept)
    found = r_squared(problem.solution().objective, total)
    assert lre.lre(found, problem.values["r2"]) >= DIGITS


@needs_strd
@every_problem
def test_the_command_line_gives_every_certified_coefficient(
    lre: Any, name: str, folder: Path, linreg: Linreg
) -> None:
    problem = certified(lre, name, folder)
    features = [word for feature in problem.features for word in ("--x", feature)]
    intercept = [] if problem.has_intercept else ["--no-intercept"]
    command = ["train", str(problem.path), *features, "--y", "y", "--solver", "exact", *intercept]
    assert linreg(*command).status == 0
    model = json.loads(Path("model.json").read_text())
    slopes = model["m"].values() if isinstance(model["m"], dict) else [model["m"]]
    found = [*([model["b"]] if problem.has_intercept else []), *slopes]
    digits = [lre.lre(*pair) for pair in zip(found, problem.values["coef"], strict=True)]
    assert min(digits) >= DIGITS


# the problems that are formulas

PATTERN = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048]
NOISE = [*PATTERN, 2048, *reversed(PATTERN)]
"""Orthogonal to 1, x ... x^5 for x = 0 ... 20, with the sum of squares 83554268."""


def wampler(y: Sequence[Fraction | int]) -> Moments:
    """Sum y beside the first five powers of x = 0 ... 20."""
    rows = [[*(str(x**k) for k in range(1, 6)), _decimal(y[x])] for x in range(21)]
    return moments_of(rows, ("x", "x2", "x3", "x4", "x5", "y"))


def _decimal(value: Fraction | int) -> str:
    """Write a number of five decimals at most."""
    return f"{int(value * 10**5)}e-5"


def test_wampler1_has_coefficients_of_1() -> None:
    solution = least_squares(wampler([sum(x**k for k in range(6)) for x in range(21)]))
    assert list(map(to_float, solution.weights)) == [1.0] * 6
    assert solution.objective == 0


def test_wampler2_has_coefficients_of_powers_of_a_tenth() -> None:
    y = [sum(Fraction(x, 10) ** k for k in range(6)) for x in range(21)]
    solution = least_squares(wampler(y))
    assert list(map(to_float, solution.weights)) == [1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001]
    assert solution.objective == 0


@pytest.mark.parametrize("factor", [1, 100, 10_000], ids=["Wampler3", "Wampler4", "Wampler5"])
def test_wampler3_to_5_have_coefficients_of_1_whatever_the_noise(factor: int) -> None:
    y = [sum(x**k for k in range(6)) + factor * NOISE[x] for x in range(21)]
    solution = least_squares(wampler(y))
    assert list(map(to_float, solution.weights)) == [1.0] * 6
    assert solution.objective == 83554268 * factor**2


def test_noint1_has_the_slope_of_its_formula() -> None:
    rows = [(str(x), str(x + 70)) for x in range(60, 71)]
    solution = least_squares(moments_of(rows, ("x", "y")), has_intercept=False)
    # sum of x (x + 70) over sum of x²
    assert [fraction(weight) for weight in solution.weights] == [Fraction(96635, 46585)]
    assert to_float(solution.weights[0]) == 2.07438016528925619834710743801


# x in seconds since 1970, where others lose the slope


@pytest.mark.parametrize(
    "first", [1_700_000_000, 1_700_000_000_000], ids=["seconds", "milliseconds"]
)
def test_a_line_over_epoch_times_is_found_exactly(first: int, folder: Path, linreg: Linreg) -> None:
    rows = [f"{x},{3 * x + 7}" for x in range(first, first + 1000)]
    Path("times.csv").write_text("\n".join(["x,y", *rows]))
    done = linreg("train", "times.csv", "--x", "x", "--y", "y", "--solver", "exact")
    model = json.loads((folder / "model.json").read_text())
    assert (model["m"], model["b"], model["training"]["loss"]) == (3.0, 7.0, 0.0)
    assert "R² 1\n" in done.stderr


def test_descent_over_epoch_times_finds_the_slope(folder: Path, linreg: Linreg) -> None:
    rows = [f"{x},{3 * x + 7}" for x in range(1_700_000_000, 1_700_001_000)]
    Path("times.csv").write_text("\n".join(["x,y", *rows]))
    linreg("train", "times.csv", "--x", "x", "--y", "y")
    model = json.loads((folder / "model.json").read_text())
    # at the tolerance of 1e-12, y is off by 5e-3 of its 5e9, where x has a spread of 289
    assert model["m"] == pytest.approx(3, abs=1e-4)
    assert model["m"] * 1_700_000_500 + model["b"] == pytest.approx(5_100_001_507, rel=1e-11)
