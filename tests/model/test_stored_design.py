"""The design in a model file: what is stored comes back, and what cannot be is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from linreg_cli.design.design import Design
from linreg_cli.design.known_levels import KnownLevels
from linreg_cli.design.terms import Category, Column, Term
from linreg_cli.model.stored_design import StoredDesign
from tests.conftest import Linreg

ROWS = "a,b,x,y\np,u,1,2\np,v,2,3\nq,u,3,1\nq,v,4,7\np,u,5,5\nq,v,1,1\nq,u,2,2\n"
PRODUCT = [{"category": "a"}, {"category": "b"}, {"column": "x"}]


def test_products_of_categories_come_back() -> None:
    design = Design(
        terms=(Term((Category("a"), Column("x"))), Term((Column("x"), Category("b")))),
        references={"a": "q"},
    )
    known = KnownLevels(design=design, levels={"a": ("p", "q"), "b": ("u",)}, has_intercept=True)
    assert StoredDesign.of(known).known(has_intercept=True) == known


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"terms": [[*PRODUCT, {"category": "a"}]]}, "a term has a factor twice"),
        ({"levels": {"a": [str(i) for i in range(2000)], "b": [str(i) for i in range(2000)]}},
         "a term has too many combinations of levels"),
        ({"levels": {"a": ["p", "q"]}}, "must have the levels of each category"),
        ({"levels": {"a": ["p"], "b": ["u", "v"]}}, "must have the features of 'design'"),
        ({"terms": [PRODUCT[:2]]}, "must have the features of 'design'"),
    ],
)  # fmt: skip
def test_a_design_that_no_model_has_is_refused(
    linreg: Linreg, change: dict[str, Any], reason: str
) -> None:
    Path("rows.csv").write_text(ROWS)
    arguments = ("--formula", "y ~ C(a):C(b):x", "-q", "--epochs", "0")
    assert linreg("train", "rows.csv", *arguments).status == 0
    model = json.loads(Path("model.json").read_text())
    assert model["design"]["terms"] == [PRODUCT]
    model["design"] |= change
    Path("model.json").write_text(json.dumps(model))
    done = linreg("show", "model.json")
    assert done.status == 4
    assert reason in done.stderr
