"""Sums of the logarithms of weights, each rounded to whole units of 2**-64.

Integers add without error, so that the sum is the same in any order. The extension finds them with
a bound of its error; FLINT finds those of which it is not certain.
"""

from collections.abc import Sequence
from operator import mul
from threading import Lock

import numpy as np

from linreg_cli import native
from linreg_cli.exact import Block, Int64s
from linreg_cli.moments.moments import LOG_UNIT_BITS

_PRECISION = Lock()
"""Held while FLINT works with another precision, which is global to all threads."""
FIRST_PRECISION = 128
"""Bits of the first attempt to round a logarithm."""
MOST_KNOWN_LOGS = 2**16
KNOWN_LOGS: dict[tuple[int, int], int] = {}
"""The logarithms that FLINT found, by the integer and the decimals of the weight."""
_SUM_BYTES = 16
"""The size of a sum of the extension."""


def log_sum(weights: Block | None) -> int:
    """Return the sum of the logarithms of weights in whole units; 0 if there are none."""
    if weights is None:
        return 0
    fast = _sum_fast(weights, None, 1)
    if fast is not None:
        return fast[0]
    distinct, counts = np.unique(weights.values, return_counts=True)
    logs = logs_in_units(distinct.tolist(), weights.decimals[0])
    return sum(map(mul, counts.tolist(), logs))


def log_sums(weights: Block, codes: Int64s, size: int) -> list[int]:
    """Return the sum of the logarithms of the weights of each code."""
    fast = _sum_fast(weights, codes, size)
    if fast is not None:
        return fast
    distinct, places = np.unique(weights.values, return_inverse=True)
    both, counts = np.unique(codes * len(distinct) + places.reshape(-1), return_counts=True)
    logs = logs_in_units(distinct.tolist(), weights.decimals[0])
    sums = [0] * size
    for pair, count in zip(both.tolist(), counts.tolist(), strict=True):
        group, place = divmod(pair, len(distinct))
        sums[group] += count * logs[place]
    return sums


def _sum_fast(weights: Block, codes: Int64s | None, size: int) -> list[int] | None:
    """Return the sums as the extension computes them; None if they need FLINT."""
    if not native.IS_AVAILABLE or weights.values.dtype != np.int64:
        return None
    found = native.extension.sum_logarithms(
        np.ascontiguousarray(weights.values),
        weights.decimals[0],
        b"" if codes is None else np.ascontiguousarray(codes),
        size,
    )
    return None if found is None else integers_of(found)


def integers_of(sums: bytes) -> list[int]:
    """Return the sums that the extension gives as integers of 128 bits."""
    return [
        int.from_bytes(sums[start : start + _SUM_BYTES], "little", signed=True)
        for start in range(0, len(sums), _SUM_BYTES)
    ]


def logs_in_units(integers: Sequence[int], decimals: int) -> list[int]:
    """Return the natural logarithm of each weight, rounded to whole units of 2**-64."""
    from flint import arb, ctx, fmpq

    if len(KNOWN_LOGS) > MOST_KNOWN_LOGS:
        KNOWN_LOGS.clear()
    ten, half, logs = 10**decimals, fmpq(1, 2), []
    with _PRECISION, ctx.workprec(FIRST_PRECISION):
        for integer in integers:
            log = KNOWN_LOGS.get((integer, decimals))
            while log is None:
                scaled = arb(fmpq(integer, ten)).log() * 2**LOG_UNIT_BITS
                log = (scaled + half).floor().unique_fmpz()
                ctx.prec = FIRST_PRECISION if log is not None else 2 * ctx.prec
            logs.append(KNOWN_LOGS.setdefault((integer, decimals), int(log)))
    return logs
