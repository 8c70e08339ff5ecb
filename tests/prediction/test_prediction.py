"""Predictions, rounded once."""

import math
from collections.abc import Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from linreg_cli import native
from linreg_cli.errors import DataError
from linreg_cli.exact.block import Block
from linreg_cli.exact.decimals import ExactDecimal, parse
from linreg_cli.exact.plane import Plane
from linreg_cli.exact.plane_values import predict_block, predict_row, to_floats
from tests.strategies import CELLS, FLOATS, LARGEST, LONG_CELLS, as_integers, block_of, fractions_of

PLAIN = st.floats(-1e6, 1e6)
SLOPES = st.lists(st.one_of(PLAIN, FLOATS), min_size=3, max_size=3)
CENTERS = st.builds(ExactDecimal, LONG_CELLS, st.integers(0, 25))
LARGEST_FLOAT = math.ldexp(2 - 2**-52, 1023)


def nearest_floats(slopes: Sequence[float], intercept: float, block: Block) -> list[float | None]:
    """Round b plus the sum of m times x once; None where no float is near."""
    return [
        nearest_float(
            sum((Fraction(m) * x for m, x in zip(slopes, row, strict=True)), Fraction(intercept))
        )
        for row in fractions_of(block)
    ]


def nearest_float(value: Fraction) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None


def cells(block: Block) -> list[list[ExactDecimal]]:
    return [list(map(ExactDecimal, row, block.decimals)) for row in block.values.tolist()]


def bits(values: Sequence[float]) -> list[str]:
    """Write floats so that every bit tells, the sign of zero too."""
    return [value.hex() for value in values]


@st.composite
def features(draw: st.DrawFn, integers: st.SearchStrategy[int]) -> Block:
    rows = draw(st.lists(st.lists(integers, min_size=3, max_size=3), min_size=1, max_size=6))
    places = draw(st.lists(st.integers(0, 25), min_size=3, max_size=3))
    return Block(values=as_integers(rows), decimals=tuple(places))


@given(features(LONG_CELLS), SLOPES, st.one_of(PLAIN, FLOATS))
def test_a_row_is_predicted_by_the_nearest_float(
    block: Block, slopes: list[float], intercept: float
) -> None:
    for row, wanted in zip(cells(block), nearest_floats(slopes, intercept, block), strict=True):
        if wanted is None:
            with pytest.raises(DataError):
                predict_row(Plane.about_zero(slopes, intercept), row)
        else:
            assert predict_row(Plane.about_zero(slopes, intercept), row) == wanted


@given(features(CELLS), st.lists(PLAIN, min_size=3, max_size=3), PLAIN)
def test_a_block_is_predicted_by_the_nearest_floats(
    block: Block, slopes: list[float], intercept: float
) -> None:
    found = predict_block(Plane.about_zero(slopes, intercept), block).tolist()
    assert found == nearest_floats(slopes, intercept, block)


@given(features(LONG_CELLS), SLOPES, st.one_of(PLAIN, FLOATS))
def test_a_block_of_any_numbers_is_predicted_by_the_nearest_floats_or_refused(
    block: Block, slopes: list[float], intercept: float
) -> None:
    wanted = nearest_floats(slopes, intercept, block)
    if None in wanted:
        with pytest.raises(DataError):
            predict_block(Plane.about_zero(slopes, intercept), block)
    else:
        assert predict_block(Plane.about_zero(slopes, intercept), block).tolist() == wanted


@given(features(CELLS), SLOPES, st.one_of(PLAIN, FLOATS))
def test_a_block_and_its_rows_have_the_same_predictions_to_the_bit(
    block: Block, slopes: list[float], intercept: float
) -> None:
    assume(None not in nearest_floats(slopes, intercept, block))
    plane = Plane.about_zero(slopes, intercept)
    alone = [predict_row(plane, row) for row in cells(block)]
    assert bits(predict_block(plane, block).tolist()) == bits(alone)


@given(
    st.floats(1, 2),
    st.lists(st.integers(-LARGEST, LARGEST), min_size=1, max_size=5),
    st.integers(-3, 3),
)
def test_terms_that_cancel_leave_the_digits_below_them(
    slope: float, integers: list[int], step: int
) -> None:
    block = Block(values=np.array([[x, x + step] for x in integers]), decimals=(0, 0))
    slopes = [slope, -slope]
    assert predict_block(Plane.about_zero(slopes, 1e-9), block).tolist() == nearest_floats(
        slopes, 1e-9, block
    )


def test_a_slope_of_epoch_seconds_loses_no_digit_to_the_intercept() -> None:
    # 3 * 1700000000.1 - 5100000000 is 0.3
    block = block_of([("1700000000.1",), ("1700000000.2",)])
    assert predict_block(Plane.about_zero([3.0], -5.1e9), block).tolist() == [0.3, 0.6]


