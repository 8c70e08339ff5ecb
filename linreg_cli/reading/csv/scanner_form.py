"""What the extension's scanner has to know of a file."""

from functools import cache
from typing import TYPE_CHECKING

from linreg_cli.exact import MAX_DIGITS_INT64
from linreg_cli.reading.csv.cell_numbers import marker_values
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.layout import Layout

if TYPE_CHECKING:
    from linreg_cli.native._extension import Missing

_MAX_DECIMALS = 255
"""The most decimals of a number that the scanner reads."""


def scanner_arguments(
    layout: Layout,
) -> "tuple[str, str, int, bool, tuple[int, ...], Missing]":
    """Return what the scanner has to know of a file."""
    options = layout.options
    return (
        layout.syntax.delimiters,
        options.decimal,
        layout.width,
        layout.has_empty_last,
        layout.positions,
        missing_form(options),
    )


@cache
def missing_form(options: CsvOptions) -> "Missing":
    """Return the markers of missing cells in the form that the scanner needs."""
    markers = options.markers
    numbers = ((number.integer, number.decimals) for number in marker_values(options))
    fitting = (number for number in numbers if _fits(*number))
    return tuple(markers.any_case), tuple(markers.as_written), tuple(fitting)


def _fits(integer: int, decimals: int) -> bool:
    """Return whether the scanner reads this number; others it leaves to the general reader."""
    return abs(integer) < 10**MAX_DIGITS_INT64 and decimals <= _MAX_DECIMALS
