"""Student's t, Fisher's F and chi-squared: the float64 nearest to the formulas of NIST's DLMF."""

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, strategies as st
from scipy import stats

from linreg_cli.exact import distributions
from linreg_cli.exact.correct_rounding import correctly_rounded
from tests import references

DEGREES = st.one_of(st.integers(1, 40), st.sampled_from([99, 100, 927, 1000]))
STATISTICS = st.fractions(min_value=0, max_value=20, max_denominator=10**6)


def ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def t_p(t: Fraction, degrees_of_freedom: int) -> float:
    return correctly_rounded(lambda: [distributions.t_p_value(ball(t), degrees_of_freedom)])[0]


def f_p(f: Fraction, numerator: int, denominator: int) -> float:
    return correctly_rounded(lambda: [distributions.f_p_value(ball(f), numerator, denominator)])[0]


def quantile(confidence: Fraction, degrees_of_freedom: int) -> float:
    level = fmpq(confidence.numerator, confidence.denominator)
    return correctly_rounded(lambda: [distributions.t_quantile(level, degrees_of_freedom)])[0]


@given(STATISTICS, DEGREES)
def test_a_p_value_of_t_is_the_nearest_float(t: Fraction, degrees_of_freedom: int) -> None:
    expected = float(references.t_p(t**2, degrees_of_freedom))
    assert t_p(t, degrees_of_freedom) == t_p(-t, degrees_of_freedom) == expected


@given(STATISTICS, st.integers(1, 40), DEGREES)
def test_a_p_value_of_f_is_the_nearest_float(f: Fraction, m: int, n: int) -> None:
    assert f_p(f, m, n) == float(references.f_p(f, m, n))


def chi_squared_p(x: Fraction, degrees_of_freedom: int) -> float:
    return correctly_rounded(
        lambda: [distributions.chi_squared_p_value(ball(x), degrees_of_freedom)]
    )[0]


@given(st.fractions(min_value=0, max_value=500, max_denominator=10**6), st.integers(1, 30))
def test_a_p_value_of_chi_squared_is_the_nearest_float(x: Fraction, half: int) -> None:
    # for an even number of degrees of freedom it is a finite sum: DLMF 8.4.10
    with localcontext(references.CONTEXT):
        mean = Decimal(x.numerator) / Decimal(2 * x.denominator)
        terms = (mean**k / math.factorial(k) for k in range(1, half))
        expected = float((-mean).exp() * (1 + sum(terms, Decimal())))
    assert chi_squared_p(x, 2 * half) == expected


@pytest.mark.parametrize("degrees_of_freedom", [1, 3, 7, 101])
@pytest.mark.parametrize("x", [Fraction(1, 10**6), Fraction(3, 2), Fraction(40), Fraction(900)])
def test_a_p_value_of_chi_squared_is_that_of_scipy(x: Fraction, degrees_of_freedom: int) -> None:
    expected = stats.chi2.sf(float(x), degrees_of_freedom)
    assert chi_squared_p(x, degrees_of_freedom) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("degrees_of_freedom", [1, 2, 3, 30, 1001])
def test_a_statistic_of_zero_has_a_p_of_1(degrees_of_freedom: int) -> None:
    assert t_p(Fraction(0), degrees_of_freedom) == 1
    assert f_p(Fraction(0), 3, degrees_of_freedom) == 1
    assert chi_squared_p(Fraction(0), degrees_of_freedom) == 1


@pytest.mark.parametrize("t", [Fraction(1, 10**9), Fraction(1, 10**13)])
def test_a_tiny_t_has_a_p_just_below_1(t: Fraction) -> None:
    assert t_p(t, 7) == float(references.t_p(t**2, 7))


def test_a_p_value_below_every_float_is_zero() -> None:
    assert t_p(Fraction(10**6), 200) == 0
    assert f_p(Fraction(10**6), 5, 400) == 0


def test_a_p_value_of_1e_minus_300_keeps_its_digits() -> None:
    # F with 2 and n degrees of freedom: p = (1 + 2 f / n) ** (-n / 2), here 10 ** -300
    f = Fraction(10 * (10**30 - 1))
    assert f_p(f, 2, 20) == 1e-300


def test_cauchy_has_its_formula() -> None:
    # one degree of freedom: p = 1 - 2 atan(t) / π
    assert t_p(Fraction(1), 1) == 0.5


PUBLISHED = [
    # NIST/SEMATECH e-Handbook, 1.3.6.7.2: t with 0.975 below it, to 3 decimals
    (1, "12.706"), (2, "4.303"), (5, "2.571"), (10, "2.228"), (30, "2.042"), (100, "1.984"),
]  # fmt: skip


@pytest.mark.parametrize(("degrees_of_freedom", "printed"), PUBLISHED)
def test_quantiles_are_those_of_the_printed_table(degrees_of_freedom: int, printed: str) -> None:
    assert f"{quantile(Fraction(19, 20), degrees_of_freedom):.3f}" == printed


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    # NIST/SEMATECH e-Handbook, 1.3.6.7.3: F with 0.05 above it, to 3 decimals
    [(1, 1, "161.448"), (3, 7, "4.347"), (5, 10, "3.326"), (10, 20, "2.348"), (4, 100, "2.463")],
)
def test_a_printed_critical_value_of_f_has_a_p_of_a_twentieth(
    numerator: int, denominator: int, printed: str
) -> None:
    half = Fraction(1, 2000)
    above, below = (f_p(Fraction(printed) + e, numerator, denominator) for e in (half, -half))
    assert above < 0.05 < below


