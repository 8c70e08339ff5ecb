"""JavaScript: a module with a function of a row."""

import json
from types import MappingProxyType

from linreg_cli.design import TRUTHS, Expression
from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Formula, formula, quoted
from linreg_cli.output.export.notation import LineNotation

_NUMBER = [
    "  const number = (name) =>",
    '    String(row[name] ?? "").trim() === "" ? NaN : Number(row[name]);',
]
TEXT = ['  const text = (name) => String(row[name] ?? "").trim();']
_CHOOSE = ["  const choose = (name, weights) => new Map(weights).get(text(name)) ?? NaN;"]
_REAL = ["  const real = (value) => (Number.isFinite(value) ? value : NaN);"]
_TRUTH = [
    "  const truth = (name) =>",
    f"    new Map({json.dumps([[word, n.integer] for word, n in TRUTHS.items()])})",
    "      .get(text(name).toLowerCase()) ?? NaN;",
]
_DAYS = r"""  const days = (name) => {
    if (row[name] instanceof Date) return row[name].getTime() / 86400000;
    const time = /(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))? ?(?:Z|([+-])(\d\d):?(\d\d)?)?)?/;
    const date = new RegExp("^(\\d{4})-(\\d\\d)-(\\d\\d)" + time.source + "$", "i");
    const found = date.exec(text(name));
    if (!found) return NaN;
    const [year, month, day, hour, minute, second, , eastHour, eastMinute] =
      found.slice(1).map((part) => Number(part ?? 0));
    const midnight = Date.UTC(year, month - 1, day);
    if (new Date(midnight).getUTCMonth() !== month - 1) return NaN;
    const east = (found[7] === "-" ? -60 : 60) * (eastHour * 60 + eastMinute);
    return (midnight / 1000 + hour * 3600 + minute * 60 + second - east) / 86400;
  };""".splitlines()
_FUNCTIONS = MappingProxyType({"days": "days", "bool": "truth"})


class JavaScriptNotation(LineNotation):
    """JavaScript; a number that does not exist is NaN."""

    def column(self, name: str) -> str:
        """Return a call that converts the cell, but not a missing one."""
        return f"number({string(name)})"

    def number(self, value: float) -> str:
        """Return a float64."""
        return repr(value)

    def of_text(self, function: str, column: str) -> str:
        """Return the call of a function of the row."""
        return f"{_FUNCTIONS[function]}({string(column)})"

    def call(self, function: str, argument: str) -> str:
        """Return a function; the logarithm of 0 is not -Infinity but NaN."""
        text = f"Math.{function}({argument})"
        return text if function == "abs" else f"real({text})"

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return f"real({self.write(base)} ** {exponent})"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient."""
        return f"real({numerator} / {denominator})"

    def choice(self, choice: Choice) -> str:
        """Return a number for each level, NaN for others."""
        weights = ", ".join(f"[{string(level)}, {weight!r}]" for level, weight in choice.weights)
        return f"choose({string(choice.column)}, [{weights}])"


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as an ECMAScript module that needs no library.

    JavaScript converts null and "" to 0; the function treats them as missing, and returns NaN.
    """
    found = formula(model, inverse=inverse)
    return "\n".join(
        [
            f"// Predicts {string(found.target)} from a row; NaN if a column of it is missing.",
            "export function predict(row) {",
            *functions(found),
            *body(found),
            "}",
            "",
        ]
    )


def body(found: Formula) -> list[str]:
    """Return the lines of a function that calculate and return the prediction."""
    notation = JavaScriptNotation()
    return [
        "  return (" if found.inverse is None else "  const y = (",
        f"    {found.value!r}",
        *(f"    {notation.term(term)}" for term in found.terms),
        "  );",
        *([] if found.inverse is None else [f"  return {notation.argument(found.inverse)};"]),
    ]


def functions(found: Formula) -> list[str]:
    """Return the definitions of the functions that are used."""
    return [
        *(_NUMBER if found.numbers else []),
        *(TEXT if found.texts else []),
        *(_CHOOSE if found.choices else []),
        *(_DAYS if "days" in found.used else []),
        *(_TRUTH if "bool" in found.used else []),
        *(_REAL if found.can_fail else []),
    ]


def string(name: str) -> str:
    """Return a name in quotes that cannot end a script element of a page."""
    return quoted(name).replace("<", "\\u003c")
