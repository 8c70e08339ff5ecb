"""The terms of a model about its center, and names in quotes, for all targets."""

import itertools
import json
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import NamedTuple

from linreg_cli.design import (
    TEXT_FUNCTIONS,
    TRUTHS,
    Call,
    Category,
    Column,
    Expression,
    Level,
    Levels,
    Number,
    Operation,
    Term,
    leaves,
)
from linreg_cli.errors import UsageError
from linreg_cli.exact import from_float, to_float
from linreg_cli.model import Model
from linreg_cli.output.export.inverse import RESULT, inverse_of
from linreg_cli.training import value_at

LARGEST_EXPONENT = 709.782712893384
"""The largest float64 whose exponential float64 holds."""
TRUE_WORDS, FALSE_WORDS = (
    tuple(word for word, number in TRUTHS.items() if number.integer == value) for value in (1, 0)
)
"""The words for 1 and for 0 of bool(), in small letters."""

_ALWAYS_EXIST = frozenset({"+", "-", "*", "abs", *TEXT_FUNCTIONS})
"""The functions and operators whose result exists if their operands do."""


class Slope(NamedTuple):
    """The term m·(number - center): the sign and size of m, the number, and its center."""

    sign: str
    size: float
    number: Expression
    center: float


class Choice(NamedTuple):
    """A number for each level of a category; other levels have none."""

    column: str
    weights: tuple[tuple[str, float], ...]


class Choices(NamedTuple):
    """The term of one or more categories: the product of their numbers, and of another number."""

    choices: tuple[Choice, ...]
    number: Expression | None = None


class Formula(NamedTuple):
    """A model: the value at the center, and the terms that are added to it, in their order."""

    value: float
    terms: tuple[Slope | Choices, ...]
    target: str
    """What is predicted."""
    inverse: Expression | None = None
    """What is computed from the sum, or None for the sum itself."""

    @property
    def numbers(self) -> list[str]:
        """The columns that are read as numbers, each once, in their order."""
        return [leaf.name for leaf in self._leaves if isinstance(leaf, Column)]

    @property
    def texts(self) -> list[str]:
        """The columns that are read as texts, each once, in their order."""
        calls = [leaf.argument for leaf in self._leaves if isinstance(leaf, Call)]
        names = [column.name for column in calls if isinstance(column, Column)]
        names += [choice.column for choice in self.choices]
        return list(dict.fromkeys(names))

    @property
    def choices(self) -> list[Choice]:
        """The choices of all terms."""
        return [
            choice for term in self.terms if isinstance(term, Choices) for choice in term.choices
        ]

    @property
    def text_functions(self) -> dict[str, list[str]]:
        """The columns of each function of texts that is used."""
        found: dict[str, list[str]] = {}
        for leaf in self._leaves:
            if isinstance(leaf, Call) and isinstance(leaf.argument, Column):
                found.setdefault(leaf.function, []).append(leaf.argument.name)
        return found

    @property
    def used(self) -> set[str]:
        """The functions and operators that are used."""
        return {each for number in self._numbers for each in _used(number)}

    @property
    def transforms(self) -> set[str]:
        """The transforms that are used; that of some numbers does not exist, as the log of 0."""
        return self.used - _ALWAYS_EXIST - {"^", "/"}

    @property
    def can_fail(self) -> bool:
        """Whether a number may not exist though all cells are there."""
        return not self.used <= _ALWAYS_EXIST

    @property
    def _numbers(self) -> list[Expression]:
        numbers = (*(term.number for term in self.terms), self.inverse)
        return [number for number in numbers if number is not None]

    @property
    def _leaves(self) -> list[Column | Call]:
        found = (leaf for number in self._numbers for leaf in leaves(number))
        return [leaf for leaf in dict.fromkeys(found) if leaf != RESULT]


def formula(model: Model, *, inverse: bool = False) -> Formula:
    """Return a model about centers that float64 holds, the same for each target.

    The value is that at these centers, rounded once, and never -0. The indicators of a category
    are one term.

    Parameters
    ----------
    model
        The model.
    inverse
        Whether to predict the column that the target is computed from.

    Raises
    ------
    UsageError
        If exported code cannot have the inverse.

    """
    value, terms = _sum_of(model)
    known = model.known_levels
    if not inverse or known is None or known.design.target is None:
        return Formula(value, terms, model.y)
    [target] = known.design.target.factors
    assert not isinstance(target, Category | Level)  # noqa: S101 - a target is a number
    [column] = known.design.target.columns
    return Formula(value, terms, column, inverse_of(target))


