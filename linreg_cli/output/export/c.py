"""C, and C++: a function of an array with the features in order."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, quoted


def write(model: Model) -> str:
    """Return the model as a function in C99 that needs no library."""
    value, terms = formula(model)
    products = [f"{t.sign} {t.size!r} * {t.factor(f'x[{i}]')}" for i, t in enumerate(terms)]
    ends = [" "] * (len(products) - 1) + [";"]
    # the quote at the end of a comment prevents a backslash that would continue the line
    lines = [
        f"        {product}{end} // {quoted(name)}"
        for product, end, name in zip(products, ends, model.x, strict=True)
    ]
    return "\n".join(
        [
            f"// Predicts {quoted(model.y)}; x has the features in the order below.",
            f"double predict(const double x[{len(products)}]) {{",
            f"    return {value!r}",
            *lines,
            "}",
            "",
        ]
    )