@pytest.mark.parametrize(
    ("x", "prediction"),
    [
        (2**53 + 1, 2.0**53),
        (2**53 + 3, 2.0**53 + 4),
        (-(2**53) - 1, -(2.0**53)),
        (2**55 + 4, 2.0**55),
        (2**55 + 12, 2.0**55 + 16),
    ],
)
def test_a_tie_goes_to_the_even_float(x: int, prediction: float) -> None:
    block = Block(values=np.array([[x]]), decimals=(0,))
    assert predict_block(Plane.about_zero([1.0], 0.0), block).tolist() == [prediction]


@pytest.mark.parametrize("crumb", [1e-300, -1e-300, 5e-324])
def test_a_crumb_beside_a_tie_decides_it(crumb: float) -> None:
    block = Block(values=np.array([[2**53 + 1, 1]]), decimals=(0, 0))
    wanted = 2.0**53 + 2 if crumb > 0 else 2.0**53
    assert predict_block(Plane.about_zero([1.0, crumb], 0.0), block).tolist() == [wanted]


@pytest.mark.parametrize("places", [0, 1, 22, 23, 40, 300, 400])
def test_any_count_of_decimals_is_rounded_once(places: int) -> None:
    block = Block(values=np.array([[LARGEST], [3], [-7]]), decimals=(places,))
    slopes = [10.0 ** min(places, 30) / 3]
    assert predict_block(Plane.about_zero(slopes, 0.1), block).tolist() == nearest_floats(
        slopes, 0.1, block
    )


@pytest.mark.parametrize(
    ("slope", "intercept"),
    [(1e-310, 0.0), (5e-324, 1e-320), (1e290, 1.0), (-1e290, 1e308), (1e-300, 1e-305)],
)
def test_tiny_and_huge_weights_are_rounded_once(slope: float, intercept: float) -> None:
    block = Block(values=np.array([[3], [10**17 + 1], [-5], [0]]), decimals=(1,))
    wanted = nearest_floats([slope], intercept, block)
    assert predict_block(Plane.about_zero([slope], intercept), block).tolist() == wanted


@pytest.mark.parametrize("power", [-1070, -1050, -1030, -1000, -970, -950, -900])
def test_predictions_where_float64_runs_out_of_digits_are_rounded_once(power: int) -> None:
    random = np.random.default_rng(1)
    block = Block(values=random.integers(-(10**6), 10**6, size=(300, 1)), decimals=(3,))
    slope = math.ldexp(random.uniform(1, 2), power)
    assert predict_block(Plane.about_zero([slope], 0.0), block).tolist() == nearest_floats(
        [slope], 0.0, block
    )


@pytest.mark.parametrize("tenths", [[5, 5], [1] * 10, [-4, -4]])
def test_terms_that_are_nothing_alone_are_something_together(tenths: list[int]) -> None:
    block = Block(values=np.array([tenths]), decimals=(1,) * len(tenths))
    wanted = math.copysign(5e-324, tenths[0])
    assert predict_block(Plane.about_zero([5e-324] * len(tenths), 0.0), block).tolist() == [wanted]


def test_a_prediction_of_0_has_no_sign() -> None:
    block = Block(values=np.array([[0], [5]]), decimals=(0,))
    assert bits(predict_block(Plane.about_zero([-2.0], 0.0), block).tolist()) == bits([0.0, -10.0])
    assert bits([predict_row(Plane.about_zero([-2.0], -0.0), [ExactDecimal(0, 0)])]) == bits([0.0])


def test_terms_that_cancel_beyond_float64_leave_a_prediction() -> None:
    block = block_of([("2", "2")])
    assert predict_block(Plane.about_zero([1e308, -1e308], 7.0), block).tolist() == [7.0]


def test_the_largest_float_is_a_prediction() -> None:
    assert predict_row(Plane.about_zero([LARGEST_FLOAT], 0.0), [parse("1")]) == LARGEST_FLOAT


@pytest.mark.parametrize("slope", [1e308, -1e308])
def test_a_prediction_beyond_float64_is_refused(slope: float) -> None:
    with pytest.raises(
        DataError, match=r"^a prediction is too large for a 64-bit float$"
    ) as caught:
        predict_row(Plane.about_zero([slope], 0.0), [parse("1.8")])
    assert caught.value.hint == "Give the value in the unit that the model was trained on."


def test_a_block_with_a_prediction_beyond_float64_is_refused() -> None:
    with pytest.raises(DataError, match=r"^a prediction is too large for a 64-bit float$"):
        predict_block(Plane.about_zero([1e308], 0.0), block_of([("1",), ("2",)]))


