"""The line as an equation for people, about its center."""

from linreg_cli.model import Model
from linreg_cli.training.centers import MINUS, less_center

TIMES = "\N{MULTIPLICATION SIGN}"
MAX_TERMS = 4
"""An equation with more features is not written out."""


def centered_equation(model: Model) -> str:
    """Write the line out about its center: 605 + 3 times (t - 1700000000000000200)."""
    plane = model.plane
    text = f"{model.y} = {plane.value:.10g}"
    for name, slope, center in zip(model.x, plane.slopes, plane.centers, strict=True):
        sign = MINUS if slope < 0 else "+"
        difference = less_center(name, center)
        factor = f"({difference})" if center.integer else difference
        text += f" {sign} {abs(slope):.7g} {TIMES} {factor}"
    return text


def intercept_is_too_coarse(model: Model) -> str:
    """Say that b + m·x does not give the predictions, and what does."""
    products = "m·x" if len(model.x) == 1 else "Σ m·x"
    text = (
        f"{'b + ' if model.training.settings.intercept else ''}{products} in 64-bit floats is not "
        "exact enough here, as the features lie far from 0; predictions are worked out about the "
        "center in the model"
    )
    return text if len(model.x) > MAX_TERMS else f"{text}: {centered_equation(model)}"
