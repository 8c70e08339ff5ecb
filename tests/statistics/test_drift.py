"""Chow's test for drift: against three fits by statsmodels, and against fractions."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.statistics.drift import Drift, check_drift
from tests import references
from tests.exactly import Exactly
from tests.models import NOISY, plain_moments, weighted_moments
from tests.references import Floats, real_data

CELLS = st.builds("{}e{}".format, st.integers(-999, 999), st.integers(-3, 1))


def chow_by_hand(
    one: tuple[Floats, Floats], other: tuple[Floats, Floats], weights: Sequence[Floats] = ()
) -> tuple[float, float, int, int]:
    """Work the test out from three fits: F, p and the degrees of freedom."""
    old, new = weights or [np.ones(len(y)) for _, y in (one, other)]
    X, y = (np.concatenate(pair) for pair in zip(one, other, strict=True))
    w = np.concatenate([old, new])
    fits = [
        sm.WLS(target, design, weights=part).fit()
        for (design, target), part in ((one, old), (other, new), ((X, y), w))
    ]
    apart, together = fits[0].ssr + fits[1].ssr, fits[2].ssr
    k = one[0].shape[1]
    free = len(y) - 2 * k
    f = ((together - apart) / k) / (apart / free)
    # p as statsmodels tests it: in one fit of all rows, the new ones add nothing to the weights
    split = np.vstack([np.hstack([one[0], 0 * one[0]]), np.hstack([other[0], other[0]])])
    nested = sm.WLS(y, split, weights=w).fit()
    tested = nested.f_test(np.hstack([np.zeros((k, k)), np.eye(k)]))
    assert float(tested.fvalue) == pytest.approx(f, rel=1e-5)
    return f, float(tested.pvalue), k, free


HALVES = [("statecrime", 26), ("ccard", 40), ("elnino", 30), ("star98", 150), ("engel", 100)]


@pytest.mark.parametrize("has_intercept", [True, False])
@pytest.mark.parametrize(("name", "at"), HALVES)
def test_drift_is_the_chow_test_of_three_fits(name: str, at: int, *, has_intercept: bool) -> None:
    data = real_data(name)
    rows, design = data.rows(), data.design(has_intercept=has_intercept)
    found = check_drift(
        plain_moments(rows[:at]), plain_moments(rows[at:]), has_intercept=has_intercept
    )
    f, p, numerator, denominator = chow_by_hand(
        (design[:at], data.y[:at]), (design[at:], data.y[at:])
    )
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert found.f == pytest.approx(f, rel=1e-9)
    assert found.p == pytest.approx(p, rel=1e-6)  # the one large fit loses some digits


def test_drift_of_weighted_rows_is_the_chow_test_of_three_weighted_fits() -> None:
    data = real_data("statecrime")
    rows, weights, design = data.rows(), data.spread_weights(), data.design()
    w = np.array(list(map(float, weights)))
    found = check_drift(
        weighted_moments(rows[:26], weights[:26]),
        weighted_moments(rows[26:], weights[26:]),
        has_intercept=True,
    )
    f, p, *_ = chow_by_hand(
        (design[:26], data.y[:26]), (design[26:], data.y[26:]), [w[:26], w[26:]]
    )
    assert (found.f, found.p) == pytest.approx((f, p), rel=1e-8)


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=3, max_size=7),
    st.lists(st.tuples(CELLS, CELLS), min_size=3, max_size=7),
)
def test_drift_is_the_exact_one_rounded_once(
    one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    assume(all(len({Fraction(x) for x, _ in rows}) > 1 for rows in (one, other)))
    apart = Exactly.of(one).error() + Exactly.of(other).error()
    assume(apart)
    free = len(one) + len(other) - 4
    f = ((Exactly.of([*one, *other]).error() - apart) / 2) / (apart / free)
    found = check_drift(plain_moments(one), plain_moments(other), has_intercept=True)
    assert found == Drift(
        f=float(f),
        p=float(references.f_p(f, 2, free)),
        p_log10=references.log10(references.f_p(f, 2, free)),
        numerator=2,
        denominator=free,
    )


def test_few_new_rows_are_tested_by_prediction() -> None:
    # fewer rows than weights: Chow's second test, with as many degrees of freedom as new rows
    rows = real_data("stackloss").rows()
    old, new = Exactly.of(rows[:-2]).error(), Exactly.of(rows).error()
    f = ((new - old) / 2) / (old / (19 - 4))
    found = check_drift(plain_moments(rows[:-2]), plain_moments(rows[-2:]), has_intercept=True)
    assert found == Drift(
        f=float(f),
        p=float(references.f_p(f, 2, 15)),
        p_log10=references.log10(references.f_p(f, 2, 15)),
        numerator=2,
        denominator=15,
    )


def test_the_same_rows_again_do_not_drift() -> None:
    moments = plain_moments(NOISY)
    assert check_drift(moments, moments, has_intercept=True) == Drift(
        f=0.0, p=1.0, p_log10=0.0, numerator=3, denominator=4
    )


def test_the_order_of_the_two_parts_makes_no_difference() -> None:
    rows = real_data("engel").rows()
    one, other = plain_moments(rows[:100]), plain_moments(rows[100:])
    assert check_drift(one, other, has_intercept=True) == check_drift(
        other, one, has_intercept=True
    )


LINE = [("1", "5"), ("2", "7"), ("3", "9"), ("5", "13")]


def test_two_perfect_fits_of_one_line_do_not_drift() -> None:
    more = [("10", "23"), ("0", "3"), ("4", "11")]
    found = check_drift(plain_moments(LINE), plain_moments(more), has_intercept=True)
    assert found == Drift(f=None, p=1.0, p_log10=0.0, numerator=2, denominator=3)


def test_two_perfect_fits_of_two_lines_drift_for_sure() -> None:
    more = [("10", "24"), ("0", "4"), ("4", "12")]
    found = check_drift(plain_moments(LINE), plain_moments(more), has_intercept=True)
    assert found == Drift(f=None, p=0.0, p_log10=None, numerator=2, denominator=3)


@pytest.mark.parametrize(("old", "new"), [(2, 1), (2, 2), (1, 1)])
def test_too_few_rows_leave_nothing_to_test_drift_with(old: int, new: int) -> None:
    rows = real_data("engel").rows()
    with pytest.raises(FitError) as caught:
        check_drift(
            plain_moments(rows[:old]), plain_moments(rows[old : old + new]), has_intercept=True
        )
    assert caught.value.message == (
        f"no drift test: {old} and {new} rows leave no degrees of freedom"
    )
    assert caught.value.hint == "Evaluate on more rows, or leave out --check-drift."


def test_collinear_columns_are_tested_as_the_columns_that_span_them() -> None:
    rows = real_data("engel").rows()
    twice = [(x, str(2 * Decimal(x)), y) for x, y in rows]
    found = check_drift(plain_moments(twice[:100]), plain_moments(twice[100:]), has_intercept=True)
    expected = check_drift(plain_moments(rows[:100]), plain_moments(rows[100:]), has_intercept=True)
    assert found == expected
