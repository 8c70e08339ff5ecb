"""A hash of integers, the same on every machine."""

import numpy as np

from linreg_cli.exact.arrays import UInt64s


def mix(numbers: UInt64s) -> UInt64s:
    """Return a hash of each number, every bit of which depends on all bits of the number.

    Source: SplitMix64, in G. Steele, D. Lea and C. Flood, Fast splittable pseudorandom number
    generators, OOPSLA 2014.
    """
    mixed = numbers
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
