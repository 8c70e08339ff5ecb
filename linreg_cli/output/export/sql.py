"""SQL: an expression in parentheses, for any place of a query over the columns."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, literal, refuse_alike


def write(model: Model) -> str:
    """Return the model as an expression of standard SQL, which is NULL if a column is NULL.

    Raises
    ------
    UsageError
        If two columns differ only in case.

    """
    refuse_alike(model, "SQL")
    value, terms = formula(model)
    products = [
        f"{t.sign} {_number(t.size)} * {t.factor(_identifier(t.name), literal)}" for t in terms
    ]
    return f"({' '.join([_number(value), *products])})\n"


def _number(value: float) -> str:
    """Return a float64 as text with an exponent: in standard SQL, 300.0 is a decimal."""
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def _identifier(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
