"""linreg export of models of groups with categories and transforms, as programs."""

import ctypes
import json
import math
import re
import runpy
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Linreg
from tests.output import table_runs
from tests.output.exports import export
from tests.output.table_runs import Run, Table
from tests.output.test_export_formulas import NEW, TRAINED
from tests.runners import output_of, program

FORMULA = (
    "log(price) ~ log(lot) + beds^2 + C(city)*sqft + days(sold) + bool(garage) + I(beds / lot)"
)
BY = ("kind",)


def run_pandas(exported: bytes, table: Table) -> list[float]:
    Path("exported.py").write_bytes(exported)
    table.write("typed.csv")
    frame = pd.read_csv("typed.csv", dtype=dict.fromkeys(table.texts, str))
    return list(runpy.run_path("exported.py")["predict"](frame))


def run_c(exported: bytes, table: Table) -> list[float]:
    text = exported.decode()
    Path("exported.c").write_text(text)
    made = str(Path("exported.so").absolute())
    warnings = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"]
    output_of(program("cc"), *warnings, "-shared", "-fPIC", "exported.c", "-lm", "-o", made)
    predict = ctypes.CDLL(made)["predict"]
    predict.restype = ctypes.c_double
    comments = re.findall(r"^// (key|x|text)\[\d+\] is (.*)$", text, re.MULTILINE)
    names = {array: [json.loads(name) for kind, name in comments if kind == array]
             for array in ("key", "x", "text")}  # fmt: skip
    found = []
    for row in table.dicts:
        key, texts = ([row[name].encode() for name in names[array]] for array in ("key", "text"))
        numbers = [float(row[name] or "nan") for name in names["x"]]
        found.append(
            predict(
                (ctypes.c_char_p * len(key))(*key),
                (ctypes.c_double * len(numbers))(*numbers),
                (ctypes.c_char_p * len(texts))(*texts),
            )
        )
    return found


RUNS: list[tuple[str, Run]] = [
    ("python", table_runs.run_python), ("python", run_pandas),
    ("javascript", table_runs.run_javascript), ("awk", table_runs.run_mawk),
    ("awk", table_runs.run_gawk), ("c", run_c), ("sql", table_runs.run_duckdb),
    ("sqlite", table_runs.run_sqlite),
]  # fmt: skip


@pytest.mark.parametrize(("target", "run"), RUNS, ids=[run.__name__ for _, run in RUNS])
@pytest.mark.parametrize("is_inverse", [False, True], ids=["target", "inverse"])
def test_a_program_has_a_formula_for_each_group(
    linreg: Linreg, target: str, run: Run, *, is_inverse: bool
) -> None:
    more = ["--inverse"] if is_inverse else []
    TRAINED.write("rows.csv")
    NEW.write("new.csv")
    done = linreg("train", "rows.csv", "--formula", FORMULA, "--by", "kind", "--solver", "exact",
                  "-q")  # fmt: skip
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    done = linreg("predict", "model.json", "new.csv", "--only", "-q", *more)
    expected = [float(line or "nan") for line in done.stdout.split("\n")[:-1]]
    assert sum(map(math.isfinite, expected)) > len(expected) / 2
    done = linreg("export", "model.json", "--to", target, "-o", "exported", *more)
    assert done.status == 0, done.stderr
    found = [value if math.isfinite(value) else math.nan
             for value in run(Path("exported").read_bytes(), NEW)]  # fmt: skip
    assert found == pytest.approx(expected, rel=1e-11, nan_ok=True)


def test_a_text_in_place_of_a_number_is_an_error_in_python(linreg: Linreg) -> None:
    rows = "".join(
        f"{key},{n},{'yes' if n % 2 else 'no'},{n * n}\n" for key in "ab" for n in range(5)
    )
    done = linreg("train", "-", "-x", "n", "-x", "bool(pool)", "-y", "y", "--by", "key", "-q",
                  stdin=f"key,n,pool,y\n{rows}")  # fmt: skip
    assert done.status == 0, done.stderr
    Path("exported.py").write_bytes(export(linreg, "python"))
    predict = runpy.run_path("exported.py")["predict"]
    row = {"key": "a", "n": 2.0, "pool": "yes"}
    assert math.isfinite(predict(row))
    with pytest.raises(ValueError, match="'n' needs a number, not the text '2'"):
        predict(row | {"n": "2"})
    assert math.isnan(predict(row | {"n": None}))


def test_groups_may_have_other_levels(linreg: Linreg) -> None:
    rows = "".join(
        f"{key},{level},{n + len(level)},{n * n}\n"
        for key, levels in (("a", ("x", "y")), ("b", ("y", "zz")), ("it's", ("x",)))
        for level in levels
        for n in range(4)
    )
    Path("rows.csv").write_text(f"key,level,n,y\n{rows}")
    done = linreg("train", "rows.csv", "-x", "n", "--category", "level", "-y", "y", "--by", "key",
                  "--solver", "exact", "-q")  # fmt: skip
    assert done.status == 0, done.stderr
    new = [(key, level, "2") for key in ("a", "b", "it's", "c") for level in ("x", "y", "zz")]
    table = Table(("key", "level", "n"), new, ("n",))
    table.write("new.csv")
    lines = linreg("predict", "model.json", "new.csv", "--only", "-q").stdout.split("\n")[:-1]
    expected = [float(line or "nan") for line in lines]
    assert sum(map(math.isnan, expected)) == 7
    for target, run in RUNS:
        found = run(export(linreg, target), table)
        assert found == pytest.approx(expected, rel=1e-12, nan_ok=True), target
