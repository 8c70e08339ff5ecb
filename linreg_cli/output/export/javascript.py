"""JavaScript: a module with a function of a row."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, quoted


def write(model: Model) -> str:
    """Write the line as an ECMAScript module that needs nothing else.

    JavaScript takes null and "" for 0; the function takes them for missing, and gives NaN.
    """
    value, terms = formula(model)
    products = [f"{t.sign} {t.size!r} * {t.factor(f'number({_string(t.name)})')}" for t in terms]
    return "\n".join(
        [
            f"// Predicts {_string(model.y)} from the columns of a row; NaN where one is missing.",
            "export function predict(row) {",
            "  const number = (name) =>",
            '    String(row[name] ?? "").trim() === "" ? NaN : Number(row[name]);',
            "  return (",
            f"    {value!r}",
            *(f"    {product}" for product in products),
            "  );",
            "}",
            "",
        ]
    )


def _string(name: str) -> str:
    """Quote a name so that it does not end a script element of a page either."""
    return quoted(name).replace("<", "\\u003c")
