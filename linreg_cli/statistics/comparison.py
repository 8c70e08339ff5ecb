"""Models side by side, and whether a larger model fits the same rows better than a smaller one."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, starmap
from typing import Self

from flint import arb, fmpq
from msgspec import Struct

from linreg_cli.design import Coding, Column, Term, labels_of
from linreg_cli.errors import FitError
from linreg_cli.exact import chi_squared_p_value, correctly_rounded, root_to_float, with_log10
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.statistics.confidence import DEFAULT_CONFIDENCE
from linreg_cli.statistics.f_test import f_test
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.statistics.summary import Summary
from linreg_cli.statistics.whole_fit import summarize_fit


class ComparedModel(Struct, frozen=True, kw_only=True):
    """A model with its name, the statistics of its fit, and the fit's root mean squared error."""

    name: str
    summary: Summary
    rmse: float


class NestedTests(Struct, frozen=True, kw_only=True):
    """Whether the features that a larger model adds to a smaller one improve the fit.

    Attributes
    ----------
    added
        These features, with ``(intercept)`` if it is one of them.
    f, f_p, f_p_log10, numerator, denominator
        The F test: as `f_test` returns them, and the degrees of freedom.
    likelihood_ratio, likelihood_ratio_p, likelihood_ratio_p_log10
        Twice the difference of the log-likelihoods, which is compared with chi-squared of as many
        degrees of freedom as there are added features. The statistic is None if the larger model
        fits perfectly.

    """

    added: tuple[str, ...]
    f: float | None
    f_p: float
    f_p_log10: float | None
    numerator: int
    denominator: int
    likelihood_ratio: float | None
    likelihood_ratio_p: float
    likelihood_ratio_p_log10: float | None


class Pair(Struct, frozen=True, kw_only=True):
    """Two models; if they are nested, the smaller one is the first.

    Attributes
    ----------
    names
        Of the two models.
    obstacle
        Why they cannot be compared; empty if they can.
    nested
        The tests, if they can be compared and are nested.
    aic_difference, bic_difference
        AIC and BIC of the second minus those of the first; None if they cannot be compared, or if
        a fit is perfect.

    """

    names: tuple[str, str]
    obstacle: str = ""
    nested: NestedTests | None = None
    aic_difference: float | None = None
    bic_difference: float | None = None


class Comparison(Struct, frozen=True, kw_only=True):
    """Some models, and each of them with the one before it."""

    models: tuple[ComparedModel, ...]
    pairs: tuple[Pair, ...]


