"""The statistics of `linreg show --json` on problems whose answers NIST has certified: StRD.

The files of NIST lie outside the project, in ../shared/strd (or where LINREG_STRD says). Wampler1
to Wampler5 and NoInt1 are formulas, so those are tested everywhere, against fractions.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.collinear import check_warnings
from tests.conftest import Linreg
from tests.exactly import Exactly
from tests.references import root
from tests.strd import DIGITS, every_problem, needs_strd


def show(linreg: Linreg, path: Path, *options: str) -> Any:
    """Fit all columns but y exactly, and give what show says of it."""
    _, *features = path.read_text().split("\n", 1)[0].split(",")
    x = [word for feature in features for word in ("--x", feature)]
    arguments = [path.name, *x, "--y", "y", *options]
    done = linreg("train", *arguments, "--solver", "exact", "-q")
    assert done.status == 0
    check_warnings(done.stderr, arguments)
    done = linreg("show", "model.json", "--json")
    assert (done.status, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def certified(lre: Any, name: str, folder: Path, linreg: Linreg) -> tuple[Any, Any]:
    """Return what show says of a problem, and its certificate."""
    path = folder / f"{name}.csv"
    lre.write_csv(name, path)
    problem = lre.load(name)
    intercept = [] if problem["intercept"] else ["--no-intercept"]
    return show(linreg, path, *intercept), problem["certified"]


@needs_strd
@every_problem
def test_certified_standard_errors_are_right(certified: tuple[Any, Any], lre: Any) -> None:
    shown, values = certified
    found = [weight["standard_error"] for weight in shown["weights"]]
    digits = [lre.lre(*pair) for pair in zip(found, values["se"], strict=True)]
    assert min(digits) >= DIGITS


@needs_strd
@every_problem
def test_certified_coefficients_are_right(certified: tuple[Any, Any], lre: Any) -> None:
    shown, values = certified
    for field in ("value", "least_squares"):
        found = [weight[field] for weight in shown["weights"]]
        digits = [lre.lre(*pair) for pair in zip(found, values["coef"], strict=True)]
        assert min(digits) >= DIGITS


@needs_strd
@every_problem
@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("residual_standard_error", "resid_sd"),
        ("r2", "r2"),
        ("residual_sum_of_squares", "rss"),
    ],
)
def test_certified_figures_of_the_fit_are_right(
    certified: tuple[Any, Any], lre: Any, field: str, key: str
) -> None:
    shown, values = certified
    assert lre.lre(shown[field], values[key]) >= DIGITS


@needs_strd
@every_problem
def test_t_is_the_certified_coefficient_over_its_standard_error(
    certified: tuple[Any, Any], lre: Any
) -> None:
    shown, values = certified
    for weight, coefficient, error in zip(
        shown["weights"], values["coef"], values["se"], strict=True
    ):
        if Fraction(error) == 0:
            assert weight["t"] is None
        else:
            assert lre.lre(weight["t"], Fraction(coefficient) / Fraction(error)) >= DIGITS


# the problems that are formulas

PATTERN = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048]
NOISE = [*PATTERN, 2048, *reversed(PATTERN)]
"""Orthogonal to 1, x ... x^5 for x = 0 ... 20, with the sum of squares 83554268."""


def wampler(factor: int) -> list[tuple[str, ...]]:
    """Return the rows x ... x^5, y of Wampler3 (1), 4 (100) or 5 (10000)."""
    return [
        (
            *(str(x**k) for k in range(1, 6)),
            str(sum(x**k for k in range(6)) + factor * NOISE[x]),
        )
        for x in range(21)
    ]


def write(rows: Sequence[tuple[str, ...]], folder: Path) -> Path:
    """Write rows, the target last, as CSV with the target first."""
    header = ["y", *(f"x{k}" for k in range(1, len(rows[0])))]
    lines = [",".join([row[-1], *row[:-1]]) for row in rows]
    path = folder / "d.csv"
    path.write_text("\n".join([",".join(header), *lines, ""]))
    return path


@pytest.mark.parametrize("factor", [1, 100, 10_000], ids=["Wampler3", "Wampler4", "Wampler5"])
def test_wampler3_to_5_have_the_statistics_of_their_formula(
    linreg: Linreg, folder: Path, factor: int
) -> None:
    rows = wampler(factor)
    exactly = Exactly.of(rows)
    assert exactly.solution() == [1] * 6
    shown = show(linreg, write(rows, folder))
    rss = Fraction(83554268 * factor**2)
    variance = rss / 15
    assert [weight["standard_error"] for weight in shown["weights"]] == [
        root(variance * exactly.inverse[j][j]) for j in range(6)
    ]
    assert shown["residual_sum_of_squares"] == float(rss)
    assert shown["residual_standard_error"] == root(variance)
    assert shown["r2"] == float(1 - rss / exactly.squares(exactly.y))


@pytest.mark.parametrize("base", [1, 10], ids=["Wampler1", "Wampler2"])
def test_wampler1_and_2_have_no_error(linreg: Linreg, folder: Path, base: int) -> None:
    y = [sum(Fraction(x, base) ** k for k in range(6)) for x in range(21)]
    rows = [(*(str(x**k) for k in range(1, 6)), f"{int(t * 10**5)}e-5") for x, t in enumerate(y)]
    shown = show(linreg, write(rows, folder))
    assert [weight["standard_error"] for weight in shown["weights"]] == [0.0] * 6
    assert [weight["value"] for weight in shown["weights"]] == [
        float(Fraction(1, base**k)) for k in range(6)
    ]
    fields = ("residual_sum_of_squares", "residual_standard_error", "r2")
    assert [shown[field] for field in fields] == [0.0, 0.0, 1.0]


def test_noint1_has_the_statistics_of_its_formula(linreg: Linreg, folder: Path) -> None:
    rows = [(str(x), str(x + 70)) for x in range(60, 71)]
    shown = show(linreg, write(rows, folder), "--no-intercept")
    xx = sum(x * x for x in range(60, 71))
    xy = sum(x * (x + 70) for x in range(60, 71))
    yy = sum((x + 70) ** 2 for x in range(60, 71))
    rss = yy - Fraction(xy**2, xx)
    assert shown["degrees_of_freedom"] == 10
    assert shown["weights"][0]["standard_error"] == root(rss / 10 / xx)
    assert shown["residual_sum_of_squares"] == float(rss)
    assert shown["r2"] == float(1 - rss / yy)
