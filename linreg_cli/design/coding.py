"""Treatment coding of full rank: which expanded terms are features, as in R.

Expanding a term gives its products of one level of each category. With the same numbers, those of
the categories {a, b} span what the sets {}, {a}, {b} and {a, b} stand for: a constant, the
differences between the levels of a, those of b, and what is left of the differences between pairs.
Each product stands for the set of its categories whose level is not the reference level:

    reference levels a1 and b1      a[a1]:b[b1]  {}         a[a1]:b[b2]  {b}
                                    a[a2]:b[b1]  {a}        a[a2]:b[b2]  {a, b}

The features of a term are those that stand for a set which no term of fewer categories, and no
earlier one of as many, spans. So a category keeps all its levels where the term without it is
absent, as in R. All others follow from the features.

Source: J. Chambers and T. Hastie, Statistical Models in S (1992), section 2.4.1.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from linreg_cli.design.terms import INTERCEPT, Factor, Term

Numbers: TypeAlias = frozenset[Factor]
Columns: TypeAlias = frozenset[str]
Spanned: TypeAlias = tuple[Numbers, Columns]


class Combination(NamedTuple):
    """An expanded term that is no feature: the sum of some terms less that of others."""

    term: Term
    plus: tuple[Term, ...]
    minus: tuple[Term, ...]


class Coding(Struct, frozen=True, kw_only=True, dict=True):
    """Which expanded terms are features.

    Attributes
    ----------
    expanded
        The terms that each written one expands to, in the order of these.
    references
        The reference level of each category.
    has_intercept
        Whether there is an intercept.

    """

    expanded: Mapping[Term, Sequence[Term]]
    references: Mapping[str, str]
    has_intercept: bool

    @cached_property
    def features(self) -> dict[Term, tuple[Term, ...]]:
        """The features of each written term, in their order."""
        return {
            written: tuple(term for term in terms if self._spanning(term) == written)
            for written, terms in self.expanded.items()
        }

    @property
    def spanned(self) -> frozenset[Spanned]:
        """What the features and the intercept span: sets of categories, with the same numbers.

        A design whose sets are among those of another, for the same levels, is nested in it.
        """
        return frozenset(self._first)

    def combinations(self) -> Iterator[Combination]:
        """Yield the expanded terms that are no features, each after all that it follows from."""
        for written in self._by_degree:
            terms = self.expanded[written]
            others = [term for term in terms if self._spanning(term) != written]
            for term in sorted(others, key=self._count_differences, reverse=True):
                spanning = self.expanded.get(self._spanning(term), [INTERCEPT])
                yield Combination(
                    term,
                    plus=tuple(self._with_differences_of(term, spanning)),
                    minus=tuple(t for t in self._with_differences_of(term, terms) if t != term),
                )

    @cached_property
    def _first(self) -> dict[Spanned, Term]:
        """The first written term that spans what each set of categories stands for."""
        found = {(Numbers(), Columns()): INTERCEPT} if self.has_intercept else {}
        for written in self._by_degree:
            for size in range(1 + len(written.categories)):
                for columns in combinations(written.categories, size):
                    found.setdefault((_numbers_of(written), Columns(columns)), written)
        return found

    @property
    def _by_degree(self) -> list[Term]:
        return sorted(self.expanded, key=lambda term: len(term.categories))

    def _spanning(self, term: Term) -> Term:
        """Return the first written term that spans what an expanded one stands for."""
        columns = Columns(column for column, _ in self._differences(term))
        return self._first[_numbers_of(term), columns]

    def _differences(self, term: Term) -> set[tuple[str, str]]:
        """Return the levels of an expanded term that are no reference levels."""
        return set(term.levels) - set(self.references.items())

    def _count_differences(self, term: Term) -> int:
        return len(self._differences(term))

    def _with_differences_of(self, term: Term, others: Sequence[Term]) -> Iterator[Term]:
        """Yield the terms that have the levels of another that are no reference levels."""
        wanted = self._differences(term)
        return (other for other in others if wanted.issubset(other.levels))


def _numbers_of(term: Term) -> Numbers:
    """Return the numbers of a term; only terms with the same ones can span the same."""
    return Numbers(term.number.factors if term.number else ())
