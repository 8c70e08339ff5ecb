"""Excel: a formula for a column of a table (Ctrl+T), which names the other columns."""

from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.output.export.formula import Choice, Term, formula, refuse_alike

MAX_CHARACTERS, MAX_ARGUMENTS = 8192, 255
"""Maximum length of a formula, and number of arguments of a function."""
DIGITS = 15
"""Digits of a constant; Excel replaces further digits by 0."""
SMALLEST, LARGEST = 2.2251e-308, 9.99999999999999e307
"""The range of the constants that Excel accepts."""


def write(model: Model) -> str:
    """Return the model as a formula, which is empty if a cell is empty; Excel reads that as 0.

    Raises
    ------
    UsageError
        If the formula or a number in it is outside the limits of Excel, or if two columns differ
        only in case.

    """
    refuse_alike(model, "Excel")
    found = formula(model)
    cells = [_cell(name) for name in found.numbers]
    line = "".join([_number(found.value), *map(_term, found.terms)])
    conditions = [f"COUNT({','.join(cells)})={len(cells)}"] if cells else []
    conditions += [
        f"OR({','.join(_is(choice, level) for level, _ in choice.weights)})"
        for choice in found.choices
    ]
    condition = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
    text = f'=IF({condition},{line},"")'
    cells += [_is(choice, level) for choice in found.choices for level, _ in choice.weights]
    if len(text) > MAX_CHARACTERS or len(cells) > MAX_ARGUMENTS:
        raise UsageError(
            f"the formula has {len(model.x)} features and {len(text):,} characters; "
            f"Excel takes {MAX_ARGUMENTS} and {MAX_CHARACTERS:,}",
            hint="Shorter column names, fewer features, or another --to.",
        )
    return f"{text}\n"


def _term(term: Term | Choice) -> str:
    if isinstance(term, Term):
        return f"{term.sign}{_number(term.size)}*{term.factor(_cell(term.name), _number, space='')}"
    return "".join(
        f"{'-' if weight < 0 else '+'}{_number(abs(weight))}*{_is(term, level)}"
        for level, weight in term.weights
        if weight
    )


def _is(choice: Choice, level: str) -> str:
    """Return whether a cell has a level, letter by letter: = ignores the case in Excel."""
    doubled = level.replace('"', '""')
    return f'EXACT({_cell(choice.name)},"{doubled}")'


def _cell(name: str) -> str:
    """Return the reference to the cell of a column in the row of the formula."""
    escaped = "".join(f"'{c}" if c in "[]#'@" else c for c in name)
    return f"[@[{escaped}]]"


def _number(value: float) -> str:
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
