"""Python: a function of a row, or of a table with columns, such as a data frame."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Term, formula, literal

_CHOOSE = [
    "",
    "",
    "def choose(value, weights):",
    '    """Return the weight of a level, or a column of weights; NaN for an unknown level."""',
    '    if hasattr(value, "replace_strict"):  # polars',
    '        return value.replace_strict(weights, default=float("nan"))',
    '    if hasattr(value, "map"):  # pandas',
    "        return value.map(weights)",
    '    return weights.get(value, float("nan"))',
]


def write(model: Model) -> str:
    """Return the model as a module that needs no library."""
    value, terms = formula(model)
    has_choices = any(isinstance(term, Choice) for term in terms)
    # the name is below the second line, where "coding: x" would set the encoding of the file
    return "\n".join(
        [
            "def predict(row):",
            '    """Predict; row gives a number, or a column of numbers, for each name."""',
            f"    # the target is {model.y!r}",
            "    return (",
            f"        {value!r}",
            *(f"        {_term(term)}" for term in terms),
            "    )",
            *(_CHOOSE if has_choices else []),
            "",
        ]
    )


def _term(term: Term | Choice) -> str:
    column = f"row[{term.name!r}]"
    if isinstance(term, Term):
        return f"{term.sign} {term.size!r} * {term.factor(column, literal)}"
    return f"+ choose({column}, {dict(term.weights)!r})"
