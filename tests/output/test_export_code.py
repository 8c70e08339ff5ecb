"""linreg export --to sql, python, javascript and awk: what is special to each target."""

import runpy
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from linreg_cli.model.model_file import save_model
from tests import runners
from tests.conftest import TIMEOUT, Linreg
from tests.output.exports import CASES, RUNS, export, model_of


def test_sql_is_an_expression_with_float64_constants(linreg: Linreg) -> None:
    save_model(model_of(["sq ft", 'a"b'], [300.0, -1e-07], -2.0), "model.json")
    expected = '(-2.0e0 + 300.0e0 * "sq ft" - 1e-07 * "a""b")\n'
    assert linreg("export", "model.json", "--to", "sql").stdout == expected


def test_sql_divides_no_integers(linreg: Linreg) -> None:
    save_model(model_of(["n"], [1.0], 1.0), "model.json")
    expression = linreg("export", "model.json", "--to", "sql").stdout
    query = f"SELECT {expression} / 4 FROM (SELECT 2 AS n)"  # noqa: S608  # our own text
    assert duckdb.execute(query).fetchall() == [(0.75,)]


def test_python_takes_a_data_frame(linreg: Linreg) -> None:
    save_model(model_of(["sq ft", "beds"], [2.5, -1.0], 10.0), "model.json")
    Path("price.py").write_bytes(export(linreg, "python"))
    price = runpy.run_path("price.py")["predict"]
    frame = pd.DataFrame({"beds": [3, 4], "city": ["A", "B"], "sq ft": [4, 8]})
    assert price(frame).tolist() == [17.0, 26.0]


@pytest.mark.parametrize("text", ["5", None])
def test_python_takes_no_text_for_a_number(linreg: Linreg, text: str | None) -> None:
    save_model(model_of(["x"], [2.0], 1.0), "model.json")
    Path("line.py").write_bytes(export(linreg, "python"))
    with pytest.raises(TypeError):
        runpy.run_path("line.py")["predict"]({"x": text})


@pytest.mark.parametrize("name", ["coding: latin-1", '"""\nraise SystemExit', "a\\", "\r"])
def test_a_target_cannot_leave_its_comment(linreg: Linreg, name: str) -> None:
    save_model(model_of(["größe"], [2.0], 1.0, y=name), "model.json")
    for target, runner in RUNS:
        if target in {"python", "c"} or runner is runners.run_javascript:
            assert runner(export(linreg, target), ["größe"], [["3"]]) == [7.0]


def test_javascript_can_stand_in_a_page(linreg: Linreg) -> None:
    save_model(model_of(["</script>", "<!--"], [2.0, 1.0], 1.0, y="<script>"), "model.json")
    assert b"<" not in export(linreg, "javascript")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4", "9"), ("'4'", "9"), ("' 4 '", "9"), ("null", "NaN"), ("undefined", "NaN"),
        ("''", "NaN"), ("' '", "NaN"), ("'NA'", "NaN"), ("NaN", "NaN"), ("[]", "NaN"),
    ],
)  # fmt: skip
def test_javascript_takes_nothing_for_0(linreg: Linreg, cell: str, expected: str) -> None:
    save_model(model_of(["x"], [2.0], 1.0), "model.json")
    Path("line.mjs").write_bytes(export(linreg, "javascript"))
    script = f"import('./line.mjs').then((line) => console.log(line.predict({{ x: {cell} }})))"
    assert runners.output_of(runners.program("node"), "-e", script).strip() == expected


