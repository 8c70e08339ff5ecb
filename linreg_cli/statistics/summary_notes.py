"""Notes on a summary: what is undefined and why, and what to know before a weight is used."""

import math
from collections.abc import Iterator

from linreg_cli.model import Model
from linreg_cli.statistics.collinearity import nearly_collinear
from linreg_cli.statistics.summarized_fit import SummarizedFit
from linreg_cli.training import (
    VISIBLE,
    distance_from_fit,
    has_intercept_too_coarse,
    intercept_is_too_coarse,
    why_apart,
)


def find_notes(model: Model, fit: SummarizedFit) -> tuple[str, ...]:
    """Return the notes on the statistics of a model."""
    near = nearly_collinear(fit.moments, has_intercept=fit.has_intercept)
    return (*notes_on_saved_weights(model), *_undefined(fit), *map(str, near))


def _undefined(fit: SummarizedFit) -> Iterator[str]:
    if not fit.degrees_of_freedom:
        yield (
            "as many weights as rows: no degrees of freedom are left, so the uncertainty of the "
            "weights is unknown"
        )
    if not fit.tss:
        yield "the target is constant: R² is undefined"
    if fit.degrees_of_freedom and not fit.rss:
        yield "the fit is perfect: standard errors are 0 and t is infinite"


def notes_on_saved_weights(model: Model) -> Iterator[str]:
    """Yield notes on saved weights that are not the fit, and on a too coarse intercept."""
    if model.training.l2:
        yield (
            f"trained with a ridge penalty, l2 {model.training.l2:g}; the statistics are those of "
            "the fit without it"
        )
    if has_intercept_too_coarse(model):
        yield intercept_is_too_coarse(model)
    distance = 0.0 if model.training.l2 else distance_from_fit(model)
    if distance >= VISIBLE:
        far = (
            "are not those of the perfect fit"
            if math.isinf(distance)
            else f"are together {distance:.3g} standard errors away from the fit"
        )
        yield f"the saved weights {far}: {why_apart(model)}"
