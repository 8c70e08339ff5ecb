"""awk: a program that adds the predictions to plain CSV."""

import math
import sys
from types import MappingProxyType

from linreg_cli.design import Expression
from linreg_cli.model import Model
from linreg_cli.output.export.formula import (
    FALSE_WORDS,
    LARGEST_EXPONENT,
    TRUE_WORDS,
    Choice,
    Choices,
    Formula,
    Slope,
    formula,
)
from linreg_cli.output.export.notation import Notation

READ_HEADER = r"""# Adds the column "prediction" to CSV that has a header and no quoted cells:
# LC_ALL=C awk -f THIS_FILE new.csv
BEGIN { if (FS == " ") FS = ","; OFS = FS }
{ sub(/\r$/, "") }
NR == 1 {
    sub("^\357\273\277", "")  # a byte-order mark
    for (i = 1; i <= NF; i++) {
        name = $i
        gsub(/^[ \t]+|[ \t]+$/, "", name)
        column[name] = i
        count[name]++
    }"""
READ_ROW = r"""    width = NF
    print $0, "prediction"
    next
}
NF == 0 { print; next }
NF != width { stop("line " NR ": " NF " fields, not " width) }
{
    is_complete = 1"""
PRINT_ROW = r"""    print $0, is_complete ? sprintf("%.17g", y) : ""
}
function find(name) {
    if (count[name] != 1) stop("no column, or more than one: " name)
}
function number(name, cell) {
    cell = $column[name]
    if (cell !~ /^[ \t]*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[ \t]*$/) is_complete = 0
    return cell + 0
}
function text(name, cell) {
    cell = $column[name] ""
    gsub(/^[ \t]+|[ \t]+$/, "", cell)
    return cell
}
function stop(problem) {
    print problem > "/dev/stderr"
    exit 3
}
"""

_LN = """function ln(x) {
    if (x > 0) return log(x)
    is_complete = 0
}
"""
_EXP = f"""function exponential(x) {{
    if (x < -746) return 0
    if (x < -700) return exp(x / 2) * exp(x / 2)  # gawk warns of a result near 0
    if (x <= {LARGEST_EXPONENT!r}) return exp(x)
    is_complete = 0
}}
"""
_SQRT = """function root(x) {
    if (x >= 0) return sqrt(x)
    is_complete = 0
}
"""
_ABS = """function size(x) { return x < 0 ? -x : x + 0 }
"""
_DIVIDE = """function divide(x, y) {
    if (y != 0) return real(x / y)
    is_complete = 0
}
"""
_REAL = """function real(y) {
    if (y - y == 0) return y
    is_complete = 0
}
"""
_DAYS = r"""function days(name,  cell, zone, time, year, month, seconds, east) {
    cell = text(name)
    zone = "( ?[Zz]| ?[-+][0-9][0-9](:?[0-9][0-9])?)?"
    time = "([Tt ][0-9][0-9]:[0-9][0-9](:[0-9][0-9]([.][0-9]+)?)?" zone ")?"
    if (cell !~ "^[0-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" time "$") {
        is_complete = 0
        return
    }
    month = substr(cell, 6, 2) + 0
    year = substr(cell, 1, 4) - (month < 3)  # from March to February, which ends with the leap day
    seconds = substr(cell, 12, 2) * 3600 + substr(cell, 15, 2) * 60
    if (substr(cell, 17, 1) == ":") seconds += substr(cell, 18)
    if (match(cell, / ?[-+][0-9][0-9](:?[0-9][0-9])?$/) && RSTART > 11) {
        east = substr(cell, RSTART)
        gsub(/[ :]/, "", east)
        seconds -= (substr(east, 1, 1) "1") * (substr(east, 2, 2) * 3600 + substr(east, 4, 2) * 60)
    }
    return (365 * year + int(year / 4) - int(year / 100) + int(year / 400) \
        + int(((month + 9) % 12 * 306 + 5) / 10) + substr(cell, 9, 2) - 719469) + seconds / 86400
}
"""
_TRUTH = f"""function truth(name,  cell) {{
    cell = tolower(text(name))
    if (cell ~ /^({"|".join(TRUE_WORDS)})$/) return 1
    if (cell !~ /^({"|".join(FALSE_WORDS)})$/) is_complete = 0
    return 0
}}
"""
_NAMES = MappingProxyType(
    {
        "log": "ln",
        "exp": "exponential",
        "sqrt": "root",
        "abs": "size",
        "days": "days",
        "bool": "truth",
    }
)
_BASES = MappingProxyType({"log2": 2, "log10": 10})


