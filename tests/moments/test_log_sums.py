"""Sums of logarithms of weights: the extension beside FLINT and Python's decimals."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from flint import ctx
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.exact.block import Block
from linreg_cli.moments.log_sums import KNOWN_LOGS, integers_of, log_sum, log_sums, logs_in_units
from tests.references import logarithm
from tests.strategies import LARGEST, as_integers

needs_extension = pytest.mark.skipif(
    not native.IS_AVAILABLE, reason="no compiler built the extension"
)

EDGES = [2**bits + step for bits in range(60) for step in (-1, 0, 1) if 2**bits + step > 0]
"""Integers around powers of two."""
STEPS = [2**52 * (128 + step) // 128 + more for step in range(128) for more in (-1, 0)]
"""Integers around the steps of the first table of the extension."""
NEAR_MIDDLES = [214_030_987, 1_110_804_916, 1_267_915_429]
"""The first integers whose logarithms are nearer to the middle of two units than the bound."""
BESIDE_MIDDLES = [
    (576_460_752_335_864_933, 0),
    (576_460_752_335_864_936, 0),
    (172_651_295, 255),
    (880_190_920, 255),
]
"""Integers and decimals whose logarithms are beyond the bound, but within three times the bound."""
WEIGHTS = st.one_of(
    st.integers(1, 1000), st.sampled_from([*EDGES, *STEPS, LARGEST]), st.integers(1, LARGEST)
)
DECIMALS = st.one_of(st.integers(0, 4), st.integers(0, 255))


def nearest_unit(integer: int, decimals: int) -> int:
    return round(Fraction(logarithm(Fraction(integer, 10**decimals))) * 2**64)


def sum_natively(weights: Sequence[int], decimals: int) -> int | None:
    found = native.extension.sum_logarithms(np.array(weights, np.int64), decimals, b"", 1)
    return None if found is None else integers_of(found)[0]


def block(weights: Sequence[int], decimals: int = 0) -> Block:
    return Block(values=as_integers([[weight] for weight in weights]), decimals=(decimals,))


@needs_extension
@given(st.lists(WEIGHTS, max_size=8), DECIMALS)
def test_the_extension_rounds_each_logarithm_to_the_nearest_unit(
    weights: list[int], decimals: int
) -> None:
    expected = sum(nearest_unit(weight, decimals) for weight in weights)
    assert sum_natively(weights, decimals) == expected


@needs_extension
@pytest.mark.slow
@pytest.mark.parametrize("decimals", [0, 2, 255])
def test_the_extension_is_right_around_the_steps_of_its_tables(decimals: int) -> None:
    weights = [*EDGES, *STEPS]
    found = [sum_natively([weight], decimals) for weight in weights]
    assert found == [nearest_unit(weight, decimals) for weight in weights]


@needs_extension
@pytest.mark.parametrize("weight", NEAR_MIDDLES)
def test_a_logarithm_near_the_middle_of_two_units_is_left_to_flint(weight: int) -> None:
    assert sum_natively([3, weight], 0) is None
    assert log_sum(block([3, weight])) == nearest_unit(3, 0) + nearest_unit(weight, 0)


@needs_extension
@pytest.mark.parametrize(("weight", "decimals"), BESIDE_MIDDLES)
def test_a_logarithm_beside_the_middle_of_two_units_is_rounded(weight: int, decimals: int) -> None:
    """An error of a constant of the extension beyond its bound would round it to the other side."""
    assert sum_natively([weight], decimals) == nearest_unit(weight, decimals)


@needs_extension
@pytest.mark.parametrize("weight", [-1, -LARGEST])
def test_the_extension_refuses_what_has_no_logarithm(weight: int) -> None:
    assert sum_natively([3, weight], 0) is None


@needs_extension
def test_a_weight_of_0_adds_nothing() -> None:
    assert sum_natively([0, 3, 0], 1) == nearest_unit(3, 1)


@needs_extension
def test_the_extension_refuses_many_decimals() -> None:
    assert sum_natively([3], 256) is None


@needs_extension
@pytest.mark.parametrize("code", [-1, 2])
def test_the_extension_refuses_a_code_without_a_sum(code: int) -> None:
    weights, codes = np.array([3, 4], np.int64), np.array([0, code], np.int64)
    assert native.extension.sum_logarithms(weights, 0, codes, 2) is None


@needs_extension
@pytest.mark.parametrize(("codes", "size"), [(b"", 0), (np.zeros(2, np.int64), 1)])
def test_the_extension_needs_arrays_that_fit(codes: object, size: int) -> None:
    with pytest.raises(ValueError, match=r"^the arrays do not fit together$"):
        native.extension.sum_logarithms(np.ones(3, np.int64), 0, codes, size)


@pytest.mark.parametrize("is_native", [True, False])
@given(
    pairs=st.lists(
        st.tuples(st.one_of(WEIGHTS, st.integers(1, 10**40)), st.integers(0, 2)), min_size=1
    ),
    decimals=st.integers(0, 300),
)
def test_sums_by_code_are_those_of_the_weights_of_each_code(
    *, is_native: bool, pairs: list[tuple[int, int]], decimals: int
) -> None:
    weights, codes = zip(*pairs, strict=True)
    with pytest.MonkeyPatch.context() as patch:
        if not is_native:
            patch.setattr(native, "IS_AVAILABLE", False)
        found = log_sums(block(weights, decimals), np.array(codes, np.int64), 3)
        total = log_sum(block(weights, decimals))
    expected = [
        sum(nearest_unit(weight, decimals) for weight, code in pairs if code == wanted)
        for wanted in range(3)
    ]
    assert found == expected
    assert total == sum(expected)


def test_no_weights_have_no_logarithms() -> None:
    assert log_sum(None) == log_sum(block([])) == 0


@pytest.mark.slow
def test_logarithms_on_several_threads_leave_the_precision_of_flint_as_it_was() -> None:
    weights = [range(1 + i, 12_000, 4) for i in range(4)]
    expected = [logs_in_units(part, 0) for part in weights]
    KNOWN_LOGS.clear()  # so that all is worked out again
    before, interval = ctx.prec, sys.getswitchinterval()
    try:
        sys.setswitchinterval(1e-6)
        with ThreadPoolExecutor(len(weights)) as pool:
            found = list(pool.map(logs_in_units, weights, [0] * len(weights)))
    finally:
        sys.setswitchinterval(interval)
    assert found == expected
    assert ctx.prec == before
