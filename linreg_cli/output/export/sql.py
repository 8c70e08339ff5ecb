"""SQL: an expression in parentheses, for any place of a query over the columns."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, literal, refuse_alike


def write(model: Model) -> str:
    """Write the line as an expression of standard SQL; a NULL among the columns makes it NULL.

    Raises
    ------
    UsageError
        If two columns differ in case alone.

    """
    refuse_alike(model, "SQL")
    value, terms = formula(model)
    products = [
        f"{t.sign} {_number(t.size)} * {t.factor(_identifier(t.name), literal)}" for t in terms
    ]
    return f"({' '.join([_number(value), *products])})\n"


def _number(value: float) -> str:
    """Write a float64: without an exponent, the standard makes 300.0 a decimal."""
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def _identifier(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
