"""Linear functions with fractions as weights: b + Σ w·x of each row, rounded once.

A weight is the sum of two float64 and a small rest, so that `predict_block` computes nearly all of
it. Where the rests may change the last bit, integers decide.
"""

import math
from collections.abc import Sequence

import numpy as np
from flint import fmpq

from linreg_cli import native
from linreg_cli.exact.arrays import Flags, Floats, Integers
from linreg_cli.exact.block import Block
from linreg_cli.exact.plane import Plane
from linreg_cli.exact.plane_values import RowError, predict_block
from linreg_cli.exact.rationals import from_float, to_float


def combine_block(weights: Sequence[fmpq], block: Block) -> Floats:
    """Return a linear function of each row of a block.

    Parameters
    ----------
    weights
        The constant b, then the weight w of each column, each within the range of float64.
    block
        The columns as written.

    Returns
    -------
    The float64 nearest to b + Σ w·x, infinite if it is too large; shape (rows,).

    """
    found = np.zeros(len(block.values))
    is_left = np.ones(len(found), np.bool_)
    if native.IS_AVAILABLE and block.values.dtype == np.int64 and len(found):
        found, is_left = _combine_floats(weights, block)
    if is_left.any():
        found[is_left] = _combine_integers(weights, block.values[is_left], block.decimals)
    return found


def _combine_floats(weights: Sequence[fmpq], block: Block) -> tuple[Floats, Flags]:
    """Return the function of each row, and in which rows its last bit is not certain."""
    ones = np.ones(len(block.values), np.int64)
    slopes, columns, decimals = [], [ones], [0]
    error = fmpq(0)  # at most this is missing in each row
    terms = zip(weights, (ones, *block.values.T), (0, *block.decimals), strict=True)
    for weight, column, places in terms:
        rest = weight
        for _ in range(2):
            part = to_float(rest)
            rest -= from_float(part)
            slopes.append(part)
            columns.append(column)
            decimals.append(places)
        error += abs(rest) * int(np.abs(column).max()) / 10**places
    parts = Block(values=np.array(columns).T, decimals=tuple(decimals))
    bound = math.nextafter(to_float(error), math.inf)
    try:
        least = predict_block(Plane.about_zero([-bound, *slopes], 0.0), parts)
        most = predict_block(Plane.about_zero([bound, *slopes], 0.0), parts)
    except RowError:
        return np.zeros(len(ones)), np.ones(len(ones), np.bool_)
    return least, least != most


def _combine_integers(
    weights: Sequence[fmpq], values: Integers, decimals: Sequence[int]
) -> list[float]:
    """Return the function of some rows as quotients of Python integers."""
    unit = math.lcm(*(int(weight.q) for weight in weights))
    most = max(decimals)
    constant, *factors = (
        int(weight.p) * (unit // int(weight.q)) * 10 ** (most - places)
        for weight, places in zip(weights, (0, *decimals), strict=True)
    )
    totals = values.astype(object) @ np.array(factors, dtype=object) + constant
    return [_quotient(total, unit * 10**most) for total in totals.tolist()]


def _quotient(numerator: int, denominator: int) -> float:
    """Return the nearest float64; infinite if it is too large."""
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf
