r"""LaTeX: a formula for any environment of mathematics, with amsmath's \text."""

from linreg_cli.export.formula import intercept, terms
from linreg_cli.latex import latex_text
from linreg_cli.model import Model


def write(model: Model) -> str:
    """Write the line as an equation, a line for each term; 0 is left out where no b was learned."""
    products = [rf"{t.sign} {_number(t.size)} \cdot {_name(t.name)}" for t in terms(model)]
    if model.training.settings.intercept:
        products.insert(0, _number(intercept(model)))
    else:
        products[0] = products[0].removeprefix("+ ")
    return "\n".join([rf"\widehat{{{_name(model.y)}}} =", *(f"  {p}" for p in products), ""])


def _number(value: float) -> str:
    digits, _, exponent = repr(value).partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else digits


def _name(name: str) -> str:
    """Write a name as text; what is unseen is shown as an escape."""
    return rf"\text{{{latex_text(name if name.isprintable() else repr(name)[1:-1])}}}"
