"""SQL: an expression in parentheses, for any place of a query over the columns."""

from linreg_cli.export.formula import intercept, refuse_alike, terms
from linreg_cli.model import Model


def write(model: Model) -> str:
    """Write the line as an expression of standard SQL; a NULL among the columns makes it NULL.

    Raises
    ------
    UsageError
        If two columns differ in case alone.

    """
    refuse_alike(model, "SQL")
    products = [f"{t.sign} {_number(t.size)} * {_identifier(t.name)}" for t in terms(model)]
    return f"({' '.join([_number(intercept(model)), *products])})\n"


def _number(value: float) -> str:
    """Write a float64: without an exponent, the standard makes 300.0 a decimal."""
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def _identifier(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
