"""The sums of the products of up to four columns as one vector, with each product once.

Columns are counted from 0, the constant 1, so that a product of fewer columns is one with zeros:

    (0, 0, 0, 0)  the number of rows      (0, 1, 1, 2)  Σ x1² x2
    (0, 0, 0, 1)  Σ x1                    (1, 1, 2, 2)  Σ x1² x2²

For p features these are C(p + 5, 4) sums, in lexicographic order.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations_with_replacement, permutations
from math import comb
from typing import TypeAlias

import numpy as np

from linreg_cli.exact import Int64s, Objects, shortest

Table: TypeAlias = Sequence[Sequence[int]]
"""The sums of the products of two columns: a matrix of moments."""

DEGREE = 4
MAX_TERMS = 30
"""With more terms there would be too many sums: already 46,376 for 30."""


def count_sums(terms: int) -> int:
    """Return the number of sums for a target and this number of terms."""
    return comb(terms + 5, DEGREE)


def why_too_many(terms: int) -> str:
    """Return why there are too many terms for sums of products of four; nothing if there are not.

    `FEWER_TERMS` is the remedy.
    """
    if terms <= MAX_TERMS:
        return ""
    return (
        f"--moments 4 would need {count_sums(terms):,} sums for {terms:,} terms; at most "
        f"{MAX_TERMS} terms are possible, with {count_sums(MAX_TERMS):,} sums"
    )


FEWER_TERMS = (
    "Leave out --moments 4, or terms: linreg show MODEL DATA --robust hc3 reads the rows instead."
)


@lru_cache(maxsize=16)
def products_of(size: int, degree: int = DEGREE) -> Int64s:
    """Return the products of `degree` of the columns 0 to size - 1, shape (products, degree)."""
    found = list(combinations_with_replacement(range(size), degree))
    return np.array(found, np.int64).reshape(-1, degree)


@lru_cache(maxsize=16)
def places_of(size: int, degree: int = DEGREE) -> Int64s:
    """Return the place of each product in the vector, shape (size,) * degree."""
    products = products_of(size, degree)
    places = np.empty((size,) * degree, np.int64)
    for order in permutations(range(degree)):
        places[tuple(products[:, list(order)].T)] = np.arange(len(products))
    return places


def chosen(sums: Objects, size: int, columns: Sequence[int]) -> Objects:
    """Return the sums of some of the columns; the first of `columns` is 0."""
    products = np.asarray(columns, np.int64)[products_of(len(columns))]
    return np.asarray(sums[places_of(size)[tuple(products.T)]])


def spread(sums: Objects, columns: Sequence[int], size: int) -> Objects:
    """Return the sums of more columns, of which those not in `columns` are 0 in all rows."""
    products = np.asarray(columns, np.int64)[products_of(len(columns))]
    wide = np.zeros(len(products_of(size)), np.object_)
    wide[places_of(size)[tuple(products.T)]] = sums
    return wide


def rewritten(sums: Objects, exponents: Sequence[int]) -> Objects:
    """Return the sums of columns times powers of ten; negative ones divide without remainder."""
    powers = np.asarray(exponents, np.int64)[products_of(len(exponents))].sum(axis=1)
    tens = 10 ** np.abs(powers).astype(np.object_)
    return np.asarray(np.where(powers >= 0, sums * tens, sums // tens))


def from_limbs(limbs: Int64s, bits: int, matrix: Table, origin: Sequence[int]) -> Objects:
    """Return the sums from those of the extension, which are of columns less an origin.

    Parameters
    ----------
    limbs
        The products of three and then of four columns, shape (products, limbs).
    bits
        The number of bits of a limb.
    matrix
        The sums of the products of two columns, of the columns as they are.
    origin
        The origin of each column, without the constant.

    """
    size = len(matrix)
    higher = sum(limbs[:, i].astype(np.object_) << i * bits for i in range(limbs.shape[1]))
    moving = np.eye(size, dtype=np.object_)
    moving[1:, 0] = [-each for each in origin]
    moved = moving @ np.array(matrix, np.object_) @ moving.T
    return _moved(with_lower(higher, moved.tolist()), size, origin)


def with_lower(higher: Objects, matrix: Table) -> Objects:
    """Return the vector of the sums of three and then of four columns, and of the lower ones."""
    products = products_of(len(matrix))
    zeros = (products == 0).sum(axis=1)
    sums = np.empty(len(products), np.object_)
    lower = products[zeros > 1]
    sums[zeros > 1] = np.array(matrix, np.object_)[lower[:, 2], lower[:, 3]]
    thirds = int((zeros == 1).sum())
    sums[zeros == 1], sums[zeros == 0] = higher[:thirds], higher[thirds:]
    return sums


def higher_of(sums: Objects, size: int) -> tuple[Objects, Objects]:
    """Return the sums of the products of three columns, and of four, without the constant."""
    zeros = (products_of(size) == 0).sum(axis=1)
    return sums[zeros == 1], sums[zeros == 0]


def _moved(sums: Objects, size: int, origin: Sequence[int]) -> Objects:
    """Return the sums of columns plus an origin."""
    if not any(origin):
        return sums
    dense = sums[places_of(size)]
    for axis in range(DEGREE):
        view = np.moveaxis(dense, axis, 0)
        for j, each in enumerate(origin, start=1):
            view[j] += each * view[0]
    return np.asarray(dense[tuple(products_of(size).T)])


def of_rows(columns: Objects) -> Objects:
    """Return the sums over rows of Python integers, shape (rows, columns) with the constant."""
    size = columns.shape[1]
    pairs = [(a, b) for b in range(size) for a in range(b + 1)]
    squares = np.array([columns[:, a] * columns[:, b] for a, b in pairs], np.object_)
    place = {pair: i for i, pair in enumerate(pairs)}
    return np.array(
        [
            np.dot(squares[place[a, b]], squares[place[c, d]])
            for a, b, c, d in products_of(size).tolist()
        ],
        np.object_,
    )


def with_combination(sums: Objects, size: int, column: int, factors: Mapping[int, int]) -> Objects:
    """Return the sums where a column, so far 0, is a combination of others.

    Parameters
    ----------
    sums, size
        The sums, and the number of columns with the constant.
    column
        The column that is combined.
    factors
        The factor of each column that it is combined of.

    """
    combined = sums.copy()
    products = products_of(size)
    contracted = sums[places_of(size)]
    for times in range(1, DEGREE + 1):
        contracted = sum(factor * contracted[i] for i, factor in factors.items())
        which = (products == column).sum(axis=1) == times
        others = products[which]
        others = others[others != column].reshape(len(others), DEGREE - times)
        combined[which] = contracted[tuple(others.T)] if times < DEGREE else contracted
    return combined


def contract(sums: Objects, size: int, degree: int, factors: Objects) -> Objects:
    """Return the sums of products with one column less, which is a combination of all columns.

    Parameters
    ----------
    sums
        Σ c₁ c₂ ... for products of `degree` columns.
    size, degree
        The number of columns with the constant, and of columns in a product.
    factors
        Integers u, shape (size,).

    Returns
    -------
    Σ (uᵀc) c₂ ..., for products of degree - 1 columns.

    """
    products = products_of(size, degree - 1)
    return np.asarray(sums[places_of(size, degree)[tuple(products.T)]] @ factors)


def enough_decimals(sums: Objects, old: Sequence[int], new: Sequence[int]) -> list[int]:
    """Return decimals of the columns, at least `new`, with which all sums are integers.

    Parameters
    ----------
    sums
        The sums, with the decimals `old`.
    old, new
        The decimals of each column, with 0 for the constant.

    """
    products, found = products_of(len(old)), list(new)
    have, want = (np.asarray(each, np.int64)[products].sum(axis=1) for each in (old, new))
    tens = 10 ** np.maximum(have - want, 0).astype(np.object_)
    for place in np.flatnonzero(sums % tens).tolist():
        product = products[place].tolist()
        lacking = shortest(sums[place], int(have[place])).decimals - sum(found[j] for j in product)
        if lacking > 0:
            times = product.count(product[-1])
            found[product[-1]] += -(-lacking // times)
    return found


def are_possible(sums: Objects, size: int) -> bool:
    """Return whether no sum contradicts the inequality of Cauchy and Schwarz.

    (Σ ab·cd)² is at most Σ a²b² Σ c²d².
    """
    places, products = places_of(size), products_of(size)
    a, b, c, d = products.T
    one, other = sums[places[a, a, b, b]], sums[places[c, c, d, d]]
    return bool((one >= 0).all() and (sums * sums <= one * other).all())
