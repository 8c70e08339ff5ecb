"""NumberColumn that texts stand for: dates as days, and words for true and false as 1 and 0."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from types import MappingProxyType

from linreg_cli.exact import BLANKS, ExactDecimal, nearest_integer, power_of_ten, shortest

DAY_PLACES = 13
"""The number of digits of days after the point, so that int64 holds the days of 270 years."""

_NO_DATE = "is not a date such as 2024-12-31 or 2024-12-31T23:59:59Z"
_NO_DAY = "is not a day of the calendar"
_NO_TRUTH = "is not true or false, yes or no, t or f, y or n, 1 or 0"
TEXT_REASONS = frozenset({_NO_DATE, _NO_DAY, _NO_TRUTH})
"""What the functions of texts say of a text that has no value."""

_ORIGIN = date(1970, 1, 1).toordinal()
_SECONDS_OF_A_DAY = 24 * 60 * 60
_DATE = r"(?P<date>\d{4}(?:-\d\d-\d\d|\d{4}|-W\d\d-\d|W\d{3}))"
_HOUR, _MINUTE = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_SECOND = rf"(?P<second>{_MINUTE})(?:[.,](?P<part>\d{{1,30}}))?"
_TIME = rf"(?P<hour>{_HOUR})(?::?(?P<minute>{_MINUTE})(?::?{_SECOND})?)?"
_ZONE = rf"Z|(?P<sign>[+-])(?P<east_hour>{_HOUR})(?::?(?P<east_minute>{_MINUTE}))?"
TRUTHS = MappingProxyType(
    {
        **dict.fromkeys(("true", "yes", "t", "y", "1"), ExactDecimal(1, 0)),
        **dict.fromkeys(("false", "no", "f", "n", "0"), ExactDecimal(0, 0)),
    }
)
"""The words of `truth`, in small letters."""


@cache
def _date_and_time() -> re.Pattern[str]:
    """Return the pattern, which takes longer to compile than to import this module."""
    return re.compile(rf"{_DATE}(?:[T ]{_TIME} ?(?:{_ZONE})?)?", re.ASCII | re.IGNORECASE)


def days(text: str) -> ExactDecimal:
    """Return an ISO 8601 date, or date and time, as days since 1970-01-01.

    A time is a fraction of a day: exact if it has at most `DAY_PLACES` digits, else rounded to the
    nearest. A time with a zone is that of UTC; a time without one is taken as it stands.

    Raises
    ------
    ValueError
        If the text is no such date, or no date of the calendar.

    Examples
    --------
    >>> str(days("1970-01-02")), str(days("2024-03-01T06:00")), str(days("2024-03-01T06:00+06:00"))
    ('1', '19783.25', '19783')

    """
    match = _date_and_time().fullmatch(text.strip(BLANKS))
    if match is None:
        raise ValueError(_NO_DATE)
    hour, minute, second, east_hour, east_minute = (
        int(match[part] or 0) for part in ("hour", "minute", "second", "east_hour", "east_minute")
    )
    try:
        whole_days = date.fromisoformat(match["date"].upper()).toordinal() - _ORIGIN
    except ValueError:
        raise ValueError(_NO_DAY) from None
    east = (east_hour * 60 + east_minute) * (-1 if match["sign"] == "-" else 1)
    seconds = whole_days * _SECONDS_OF_A_DAY + hour * 3600 + (minute - east) * 60 + second
    part = match["part"] or ""
    unit = power_of_ten(len(part))
    exact = seconds * unit + int(part or 0)
    integer = nearest_integer(exact * power_of_ten(DAY_PLACES), unit * _SECONDS_OF_A_DAY)
    return shortest(integer, DAY_PLACES)


def truth(text: str) -> ExactDecimal:
    """Return 1 for true, yes, t, y or 1, and 0 for false, no, f, n or 0, in any case.

    Raises
    ------
    ValueError
        If the text is another.

    """
    word = TRUTHS.get(text.strip(BLANKS).casefold())
    if word is None:
        raise ValueError(_NO_TRUTH)
    return word


TEXT_FUNCTIONS = MappingProxyType[str, Callable[[str], ExactDecimal]]({"days": days, "bool": truth})
"""The functions of texts by their names; they raise ValueError for a text without a value."""
