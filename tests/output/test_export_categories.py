"""linreg export of models with categories: run, and compared with linreg predict."""

import csv
import ctypes
import json
import math
import runpy
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pycel
import pytest
from openpyxl.worksheet.table import Table

from tests.conftest import Linreg
from tests.output.exports import export
from tests.runners import output_of, program

NAMES = ("city", "size", "kind")
STRANGE = ["it's", 'say "x"', "back\\slash", "größe", "</script>", "7", "??/", "__proto__"]
TRAINED = [
    (city, str(number**2 % 7 + 0.25), kind, str(3 * number + 2 * len(city) + number % 4))
    for number, (city, kind) in enumerate(
        (city, kind) for city in STRANGE for kind in ("Condo", "condo")
    )
]
NEW = [
    *((city, "2.5", kind) for city, _, kind, _ in TRAINED),
    ("nowhere", "2.5", "Condo"),
    ("7", "2.5", ""),
    ("7", "", "Condo"),
]
Rows = Sequence[Sequence[str]]


def write_rows(path: str, header: Sequence[str], rows: Rows) -> None:
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def expected(linreg: Linreg) -> list[float]:
    """Train model.json; return the predictions of the new rows, NaN where there is none."""
    write_rows("rows.csv", (*NAMES, "price"), TRAINED)
    done = linreg("train", "rows.csv", "-x", "size", "--category", "city", "--category", "kind",
                  "-y", "price", "--solver", "exact", "-q")  # fmt: skip
    assert done.status == 0, done.stderr
    write_rows("new.csv", NAMES, NEW)
    done = linreg("predict", "model.json", "new.csv", "--only", "-q")
    found = [float(line or "nan") for line in done.stdout.splitlines()]
    assert sum(map(math.isnan, found)) == 3
    return found


def query(database: Any, text: str) -> list[float]:
    database.execute("CREATE TABLE rows (city TEXT, size DOUBLE, kind TEXT)")
    for row in NEW:
        database.execute("INSERT INTO rows VALUES (?, ?, ?)", [cell or None for cell in row])
    found = database.execute(f"SELECT {text} FROM rows").fetchall()  # noqa: S608 - our own text
    return [math.nan if value is None else value for (value,) in found]


def run_sqlite(exported: bytes) -> list[float]:
    with sqlite3.connect(":memory:") as database:
        return query(database, exported.decode())


def run_duckdb(exported: bytes) -> list[float]:
    with duckdb.connect() as database:
        return query(database, exported.decode())


def run_python(exported: bytes) -> list[float]:
    Path("exported.py").write_bytes(exported)
    predict = runpy.run_path("exported.py")["predict"]
    return [
        predict({"city": city, "size": float(size or "nan"), "kind": kind or None})
        for city, size, kind in NEW
    ]


def run_pandas(exported: bytes) -> list[float]:
    Path("exported.py").write_bytes(exported)
    frame = pd.read_csv("new.csv", dtype={"city": str})
    return list(runpy.run_path("exported.py")["predict"](frame).tolist())


def run_javascript(exported: bytes) -> list[float]:
    Path("exported.mjs").write_bytes(exported)
    Path("runner.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import { predict } from './exported.mjs';\n"
        "const rows = JSON.parse(readFileSync(0));\n"
        "console.log(JSON.stringify(rows.map((row) => predict(Object.fromEntries(row)))));\n"
    )
    pairs = [list(zip(NAMES, row, strict=True)) for row in NEW]
    found = json.loads(output_of(program("node"), "runner.mjs", stdin=json.dumps(pairs)))
    return [math.nan if value is None else float(value) for value in found]


def run_c(exported: bytes) -> list[float]:
    Path("exported.c").write_bytes(exported)
    made = str(Path("exported.so").absolute())
    warnings = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-trigraphs"]
    output_of(program("cc"), *warnings, "-shared", "-fPIC", "exported.c", "-o", made)
    predict = ctypes.CDLL(made)["predict"]
    predict.restype = ctypes.c_double
    return [
        predict(
            (ctypes.c_double * 1)(float(size or "nan")),
            (ctypes.c_char_p * 2)(city.encode(), kind.encode()),
        )
        for city, size, kind in NEW
    ]


def run_excel(exported: bytes) -> list[float]:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append([*NAMES, "prediction"])
    stored = exported.decode().strip().replace("[@[", "Rows[[#This Row],[")
    stored = stored.replace("\\", "\\\\")  # pycel reads texts of Excel as those of Python
    for city, size, kind in NEW:
        sheet.append([city, float(size) if size else None, kind or None, stored])
    sheet.add_table(Table(displayName="Rows", ref=f"A1:D{len(NEW) + 1}"))
    workbook.save("exported.xlsx")
    compiled = pycel.ExcelCompiler("exported.xlsx", plugins=["tests.output.excel_functions"])
    cells = [compiled.evaluate(f"Sheet!D{i}") for i in range(2, len(NEW) + 2)]
    return [float("nan" if cell == "" else cell) for cell in cells]


@pytest.mark.parametrize(
    ("target", "run"),
    [("sql", run_sqlite), ("sql", run_duckdb), ("python", run_python), ("python", run_pandas),
     ("javascript", run_javascript), ("c", run_c), ("excel", run_excel)],
    ids=lambda each: getattr(each, "__name__", each),
)  # fmt: skip
def test_exported_code_takes_levels_and_gives_nothing_for_an_unknown_one(
    linreg: Linreg, expected: list[float], target: str, run: Callable[[bytes], list[float]]
) -> None:
    found = run(export(linreg, target))
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


def test_onnx_refuses_categories(linreg: Linreg, expected: list[float]) -> None:
    assert expected
    done = linreg("export", "model.json", "--to", "onnx", "-o", "exported")
    assert done.status == 2
    assert done.stderr == (
        "Error: --to onnx cannot hold a model with categories yet\n"
        "Hint: Use another target, for example --to python.\n"
    )
