"""The statistics of each weight, each rounded once from a proven ball."""

from collections.abc import Sequence
from functools import partial

from flint import arb, ctx

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
from linreg_cli.statistics.robust_covariance import RobustCovariance, Variance
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.statistics.summary import WeightStatistics

INTERCEPT = "(intercept)"


def describe_weights(
    model: Model, fit: SummarizedFit, confidence: float, robust: RobustCovariance | None = None
) -> tuple[WeightStatistics, ...]:
    """Return the statistics of each weight of a model, the intercept first if there is one.

    `robust` is where variances come from, if the errors do not all have the same variance.
    """
    first = 1 - fit.has_intercept
    saved = [model.b, *model.slopes][first:]
    if robust:
        inferred = _inferred(fit, confidence, robust.variances(), robust.degrees_of_freedom)
    else:
        inferred = _inferred(fit, confidence, _with_constant_variance(fit), fit.degrees_of_freedom)
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


def _with_constant_variance(fit: SummarizedFit) -> list[Variance | None]:
    """Return what computes s² (XᵀX)⁻¹ⱼⱼ for each weight; None for one that is 0."""
    if not fit.rss:
        return [None] * fit.count
    computed: dict[int, list[arb]] = {}

    def variance(j: int) -> arb:
        if ctx.prec not in computed:
            computed[ctx.prec] = fit.factor.inverse_diagonal()
        return arb(fit.rss / fit.degrees_of_freedom) * computed[ctx.prec][j]

    return [partial(variance, j) for j in range(fit.count)]


def _inferred(
    fit: SummarizedFit, confidence: float, variances: Sequence[Variance | None], free: int
) -> list[dict[str, float | None]]:
    """Return standard error, t, p and confidence interval of each weight."""
    keys = ("standard_error", "t", "p", "p_log10", "lower", "upper")
    weights = fit.solution.weights
    if not free:
        return [dict.fromkeys(keys)] * fit.count

    def compute() -> list[arb]:
        quantile = t_quantile(exact_decimal(confidence), free)
        balls = []
        for weight, variance in zip(weights, variances, strict=True):
            if variance is None:
                continue
            error = variance().sqrt()
            t = weight / error
            margin = quantile * error
            p = with_log10(t_p_value(t, free))
            balls += [error, t, *p, weight - margin, weight + margin]
        return balls

    figures = iter(correctly_rounded(compute))
    return [
        _without_variance(to_float(weight))
        if variance is None
        else dict(zip(keys, figures, strict=False))
        for weight, variance in zip(weights, variances, strict=True)
    ]


def _without_variance(w: float) -> dict[str, float | None]:
    """Return what is known of a weight that has no error."""
    return {
        "standard_error": 0.0,
        "t": None,
        "p": 0.0 if w else None,
        "p_log10": None,
        "lower": w,
        "upper": w,
    }


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
