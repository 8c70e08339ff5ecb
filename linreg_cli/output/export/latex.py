r"""LaTeX: a formula for any environment of mathematics, with amsmath's \text."""

from types import MappingProxyType

from linreg_cli.design import Column, Expression, Level, Term
from linreg_cli.exact import ExactDecimal
from linreg_cli.model import Model
from linreg_cli.output import latex_text
from linreg_cli.output.export.formula import formula, product_of
from linreg_cli.output.export.notation import Notation
from linreg_cli.training import center_text

_FUNCTIONS = MappingProxyType(
    {
        "log": r"\ln({})",
        "log2": r"\log_{{2}}({})",
        "log10": r"\log_{{10}}({})",
        "log1p": r"\ln(1 + {})",
        "exp": r"\exp({})",
        "sqrt": r"\sqrt{{{}}}",
        "abs": r"\lvert {} \rvert",
    }
)


class LatexNotation(Notation):
    """LaTeX, in the mathematics of a paper."""

    def column(self, name: str) -> str:
        """Return a name as text."""
        return _name(name)

    def number(self, value: float) -> str:
        """Return a float64."""
        return _number(repr(value))

    def of_text(self, function: str, column: str) -> str:
        """Return the function of a text by its name."""
        return rf"\operatorname{{{function}}}({_name(column)})"

    def call(self, function: str, argument: str) -> str:
        """Return a function."""
        return _FUNCTIONS[function].format(argument)

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        text = self.write(base)
        is_clear = isinstance(base, Column) or text.startswith("(")
        return f"{text if is_clear else f'({text})'}^{{{exponent}}}"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a fraction."""
        return rf"\frac{{{_bare(numerator)}}}{{{_bare(denominator)}}}"

    def operation(self, operator: str, left: str, right: str) -> str:
        """Return the result of an operator."""
        if operator == "/":
            return self.quotient(left, right)
        sign = r"\cdot" if operator == "*" else operator
        return f"({left} {sign} {right})"

    def feature(self, feature: Term) -> str:
        """Return a feature; the indicator of a level has its name."""
        levels = [_name(str(each)) for each in feature.factors if isinstance(each, Level)]
        number = product_of(feature)
        return r" \cdot ".join([*levels, *([] if number is None else [self.write(number)])])


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as an equation, a line for each term; without an intercept, no 0."""
    plane, latex, known = model.plane, LatexNotation(), model.known_levels
    features = [latex.feature(each) for each in known.features] if known else map(_name, model.x)
    products = [
        rf"{'-' if m < 0 else '+'} {_number(repr(abs(m)))} \cdot {_difference(feature, center)}"
        for feature, m, center in zip(features, plane.slopes, plane.centers, strict=True)
    ]
    if model.training.settings.intercept or plane.value:
        products.insert(0, _number(repr(plane.value + 0.0)))
    else:
        products[0] = products[0].removeprefix("+ ")
    left = rf"\widehat{{{_target(model, latex)}}} ="
    if not inverse:
        return "\n".join([left, *(f"  {product}" for product in products), ""])
    found = formula(model, inverse=inverse)
    assert found.inverse is not None  # noqa: S101 - the command refuses a target without one
    latex.result = "\n  ".join(["(", *products, ")"])
    return f"\\widehat{{{_name(found.target)}}} =\n  {latex.argument(found.inverse)}\n"


def _target(model: Model, latex: LatexNotation) -> str:
    known = model.known_levels
    target = product_of(known.design.target) if known and known.design.target else None
    return _name(model.y) if target is None else latex.argument(target)


def _difference(feature: str, center: ExactDecimal) -> str:
    """Return a feature minus its center, unless that is 0."""
    if not center.integer:
        return feature
    size = ExactDecimal(abs(center.integer), center.decimals)
    return f"({feature} {'+' if center.integer < 0 else '-'} {_number(center_text(size))})"


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _number(text: str) -> str:
    digits, _, exponent = text.partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else digits


def _name(name: str) -> str:
    """Return a name as text, with escapes for characters that cannot be printed."""
    return rf"\text{{{latex_text(name if name.isprintable() else repr(name)[1:-1])}}}"
