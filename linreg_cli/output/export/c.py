"""C, and C++: a function of an array with the features in order."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import formula, quoted


def write(model: Model) -> str:
    """Write the line as a function in C99 that needs nothing else."""
    value, terms = formula(model)
    products = [f"{t.sign} {t.size!r} * {t.factor(f'x[{i}]')}" for i, t in enumerate(terms)]
    ends = [" "] * (len(products) - 1) + [";"]
    # a name in quotes ends in one, never in the backslash that would go on in the next line
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
