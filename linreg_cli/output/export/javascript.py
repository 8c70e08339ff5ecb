"""JavaScript: a module with a function of a row."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Term, formula, quoted

_CHOOSE = [
    "  const choose = (name, weights) =>",
    '    new Map(weights).get(String(row[name] ?? "").trim()) ?? NaN;',
]


def write(model: Model) -> str:
    """Return the model as an ECMAScript module that needs no library.

    JavaScript converts null and "" to 0; the function treats them as missing, and returns NaN.
    """
    value, terms = formula(model)
    return "\n".join(
        [
            f"// Predicts {_string(model.y)} from the columns of a row; NaN where one is missing.",
            "export function predict(row) {",
            "  const number = (name) =>",
            '    String(row[name] ?? "").trim() === "" ? NaN : Number(row[name]);',
            *(_CHOOSE if any(isinstance(term, Choice) for term in terms) else []),
            "  return (",
            f"    {value!r}",
            *(f"    {_term(term)}" for term in terms),
            "  );",
            "}",
            "",
        ]
    )


def _term(term: Term | Choice) -> str:
    if isinstance(term, Term):
        return f"{term.sign} {term.size!r} * {term.factor(f'number({_string(term.name)})')}"
    weights = ", ".join(f"[{_string(level)}, {weight!r}]" for level, weight in term.weights)
    return f"+ choose({_string(term.name)}, [{weights}])"


def _string(name: str) -> str:
    """Return a name in quotes that cannot end a script element of a page."""
    return quoted(name).replace("<", "\\u003c")
