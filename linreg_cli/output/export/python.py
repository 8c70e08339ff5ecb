"""Python: a function of a row, or of a table with columns, such as a data frame."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, literal


def write(model: Model) -> str:
    """Return the model as a module that needs no library."""
    value, terms = formula(model)
    products = [f"{t.sign} {t.size!r} * {t.factor(f'row[{t.name!r}]', literal)}" for t in terms]
    # the name is below the second line, where "coding: x" would set the encoding of the file
    return "\n".join(
        [
            "def predict(row):",
            '    """Predict; row gives a number, or a column of numbers, for each name."""',
            f"    # the target is {model.y!r}",
            "    return (",
            f"        {value!r}",
            *(f"        {product}" for product in products),
            "    )",
            "",
        ]
    )
