r"""LaTeX: a formula for any environment of mathematics, with amsmath's \text."""

from linreg_cli.exact import ExactDecimal
from linreg_cli.model import Model
from linreg_cli.output import latex_text
from linreg_cli.training import center_text


def write(model: Model) -> str:
    """Return the model as an equation, a line for each term; without an intercept, no 0."""
    plane = model.plane
    products = [
        rf"{'-' if m < 0 else '+'} {_number(repr(abs(m)))} \cdot {_difference(name, center)}"
        for name, m, center in zip(model.x, plane.slopes, plane.centers, strict=True)
    ]
    if model.training.settings.intercept or plane.value:
        products.insert(0, _number(repr(plane.value + 0.0)))
    else:
        products[0] = products[0].removeprefix("+ ")
    return "\n".join([rf"\widehat{{{_name(model.y)}}} =", *(f"  {p}" for p in products), ""])


def _difference(name: str, center: ExactDecimal) -> str:
    """Return a column minus its center, unless that is 0."""
    if not center.integer:
        return _name(name)
    size = ExactDecimal(abs(center.integer), center.decimals)
    return f"({_name(name)} {'+' if center.integer < 0 else '-'} {_number(center_text(size))})"


def _number(text: str) -> str:
    digits, _, exponent = text.partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else digits


def _name(name: str) -> str:
    """Return a name as text, with escapes for characters that cannot be printed."""
    return rf"\text{{{latex_text(name if name.isprintable() else repr(name)[1:-1])}}}"