def test_an_empty_block_has_no_predictions() -> None:
    block = Block(values=np.empty((0, 2), dtype=np.int64), decimals=(0, 0))
    assert predict_block(Plane.about_zero([1.0, 2.0], 3.0), block).tolist() == []


def test_many_features_are_rounded_once() -> None:
    random = np.random.default_rng(0)
    block = Block(values=random.integers(-LARGEST, LARGEST, size=(20, 300)), decimals=(3,) * 300)
    slopes = random.normal(size=300).tolist()
    assert predict_block(Plane.about_zero(slopes, 0.5), block).tolist() == nearest_floats(
        slopes, 0.5, block
    )


def test_roundings_that_all_go_one_way_do_not_escape_the_error_bound() -> None:
    # each slope is chosen so that adding it to the low part rounds down by almost half a unit
    slopes = []
    low = 0.0
    for _ in range(2000):
        unit = Fraction(math.ulp(low + 2.0**-53))
        units = Fraction(low + 2.0**-53) // unit + Fraction(4999, 10000)
        slopes.append(float(units * unit - Fraction(low)))
        low += slopes[-1]
    exact = sum(map(Fraction, slopes), Fraction(1))
    lost = exact - 1 - Fraction(low)
    tie = 1 + (2 * ((exact - 1) // Fraction(2) ** -52) + 3) * Fraction(2) ** -53
    slopes.append(float(tie + lost / 2 - exact))
    block = Block(values=np.ones((1, len(slopes)), dtype=np.int64), decimals=(0,) * len(slopes))
    assert predict_block(Plane.about_zero(slopes, 1.0), block).tolist() == nearest_floats(
        slopes, 1.0, block
    )


@given(
    block=features(LONG_CELLS),
    centers=st.lists(CENTERS, min_size=3, max_size=3),
)
def test_numbers_less_their_centers_are_rounded_once(
    block: Block, centers: list[ExactDecimal]
) -> None:
    expected = [
        [
            float(x - Fraction(*center.as_integer_ratio())) + 0.0
            for x, center in zip(row, centers, strict=True)
        ]
        for row in fractions_of(block)
    ]
    assert to_floats(block, centers).tolist() == expected
    assert to_floats(block).tolist() == [[float(x) for x in row] for row in fractions_of(block)]


@given(
    features(CELLS) | features(LONG_CELLS),
    SLOPES,
    st.one_of(PLAIN, FLOATS),
    st.lists(CENTERS | st.just(ExactDecimal(0, 0)), min_size=3, max_size=3),
)
def test_a_prediction_about_a_center_is_the_nearest_float(
    block: Block, slopes: list[float], value: float, centers: list[ExactDecimal]
) -> None:
    plane = Plane(tuple(slopes), value, tuple(centers))
    moved = sum(
        Fraction(m) * Fraction(*center.as_integer_ratio())
        for m, center in zip(slopes, centers, strict=True)
    )
    wanted = [
        nearest_float(
            sum((Fraction(m) * x for m, x in zip(slopes, row, strict=True)), Fraction(value))
            - moved
        )
        for row in fractions_of(block)
    ]
    assume(None not in wanted)
    assert predict_block(plane, block).tolist() == wanted
    assert [predict_row(plane, row) for row in cells(block)] == wanted


def test_numbers_near_a_far_center_keep_their_digits() -> None:
    # 3 · (x - 1700000000000000200) + 605, where float64 has steps of 256
    block = Block(values=np.array([[17 * 10**17 + 1], [17 * 10**17]], dtype=object), decimals=(0,))
    plane = Plane((3.0,), 605.0, (ExactDecimal(1700000000000000200, 0),))
    assert predict_block(plane, block).tolist() == [8.0, 5.0]


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="counts what the extension leaves undecided")
def test_the_fast_road_takes_centers_of_other_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, fast = [], native.extension.predict

    def predict(values: Any, *rest: Any) -> tuple[bytes, bytes]:
        taken.append(values.tolist())
        return fast(values, *rest)

    monkeypatch.setattr("linreg_cli.native.extension", SimpleNamespace(predict=predict))
    block = Block(values=np.array([[0, 125], [1, 250]], dtype=np.int64), decimals=(0, 2))
    centers = (ExactDecimal(37, 2), ExactDecimal(2, 0))
    assert predict_block(Plane((100.0, 1.0), 1.0, centers), block).tolist() == [-36.75, 64.5]
    assert taken == [[[-37, 63], [-75, 50]]]


def test_a_block_without_rows_has_no_floats() -> None:
    empty = Block(values=np.zeros((0, 3), np.int64), decimals=(0, 2, 1))
    assert to_floats(empty).shape == (0, 3)
