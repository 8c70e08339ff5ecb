"""Moments and median of one column, held to Python's own exact statistics."""

import statistics
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading import column_numbers, column_tally
from linreg_cli.reading.column_moments import ColumnMoments, Values
from linreg_cli.reading.column_numbers import ColumnNumbers, Median
from linreg_cli.reading.histogram import Histogram
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
    added, column = ColumnMoments(), ColumnNumbers()
    for piece in pieces:
        added += ColumnMoments.of(values(*piece))
        column.take(values(*piece))
    moments, _, median, _ = column.figures()
    assert moments == added
    assert (moments.count, moments.mean) == (len(numbers), float(statistics.mean(numbers)))
    assert median == Median(float(statistics.median(numbers)), None)
    assert moments.bounds is not None
    assert [Fraction(*bound.as_integer_ratio()) for bound in moments.bounds] == [
        min(numbers),
        max(numbers),
    ]
    if len(numbers) > 1:
        mean = sum(numbers) / len(numbers)
        variance = sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
        assert moments.standard_deviation == pytest.approx(float(variance) ** 0.5, rel=1e-15)


@given(pieces=PIECES, batch=st.integers(1, 200))
def test_numbers_that_are_let_go_have_the_figures_of_those_that_are_kept(
    pieces: list[tuple[list[int], int]], batch: int
) -> None:
    kept, let_go = ColumnNumbers(), ColumnNumbers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_numbers, "BATCH", batch)
        for i, piece in enumerate(pieces):
            kept.take(values(*piece))
            let_go.take(values(*piece))
            if i % 2:
                let_go.bin()
        let_go.bin()
        found, expected = let_go.figures(), kept.figures()
    assert found._replace(median=None) == expected._replace(median=None)
    added = sum((Histogram.of(*values(*piece)) for piece in pieces), Histogram())
    assert found.histogram == added


@given(pieces=PIECES)
def test_a_median_of_bins_lies_within_their_width(pieces: list[tuple[list[int], int]]) -> None:
    numbers = [Fraction(i, 10**decimals) for integers, decimals in pieces for i in integers]
    column = ColumnNumbers()
    for piece in pieces:
        column.take(values(*piece))
        column.bin()
    found, exact = column.figures().median, statistics.median(numbers)
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
    monkeypatch.setattr(column_tally, "MAX_KEPT", 1000)
    found = columns(linreg, text)["x"]
    assert found["median_bin_width"] == 1e6
    assert abs(found["median"] - (2499**2 + 2500**2) / 2) <= 1e6
    done = linreg("columns", "-", stdin=text)
    assert "~" in done.stdout
    assert "Note: column 'x': its median is known to 1e+06, the width of a bin." in done.stdout


def test_many_numbers_are_added_in_parts() -> None:
    integers = list(range(-70_000, 200_000))
    moments = ColumnMoments.of(values(integers, 3))
    assert (moments.count, moments.total) == (len(integers), sum(integers))
    assert moments.squares == sum(integer * integer for integer in integers)


def test_a_column_of_text_beside_binned_numbers_has_no_median(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_tally, "MAX_KEPT", 100)
    found = columns(linreg, "x,t\n" + "".join(f"{i},a\n" for i in range(500)))
    assert (found["t"]["median"], found["t"]["numbers"]) == (None, 0)
    assert found["x"]["numbers"] == 500
    assert abs(found["x"]["median"] - 249.5) <= found["x"]["median_bin_width"]


@given(
    integers=st.lists(st.integers(-(10**6), 10**6) | st.integers(-(10**21), 10**21), min_size=1),
    decimals=st.integers(0, 8),
)
def test_a_few_numbers_have_the_figures_of_many(integers: list[int], decimals: int) -> None:
    whole = values(integers, decimals)
    assert ColumnMoments.of_few(integers, decimals) == ColumnMoments.of(whole)
    assert Histogram.of_few(integers, decimals) == Histogram.of(*whole)


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
