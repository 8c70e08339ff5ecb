"""Which part a row belongs to: decided by its values and the seed, and by nothing else."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.design.level_codes import Codes
from linreg_cli.exact.block import Block
from linreg_cli.moments import row_hashes
from linreg_cli.moments.row_hashes import with_hashes
from linreg_cli.moments.split import Split
from tests.strategies import CELLS, LONG_CELLS, as_integers, block_of, blocks

SEEDS = st.integers(0, 10)
SPLITS = st.one_of(
    st.builds(Split, parts=st.integers(2, 9), seed=SEEDS),
    st.builds(
        Split,
        parts=st.integers(2, 6),
        test_fraction=st.sampled_from([0.1, 0.2, 0.5, 0.9]),
        seed=SEEDS,
    ),
)
MANY = 20_000


def many_rows() -> Block:
    """Make rows that differ as little as rows do: two small columns of consecutive numbers."""
    numbers = np.arange(MANY)
    return Block(values=np.column_stack([numbers % 200, numbers // 200]), decimals=(0, 0))


def is_likely(count: int, total: int, share: float) -> bool:
    """Return whether a count is within five standard deviations of what is expected."""
    return abs(count - total * share) < 5 * math.sqrt(total * share * (1 - share))


def parts_of(rows: Sequence[Sequence[str]], split: Split) -> list[int]:
    assigned: list[int] = split.assign(block_of(rows)).tolist()
    return assigned


# values decide


@pytest.mark.parametrize("split", [Split(parts=7), Split(parts=2, test_fraction=0.5, seed=3)])
@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5", "1.50"), ("100", "1e2"), ("0", "-0.000"), ("-3", "-3.0"), ("1e-30", "10e-31"),
     ("123456789012345678901234567890", "123456789012345678901234567890.0")],
)  # fmt: skip
def test_a_number_is_in_one_part_however_it_is_written(one: str, other: str, split: Split) -> None:
    for x in range(50):
        assert parts_of([(str(x), one)], split) == parts_of([(str(x), other)], split)


@given(
    blocks(columns=3, cells=LONG_CELLS),
    st.lists(st.integers(0, 25), min_size=3, max_size=3),
    SPLITS,
)
def test_trailing_zeros_leave_every_row_in_its_part(
    block: Block, zeros: list[int], split: Split
) -> None:
    tens = np.array([10**count for count in zeros], dtype=object)
    longer = Block(
        values=block.values.astype(object) * tens,
        decimals=tuple(d + z for d, z in zip(block.decimals, zeros, strict=True)),
    )
    assert split.assign(longer).tolist() == split.assign(block).tolist()


@given(blocks(columns=3, cells=CELLS), SPLITS)
def test_integers_of_any_type_are_in_the_same_part(block: Block, split: Split) -> None:
    objects = Block(values=block.values.astype(object), decimals=block.decimals)
    assert split.assign(objects).tolist() == split.assign(block).tolist()


@given(blocks(columns=2, cells=LONG_CELLS), SPLITS, st.randoms(use_true_random=False))
def test_a_row_stays_in_its_part_wherever_it_stands(
    block: Block, split: Split, shuffler: random.Random
) -> None:
    order = list(range(len(block.values)))
    shuffler.shuffle(order)
    moved = Block(values=block.values[order], decimals=block.decimals)
    assert split.assign(moved).tolist() == split.assign(block)[order].tolist()


@given(blocks(columns=2, cells=LONG_CELLS), SPLITS)
def test_a_row_by_itself_is_in_the_part_that_it_has_among_others(
    block: Block, split: Split
) -> None:
    alone = [
        int(split.assign(Block(values=block.values[i : i + 1], decimals=block.decimals))[0])
        for i in range(len(block.values))
    ]
    assert alone == split.assign(block).tolist()


@given(blocks(columns=2, cells=LONG_CELLS), SPLITS)
def test_equal_rows_are_in_one_part(block: Block, split: Split) -> None:
    twice = Block(values=block.values[[*range(len(block.values))] * 2], decimals=block.decimals)
    first, second = np.split(split.assign(twice), 2)
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize("column", [0, 1])
def test_each_column_has_a_say(column: int) -> None:
    rows = many_rows()
    moved = rows.values.copy()
    moved[:, column] += 1
    split = Split(parts=2)
    stay = split.assign(rows) == split.assign(Block(values=moved, decimals=rows.decimals))
    assert is_likely(int(stay.sum()), MANY, 1 / 2)


def test_values_in_other_columns_are_another_row() -> None:
    rows = many_rows()
    split = Split(parts=2)
    swapped = Block(values=rows.values[:, ::-1], decimals=rows.decimals)
    differ = rows.values[:, 0] != rows.values[:, 1]
    stay = (split.assign(rows) == split.assign(swapped))[differ]
    # a pair and its mirror image are two rows of the 20 000: half as many independent ones
    assert abs(stay.mean() - 1 / 2) < 5 / math.sqrt(2 * len(stay))


def test_the_sign_has_a_say() -> None:
    texts = [str(x) for x in range(1, 2001)]
    split = Split(parts=2)
    plus = parts_of([(text,) for text in texts], split)
    minus = parts_of([(f"-{text}",) for text in texts], split)
    stay = sum(a == b for a, b in zip(plus, minus, strict=True))
    assert is_likely(stay, 2000, 1 / 2)


# the seed decides


def test_another_seed_deals_anew() -> None:
    rows = many_rows()
    stay = Split(parts=5, seed=7).assign(rows) == Split(parts=5, seed=8).assign(rows)
    assert is_likely(int(stay.sum()), MANY, 1 / 5)


@given(blocks(columns=2), SPLITS)
def test_the_same_seed_deals_the_same(block: Block, split: Split) -> None:
    again = Split(parts=split.parts, test_fraction=split.test_fraction, seed=split.seed)
    assert again.assign(block).tolist() == split.assign(block).tolist()


# how much is where


@pytest.mark.parametrize("fraction", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_test_part_has_its_fraction(fraction: float, seed: int) -> None:
    parts = Split(parts=2, test_fraction=fraction, seed=seed).assign(many_rows())
    assert set(parts.tolist()) == {0, 1}
    assert is_likely(int((parts == 0).sum()), MANY, fraction)


@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_folds_have_equal_fractions(count: int) -> None:
    parts = Split(parts=count, seed=3).assign(many_rows())
    sizes = np.bincount(parts, minlength=count).tolist()
    assert len(sizes) == count
    assert all(is_likely(size, MANY, 1 / count) for size in sizes)


@pytest.mark.parametrize("fraction", [0.01, 0.2, 0.9])
def test_folds_beside_a_test_part_have_equal_fractions(fraction: float) -> None:
    alone, beside = (
        Split.of(test_fraction=fraction, folds=folds, seed=3).assign(many_rows())
        for folds in (0, 4)
    )
    assert ((beside == 0) == (alone == 0)).all()  # the test part does not depend on the folds
    sizes = np.bincount(beside, minlength=5).tolist()
    assert len(sizes) == 5
    assert all(is_likely(size, MANY, (1 - fraction) / 4) for size in sizes[1:])


def test_no_fraction_is_beyond_the_last_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    largest = np.array([2**64 - 1], dtype=np.uint64)
    monkeypatch.setattr(row_hashes, "hash_rows", lambda *_: largest)
    for fraction in np.linspace(0.001, 0.999, 999).tolist():
        for folds in (2, 3, 1000):
            split = Split.of(test_fraction=fraction, folds=folds, seed=0)
            assert split.assign(block_of([("1", "2")])).tolist() == [folds]


@given(
    test_fraction=st.one_of(
        st.just(0.0),
        st.floats(0, 1, exclude_min=True, exclude_max=True),
        st.integers(1, 2**32 - 1).map(lambda numerator: numerator / 2**32),
    ),
    folds=st.one_of(st.integers(2, 10), st.integers(11, 1000)),
    near=st.lists(st.integers(0, 2**32 - 1), max_size=20),
)
def test_the_bounds_of_parts_give_the_part_of_every_hash(
    test_fraction: float, folds: int, near: list[int]
) -> None:
    """The numbers on both sides of each bound, and any others, are in the part that bounds say."""
    split = Split.of(test_fraction=test_fraction, folds=folds, seed=0)
    bounds = split.bounds()
    assert len(bounds) == split.parts - 1
    assert (np.diff(bounds) >= 0).all()
    numbers = np.concatenate([bounds - 1, bounds, bounds + 1, near, [0, 2**32 - 1]])
    numbers = np.unique(numbers[(numbers >= 0) & (numbers < 2**32)])
    hashes = numbers.astype(np.uint64) << np.uint64(32) | np.uint64(2**32 - 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_hashes, "hash_rows", lambda *_: hashes)
        parts = split.assign(block_of([("1", "2")]))
    assert parts.tolist() == np.searchsorted(bounds, numbers, side="right").tolist()


def test_a_larger_test_part_holds_the_smaller_one() -> None:
    small, large = (
        Split(parts=2, test_fraction=fraction, seed=1).assign(many_rows()) == 0
        for fraction in (0.1, 0.3)
    )
    assert large[small].all()


@given(blocks(columns=2, cells=LONG_CELLS), SPLITS)
def test_every_row_is_in_one_part(block: Block, split: Split) -> None:
    assigned = split.assign(block)
    assert assigned.shape == (len(block.values),)
    assert set(assigned.tolist()) <= set(range(split.parts))


def test_no_rows_are_assigned_to_no_part() -> None:
    empty = Block(values=as_integers([[1, 2]])[:0], decimals=(0, 0))
    assert Split(parts=3).assign(empty).tolist() == []


def test_the_levels_of_a_row_decide_its_part_whatever_their_codes_are() -> None:
    block = block_of([("1", "2")] * 200)
    levels = [f"level {number}" for number in range(200)]
    split = Split(parts=2)
    forwards = Codes(codes=np.arange(200), levels=tuple(levels))
    backwards = Codes(codes=np.arange(200)[::-1], levels=tuple(levels[::-1]))
    parts = [split.assign(with_hashes(block, [codes])).tolist() for codes in (forwards, backwards)]
    assert parts[0] == parts[1]
    assert 60 < sum(parts[0]) < 140
