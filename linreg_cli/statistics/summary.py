"""The statistics of a fit, as values: the fit as a whole, each weight, and each category.

A statistic that is undefined is None, and `Summary.notes` says why.
"""

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from linreg_cli.statistics.diagnostics import Diagnostics


class WeightStatistics(Struct, frozen=True, kw_only=True):
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


class CategoryTest(Struct, frozen=True, kw_only=True):
    """A term of a category as a whole: the category itself, or an interaction with it.

    Attributes
    ----------
    name
        The column, or the columns with colons between them.
    levels
        The number of levels or, of an interaction of categories, that of their combinations.
    reference
        The level that the others are compared with, with a colon between those of several
        categories; None if all levels have a weight.
    f, f_p, f_p_log10, numerator, denominator
        The F test that all of its weights are 0; None without degrees of freedom.
    vif
        The generalized variance inflation factor; None if there are very many features.

    """

    name: str
    levels: int
    reference: str | None
    f: float | None
    f_p: float | None
    f_p_log10: float | None
    numerator: int
    denominator: int
    vif: float | None


class Summary(Struct, frozen=True, kw_only=True):
    """The fit as a whole; see the fields of `linreg show --json` in docs/statistics.md."""

    target: str
    confidence: float
    robust: str | None
    clusters: int | None
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
    categories: tuple[CategoryTest, ...] = ()
    diagnostics: "Diagnostics | None" = None
    notes: tuple[str, ...] = field(default=())
