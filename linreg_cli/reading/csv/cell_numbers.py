"""The number in one cell, written as the options say, and the markers of missing cells.

The grammar of plain numbers is in `linreg_cli.exact.decimals`.
"""

import contextlib
import re
from functools import cache

from linreg_cli.exact import ExactDecimal, decimals
from linreg_cli.reading.csv.csv_options import CsvOptions

_SIGNS = ("+", "-", decimals.MINUS)


def parse_cell(text: str, options: CsvOptions) -> ExactDecimal:
    """Read one number, written as the options say.

    Raises
    ------
    ValueError
        As `decimals.parse` does, and if the digits are not in groups of thousands.

    """
    text, is_negative = _unwrap(text, options)
    thousands = options.thousands_characters
    if thousands and any(character in text for character in thousands):
        if not _grouped(thousands, options.decimal).match(text):
            raise ValueError("is not a number")
        text = text.translate(dict.fromkeys(map(ord, thousands)))
    # Swap the two characters, so that a point is read as the decimal point only if it is one.
    swapped = text.translate({ord(options.decimal): ".", ord("."): options.decimal})
    number = decimals.parse(swapped)
    return ExactDecimal(-number.integer, number.decimals) if is_negative else number


def is_missing(text: str, options: CsvOptions) -> bool:
    """Return whether a cell is a marker of a missing value, such as NA or the empty cell."""
    trimmed = text.strip(decimals.BLANKS)
    stripped = trimmed.strip(options.strip + decimals.BLANKS)
    return options.markers.has(trimmed) or (stripped != "" and options.markers.has(stripped))


@cache
def marker_values(options: CsvOptions) -> tuple[ExactDecimal, ...]:
    """Return the markers of missing cells that are numbers, for all ways to write them."""
    values = []
    for marker in options.markers.added:
        with contextlib.suppress(ValueError):
            number = parse_cell(marker, options)
            values.append(decimals.shortest(number.integer, number.decimals))
    return tuple(values)


def _unwrap(text: str, options: CsvOptions) -> tuple[str, bool]:
    """Return the text without what may stand around it, and whether the number is negative."""
    edge = options.strip + decimals.BLANKS
    text = text.strip(edge)
    is_negative = False
    if options.accounting:
        inner = text
        if text.startswith("(") and text.endswith(")"):
            inner = text[1:-1].strip(edge)
        elif text.endswith(("-", decimals.MINUS)):
            inner = text[:-1].strip(edge)
        is_negative = inner != text
        if is_negative and inner.startswith(_SIGNS):
            raise ValueError("is not a number")
        text = inner
    if options.strip and text.startswith(_SIGNS):  # -$5
        text = text[0] + text[1:].strip(edge)
    return text, is_negative


@cache
def _grouped(thousands: str, decimal: str) -> re.Pattern[str]:
    """Return a pattern of numbers whose whole part, and nothing else, is in groups of thousands."""
    one = f"[{re.escape(thousands)}]"
    groups = rf"[0-9]{{1,3}}(?:{one}[0-9]{{3}})+"
    if thousands == ",":  # India writes 12,50,000
        groups = rf"(?:{groups}|[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}})"
    rest = rf"(?:[{re.escape(decimal)}eE][^{re.escape(thousands)}]*)?"
    return re.compile(rf"[+\-{decimals.MINUS}]?{groups}{rest}\Z")
