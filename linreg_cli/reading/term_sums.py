"""Sums of products of up to four terms: chunk by chunk, of the levels that the chunk has.

Products of two need only sums by level, whatever the number of levels. Those of four would need
sums by each combination of levels; so indicators become columns, of which there are few.
"""

from functools import reduce
from operator import add
from typing import TypeAlias

import numpy as np
from msgspec.structs import replace

from linreg_cli.design import Codes, Design, Term, block_of, expanded
from linreg_cli.errors import UsageError
from linreg_cli.moments import Moments, PreparedMoments, Summation, fourth_sums
from linreg_cli.reading.used_rows import Part

MOST_EXPANDED = 2 * fourth_sums.MAX_TERMS
"""Some expanded terms are no features of the fit, so that there may be more of them."""
PreparedTerms: TypeAlias = tuple[tuple[Term, ...], PreparedMoments]


class TermSums:
    """The sums of all chunks so far.

    Parameters
    ----------
    design
        What the terms are expanded from.
    target
        The name of the target.

    """

    def __init__(self, design: Design, target: str) -> None:
        self._design = design
        self._target = target
        self._sums: dict[tuple[Term, ...], Summation] = {}

    def prepare(self, part: Part) -> PreparedTerms:
        """Return the sums of a chunk, on any thread."""
        codes = dict(zip(self._design.categories, part.categories, strict=True))
        levels = {column: _present(each) for column, each in codes.items()}
        terms = tuple(each for term in self._design.terms for each in expanded(term, levels))
        if len(terms) > MOST_EXPANDED:  # `take` refuses them
            return terms, []
        block = block_of(terms, self._design, part.numbers, part.categories)
        return terms, self._empty(terms).prepare(block)

    def take(self, prepared: PreparedTerms) -> None:
        """Add the sums of a chunk, on one thread.

        Raises
        ------
        UsageError
            If the chunk has far too many levels.

        """
        terms, sums = prepared
        if len(terms) > MOST_EXPANDED:
            raise UsageError(fourth_sums.why_too_many(len(terms)), hint=fourth_sums.FEWER_TERMS)
        if terms not in self._sums:
            self._sums[terms] = self._empty(terms)
        self._sums[terms].take(sums)

    def added_to(self, moments: Moments) -> Moments:
        """Return moments of the same rows, of all terms, with the sums of products of four."""
        found = [
            replace(sums.total(), terms={term.name: term for term in terms if term.levels})
            for terms, sums in self._sums.items()
        ]
        if not found:
            return moments
        own = reduce(add, found).with_zeros(moments.columns, moments.terms)
        decimals = tuple(map(max, own.decimals, moments.decimals))
        return replace(moments.with_decimals(decimals), fourth=own.with_decimals(decimals).fourth)

    def _empty(self, terms: tuple[Term, ...]) -> Summation:
        columns = [*(term.name for term in terms), self._target]
        return Summation(columns, sums_fourth=True)


def _present(codes: Codes) -> list[str]:
    """Return the levels that some row has."""
    return [codes.levels[code] for code in np.unique(codes.codes).tolist()]
