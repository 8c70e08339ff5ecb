"""linreg export of models with transforms: run, and compared with linreg predict."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Linreg
from tests.markers import slow_but_every
from tests.output import table_runs
from tests.output.exports import export
from tests.output.rounding_bounds import allowed
from tests.output.table_runs import Run, Table, each_run

NAMES = ("price", "sqft", "beds", "lot", "city", "sold", "garage", "kind")
NUMBERS = ("price", "sqft", "beds", "lot")
CITIES = ("Oslo", "it's", 'say "x"', "7")
WORDS = ("yes", "no", "TRUE", "False", "y", "N", "1", "0")
SOLD = (
    "2024-02-29", "1969-12-31", "2024-03-01T06:00:00.125", "2023-12-31 23:59:59+02:00",
    "2020-01-01T00:30Z", "2000-02-29T12:00:00-05:30", "1900-03-01", "2100-03-01T18:15",
)  # fmt: skip
CHANCE = random.Random(14)  # noqa: S311 - the same rows in every run
ROWS = [
    (str(CHANCE.randrange(1000, 9000)), str(CHANCE.randrange(500, 2400)),
     str(CHANCE.randrange(1, 7)), f"{CHANCE.randrange(1, 17)}.{CHANCE.randrange(10)}5",
     *map(CHANCE.choice, (CITIES, SOLD, WORDS, ("Condo", "condo"))))
    for _ in range(60)
]  # fmt: skip
TRAINED = Table(NAMES, ROWS, NUMBERS, ("sold",))
_TYPICAL = ("1", "812.5", "3", "4.25", "Oslo", "2024-02-29", "yes", "condo")


def _changed(**cells: str) -> tuple[str, ...]:
    return tuple({**dict(zip(NAMES, _TYPICAL, strict=True)), **cells}.values())


NEW = Table(
    NAMES,
    [
        *ROWS[:9],
        *(_changed(sold=date) for date in SOLD),
        *(_changed(garage=word) for word in WORDS),
        *(_changed(**{name: ""}) for name in NAMES[1:]),
        *(_changed(lot=lot) for lot in ("0", "-4.25", "-0.5", "-1", "1e120")),
        *(_changed(beds=beds) for beds in ("0", "-3", "800")),
        _changed(city="nowhere"), _changed(city="OSLO"), _changed(kind="CONDO"),
    ],
    NUMBERS,
    ("sold",),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A formula, and how many roundings a feature of it has at most in exported code."""

    formula: str
    roundings: int


CASES = [
    Case("log(price) ~ log(sqft) + C(city)", 2),
    Case("price ~ days(sold) + bool(garage) + beds", 5),
    Case("price ~ sqft*beds + lot:beds + beds^2 + lot^2", 2),
    Case("price ~ log2(sqft) + log10(lot) + log1p(lot) + sqrt(lot) + exp(beds) + abs(lot)", 6),
    Case("price ~ I(1/beds) + beds^-2 + I((sqft - 3*lot)/7 + 2) + I(sqft/lot)", 6),
    Case("price ~ log(I(log(sqft) - 2)) + I(-beds * -2.5e-1) + sqrt(I(lot^2 + 1))", 9),
    Case("price ~ I((beds - lot)^2) + log(sqft)^2 + I((lot + 1)^-1) + I(beds^2 / -4)", 6),
    Case("I(price/1000) ~ C(city) + C(garage) + I(days(sold)^2)", 8),
    Case("price ~ C(beds) + beds:lot + C(city)", 1),
    Case("log(price) ~ C(city)*log(sqft) + C(city):C(kind) + lot:C(kind):C(city)", 3),
    Case("price ~ C(kind):days(sold) + C(city):C(kind):beds - 1", 6),
]


def train(linreg: Linreg, formula: str) -> list[float]:
    """Train model.json; return the predictions of the new rows, NaN where there is none."""
    TRAINED.write("rows.csv")
    done = linreg("train", "rows.csv", "--formula", formula, "--solver", "exact", "-q")
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    NEW.write("new.csv")
    done = linreg("predict", "model.json", "new.csv", "--only", "-q")
    assert done.status == 0, done.stderr
    found = [float(line or "nan") for line in done.stdout.splitlines()]
    assert sum(map(math.isnan, found)) < len(found) / 2
    return found


