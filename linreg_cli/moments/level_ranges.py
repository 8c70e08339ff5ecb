"""Ranges of indicators and of their products with numbers: they follow from the moments."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from linreg_cli.moments.moments import Moments


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
        for j in places:
            decimals[j] = max(moments.decimals[i] for i in places)
    wide = moments.with_decimals(decimals)
    minimum, outer_minimum = _ends(wide, shared, wide.minimum, wide.outer_minimum, min)
    maximum, outer_maximum = _ends(wide, shared, wide.maximum, wide.outer_maximum, max)
    return replace(
        wide,
        minimum=minimum,
        maximum=maximum,
        outer_minimum=outer_minimum,
        outer_maximum=outer_maximum,
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


def _ends(
    moments: Moments,
    shared: Mapping[str, Sequence[int]],
    ends: Sequence[int],
    outer: frozenset[str],
    furthest: Callable[..., int],
) -> tuple[tuple[int, ...], frozenset[str]]:
    """Return one end of each range, and the columns of which it is only a bound.

    Parameters
    ----------
    moments
        The moments; a number and its products have the same decimals.
    shared
        The places of each number and its products.
    ends, outer
        The ends as they are known so far, and those that are only bounds.
    furthest
        Returns the smallest or the largest integer.

    """
    found, bounds = list(ends), set(outer - moments.terms.keys())
    for j, name in enumerate(moments.columns):
        if name in moments.terms and not moments.terms[name].number:
            found[j] = furthest(_values_of_indicator(moments, j))
    for places in shared.values():
        end = furthest(0, *(ends[j] for j in places))
        reached = [moments.columns[j] for j in places if ends[j] == end]
        products = [j for j in places if moments.columns[j] in moments.terms]
        for j in products:
            found[j] = end
        if end and outer.issuperset(reached):
            bounds.update(moments.columns[j] for j in products)
    return tuple(found), frozenset(bounds)


def _values_of_indicator(moments: Moments, j: int) -> set[int]:
    """Return the values that an indicator has, of 0 and 1, in the unit of its column."""
    unit = 10 ** moments.decimals[j]
    count, total = moments.matrix[0][1 + j], moments.matrix[0][0] * unit
    return {*([0] if count != total else []), *([unit] if count else [])}
