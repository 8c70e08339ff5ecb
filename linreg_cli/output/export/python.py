"""Python: a function of a row, or of a table with columns, such as a data frame."""

from linreg_cli.design import TRUTHS, Expression
from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Formula, formula
from linreg_cli.output.export.notation import LineNotation, literal

_CHOOSE = '''

def choose(value, weights):
    """Return the weight of a level, or a column of weights; NaN for an unknown level."""
    if hasattr(value, "replace_strict"):  # polars
        return value.cast(str).replace_strict(weights, default=float("nan"))
    if hasattr(value, "map"):  # pandas
        known = {each: choose(each, weights) for each in value.unique()}
        return value.map(known).astype(float)
    if not isinstance(value, str):
        value = "" if value is None or value != value else str(value).removesuffix(".0")
    return weights.get(value, float("nan"))
'''
_EACH = '''

def each(function, value):
    """Return a function of a cell, or of each cell of a column."""
    if hasattr(value, "map_elements"):  # polars
        return value.map_elements(function, return_dtype=float)
    if hasattr(value, "map"):  # pandas
        return value.map(function).astype(float)
    return function(value)
'''
_TRUTH = f'''

def truth(value):
    """Return 1 for a word such as yes, and 0 for one such as no; NaN for another."""
    words = { ({word: float(n.integer) for word, n in TRUTHS.items()})!r}
    return words.get(str(value).strip().lower().removesuffix(".0"), float("nan"))
'''
_DAYS = '''

def days(value):
    """Return the days from 1970-01-01 to a date, or to a text such as 2024-12-31T12:00Z."""
    from datetime import datetime, timedelta, timezone

    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip()) if value.strip() else None
    if value is None or value != value:
        return float("nan")
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is None:
        value = value.replace(tzinfo=timezone.utc)
    return (value - datetime(1970, 1, 1, tzinfo=timezone.utc)) / timedelta(days=1)
'''
_REAL = '''

def real(value):
    """Return a number, or a column of them; infinity minus itself is NaN."""
    return value + (value - value)
'''
_CALL = '''

def call(function, value):
    """Return a function of a number, or of a column of them; NaN where it does not exist."""
    if hasattr(value, "replace_strict"):  # polars
        return real(value.log(2) if function == "log2" else getattr(value, function)())
    if hasattr(value, "__array__"):  # pandas
        import numpy

        with numpy.errstate(all="ignore"):
            return real(getattr(numpy, function)(value))
    import math

    try:
        return real(getattr(math, function)(value))
    except (ValueError, OverflowError):
        return float("nan")
'''
_POWER = '''

def power(value, exponent):
    """Return a number to a power; NaN where it is too large."""
    try:
        return real((1.0 * value) ** exponent)
    except OverflowError:
        return float("nan")
'''
_DIVIDE = '''

def divide(numerator, denominator):
    """Return a quotient; NaN where the divisor is 0."""
    try:
        return real(numerator / denominator)
    except ZeroDivisionError:
        return float("nan")
'''


class PythonNotation(LineNotation):
    """Python; a number that does not exist is NaN."""

    def column(self, name: str) -> str:
        """Return the entry of the row."""
        return f"row[{name!r}]"

    def number(self, value: float) -> str:
        """Return a float64."""
        return repr(value)

    def center(self, value: float) -> str:
        """Return the size of a center; the difference of two integers is exact."""
        return literal(value)

    def operand(self, expression: Expression) -> str:
        """Return one side of an operation; a column of integers could overflow."""
        text = self.write(expression)
        return f"(1.0 * {text})" if self.is_column(expression) else text

    def of_text(self, function: str, column: str) -> str:
        """Return a function of a text, a date or a truth value."""
        return f"each({'days' if function == 'days' else 'truth'}, {self.column(column)})"

    def call(self, function: str, argument: str) -> str:
        """Return a function."""
        return f"abs({argument})" if function == "abs" else f'call("{function}", {argument})'

    def power(self, base: Expression, exponent: int) -> str:
        """Return a power."""
        return f"power({self.argument(base)}, {exponent})"

    def quotient(self, numerator: str, denominator: str) -> str:
        """Return a quotient."""
        return f"divide({numerator}, {denominator})"

    def choice(self, choice: Choice) -> str:
        """Return a number for each level, NaN for others."""
        return f"choose({self.column(choice.column)}, {dict(choice.weights)!r})"


def write(model: Model, *, inverse: bool = False) -> str:
    """Return the model as a module that needs no library."""
    found = formula(model, inverse=inverse)
    # the name is below the second line, where "coding: x" would set the encoding of the file
    lines = [
        "def predict(row):",
        '    """Predict; row gives a number, or a column of numbers, for each name."""',
        f"    # the target is {found.target!r}",
        *body(found),
        "",
    ]
    return "\n".join(lines) + "".join(functions(found))


def body(found: Formula) -> list[str]:
    """Return the lines of a function of a row."""
    notation = PythonNotation()
    return [
        "    return (" if found.inverse is None else "    y = (",
        f"        {found.value!r}",
        *(f"        {notation.term(term)}" for term in found.terms),
        "    )",
        *([] if found.inverse is None else [f"    return {notation.argument(found.inverse)}"]),
    ]


def functions(found: Formula) -> list[str]:
    """Return the definitions of the functions that are used."""
    used = found.used
    uses = {
        _CHOOSE: bool(found.choices),
        _EACH: bool(found.text_functions),
        _DAYS: "days" in used,
        _TRUTH: "bool" in used,
        _CALL: bool(found.transforms),
        _POWER: "^" in used,
        _DIVIDE: "/" in used,
        _REAL: found.can_fail,
    }
    return [text for text, is_used in uses.items() if is_used]