@each_run
@pytest.mark.parametrize("case", slow_but_every(4, CASES), ids=range(len(CASES)))
def test_exported_code_predicts_what_linreg_predicts(
    linreg: Linreg, target: str, run: Run, case: Case
) -> None:
    expected = train(linreg, case.formula)
    if target == "onnx" and "days" in case.formula:
        pytest.skip("ONNX has no dates, which the export says")
    found = run(export(linreg, target), NEW)
    for value, wanted, row in zip(found, expected, NEW.dicts, strict=True):
        if math.isnan(wanted):
            assert math.isnan(value), row
        else:
            assert abs(value - wanted) <= allowed(case.roundings, NEW.typed(row)), (
                row,
                value,
                wanted,
            )


def test_onnx_refuses_dates(linreg: Linreg) -> None:
    train(linreg, "price ~ days(sold) + bool(garage)")
    done = linreg("export", "model.json", "--to", "onnx", "-o", "exported")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: --to onnx cannot compute days(sold): ONNX has no operator that reads a date\n"
        "Hint: Train on a column that has the days as numbers, or use another --to.\n"
    )
    assert not Path("exported").exists()


@pytest.mark.parametrize(
    ("target", "run"),
    [("python", table_runs.run_python), ("python", table_runs.run_pandas),
     ("javascript", table_runs.run_javascript), ("c", table_runs.run_c),
     ("awk", table_runs.run_gawk), ("onnx", table_runs.run_onnx)],
)  # fmt: skip
def test_a_power_beyond_float64_does_not_exist(linreg: Linreg, target: str, run: Run) -> None:
    train(linreg, "price ~ lot^3 + beds")
    table = Table(NAMES, [_changed(lot="1e120"), _changed()], NUMBERS)
    found = run(export(linreg, target), table)
    assert [math.isnan(value) for value in found] == [True, False]


@pytest.mark.parametrize(
    ("target", "run"),
    [("python", table_runs.run_python), ("javascript", table_runs.run_javascript),
     ("c", table_runs.run_c), ("awk", table_runs.run_mawk)],
)  # fmt: skip
@pytest.mark.parametrize(
    ("zoned", "same"),
    [("2024-02-29T01:15-0530", "2024-02-29T06:45"), ("2024-02-29 06:45:00Z", "2024-02-29T06:45"),
     ("2024-03-01T01:15:30.5+06", "2024-02-29T19:15:30.5")],
)  # fmt: skip
def test_a_time_with_a_zone_is_that_of_utc(
    linreg: Linreg, target: str, run: Run, zoned: str, same: str
) -> None:
    train(linreg, "price ~ days(sold) + beds")
    table = Table(NAMES, [_changed(sold=zoned), _changed(sold=same)], NUMBERS)
    first, second = run(export(linreg, target), table)
    assert first == second


@pytest.mark.parametrize(
    ("target", "run"),
    [("sqlite", table_runs.run_sqlite), ("javascript", table_runs.run_javascript),
     ("c", table_runs.run_c), ("awk", table_runs.run_mawk)],
)  # fmt: skip
@pytest.mark.parametrize("sold", ["2024-13-01", "29.2.2024", "2024", "yesterday", "NA"])
def test_a_text_that_is_no_date_has_no_days(
    linreg: Linreg, target: str, run: Run, sold: str
) -> None:
    if (target, sold) == ("sqlite", "2024"):
        pytest.skip("SQLite reads a number as a Julian day")
    train(linreg, "price ~ days(sold) + beds")
    [found] = run(export(linreg, target), Table(NAMES, [_changed(sold=sold)], NUMBERS))
    assert math.isnan(found)


@dataclass(frozen=True)
class Undone:
    """A target, the price that belongs to its value, and how well code computes it."""

    target: str
    price: Callable[[float], float]
    digits: int = 8
    """The largest error, in units of 2**-53."""


