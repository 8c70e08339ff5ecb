"""What a page subtracts from features that lie far from 0."""

from linreg_cli.exact import ZERO, ExactDecimal
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.training import origins_of


def drawn_from(model: Model, moments: Moments) -> tuple[ExactDecimal, ...]:
    """Return the origin of each feature; without an intercept the line goes through 0 itself."""
    return origins_of(moments) if model.training.settings.intercept else (ZERO,) * len(model.x)
