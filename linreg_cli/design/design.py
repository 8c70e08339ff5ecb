"""The design of a fit: its terms as they were written, and the features that they become."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from linreg_cli.design.terms import Category, Column, Factor, Level, Term
from linreg_cli.errors import UsageError, nearest

Levels: TypeAlias = Mapping[str, Sequence[str]]
"""The levels of each category, in their order."""


class Design(Struct, frozen=True, kw_only=True, dict=True):
    """The terms of the features, as they were written: a category stands for all its levels.

    Attributes
    ----------
    terms
        The terms, in their order; each is a column of numbers or a category.
    references
        The reference level of each category for which the user chose one.

    """

    terms: tuple[Term, ...]
    references: Mapping[str, str]

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The columns of numbers, each once, in their order."""
        return _columns_of(self.terms, Column)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The columns of categories, each once, in their order."""
        return _columns_of(self.terms, Category)

    def without(self, columns: Sequence[str]) -> "Design":
        """Return the design without the terms that need some columns."""
        return Design(
            terms=tuple(term for term in self.terms if not set(term.columns) & set(columns)),
            references={k: v for k, v in self.references.items() if k not in columns},
        )

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

    def dropped(self, levels: Levels, *, has_intercept: bool) -> dict[str, str]:
        """Return the level of each category that has no feature of its own.

        This is treatment coding of full rank, as in R: the level is the reference level. Without
        an intercept the first category keeps all its levels.
        """
        coded = self.categories if has_intercept else self.categories[1:]
        return {column: self.reference_of(column, levels[column]) for column in coded}

    def features(self, levels: Levels, *, has_intercept: bool) -> tuple[Term, ...]:
        """Return the terms of the features, in their order."""
        dropped = self.dropped(levels, has_intercept=has_intercept)
        return tuple(
            feature
            for term in self.terms
            for feature in expanded(term, levels)
            if not any(_is_dropped(factor, dropped) for factor in feature.factors)
        )


MAX_LEVELS = 1000
"""Maximum number of levels of a category, unless the user sets another."""
_MOST_NAMED = 10
"""Maximum number of levels that a message names."""


def first_of(levels: Sequence[str]) -> str:
    """Return the first levels as text."""
    return ", ".join(levels[:_MOST_NAMED]) + (", ..." if len(levels) > _MOST_NAMED else "")


def expanded(term: Term, levels: Levels) -> list[Term]:
    """Return the terms of all indicators of a term; a term without a category is its only one."""
    [factor, *others] = term.factors
    if others or not isinstance(factor, Category):
        return [term]
    return [Term((Level(factor.column, level),)) for level in levels[factor.column]]


def category_of(term: Term) -> str:
    """Return the column of a term that is a category or the indicator of a level, else nothing."""
    [factor, *_] = term.factors
    return factor.column if isinstance(factor, Category | Level) else ""


def _is_dropped(factor: Factor, dropped: Mapping[str, str]) -> bool:
    return isinstance(factor, Level) and dropped.get(factor.column) == factor.level


def _columns_of(terms: Sequence[Term], kind: type[Column | Category]) -> tuple[str, ...]:
    names = (
        name
        for term in terms
        for factor in term.factors
        if isinstance(factor, kind)
        for name in Term((factor,)).columns
    )
    return tuple(dict.fromkeys(names))
