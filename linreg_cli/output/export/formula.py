"""The terms of a model about its center, and names in quotes, for all targets."""

import json
from collections.abc import Callable
from typing import NamedTuple

from linreg_cli.design import Level, category_of
from linreg_cli.errors import UsageError
from linreg_cli.exact import from_float, to_float
from linreg_cli.model import Model
from linreg_cli.training import value_at

MOST_INTEGER = 2.0**63
"""The smallest integer that is too large for the integers of a database."""


class Term(NamedTuple):
    """The term m·(x - center) of one feature: the sign and size of m, the column x, its center."""

    sign: str
    size: float
    name: str
    center: float

    def factor(self, x: str, number: Callable[[float], str] = repr, *, space: str = " ") -> str:
        """Return the factor of m: x, minus its center unless that is 0."""
        if not self.center:
            return x
        sign = "+" if self.center < 0 else "-"
        return f"({x}{space}{sign}{space}{number(abs(self.center))})"


class Choice(NamedTuple):
    """The term of a category: the column, and what each of its levels adds to the prediction."""

    name: str
    weights: tuple[tuple[str, float], ...]


class Formula(NamedTuple):
    """A model: the value at the center, and the term of each column, in their order."""

    value: float
    terms: tuple[Term | Choice, ...]

    @property
    def numbers(self) -> list[str]:
        """The columns of numbers."""
        return [term.name for term in self.terms if isinstance(term, Term)]

    @property
    def choices(self) -> list[Choice]:
        """The terms of categories."""
        return [term for term in self.terms if isinstance(term, Choice)]


def formula(model: Model) -> Formula:
    """Return a model about centers that float64 holds, the same for each target.

    The value is that at these centers, rounded once, and never -0. The indicators of a category are
    one term.
    """
    value, terms = features_of(model)
    known = model.known_levels
    if known is None:
        return Formula(value, tuple(terms))
    slope_of = dict(zip(model.x, model.slopes, strict=True))
    by_name = {term.name: term for term in terms}
    parts: list[Term | Choice] = []
    for term in known.design.terms:
        if column := category_of(term):
            weights = (
                (level, slope_of.get(str(Level(column, level)), 0.0) + 0.0)
                for level in known.levels[column]
            )
            parts.append(Choice(column, tuple(weights)))
        else:
            parts.append(by_name[term.name])
    return Formula(value, tuple(parts))


def features_of(model: Model) -> tuple[float, list[Term]]:
    """Return the value at the centers, and the term of each feature, in the order of x."""
    plane = model.plane
    centers = [float(center) for center in plane.centers]
    value = to_float(value_at(plane, list(map(from_float, centers))))
    terms = [
        Term("-" if slope < 0 else "+", abs(slope), name, center)
        for slope, name, center in zip(plane.slopes, model.x, centers, strict=True)
    ]
    return value + 0.0, terms


def literal(value: float) -> str:
    """Return a float64 as text, an integer without a point: its differences are then exact.

    >>> literal(1700000000000000256.0), literal(0.5)
    ('1700000000000000256', '0.5')
    """
    return str(int(value)) if value.is_integer() and abs(value) < MOST_INTEGER else repr(value)


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
