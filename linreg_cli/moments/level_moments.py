"""Moments of the expanded terms of a design, from sums by level."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple, Self

import numpy as np
from msgspec.structs import replace

from linreg_cli.design import INTERCEPT, Column, Design, Term, expanded, in_order
from linreg_cli.moments.level_ranges import with_ranges
from linreg_cli.moments.level_sums import Key, LevelSums
from linreg_cli.moments.level_tables import Part
from linreg_cli.moments.moments import Matrix, Moments, as_matrix


def with_levels_of(moments: Moments, sums: LevelSums, design: Design) -> Moments:
    """Return the moments of all expanded terms of a design, in its order.

    Parameters
    ----------
    moments
        Those of the columns of numbers and, last, of the target.
    sums
        The sums of the same rows by level.
    design
        What the features are computed from.

    """
    levels = {column: in_order(sums.levels(column)) for column in design.categories}
    target = Term((Column(moments.columns[-1]),))
    groups = [_Group.of(INTERCEPT, [INTERCEPT], 0)]
    for term in (*design.terms, target):
        start = groups[-1].start + len(groups[-1].terms)
        groups.append(_Group.of(term, expanded(term, levels), start))
    terms = [term for group in groups for term in group.terms][1:]
    read = {name: j for j, name in enumerate(("", *moments.columns))}
    of_number = [read[term.number.name if term.number else ""] for term in terms]
    decimals = (0, *moments.decimals)
    ends = ((0, *moments.minimum), (0, *moments.maximum)) if moments.rows else ((), ())
    low, high = (tuple(end[j] for j in of_number if end) for end in ends)
    return with_ranges(
        replace(
            moments,
            columns=(*(term.name for term in terms[:-1]), target.name),
            terms={term.name: term for term in terms if term.levels},
            decimals=tuple(decimals[j] for j in of_number),
            matrix=_matrix(groups, moments.matrix, read, sums),
            minimum=low,
            maximum=high,
        )
    )


class _Group(NamedTuple):
    """The columns that one term expands to.

    Attributes
    ----------
    part
        What the columns have in common.
    terms
        What each column is computed from.
    start
        The place of the first column in the moments.
    places
        The place of each column, by its levels.

    """

    part: Part
    terms: Sequence[Term]
    start: int
    places: Mapping[Key, int]

    @classmethod
    def of(cls, term: Term, terms: Sequence[Term], start: int) -> Self:
        """Return the group of a term, whose columns stand from a place on."""
        keys = [tuple(level for _, level in each.levels) for each in terms]
        return cls(Part.of(term), terms, start, {key: j for j, key in enumerate(keys, start)})

    def places_of(self, categories: Sequence[str], keys: Iterable[Key]) -> list[int]:
        """Return the places for the keys of some categories, among which are those of the term."""
        own = [categories.index(name) for name in self.part.categories]
        return [self.places[tuple(key[i] for i in own)] for key in keys]


def _matrix(
    groups: Sequence[_Group], of_numbers: Matrix, read: Mapping[str, int], sums: LevelSums
) -> Matrix:
    """Return the sums of products of all columns of the groups.

    Parameters
    ----------
    groups
        The columns, in their order.
    of_numbers
        The sums of products of 1 and the columns of numbers.
    read
        The places of the columns of numbers in these.
    sums
        The sums by level.

    """
    size = groups[-1].start + 1
    matrix = np.zeros((size, size), np.object_)
    for first, second in combinations_with_replacement(groups, 2):
        table, column = sums.layout.place_of(first.part, second.part)
        if table.categories:
            j = sums.place_in(table, column)
            values = {key: row[j] for key, row in sums.tables[table].items()}
        else:
            values = {(): of_numbers[read[first.part.number]][read[second.part.number]]}
        rows, columns = (each.places_of(table.categories, values) for each in (first, second))
        matrix[rows, columns] = matrix[columns, rows] = list(values.values())
    return as_matrix(matrix)
