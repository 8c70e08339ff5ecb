"""linreg export of models of groups: run, and compared with linreg predict."""

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
import polars as pl
import pycel
import pytest
from openpyxl.worksheet.table import Table

from tests.conftest import Linreg
from tests.output.exports import export
from tests.runners import output_of, program

NAMES = ("city", "year", "size", "beds")
CITIES = ["it's", 'say "x"', "back\\slash", "größe", "</script>", "??/", "__proto__", ""]
TRAINED = [
    (city, year, str(n * n % 7 + 0.25), str(n % 3), str(3 * n + len(city) * n % 4))
    for city in CITIES
    for year in ("2020", "2021")
    for n in range(6)
]
NEW = [
    *((city, year, "2.5", "3") for city in CITIES for year in ("2020", "2021")),
    ("nowhere", "2020", "2.5", "3"),
    ("alone", "2020", "2.5", "3"),
    ("nowhere", "2020", "2.5", "3"),
    ("it's", "2020", "", "3"),
    ("it's", "", "2.5", "3"),
]
Rows = Sequence[Sequence[str]]


def write_rows(path: str, header: Sequence[str], rows: Rows) -> None:
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def learn(linreg: Linreg, *more: str) -> None:
    write_rows("rows.csv", (*NAMES, "price"), [*TRAINED, ("alone", "2020", "1", "2", "3")])
    done = linreg("train", "rows.csv", "-x", "size", "-x", "beds", "-y", "price", "--by", "city",
                  "--by", "year", "--keep-missing", "--solver", "exact", "-q", *more)  # fmt: skip
    assert done.status == 0, done.stderr


@pytest.fixture
def expected(linreg: Linreg) -> list[float]:
    """Train model.json; return the predictions of the new rows, NaN where there is none."""
    learn(linreg)
    write_rows("new.csv", NAMES, NEW)
    done = linreg("predict", "model.json", "new.csv", "--only", "-q")
    found = [float(line or "nan") for line in done.stdout.split("\n")[:-1]]
    assert [math.isnan(each) for each in found] == [False] * 16 + [True] * 5
    return found


def query(database: Any, text: str, *, no_key: str | None = None) -> list[float]:
    database.execute('CREATE TABLE rows (city TEXT, "year" INTEGER, size DOUBLE, beds DOUBLE)')
    for city, year, size, beds in NEW:
        values = [city or no_key, year or no_key, size or None, beds]
        database.execute("INSERT INTO rows VALUES (?, ?, ?, ?)", values)
    # beside a factor: an expression without parentheses would come out wrong
    found = database.execute(f"SELECT 1.0 * {text} FROM rows").fetchall()  # noqa: S608 - our text
    return [math.nan if value is None else value for (value,) in found]


def run_sqlite(exported: bytes) -> list[float]:
    with sqlite3.connect(":memory:") as database:
        return query(database, exported.decode())


def run_empty_texts(exported: bytes) -> list[float]:
    """Return the predictions of rows with empty cells as the import of SQLite's shell has them."""
    with sqlite3.connect(":memory:") as database:
        return query(database, exported.decode(), no_key="")


def run_duckdb(exported: bytes) -> list[float]:
    with duckdb.connect() as database:
        return query(database, exported.decode())


def predict_of(exported: bytes) -> Callable[[Any], Any]:
    Path("exported.py").write_bytes(exported)
    predict: Callable[[Any], Any] = runpy.run_path("exported.py")["predict"]
    return predict


def run_python(exported: bytes) -> list[float]:
    predict = predict_of(exported)
    return [
        predict({"city": city or None, "year": year or None, "size": float(size or "nan"),
                 "beds": float(beds)})
        for city, year, size, beds in NEW
    ]  # fmt: skip


def run_pandas(exported: bytes) -> list[float]:
    frame = pd.read_csv("new.csv")  # the year is a float64 there, since one is missing
    return list(predict_of(exported)(frame))


def run_polars(exported: bytes) -> list[float]:
    frame = pl.read_csv("new.csv").with_columns(pl.col("size").fill_null(math.nan))
    return list(predict_of(exported)(frame))


