"""SQL: an expression in parentheses, for any place of a query over the columns."""

from types import MappingProxyType

from linreg_cli.design import Expression
from linreg_cli.model import Model
from linreg_cli.output.export.formula import (
    FALSE_WORDS,
    LARGEST_EXPONENT,
    TRUE_WORDS,
    Choice,
    formula,
    refuse_alike,
)
from linreg_cli.output.export.notation import LineNotation, literal

_LOGARITHMS = MappingProxyType(
    {"log": "LN({})", "log2": "LN({}) / LN(2e0)", "log10": "LN({}) / LN(10e0)"}
)
_FLOAT = "1e0"
"""What makes an integer a floating-point number, so that it cannot overflow."""


class SqlNotation(LineNotation):
    """Standard SQL; a number that does not exist is NULL."""

    def column(self, name: str) -> str:
        """Return the name as an identifier."""
        doubled = name.replace('"', '""')
        return f'"{doubled}"'

    def number(self, value: float) -> str:
        """Return a float64 with an exponent: in standard SQL, 300.0 is a decimal."""
        text = repr(value)
        return text if "e" in text else f"{text}e0"

    def operand(self, expression: Expression) -> str:
        """Return one side of an operation; an integer divided by an integer would be cut off."""
        text = self.write(expression)
        return f"({_FLOAT} * {text})" if self.is_column(expression) else text

    def of_text(self, function: str, column: str) -> str:
        """Return days, or 1 and 0; the column may be of dates or of truth values itself."""
        name = self.column(column)
        if function == "days":
            return self.days(name)
        text = f"LOWER(TRIM(CAST({name} AS VARCHAR)))"
        words = [f"({', '.join(map(_text, words))})" for words in (TRUE_WORDS, FALSE_WORDS)]
        return f"CASE WHEN {text} IN {words[0]} THEN 1e0 WHEN {text} IN {words[1]} THEN 0e0 END"

    def center(self, value: float) -> str:
        """Return the size of a center; the difference of two integers is exact."""
        return literal(value)

    def choice(self, choice: Choice) -> str:
        """Return a number for each level, NULL for others."""
        weights = (f"WHEN {_text(level)} THEN {self.number(m)}" for level, m in choice.weights)
        return f"CASE {self.column(choice.column)} {' '.join(weights)} END"

    def days(self, name: str) -> str:
        """Return the days since 1970-01-01 of a date, or of a time with or without a zone."""
        zone = f"SUBSTRING(CAST({name} AS VARCHAR), 12)"
        has_zone = " OR ".join(f"{zone} LIKE '%{mark}%'" for mark in "+-Zz")
        seconds = [
            f"EXTRACT(EPOCH FROM CAST({name} AS TIMESTAMP{kind}))"
            for kind in (" WITH TIME ZONE", "")
        ]
        return f"(CASE WHEN {has_zone} THEN {seconds[0]} ELSE {seconds[1]} END / 86400e0)"

    def call(self, function: str, argument: str) -> str:
        """Return a function, NULL where it does not exist: databases differ there."""
        if function == "abs":
            return f"ABS({argument})"
        if function == "exp" and f"({argument})" == self.result:  # not twice: it is long
            return f"EXP({argument})"
        if function == "exp":
            largest = self.number(LARGEST_EXPONENT)
            return f"CASE WHEN {argument} <= {largest} THEN EXP({argument}) END"
        if function == "sqrt":
            return f"CASE WHEN {argument} >= 0 THEN SQRT({argument}) END"
        if function == "log1p":
            function, argument = "log", f"{_FLOAT} + {argument}"
        computed = _LOGARITHMS[function].format(argument)
        return f"CASE WHEN {argument} > 0 THEN {computed} END"

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return f"POWER({self.argument(base)}, {exponent})"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient, NULL if the divisor is 0."""
        return f"({numerator} / NULLIF({denominator}, 0))"


def write(model: Model, *, inverse: bool = False, notation: SqlNotation | None = None) -> str:
    """Return the model as an expression of standard SQL, which is NULL if a column is NULL.

    It is NULL too for a level that no training row has.

    Raises
    ------
    UsageError
        If two columns differ only in case.

    """
    refuse_alike(model, "SQL")
    sql = notation or SqlNotation()
    found = formula(model, inverse=inverse)
    sql.result = f"({' '.join([sql.number(found.value), *map(sql.term, found.terms)])})"
    return f"{sql.result if found.inverse is None else sql.write(found.inverse)}\n"


def _text(level: str) -> str:
    doubled = level.replace("'", "''")
    return f"'{doubled}'"
