"""Tests of the errors of a fit: constant variance, normal distribution, functional form.

They follow from sums of products of up to four columns; no row is read. All statistics are
fractions, rounded once; only p is not.
"""

from collections.abc import Sequence

from flint import arb, fmpq, fmpz_mat
from msgspec import Struct

from linreg_cli.exact import (
    chi_squared_p_value,
    correctly_rounded,
    f_p_value,
    independent_columns,
    root_to_float,
    to_float,
    with_log10,
)
from linreg_cli.moments import Moments
from linreg_cli.statistics.residual_sums import PowerSums, predictions_of, residuals_of


class DiagnosticTest(Struct, frozen=True, kw_only=True):
    """One test of the errors.

    Attributes
    ----------
    name
        Its name in tables.
    statistic, p, p_log10
        The statistic, the probability of one at least as large if the assumption holds, and its
        decimal logarithm; None if the test is undefined.
    degrees_of_freedom
        One number for a chi-squared distribution, two for an F distribution.
    meaning
        What a small p says; why the test is undefined, if it is.

    """

    name: str
    statistic: float | None
    degrees_of_freedom: tuple[int, ...]
    p: float | None
    p_log10: float | None
    meaning: str


class Diagnostics(Struct, frozen=True, kw_only=True):
    """The tests of the errors, and the shape of the distribution of the residuals.

    Attributes
    ----------
    breusch_pagan
        Whether the variance of the errors depends on the features.
    white
        The same, with the squares and products of the features.
    jarque_bera
        Whether the errors have a normal distribution.
    reset
        Whether the squared prediction improves the fit.
    skewness, kurtosis
        Of the residuals; 0 and 3 for a normal distribution. None if all are equal.

    """

    breusch_pagan: DiagnosticTest
    white: DiagnosticTest
    jarque_bera: DiagnosticTest
    reset: DiagnosticTest
    skewness: float | None
    kurtosis: float | None

    @property
    def tests(self) -> tuple[DiagnosticTest, ...]:
        """All tests, in the order of the table."""
        return self.breusch_pagan, self.white, self.jarque_bera, self.reset


def diagnose(moments: Moments, weights: Sequence[fmpq], *, has_intercept: bool) -> Diagnostics:
    """Return the tests of the errors of weights on some rows.

    Parameters
    ----------
    moments
        The moments of the rows, with the products of up to four columns.
    weights
        The intercept (0 if there is none), then the weight of each feature: residuals and
        predictions are theirs.
    has_intercept
        Whether RESET fits an intercept.

    Notes
    -----
    Breusch-Pagan regresses e² on 1 and the features, White on 1, the features, their squares and
    their products; the statistic is n R². RESET regresses y on the features with and without ŷ²,
    and has the F statistic of ŷ². Columns that depend on others are left out. Source: R. Koenker,
    Journal of Econometrics 17 (1981), 107-112, for the form of the test of T. Breusch and A. Pagan,
    Econometrica 47 (1979); H. White, Econometrica 48 (1980), 817-838; C. Jarque and A. Bera,
    Economics Letters 6 (1980), 255-259; J. Ramsey, Journal of the Royal Statistical Society B 31
    (1969), 350-371.

    """
    residuals = residuals_of(moments, weights)
    features = range(len(moments.columns))  # with the constant, without the target
    pairs = [(i, j) for i in features for j in range(i + 1)]
    skewness, kurtosis, jarque_bera = _normality(moments, residuals)
    return Diagnostics(
        breusch_pagan=_variance_test(
            "Breusch-Pagan",
            residuals,
            [(j, 0) for j in features],
            "A small p says that the variance of the errors changes with the features: use "
            "--robust standard errors.",
        ),
        white=_variance_test(
            "White",
            residuals,
            pairs,
            "A small p says that the variance of the errors changes with the features, their "
            "squares or their products.",
        ),
        jarque_bera=jarque_bera,
        reset=_form(moments, predictions_of(moments, weights), has_intercept=has_intercept),
        skewness=skewness,
        kurtosis=kurtosis,
    )


def _variance_test(
    name: str, residuals: PowerSums, pairs: Sequence[tuple[int, int]], meaning: str
) -> DiagnosticTest:
    """Return the test n R² of the regression of e² on products of two columns, 1 among them."""
    rows = residuals.product((0, 0, 0, 0))  # which all weigh 1
    gram = fmpz_mat([[residuals.product((*a, *b)) for b in pairs] for a in pairs])
    independent = independent_columns(gram)
    free = len(independent) - 1
    mean_part = fmpq(residuals.square(0, 0) ** 2, rows)
    total = residuals.fourth_power - mean_part
    if not total:
        return _undefined(name, (free,), "all residuals have the same size")
    if not free:
        return _undefined(name, (free,), "the features are constant")
    if free >= rows - 1:
        columns = "columns of features, squares and products" if name == "White" else "features"
        return _undefined(
            name, (free,), f"{rows} rows are too few for a regression on {free} {columns}"
        )
    products = [[residuals.square(*pairs[j])] for j in independent]
    explained = _explained(gram, independent, products, products) - mean_part
    return _chi_squared_test(name, rows * explained / total, free, meaning)


