"""Rows that wait to be evaluated: a few rows cost as much as many."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Self

import numpy as np
from msgspec import Struct

from linreg_cli.exact import Block, Floats, Int64s


class WaitingRows(Struct, frozen=True, kw_only=True):
    """Rows of a source.

    Attributes
    ----------
    block
        The features and the target.
    weights
        The weights, as a block of one column; None where there are none.
    float_weights
        The weight of each row, shape (rows,): 1 where there are no weights.
    lines, source
        The line of each row, and the name of the source.

    """

    block: Block
    weights: Block | None
    float_weights: Floats
    lines: Int64s
    source: str

    def fits(self, other: Self) -> bool:
        """Return whether the rows can be joined with others as they are."""
        return (
            self.source == other.source
            and _form_of(self.block) == _form_of(other.block)
            and _form_of(self.weights) == _form_of(other.weights)
        )


def joined(parts: Sequence[WaitingRows]) -> Iterator[WaitingRows]:
    """Yield the same rows in their order, in as few parts as possible."""
    left = list(parts)
    while left:
        first = left[0]
        alike = list(takewhile(first.fits, left))
        del left[: len(alike)]
        weights = [part.weights for part in alike if part.weights is not None]
        yield WaitingRows(
            block=_joined([part.block for part in alike]),
            weights=_joined(weights) if weights else None,
            float_weights=np.concatenate([part.float_weights for part in alike]),
            lines=np.concatenate([part.lines for part in alike]),
            source=first.source,
        )


def _joined(blocks: Sequence[Block]) -> Block:
    values = np.concatenate([block.values for block in blocks])
    return Block(values=values, decimals=blocks[0].decimals)


def _form_of(block: Block | None) -> object:
    """Return what blocks that are joined as they are have in common."""
    return block and (block.decimals, block.values.dtype.hasobject)
