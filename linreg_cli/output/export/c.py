"""C, and C++: a function of arrays with the columns of a row."""

from types import MappingProxyType

from linreg_cli.design import Expression
from linreg_cli.model import Model
from linreg_cli.output.export.formula import (
    FALSE_WORDS,
    TRUE_WORDS,
    Choice,
    Choices,
    Formula,
    Slope,
    formula,
    quoted,
)
from linreg_cli.output.export.notation import Notation

_REAL = """
static double real(double y) {
    return isfinite(y) ? y : NAN;
}
"""
_DAYS = """
/* the days from 1970-01-01 to a date, or to a time such as 2024-12-31T12:00Z */
static double days(const char *text) {
    int year, month, day, hour = 0, minute = 0, east_hour = 0, east_minute = 0, end = 0;
    double second = 0;
    char east[2] = "+";
    if (sscanf(text, " %4d-%2d-%2d%n", &year, &month, &day, &end) != 3) return NAN;
    if (month < 1 || month > 12 || day < 1 || day > 31) return NAN;
    text += end;
    if (sscanf(text, "%*1[Tt ]%2d:%2d%n", &hour, &minute, &end) == 2) {
        text += end;
        if (sscanf(text, ":%lf%n", &second, &end) == 1) text += end;
        if (sscanf(text, " %1[+-]%2d%n", east, &east_hour, &end) == 2) {
            text += end;
            if (sscanf(text, "%*1[:]%2d%n", &east_minute, &end) == 1) text += end;
            else if (sscanf(text, "%2d%n", &east_minute, &end) == 1) text += end;
        }
    }
    text += strspn(text, " Zz");
    if (*text) return NAN;
    int east_minutes = (*east == '-' ? -1 : 1) * (east_hour * 60 + east_minute);
    year -= month <= 2; /* a year from March to February, which ends with the leap day */
    long whole = 365L * year + year / 4 - year / 100 + year / 400
        + ((month + 9) % 12 * 306 + 5) / 10 + day - 1 - 719468;
    return (whole * 86400.0 + hour * 3600 + (minute - east_minutes) * 60 + second) / 86400;
}
"""
_TRUTH = """
/* 1 for a word such as yes, 0 for one such as no */
static double truth(const char *text) {
    static const char *const words[] = {WORDS};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        const char *word = words[i], *other = text;
        while (*word && *word == tolower((unsigned char)*other)) word++, other++;
        if (!*word && !*other) return i < TRUE_WORDS;
    }
    return NAN;
}
""".replace("TRUE_WORDS", str(len(TRUE_WORDS))).replace(
    "WORDS", ", ".join(f'"{word}"' for word in (*TRUE_WORDS, *FALSE_WORDS))
)
_FUNCTIONS = MappingProxyType({"days": "days", "bool": "truth"})


class CNotation(Notation):
    """C; a number that does not exist is NAN.

    Parameters
    ----------
    found
        The formula, whose columns have their places in the arrays x and text.

    """

    def __init__(self, found: Formula) -> None:
        self._x = {name: f"x[{i}]" for i, name in enumerate(found.numbers)}
        self._text = {name: f"text[{i}]" for i, name in enumerate(found.texts)}

    def column(self, name: str) -> str:
        """Return the entry of the array of numbers."""
        return self._x[name]

    def text(self, name: str) -> str:
        """Return the entry of the array of texts."""
        return self._text[name]

    def number(self, value: float) -> str:
        """Return a float64."""
        return repr(value)

    def of_text(self, function: str, column: str) -> str:
        """Return a function of a text."""
        return f"{_FUNCTIONS[function]}({self.text(column)})"

    def call(self, function: str, argument: str) -> str:
        """Return a function."""
        return f"fabs({argument})" if function == "abs" else f"real({function}({argument}))"

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return f"real(pow({self.argument(base)}, {exponent}))"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient."""
        return f"real({numerator} / {denominator})"


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as a function in C99 that needs no library but that of mathematics."""
    found = formula(model, inverse=inverse)
    notation = CNotation(found)
    if found.texts or found.used or found.inverse is not None:
        return _with_functions(found, notation)
    products = [
        f"{term.sign} {notation.slope(term)}" for term in found.terms if isinstance(term, Slope)
    ]
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
            f"    return {found.value!r}",
            *lines,
            "}",
            "",
        ]
    )


def _with_functions(found: Formula, notation: CNotation) -> str:
    """Return a function that takes the columns of numbers and those of texts."""
    missing = "NAN for a number that does not exist, or a level that no training row has"
    return "\n".join(
        [
            *functions(found),
            f"// Predicts {quoted(found.target)}; {missing}.",
            *head(found),
            *body(found, notation),
            "}",
            "",
        ]
    )


def functions(found: Formula, *, compares_texts: bool = False) -> list[str]:
    """Return the headers and the functions that are used."""
    used = found.used
    headers = ["ctype.h"] * ("bool" in used) + ["math.h"] + ["stdio.h"] * ("days" in used)
    headers += ["string.h"] * bool(compares_texts or found.choices or "days" in used)
    texts = [_REAL] * found.can_fail + [_DAYS] * ("days" in used) + [_TRUTH] * ("bool" in used)
    return [*(f"#include <{name}>" for name in headers), *"".join(texts).splitlines(), ""]


def head(found: Formula, *parameters: str) -> list[str]:
    """Return the comments on the parameters of predict, and its head."""
    numbers, texts = found.numbers, found.texts
    parameters = (*parameters, "const double *x", *["const char *const *text"][: len(texts)])
    return [
        *(f"// x[{i}] is {quoted(name)}" for i, name in enumerate(numbers)),
        *(f"// text[{i}] is {quoted(name)}" for i, name in enumerate(texts)),
        f"double predict({', '.join(parameters)}) {{",
        *([] if numbers else ["    (void)x;"]),
    ]


def body(found: Formula, notation: CNotation) -> list[str]:
    """Return the lines that calculate and return the prediction."""
    lines = [
        f"    double y = {found.value!r};",
        *(["    double product;"] if any(map(_is_product, found.terms)) else []),
    ]
    for term in found.terms:
        if isinstance(term, Choices):
            lines += _choose(term, notation)
        else:
            lines.append(f"    y {term.sign}= {notation.slope(term)};")
    result = "y" if found.inverse is None else notation.argument(found.inverse)
    return [*lines, f"    return {result};"]


def _is_product(term: Slope | Choices) -> bool:
    """Return whether a term of categories needs a variable."""
    return isinstance(term, Choices) and (term.number is not None or len(term.choices) > 1)


def _choose(term: Choices, notation: CNotation) -> list[str]:
    """Return the lines that add a term of categories to y."""
    if not _is_product(term):
        return _levels(term.choices[0], "y +=", notation)
    number = "1.0" if term.number is None else notation.argument(term.number)
    factors = [line for each in term.choices for line in _levels(each, "product *=", notation)]
    return [f"    product = {number};", *factors, "    y += product;"]


def _levels(choice: Choice, change: str, notation: CNotation) -> list[str]:
    place = notation.text(choice.column)
    lines = [
        f"    {'else ' if i else ''}if (strcmp({place}, {string(level)}) == 0) {change} {weight!r};"
        for i, (level, weight) in enumerate(choice.weights)
    ]
    return [*lines, "    else return NAN;"]


def string(text: str) -> str:
    """Return a text in quotes; bytes that are not plain ASCII are octal, and ? ends no trigraph."""
    plain = (
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}"  # noqa: PLR2004
        for byte in text.encode()
    )
    return f'"{"".join(plain)}"'
