"""Rows that wait: joined into few parts, in their order."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, strategies as st

from linreg_cli.exact.block import Block
from linreg_cli.statistics.waiting_rows import WaitingRows, joined
from tests.strategies import LONG_CELLS, blocks, fractions_of

Row = tuple[object, object, float, int, str]


@st.composite
def parts(draw: st.DrawFn) -> WaitingRows:
    block = draw(blocks(cells=st.one_of(st.integers(-5, 5), LONG_CELLS), max_rows=3))
    rows = len(block.values)
    weights = Block(values=np.arange(rows).reshape(rows, 1), decimals=(draw(st.integers(0, 1)),))
    return WaitingRows(
        block=block,
        weights=weights if draw(st.booleans()) else None,
        float_weights=np.linspace(0, 1, rows),
        lines=np.arange(rows) + draw(st.integers(0, 9)),
        source=draw(st.sampled_from(["a.csv", "b.csv"])),
    )


def rows_of(found: Sequence[WaitingRows]) -> list[Row]:
    return [
        (values, weight, float_weight, line, part.source)
        for part in found
        for values, weight, float_weight, line in zip(
            fractions_of(part.block),
            fractions_of(part.weights) if part.weights else [None] * len(part.lines),
            part.float_weights.tolist(),
            part.lines.tolist(),
            strict=True,
        )
    ]


@given(st.lists(parts(), max_size=6))
def test_joined_rows_are_the_same_rows(waiting: list[WaitingRows]) -> None:
    found = list(joined(waiting))
    assert rows_of(found) == rows_of(waiting)
    assert not any(one.fits(other) for one, other in pairwise(found))


def test_parts_of_one_form_are_joined() -> None:
    block = Block(values=np.ones((2, 2), np.int64), decimals=(0, 1))
    part = WaitingRows(
        block=block, weights=None, float_weights=np.ones(2), lines=np.arange(2), source="a.csv"
    )
    [found] = joined([part] * 3)
    assert found.block.values.dtype == np.int64
    assert found.lines.tolist() == [0, 1, 0, 1, 0, 1]
