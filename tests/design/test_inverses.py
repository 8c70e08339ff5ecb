"""Inverses of transforms inside transforms: which values have one."""

import math

import pytest

from linreg_cli.design import Term, inverted, parse_expression


@pytest.mark.parametrize(
    ("target", "value", "expected"),
    [
        ("log1p(sqrt(v))", -0.5, math.nan),
        ("log1p(sqrt(v))", 0.5, math.expm1(0.5) ** 2),
        ("log2(exp(v))", -0.5, math.log(2**-0.5)),
        ("exp(exp(v))", 0.5, math.nan),
        ("exp(exp(v))", 1.0, math.nan),
        ("exp(exp(v))", 3.0, math.log(math.log(3))),
        ("sqrt(v)", -0.5, math.nan),
        ("exp(v)", 0.0, math.nan),
    ],
)
def test_a_value_has_an_inverse_if_each_step_has_one(
    target: str, value: float, expected: float
) -> None:
    [found] = inverted(Term((parse_expression(target, ["v"], "--y"),)), [value])
    assert found == pytest.approx(expected, rel=1e-14, nan_ok=True)
