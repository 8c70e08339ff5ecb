"""Columns that are linear combinations of others, and how messages explain them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flint import fmpq
from msgspec import Struct

from linreg_cli.design import Column, Term, labels_of
from linreg_cli.moments import Moments

if TYPE_CHECKING:  # which imports this module
    from linreg_cli.training.normal_equations import LeastSquares

CONSTANT = ""
"""The name of the column of ones in a dependency."""
MOST_EXPLAINED = 5
"""A message has at most this many equations: nested categories have one for each level."""
MOST_TERMS = 8
"""An equation in a message has at most this many terms on its right side."""


class Dependency(Struct, frozen=True, kw_only=True):
    """A column that is a linear combination of others: ``column = sum of factor * other``.

    Attributes
    ----------
    column
        Its name.
    terms
        Name and factor of each other column; the name `CONSTANT` stands for the column of ones.

    """

    column: str
    terms: tuple[tuple[str, fmpq], ...]

    def __str__(self) -> str:
        """Return the equation as text: ``rooms = bedrooms + 2 * bathrooms``."""
        text = ""
        for name, factor in self.terms[:MOST_TERMS]:
            size = abs(factor)
            term = name if name and size == 1 else " * ".join(filter(None, [str(size), name]))
            sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
            text += f"{sign}{term}"
        more = len(self.terms) - MOST_TERMS
        return f"{self.column} = {text or '0'}" + (f" and {more:,} more terms" if more > 0 else "")

    @property
    def is_constant(self) -> bool:
        """Whether the column has the same value in all rows."""
        return all(name == CONSTANT for name, _ in self.terms)

    def explained(self, moments: Moments) -> str:
        """Return the dependency in words; the columns are those of some moments."""
        term = moments.terms.get(self.column)
        if term is not None and not self.terms:
            levels = [f"{column}[{level}]" for column, level in term.levels]
            if term.number:
                return f"{self.column} is 0 in all rows"
            return f"no row has {' with '.join(levels)}"
        return f"column '{self.column}' is constant ({self})" if self.is_constant else str(self)


def explain_dependencies(moments: Moments, solution: "LeastSquares") -> str:
    """Return in words why the least-squares solution is not unique."""
    if moments.rows < len(solution.weights):
        few = "1 row does" if moments.rows == 1 else f"{moments.rows} rows do"
        return f"{few} not determine {len(solution.weights)} weights"
    found: Sequence[Dependency] = solution.dependencies
    if len(found) > MOST_EXPLAINED:
        found = sorted(found, key=lambda each: len(each.terms))[:MOST_EXPLAINED]
    more = len(solution.dependencies) - len(found)
    texts = [each.explained(moments) for each in found]
    return "; ".join([*texts, *([f"and {more:,} more such equations"] if more else [])])


def remedy(moments: Moments, solution: "LeastSquares") -> str:
    """Return the hint that makes the least-squares solution unique."""
    if moments.rows < len(solution.weights):
        return "Train on more rows."
    names = [each.column for each in solution.dependencies]
    if len(names) == len(moments.columns) - 1:  # of all features and the target
        return "Train on another feature."
    terms = {
        name: moments.terms[name].written if name in moments.terms else Term((Column(name),))
        for name in moments.columns[:-1]
    }
    labels = labels_of(terms.values())
    named = dict.fromkeys(f"'{labels[terms[name]]}'" for name in names)
    return f"Train without {' and '.join(named)}."
