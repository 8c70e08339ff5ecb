"""linreg export: the code runs, and predicts what linreg predicts."""

import csv
import json
import math
import os
import pty
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import onnx
import pandas as pd
import pytest

from linreg_cli.model.model import Model
from linreg_cli.model.model_file import save_model
from linreg_cli.output.export.targets import TARGETS
from tests import runners
from tests.conftest import TIMEOUT, Linreg, Shell, snapshot
from tests.models import learn, plain_moments
from tests.runners import Runner

RUNNERS: dict[str, list[Runner]] = {
    "sql": [runners.run_sqlite, runners.run_duckdb],
    "python": [runners.run_python],
    "excel": [runners.run_pycel, runners.run_libreoffice],
    "awk": [
        runners.run_mawk, runners.run_gawk, runners.run_busybox_awk, runners.run_bwk_awk
    ],
    "javascript": [runners.run_javascript],
    "c": [runners.run_c, runners.run_cpp],
    "onnx": [runners.run_onnx],
}  # fmt: skip
RUNS = [(target, runner) for target, of_target in RUNNERS.items() for runner in of_target]
IDS = [runner.__name__.removeprefix("run_") for _, runner in RUNS]
each_run = pytest.mark.parametrize(("target", "runner"), RUNS, ids=IDS)

MORE_ROUNDINGS: dict[Runner, int] = {
    runners.run_sqlite: 2,  # SQLite before 3.43 reads a constant to within one unit
    runners.run_libreoffice: 64,  # it writes 15 digits: half of 1e-15, and 2**-53 is 1.1e-16
}

STRANGE = [
    "square feet", "square_feet", "square-feet", "class", "return", "select", "2nd", "1", "größe",
    "日本", 'say "x"', "it's", "back\\", "a\\n", "*/ //", "</script><!--", "$x_{1}^2 & 50%#~",
    "[b]#'@", "??/", "{}", "`tick`", "a\u202eb", "\x7f", "__proto__", "'''\"\"\"", "--; DROP TABLE",
    "a|b", "<>", "-1", "=1+1", "%d", "row", "x", "m", "b",
]  # fmt: skip
BEYOND_A_CELL = ["a,b", "new\nline", "tab\there"]
"""More names, which the awk program does not see in a header."""