class _Fitted(Struct, frozen=True, kw_only=True):
    """A model with its name, the fit of its rows, and the statistics of this fit."""

    name: str
    model: Model
    fit: SummarizedFit
    summary: Summary

    @classmethod
    def of(cls, name: str, model: Model) -> Self:
        try:
            fit = SummarizedFit.unique(model)
        except FitError as error:
            raise FitError(f"{name}: {error}", hint=error.hint) from None
        summary = summarize_fit(model, fit, DEFAULT_CONFIDENCE)
        return cls(name=name, model=model, fit=fit, summary=summary)

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of its weights."""
        return tuple(weight.name for weight in self.summary.weights)

    @property
    def coding(self) -> Coding:
        """Which terms are features; those of a model without categories are its columns."""
        if (known := self.model.known_levels) is not None:
            return known.coding
        columns = [Term((Column(name),)) for name in self.model.x]
        return Coding(
            expanded={term: [term] for term in columns},
            references={},
            has_intercept=self.fit.has_intercept,
        )

    def is_in(self, other: Self) -> bool:
        """Return whether the other has all its terms, coded in any way, and more."""
        return self.coding.spanned < other.coding.spanned

    def added_to(self, other: Self) -> tuple[str, ...]:
        """Return the names of the weights that a smaller model lacks.

        If there are more than were added, as with another coding, those of the terms it lacks.
        """
        weights = tuple(name for name in self.terms if name not in other.terms)
        if len(weights) == len(self.terms) - len(other.terms):
            return weights
        labels = labels_of(self.coding.expanded)
        return tuple(label for term, label in labels.items() if term not in other.coding.expanded)


def compare_models(models: Mapping[str, Model]) -> Comparison:
    """Return the statistics of some models, and tests of each against the one before it.

    Parameters
    ----------
    models
        At least two models by their names.

    Raises
    ------
    FitError
        If the weights of a model are not unique.

    """
    fitted = [_Fitted.of(name, model) for name, model in models.items()]
    return Comparison(
        models=tuple(
            ComparedModel(
                name=each.name,
                summary=each.summary,
                rmse=root_to_float(each.fit.rss / each.fit.moments.total_weight),
            )
            for each in fitted
        ),
        pairs=tuple(starmap(_pair, pairwise(fitted))),
    )


def _pair(a: _Fitted, b: _Fitted) -> Pair:
    if b.is_in(a):
        a, b = b, a
    names = (a.name, b.name)
    if obstacle := _obstacle(a, b):
        return Pair(names=names, obstacle=obstacle)
    aic, bic = _criteria(a, b)
    return Pair(
        names=names,
        nested=_nested_tests(a, b) if a.is_in(b) else None,
        aic_difference=aic,
        bic_difference=bic,
    )


def _criteria(a: _Fitted, b: _Fitted) -> Sequence[float | None]:
    """Return how much larger AIC and BIC of b are, without the digits that a difference loses."""
    if not a.fit.rss or not b.fit.rss:
        return None, None
    rows, more = a.fit.moments.rows, len(b.terms) - len(a.terms)

    def compute() -> list[arb]:
        less = rows * arb(b.fit.rss / a.fit.rss).log()
        return [2 * more + less, more * arb(rows).log() + less]

    return correctly_rounded(compute)


def _obstacle(a: _Fitted, b: _Fitted) -> str:
    """Return why two models cannot be compared: another target, or other rows."""
    if a.model.y != b.model.y:
        return f"their targets differ: {a.model.y} and {b.model.y}"
    if a.fit.moments.weights != b.fit.moments.weights:
        how = [each.fit.moments.weights or "nothing" for each in (a, b)]
        return f"their rows are weighted by {how[0]} and by {how[1]}"
    if a.fit.moments.rows != b.fit.moments.rows:
        return f"their rows differ: {a.fit.moments.rows:,} and {b.fit.moments.rows:,}"
    shared = [name for name in a.fit.moments.columns if name in b.fit.moments.columns]
    if _numbers(a.fit.moments.select(shared)) != _numbers(b.fit.moments.select(shared)):
        return "their rows differ: the columns that both have hold other values"
    full = next((each.name for each in (a, b) if not each.summary.degrees_of_freedom), "")
    return f"{full} has as many weights as rows" if full else ""


def _numbers(moments: Moments) -> list[object]:
    """Return what is equal if the rows are: the moments, whatever their decimals."""
    size = range(1 + len(moments.columns))
    return [moments.log_weights, *(moments.moment(i, j) for i in size for j in size)]


def _nested_tests(smaller: _Fitted, larger: _Fitted) -> NestedTests:
    """Test a smaller model against a larger one of the same rows.

    Notes
    -----
    F = ((RSS₁ - RSS₂) / q) / (RSS₂ / (n - k)), and the likelihood ratio is n log(RSS₁ / RSS₂), for
    q added features, n rows, and k weights of the larger model. Source: W. Greene, Econometric
    Analysis (8th ed., 2018), sections 5.5 and 14.6.

    """
    count = len(larger.terms) - len(smaller.terms)
    before, after = smaller.fit.rss, larger.fit.rss
    free = larger.summary.degrees_of_freedom
    f, f_p, f_p_log10 = f_test(before - after, count, after, free)
    ratio, ratio_p, ratio_p_log10 = _likelihood_ratio(before, after, larger.fit.moments.rows, count)
    return NestedTests(
        added=larger.added_to(smaller),
        f=f,
        f_p=f_p,
        f_p_log10=f_p_log10,
        numerator=count,
        denominator=free,
        likelihood_ratio=ratio,
        likelihood_ratio_p=ratio_p,
        likelihood_ratio_p_log10=ratio_p_log10,
    )


def _likelihood_ratio(
    before: fmpq, after: fmpq, rows: int, added: int
) -> tuple[float | None, float, float | None]:
    """Return the statistic, its p and the decimal logarithm of p, from two sums of squares."""
    if not after:
        return (None, 0.0, None) if before else (None, 1.0, 0.0)

    def compute() -> list[arb]:
        statistic = rows * arb(before / after).log()
        return [statistic, *with_log10(chi_squared_p_value(statistic, added))]

    statistic, p, p_log10 = correctly_rounded(compute)
    return statistic, p, p_log10
