"""From files to sums: one pass over all rows, and the ledger of what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linreg_cli.errors import DataError
from linreg_cli.ledger import Ledger
from linreg_cli.reading import CsvOptions, Source, open_table
from linreg_cli.sums import Summation, Sums


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What one pass over the data found.

    Attributes
    ----------
    sums
        The exact sums of the rows that are used.
    ledger
        What became of every row.
    numeric_headers
        Sources whose first row holds nothing but numbers and was yet taken for a header.

    """

    sums: Sums
    ledger: Ledger
    numeric_headers: tuple[str, ...]


def gather(
    sources: Sequence[Source],
    columns: Sequence[str],
    options: CsvOptions,
    *,
    advance: Callable[[int, int], None],
) -> Gathered:
    """Read all rows of all sources once.

    Parameters
    ----------
    sources
        Where the rows are; columns are found by name in each.
    columns
        The features and, last, the target.
    options
        How the files are written.
    advance
        Told the bytes and rows read so far, now and then.

    Raises
    ------
    DataError
        If something cannot be read, or no row is left to use.

    """
    summation = Summation(columns)
    ledger = Ledger()
    numeric_headers = []
    consumed = 0
    for source in sources:
        with open_table(source, options) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            for rows in table.rows(columns):
                summation.add(rows.block)
                ledger.add(
                    read=rows.count,
                    used=len(rows.block.values),
                    missing=dict(zip(columns, rows.missing, strict=True)),
                )
                advance(consumed + table.bytes_read, ledger.read)
            consumed += table.bytes_read
    _require_rows(sources, ledger)
    return Gathered(sums=summation.total(), ledger=ledger, numeric_headers=tuple(numeric_headers))


def _require_rows(sources: Sequence[Source], ledger: Ledger) -> None:
    names = ", ".join(source.name for source in sources)
    if not ledger.read:
        raise DataError(
            "there is a header but no row", source=names, hint="A line needs at least two rows."
        )
    if not ledger.used:
        raise DataError(
            f"none of the rows can be used: {ledger}",
            source=names,
            hint="Empty cells, NA, N/A, NaN, null and None count as missing.",
        )
