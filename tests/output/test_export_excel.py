"""linreg export --to excel."""

import math
import re

import pytest

from linreg_cli.model.model_file import save_model
from tests.conftest import Linreg
from tests.output.exports import model_of


def excel_constants(formula: str) -> list[tuple[str, ...]]:
    """Return the constants of a formula, in order: one text, or the two of a sum."""
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
