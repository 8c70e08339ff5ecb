"""Tests of whole terms of categories: whether levels differ at all, given the other features."""

from collections.abc import Mapping, Sequence

from flint import fmpq, fmpq_mat

from linreg_cli.design import Term, labels_of
from linreg_cli.exact import to_float
from linreg_cli.model import Model
from linreg_cli.statistics.f_test import f_test
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.statistics.summary import CategoryTest
from linreg_cli.training import least_squares

MAX_FEATURES = 100
"""With more features, the exact determinants of a generalized VIF would take long."""


def describe_categories(model: Model, fit: SummarizedFit) -> tuple[CategoryTest, ...]:
    """Return a test of each term of a category that has a weight.

    Notes
    -----
    F = ((RSS₁ - RSS) / q) / (RSS / (n - k)), where RSS₁ is that of the fit without the q features
    of the term. The generalized VIF is det(A) det(B) / det(C) of the sums of products of these
    features, of all others, and of all. Source: J. Fox and G. Monette, Generalized collinearity
    diagnostics, Journal of the American Statistical Association 87 (1992).

    """
    known = model.known_levels
    if known is None:
        return ()
    found, labels = [], labels_of(known.design.terms)
    for term, features in known.coding.features.items():
        if term.categories and features:
            own = [feature.name for feature in features]
            f, f_p, f_p_log10 = _f_test(fit, own)
            found.append(
                CategoryTest(
                    name=labels[term],
                    levels=len(known.coding.expanded[term]),
                    reference=_reference(features, known.coding.references),
                    f=f,
                    f_p=f_p,
                    f_p_log10=f_p_log10,
                    numerator=len(own),
                    denominator=fit.degrees_of_freedom,
                    vif=_vif(fit, own),
                )
            )
    return tuple(found)


def _reference(features: Sequence[Term], references: Mapping[str, str]) -> str | None:
    """Return the reference levels that no feature has; None if there are none."""
    used = {each for feature in features for each in feature.levels}
    absent = [
        references[column]
        for column in features[0].categories
        if (column, references[column]) not in used
    ]
    return ":".join(absent) or None


def _f_test(fit: SummarizedFit, own: list[str]) -> tuple[float | None, float | None, float | None]:
    if not fit.degrees_of_freedom:
        return None, None, None
    *features, target = fit.moments.columns
    others = [name for name in features if name not in own]
    rest = fit.tss
    if others:
        smaller = fit.moments.select([*others, target])
        rest = least_squares(smaller, has_intercept=fit.has_intercept).objective
    return f_test(rest - fit.rss, len(own), fit.rss, fit.degrees_of_freedom)


def _vif(fit: SummarizedFit, own: list[str]) -> float | None:
    features = fit.moments.columns[:-1]
    if len(features) > MAX_FEATURES:
        return None
    places = [j for j, name in enumerate(features, start=1) if name in own]
    others = [j for j in range(1, 1 + len(features)) if j not in places]
    parts = [_determinant(fit, each) for each in (places, others, [*places, *others])]
    return to_float(parts[0] * parts[1] / parts[2])


def _determinant(fit: SummarizedFit, places: list[int]) -> fmpq:
    if not places:
        return fmpq(1)
    products = [
        [fit.moments.products(i, j, has_intercept=fit.has_intercept) for j in places]
        for i in places
    ]
    return fmpq_mat(products).det()
