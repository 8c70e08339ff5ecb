"""The factor of XᵀX in balls: what is computed from it, against fractions."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from linreg_cli.exact.correct_rounding import correctly_rounded
from linreg_cli.training.products_factor import ProductsFactor
from linreg_cli.training.scaling import Scaling
from tests.exactly import Exactly
from tests.models import plain_moments

NEAR = [(f"{k}", f"{k * k}", f"{100 * (k + k * k) + k % 3}e-2", f"{k**3}") for k in range(1, 9)]
"""The third column is nearly the sum of the others."""


def factor_of(
    rows: Sequence[tuple[str, ...]], *, has_intercept: bool, scale: bool = True
) -> ProductsFactor:
    moments = plain_moments(rows)
    scaling = Scaling.of(moments, has_intercept=has_intercept, scale=scale)
    return ProductsFactor(moments, scaling, range(len(rows[0]) - 1 + has_intercept))


def is_close(ball: arb, value: Fraction) -> bool:
    """Return whether a ball holds a number, and hardly anything else."""
    exact = arb(fmpq(value.numerator, value.denominator))
    return ball.overlaps(exact) and ball.rel_accuracy_bits() > 150


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_the_diagonal_of_the_inverse_is_the_exact_one_rounded(
    *, has_intercept: bool, scale: bool
) -> None:
    factor = factor_of(NEAR, has_intercept=has_intercept, scale=scale)
    exactly = Exactly.of(NEAR, has_intercept=has_intercept)
    wanted = [float(row[j]) for j, row in enumerate(exactly.inverse)]
    assert correctly_rounded(factor.inverse_diagonal) == wanted


@pytest.mark.parametrize("has_intercept", [True, False])
def test_columns_and_entries_of_the_inverse_are_those_of_fractions(*, has_intercept: bool) -> None:
    factor = factor_of(NEAR, has_intercept=has_intercept, scale=False)
    inverse = Exactly.of(NEAR, has_intercept=has_intercept).inverse
    positions = [len(inverse) - 1, 0]
    with ctx.workprec(256):
        columns = factor.inverse_columns(positions)
        assert is_close(factor.inverse_entry(1), inverse[1][1])
        for position, column in zip(positions, columns, strict=True):
            for ball, row in zip(column, inverse, strict=True):
                assert is_close(ball, row[position])


@pytest.mark.parametrize("has_intercept", [True, False])
def test_the_rounded_triangles_are_inverse_and_give_the_products(*, has_intercept: bool) -> None:
    factor = factor_of(NEAR, has_intercept=has_intercept)
    R, inverse = factor.triangle(), factor.inverse_triangle()
    assert not np.tril(R, -1).any()
    assert not np.tril(inverse, -1).any()
    # the condition number is about 1e4
    np.testing.assert_allclose(R @ inverse, np.eye(len(R)), atol=1e-11)
    x = np.array([[float(cell) for cell in row[:-1]] for row in NEAR])
    z = (x - x.mean(axis=0)) / x.std(axis=0) if has_intercept else x / np.sqrt((x**2).mean(axis=0))
    Z = np.column_stack([np.ones(len(z)), z]) if has_intercept else z
    np.testing.assert_allclose(R.T @ R, Z.T @ Z, rtol=1e-13, atol=1e-12)


def test_one_factor_serves_all_that_asks_at_the_same_precision() -> None:
    factor = factor_of(NEAR, has_intercept=True)
    with ctx.workprec(64):
        first = factor.lower_and_inverse()
    with ctx.workprec(128):
        assert factor.lower_and_inverse() is first


def test_a_singular_matrix_asks_for_more_bits() -> None:
    rows = [("1", "2", "5"), ("2", "4", "6"), ("3", "6", "9")]
    with pytest.raises(ZeroDivisionError):
        factor_of(rows, has_intercept=False, scale=False).lower_and_inverse()
