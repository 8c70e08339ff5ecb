"""Columns that are linear combinations of others, and how messages explain them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flint import fmpq
from msgspec import Struct

if TYPE_CHECKING:  # the last of which imports this module
    from linreg_cli.design import KnownLevels, Term
    from linreg_cli.moments import Moments
    from linreg_cli.training.normal_equations import LeastSquares

CONSTANT = ""
"""The name of the column of ones in a dependency."""
MOST_EXPLAINED = 5
"""A message has at most this many equations: nested categories have one for each level."""
MOST_TERMS = 8
"""An equation in a message has at most this many terms on its right side."""

MORE_ROWS = "Train on more rows."


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

    def explained(self, moments: "Moments") -> str:
        """Return the dependency in words; the columns are those of some moments."""
        if self.column in moments.terms and not self.terms:
            return f"{self.column} is 0 in all rows"
        return f"column '{self.column}' is constant ({self})" if self.is_constant else str(self)


def explain_dependencies(
    moments: "Moments", solution: "LeastSquares", known: "KnownLevels | None" = None
) -> str:
    """Return in words why the least-squares solution is not unique.

    Parameters
    ----------
    moments
        The moments of the features of the fit.
    solution
        Its solution.
    known
        What the features are computed from, if they are not all columns of the file.

    """
    if few := too_few(moments.rows, len(solution.weights)):
        return few
    from linreg_cli.moments import empty_combinations

    empty = empty_combinations(moments, known) if known else []
    others = [
        each
        for each in solution.dependencies
        if not _is_explained(moments.terms.get(each.column), empty)
    ]
    if len(empty) + len(others) > MOST_EXPLAINED:
        others.sort(key=lambda each: len(each.terms))
    texts = [
        *(f"no row has {' with '.join(map(str, term.factors))}" for term in empty),
        *(each.explained(moments) for each in others[:MOST_EXPLAINED]),
    ][:MOST_EXPLAINED]
    if more := len(empty) + len(others) - len(texts):
        what = "such equations" if others else "such combinations"
        texts.append(f"and {more:,} more {what}")
    return "; ".join(texts)


def too_few(rows: int, weights: int) -> str:
    """Return in words that rows are fewer than the weights of a fit; nothing if they are not."""
    if rows >= weights:
        return ""
    return f"{'1 row does' if rows == 1 else f'{rows} rows do'} not determine {weights} weights"


def _is_explained(term: "Term | None", empty: "Sequence[Term]") -> bool:
    """Return whether a product of levels depends on others for combinations that no row has."""
    if term is None or len(term.levels) < 2 or not empty:  # noqa: PLR2004 - of two categories
        return False
    return not term.number or any(set(each.levels) <= set(term.levels) for each in empty)


def remedy(moments: "Moments", solution: "LeastSquares") -> str:
    """Return the hint that makes the least-squares solution unique."""
    if too_few(moments.rows, len(solution.weights)):
        return MORE_ROWS
    names = [each.column for each in solution.dependencies]
    if len(names) == len(moments.columns) - 1:  # of all features and the target
        return "Train on another feature."
    from linreg_cli.design import Column, Term, labels_of

    terms = {
        name: moments.terms[name].written if name in moments.terms else Term((Column(name),))
        for name in moments.columns[:-1]
    }
    labels = labels_of(terms.values())
    named = dict.fromkeys(f"'{labels[terms[name]]}'" for name in names)
    return f"Train without {' and '.join(named)}."