class AwkNotation(Notation):
    """awk; a number that does not exist sets is_complete to 0."""

    def column(self, name: str) -> str:
        """Return a call that reads a number."""
        return f"number({string(name)})"

    def number(self, value: float) -> str:
        """Return a float64."""
        return _number(value)

    def of_text(self, function: str, column: str) -> str:
        """Return the call of a function of the row."""
        return f"{_NAMES[function]}({string(column)})"

    def call(self, function: str, argument: str) -> str:
        """Return the call of a function that checks its argument."""
        if function in _BASES:
            return f"(ln({argument}) / log({_BASES[function]}))"
        return f"ln(1 + {argument})" if function == "log1p" else f"{_NAMES[function]}({argument})"

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return f"real({self.write(base)} ^ {exponent})"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a call that checks the divisor."""
        return f"divide({numerator}, {denominator})"


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as a program that finds the columns by the header.

    awk reads any text as a number, such as 0. The program leaves the prediction empty in a row with
    a cell that is not a number.
    """
    found = formula(model, inverse=inverse)
    names = dict.fromkeys([*found.numbers, *found.texts])
    return "\n".join(
        [
            READ_HEADER,
            *(f"    find({string(name)})" for name in names),
            READ_ROW,
            *body(found),
            PRINT_ROW + "".join(functions(found)),
        ]
    )


def body(found: Formula) -> list[str]:
    """Return the lines that set y to the prediction."""
    notation = AwkNotation()
    return [
        f"    y = {_number(found.value)}",
        *(line for term in found.terms for line in _lines(term, notation)),
        *([] if found.inverse is None else [f"    y = {notation.argument(found.inverse)}"]),
    ]


def _lines(term: Slope | Choices, notation: AwkNotation) -> list[str]:
    """Return the lines that add a term to y."""
    if isinstance(term, Slope):
        return [f"    y {term.sign}= {notation.slope(term)}"]
    if term.number is None and len(term.choices) == 1:
        return _levels(term.choices[0], "y +=")
    number = "1" if term.number is None else notation.argument(term.number)
    factors = [line for choice in term.choices for line in _levels(choice, "product *=")]
    return [f"    product = {number}", *factors, "    y += product"]


def _levels(choice: Choice, change: str) -> list[str]:
    """Return the lines that change a number by what belongs to a level."""
    lines = [
        f"    {'else ' if i else ''}if (cell == {string(level)}) {change} {_number(weight)}"
        for i, (level, weight) in enumerate(choice.weights)
    ]
    return [f"    cell = text({string(choice.column)})", *lines, "    else is_complete = 0"]


def functions(found: Formula) -> list[str]:
    """Return the definitions of the functions that are used."""
    used = found.used
    uses = {
        _LN: not used.isdisjoint({"log", "log1p", *_BASES}),
        _EXP: "exp" in used,
        _SQRT: "sqrt" in used,
        _ABS: "abs" in used,
        _DIVIDE: "/" in used,
        _REAL: "^" in used or "/" in used,
        _DAYS: "days" in used,
        _TRUTH: "bool" in used,
    }
    return [text for text, is_used in uses.items() if is_used]


def _number(value: float) -> str:
    """Return a number as text; for mawk, a subnormal number is an exact product of others.

    >>> _number(0.1), _number(-1.5e-323)
    ('0.1', '(-3 * 2.2227587494850775e-162 * 2.2227587494850775e-162)')
    """
    if value == 0 or abs(value) >= sys.float_info.min:
        return repr(value)
    return f"({round(math.ldexp(value, 1074))} * {2.0**-537!r} * {2.0**-537!r})"


def string(name: str) -> str:
    """Return a name in quotes; characters that cannot be printed are octal, byte by byte."""
    return '"' + "".join(map(_character, name)) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())
