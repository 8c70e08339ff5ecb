"""linreg export of models with categories: run, and compared with linreg predict."""

import math
from pathlib import Path

import pytest

from tests.conftest import Linreg
from tests.output import table_runs
from tests.output.exports import export
from tests.output.table_runs import Run, Table
from tests.runners import output_of, program

NAMES = ("city", "size", "kind")
STRANGE = ["it's", 'say "x"', "back\\slash", "größe", "</script>", "7", "??/", "__proto__"]
TRAINED = [
    (city, str(number**2 % 7 + 0.25), kind, str(3 * number + 2 * len(city) + number % 4))
    for number, (city, kind) in enumerate(
        (city, kind) for city in STRANGE for kind in ("Condo", "condo")
    )
]
NEW = Table(NAMES, [
    *((city, "2.5", kind) for city, _, kind, _ in TRAINED),
    ("nowhere", "2.5", "Condo"),
    ("7", "2.5", ""),
    ("7", "", "Condo"),
], ("size",))  # fmt: skip


@pytest.fixture
def expected(linreg: Linreg) -> list[float]:
    """Train model.json; return the predictions of the new rows, NaN where there is none."""
    Table((*NAMES, "price"), TRAINED, ("size", "price")).write("rows.csv")
    done = linreg("train", "rows.csv", "-x", "size", "--category", "city", "--category", "kind",
                  "-y", "price", "--solver", "exact", "-q")  # fmt: skip
    assert done.status == 0, done.stderr
    NEW.write("new.csv")
    done = linreg("predict", "model.json", "new.csv", "--only", "-q")
    found = [float(line or "nan") for line in done.stdout.splitlines()]
    assert sum(map(math.isnan, found)) == 3
    return found


@pytest.mark.parametrize(
    ("target", "run"),
    [("sql", table_runs.run_duckdb), ("sqlite", table_runs.run_sqlite),
     ("python", table_runs.run_python), ("python", table_runs.run_pandas),
     ("python", table_runs.run_polars), ("javascript", table_runs.run_javascript),
     ("c", table_runs.run_c), ("excel", table_runs.run_excel), ("onnx", table_runs.run_onnx)],
    ids=lambda each: getattr(each, "__name__", each),
)  # fmt: skip
def test_exported_code_takes_levels_and_gives_nothing_for_an_unknown_one(
    linreg: Linreg, expected: list[float], target: str, run: Run
) -> None:
    found = run(export(linreg, target), NEW)
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_the_awk_program_takes_levels(linreg: Linreg) -> None:
    rows = "city,size,price\nOslo,1,10\nLima,2,12\n10,3,9\nOslo,4,15\nLima,5,11\n10,6,14\n"
    done = linreg("train", "-", "-x", "size", "--category", "city", "-y", "price", "-q",
                  "--solver", "exact", stdin=rows)  # fmt: skip
    assert done.status == 0, done.stderr
    Path("exported.awk").write_bytes(export(linreg, "awk"))
    new = "size,city\n1,Oslo\n2, Lima \n3,10\n3,10.0\n3,Rome\n4,\n"
    predicted = linreg("predict", "model.json", "-", stdin=new).stdout.splitlines()
    found = output_of(program("awk"), "-f", "exported.awk", stdin=new).splitlines()
    assert found[0] == "size,city,prediction"
    for line, other in zip(predicted[1:], found[1:], strict=True):
        assert line.rpartition(",")[0] == other.rpartition(",")[0]
        numbers = [float(each.rpartition(",")[2] or "nan") for each in (line, other)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-12, nan_ok=True)
