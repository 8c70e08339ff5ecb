"""Moments and median of one column, held to Python's own exact statistics."""

import statistics
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading import description, one_column
from linreg_cli.reading.one_column import Distribution, Median, Moments, Values
from tests.conftest import Linreg

PIECES = st.lists(
    st.tuples(
        st.lists(st.integers(-(10**20), 10**20) | st.integers(-50, 50), min_size=1, max_size=90),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=5,
)


def values(integers: list[int], decimals: int) -> Values:
    is_small = all(abs(integer) < 10**18 for integer in integers)
    return Values(np.array(integers, np.int64 if is_small else object), decimals)


@given(pieces=PIECES)
def test_moments_and_median_are_those_of_exact_fractions(
    pieces: list[tuple[list[int], int]],
) -> None:
    numbers = [Fraction(i, 10**decimals) for integers, decimals in pieces for i in integers]
    matrix, distribution = Moments(), Distribution()
    for piece in pieces:
        matrix += Moments.of(values(*piece))
        distribution.take(values(*piece))
    assert (matrix.count, matrix.mean) == (len(numbers), float(statistics.mean(numbers)))
    assert distribution.median() == Median(float(statistics.median(numbers)), None)
    assert matrix.bounds is not None
    assert [Fraction(*bound.as_integer_ratio()) for bound in matrix.bounds] == [
        min(numbers),
        max(numbers),
    ]
    if len(numbers) > 1:
        mean = sum(numbers) / len(numbers)
        variance = sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
        assert matrix.standard_deviation == pytest.approx(float(variance) ** 0.5, rel=1e-15)


@given(pieces=PIECES)
def test_a_median_of_bins_lies_within_their_width(pieces: list[tuple[list[int], int]]) -> None:
    numbers = [Fraction(i, 10**decimals) for integers, decimals in pieces for i in integers]
    distribution = Distribution()
    for piece in pieces:
        distribution.take(values(*piece))
        distribution.bin()
    found, exact = distribution.median(), statistics.median(numbers)
    assert found is not None
    if found.width is None:
        assert found.value == float(exact)
    else:
        assert abs(Fraction(found.value) - exact) <= Fraction(found.width) * Fraction(1001, 1000)


def columns(linreg: Linreg, text: str, *options: str) -> dict[str, Any]:
    import json

    done = linreg("columns", "-", "--json", *options, stdin=text)
    assert done.status == 0, done.stderr
    return {column["name"]: column for column in json.loads(done.stdout)["columns"]}


def test_a_median_says_how_exact_it_is(linreg: Linreg, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x\n" + "\n".join(str(i * i) for i in range(5000)) + "\n"
    found = columns(linreg, text)["x"]
    assert (found["median"], found["median_bin_width"]) == ((2499**2 + 2500**2) / 2, None)
    for module in (one_column, description):
        monkeypatch.setattr(module, "MAX_KEPT", 1000)
    found = columns(linreg, text)["x"]
    assert found["median_bin_width"] == 1e6
    assert abs(found["median"] - (2499**2 + 2500**2) / 2) <= 1e6
    done = linreg("columns", "-", stdin=text)
    assert "~" in done.stdout
    assert "Note: column 'x': its median is known to 1e+06, the width of a bin." in done.stdout


@pytest.mark.parametrize(
    ("texts", "distinct", "has_more"),
    [(999, 999, False), (1000, 1000, False), (1001, 1000, True), (30_000, 1000, True)],
)
def test_distinct_texts_are_counted_up_to_1000(
    linreg: Linreg, texts: int, distinct: int, *, has_more: bool
) -> None:
    cells = [f"t{i}" for i in range(texts)] * 2
    found = columns(linreg, "x\n" + "\n".join(cells) + "\n1\nNA\n")["x"]
    assert (found["distinct_texts"], found["has_more_texts"]) == (distinct, has_more)
    assert (found["numbers"], found["missing"], found["not_numbers"]) == (1, 1, 2 * texts)


def test_texts_are_told_apart_as_they_read(linreg: Linreg) -> None:
    long = "y" * 500
    cells = ["a", '"a"', '"a""b"', 'a"b', f"{long}1", f"{long}2", '"1,5"', "2024-01-05", "1e", "-"]
    found = columns(linreg, "x,n\n" + "".join(f"{cell},1\n" for cell in cells))["x"]
    assert (found["distinct_texts"], found["not_numbers"]) == (8, 10)
    assert found["example"]["text"] == "a"