def run_javascript(exported: bytes) -> list[float]:
    Path("exported.mjs").write_bytes(exported)
    Path("runner.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import { predict } from './exported.mjs';\n"
        "const rows = JSON.parse(readFileSync(0));\n"
        "console.log(JSON.stringify(rows.map((row) => predict(Object.fromEntries(row)))));\n"
    )
    pairs = [list(zip(NAMES, [cell or None for cell in row], strict=True)) for row in NEW]
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
            (ctypes.c_char_p * 2)(city.encode(), year.encode()),
            (ctypes.c_double * 2)(float(size or "nan"), float(beds)),
        )
        for city, year, size, beds in NEW
    ]


def run_excel(exported: bytes) -> list[float]:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append([*NAMES, "prediction"])
    stored = exported.decode().strip().replace("[@[", "Rows[[#This Row],[")
    stored = stored.replace("\\", "\\\\")  # pycel reads texts of Excel as those of Python
    for city, year, size, beds in NEW:
        sheet.append([city, year, float(size) if size else None, float(beds), stored])
    sheet.add_table(Table(displayName="Rows", ref=f"A1:E{len(NEW) + 1}"))
    workbook.save("exported.xlsx")
    compiled = pycel.ExcelCompiler("exported.xlsx", plugins=["tests.output.excel_functions"])
    cells = [compiled.evaluate(f"Sheet!E{i}") for i in range(2, len(NEW) + 2)]
    return [float("nan" if cell == "" else cell) for cell in cells]


