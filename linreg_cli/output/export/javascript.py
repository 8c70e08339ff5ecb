"""JavaScript: a module with a function of a row."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, quoted


def write(model: Model) -> str:
    """Return the model as an ECMAScript module that needs no library.

    JavaScript converts null and "" to 0; the function treats them as missing, and returns NaN.
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
    """Return a name in quotes that cannot end a script element of a page."""
    return quoted(name).replace("<", "\\u003c")
