"""Which values lie outside the range of training."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.exact.block import Block
from linreg_cli.exact.decimals import ExactDecimal, parse
from linreg_cli.model.file_format import FORMAT, VERSION
from linreg_cli.model.model import Model, Training
from linreg_cli.model.settings import Settings
from linreg_cli.model.stored_moments import StoredMoments
from linreg_cli.prediction.training_range import OutsideCounts
from tests.strategies import CELLS, LONG_CELLS, block_of, blocks, fractions_of, moments_of

TRAINED = [("500", "-1.25", "1"), ("2500", "3.5", "2"), ("700", "0", "4")]


def model_of(rows: Sequence[tuple[str, ...]]) -> Model:
    *x, y = [f"x{j}" for j in range(len(rows[0]) - 1)] + ["y"]
    return Model(
        format=FORMAT,
        version=VERSION,
        y=y,
        x=tuple(x),
        m=dict.fromkeys(x, 1.0),
        b=0.0,
        center=dict.fromkeys(x, "0"),
        value_at_center=0.0,
        training=Training(settings=Settings(), stopped="exact", loss=0.0, best_loss=0.0),
        moments=StoredMoments.of(moments_of(rows, (*x, y))),
    )


def outside(*row: str) -> dict[str, int]:
    counts = OutsideCounts(model_of(TRAINED))
    counts.count_row([parse(text) for text in row])
    return dict(counts.outside)


@pytest.mark.parametrize("value", ["500", "2500", "2500.000", "5e2", "1000.5"])
def test_a_value_in_the_range_or_at_its_ends_is_inside(value: str) -> None:
    assert outside(value, "0")["x0"] == 0


@pytest.mark.parametrize("value", ["499", "499.9999999999999999999", "2500.1", "-500", "1e300"])
def test_a_value_beyond_the_range_is_outside(value: str) -> None:
    assert outside(value, "0")["x0"] == 1


@pytest.mark.parametrize(
    ("value", "is_outside"),
    [("-1", False), ("-1.2", False), ("-1.3", True), ("-2", True), ("3", False), ("4", True)],
)
def test_a_value_with_fewer_decimals_than_the_range_is_compared_exactly(
    value: str, *, is_outside: bool
) -> None:
    assert outside("600", value)["x1"] == is_outside


@given(
    blocks(columns=2, cells=LONG_CELLS), st.one_of(blocks(cells=CELLS), blocks(cells=LONG_CELLS))
)
def test_values_outside_are_those_below_all_or_above_all_training_values(
    trained: Block, asked: Block
) -> None:
    rows = [
        (*map(str, map(ExactDecimal, row, trained.decimals)), "0")
        for row in trained.values.tolist()
    ]
    counts = OutsideCounts(model_of(rows))
    counts.count_block(asked)
    for j, name in enumerate(("x0", "x1")):
        values = [row[j] for row in fractions_of(trained)]
        beyond = [
            x
            for x in (row[j] for row in fractions_of(asked))
            if not min(values) <= x <= max(values)
        ]
        assert counts.outside[name] == len(beyond)


@given(blocks(cells=LONG_CELLS))
def test_a_block_counts_as_its_rows_do(block: Block) -> None:
    together, one_by_one = OutsideCounts(model_of(TRAINED)), OutsideCounts(model_of(TRAINED))
    together.count_block(block)
    for row in block.values.tolist():
        one_by_one.count_row(list(map(ExactDecimal, row, block.decimals)))
    assert together.outside == one_by_one.outside


def test_a_range_beyond_int64_holds_every_block_of_int64() -> None:
    counts = OutsideCounts(model_of([("-1e30", "1"), ("1e30", "2")]))
    counts.count_block(Block(values=np.array([[-(10**17)], [10**17]]), decimals=(0,)))
    assert counts.outside["x0"] == 0


def test_counts_of_several_blocks_add_up() -> None:
    counts = OutsideCounts(model_of(TRAINED))
    for _ in range(3):
        counts.count_block(block_of([("1", "0"), ("600", "0"), ("3000", "0")]))
    assert counts.outside["x0"] == 6


def test_a_warning_names_feature_count_and_range() -> None:
    counts = OutsideCounts(model_of(TRAINED))
    counts.count_block(block_of([("1", "4"), ("600", "0"), ("3000", "0")]))
    assert counts.warnings() == [
        "x0: 2 values outside the training range 500 to 2500",
        "x1: 1 value outside the training range -1.25 to 3.50",
    ]


def test_values_inside_get_no_warning() -> None:
    counts = OutsideCounts(model_of(TRAINED))
    counts.count_row([parse("600"), parse("0")])
    assert counts.warnings() == []


def test_large_counts_are_written_with_commas() -> None:
    counts = OutsideCounts(model_of(TRAINED))
    counts.count_block(Block(values=np.zeros((1234, 2), dtype=np.int64), decimals=(0, 0)))
    assert counts.warnings() == ["x0: 1,234 values outside the training range 500 to 2500"]
