"""What runs exported code: each runner gives the predictions of rows of numbers as written.

A runner works in the current folder. A cell "" is missing; a prediction that is missing is NaN.
"""

import ctypes
import json
import math
import runpy
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import onnxruntime
import openpyxl
import pycel
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table

from tests.conftest import TIMEOUT

Names = Sequence[str]
Rows = Sequence[Sequence[str]]
Runner = Callable[[bytes, Names, Rows], list[float]]


def program(name: str) -> str:
    """Return the path of a program, or skip the test."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def output_of(*command: str, stdin: str = "") -> str:
    done = subprocess.run(
        command, input=stdin.encode(), capture_output=True, check=False, timeout=TIMEOUT
    )
    assert (done.returncode, done.stderr) == (0, b""), done
    return done.stdout.decode()


def numbers(rows: Rows) -> list[list[float]]:
    return [[float(cell or "nan") for cell in row] for row in rows]


def run_sqlite(exported: bytes, names: Names, rows: Rows) -> list[float]:
    with sqlite3.connect(":memory:") as database:
        return _query(database, exported, names, rows, kind="REAL")


def run_duckdb(exported: bytes, names: Names, rows: Rows) -> list[float]:
    with duckdb.connect() as database:
        return _query(database, exported, names, rows, kind="DOUBLE")


def _query(database: Any, exported: bytes, names: Names, rows: Rows, *, kind: str) -> list[float]:
    columns = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}" {kind}' for name in names)
    database.execute(f"CREATE TABLE rows ({columns})")
    places = ", ".join("?" * len(names))
    for row in rows:
        cells = [float(cell) if cell else None for cell in row]
        database.execute(f"INSERT INTO rows VALUES ({places})", cells)  # noqa: S608  # our own text
    # beside a factor: a sum without parentheses would come out wrong
    found = database.execute(f"SELECT 1.0 * {exported.decode()} FROM rows").fetchall()  # noqa: S608
    return [math.nan if value is None else value for (value,) in found]


def run_python(exported: bytes, names: Names, rows: Rows) -> list[float]:
    Path("exported.py").write_bytes(exported)
    predict = runpy.run_path("exported.py")["predict"]
    return [predict(dict(zip(names, row, strict=True))) for row in numbers(rows)]


def run_javascript(exported: bytes, names: Names, rows: Rows) -> list[float]:
    Path("exported.mjs").write_bytes(exported)
    Path("runner.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import { predict } from './exported.mjs';\n"
        "const rows = JSON.parse(readFileSync(0));\n"
        "console.log(JSON.stringify(rows.map((row) => predict(Object.fromEntries(row)))));\n"
    )
    # the cells are text, as a reader of CSV gives them
    pairs = [list(zip(names, row, strict=True)) for row in rows]
    found = json.loads(output_of(program("node"), "runner.mjs", stdin=json.dumps(pairs)))
    return [math.nan if value is None else float(value) for value in found]


def run_c(exported: bytes, names: Names, rows: Rows, language: str = "c") -> list[float]:
    standard = {"c": "-std=c99", "c++": "-std=c++11"}[language]
    Path("exported.c").write_bytes(exported)
    made = str(Path(f"exported-{language}.so").absolute())
    warnings = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
    command = [program("cc"), standard, *warnings, "-shared", "-fPIC", "-x", language]
    output_of(*command, "exported.c", "-o", made)
    library = ctypes.CDLL(made)
    predict = library["predict" if language == "c" else "_Z7predictPKd"]
    predict.restype = ctypes.c_double
    array = ctypes.c_double * len(names)
    return [predict(array(*row)) for row in numbers(rows)]


def run_cpp(exported: bytes, names: Names, rows: Rows) -> list[float]:
    return run_c(exported, names, rows, language="c++")


def run_awk(exported: bytes, names: Names, rows: Rows, *command: str) -> list[float]:
    Path("exported.awk").write_bytes(exported)
    text = "\n".join(",".join(row) for row in [names, *rows]) + "\n"
    lines = output_of(*command, "-f", "exported.awk", stdin=text).splitlines()
    header, *found = lines
    assert header == ",".join([*names, "prediction"])
    assert [line.rpartition(",")[0] for line in found] == [",".join(row) for row in rows]
    return [float(line.rpartition(",")[2] or "nan") for line in found]


def run_mawk(exported: bytes, names: Names, rows: Rows) -> list[float]:
    return run_awk(exported, names, rows, program("mawk"))


def run_gawk(exported: bytes, names: Names, rows: Rows) -> list[float]:
    return run_awk(exported, names, rows, program("gawk"))


def run_busybox_awk(exported: bytes, names: Names, rows: Rows) -> list[float]:
    return run_awk(exported, names, rows, program("busybox"), "awk")


def run_bwk_awk(exported: bytes, names: Names, rows: Rows) -> list[float]:
    return run_awk(exported, names, rows, program("original-awk"))


def run_onnx(exported: bytes, names: Names, rows: Rows) -> list[float]:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["features"]) == list(names)
    (found,) = session.run(None, {"X": np.array(numbers(rows))})
    return list(np.asarray(found).tolist())


def write_workbook(formula: str, names: Names, rows: Rows) -> None:
    """Write a workbook with a table of the rows, and the formula in its last column."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append([*names, "prediction"])
    for cell in sheet[1]:
        cell.data_type = "s"  # a name such as =1+1 too
    # what Excel puts into a file for [@[name]]
    stored = formula.strip().replace("[@[", "Rows[[#This Row],[")
    for row in rows:
        sheet.append([*(float(cell) if cell else None for cell in row), stored])
    corner = f"{get_column_letter(len(names) + 1)}{len(rows) + 1}"
    sheet.add_table(Table(displayName="Rows", ref=f"A1:{corner}"))
    workbook.save("exported.xlsx")


def run_pycel(exported: bytes, names: Names, rows: Rows) -> list[float]:
    """Evaluate the formula in float64."""
    write_workbook(exported.decode(), names, rows)
    sheet, column = pycel.ExcelCompiler("exported.xlsx"), get_column_letter(len(names) + 1)
    cells = [sheet.evaluate(f"Sheet!{column}{i}") for i in range(2, len(rows) + 2)]
    return [float("nan" if cell == "" else cell) for cell in cells]


def run_libreoffice(exported: bytes, names: Names, rows: Rows) -> list[float]:
    """Evaluate the formula as a spreadsheet does, which writes 15 digits of its results."""
    write_workbook(exported.decode(), names, rows)
    profile = f"-env:UserInstallation={Path('profile').absolute().as_uri()}"
    command = [program("soffice"), profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    done = subprocess.run(
        [*command, "calculated", "exported.xlsx"], capture_output=True, check=True, timeout=TIMEOUT
    )
    assert done.returncode == 0
    sheet = openpyxl.load_workbook("calculated/exported.xlsx", data_only=True).active
    assert sheet is not None
    _, *found = sheet.iter_rows(values_only=True)
    return [float("nan" if row[-1] in {"", None} else str(row[-1])) for row in found]