@pytest.mark.parametrize("degrees_of_freedom", [1, 2, 3, 8, 25, 101, 928])
@pytest.mark.parametrize(
    "confidence", list(map(Fraction, ["0.01", "0.5", "0.95", "0.99", "0.999999", "0.999999999999"]))
)
def test_a_quantile_is_the_nearest_float(confidence: Fraction, degrees_of_freedom: int) -> None:
    found = quantile(confidence, degrees_of_freedom)
    alpha = references.decimal(1 - confidence)
    neighbours = (math.nextafter(found, 0), math.nextafter(found, math.inf))
    below, above = ((Fraction(found) + Fraction(other)) / 2 for other in neighbours)
    assert references.t_p(above**2, degrees_of_freedom) < alpha
    assert references.t_p(below**2, degrees_of_freedom) > alpha


def test_a_quantile_of_very_many_degrees_of_freedom_is_that_of_the_normal() -> None:
    # 1.959963984540054 is the normal's; t adds (z³ + z) / (4 v)
    assert quantile(Fraction(19, 20), 10**9) == pytest.approx(1.9599639845400545, abs=1e-8)
    assert quantile(Fraction(19, 20), 10**9) > 1.959963984540054


@pytest.mark.parametrize("digits", [17, 30])
def test_a_quantile_next_to_certainty_is_found(digits: int) -> None:
    # two degrees of freedom: t = (1 - a) √(2 / (a (2 - a))), with a = 1 - confidence
    alpha = Fraction(1, 10**digits)
    expected = references.root((1 - alpha) ** 2 * 2 / (alpha * (2 - alpha)))
    assert quantile(1 - alpha, 2) == expected


# very many degrees of freedom


MANY = st.sampled_from([200, 927, 1000])
FEW = st.fractions(min_value=0, max_value=7, max_denominator=10**6)


@given(FEW, MANY)
def test_the_series_for_t_gives_the_nearest_float_too(t: Fraction, degrees_of_freedom: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributions, "MANY", 0)
        found = t_p(t, degrees_of_freedom)
    assert found == float(references.t_p(t**2, degrees_of_freedom))


@given(FEW, st.integers(1, 12), MANY)
def test_the_series_for_f_gives_the_nearest_float_too(f: Fraction, m: int, n: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributions, "MANY", 0)
        found = f_p(f, m, n)
    assert found == float(references.f_p(f, m, n))


@pytest.mark.parametrize("degrees_of_freedom", [10**6, 3 * 10**11, 10**18])
def test_a_quantile_of_any_count_of_rows_is_that_of_the_expansion(degrees_of_freedom: int) -> None:
    # Abramowitz and Stegun 26.7.5, whose next term is below 1e-11 here
    z = 1.9599639845400542
    expected = z + (z**3 + z) / (4 * degrees_of_freedom)
    assert quantile(Fraction(95, 100), degrees_of_freedom) == pytest.approx(expected, rel=1e-11)
    assert t_p(Fraction(expected), degrees_of_freedom) == pytest.approx(0.05, rel=1e-9)


def test_extreme_statistics_of_very_many_degrees_of_freedom() -> None:
    assert t_p(Fraction(0), 10**9) == f_p(Fraction(0), 3, 10**9) == 1
    assert t_p(Fraction(10**6), 10**9) == f_p(Fraction(10**12), 1, 10**9) == 0
    # the normal distribution's: erfc of math
    assert t_p(Fraction(37), 10**18) == pytest.approx(math.erfc(37 / math.sqrt(2)), rel=1e-12)


def log10_p(p: Callable[[], arb]) -> float:
    return correctly_rounded(lambda: distributions.with_log10(p()))[1]


@given(STATISTICS.filter(bool), DEGREES)
def test_a_logarithm_of_p_is_the_nearest_float(t: Fraction, degrees_of_freedom: int) -> None:
    expected = references.log10(references.t_p(t**2, degrees_of_freedom))
    assert log10_p(lambda: distributions.t_p_value(ball(t), degrees_of_freedom)) == expected


@pytest.mark.parametrize("m", [2, 4, 6])
@pytest.mark.parametrize(("f", "n"), [(3000, 10**6), (10**9, 10**6), (10**5, 10**9), (800, 10**13)])
def test_a_logarithm_of_an_f_p_value_below_every_float(f: int, m: int, n: int) -> None:
    # an even m gives (1-x)**b times the first m / 2 terms of (1-x)**-b, for x = m f / (n + m f)
    # (Abramowitz and Stegun 26.6.4)
    with localcontext(prec=200):
        b, x = Decimal(n) / 2, Decimal(m * f) / (n + m * f)
        terms = [Decimal(1), b * x, b * (b + 1) / 2 * x**2][: m // 2]
        expected = b * (1 - x).log10() + sum(terms, Decimal()).log10()
    assert log10_p(lambda: distributions.f_p_value(arb(f), m, n)) == float(expected)
    assert f_p(Fraction(f), m, n) == 0


@pytest.mark.slow
@pytest.mark.parametrize("t", [30, 45])
def test_a_far_tail_of_t_is_that_of_the_finite_sum(t: int) -> None:
    # Abramowitz and Stegun 26.7.4 for even degrees of freedom, which cancels
    v = 2 * distributions.MANY + 2
    with localcontext(prec=100 + 2 * int(v / 2 * math.log10(1 + t * t / v))):
        cosine = Decimal(v) / (v + t * t)
        term = total = Decimal(1)
        for k in range(1, v // 2):
            term *= cosine * (2 * k - 1) / (2 * k)
            total += term
        expected = 1 - (1 - cosine).sqrt() * total
        logarithm = float(expected.log10())
    assert log10_p(lambda: distributions.t_p_value(arb(t), v)) == logarithm
    assert t_p(Fraction(t), v) == float(expected)
