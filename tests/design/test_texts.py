"""Dates as days, against Python's datetime; words for true and false."""

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from linreg_cli.design.texts import days, truth

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
UNIT = Fraction(1, 10**13)


def day(text: str) -> Fraction:
    return Fraction(*days(text).as_integer_ratio())


@given(st.dates())
def test_a_date_is_the_days_since_1970(written: date) -> None:
    year, week, weekday = written.isocalendar()
    expected = (written - EPOCH.date()).days
    assert day(written.isoformat()) == day(f"{written:%Y%m%d}".rjust(8, "0")) == expected
    assert (
        day(f"{year:04}-W{week:02}-{weekday}") == day(f"{year:04}W{week:02}{weekday}") == expected
    )


@given(st.datetimes(timezones=ZONES), st.sampled_from("T t"))
def test_a_time_is_a_fraction_of_a_day_of_utc(written: datetime, separator: str) -> None:
    exact = Fraction((written - EPOCH) // timedelta(microseconds=1), 86400 * 10**6)
    found = day(written.isoformat().replace("T", separator))
    assert (found / UNIT).denominator == 1
    assert abs(found - exact) <= UNIT / 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T12", "0.5"),
        ("1970-01-01 06:00", "0.25"),
        ("1969-12-31T18:00:00Z", "-0.25"),
        ("19700102T000000+0600", "0.75"),
        ("1970-01-02 00:00:00 +06", "0.75"),
        ("1970-01-01T00:00:00,5-23", "0.9583391203704"),
        (" 2024-02-29 ", "19782"),
        ("1970-01-01T00:00:00.00000864", "0.0000000001"),
    ],
)
def test_forms_of_iso_8601(text: str, expected: str) -> None:
    assert day(text) == Fraction(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3/4/2024",
        "2024",
        "2024-05",
        "2024-5-1",
        "24-05-01",
        "2024-0501",
        "2024-05-01T",
        "2024-05-01T24:00",
        "2024-05-01T12:60",
        "2024-05-01T12:00:60",
        "2024-05-01Z",
        "2024-05-01 noon",
        "\uff12\uff10\uff12\uff14-05-01",
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a date such as"):
        days(text)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13-01", "0000-01-01", "2024-W54-1"])
def test_a_day_that_no_calendar_has_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a day of the calendar$"):
        days(text)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *((word, 1) for word in ("true", "Yes", "T", " y ", "1")),
        *((word, 0) for word in ("FALSE", "no", "f", "N", "0")),
    ],
)
def test_words_for_true_and_false(word: str, expected: int) -> None:
    assert truth(word) == (expected, 0)


@pytest.mark.parametrize("text", ["", "2", "maybe", "on", "truee", "1.0"])
def test_other_words_are_neither_true_nor_false(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not true or false"):
        truth(text)
