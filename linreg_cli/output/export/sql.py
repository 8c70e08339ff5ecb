"""SQL: an expression in parentheses, for any place of a query over the columns."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Term, formula, literal, refuse_alike


def write(model: Model) -> str:
    """Return the model as an expression of standard SQL, which is NULL if a column is NULL.

    It is NULL too for a level that no training row has.

    Raises
    ------
    UsageError
        If two columns differ only in case.

    """
    refuse_alike(model, "SQL")
    value, terms = formula(model)
    return f"({' '.join([_number(value), *map(_term, terms)])})\n"


def _term(term: Term | Choice) -> str:
    """Return a term; that of a category is NULL if the column has another level."""
    name = _identifier(term.name)
    if isinstance(term, Term):
        return f"{term.sign} {_number(term.size)} * {term.factor(name, literal)}"
    levels = (f"WHEN {_text(level)} THEN {_number(weight)}" for level, weight in term.weights)
    return f"+ CASE {name} {' '.join(levels)} END"


def _number(value: float) -> str:
    """Return a float64 as text with an exponent: in standard SQL, 300.0 is a decimal."""
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def _text(level: str) -> str:
    doubled = level.replace("'", "''")
    return f"'{doubled}'"


def _identifier(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
