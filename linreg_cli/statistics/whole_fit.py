"""The statistics of a fit as a whole, from the moments alone, each rounded once from a proven ball.

They describe the exact least-squares fit of the rows, whichever way the model was trained.
"""

import numpy as np
from flint import arb, fmpq
from msgspec.structs import replace

from linreg_cli.exact import correctly_rounded, to_float
from linreg_cli.model import Model
from linreg_cli.moments import LOG_UNIT_BITS, residual_standard_error, squares
from linreg_cli.statistics.category_tests import describe_categories
from linreg_cli.statistics.f_test import f_test
from linreg_cli.statistics.robust_covariance import RobustCovariance
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.statistics.summary import Summary
from linreg_cli.statistics.summary_notes import find_notes
from linreg_cli.statistics.weight_statistics import describe_weights


def summarize(model: Model, confidence: float, robust: RobustCovariance | None = None) -> Summary:
    """Return all statistics of a model.

    Parameters
    ----------
    model
        The statistics follow from its moments.
    confidence
        Of the intervals of the weights, between 0 and 1.
    robust
        Where standard errors and F come from, if the variance of the errors is not constant.

    Raises
    ------
    FitError
        If the columns are collinear, so that weights mean nothing by themselves.

    """
    fit = SummarizedFit.unique(model)
    summary = summarize_fit(model, fit, confidence, robust)
    if fit.moments.fourth is None:
        return summary
    from linreg_cli.statistics.diagnostics import diagnose

    weights = [fmpq(0)] * (1 - fit.has_intercept) + list(fit.solution.weights)
    diagnostics = diagnose(fit.moments, weights, has_intercept=fit.has_intercept)
    return replace(summary, diagnostics=diagnostics)


def summarize_fit(
    model: Model, fit: SummarizedFit, confidence: float, robust: RobustCovariance | None = None
) -> Summary:
    """Return what `summarize` returns but the tests of the errors, for a fit that was solved."""
    log_likelihood, aic, bic = _likelihood(fit)
    f, f_p, f_p_log10 = _f_test(fit, robust)
    return Summary(
        target=model.y,
        confidence=confidence,
        robust=robust.name if robust else None,
        clusters=robust.clusters if robust else None,
        rows=fit.moments.rows,
        degrees_of_freedom=fit.degrees_of_freedom,
        residual_standard_error=residual_standard_error(fit.rss, fit.degrees_of_freedom),
        residual_sum_of_squares=to_float(fit.rss),
        r2=squares.r_squared(fit.rss, fit.tss),
        r2_is_uncentered=not fit.has_intercept,
        adjusted_r2=_adjusted_r2(fit),
        f=f,
        f_p=f_p,
        f_p_log10=f_p_log10,
        aic=aic,
        bic=bic,
        log_likelihood=log_likelihood,
        baseline_loss=to_float(fit.tss / fit.moments.total_weight),
        condition_number=_condition_number(fit),
        weights=describe_weights(model, fit, confidence, robust),
        categories=() if robust else describe_categories(model, fit),
        notes=find_notes(model, fit),
    )


def _adjusted_r2(fit: SummarizedFit) -> float | None:
    """Return 1 - (RSS / degrees of freedom) / (TSS / (rows - 1)); / rows without intercept."""
    if not fit.degrees_of_freedom or not fit.tss:
        return None
    total_free = fit.moments.rows - fit.has_intercept
    return to_float(1 - (fit.rss / fit.degrees_of_freedom) / (fit.tss / total_free))


def _f_test(
    fit: SummarizedFit, robust: RobustCovariance | None
) -> tuple[float | None, float | None, float | None]:
    """Test that all slopes are 0: return F, its p and the decimal logarithm of p."""
    tested, free = fit.count - fit.has_intercept, fit.degrees_of_freedom
    if not free or not fit.rss or not fit.tss:
        return None, None, None
    if robust:
        return robust.f_test()
    return f_test(fit.tss - fit.rss, tested, fit.rss, free)


def _likelihood(fit: SummarizedFit) -> tuple[float | None, float | None, float | None]:
    """Return the log-likelihood of normal errors at its maximum, AIC and BIC.

    The weights are the parameters; the error variance is not counted, as in statsmodels
    (R counts it, so its AIC is 2 more). Source: H. Akaike, IEEE Transactions on Automatic
    Control 19 (1974); G. Schwarz, Annals of Statistics 6 (1978).
    """
    if not fit.rss:
        return None, None, None
    rows = fit.moments.rows

    def compute() -> list[arb]:
        logs = arb(fmpq(fit.moments.log_weights, 2**LOG_UNIT_BITS))
        spread = (2 * arb.pi() * fit.rss / rows).log()
        value = (logs - rows * (spread + 1)) / 2
        bic = fit.count * arb(rows).log() - 2 * value
        return [value, 2 * fit.count - 2 * value, bic]

    log_likelihood, aic, bic = correctly_rounded(compute)
    return log_likelihood, aic, bic


def _condition_number(fit: SummarizedFit) -> float:
    """Divide the largest by the smallest singular value of the standardized features."""
    X = fit.factor.triangle()[:, fit.has_intercept :]
    singular = np.linalg.svd(X, compute_uv=False)
    return float(singular[0] / singular[-1])
