"""Excel: a formula for a column of a table (Ctrl+T), which names the other columns."""

from types import MappingProxyType

from linreg_cli.design import Expression
from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.output.export.formula import (
    FALSE_WORDS,
    TRUE_WORDS,
    Choice,
    Formula,
    Slope,
    formula,
    refuse_alike,
)
from linreg_cli.output.export.notation import LineNotation

MAX_CHARACTERS, MAX_ARGUMENTS = 8192, 255
"""Maximum length of a formula, and number of arguments of a function."""
DIGITS = 15
"""Digits of a constant; Excel replaces further digits by 0."""
SMALLEST, LARGEST = 2.2251e-308, 9.99999999999999e307
"""The range of the constants that Excel accepts."""
_FUNCTIONS = MappingProxyType(
    {
        "log": "LN({})",
        "log2": "LOG({},2)",
        "log10": "LOG10({})",
        "log1p": "LN(1+{})",
        "exp": "EXP({})",
        "sqrt": "SQRT({})",
        "abs": "ABS({})",
    }
)


class ExcelNotation(LineNotation):
    """Excel, in English; a number that does not exist is an error, such as #NUM!."""

    space = ""

    def column(self, name: str) -> str:
        """Return the reference to the cell of a column in the row of the formula."""
        escaped = "".join(f"'{c}" if c in "[]#'@" else c for c in name)
        return f"[@[{escaped}]]"

    def number(self, value: float) -> str:
        """Return a float64 in constants of at most 15 digits: if need be, as a sum of two.

        Raises
        ------
        UsageError
            If Excel cannot hold the number.

        """
        text = f"{value:.{DIGITS}G}"
        rest = value - float(text)  # exact, as the two are so near (P. H. Sterbenz, 1974)
        if any(part and not SMALLEST <= abs(part) <= LARGEST for part in (value, rest)):
            raise UsageError(
                f"Excel cannot hold the constant {value!r} with all its digits",
                hint="Train on the data in another unit, or use another --to.",
            )
        if rest == 0:
            return text
        if rest.is_integer() and abs(rest) < 10**DIGITS:  # right even where the sum is not rounded
            return f"({text}{int(rest):+d})"
        rests = (f"{rest:+.{digits}G}" for digits in range(1, DIGITS + 1))
        return f"({text}{next(short for short in rests if float(text) + float(short) == value)})"

    def of_text(self, function: str, column: str) -> str:
        """Return the days of a date, which is a number in Excel, or 1 and 0 for words."""
        if function == "days":
            return f"({self.column(column)}-DATE(1970,1,1))"
        return f"IF({self.is_word(column, TRUE_WORDS)},1,0)"

    def is_word(self, column: str, words: tuple[str, ...]) -> str:
        """Return whether the text of a cell is among some words, in any case."""
        word = f'"|"&LOWER(TRIM({self.column(column)}))&"|"'
        return f'ISNUMBER(FIND({word},"|{"|".join(words)}|"))'

    def call(self, function: str, argument: str) -> str:
        """Return a function."""
        return _FUNCTIONS[function].format(argument)

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return f"POWER({self.argument(base)},{exponent})"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient."""
        return f"({numerator}/{denominator})"

    def choice(self, choice: Choice) -> str:
        """Return a sum with a term for each level; its condition is 1 or 0."""
        return f"({''.join(self.weights(choice)).removeprefix('+') or '0'})"

    def weights(self, choice: Choice) -> list[str]:
        """Return the weight of each level, with its sign, where it is not 0."""
        return [
            f"{'-' if weight < 0 else '+'}{self.number(abs(weight))}*{self.is_level(choice, level)}"
            for level, weight in choice.weights
            if weight
        ]

    def is_level(self, choice: Choice, level: str) -> str:
        """Return whether a cell has a level, letter by letter: = ignores the case in Excel."""
        doubled = level.replace('"', '""')
        return f'EXACT({self.column(choice.column)},"{doubled}")'


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as a formula, which is empty if a cell is empty; Excel reads that as 0.

    Raises
    ------
    UsageError
        If the formula or a number in it is outside the limits of Excel, or if two columns differ
        only in case.

    """
    refuse_alike(model, "Excel")
    found, excel = formula(model, inverse=inverse), ExcelNotation()
    line = excel.number(found.value)
    for term in found.terms:
        if isinstance(term, Slope) or term.number is not None or len(term.choices) > 1:
            line += excel.term(term)
        else:
            line += "".join(excel.weights(term.choices[0]))
    if found.inverse is not None:
        excel.result = f"({line})"
        line = excel.argument(found.inverse)
    if found.can_fail:
        line = f'IFERROR({line},"")'
    conditions, arguments = _conditions(found, excel)
    condition = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
    text = f'=IF({condition},{line},"")'
    if len(text) > MAX_CHARACTERS or arguments > MAX_ARGUMENTS:
        raise UsageError(
            f"the formula has {len(model.x)} features and {len(text):,} characters; "
            f"Excel takes {MAX_ARGUMENTS} and {MAX_CHARACTERS:,}",
            hint="Shorter column names, fewer features, or another --to.",
        )
    return f"{text}\n"


def _conditions(found: Formula, excel: ExcelNotation) -> tuple[list[str], int]:
    """Return what holds if all cells are there, and the number of arguments in it."""
    functions = found.text_functions
    cells = list(map(excel.column, dict.fromkeys([*found.numbers, *functions.get("days", [])])))
    words = functions.get("bool", [])
    choices = {choice.column: choice for choice in found.choices}.values()
    conditions = [f"COUNT({','.join(cells)})={len(cells)}"] if cells else []
    conditions += [excel.is_word(column, TRUE_WORDS + FALSE_WORDS) for column in words]
    conditions += [
        f"OR({','.join(excel.is_level(choice, level) for level, _ in choice.weights)})"
        for choice in choices
    ]
    arguments = len(cells) + len(words) + sum(len(choice.weights) for choice in choices)
    return conditions, arguments
