"""Numbers such as -999 that may stand for a missing value."""

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.reading.column_moments import Values
from linreg_cli.reading.likely_markers import Ends, LikelyMarker
from linreg_cli.reading.nines import is_nines
from tests.conftest import Linreg


def by_definition(numbers: list[Fraction]) -> LikelyMarker | None:
    """Apply the rule as the guide states it, to all numbers at once."""
    for sign in (1, -1):
        end = min(sign * number for number in numbers)
        others = [sign * number for number in numbers if sign * number != end]
        count = len(numbers) - len(others)
        if count < 2 or not others or end.denominator > 1 or not is_nines(int(end)):
            continue
        is_far = min(others) - end > max(others) - min(others)
        if is_far or (end < 0 and min(others) >= 0):
            return LikelyMarker(str(sign * end), count)
    return None


CELLS = st.sampled_from(
    [(-999, 0), (-9990, 1), (999, 0), (99, 0), (-99, 0), (9999, 2), (0, 0), (5, 0), (-3, 0),
     (25, 1), (98, 0), (1000, 0), (-1, 0)]
)  # fmt: skip


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=4))
def test_the_rule_holds_however_the_numbers_are_divided(
    chunks: list[list[tuple[int, int]]],
) -> None:
    ends = None
    for chunk in chunks:
        for decimals in sorted({places for _, places in chunk}):
            integers = np.array([integer for integer, places in chunk if places == decimals])
            values = Values(integers, decimals)
            new = Ends.of(values, int(integers.min()), int(integers.max()))
            few = Ends.of_few(sorted(integers.tolist()), decimals)
            assert new == few
            ends = new if ends is None else new + ends
    numbers = [Fraction(integer, 10**places) for chunk in chunks for integer, places in chunk]
    assert ends is not None
    assert ends.likely_marker() == by_definition(numbers)


def marker(linreg: Linreg, cells: list[str]) -> Any:
    data = "x\n" + "\n".join(cells) + "\n"
    (column,) = json.loads(linreg("columns", "-", "--json", stdin=data).stdout)["columns"]
    return column["likely_marker"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "50", "-999", "-999.0"], "-999"),
        (["-20", "30", "-999", "-999"], "-999"),
        (["500", "750000", "-999", "-999"], "-999"),
        (["1", "5", "3", "99", "99"], "99"),
        (["1", "5", "3", "99"], None),
        (["1", "98", "50", "99", "99"], None),
        (["-20", "30", "-999", "-999", "-2000"], None),
        (["-999", "-999"], None),
        (["1", "2", "-1", "-1"], None),
        (["1", "2", "-9", "-9"], None),
    ],
)
@pytest.mark.parametrize("times", [1, 100])
def test_a_note_needs_all_of_the_rule(
    linreg: Linreg, cells: list[str], expected: str | None, times: int
) -> None:
    if times > 1 and cells.count("99") == 1:
        times = 1
    found = marker(linreg, cells * times)
    assert (found and found["text"]) == expected
    assert found is None or found["count"] == 2 * times


def test_the_note_names_the_option(linreg: Linreg) -> None:
    data = "x,y\n1,2\n-999,3\n2,5\n-999,1\n"
    note = (
        "Note: column 'x': 2 cells are -999, far from all other numbers. If it stands for a "
        "missing value: --na -999"
    )
    assert note in linreg("columns", "-", stdin=data).stdout.splitlines()
    assert "Note" not in linreg("columns", "-", "--na", "-999", stdin=data).stdout


def test_a_negative_weight_of_nines_proposes_na(linreg: Linreg) -> None:
    data = "x,y,w\n1,2,1\n2,3,-999\n3,5,2\n"
    options = ["train", "-", "--x", "x", "--y", "y", "--weights", "w"]
    refused = linreg(*options, stdin=data)
    assert refused.status == 3
    assert refused.stderr.endswith("Hint: --na -999 counts it as missing.\n")
    assert linreg(*options, "--na", "-999", stdin=data).status == 0
