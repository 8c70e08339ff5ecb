"""What became of every row."""

import pytest

from linreg_cli.ledger import Ledger


def ledger(*parts: tuple[int, int, dict[str, int]]) -> Ledger:
    account = Ledger()
    for read, used, missing in parts:
        account.add(read=read, used=used, missing=missing)
    return account


def test_rows_left_out_are_those_read_and_not_used() -> None:
    assert ledger((7, 5, {"x": 2}), (3, 3, {"x": 0})).left_out == 2


def test_a_row_that_misses_two_cells_counts_for_both_columns() -> None:
    account = ledger((3, 2, {"x": 1, "y": 1}))
    assert (account.left_out, account.missing_cells) == (1, "x 1, y 1")


def test_missing_cells_add_up_by_column() -> None:
    account = ledger((5000, 3000, {"x": 1500, "y": 600}), (100, 98, {"x": 2, "y": 0}))
    assert account.missing_cells == "x 1,502, y 600"


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
    assert str(ledger(*parts)) == text
