"""Exported code takes dates, truth values, integers and categories in the types of its language."""

import json
import math
import runpy
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from tests.conftest import Linreg
from tests.output.exports import export
from tests.runners import output_of, program

ROWS = """price,sold,garage,kind,beds
100,2024-01-01,true,1,3
112,2024-02-01,false,2,5
131,2024-03-15,true,1,2
127,2024-04-01,false,2,9
154,2024-05-20,true,2,4
162,2024-06-01,false,1,7
"""
NEW = """sold,garage,kind,beds
2024-02-29,true,2,5
1969-12-31,false,1,4
2024-03-01T12:30:00,true,1,7
"""


@pytest.fixture
def expected(linreg: Linreg) -> list[float]:
    """Train model.json; return its predictions for the new rows."""
    Path("rows.csv").write_text(ROWS)
    Path("new.csv").write_text(NEW)
    formula = "price ~ days(sold) + bool(garage) + C(kind) + I(beds / 2)"
    done = linreg("train", "rows.csv", "--formula", formula, "--solver", "exact", "-q")
    assert done.status == 0, done.stderr
    found = linreg("predict", "model.json", "new.csv", "--only", "-q").stdout
    return list(map(float, found.splitlines()))


def predict_of(linreg: Linreg) -> Any:
    Path("exported.py").write_bytes(export(linreg, "python"))
    return runpy.run_path("exported.py")["predict"]


def test_duckdb_has_dates_truth_values_and_integers(linreg: Linreg, expected: list[float]) -> None:
    text = export(linreg, "sql").decode()
    columns = "'garage': 'BOOLEAN', 'kind': 'INTEGER', 'beds': 'INTEGER'"
    for kind, count in (("DATE", 2), ("TIMESTAMP", 3), ("TIMESTAMP WITH TIME ZONE", 3)):
        with duckdb.connect() as database:
            database.execute("SET TimeZone = 'UTC'")
            rows = f"read_csv('new.csv', columns = {{'sold': 'VARCHAR', {columns}}})"
            query = f"SELECT * REPLACE (CAST(sold AS {kind}) AS sold) FROM {rows} LIMIT {count}"  # noqa: S608
            found = database.execute(f"SELECT {text} FROM ({query})").fetchall()  # noqa: S608
        assert [value for (value,) in found] == pytest.approx(expected[:count], rel=1e-14)


SOLD = [
    date(2024, 2, 29),
    datetime(2024, 2, 29),  # noqa: DTZ001 - a time without a zone is taken as it stands
    datetime(2024, 2, 29, tzinfo=UTC),
    datetime(2024, 2, 28, 19, 30, tzinfo=timezone(timedelta(hours=-4.5))),
    pd.Timestamp(2024, 2, 29),
]


def test_python_has_types_of_its_own(linreg: Linreg, expected: list[float]) -> None:
    predict = predict_of(linreg)
    for sold, garage, kind in product(SOLD, (True, 1, 1.0, "Yes "), (2, 2.0, "2")):
        row = {"sold": sold, "garage": garage, "kind": kind, "beds": 5}
        assert predict(row) == pytest.approx(expected[0], rel=1e-14)


@pytest.mark.parametrize("missing", [None, math.nan, pd.NaT], ids=repr)
def test_python_has_no_prediction_for_a_missing_value(
    linreg: Linreg, expected: list[float], missing: object
) -> None:
    predict = predict_of(linreg)
    row = {"sold": date(2024, 2, 29), "garage": True, "kind": 2, "beds": 5}
    assert predict(row) == pytest.approx(expected[0])
    assert all(math.isnan(predict({**row, name: missing})) for name in ("sold", "garage", "kind"))


def test_pandas_has_types_of_its_own(linreg: Linreg, expected: list[float]) -> None:
    frame = pd.read_csv("new.csv")
    frame["sold"] = pd.to_datetime(frame["sold"], format="ISO8601")
    assert list(frame.dtypes.astype(str)) == ["datetime64[us]", "bool", "int64", "int64"]
    predict = predict_of(linreg)
    found = predict(frame)
    assert found.tolist() == pytest.approx(expected, rel=1e-14)
    frame["kind"] = frame["kind"].astype("category")
    frame["sold"] = frame["sold"].where(frame.index != 1)
    again = predict(frame).tolist()
    assert again == pytest.approx([expected[0], math.nan, expected[2]], rel=1e-14, nan_ok=True)


def test_polars_has_types_of_its_own(linreg: Linreg, expected: list[float]) -> None:
    frame = pl.read_csv("new.csv").with_columns(sold=pl.col("sold").str.to_datetime(strict=False))
    frame = frame.with_columns(kind=pl.col("kind").cast(pl.String).cast(pl.Categorical))
    assert frame.dtypes == [pl.Datetime("us"), pl.Boolean, pl.Categorical(), pl.Int64]
    found = predict_of(linreg)(frame).to_list()
    assert found[2] == pytest.approx(expected[2], rel=1e-14)


def test_javascript_has_dates_and_truth_values(linreg: Linreg, expected: list[float]) -> None:
    Path("exported.mjs").write_bytes(export(linreg, "javascript"))
    rows = "[{sold: new Date('2024-02-29'), garage: true, kind: 2, beds: 5}]"
    script = (
        "import('./exported.mjs').then(({ predict }) => "
        f"console.log(JSON.stringify({rows}.map(predict))))"
    )
    found = json.loads(output_of(program("node"), "-e", script))
    assert found == pytest.approx(expected[:1], rel=1e-14)