def _sum_of(model: Model) -> tuple[float, tuple[Slope | Choices, ...]]:
    """Return the value at the center, and the terms."""
    known, plane = model.known_levels, model.plane
    features = known.features if known else [Term((Column(name),)) for name in model.x]
    centers = [
        0.0 if feature.levels else float(center)
        for feature, center in zip(features, plane.centers, strict=True)
    ]
    value = to_float(value_at(plane, list(map(from_float, centers)))) + 0.0
    m_of = dict(zip(features, plane.slopes, strict=True))
    center_of = dict(zip(features, centers, strict=True))
    if known is None:
        slopes = (_slope(feature, m_of[feature], center_of[feature]) for feature in features)
        return value, tuple(slopes)
    terms: list[Slope | Choices] = []
    for written, of_term in known.coding.features.items():
        if written.categories:
            weights = {feature.levels: m_of[feature] for feature in of_term}
            terms += _choices(written, weights, known.levels)
        else:
            terms += [_slope(feature, m_of[feature], center_of[feature]) for feature in of_term]
    chosen = {
        choice.column for term in terms if isinstance(term, Choices) for choice in term.choices
    }
    terms += [
        Choices((Choice(column, tuple((level, 0.0) for level in known.levels[column])),))
        for column in known.design.categories
        if column not in chosen  # a category without a feature has unknown levels too
    ]
    return value, tuple(terms)


def _slope(feature: Term, m: float, center: float) -> Slope:
    number = product_of(feature)
    assert number is not None  # noqa: S101 - a feature without levels is a number
    return Slope("-" if m < 0 else "+", abs(m), number, center)


def _choices(
    written: Term, weights: Mapping[tuple[tuple[str, str], ...], float], levels: Levels
) -> Iterator[Choices]:
    """Return the terms of a product with categories: one for each choice of all but the last."""
    *crossed, last = written.categories
    for chosen in itertools.product(*(levels[column] for column in crossed)):
        there = tuple(zip(crossed, chosen, strict=True))
        of_last = tuple(
            (level, weights.get((*there, (last, level)), 0.0) + 0.0) for level in levels[last]
        )
        if not crossed or any(weight for _, weight in of_last):
            ones = (
                Choice(column, tuple((each, float(each == level)) for each in levels[column]))
                for column, level in there
            )
            yield Choices((*ones, Choice(last, of_last)), product_of(written))


def product_of(term: Term) -> Expression | None:
    """Return the product of the factors of a term that are numbers, if there are any."""
    numbers = [each for each in term.factors if not isinstance(each, Category | Level)]
    return reduce(lambda left, right: Operation("*", left, right), numbers) if numbers else None


def _used(expression: Expression) -> Iterator[str]:
    """Return the functions and operators of an expression; "/" is a quotient that may not exist."""
    match expression:
        case Call(function, argument):
            yield function
            yield from _used(argument)
        case Operation(operator, left, right):
            is_constant = isinstance(right, Number)
            if operator != "/" or not is_constant:
                yield operator
            if operator == "^" and str(right).startswith("-"):
                yield "/"
            yield from _used(left)
            yield from _used(right)


def quoted(name: str) -> str:
    r"""Return a name quoted as in JSON: on one line, with escapes for what cannot be printed.

    Examples
    --------
    >>> print(quoted('größe "netto"'), quoted("a\nb"))
    "größe \"netto\"" "a\nb"

    """
    return json.dumps(name, ensure_ascii=not name.isprintable())


def refuse_alike(model: Model, target: str) -> None:
    """Refuse features whose names are the same for a target that ignores case.

    Raises
    ------
    UsageError
        Naming the first two.

    """
    seen: dict[str, str] = {}
    for name in model.known_levels.columns if model.known_levels else model.x:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise UsageError(
                f"{target} cannot tell the columns '{other}' and '{name}' apart",
                hint="Rename one of them in the data, and train again.",
            )
