"""Moments by group: the sums of products of Python's fractions over the rows of each group."""

from collections.abc import Sequence
from fractions import Fraction
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.moments import group_summation
from linreg_cli.moments.group_summation import GroupSummation
from linreg_cli.moments.moments import Moments
from linreg_cli.moments.summation import Summation
from tests.strategies import CELLS, LONG_CELLS, add_rows, block_of

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(CELLS, LONG_CELLS), CELLS, st.integers(1, 9)),
    min_size=1,
)
DECIMALS = st.integers(0, 2)
BLOCKS = st.lists(st.tuples(ROWS, DECIMALS), min_size=1, max_size=4)
Rows = Sequence[tuple[int, int, int, int]]


def written(number: int, decimals: int) -> str:
    return f"{number}e-{decimals}"


def by_group(blocks: Sequence[tuple[Rows, int]], *, is_weighted: bool) -> dict[int, Moments]:
    summation = GroupSummation(("x", "y"), "w" if is_weighted else "")
    for rows, decimals in blocks:
        cells = [[written(x, decimals), written(y, 0)] for _, x, y, _ in rows]
        weights = block_of([[str(w)] for *_, w in rows]) if is_weighted else None
        codes = np.array([group for group, *_ in rows], np.int64)
        labels = [((str(group),), 0) for group in range(4)]
        summation.take(summation.prepare(block_of(cells), weights, codes, labels))
    return {int(key[0] or ""): moments for (key, _), moments in summation.total().items()}


def of_rows(blocks: Sequence[tuple[Rows, int]], group: int, *, is_weighted: bool) -> Moments:
    summation = Summation(("x", "y"), "w" if is_weighted else "")
    for rows, decimals in blocks:
        own = [row for row in rows if row[0] == group]
        if own:
            cells = [[written(x, decimals), written(y, 0)] for _, x, y, _ in own]
            weights = block_of([[str(w)] for *_, w in own]) if is_weighted else None
            add_rows(summation, block_of(cells), weights)
    return summation.total()


@given(BLOCKS, st.booleans(), st.booleans(), st.integers(1, 3))
def test_moments_of_groups_are_those_of_their_rows(
    blocks: Sequence[tuple[Rows, int]],
    is_weighted: bool,  # noqa: FBT001 - of Hypothesis
    is_native: bool,  # noqa: FBT001 - of Hypothesis
    often: int,
) -> None:
    with (
        mock.patch.object(native, "IS_AVAILABLE", is_native and native.IS_AVAILABLE),
        mock.patch.object(group_summation, "BLOCKS_PER_TOTAL", often),
        mock.patch.object(group_summation, "MOST_TABLES", often),
    ):
        found = by_group(blocks, is_weighted=is_weighted)
    rows = [(row, decimals) for part, decimals in blocks for row in part]
    assert found.keys() == {row[0] for row, _ in rows}
    for group, moments in found.items():
        own = [
            (Fraction(1), Fraction(x, 10**decimals), Fraction(y), Fraction(w if is_weighted else 1))
            for (key, x, y, w), decimals in rows
            if key == group
        ]
        sums = [[sum(r[3] * r[i] * r[j] for r in own) for j in range(3)] for i in range(3)]
        assert [[Fraction(str(moments.moment(i, j))) for j in range(3)] for i in range(3)] == sums
        assert moments == of_rows(blocks, group, is_weighted=is_weighted)


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")
def test_the_extension_refuses_what_could_overflow_and_codes_without_group() -> None:
    values, most = np.array([2**60], np.int64), np.array([2**62], np.int64)
    code = np.zeros(1, np.int64)
    sum_up = native.extension.sum_products_by_code
    assert sum_up(values, b"", code, 1, 1) is not None
    assert sum_up(most, b"", code, 1, 1) is None
    assert sum_up(values, np.array([8], np.int64), code, 1, 1) is None
    assert sum_up(values, b"", code + 1, 1, 1) is None
    assert sum_up(values, b"", code - 1, 1, 1) is None
    with pytest.raises(ValueError, match="do not fit together"):
        sum_up(values, b"", np.zeros(2, np.int64), 1, 1)
