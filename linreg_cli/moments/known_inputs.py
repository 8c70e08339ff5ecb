"""Inputs that count once: which of them a model has already, by the SHA-256 of their content."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

from linreg_cli.moments.split import SplitMoments


def find_new(inputs: Iterable[SplitMoments], known: frozenset[str]) -> list[bool]:
    """Tell which inputs have content that is not known: of equal ones the first.

    Parameters
    ----------
    inputs
        The sums of each input, with the SHA-256 of its content.
    known
        The SHA-256 of content that counts already.

    """
    found = []
    for data in inputs:
        found.append(not data.inputs <= known)
        known |= data.inputs
    return found


def find_known(inputs: Iterable[SplitMoments], known: frozenset[str]) -> list[bool]:
    """Tell which inputs have content that is known: of equal ones the first, to be taken out."""
    found = []
    for data in inputs:
        found.append(data.inputs <= known)
        known -= data.inputs
    return found


def joined(inputs: Sequence[SplitMoments]) -> SplitMoments | None:
    """Join the sums of inputs; None if there are none."""
    return reduce(add, inputs) if inputs else None
