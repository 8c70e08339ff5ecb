"""Ranges of indicators and of their products with numbers: they follow from the moments."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from linreg_cli.moments.moments import Moments


class _End(NamedTuple):
    """One end of a range, and whether it is only a bound."""

    value: int
    is_outer: bool


def with_ranges(moments: Moments) -> Moments:
    """Return the same moments with the ranges of all indicators and their products.

    The range of an indicator follows from its sum. That of the products of indicators with a
    number is the range of this number, and 0: it must not depend on the reference levels, whose
    products are no features.
    """
    if not moments.rows or not moments.terms:
        return moments
    shared = _by_number(moments)
    decimals = list(moments.decimals)
    for places in shared.values():
        most = max(decimals[j] for j in places)
        for j in places:
            decimals[j] = most
    wide = moments.with_decimals(decimals)
    low, high = list(wide.minimum), list(wide.maximum)
    outer = [set(wide.outer_minimum), set(wide.outer_maximum)]
    total = wide.matrix[0][0]
    for j, name in enumerate(wide.columns):
        term = wide.terms.get(name)
        if term is not None and not term.number:
            count, unit = wide.matrix[0][1 + j], 10 ** decimals[j]
            low[j], high[j] = (unit if count == total * unit else 0), (unit if count else 0)
            outer[0].discard(name)
            outer[1].discard(name)
    for places in shared.values():
        for ends, sign, bounds in zip((low, high), (1, -1), outer, strict=True):
            end = _outermost(ends, sign, [wide.columns[j] in bounds for j in places], places)
            for j in places:
                if (name := wide.columns[j]) in wide.terms:
                    ends[j] = end.value
                    (bounds.add if end.is_outer else bounds.discard)(name)
    return replace(
        wide,
        minimum=tuple(low),
        maximum=tuple(high),
        outer_minimum=frozenset(outer[0]),
        outer_maximum=frozenset(outer[1]),
    )


def _by_number(moments: Moments) -> Mapping[str, Sequence[int]]:
    """Return the places of each number that indicators are multiplied by, and of the products."""
    found: dict[str, list[int]] = {}
    for j, name in enumerate(moments.columns):
        term = moments.terms.get(name)
        if term is not None and term.number:
            found.setdefault(term.number.name, []).append(j)
    for j, name in enumerate(moments.columns[:-1]):
        if name in found and name not in moments.terms:
            found[name].append(j)
    return found


def _outermost(
    ends: Sequence[int], sign: int, are_outer: Sequence[bool], places: Sequence[int]
) -> _End:
    """Return the smallest of 0 and some ends, or the largest if the sign is negative."""
    end = sign * min(0, *(sign * ends[j] for j in places))
    reached = [outer for j, outer in zip(places, are_outer, strict=True) if ends[j] == end]
    return _End(end, bool(end) and all(reached))
