"""Inputs that count once: which of them a model has, by the SHA-256 of their content."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import TypeVar

from linreg_cli.moments.groups import GroupedMoments
from linreg_cli.moments.split import SplitMoments

D = TypeVar("D", SplitMoments, GroupedMoments)


def find_new(inputs: Iterable[SplitMoments | GroupedMoments], known: frozenset[str]) -> list[bool]:
    """Return for each input whether its content is new; of equal inputs only the first is new.

    Parameters
    ----------
    inputs
        The moments of each input, with the SHA-256 of its content.
    known
        The SHA-256 of each content that is known.

    """
    found = []
    for data in inputs:
        found.append(not data.inputs <= known)
        known |= data.inputs
    return found


def find_known(
    inputs: Iterable[SplitMoments | GroupedMoments], known: frozenset[str]
) -> list[bool]:
    """Return for each input whether its content is known; of equal inputs only the first is.

    Parameters
    ----------
    inputs, known
        As `find_new` takes them.

    """
    found = []
    for data in inputs:
        found.append(data.inputs <= known)
        known -= data.inputs
    return found


def merged(inputs: Sequence[D]) -> D | None:
    """Return the moments of the rows of all inputs; None if there is no input."""
    return reduce(add, inputs) if inputs else None
