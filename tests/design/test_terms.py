"""Tests of the names of terms."""

import pytest

from linreg_cli.design.terms import (
    Call,
    Category,
    Column,
    Factor,
    Level,
    Number,
    Operation,
    Term,
)

SQUARE = Operation("^", Column("lot"), Number("2"))


@pytest.mark.parametrize(
    ("factors", "name"),
    [
        ((Column("beds"),), "beds"),
        ((Column("lot size"),), "lot size"),
        ((Call("log", Column("lot size")),), "log(`lot size`)"),
        ((Column("lot size"), Column("beds")), "`lot size`:beds"),
        ((SQUARE,), "lot^2"),
        ((Operation("+", SQUARE, Column("beds")),), "I(lot^2 + beds)"),
        (
            (Operation("^", Operation("+", SQUARE, Column("beds")), Number("2")),),
            "I((lot^2 + beds)^2)",
        ),
        (
            (Operation("-", Column("a"), Operation("-", Column("b"), Column("c"))),),
            "I(a - (b - c))",
        ),
        ((Operation("/", Operation("*", Column("a"), Column("b")), Column("c")),), "I(a * b / c)"),
        ((Level("city", "ELK GROVE"), Column("sqft")), "city[ELK GROVE]:sqft"),
        ((Category("city"),), "C(city)"),
    ],
)
def test_a_term_is_named_as_it_is_written(factors: tuple[Factor, ...], name: str) -> None:
    assert Term(factors).name == name


def test_a_term_needs_each_of_its_columns_once() -> None:
    product = Operation("*", Column("lot"), Call("log", Column("beds")))
    term = Term((product, Level("city", "DAVIS"), Column("lot"), Category("type")))
    assert term.columns == ("lot", "beds", "city", "type")
