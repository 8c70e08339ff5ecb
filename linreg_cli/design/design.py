"""The design of a fit: its terms as they were written, and the features that they become."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design.computed_columns import ComputedColumns
from linreg_cli.design.terms import Category, Column, Level, Term
from linreg_cli.errors import UsageError, nearest

Levels: TypeAlias = Mapping[str, Sequence[str]]
"""The levels of each category, in their order."""
MAX_LEVELS = 1000
"""Maximum number of levels of a category, unless the user sets another."""


class Design(Struct, frozen=True, kw_only=True, dict=True):
    """The terms of the features, as they were written: a category stands for all its levels.

    Attributes
    ----------
    terms
        The terms, in their order: products of columns of numbers and categories.
    references
        The reference level of each category for which the user chose one.
    target
        What the target is computed from; None for a column of the file.
    max_levels
        Maximum number of levels of a category in the rows that are read.

    """

    terms: tuple[Term, ...]
    references: Mapping[str, str]
    target: Term | None = None
    max_levels: int = MAX_LEVELS

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The names of the numbers that the terms are products of, each once, in their order."""
        return tuple(dict.fromkeys(term.number.name for term in self.terms if term.number))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The columns of categories, each once, in their order."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.categories))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that the features need, each once, in their order."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.columns))

    @cached_property
    def computed(self) -> dict[str, Term]:
        """The numbers that are no columns of the file, and the target, by name."""
        numbers = [term.number for term in self.terms if term.number]
        numbers += [self.target] if self.target else []
        return {term.name: term for term in numbers if is_computed(term)}

    def target_columns(self, target: str) -> tuple[str, ...]:
        """Return the columns of the file that the target needs, which has a name."""
        return self.target.columns if self.target else (target,)

    def columns_of(self, names: Sequence[str]) -> ComputedColumns:
        """Return how columns of numbers are computed: features, the target and others."""
        return ComputedColumns(names=tuple(names), terms=self.computed)

    def select(self, terms: Sequence[Term]) -> "Design":
        """Return the design with some of its terms, in another order."""
        chosen = replace(self, terms=tuple(terms))
        return replace(
            chosen,
            references={k: v for k, v in self.references.items() if k in chosen.categories},
        )

    def allowing(self, other: "Design | None") -> "Design":
        """Return the design with the larger maximum number of levels of two."""
        return replace(self, max_levels=max(self.max_levels, other.max_levels if other else 0))

    def with_references(self, references: Mapping[str, str]) -> "Design":
        """Return the design with other reference levels."""
        return replace(self, references=references)

    def reference_of(self, column: str, levels: Sequence[str]) -> str:
        """Return the reference level of a category: the chosen one, or the first in order.

        Raises
        ------
        UsageError
            If the chosen one is not among the levels.

        """
        chosen = self.references.get(column, levels[0])
        if chosen not in levels:
            near = nearest(chosen, levels)
            raise UsageError(
                f"--reference {column}={chosen}: no row has this level"
                f"{'; ' + near if near else ''}",
                hint=f"The levels are {first_of(levels)}.",
            )
        return chosen

    def references_of(self, levels: Levels) -> dict[str, str]:
        """Return the reference level of each category.

        Raises
        ------
        UsageError
            If a chosen one is not among the levels.

        """
        return {column: self.reference_of(column, levels[column]) for column in self.categories}


_MOST_NAMED = 10
"""Maximum number of levels that a message names."""


def first_of(levels: Sequence[str]) -> str:
    """Return the first levels as text, and how many more there are.

    >>> first_of(["2,5", "10,0"])
    '2,5; 10,0'
    """
    named, more = levels[:_MOST_NAMED], len(levels) - _MOST_NAMED
    separator = "; " if any("," in level for level in named) else ", "
    return separator.join(named) + (f" and {more:,} more" if more > 0 else "")


def expanded(term: Term, levels: Levels) -> list[Term]:
    """Return the products of one level of each category of a term, and its numbers.

    The levels of its first category vary fastest. A term without a category stands for itself.
    """
    choices = [
        [Level(each.column, level) for level in levels[each.column]]
        if isinstance(each, Category)
        else [each]
        for each in reversed(term.factors)
    ]
    return [Term(factors[::-1]) for factors in product(*choices)]


def category_of(term: Term) -> str:
    """Return the column of a term that is a category or the indicator of a level, else nothing."""
    return term.categories[0] if len(term.factors) == 1 and term.categories else ""


def labels_of(terms: Iterable[Term]) -> dict[Term, str]:
    """Return what a user calls each of some terms: ``city:sqft`` for C(city):sqft.

    A term keeps its own name where the shorter one would be that of two terms, or has a column
    both as a category and as a number.
    """
    short = {term: category_of(term) or _without_c(term) for term in terms}
    counts = Counter(short.values())
    return {
        term: term.name if term.categories and (counts[name] > 1 or _is_twofold(term)) else name
        for term, name in short.items()
    }


def _without_c(term: Term) -> str:
    return ":".join(
        each.column if isinstance(each, Category) else Term((each,)).name for each in term.factors
    )


def _is_twofold(term: Term) -> bool:
    return bool(term.number and set(term.categories) & set(term.number.columns))


def is_computed(term: Term) -> bool:
    """Return whether a term is a number that is computed from the columns of the file."""
    [factor, *others] = term.factors
    return not term.categories and (bool(others) or not isinstance(factor, Column))
