"""Dates as texts: which texts are ISO 8601 dates or date-times.

The scanner follows the same rule (dates.hpp). Each such text has a value in `days` of formulas.
"""

import re
from datetime import date

from linreg_cli.exact.decimals import BLANKS

_DATE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
)


def is_date(text: str) -> bool:
    """Return whether a text is a calendar date of ISO 8601 in its extended form, or a date-time.

    The time follows after ``T`` or a blank: hours and minutes, and perhaps seconds, a fraction of
    them, and ``Z`` or the difference from UTC. Blanks around the text do not count.

    >>> is_date("2024-02-29"), is_date("2024-02-29 23:59:30.5+01:00"), is_date("2023-02-29")
    (True, True, False)
    """
    match = _DATE.fullmatch(text.strip(BLANKS))
    if match is None:
        return False
    try:
        date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return False
    return True
