"""awk: a program that adds the predictions to plain CSV."""

import math
import sys

from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Term, formula

_READ_HEADER = r"""# Adds the column "prediction" to CSV that has a header and no quoted cells:
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
_READ_ROW = r"""    width = NF
    print $0, "prediction"
    next
}
NF == 0 { print; next }
NF != width { stop("line " NR ": " NF " fields, not " width) }
{
    is_complete = 1"""
_PRINT_ROW = r"""    print $0, is_complete ? sprintf("%.17g", y) : ""
}
function find(name) {
    if (count[name] != 1) stop("no column, or more than one: " name)
}
function number(name, cell) {
    cell = $column[name]
    if (cell !~ /^[ \t]*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[ \t]*$/) is_complete = 0
    return cell
}
function stop(problem) {
    print problem > "/dev/stderr"
    exit 3
}
"""


def write(model: Model) -> str:
    """Return the model as a program that finds the columns by the header.

    awk reads any text as a number, such as 0. The program leaves the prediction empty in a row with
    a cell that is not a number.
    """
    value, terms = formula(model)
    return "\n".join(
        [
            _READ_HEADER,
            *(f"    find({_string(term.name)})" for term in terms),
            _READ_ROW,
            f"    y = {_number(value)}",
            *(line for term in terms for line in _lines(term)),
            _PRINT_ROW,
        ]
    )


def _lines(term: Term | Choice) -> list[str]:
    """Return the lines that add a term to y."""
    if isinstance(term, Term):
        factor = term.factor(f"number({_string(term.name)})", _number)
        return [f"    y {term.sign}= {_number(term.size)} * {factor}"]
    lines = [
        f"    {'else ' if i else ''}if (cell == {_string(level)}) y += {_number(weight)}"
        for i, (level, weight) in enumerate(term.weights)
    ]
    return [
        f'    cell = $column[{_string(term.name)}] ""',
        r'    gsub(/^[ \t]+|[ \t]+$/, "", cell)',
        *lines,
        "    else is_complete = 0",
    ]


def _number(value: float) -> str:
    """Return a number as text; for mawk, a subnormal number is an exact product of others.

    >>> _number(0.1), _number(-1.5e-323)
    ('0.1', '(-3 * 2.2227587494850775e-162 * 2.2227587494850775e-162)')
    """
    if value == 0 or abs(value) >= sys.float_info.min:
        return repr(value)
    return f"({round(math.ldexp(value, 1074))} * {2.0**-537!r} * {2.0**-537!r})"


def _string(name: str) -> str:
    """Return a name in quotes; characters that cannot be printed are octal, byte by byte."""
    return '"' + "".join(map(_character, name)) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())
