"""Runs exported code on tables with numbers and texts: predictions, NaN where there is none."""

import csv
import ctypes
import json
import math
import re
import runpy
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import onnxruntime
import openpyxl
import pandas as pd
import polars as pl
import pycel
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable

from tests.runners import output_of, program


@dataclass(frozen=True)
class Table:
    """Cells as a CSV file has them, where "" is missing.

    Attributes
    ----------
    numbers
        The columns of numbers; the other columns are texts.
    dates
        The columns of dates, which a program may read as such.

    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[str]
    dates: Sequence[str] = ()

    def write(self, path: str) -> None:
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([self.names, *self.rows])

    @property
    def dicts(self) -> list[dict[str, str]]:
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    @property
    def texts(self) -> list[str]:
        return [name for name in self.names if name not in self.numbers]

    def typed(self, row: dict[str, str]) -> dict[str, Any]:
        """Return a row with floats and texts, None for a missing text."""
        return {
            name: float(cell or "nan") if name in self.numbers else cell or None
            for name, cell in row.items()
        }


Run = Callable[[bytes, Table], list[float]]


def missing_as_nan(found: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else float(value) for value in found]


# SQL


def _query(database: Any, text: str, table: Table) -> list[float]:
    kinds = [f'"{name}" {"DOUBLE" if name in table.numbers else "TEXT"}' for name in table.names]
    database.execute(f"CREATE TABLE rows ({', '.join(kinds)})")
    places = ", ".join("?" * len(table.names))
    for row in table.dicts:
        cells = [None if cell != cell else cell for cell in table.typed(row).values()]  # noqa: PLR0124 - NaN
        database.execute(f"INSERT INTO rows VALUES ({places})", cells)  # noqa: S608 - our own text
    found = database.execute(f"SELECT 1.0 * {text} FROM rows").fetchall()  # noqa: S608 - as above
    return missing_as_nan([value for (value,) in found])


def run_sqlite(exported: bytes, table: Table) -> list[float]:
    with closing(sqlite3.connect(":memory:")) as database:
        return _query(database, exported.decode(), table)


def run_duckdb(exported: bytes, table: Table) -> list[float]:
    with duckdb.connect() as database:
        return _query(database, exported.decode(), table)


def run_duckdb_csv(exported: bytes, table: Table) -> list[float]:
    """Let DuckDB find the types: integers, dates and truth values."""
    table.write("typed.csv")
    with duckdb.connect() as database:
        query = f"SELECT {exported.decode()} FROM read_csv('typed.csv', header = true)"  # noqa: S608
        return missing_as_nan([value for (value,) in database.execute(query).fetchall()])


# Python


def _predict_of(exported: bytes) -> Any:
    Path("exported.py").write_bytes(exported)
    return runpy.run_path("exported.py")["predict"]


def run_python(exported: bytes, table: Table) -> list[float]:
    predict = _predict_of(exported)
    return [float(predict(table.typed(row))) for row in table.dicts]


def run_pandas(exported: bytes, table: Table) -> list[float]:
    table.write("typed.csv")
    frame = pd.read_csv("typed.csv", dtype=dict.fromkeys(table.texts, str), keep_default_na=True)
    return list(_predict_of(exported)(frame).tolist())


def run_pandas_dates(exported: bytes, table: Table) -> list[float]:
    table.write("typed.csv")
    frame = pd.read_csv("typed.csv", dtype=dict.fromkeys(table.texts, str))
    for name in table.dates:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)
    return list(_predict_of(exported)(frame).tolist())


def run_polars(exported: bytes, table: Table) -> list[float]:
    table.write("typed.csv")
    frame = pl.read_csv("typed.csv", schema_overrides=dict.fromkeys(table.texts, pl.String))
    return missing_as_nan(_predict_of(exported)(frame).to_list())


def run_polars_expressions(exported: bytes, table: Table) -> list[float]:
    table.write("typed.csv")
    frame = pl.read_csv("typed.csv", schema_overrides=dict.fromkeys(table.texts, pl.String))
    made = _predict_of(exported)({name: pl.col(name) for name in table.names})
    return missing_as_nan(frame.select(y=made)["y"].to_list())


# other languages


def run_javascript(exported: bytes, table: Table) -> list[float]:
    Path("exported.mjs").write_bytes(exported)
    Path("runner.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import { predict } from './exported.mjs';\n"
        "const rows = JSON.parse(readFileSync(0));\n"
        "console.log(JSON.stringify(rows.map((row) => predict(Object.fromEntries(row)))));\n"
    )
    pairs = [list(row.items()) for row in table.dicts]
    return missing_as_nan(
        json.loads(output_of(program("node"), "runner.mjs", stdin=json.dumps(pairs)))
    )


def run_c(exported: bytes, table: Table, language: str = "c") -> list[float]:
    text = exported.decode()
    Path("exported.c").write_text(text)
    made = str(Path(f"exported-{language}.so").absolute())
    standard = {"c": "-std=c99", "c++": "-std=c++11"}[language]
    warnings = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-trigraphs", "-O2"]
    command = [program("cc"), standard, *warnings, "-shared", "-fPIC", "-x", language]
    output_of(*command, "exported.c", "-lm", "-o", made)
    library = ctypes.CDLL(made)
    comments = re.findall(r"^// (x|text)\[\d+\] is (.*)$", text, re.MULTILINE)
    x, texts = (
        [json.loads(name) for each, name in comments if each == array] for array in ("x", "text")
    )
    mangled = "_Z7predictPKdPKPKc" if texts else "_Z7predictPKd"
    predict = library["predict" if language == "c" else mangled]
    predict.restype = ctypes.c_double
    found = []
    for row in table.dicts:
        arrays: list[Any] = [(ctypes.c_double * len(x))(*(float(row[c] or "nan") for c in x))]
        arrays += (
            [(ctypes.c_char_p * len(texts))(*(row[c].encode() for c in texts))] if texts else []
        )
        found.append(predict(*arrays))
    return found


def run_cpp(exported: bytes, table: Table) -> list[float]:
    return run_c(exported, table, "c++")


def _run_awk(exported: bytes, table: Table, *command: str) -> list[float]:
    Path("exported.awk").write_bytes(exported)
    lines = [",".join(row) for row in [table.names, *table.rows]]
    found = output_of(*command, "-f", "exported.awk", stdin="\n".join(lines) + "\n").splitlines()
    assert [line.rpartition(",")[0] for line in found] == lines
    return [float(line.rpartition(",")[2] or "nan") for line in found[1:]]


def run_mawk(exported: bytes, table: Table) -> list[float]:
    return _run_awk(exported, table, program("mawk"))


def run_gawk(exported: bytes, table: Table) -> list[float]:
    return _run_awk(exported, table, program("gawk"))


def run_busybox_awk(exported: bytes, table: Table) -> list[float]:
    return _run_awk(exported, table, program("busybox"), "awk")


def run_excel(exported: bytes, table: Table) -> list[float]:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append([*table.names, "prediction"])
    stored = exported.decode().strip().replace("[@[", "Rows[[#This Row],[")
    stored = stored.replace("\\", "\\\\")  # pycel reads texts of Excel as those of Python
    for row in table.dicts:
        cells = [_excel_cell(table, name, cell) for name, cell in row.items()]
        sheet.append([*cells, stored])
    column = get_column_letter(len(table.names) + 1)
    last = len(table.rows) + 1
    sheet.add_table(ExcelTable(displayName="Rows", ref=f"A1:{column}{last}"))
    workbook.save("exported.xlsx")
    compiled = pycel.ExcelCompiler("exported.xlsx", plugins=["tests.output.excel_functions"])
    found = [compiled.evaluate(f"Sheet!{column}{i}") for i in range(2, last + 1)]
    return [float("nan" if cell == "" else cell) for cell in found]


def _excel_cell(table: Table, name: str, cell: str) -> object:
    if not cell:
        return None
    if name in table.numbers:
        return float(cell)
    if name in table.dates:  # Excel has no time zones
        moment = datetime.fromisoformat(cell)
        return moment.replace(tzinfo=None) - (moment.utcoffset() or moment.resolution * 0)
    return cell


def run_onnx(exported: bytes, table: Table) -> list[float]:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    inputs: dict[str, Any] = {}
    if names := json.loads(metadata["features"]):
        inputs["X"] = np.array([[float(row[c] or "nan") for c in names] for row in table.dicts])
    if "texts" in metadata:
        texts = json.loads(metadata["texts"])
        inputs["T"] = np.array([[row[c] for c in texts] for row in table.dicts], dtype=object)
    (found,) = session.run(None, inputs)
    return list(np.asarray(found).tolist())


RUNS: dict[str, list[Run]] = {
    "sql": [run_duckdb, run_duckdb_csv],
    "sqlite": [run_sqlite],
    "python": [
        run_python, run_pandas, run_pandas_dates,
        run_polars, run_polars_expressions,
    ],
    "javascript": [run_javascript],
    "c": [run_c, run_cpp],
    "awk": [run_mawk, run_gawk, run_busybox_awk],
    "excel": [run_excel],
    "onnx": [run_onnx],
}  # fmt: skip
each_run = pytest.mark.parametrize(
    ("target", "run"),
    [(target, run) for target, runs in RUNS.items() for run in runs],
    ids=[f"{target}-{run.__name__}" for target, runs in RUNS.items() for run in runs],
)
