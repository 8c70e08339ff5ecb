"""A model as an equation for people."""

from linreg_cli.model import Model
from linreg_cli.training.centers import centered_name
from linreg_cli.training.saved_weights import has_intercept_too_coarse

TIMES = "\N{MULTIPLICATION SIGN}"
MAX_TERMS = 6
"""An equation with more features ends in dots."""
MAX_CENTERED_TERMS = 4
"""With more features an equation about the center is too long to be read."""
_DIGITS, _CENTERED_DIGITS, _VALUE_DIGITS = 6, 7, 10
"""Significant digits: of an equation, of the weights of one about the center, of its value."""


def equation(model: Model) -> str:
    """Return a model as an equation: ``price = 300 × square_feet + 0``.

    It has 6 significant digits. If the intercept as a 64-bit float does not give
    the predictions, the equation is about the center: ``v = 3 × (t - 1700000000000000200) + 605``.
    """
    if len(model.x) <= MAX_CENTERED_TERMS and has_intercept_too_coarse(model):
        return centered_equation(model)
    terms = [_term(m, _DIGITS, name) for m, name in zip(model.slopes, model.x, strict=True)]
    if len(terms) > MAX_TERMS:
        terms = [*terms[:MAX_TERMS], " + ..."]
    if model.training.settings.intercept:
        terms.append(_term(model.b, _DIGITS))
    return _written(model.y, terms)


def centered_equation(model: Model) -> str:
    """Return a model as an equation about its center."""
    plane = model.plane
    terms = []
    for name, slope, center in zip(model.x, plane.slopes, plane.centers, strict=True):
        difference = centered_name(name, center, minus="-")
        factor = f"({difference})" if center.integer else name
        terms.append(_term(slope, _CENTERED_DIGITS, factor))
    return _written(model.y, [*terms, _term(plane.value, _VALUE_DIGITS)])


def intercept_is_too_coarse(model: Model) -> str:
    """Return the warning that b + m·x differs from the predictions, with the centered equation."""
    products = "m·x" if len(model.x) == 1 else "Σ m·x"
    text = (
        f"{'b + ' if model.training.settings.intercept else ''}{products}, rounded to 64-bit "
        "floats, is not exact enough for this fit; predictions use the centered form"
    )
    is_long = len(model.x) > MAX_CENTERED_TERMS
    return text if is_long else f"{text}: {centered_equation(model)}"


def _term(weight: float, digits: int, factor: str = "") -> str:
    times = f" {TIMES} {factor}" if factor else ""
    return f" {'-' if weight < 0 else '+'} {abs(weight):.{digits}g}{times}"


def _written(target: str, terms: list[str]) -> str:
    """Return an equation; each term begins with a blank, its sign and a blank."""
    text = "".join(terms)
    return f"{target} = {'-' if text.startswith(' -') else ''}{text[len(' + ') :]}"