@pytest.mark.parametrize(
    ("target", "run"),
    [("sql", run_sqlite), ("sqlite", run_sqlite), ("sql", run_duckdb),
     ("sql", run_empty_texts), ("sqlite", run_empty_texts),
     ("python", run_python), ("python", run_pandas),
     ("python", run_polars), ("javascript", run_javascript), ("c", run_c),
     ("excel", run_excel)],
    ids=lambda each: getattr(each, "__name__", each),
)  # fmt: skip
def test_exported_code_takes_the_key_and_gives_nothing_for_an_unknown_one(
    linreg: Linreg, expected: list[float], target: str, run: Callable[[bytes], list[float]]
) -> None:
    found = run(export(linreg, target))
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_a_text_in_place_of_a_number_is_an_error_in_python(linreg: Linreg) -> None:
    learn(linreg)
    predict = predict_of(export(linreg, "python"))
    row = {"city": "it's", "year": 2020, "size": 2.5, "beds": "3"}
    for given in (row, {name: [value] for name, value in row.items()}):
        with pytest.raises(ValueError, match="'beds' needs a number, not the text '3'"):
            predict(given)
    assert math.isnan(predict(row | {"beds": None}))


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk", "original-awk"])
def test_the_awk_program_takes_the_key(linreg: Linreg, expected: list[float], awk: str) -> None:
    assert expected
    name, *applet = awk.split()
    Path("exported.awk").write_bytes(export(linreg, "awk"))
    new = "beds,year,size,city\n" + "".join(
        f"{beds},{year},{size},{city}\n"
        for city, year, size, beds in [*NEW, (" it's ", " 2020", "2.5", "3")]
        if '"' not in city
    )
    predicted = linreg("predict", "model.json", "-", stdin=new).stdout.splitlines()
    found = output_of(program(name), *applet, "-f", "exported.awk", stdin=new).splitlines()
    assert found[0] == "beds,year,size,city,prediction"
    assert len(found) == len(predicted)
    for line, other in zip(predicted[1:], found[1:], strict=True):
        assert line.rpartition(",")[0] == other.rpartition(",")[0]
        numbers = [float(each.rpartition(",")[2] or "nan") for each in (line, other)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("target", ["sql", "python", "excel", "awk", "javascript", "c", "latex"])
def test_group_exports_one_model(linreg: Linreg, target: str) -> None:
    learn(linreg)
    done = linreg("export", "model.json", "--to", target, "--group", "it's,2021", "-o", "one")
    assert done.status == 0, done.stderr
    linreg("show", "model.json", "--group", "it's,2021", "-o", "own.json")
    Path("own.json").replace("model.json")
    assert Path("one").read_bytes() == export(linreg, target)


@pytest.mark.parametrize("target", ["onnx", "latex"])
def test_a_target_without_groups_names_the_option_for_one(linreg: Linreg, target: str) -> None:
    learn(linreg)
    done = linreg("export", "model.json", "--to", target, "-o", "exported")
    assert (done.status, Path("exported").exists()) == (2, False)
    assert done.stderr == (
        f"Error: --to {target} cannot hold models of groups\n"
        "Hint: --group KEY exports the model of one group; --to sql exports all.\n"
    )


def run_rows(exported: bytes, rows: Sequence[dict[str, Any]]) -> list[float]:
    predict = predict_of(exported)
    return [predict(row) for row in rows]


def run_frame(exported: bytes, rows: Sequence[dict[str, Any]]) -> list[float]:
    return list(predict_of(exported)(pd.DataFrame(rows)))


def run_node(exported: bytes, rows: Sequence[dict[str, Any]]) -> list[float]:
    Path("exported.mjs").write_bytes(exported)
    Path("runner.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import { predict } from './exported.mjs';\n"
        "console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(predict)));\n"
    )
    found = json.loads(output_of(program("node"), "runner.mjs", stdin=json.dumps(rows)))
    return [math.nan if value is None else float(value) for value in found]


def run_query(exported: bytes, rows: Sequence[dict[str, Any]]) -> list[float]:
    with duckdb.connect() as database:
        database.execute("CREATE TABLE rows (city TEXT, size DOUBLE, beds TEXT)")
        for row in rows:
            database.execute("INSERT INTO rows VALUES (?, ?, ?)", list(row.values()))
        text = f"SELECT {exported.decode()} FROM rows"  # noqa: S608 - our own text
        return [math.nan if value is None else value for (value,) in database.sql(text).fetchall()]


@pytest.mark.parametrize(
    ("target", "run"),
    [("python", run_rows), ("python", run_frame), ("javascript", run_node), ("sql", run_query)],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_the_categories_and_transforms_of_each_group_are_there(
    linreg: Linreg, target: str, run: Callable[[bytes, Sequence[dict[str, Any]]], list[float]]
) -> None:
    rows = [
        (city, str(n + 1), "pqr"[(n + len(city)) % (2 + len(city) % 2)], str(n * n + 1.5))
        for city in ("it's", "Galt", '</script> "')
        for n in range(8)
    ]
    header = ("city", "size", "beds", "price")
    write_rows("rows.csv", header, rows)
    done = linreg("train", "rows.csv", "-x", "log(size)", "--category", "beds", "-y", "log(price)",
                  "--by", "city", "--solver", "exact", "-q")  # fmt: skip
    assert done.status == 0, done.stderr
    new = [*rows, ("Galt", "-1", "p", "1"), ("Galt", "1", "z", "1"), ("nowhere", "1", "p", "1")]
    write_rows("new.csv", header, new)
    texts = linreg("predict", "model.json", "new.csv", "--only", "-q").stdout.split("\n")[:-1]
    expected = [float(text or "nan") for text in texts]
    assert sum(map(math.isnan, expected)) == 3
    cells = [{"city": city, "size": float(size), "beds": beds} for city, size, beds, _ in new]
    found = run(export(linreg, target), cells)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-14, nan_ok=True)


def test_excel_refuses_more_groups_than_it_takes(linreg: Linreg) -> None:
    rows = "".join(f"{g},{n},{g * n + n}\n" for g in range(64) for n in (1, 2))
    linreg("train", "-", "-x", "x", "-y", "y", "--by", "g", "--solver", "exact", "-q",
           stdin=f"g,x,y\n{rows}")  # fmt: skip
    done = linreg("export", "model.json", "--to", "excel")
    assert (done.status, done.stdout) == (2, "")
    assert "--to excel cannot hold more than 56 groups" in done.stderr


def test_no_group_with_a_fit_is_an_error(linreg: Linreg) -> None:
    learn(linreg)
    grouped = json.loads(Path("model.json").read_text())
    grouped["groups"] = [each for each in grouped["groups"] if "reason" in each]
    Path("model.json").write_text(json.dumps(grouped))
    done = linreg("export", "model.json", "--to", "sql")
    assert (done.status, done.stdout) == (5, "")