def _explained(
    gram: fmpz_mat,
    independent: Sequence[int],
    left: Sequence[Sequence[int]],
    right: Sequence[Sequence[int]],
) -> fmpq:
    """Return lᵀ G⁻¹ r for the products l and r of two columns with the independent ones."""
    square = fmpz_mat([[gram[i, j] for j in independent] for i in independent])
    solved = square.solve(fmpz_mat(right))
    return sum((a * b for [a], b in zip(left, solved.entries(), strict=True)), fmpq(0))


def _normality(
    moments: Moments, residuals: PowerSums
) -> tuple[float | None, float | None, DiagnosticTest]:
    """Return skewness, kurtosis and n/6 (S² + (K - 3)²/4), from moments about the mean."""
    name = "Jarque-Bera"
    meaning = (
        "A small p says that the errors do not have a normal distribution, which intervals of "
        "predictions assume."
    )
    n = moments.rows
    first = fmpq(residuals.first, n)
    second, third, fourth = (
        fmpq(power, n)
        for power in (residuals.square(0, 0), residuals.cube(0), residuals.fourth_power)
    )
    variance = second - first**2
    if not variance:
        return None, None, _undefined(name, (2,), "all residuals are equal")
    central_third = third - 3 * first * second + 2 * first**3
    central_fourth = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
    squared_skewness = central_third**2 / variance**3
    kurtosis = central_fourth / variance**2
    skewness = root_to_float(squared_skewness) * (-1 if central_third < 0 else 1)
    statistic = fmpq(n, 6) * (squared_skewness + (kurtosis - 3) ** 2 / 4)
    return skewness, to_float(kurtosis), _chi_squared_test(name, statistic, 2, meaning)


def _form(moments: Moments, predictions: PowerSums, *, has_intercept: bool) -> DiagnosticTest:
    """Return the F test of ŷ² beside the features."""
    target = len(moments.columns)
    columns = list(range(1 - has_intercept, target))
    gram = fmpz_mat([[predictions.product((0, 0, i, j)) for j in columns] for i in columns])
    independent = independent_columns(gram)
    squares = [[predictions.square(0, columns[j])] for j in independent]
    targets = [[predictions.product((0, 0, columns[j], target))] for j in independent]
    # what the features leave of ŷ², of y, and of their product
    rest = predictions.fourth_power - _explained(gram, independent, squares, squares)
    cross = predictions.square(0, target) - _explained(gram, independent, squares, targets)
    unexplained = predictions.product((0, 0, target, target)) - _explained(
        gram, independent, targets, targets
    )
    free = moments.rows - len(independent) - 1
    if free <= 0:
        why = f"{moments.rows} rows leave no degrees of freedom beside the squared prediction"
        return _undefined("RESET", (1, 0), why)
    if not rest:
        return _undefined("RESET", (1, free), "the features determine the squared prediction")
    explained = cross**2 / rest
    left = unexplained - explained
    if not left:
        why = "with the squared prediction the fit has no error"
        return _undefined("RESET", (1, free), why)
    ratio = explained / (left / free)
    p, p_log10 = correctly_rounded(lambda: with_log10(f_p_value(arb(ratio), 1, free)))
    return DiagnosticTest(
        name="RESET",
        statistic=to_float(ratio),
        degrees_of_freedom=(1, free),
        p=p,
        p_log10=p_log10,
        meaning="A small p says that the relation is not linear: the squared prediction improves "
        "the fit.",
    )


def _undefined(name: str, free: tuple[int, ...], why: str) -> DiagnosticTest:
    return DiagnosticTest(
        name=name,
        statistic=None,
        degrees_of_freedom=free,
        p=None,
        p_log10=None,
        meaning=f"undefined: {why}.",
    )


def _chi_squared_test(name: str, statistic: fmpq, free: int, meaning: str) -> DiagnosticTest:
    p, p_log10 = correctly_rounded(lambda: with_log10(chi_squared_p_value(arb(statistic), free)))
    return DiagnosticTest(
        name=name,
        statistic=to_float(statistic),
        degrees_of_freedom=(free,),
        p=p,
        p_log10=p_log10,
        meaning=meaning,
    )
