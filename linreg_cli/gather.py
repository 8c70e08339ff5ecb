"""From files to sums: one pass over all rows, and the ledger of what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from linreg_cli.block import Block
from linreg_cli.decimals import ExactDecimal
from linreg_cli.errors import DataError
from linreg_cli.fit import Data
from linreg_cli.ledger import Ledger
from linreg_cli.model import Settings
from linreg_cli.parts import ONE_PART, Split
from linreg_cli.reading import CsvOptions, Rows, Source, open_table
from linreg_cli.summation import Summation
from linreg_cli.sums import Sums

Advance = Callable[[int, int], None]
"""Takes the bytes and rows read so far."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wanted of the files.

    Attributes
    ----------
    columns
        The features and, last, the target.
    weights
        The column of weights; empty for none.
    split
        How rows are dealt out.

    """

    columns: tuple[str, ...]
    weights: str = ""
    split: Split = ONE_PART

    @property
    def all_columns(self) -> tuple[str, ...]:
        """All columns to read, the weights last."""
        return (*self.columns, self.weights) if self.weights else self.columns


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What one pass over the data found.

    Attributes
    ----------
    data
        The exact sums of the rows that are used.
    ledger
        What became of every row.
    numeric_headers
        Sources whose first row holds nothing but numbers and was yet taken for a header.

    """

    data: Data
    ledger: Ledger
    numeric_headers: tuple[str, ...]


def split_of(settings: Settings) -> Split:
    """Give the split that the settings ask for: part 0 is for testing, or parts are folds."""
    if settings.test_fraction:
        return Split(parts=2, first_fraction=settings.test_fraction, seed=settings.seed)
    return Split(parts=max(1, settings.folds), seed=settings.seed)


def gather(
    sources: Sequence[Source],
    wanted: Wanted,
    options: CsvOptions,
    *,
    advance: Advance,
    watch: Callable[[Rows], None] = lambda _: None,
) -> Gathered:
    """Read all rows of all sources once.

    Parameters
    ----------
    sources
        Where the rows are; columns are found by name in each.
    wanted
        Which columns, and how rows are dealt out.
    options
        How the files are written.
    advance
        Told how far the reading is, now and then.
    watch
        Given what was read, chunk by chunk.

    Raises
    ------
    DataError
        If something cannot be read, a weight is negative, or no row is left to use.

    """
    summations = [Summation(wanted.columns, wanted.weights) for _ in range(wanted.split.parts)]
    ledger = Ledger()
    numeric_headers = []
    consumed = 0
    for source in sources:
        with open_table(source, options) as table:
            if table.has_numeric_header:
                numeric_headers.append(source.name)
            for rows in table.rows(wanted.all_columns):
                watch(rows)
                block = _weighed(rows, wanted, ledger) if wanted.weights else rows.block
                for summation, part in zip(summations, wanted.split.blocks(block), strict=True):
                    summation.add(*_columns_and_weights(part, wanted))
                ledger.add(
                    read=rows.count,
                    used=len(block.values),
                    rejected=len(rows.rejects),
                    missing=dict(zip(wanted.all_columns, rows.missing, strict=True)),
                )
                advance(consumed + table.bytes_read, ledger.read)
            consumed += table.bytes_read
    _require_rows(sources, ledger)
    return Gathered(
        data=_data([summation.total() for summation in summations], wanted.split),
        ledger=ledger,
        numeric_headers=tuple(numeric_headers),
    )


def _data(parts: Sequence[Sums], split: Split) -> Data:
    if split.first_fraction is not None:
        test, training = parts
        return Data(sums=training, test=test)
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    return Data(sums=whole, folds=tuple(parts) if split.parts > 1 else ())


def _weighed(rows: Rows, wanted: Wanted, ledger: Ledger) -> Block:
    """Leave out rows of weight zero, and refuse negative weights."""
    weights = rows.block.values[:, -1]
    negative = np.flatnonzero(weights < 0)
    if negative.size:
        weight = ExactDecimal(int(weights[negative[0]]), rows.block.decimals[-1])
        raise DataError(
            f"the weight {weight} is negative",
            source=rows.source,
            line=int(rows.complete_lines[negative[0]]),
            column=wanted.weights,
            hint="A weight is 0 or more; 0 leaves the row out.",
        )
    kept = weights != 0
    ledger.weightless += len(weights) - int(kept.sum())
    return Block(values=rows.block.values[kept], decimals=rows.block.decimals)


def _columns_and_weights(block: Block, wanted: Wanted) -> tuple[Block, Block | None]:
    if not wanted.weights:
        return block, None
    return (
        Block(values=block.values[:, :-1], decimals=block.decimals[:-1]),
        Block(values=block.values[:, -1:], decimals=block.decimals[-1:]),
    )


def _require_rows(sources: Sequence[Source], ledger: Ledger) -> None:
    names = ", ".join(source.name for source in sources)
    if not ledger.read:
        raise DataError(
            "there is a header but no row", source=names, hint="A line needs at least two rows."
        )
    if not ledger.used:
        raise DataError(
            f"no row can be used: {ledger}",
            source=names,
            hint="Empty cells, NA, N/A, NaN, null and None count as missing.",
        )
