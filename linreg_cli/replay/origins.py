"""What a page subtracts from features that lie far from 0."""

from linreg_cli.centers import origins_of
from linreg_cli.decimals import ExactDecimal
from linreg_cli.model import Model
from linreg_cli.plane import ZERO
from linreg_cli.sums import Sums


def drawn_from(model: Model, sums: Sums) -> tuple[ExactDecimal, ...]:
    """Return the origin of each feature; without an intercept the line goes through 0 itself."""
    return origins_of(sums) if model.training.settings.intercept else (ZERO,) * len(model.x)
