"""The design of a fit: its terms as they were written, and the features that they become."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design.computed_columns import ComputedColumns
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
    target
        What the target is computed from; None for a column of the file.

    """

    terms: tuple[Term, ...]
    references: Mapping[str, str]
    target: Term | None = None

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The names of the terms that are numbers, each once, in their order."""
        names = (term.name for term in self.terms if not category_of(term))
        return tuple(dict.fromkeys(names))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The columns of categories, each once, in their order."""
        return tuple(dict.fromkeys(filter(None, map(category_of, self.terms))))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that the features need, each once, in their order."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.columns))

    @cached_property
    def computed(self) -> dict[str, Term]:
        """The terms that are numbers but no columns of the file, and the target, by name."""
        terms = [*self.terms, *([self.target] if self.target else [])]
        return {term.name: term for term in terms if is_computed(term)}

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

    def dropped(self, levels: Levels, *, has_intercept: bool) -> dict[str, str]:
        """Return the level of each category that has no feature of its own.

        This is treatment coding of full rank, as in R: the level is the reference level. Without
        an intercept the first category keeps all its levels.
        """
        coded = self.categories if has_intercept else self.categories[1:]
        return {column: self.reference_of(column, levels[column]) for column in coded}

    def features(self, levels: Levels, *, has_intercept: bool) -> tuple[Term, ...]:
        """Return the terms of the features, in their order.

        Raises
        ------
        UsageError
            If a reference level is not among the levels, or two features have one name.

        """
        dropped = self.dropped(levels, has_intercept=has_intercept)
        features = [feature for term in self.terms for feature in expanded(term, levels)]
        _refuse_same_names(features)
        return tuple(
            feature
            for feature in features
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


def label_of(term: Term) -> str:
    """Return what a user calls a term: the column of a category, else the name of the term."""
    return category_of(term) or term.name


def is_computed(term: Term) -> bool:
    """Return whether a term is a number that is computed from the columns of the file."""
    [factor, *others] = term.factors
    return not category_of(term) and (bool(others) or not isinstance(factor, Column))


def _refuse_same_names(features: Sequence[Term]) -> None:
    """Raise an error if a column has the name of an indicator."""
    names = [feature.name for feature in features]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            f"'{twice}' is a column of the file, and a level of a category",
            hint=f"Leave out one of the two, or rename the column '{twice}'.",
        )


def _is_dropped(factor: Factor, dropped: Mapping[str, str]) -> bool:
    return isinstance(factor, Level) and dropped.get(factor.column) == factor.level
