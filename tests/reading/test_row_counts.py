"""Row counts: read, used, left out, rejected."""

import pytest

from linreg_cli.reading.row_counts import RowCounts


def row_counts(*parts: tuple[int, int, dict[str, int]]) -> RowCounts:
    counts = RowCounts()
    for read, used, missing in parts:
        counts.add(read=read, used=used, rejected=0, missing=missing)
    return counts


def test_incomplete_rows_are_those_read_and_not_used() -> None:
    assert row_counts((7, 5, {"x": 2}), (3, 3, {"x": 0})).incomplete == 2


def test_a_row_that_misses_two_cells_counts_for_both_columns() -> None:
    counts = row_counts((3, 2, {"x": 1, "y": 1}))
    assert (counts.incomplete, counts.missing_cells) == (1, "x 1, y 1")


def test_rows_that_are_rejected_or_weightless_are_not_incomplete() -> None:
    counts = RowCounts()
    counts.add(read=9, used=4, rejected=2, weightless=2, missing={"x": 1})
    counts.add(read=5, used=2, rejected=1, weightless=2, missing={"x": 0})
    assert (counts.rejected, counts.weightless, counts.incomplete) == (3, 4, 1)
    assert counts.used + counts.incomplete + counts.rejected + counts.weightless == counts.read


def test_a_ledger_tells_of_rejected_and_weightless_rows_too() -> None:
    counts = RowCounts()
    counts.add(read=5009, used=4, rejected=5000, weightless=3, missing={"x": 2})
    assert str(counts) == (
        "5,009 rows read, 4 used, 2 left out (missing cells: x 2), 5,000 rejected, 3 of weight 0"
    )


def test_missing_cells_add_up_by_column() -> None:
    counts = row_counts((5000, 3000, {"x": 1500, "y": 600}), (100, 98, {"x": 2, "y": 0}))
    assert counts.missing_cells == "x 1,502, y 600"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([], "0 rows read, 0 used"),
        ([(1234567, 1234567, {"x": 0})], "1,234,567 rows read, 1,234,567 used"),
        (
            [(7, 5, {"x": 0, "y": 2})],
            "7 rows read, 5 used, 2 left out (missing cells: y 2)",
        ),
    ],
)
def test_a_ledger_says_it_in_one_line(
    parts: list[tuple[int, int, dict[str, int]]], text: str
) -> None:
    assert str(row_counts(*parts)) == text
