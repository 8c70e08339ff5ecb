"""The statistics of each weight, each rounded once from a proven ball."""

from collections.abc import Callable
from typing import TypeAlias

from flint import arb

from linreg_cli.exact import (
    correctly_rounded,
    exact_decimal,
    root_to_float,
    t_p_value,
    t_quantile,
    to_float,
    with_log10,
)
from linreg_cli.model import Model
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.statistics.summary import WeightStatistics

INTERCEPT = "(intercept)"

Variances: TypeAlias = Callable[[], list[arb]]
"""Computes the variance of each weight, in balls at the working precision."""


def describe_weights(
    model: Model, fit: SummarizedFit, confidence: float, variances: Variances | None = None
) -> tuple[WeightStatistics, ...]:
    """Return the statistics of each weight of a model, the intercept first if there is one.

    `variances` are those of the weights, if not those of errors with a constant variance.
    """
    first = 1 - fit.has_intercept
    saved = [model.b, *model.slopes][first:]
    inferred = _inferred(fit, confidence, variances or _with_constant_variance(fit))
    factors = [None] * fit.has_intercept + _variance_inflation(fit)
    standardized = [None] * fit.has_intercept + _standardized(fit)
    return tuple(
        WeightStatistics(
            name=name,
            value=saved[j],
            least_squares=to_float(fit.solution.weights[j]),
            **inferred[j],
            standardized=standardized[j],
            vif=factors[j],
        )
        for j, name in enumerate([INTERCEPT, *model.x][first:])
    )


def _with_constant_variance(fit: SummarizedFit) -> Variances:
    """Return the function that computes s² (XᵀX)⁻¹ⱼⱼ for each weight."""

    def compute() -> list[arb]:
        variance = arb(fit.rss / fit.degrees_of_freedom)
        return [variance * entry for entry in fit.factor.inverse_diagonal()]

    return compute


def _inferred(
    fit: SummarizedFit, confidence: float, variances: Variances
) -> list[dict[str, float | None]]:
    """Return standard error, t, p and confidence interval of each weight."""
    keys = ("standard_error", "t", "p", "p_log10", "lower", "upper")
    weights, free = fit.solution.weights, fit.degrees_of_freedom
    if not free:
        return [dict.fromkeys(keys)] * fit.count
    if not fit.rss:
        return [
            dict(zip(keys, (0.0, None, 0.0 if w else None, None, w, w), strict=True))
            for w in map(to_float, weights)
        ]

    def compute() -> list[arb]:
        quantile = t_quantile(exact_decimal(confidence), free)
        balls = []
        for weight, variance in zip(weights, variances(), strict=True):
            error = variance.sqrt()
            t = weight / error
            margin = quantile * error
            p = with_log10(t_p_value(t, free))
            balls += [error, t, *p, weight - margin, weight + margin]
        return balls

    figures = iter(correctly_rounded(compute))
    return [dict(zip(keys, figures, strict=False)) for _ in range(fit.count)]


def _variance_inflation(fit: SummarizedFit) -> list[float | None]:
    """Multiply (XᵀX)⁻¹ⱼⱼ by the sum of squares of feature j about its mean."""
    features = range(1, len(fit.moments.columns))

    def compute() -> list[arb]:
        inverse = fit.factor.inverse_diagonal()
        return [inverse[j - 1 + fit.has_intercept] * fit.squares_of(j) for j in features]

    return list(correctly_rounded(compute))


def _standardized(fit: SummarizedFit) -> list[float | None]:
    """Multiply each slope by the spread of its feature over that of the target."""
    slopes = fit.solution.weights[fit.has_intercept :]
    if not fit.tss:
        return [None] * len(slopes)
    return [
        (-1 if w < 0 else 1) * root_to_float(w**2 * fit.squares_of(j) / fit.tss)
        for j, w in enumerate(slopes, start=1)
    ]
