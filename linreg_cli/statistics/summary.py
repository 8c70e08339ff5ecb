"""The statistics of a fit, from the moments alone, each rounded once from a proven ball.

They describe the exact least-squares fit of the rows, whichever way the model was trained.
A statistic that is undefined is None, and `Summary.notes` says why.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from flint import arb, fmpq

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    correctly_rounded,
    exact_decimal,
    f_p_value,
    root_to_float,
    t_p_value,
    t_quantile,
    to_float,
    with_log10,
)
from linreg_cli.model import Model
from linreg_cli.moments import LOG_UNIT_BITS, Moments, squares as inference
from linreg_cli.statistics.collinearity import nearly_collinear
from linreg_cli.training import (
    VISIBLE,
    LeastSquares,
    ProductsFactor,
    Scaling,
    distance_from_fit,
    explain_dependencies,
    has_intercept_too_coarse,
    intercept_is_too_coarse,
    least_squares,
    remedy,
    why_apart,
)

INTERCEPT = "(intercept)"


@dataclass(frozen=True, kw_only=True)
class WeightStatistics:
    """One weight.

    Attributes
    ----------
    name
        The column, or ``(intercept)``.
    value
        The weight in the model file.
    least_squares
        The weight of the exact fit; the other figures are about this fit.
    standard_error, t, p
        Its standard error, the ratio of the two, and P(|T| ≥ |t|).
    p_log10
        The decimal logarithm of p, which tells the size of a p that is 0 as a float64.
    lower, upper
        The confidence interval.
    standardized
        The weight in standard deviations of the target per standard deviation of the feature.
    vif
        Variance inflation factor: 1 / (1 - R²) of the feature on the others.

    """

    name: str
    value: float
    least_squares: float
    standard_error: float | None
    t: float | None
    p: float | None
    p_log10: float | None
    lower: float | None
    upper: float | None
    standardized: float | None
    vif: float | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The fit as a whole; see the fields of `linreg show --json` in docs/statistics.md."""

    target: str
    confidence: float
    rows: int
    degrees_of_freedom: int
    residual_standard_error: float | None
    residual_sum_of_squares: float
    r2: float | None
    r2_is_uncentered: bool
    adjusted_r2: float | None
    f: float | None
    f_p: float | None
    f_p_log10: float | None
    aic: float | None
    bic: float | None
    log_likelihood: float | None
    baseline_loss: float
    condition_number: float
    weights: tuple[WeightStatistics, ...]
    notes: tuple[str, ...] = field(default=())


def summarize(model: Model, confidence: float) -> Summary:
    """Return all statistics of a model.

    Parameters
    ----------
    model
        The statistics follow from its moments.
    confidence
        Of the intervals of the weights, between 0 and 1.

    Raises
    ------
    FitError
        If the columns are collinear, so that weights mean nothing by themselves.

    """
    moments = model.moments.restore()
    fitted = least_squares(moments, has_intercept=model.training.settings.intercept)
    if not fitted.is_unique:
        raise FitError(
            f"the weights are not unique: {explain_dependencies(moments, fitted)}",
            hint=remedy(moments, fitted),
        )
    return _Statistics(model, moments, fitted, confidence).summary()