@pytest.fixture
def awk(linreg: Linreg) -> list[str]:
    """Export a model of sqft and beds; give the command that runs it."""
    save_model(model_of(["sqft", "beds"], [2.5, -1.0], 10.0), "model.json")
    Path("line.awk").write_bytes(export(linreg, "awk"))
    return [runners.program("awk"), "-f", "line.awk"]


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("awk_of", [["mawk"], ["gawk"], ["busybox", "awk"], ["original-awk"]])
def test_awk_finds_a_column_behind_a_byte_order_mark_and_blanks(
    awk: list[str], monkeypatch: pytest.MonkeyPatch, awk_of: list[str], locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    command = [runners.program(awk_of[0]), *awk_of[1:], *awk[1:]]
    found = runners.output_of(*command, stdin="\ufeffsqft,\t beds \n4,3\n")
    assert found == "sqft,\t beds ,prediction\n4,3,17\n"


@pytest.mark.parametrize("awk_of", [["mawk"], ["gawk"], ["busybox", "awk"], ["original-awk"]])
@pytest.mark.parametrize("slope", [5e-324, -1.5e-323, 2.2250738585072009e-308, 2.5e-310])
def test_awk_takes_subnormal_weights(linreg: Linreg, awk_of: list[str], slope: float) -> None:
    save_model(model_of(["sqft"], [slope], -slope), "model.json")
    Path("line.awk").write_bytes(export(linreg, "awk"))
    command = [runners.program(awk_of[0]), *awk_of[1:], "-f", "line.awk"]
    found = runners.output_of(*command, stdin="sqft\n4\n1\n").splitlines()
    assert [float(line.split(",")[1]) for line in found[1:]] == [4 * slope - slope, 0.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("beds,city,sqft\r\n3,A,4\r\n", "beds,city,sqft,prediction\n3,A,4,17\n"),
        ("sqft,beds\n4,3\n\n4,3\n", "sqft,beds,prediction\n4,3,17\n\n4,3,17\n"),
        ("sqft,beds\n4,3 rooms\n0x10,1\n", "sqft,beds,prediction\n4,3 rooms,\n0x10,1,\n"),
        ("sqft,beds\n 4 ,+3.\n.4e1,-3\n", "sqft,beds,prediction\n 4 ,+3.,17\n.4e1,-3,23\n"),
    ],
    ids=["by name", "blank lines", "not a number", "numbers"],
)
def test_awk_adds_a_column(awk: list[str], text: str, expected: str) -> None:
    assert runners.output_of(*awk, stdin=text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sqft,rooms\n4,3\n", "no column, or more than one: beds\n"),
        ("sqft,beds,beds\n4,3,3\n", "no column, or more than one: beds\n"),
        ('city,sqft,beds\n"A, B",4,3\n', "line 2: 4 fields, not 3\n"),
    ],
)
def test_awk_stops_where_it_cannot_tell(awk: list[str], text: str, problem: str) -> None:
    done = subprocess.run(
        awk, input=text, text=True, capture_output=True, check=False, timeout=TIMEOUT
    )
    assert (done.returncode, done.stderr) == (3, problem)
    assert "17" not in done.stdout


def test_awk_takes_another_delimiter(awk: list[str]) -> None:
    found = runners.output_of(*awk[:1], "-F;", *awk[1:], stdin="sqft;beds\n4;3\n")
    assert found == "sqft;beds;prediction\n4;3;17\n"


@pytest.mark.parametrize("target", ["sql", "excel"])
def test_names_that_a_target_takes_for_one_are_refused(linreg: Linreg, target: str) -> None:
    save_model(model_of(["Rooms", "rooms"], [1.0, 2.0], 0.0), "model.json")
    done = linreg("export", "model.json", "--to", target)
    assert (done.status, done.stdout) == (2, "")
    assert "cannot tell the columns 'Rooms' and 'rooms' apart" in done.stderr


def test_a_center_is_an_integer_where_the_target_has_integers(linreg: Linreg) -> None:
    CASES["far from zero"].save()
    sql = linreg("export", "model.json", "--to", "sql").stdout
    # the nearest integer that float64 holds, and the value there
    assert sql == '(773.0e0 + 3.0e0 * ("x0" - 1700000000000000256))\n'
    query = f"SELECT {sql} FROM (VALUES (1700000000000000001::BIGINT)) AS rows(x0)"  # noqa: S608
    assert duckdb.connect().execute(query).fetchone() == (8.0,)
    Path("line.py").write_text(linreg("export", "model.json", "--to", "python").stdout)
    predict = runpy.run_path("line.py")["predict"]
    assert predict({"x0": 1700000000000000001}) == 8.0
