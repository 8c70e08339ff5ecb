"""Inverses of targets: which have one, and for which values."""

import math

import pytest

from linreg_cli.design import Inverse, Term, parse_expression
from linreg_cli.errors import UsageError


def inverse_of(target: str) -> Inverse:
    return Inverse.of(Term((parse_expression(target, ["v"], "--y"),)))


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
        ("I(v / 1000)", 2.5, 2500.0),
        ("I(100 - 3 * v)", 10.0, 30.0),
        ("I(2 + v - 0.5)", 4.0, 2.5),
        ("I(v * (2 / 3 + 1))", 5.0, 3.0),
        ("log(I(v / 1000))", 1.5, 1000 * math.exp(1.5)),
        ("I(log(v) * 2 + 1)", 4.0, math.exp(1.5)),
        ("log10(log1p(I(v + 2)))", -0.25, math.expm1(10**-0.25) - 2),
        ("v^3", -8.0, -2.0),
        ("v^3", 0.0, 0.0),
        ("I(v - 1)^5", 243.0, 4.0),
        ("I(1 / v)", -0.25, -4.0),
        ("I(1 / v)", 0.0, math.nan),
        ("v^-3", 0.125, 2.0),
        ("sqrt(v)^2", 9.0, 9.0),
        ("sqrt(v)^2", -9.0, math.nan),
        ("exp(v)^-2", 4.0, math.log(0.5)),
        ("I(2 / sqrt(v))", 4.0, 0.25),
        ("I(2 / sqrt(v))", -4.0, math.nan),
        ("log(v)", 709.7, math.exp(709.7)),
        ("log(v)", 710.0, math.nan),
        ("log(v)", 1e18, math.nan),
        ("log(v)", 1e300, math.nan),
        ("log(v)", -1e300, 0.0),
        ("log2(v)", 1024.0, math.nan),
        ("log2(v)", 1023.0, 2.0**1023),
        ("log10(v)", math.nan, math.nan),
    ],
)
def test_a_value_has_an_inverse_if_each_step_has_one(
    target: str, value: float, expected: float
) -> None:
    [found] = inverse_of(target).of_values([value])
    assert found == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    ("target", "lower", "upper", "expected"),
    [
        ("log(v)", -1.0, 2.0, (math.exp(-1), math.exp(2))),
        ("log(v)", 5.0, 800.0, (math.exp(5), math.nan)),
        ("sqrt(v)", -1.0, 2.0, (0.0, 4.0)),
        ("sqrt(v)", -2.0, -1.0, (math.nan, math.nan)),
        ("exp(v)", -1.0, 2.0, (math.nan, math.log(2))),
        ("exp(v)", -2.0, 0.0, (math.nan, math.nan)),
        ("I(-v)", -1.0, 2.0, (-2.0, 1.0)),
        ("I(5 - v / 2)", 1.0, 2.0, (6.0, 8.0)),
        ("I(1 / v)", 0.5, 4.0, (0.25, 2.0)),
        ("I(1 / v)", -4.0, -0.5, (-2.0, -0.25)),
        ("I(1 / v)", -1.0, 1.0, (math.nan, math.nan)),
        ("I(-1 / v)", 0.5, 4.0, (-2.0, -0.25)),
        ("v^-3", 0.125, 8.0, (0.5, 2.0)),
        ("v^-3", 0.0, 8.0, (math.nan, math.nan)),
        ("sqrt(v)^-2", -1.0, 4.0, (0.25, math.nan)),
        ("exp(I(-v))", -1.0, 1.0, (0.0, math.nan)),
        ("log1p(sqrt(v))", -1.0, 1.0, (0.0, math.expm1(1) ** 2)),
    ],
)
def test_an_interval_has_the_numbers_whose_values_are_in_it(
    target: str, lower: float, upper: float, expected: tuple[float, float]
) -> None:
    [low], [high] = inverse_of(target).of_intervals([lower], [upper])
    assert (low, high) == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    "target", ["abs(v)", "v^2", "v^-4", "I(v * v)", "I(v / 0)", "I(0 * v)", "I(v + v)", "abs(v)^2"]
)
def test_a_target_that_two_numbers_can_have_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match="has no inverse"):
        inverse_of(target)


@pytest.mark.parametrize(
    ("target", "is_affine"),
    [("I(v / 1000)", True), ("I(3 - 2 * v)", True), ("log(v)", False), ("v^3", False)],
)
def test_a_mean_is_that_of_the_numbers_if_the_target_is_affine(
    target: str, *, is_affine: bool
) -> None:
    assert inverse_of(target).is_affine is is_affine