@dataclass(frozen=True)
class Case:
    """A line, and rows to predict for; b is the value at the centers, or at 0 if there are none."""

    b: float
    m: Sequence[float]
    rows: Sequence[Sequence[str]]
    names: Sequence[str] = ()
    has_intercept: bool = True
    centers: Sequence[str] = ()

    def save(self) -> None:
        """Write model.json and rows.csv."""
        names = self.names or [f"x{j}" for j in range(len(self.m))]
        model = model_of(names, self.m, self.b, has_intercept=self.has_intercept)
        if self.centers:
            center = dict(zip(names, self.centers, strict=True))
            moved = sum(
                Fraction(m) * Fraction(c) for m, c in zip(self.m, self.centers, strict=True)
            )
            b = float(Fraction(self.b) - moved)
            model = model.model_copy(update={"center": center, "b": b})
        save_model(model, "model.json")
        with Path("rows.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names, *self.rows])

    def allowed(self, row: Sequence[str], predicted: float, more_roundings: int) -> Fraction:
        """Bound the error: N. J. Higham, Accuracy and Stability (2002), lemma 3.1.

        Beside the roundings of operations there is that of each x, and of a center that float64
        does not hold.
        """
        slopes, centers = list(map(Fraction, self.m)), self.centers or ["0"] * len(self.m)
        held = [Fraction(float(center)) for center in centers]
        moved = (m * (h - Fraction(c)) for m, h, c in zip(slopes, held, centers, strict=True))
        size, given = abs(Fraction(self.b) + sum(moved)), Fraction()
        for m, x, center in zip(slopes, row, held, strict=True):
            seen = Fraction(float(x))
            size += abs(m * (seen - center))
            written = Fraction(repr(float(center)))
            given += abs(m) * (abs(seen - Fraction(x)) + abs(center - written))
        roundings = (len(slopes) + 3 + more_roundings) * Fraction(1, 2**53)
        least = Fraction(math.ulp(predicted)) / 2
        return roundings / (1 - roundings) * size + 2 * given + least


def model_of(
    names: Sequence[str], m: Sequence[float], b: float, *, has_intercept: bool = True, y: str = "y"
) -> Model:
    """Make a model with any weights; its sums are those of some rows with a unique fit."""
    count = len(names)
    rows = [[str(int(i == j)) for j in range(count)] + [str(i)] for i in range(count + 2)]
    learned = learn(plain_moments(rows, (*names, y)), intercept=has_intercept)
    slopes = dict(zip(names, m, strict=True)) if count > 1 else m[0]
    center = dict.fromkeys(names, "0")
    update = {"m": slopes, "b": b, "center": center, "value_at_center": b}
    return learned.model_copy(update=update)


def export(linreg: Linreg, target: str) -> bytes:
    done = linreg("export", "model.json", "--to", target, "-o", "exported")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    return Path("exported").read_bytes()


def predict(linreg: Linreg) -> list[float]:
    done = linreg("predict", "model.json", "rows.csv", "--only", "-q")
    assert done.status == 0, done.stderr
    return [float(line) for line in done.stdout.splitlines()]


CASES = {
    "one feature": Case(-1.5109857982437807e-11, [299.9999999997271], [["1800"], ["-7.25"], ["0"]]),
    "several": Case(
        58481.74720247012,
        [158.16747658183482, -27035.28452493678, 5342.590743982942],
        [["1200", "2", "1"], ["836.5", "3", "2.5"], ["-1e6", "0", "0.1"]],
    ),
    "whole numbers": Case(1.0, [2.0, -3.0], [["1", "2"], ["7", "5"], ["9007199254740993", "1"]]),
    "cancellation": Case(-1730361600.1234567, [1.0000000000000002], [["1730361600"], ["1.7e9"]]),
    "exponents": Case(
        1e22, [1e-07, 123456789012345680.0, -2.5e-101, 1e100],
        [["12345678", "-3", "1e100", "1e-90"], ["0", "81000", "0", "-1e-78"]],
    ),
    "no intercept": Case(0.0, [-0.1, 0.7], [["1", "0"], ["0", "0"]], has_intercept=False),
    "far from zero": Case(
        605.0, [3.0], [["1700000000000000000"], ["1700000000000001024"]],
        centers=["1700000000000000200"],
    ),
    "centers": Case(
        -17.25, [2.5, -0.1, 1e-9], [["2013.5", "0.3", "-1e9"], ["1999", "-7", "12.5"]],
        centers=["2010", "-0.3", "1e-7"],
    ),
    "negative zeros": Case(-0.0, [-0.0, -3.5], [["5", "0"], ["-1", "0"], ["0", "1"]]),
}  # fmt: skip


@each_run
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_exported_code_predicts_what_linreg_predicts(
    linreg: Linreg, target: str, runner: Runner, case: Case
) -> None:
    case.save()
    names = json.loads(Path("model.json").read_text())["x"]
    found = runner(export(linreg, target), names, case.rows)
    for value, expected, row in zip(found, predict(linreg), case.rows, strict=True):
        allowed = case.allowed(row, expected, MORE_ROUNDINGS.get(runner, 0))
        assert abs(Fraction(value) - Fraction(expected)) <= allowed, (value, expected)
        assert math.copysign(1, value) == math.copysign(1, expected)


@each_run
def test_constants_keep_every_digit(linreg: Linreg, target: str, runner: Runner) -> None:
    weights = [158.16747658183482, 0.1 + 0.2, -1 / 3, math.pi * 1e100, math.e * 1e-100]
    weights += [2.0**53 - 1, 1.0000000000000002, -123456789012345680.0]
    names = [f"x{j}" for j in range(len(weights))]
    save_model(model_of(names, weights, 0.0), "model.json")
    rows = [[str(int(i == j)) for j in range(len(names))] for i in range(len(names))]
    found = runner(export(linreg, target), names, rows)
    rtol = MORE_ROUNDINGS.get(runner, 0) * 2.0**-53
    np.testing.assert_allclose(found, weights, rtol=rtol, atol=0)


@each_run
def test_any_column_name_is_quoted(linreg: Linreg, target: str, runner: Runner) -> None:
    if runner is runners.run_pycel:
        pytest.skip("pycel does not read names in quotes; LibreOffice does")
    names = STRANGE + ([] if target == "awk" else BEYOND_A_CELL)
    weights = [float(2**j) for j in range(len(names))]
    save_model(model_of(names, weights, 0.5), "model.json")
    rows = [["1" if i == j else "0" for j in range(len(names))] for i in range(len(names))]
    assert runner(export(linreg, target), names, rows) == [0.5 + weight for weight in weights]


@each_run
def test_a_missing_cell_gives_no_prediction(linreg: Linreg, target: str, runner: Runner) -> None:
    save_model(model_of(["sqft", "beds"], [2.5, -1.0], 10.0), "model.json")
    found = runner(export(linreg, target), ["sqft", "beds"], [["4", "3"], ["4", ""], ["", "3"]])
    assert found[0] == 17
    assert np.isnan(found[1:]).all()


@each_run
def test_constants_reach_the_ends_of_float64(linreg: Linreg, target: str, runner: Runner) -> None:
    if target == "excel":
        pytest.skip("Excel has no such numbers, which the export says")
    save_model(
        model_of(["a", "b"], [1.7976931348623157e308, -2.2250738585072014e-308], 0.0), "model.json"
    )
    rows = [["1", "0"], ["0", "1"], ["-0.5", "2"]]
    found = runner(export(linreg, target), ["a", "b"], rows)
    assert found == [1.7976931348623157e308, -2.2250738585072014e-308, -8.988465674311579e307]


def test_every_target_is_run() -> None:
    assert set(TARGETS) == {*RUNNERS, "latex"}


# SQL


def test_sql_is_an_expression_with_float64_constants(linreg: Linreg) -> None:
    save_model(model_of(["sq ft", 'a"b'], [300.0, -1e-07], -2.0), "model.json")
    expected = '(-2.0e0 + 300.0e0 * "sq ft" - 1e-07 * "a""b")\n'
    assert linreg("export", "model.json", "--to", "sql").stdout == expected


def test_sql_divides_no_integers(linreg: Linreg) -> None:
    save_model(model_of(["n"], [1.0], 1.0), "model.json")
    expression = linreg("export", "model.json", "--to", "sql").stdout
    query = f"SELECT {expression} / 4 FROM (SELECT 2 AS n)"  # noqa: S608  # our own text
    assert duckdb.execute(query).fetchall() == [(0.75,)]


# Python


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


# JavaScript


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


# awk


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


# Excel


def excel_constants(formula: str) -> list[tuple[str, ...]]:
    """Give the constants of a formula, in order: one text, or the two of a sum."""
    line = formula.partition("=IF(")[2].partition("=")[2].partition(",")[2].rpartition(",")[0]
    line = re.sub(r"\*\[@\[.*?\]\]", " ", line)
    number = r"\d+(?:\.\d+)?(?:E[+-]\d+)?"
    pattern = rf"\((-?{number})([+-]{number})\)|(-?{number})"
    return [tuple(filter(None, found.groups())) for found in re.finditer(pattern, line)]


@pytest.mark.parametrize(
    "value",
    [158.16747658183482, 0.1 + 0.2, 1 / 3, 2 / 3, math.pi * 1e200, math.e * 1e-200,
     9007199254740991.0, 1e22, 5e-290, 123456789012345680.0, 1.0000000000000002],
)  # fmt: skip
def test_excel_reads_every_digit_though_it_takes_15(linreg: Linreg, value: float) -> None:
    save_model(model_of(["x"], [value], -value), "model.json")
    first, second = excel_constants(linreg("export", "model.json", "--to", "excel").stdout)
    for texts, expected in ((first, -value), (second, value)):
        for text in texts:
            digits = re.sub(r"E.*|\D", "", text).strip("0")
            assert len(digits) <= 15
        assert sum(map(float, texts)) == expected


def test_excel_names_the_columns_of_its_table(linreg: Linreg) -> None:
    save_model(model_of(["sq ft", "it's [#1] @"], [300.0, -1e-07], -2.0), "model.json")
    assert linreg("export", "model.json", "--to", "excel").stdout == (
        "=IF(COUNT([@[sq ft]],[@[it''s '['#1'] '@]])=2,"
        "-2+300*[@[sq ft]]-1E-07*[@[it''s '['#1'] '@]],\"\")\n"
    )


@pytest.mark.parametrize("value", [1.5e308, 1e-310, 1 / 3 * 1e-295, -1.5e308])
def test_excel_refuses_a_number_that_it_has_not(linreg: Linreg, value: float) -> None:
    save_model(model_of(["x"], [value], 0.0), "model.json")
    done = linreg("export", "model.json", "--to", "excel")
    assert (done.status, done.stdout) == (2, "")
    assert f"Excel cannot hold the constant {abs(value)!r}" in done.stderr


def test_excel_refuses_a_formula_that_is_too_long(linreg: Linreg) -> None:
    save_model(model_of(["x" * 2000, "y" * 2100], [1.0, 2.0], 0.0, y="z"), "model.json")
    done = linreg("export", "model.json", "--to", "excel")
    assert (done.status, done.stdout) == (2, "")
    assert "Error: the formula has 2 features and 8,2" in done.stderr


@pytest.mark.parametrize("target", ["sql", "excel"])
def test_names_that_a_target_takes_for_one_are_refused(linreg: Linreg, target: str) -> None:
    save_model(model_of(["Rooms", "rooms"], [1.0, 2.0], 0.0), "model.json")
    done = linreg("export", "model.json", "--to", target)
    assert (done.status, done.stdout) == (2, "")
    assert "cannot tell the columns 'Rooms' and 'rooms' apart" in done.stderr


# ONNX


def test_an_onnx_file_is_valid_and_says_what_it_is(linreg: Linreg) -> None:
    save_model(model_of(["sqft", "beds"], [2.5, -1.0], 10.0, y="größe"), "model.json")
    found: Any = onnx.load_from_string(export(linreg, "onnx"))
    onnx.checker.check_model(found, full_check=True)
    assert {entry.key: json.loads(entry.value) for entry in found.metadata_props} == {
        "features": ["sqft", "beds"], "target": "größe",
    }  # fmt: skip


def test_onnx_says_how_to_install_what_it_needs(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_model(model_of(["x"], [2.0], 1.0), "model.json")
    monkeypatch.setitem(sys.modules, "onnx", None)
    done = linreg("export", "model.json", "--to", "onnx", "-o", "line.onnx")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: --to onnx needs the package onnx\nHint: pip install 'linreg-cli[onnx]'\n"
    )
    assert not Path("line.onnx").exists()


def test_onnx_goes_into_a_pipe_but_not_to_a_terminal(linreg: Linreg, script: str) -> None:
    save_model(model_of(["x"], [2.0], 1.0), "model.json")
    command = [script, "export", "model.json", "--to", "onnx"]
    piped = subprocess.run(command, capture_output=True, check=True, timeout=TIMEOUT)
    assert piped.stdout == export(linreg, "onnx")
    master, terminal = pty.openpty()
    shown = subprocess.run(
        command, stdout=terminal, stderr=subprocess.PIPE, check=False, timeout=TIMEOUT
    )
    os.close(terminal)
    with pytest.raises(OSError, match="Input/output error"):  # nothing was written
        os.read(master, 1)
    os.close(master)
    assert shown.returncode == 2
    assert shown.stderr.decode() == (
        "Error: --to onnx writes a binary file, not text for a terminal\nHint: Add --output FILE.\n"
    )


# LaTeX


def latex_weights(text: str) -> dict[str, float]:
    """Read the formula back: the constant of each name, that of no name is b."""
    left, _, right = text.partition("=\n")
    assert left.startswith(r"\widehat{\text{")
    weights = {}
    for line in right.splitlines():
        found = re.fullmatch(
            r"  ([+-] ?)?([\d.]+)(?: \\times 10\^\{(-?\d+)\})?(?: \\cdot \\text\{(.*)\})?", line
        )
        assert found, line
        sign, digits, exponent, name = found.groups()
        value = float(f"{digits}e{exponent or 0}")
        weights[name or ""] = -value if (sign or "").startswith("-") else value
    return weights


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_latex_has_every_digit_of_the_weights(linreg: Linreg, case: Case) -> None:
    case.save()
    b = {"": case.b} if case.has_intercept else {}
    expected = b | {f"x{j}": m for j, m in enumerate(case.m)}
    if case.centers:  # which the formula has in parentheses
        text = linreg("export", "model.json", "--to", "latex").stdout
        for center in case.centers:
            sign = "+" if center.startswith("-") else "-"
            digits = center.removeprefix("-").replace("1e-7", "0.0000001")
            assert f" {sign} {digits})" in text
        return
    assert latex_weights(linreg("export", "model.json", "--to", "latex").stdout) == expected


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


def test_latex_has_the_center_as_it_is_in_the_model(linreg: Linreg) -> None:
    CASES["far from zero"].save()
    assert linreg("export", "model.json", "--to", "latex").stdout == (
        "\\widehat{\\text{y}} =\n  605.0\n  + 3.0 \\cdot (\\text{x0} - 1700000000000000200)\n"
    )


def test_latex_is_an_equation(linreg: Linreg) -> None:
    save_model(model_of(["sq_ft", "a\\b"], [-3.5e-12, 2.0], -5.0, y="50%"), "model.json")
    assert linreg("export", "model.json", "--to", "latex").stdout == (
        "\\widehat{\\text{50\\%}} =\n"
        "  -5.0\n"
        "  - 3.5 \\times 10^{-12} \\cdot \\text{sq\\_ft}\n"
        "  + 2.0 \\cdot \\text{a\\textbackslash{}b}\n"
    )


def test_latex_compiles_with_any_name(linreg: Linreg) -> None:
    names = [name for name in STRANGE if max(name) <= "\u024f"] + BEYOND_A_CELL + ["\u202e", "\x00"]
    save_model(model_of(names, [1e-300] * len(names), 0.5, y="a\n\nb"), "model.json")
    formula = export(linreg, "latex").decode()
    Path("paper.tex").write_text(
        "\\documentclass{article}\\usepackage{amsmath}\n"
        f"\\begin{{document}}\n\\begin{{equation}}\n{formula}\\end{{equation}}\n\\end{{document}}\n"
    )
    pdflatex = runners.program("pdflatex")
    done = subprocess.run(
        [pdflatex, "-halt-on-error", "-interaction=nonstopmode", "paper.tex"],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")
    assert b"Missing character" not in done.stdout


# the command


@pytest.mark.parametrize("target", TARGETS)
def test_standard_output_has_what_a_file_would_have(
    linreg: Linreg, script: str, target: str
) -> None:
    CASES["several"].save()
    done = subprocess.run(
        [script, "export", "-", "--to", target],
        input=Path("model.json").read_bytes(),
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
    )
    assert done.stderr == b""
    assert done.stdout == export(linreg, target)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["model.json"], 2, "--to is missing"),
        (["model.json", "--to", "fortran"], 2, "'fortran' is not one of sql, python, excel"),
        (["model.json", "--to", "c", "-o", ""], 2, "--output is empty"),
        (["model.json", "--to", "c", "-o", "model.json"], 2, "model.json is named twice"),
        (["model.json", "--to", "c", "-o", "no/line.c"], 3, "no/line.c: cannot write the export"),
        (["rows.csv", "--to", "c"], 4, "rows.csv: is not JSON"),
        (["none.json", "--to", "c"], 4, "none.json: no such model file"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    linreg: Linreg, folder: Path, arguments: list[str], status: int, message: str
) -> None:
    CASES["several"].save()
    before = snapshot(folder)
    done = linreg("export", *arguments)
    assert (done.status, done.stdout) == (status, "")
    assert message in " ".join(done.stderr.split())
    assert snapshot(folder) == before


def test_a_reader_that_goes_away_ends_it_quietly(shell: Shell) -> None:
    CASES["several"].save()
    done = shell("set -o pipefail; linreg export model.json --to awk | true")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="sqlite3 is not installed")
def test_an_expression_can_be_put_into_a_query_of_the_shell(shell: Shell) -> None:
    save_model(model_of(["sq ft"], [300.0], 1.0), "model.json")
    Path("rows.csv").write_text("sq ft\n500\n")
    done = shell(
        "sqlite3 :memory: '.import --csv rows.csv rows' "
        '"SELECT $(linreg export model.json --to sql) FROM rows"'
    )
    assert (done.status, done.stdout, done.stderr) == (0, "150001.0\n", "")
