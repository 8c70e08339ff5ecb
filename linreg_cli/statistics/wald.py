"""The Wald test: whether the weights of a fit satisfy linear restrictions."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial

from flint import arb, fmpq, fmpq_mat
from msgspec import Struct

from linreg_cli.design import labels_of
from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact import correctly_rounded, t_p_value, to_float, with_log10
from linreg_cli.model import Model
from linreg_cli.statistics.f_test import f_test
from linreg_cli.statistics.restrictions import Restriction, parse_restrictions
from linreg_cli.statistics.robust_covariance import RobustCovariance
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.statistics.summary_notes import notes_on_saved_weights
from linreg_cli.statistics.weight_statistics import INTERCEPT


class TestedRestriction(Struct, frozen=True, kw_only=True):
    """One restriction by itself.

    Attributes
    ----------
    text
        The equation, as the user wrote its two sides.
    difference
        Its left side minus its right side, with the weights of the fit.
    standard_error, t, p, p_log10
        Of this difference; t and the logarithm are None if the fit is perfect.

    """

    text: str
    difference: float
    standard_error: float
    t: float | None
    p: float
    p_log10: float | None


class WaldTest(Struct, frozen=True, kw_only=True):
    """The joint test of all restrictions; see the fields of `linreg test --json` in the docs.

    Attributes
    ----------
    robust
        The kind of robust standard errors; None for those of a constant variance.
    f, p, p_log10
        The statistic, the probability of one at least as large if the restrictions hold, and its
        decimal logarithm; f is None if the fit is perfect, and all are if the robust covariance of
        the restrictions is singular.
    numerator, denominator
        Degrees of freedom: the number of restrictions, and that of the fit (with errors that are
        robust by cluster: the number of clusters less 1).

    """

    target: str
    rows: int
    robust: str | None
    restrictions: tuple[TestedRestriction, ...]
    f: float | None
    p: float | None
    p_log10: float | None
    numerator: int
    denominator: int
    notes: tuple[str, ...]


def wald_test(
    model: Model, texts: Sequence[str], robust: RobustCovariance | None = None
) -> WaldTest:
    """Test linear restrictions on the weights of a model together, and each by itself.

    Parameters
    ----------
    model
        Its training rows determine the weights that are tested: those of the least-squares fit.
    texts
        The restrictions; `linreg_cli.statistics.restrictions` has their grammar. A category, or a
        product with one, means that all of its weights are 0.
    robust
        Where the covariance of the weights comes from, if the variance of the errors is not
        constant.

    Raises
    ------
    UsageError
        If a restriction cannot be read, follows from those before it, or contradicts them.
    FitError
        If the weights are not unique, or no degrees of freedom are left.

    Notes
    -----
    For restrictions Rw = r the statistic is F = dᵀ (R (XᵀX)⁻¹ Rᵀ)⁻¹ d / (q s²), with d = Rw - r and
    q restrictions. All of it is rational; only p is not. With a robust covariance V of the weights,
    R V Rᵀ takes the place of s² R (XᵀX)⁻¹ Rᵀ. Source: W. Greene, Econometric Analysis
    (8th ed., 2018), section 5.4; A. Wald, Transactions of the American Mathematical Society 54
    (1943).

    """
    fit = SummarizedFit.unique(model)
    places = _places(model)
    equations = [each for text in texts for each in _equations(text, model, places)]
    restrictions = parse_restrictions(equations, places, fit.count)
    _refuse_dependent(restrictions)
    free = fit.degrees_of_freedom
    if not free:
        raise FitError(
            "as many weights as rows: no degrees of freedom are left for a test",
            hint="Train on more rows or with fewer features.",
        )
    factors = fmpq_mat([list(found.factors) for found in restrictions])
    differences = _differences(fit, factors, restrictions)
    if robust and fit.rss:
        free = robust.degrees_of_freedom
        f, p, p_log10 = robust.wald(factors, differences)
        variances = robust.variances_of(factors)
    else:
        covariance = factors * _gram(fit).solve(factors.transpose())
        column = fmpq_mat([[difference] for difference in differences])
        explained = (column.transpose() * covariance.solve(column))[0, 0]
        f, p, p_log10 = f_test(explained, len(restrictions), fit.rss, free)
        variances = [
            partial(arb, fit.rss / free * covariance[i, i]) if fit.rss else None
            for i in range(len(restrictions))
        ]
    return WaldTest(
        target=model.y,
        rows=fit.moments.rows,
        robust=robust.name if robust else None,
        restrictions=tuple(
            _alone(found.text, difference, variance, free)
            for found, difference, variance in zip(
                restrictions, differences, variances, strict=True
            )
        ),
        f=f,
        p=p,
        p_log10=p_log10,
        numerator=len(restrictions),
        denominator=free,
        notes=tuple(notes_on_saved_weights(model)),
    )


def _places(model: Model) -> dict[str, int]:
    """Return the place of each weight by its names: of the column, and b and m as in model.json."""
    has_intercept = model.training.settings.intercept
    short = {"b": 0, INTERCEPT: 0} if has_intercept else {}
    if len(model.x) == 1:
        short["m"] = int(has_intercept)
    return short | {name: j + has_intercept for j, name in enumerate(model.x)}


def _equations(text: str, model: Model, places: Collection[str]) -> list[str]:
    """Return the equations that a text means: those of all weights of a category, or itself."""
    named = re.sub(r"\s*=\s*0\s*$", "", text).strip().strip("`")
    known = model.known_levels
    if known is None or named in places:
        return [text]
    labels = labels_of(known.design.terms)
    for term, features in known.coding.features.items():
        if term.categories and features and named in {term.name, labels[term]}:
            return [f"{feature.name} = 0" for feature in features]
    return [text]


def _refuse_dependent(restrictions: Sequence[Restriction]) -> None:
    """Refuse restrictions that follow from those before them, or contradict them.

    Raises
    ------
    UsageError
        For the first of them.

    """
    for count in range(1, len(restrictions) + 1):
        first = restrictions[:count]
        factors = fmpq_mat([list(found.factors) for found in first])
        if factors.rank() == count:
            continue
        both = fmpq_mat([[*found.factors, found.value] for found in first])
        text = first[-1].text
        if both.rank() == count:
            raise UsageError(
                f"'{text}' contradicts the restrictions before it", hint="Test it by itself."
            )
        raise UsageError(f"'{text}' follows from the restrictions before it", hint="Leave it out.")


def _gram(fit: SummarizedFit) -> fmpq_mat:
    """Return XᵀX."""
    first = 1 - fit.has_intercept
    columns = range(first, first + fit.count)
    return fmpq_mat([[fit.moments.moment(i, j) for j in columns] for i in columns])


def _differences(
    fit: SummarizedFit, factors: fmpq_mat, restrictions: Sequence[Restriction]
) -> list[fmpq]:
    """Return d = Rw - r."""
    values = (factors * fmpq_mat([[w] for w in fit.solution.weights])).entries()
    return [a - found.value for a, found in zip(values, restrictions, strict=True)]


def _alone(
    text: str, difference: fmpq, variance: Callable[[], arb] | None, free: int
) -> TestedRestriction:
    """Return the t test of one restriction; `variance` is that of its difference, None for 0."""
    shown = to_float(difference)
    if variance is None:
        p, p_log10 = (0.0, None) if difference else (1.0, 0.0)
        return TestedRestriction(
            text=text, difference=shown, standard_error=0.0, t=None, p=p, p_log10=p_log10
        )

    def compute() -> list[arb]:
        error = variance().sqrt()
        t = difference / error
        return [error, t, *with_log10(t_p_value(t, free))]

    error, t, p, p_log10 = correctly_rounded(compute)
    return TestedRestriction(
        text=text, difference=shown, standard_error=error, t=t, p=p, p_log10=p_log10
    )
