"""linreg export --to latex and --to onnx, and its command line."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import onnx
import pytest

from linreg_cli.model.model_file import save_model
from linreg_cli.output.export.targets import TARGETS
from tests import runners
from tests.conftest import TIMEOUT, Linreg, Shell, snapshot
from tests.output.exports import BEYOND_A_CELL, CASES, STRANGE, Case, export, model_of
from tests.output.table_runs import Table, run_onnx


def test_an_onnx_file_is_valid_and_says_what_it_is(linreg: Linreg) -> None:
    save_model(model_of(["sqft", "beds"], [2.5, -1.0], 10.0, y="größe"), "model.json")
    found: Any = onnx.load_from_string(export(linreg, "onnx"))
    onnx.checker.check_model(found, full_check=True)
    assert {entry.key: json.loads(entry.value) for entry in found.metadata_props} == {
        "features": ["sqft", "beds"], "target": "größe",
    }  # fmt: skip


def test_onnxruntime_leaves_out_no_operation(linreg: Linreg) -> None:
    # it takes numbers for 0 or 1 that are so as 32-bit floats
    table = Table(("x", "z", "y"), [("1e9", "3e-50", ""), ("5", "1e-50", "")], ("x", "z", "y"))
    table.write("new.csv")
    rows = "".join(f"{x},{z}e-50,{x * 1.00000001 + z:.8f}\n" for x, z in ((1, 2), (2, 2), (3, 1)))
    for terms in (["x", "z"], ["I(x*1.00000001)", "z"], ["I(x/1.00000001)", "I((z - 1e-50)*1e50)"]):
        x = [word for term in terms for word in ("-x", term)]
        done = linreg(
            "train", "-", *x, "-y", "y", "--solver", "exact", "-q", stdin=f"x,z,y\n{rows}"
        )
        assert done.status == 0, done.stderr
        done = linreg("predict", "model.json", "new.csv", "--only", "-q")
        expected = [float(line) for line in done.stdout.splitlines()]
        exported = linreg("export", "model.json", "--to", "onnx", "-o", "model.onnx")
        assert exported.status == 0, exported.stderr
        found = run_onnx(Path("model.onnx").read_bytes(), table)
        assert found == pytest.approx(expected, rel=1e-14)


def test_an_onnx_file_divides_a_column_by_a_number(linreg: Linreg) -> None:
    linreg("train", "-", "-x", "I(x/2)", "-y", "y", "-q", stdin="x,y\n1,1\n2,3\n3,5\n")
    found = run_onnx(export(linreg, "onnx"), Table(("x",), [("5",), ("0",)], ("x",)))
    assert found == pytest.approx([9, -1])  # y = 2x - 1


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
        (["model.json", "--to", "fortran"], 2, "'fortran' is not one of sql, sqlite, python"),
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


def test_latex_writes_transforms_in_the_notation_of_mathematics(linreg: Linreg) -> None:
    Path("rows.csv").write_text(
        "price,lot,kind\n10,1,a\n12,4,b\n9,2,a\n15,8,b\n20,3,a\n11,9,b\n13,7,a\n"
    )
    formula = "log(price) ~ log2(lot) + I(lot^2 / 3) + sqrt(I(lot + 1)) + C(kind):lot"
    done = linreg("train", "rows.csv", "--formula", formula, "--solver", "exact", "-q")
    assert done.status == 0, done.stderr
    text = linreg("export", "model.json", "--to", "latex").stdout
    assert text.startswith("\\widehat{\\ln(\\text{price})} =\n")
    for feature in (
        r"\log_{2}(\text{lot})", r"\frac{\text{lot}^{2}}{3.0}", r"\sqrt{\text{lot} + 1.0}",
        r"\text{kind[a]} \cdot \text{lot}", r"\text{kind[b]} \cdot \text{lot}",
    ):  # fmt: skip
        assert feature in text
    undone = linreg("export", "model.json", "--to", "latex", "--inverse").stdout
    right = text.partition("=\n")[2]
    assert undone == f"\\widehat{{\\text{{price}}}} =\n  \\exp(\n{right}  )\n"