UNDONE = [
    Undone("log(price)", math.exp),
    Undone("log2(price)", lambda y: 2**y),
    Undone("log10(I(price / 1000))", lambda y: 1000 * 10**y),
    Undone("log1p(price)", math.expm1),
    Undone("sqrt(price)", lambda y: y**2 if y >= 0 else math.nan),
    Undone("I(2*log(price) + 3 - 7)", lambda y: math.exp((y - 3 + 7) / 2)),
    Undone("I(5 - log(price))", lambda y: math.exp(5 - y)),
    Undone("exp(I(-1*price/1000))", lambda y: -1000 * math.log(y) if y > 0 else math.nan),
    Undone("I(1000/price)", lambda y: 1000 / y),
    # the exponent of a root has the error of a logarithm of up to 400
    Undone("price^3", lambda y: math.copysign(abs(y) ** (1 / 3), y), digits=800),
    Undone("I((price - 1000)^5)", lambda y: 1000 + math.copysign(abs(y) ** 0.2, y), digits=800),
    Undone("price^-1", lambda y: 1 / y),
]


@each_run
@pytest.mark.parametrize("undone", slow_but_every(3, UNDONE), ids=[each.target for each in UNDONE])
def test_inverse_predicts_what_predict_inverse_does(
    linreg: Linreg, target: str, run: Run, undone: Undone
) -> None:
    values = train(linreg, f"{undone.target} ~ log(sqft) + C(city) + beds:lot")
    done = linreg("predict", "model.json", "new.csv", "--only", "-q", "--inverse")
    expected = [float(line or "nan") for line in done.stdout.splitlines()]
    exported = linreg("export", "model.json", "--to", target, "-o", "exported", "--inverse")
    assert exported.status == 0
    assert exported.stderr.startswith("Note: --inverse predicts the median of price, not its mean")
    found = run(Path("exported").read_bytes(), NEW)
    for value, wanted, y, row in zip(found, expected, values, NEW.dicts, strict=True):
        if math.isnan(wanted):
            assert not math.isfinite(value), row  # SQL has an infinite number for one too large
            continue
        error = allowed(4, NEW.typed(row)) + 4 * 2.0**-53 * abs(y)
        bound = max(abs(undone.price(end) - wanted) for end in (y - error, y + error))
        bound += undone.digits * 2.0**-53 * abs(wanted)
        assert abs(value - wanted) <= bound, (row, value, wanted)


@each_run
def test_the_root_of_0_is_0(linreg: Linreg, target: str, run: Run) -> None:
    train(linreg, "price^3 ~ beds - 1")
    exported = linreg("export", "model.json", "--to", target, "-o", "exported", "--inverse")
    assert exported.status == 0
    rows = Table(NAMES, [_changed(beds="0"), _changed(beds="1")], NUMBERS)
    none, one = run(Path("exported").read_bytes(), rows)
    assert none == 0 < one


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("price", "Error: the target is a column of the file\nHint: Leave out --inverse.\n"),
        (
            "I(sqrt(price)^2)",
            "Error: exported code cannot undo sqrt(price)^2\nHint: Leave out --inverse; log,",
        ),
        ("price^2", "Error: the target price^2 has no inverse\n"),
        ("I(price + sqft)", "Error: the target I(price + sqft) has no inverse\n"),
    ],
)
def test_a_target_without_inverse_is_refused(linreg: Linreg, target: str, message: str) -> None:
    train(linreg, f"{target} ~ beds + lot")
    done = linreg("export", "model.json", "--to", "sql", "--inverse")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith(message)


def test_arithmetic_is_undone_to_a_mean_without_a_note(linreg: Linreg) -> None:
    train(linreg, "I(price / 1000 - 3) ~ beds + lot")
    done = linreg("predict", "model.json", "new.csv", "--only", "-q", "--inverse")
    expected = [float(line or "nan") for line in done.stdout.splitlines()]
    exported = linreg("export", "model.json", "--to", "sqlite", "--inverse")
    assert (exported.status, exported.stderr) == (0, "")
    found = table_runs.run_sqlite(exported.stdout.encode(), NEW)
    assert found == pytest.approx(expected, rel=1e-13, nan_ok=True)
