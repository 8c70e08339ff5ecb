"""Which texts are dates: in Python, and in the scanner of CSV files."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from linreg_cli import native
from linreg_cli.design.texts import days
from linreg_cli.exact.dates import is_date
from linreg_cli.reading.csv.missing import MissingMarkers

WORDS = (tuple(MissingMarkers().any_case), tuple(MissingMarkers().as_written), ())


def exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_date_for_the_scanner(text: str) -> bool:
    found = native.extension.scan_columns(
        f"{text}\n".encode(),
        ";",
        ".",
        1,
        False,  # noqa: FBT003 - the extension takes arguments by place
        WORDS,
        True,  # noqa: FBT003 - as above
    )
    assert found is not None
    (column,) = found[2]
    assert column is not None
    return column[3] == 1 and column[7]


@pytest.mark.parametrize("year", [0, 1, 1900, 2000, 2023, 2024, 9999])
def test_the_days_of_the_calendar_are_dates(year: int) -> None:
    days = [(month, day) for month in range(14) for day in range(33)]
    texts = [f"{year:04}-{month:02}-{day:02}" for month, day in days]
    expected = [exists(year, month, day) for month, day in days]
    assert list(map(is_date, texts)) == expected
    if native.IS_AVAILABLE:
        assert list(map(is_date_for_the_scanner, texts)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31T00:00", "2024-01-31 23:59:59", " 2024-01-31T23:59:59.123456789 ",
        "2024-01-31T23:59:59,5", "2024-01-31T05:06Z", "2024-01-31 05:06:07+01:00",
        "2024-01-31T05:06:07-0330", "2024-01-31T05:06:07+14",
    ],
)  # fmt: skip
def test_date_times_are_dates(text: str) -> None:
    assert is_date(text)
    assert days(text) > (0, 0)  # a formula reads them too
    assert not native.IS_AVAILABLE or is_date_for_the_scanner(text)


@pytest.mark.parametrize(
    "text",
    [
        "20240131", "2024-1-31", "31.01.2024", "01/31/2024", "2024/01/31", "2024-W05-3", "2024-031",
        "2024-01", "24-01-31", "2024-01-31T", "2024-01-31T24:00", "2024-01-31T23:60",
        "2024-01-31T23:59:60", "2024-01-31T23", "2024-01-31t23:59", "2024-01-31T23:59:59.",
        "2024-01-31Z", "2024-01-31T05:06+1", "2024-01-31T05:06+01:", "2024-01-31T05:06+25",
        "2024-01-31  05:06", "2024-01-31T05:06Zx", "-2024-01-31", "x", "2024-01-31x",
    ],
)  # fmt: skip
def test_other_texts_are_not_dates(text: str) -> None:
    assert not is_date(text)
    assert not native.IS_AVAILABLE or not is_date_for_the_scanner(text)


@pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the scanner")
@given(
    st.lists(
        st.sampled_from(["2024", "-", "01", "31", "02", "29", "T", " ", ":", "23", "59", ".", ",",
                         "5", "Z", "+", "0", "2024-02-29", "T05:06", "1900-02-29"]),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_the_scanner_finds_the_same_dates(text: str) -> None:
    assert is_date_for_the_scanner(f"2024-01-31{text}") == is_date(f"2024-01-31{text}")
    assert is_date_for_the_scanner(f"x{text}") == is_date(f"x{text}")
