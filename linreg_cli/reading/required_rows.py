"""The error where no row was read, or none can be used."""

from collections.abc import Sequence

from linreg_cli.errors import DataError, NoRowsError
from linreg_cli.reading.row_counts import RowCounts
from linreg_cli.reading.sources import Source


def require_rows(sources: Sequence[Source], row_counts: RowCounts) -> None:
    """Raise an error unless a row was read and used.

    Raises
    ------
    DataError
        If there is no row.
    NoRowsError
        If no row can be used.

    """
    names = ", ".join(source.name for source in sources)
    if not row_counts.read:
        raise DataError(
            "there is a header but no row",
            source=names,
            hint="Add rows below the header; if the first line is a row, add --no-header.",
        )
    if not row_counts.used:
        raise NoRowsError(
            f"none of the rows can be used: {row_counts}", source=names, hint=_why_none(row_counts)
        )


def _why_none(row_counts: RowCounts) -> str:
    """Return the remedy where no row can be used."""
    if row_counts.weightless:
        return "Give weights of at least 0; a weight of 0 leaves the row out."
    if row_counts.undefined > row_counts.incomplete:
        return (
            "A logarithm exists for numbers above 0, a square root for 0 and above, a quotient if "
            "it is not by 0. Leave the term out, or shift the column, as in log1p(x) or log(x + 1)."
        )
    return "Empty cells, NA, N/A, NaN, null and None count as missing."
