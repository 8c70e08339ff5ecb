"""The terms of a model about its center, and names in quotes, for all targets."""

import json
from collections.abc import Callable
from typing import NamedTuple

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


class Formula(NamedTuple):
    """A model: the value at the center, and the term of each feature, in the order of x."""

    value: float
    terms: tuple[Term, ...]


def formula(model: Model) -> Formula:
    """Return a model about centers that float64 holds, the same for each target.

    The value is that at these centers, rounded once, and never -0.
    """
    plane = model.plane
    centers = [float(center) for center in plane.centers]
    value = to_float(value_at(plane, list(map(from_float, centers))))
    terms = (
        Term("-" if slope < 0 else "+", abs(slope), name, center)
        for slope, name, center in zip(plane.slopes, model.x, centers, strict=True)
    )
    return Formula(value + 0.0, tuple(terms))


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
    for name in model.x:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise UsageError(
                f"{target} cannot tell the columns '{other}' and '{name}' apart",
                hint="Rename one of them in the data, and train again.",
            )
