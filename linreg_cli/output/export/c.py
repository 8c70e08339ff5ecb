"""C, and C++: a function of an array with the features in order."""

from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Formula, Term, features_of, formula, quoted


def write(model: Model) -> str:
    """Return the model as a function in C99 that needs no library."""
    found = formula(model)
    if found.choices:
        return _with_text(model, found)
    value, terms = features_of(model)
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


def _with_text(model: Model, found: Formula) -> str:
    """Return a function that takes the columns of numbers and those of categories."""
    numbers, choices = found.numbers, found.choices
    lines = [
        "#include <math.h>",
        "#include <string.h>",
        "",
        f"// Predicts {quoted(model.y)}; NAN for a level that no training row has.",
        *(f"// x[{i}] is {quoted(name)}" for i, name in enumerate(numbers)),
        *(f"// text[{i}] is {quoted(choice.name)}" for i, choice in enumerate(choices)),
        "double predict(const double *x, const char *const *text) {",
        *([] if numbers else ["    (void)x;"]),
        f"    double y = {found.value!r};",
    ]
    places = iter(range(len(numbers))), iter(range(len(choices)))
    for term in found.terms:
        if isinstance(term, Choice):
            lines += _choose(f"text[{next(places[1])}]", term)
        elif isinstance(term, Term):
            factor = term.factor(f"x[{next(places[0])}]")
            lines.append(f"    y {term.sign}= {term.size!r} * {factor};")
    return "\n".join([*lines, "    return y;", "}", ""])


def _choose(place: str, choice: Choice) -> list[str]:
    lines = [
        f"    {'else ' if i else ''}if (strcmp({place}, {_string(level)}) == 0) y += {weight!r};"
        for i, (level, weight) in enumerate(choice.weights)
    ]
    return [*lines, "    else return NAN;"]


def _string(text: str) -> str:
    """Return a text in quotes; bytes that are not plain ASCII are octal, and ? ends no trigraph."""
    plain = (
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}"  # noqa: PLR2004
        for byte in text.encode()
    )
    return f'"{"".join(plain)}"'
