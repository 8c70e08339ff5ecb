"""Finding columns by name."""

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.header import find_column

HINT = "Give a name from this list."


def test_a_column_is_found_by_its_name() -> None:
    assert find_column("y", ["x", "y", "x"], "a.csv", HINT) == 1


def test_a_missing_column_names_all_and_offers_the_nearest() -> None:
    with pytest.raises(DataError) as raised:
        find_column("Prize", ["rooms", "price"], "a.csv", HINT)
    assert raised.value.message == "a.csv: no column 'Prize'; the columns are rooms, price"
    assert raised.value.hint == "did you mean 'price'?"


def test_a_missing_column_like_none_gets_the_hint_of_who_wants_it() -> None:
    with pytest.raises(DataError) as raised:
        find_column("zzzzzzzz", ["rooms", "price"], "a.csv", HINT)
    assert raised.value.hint == HINT


def test_a_header_of_one_column_hints_at_the_delimiter() -> None:
    with pytest.raises(DataError) as raised:
        find_column("x", ["rooms~price"], "a.csv", HINT)
    assert raised.value.hint == "If that is more than one column: --delimiter '~'"


def test_a_column_that_occurs_twice_cannot_be_used() -> None:
    with pytest.raises(DataError) as raised:
        find_column("x", ["x", "y", "x"], "a.csv", HINT)
    assert raised.value.message == "a.csv, column 'x': occurs twice in the header"
    assert raised.value.hint == "Give each column that is used a name of its own."


@pytest.mark.parametrize(
    ("name", "code"),
    [("\u0445", "U+0445 (CYRILLIC SMALL LETTER HA)"), ("x\u200b", "U+200B (ZERO WIDTH SPACE)")],
)
def test_a_name_that_only_looks_the_same_is_offered_with_its_code_point(
    name: str, code: str
) -> None:
    with pytest.raises(DataError) as raised:
        find_column("x", [name, "y"], "a.csv", HINT)
    assert raised.value.hint == f"did you mean '{name}'? The difference is {code}."