class _Statistics:
    """The statistics of one fit; each method computes one or a few of them."""

    def __init__(
        self, model: Model, moments: Moments, fitted: LeastSquares, confidence: float
    ) -> None:
        self.model, self.moments, self.fitted = model, moments, fitted
        self.confidence = confidence
        self.has_intercept = model.training.settings.intercept
        self.count = len(fitted.weights)
        self.rss = fitted.objective
        self.tss = inference.total_sum_of_squares(moments, has_intercept=self.has_intercept)
        self.free = moments.rows - self.count
        self.tested = self.count - self.has_intercept
        scaling = Scaling.of(moments, has_intercept=self.has_intercept, scale=True)
        self._factor = ProductsFactor(moments, scaling, fitted.independent)

    def summary(self) -> Summary:
        log_likelihood, aic, bic = self._likelihood()
        f, f_p, f_p_log10 = self._f_test()
        weights = self._weights()
        return Summary(
            target=self.model.y,
            confidence=self.confidence,
            rows=self.moments.rows,
            degrees_of_freedom=self.free,
            residual_standard_error=inference.residual_standard_error(self.rss, self.free),
            residual_sum_of_squares=to_float(self.rss),
            r2=inference.r_squared(self.rss, self.tss),
            r2_is_uncentered=not self.has_intercept,
            adjusted_r2=self._adjusted_r2(),
            f=f,
            f_p=f_p,
            f_p_log10=f_p_log10,
            aic=aic,
            bic=bic,
            log_likelihood=log_likelihood,
            baseline_loss=to_float(self.tss / self.moments.total_weight),
            condition_number=self._condition_number(),
            weights=weights,
            notes=(*self._notes(), *self._saved(), *self._near_collinear()),
        )

    def _notes(self) -> list[str]:
        notes = []
        if self.model.training.l2:
            notes.append(
                f"trained with a ridge penalty, l2 {self.model.training.l2:g}; the statistics are "
                "those of the fit without it"
            )
        if not self.free:
            notes.append(
                "as many weights as rows: no degrees of freedom are left, so the uncertainty of "
                "the weights is unknown"
            )
        if not self.tss:
            notes.append("the target is constant: R² is undefined")
        if self.free and not self.rss:
            notes.append("the fit is perfect: standard errors are 0 and t is infinite")
        return notes

    def _adjusted_r2(self) -> float | None:
        """1 - (RSS / degrees of freedom) / (TSS / (rows - 1)), or / rows without intercept."""
        if not self.free or not self.tss:
            return None
        total_free = self.moments.rows - self.has_intercept
        return to_float(1 - (self.rss / self.free) / (self.tss / total_free))

    def _f_test(self) -> tuple[float | None, float | None, float | None]:
        """Test that all slopes are 0: return F, its p and the decimal logarithm of p."""
        if not self.free or not self.rss or not self.tss:
            return None, None, None
        f = ((self.tss - self.rss) / self.tested) / (self.rss / self.free)
        p, p_log10 = correctly_rounded(
            lambda: with_log10(f_p_value(arb(f), self.tested, self.free))
        )
        return to_float(f), p, p_log10

    def _likelihood(self) -> tuple[float | None, float | None, float | None]:
        """Return the log-likelihood of normal errors at its maximum, AIC and BIC.

        The weights are the parameters; the error variance is not counted, as in statsmodels
        (R counts it, so its AIC is 2 more). Source: H. Akaike, IEEE Transactions on Automatic
        Control 19 (1974); G. Schwarz, Annals of Statistics 6 (1978).
        """
        if not self.rss:
            return None, None, None
        rows, rss = self.moments.rows, self.rss

        def compute() -> list[arb]:
            logs = arb(fmpq(self.moments.log_weights, 2**LOG_UNIT_BITS))
            spread = (2 * arb.pi() * rss / rows).log()
            value = (logs - rows * (spread + 1)) / 2
            bic = self.count * arb(rows).log() - 2 * value
            return [value, 2 * self.count - 2 * value, bic]

        log_likelihood, aic, bic = correctly_rounded(compute)
        return log_likelihood, aic, bic

    def _condition_number(self) -> float:
        """Divide the largest by the smallest singular value of the standardized features."""
        X = self._factor.triangle()[:, self.has_intercept :]
        singular = np.linalg.svd(X, compute_uv=False)
        return float(singular[0] / singular[-1])

    def _squares(self, j: int) -> fmpq:
        return self.moments.products(j, j, has_intercept=self.has_intercept)

    def _weights(self) -> tuple[WeightStatistics, ...]:
        first = 1 - self.has_intercept
        saved = [self.model.b, *self.model.slopes][first:]
        exact = self.fitted.weights
        inferred = self._inferred()
        factors = [None] * self.has_intercept + self._variance_inflation()
        standardized = [None] * self.has_intercept + self._standardized()
        return tuple(
            WeightStatistics(
                name=name,
                value=saved[j],
                least_squares=to_float(exact[j]),
                **inferred[j],
                standardized=standardized[j],
                vif=factors[j],
            )
            for j, name in enumerate([INTERCEPT, *self.model.x][first:])
        )

    def _inferred(self) -> list[dict[str, float | None]]:
        """Return standard error √(s² (XᵀX)⁻¹ⱼⱼ), t, p and confidence interval of each weight."""
        keys = ("standard_error", "t", "p", "p_log10", "lower", "upper")
        if not self.free:
            return [dict.fromkeys(keys)] * self.count
        if not self.rss:
            return [
                dict(zip(keys, (0.0, None, 0.0 if w else None, None, w, w), strict=True))
                for w in map(to_float, self.fitted.weights)
            ]

        def compute() -> list[arb]:
            inverse = self._factor.inverse_diagonal()
            variance = arb(self.rss / self.free)
            quantile = t_quantile(exact_decimal(self.confidence), self.free)
            balls = []
            for j, weight in enumerate(self.fitted.weights):
                error = (variance * inverse[j]).sqrt()
                t = weight / error
                margin = quantile * error
                p = with_log10(t_p_value(t, self.free))
                balls += [error, t, *p, weight - margin, weight + margin]
            return balls

        figures = iter(correctly_rounded(compute))
        return [dict(zip(keys, figures, strict=False)) for _ in range(self.count)]

    def _variance_inflation(self) -> list[float | None]:
        """Multiply (XᵀX)⁻¹ⱼⱼ by the sum of squares of feature j about its mean."""
        features = range(1, 1 + len(self.model.x))

        def compute() -> list[arb]:
            inverse = self._factor.inverse_diagonal()
            return [inverse[j - 1 + self.has_intercept] * self._squares(j) for j in features]

        return list(correctly_rounded(compute))

    def _standardized(self) -> list[float | None]:
        """Multiply each slope by the spread of its feature over that of the target."""
        slopes = self.fitted.weights[self.has_intercept :]
        if not self.tss:
            return [None] * len(slopes)
        return [
            (-1 if w < 0 else 1) * root_to_float(w**2 * self._squares(j) / self.tss)
            for j, w in enumerate(slopes, start=1)
        ]

    def _saved(self) -> list[str]:
        """Return notes on saved weights that are not the fit, and on a too coarse intercept."""
        model, training = self.model, self.model.training
        notes = []
        if has_intercept_too_coarse(model):
            notes.append(intercept_is_too_coarse(model))
        distance = 0.0 if training.l2 else distance_from_fit(model)
        if distance >= VISIBLE:
            far = (
                "are not those of the perfect fit"
                if math.isinf(distance)
                else f"are together {distance:.3g} standard errors away from the fit"
            )
            notes.append(f"the saved weights {far}: {why_apart(model)}")
        return notes

    def _near_collinear(self) -> list[str]:
        """Return notes on features with a high VIF, with the features that explain them."""
        found = nearly_collinear(self.moments, has_intercept=self.has_intercept)
        return list(map(str, found))
