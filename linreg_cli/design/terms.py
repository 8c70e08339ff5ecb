"""Terms: what features and targets are computed from.

A term is a product of factors. A factor is a column, a transform of columns, a category (all
levels of a column) or the indicator of one level. The user writes terms of categories; when all
levels are known, each becomes the features of the model, one for each indicator.

    written            the terms of the features
    beds               beds
    log(lot)           log(lot)
    sqft:beds          sqft:beds
    C(city):sqft       city[DAVIS]:sqft, city[GALT]:sqft, ...
"""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")
"""The names of columns that need no backquotes inside a longer name."""


class Column(Struct, frozen=True):
    """A column of numbers."""

    name: str

    def __str__(self) -> str:
        """Return the name, in backquotes if it could be read as something else."""
        return self.name if _PLAIN_NAME.fullmatch(self.name) else f"`{self.name}`"


class Number(Struct, frozen=True):
    """A constant in an expression, as it is written."""

    text: str

    def __str__(self) -> str:
        """Return the constant."""
        return self.text


class Call(Struct, frozen=True):
    """A function of one expression, such as ``log(lot)`` or ``days(sold)``."""

    function: str
    argument: "Expression"

    def __str__(self) -> str:
        """Return the call as it is written."""
        return f"{self.function}({self.argument})"


class Operation(Struct, frozen=True):
    """Two expressions with an operator between them, such as ``lot^2``."""

    operator: Literal["+", "-", "*", "/", "^"]
    left: "Expression"
    right: "Expression"

    def __str__(self) -> str:
        """Return the operation, with the parentheses that it needs."""
        own = _RANKS[self.operator]
        if self.operator == "^":
            return f"{_inside(self.left, own + 1)}^{self.right}"
        return f"{_inside(self.left, own)} {self.operator} {_inside(self.right, own + 1)}"


Expression: TypeAlias = Column | Number | Call | Operation
"""A number computed from the cells of one row."""

_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
"""How closely the operators bind their two sides."""


def _inside(expression: Expression, rank: int) -> str:
    """Return one side of an operation, in parentheses if it binds less closely than a rank."""
    if isinstance(expression, Operation):
        own = _RANKS[expression.operator]
    else:
        own = _RANKS["^"] if str(expression).startswith("-") else _RANKS["^"] + 1
    return f"({expression})" if own < rank else str(expression)


class Category(Struct, frozen=True):
    """The indicators of all levels of a column."""

    column: str

    def __str__(self) -> str:
        """Return the category as it is written."""
        return f"C({Column(self.column)})"


class Level(Struct, frozen=True):
    """The indicator of one level: 1 in the rows whose cell is the level, else 0."""

    column: str
    level: str

    def __str__(self) -> str:
        """Return the column and the level, as in ``city[DAVIS]``."""
        return f"{self.column}[{self.level}]"


Factor: TypeAlias = Expression | Category | Level


class Term(Struct, frozen=True):
    """A product of factors, in the order in which they are written."""

    factors: tuple[Factor, ...]

    @property
    def name(self) -> str:
        """The name of the feature; that of a column alone is the column's, without backquotes."""
        if len(self.factors) == 1 and isinstance(self.factors[0], Column):
            return self.factors[0].name
        return ":".join(map(_named, self.factors))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that the term is computed from, each once, in their order."""
        return tuple(dict.fromkeys(name for factor in self.factors for name in _columns_of(factor)))

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns of its categories, or of the levels of these, in their order."""
        return tuple(each.column for each in self.factors if isinstance(each, Category | Level))

    @property
    def number(self) -> "Term | None":
        """The product of its factors that are numbers; None if there is none."""
        numbers = tuple(each for each in self.factors if not isinstance(each, Category | Level))
        return Term(numbers) if numbers else None

    @property
    def levels(self) -> tuple[tuple[str, str], ...]:
        """The column and the level of each of its indicators, in their order."""
        return tuple((each.column, each.level) for each in self.factors if isinstance(each, Level))

    @property
    def written(self) -> "Term":
        """The term that was written: with a category in the place of each level."""
        return Term(tuple(Category(f.column) if isinstance(f, Level) else f for f in self.factors))


INTERCEPT = Term(())
"""The product of no factors: 1 in every row."""


def _named(factor: Factor) -> str:
    """Return a factor as it stands in a product: arithmetic but a simple power inside I(...)."""
    is_power = isinstance(factor, Operation) and str(factor) == f"{factor.left}^{factor.right}"
    return f"I({factor})" if isinstance(factor, Operation) and not is_power else str(factor)


def _columns_of(factor: Factor) -> Iterator[str]:
    match factor:
        case Column(name) | Category(name) | Level(name):
            yield name
        case Call(_, argument):
            yield from _columns_of(argument)
        case Operation(_, left, right):
            yield from _columns_of(left)
            yield from _columns_of(right)
        case Number():
            pass
