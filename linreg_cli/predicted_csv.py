"""Predictions for a CSV file: its records untouched, each with one more field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from linreg_cli.errors import DataError, UsageError
from linreg_cli.ledger import Ledger
from linreg_cli.model import Model
from linreg_cli.prediction import predict_block
from linreg_cli.reading import CsvOptions, Rows, Source, Table, open_table
from linreg_cli.training_range import TrainingRange


@dataclass(frozen=True, kw_only=True)
class Output:
    """What the output looks like.

    Attributes
    ----------
    column
        The name of the new column.
    is_only
        Whether the predictions come alone, without header and records.

    """

    column: str
    is_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is counted on the way, for the messages after the last row."""

    ledger: Ledger
    training_range: TrainingRange


def predict_sources(
    sources: Sequence[Source], csv: CsvOptions, model: Model, output: Output, account: Account
) -> Iterator[bytes]:
    """Predict the rows of all sources, chunk by chunk.

    A source of bare numbers, as many as the model has features, gets predictions alone.

    Yields
    ------
    Pieces of the output: the first header, then records in the order of the input. A row with
    a missing feature keeps its place with an empty prediction.

    Raises
    ------
    DataError
        If the table lacks a feature, cannot be read, or a prediction is beyond float64.
    UsageError
        If the name of the new column is taken.

    """
    first_names = None
    for source in sources:
        with open_table(source, csv) as table:
            if first_names is not None and table.names != first_names:
                raise DataError(
                    "has other columns than the first file",
                    source=source.name,
                    hint="Predict for it by itself, or use --only.",
                )
            yield from _predict_table(table, model, output, account, is_first=first_names is None)
            first_names = first_names or table.names if not output.is_only else None


def _predict_table(
    table: Table, model: Model, output: Output, account: Account, *, is_first: bool
) -> Iterator[bytes]:
    if _is_bare(table, model):
        table, output = table.without_header(model.x), replace(output, is_only=True)
    elif output.column in table.names and not output.is_only:
        raise UsageError(
            f"{table.source} has a column '{output.column}' already",
            hint="--column NAME gives the predictions another name.",
        )
    rows_of_table = table.rows(model.x)  # finds the columns before anything is written
    if is_first and table.header and not output.is_only:
        yield table.header + _delimiter(table) + _quoted(output.column, table) + table.line_end
    for rows in rows_of_table:
        account.ledger.add(
            read=rows.count,
            used=len(rows.block.values),
            missing=dict(zip(model.x, rows.missing, strict=True)),
        )
        account.training_range.count_block(rows.block)
        texts = _texts(rows, predict_block(model.slopes, model.b, rows.block))
        yield _alone(texts) if output.is_only else _beside(rows, texts, table)


def _is_bare(table: Table, model: Model) -> bool:
    return (
        table.has_numeric_header
        and len(table.first_record) == len(model.x)
        and not set(table.names) & set(model.x)
    )


def _texts(rows: Rows, predictions: npt.NDArray[np.float64]) -> list[str]:
    """Write the prediction of every record, nothing where a feature is missing."""
    numbers = iter(map(repr, predictions.tolist()))
    return [next(numbers) if is_complete else "" for is_complete in rows.complete.tolist()]


def _alone(texts: list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def _beside(rows: Rows, texts: list[str], table: Table) -> bytes:
    """Write the records with the predictions after them, in the file's own way."""
    data, delimiter, line_end = rows.records.chunk.data, _delimiter(table), table.line_end
    starts, ends = rows.records.starts.tolist(), rows.records.ends.tolist()
    decimal = table.options.decimal
    return b"".join(
        data[start:end] + delimiter + text.replace(".", decimal).encode() + line_end
        for start, end, text in zip(starts, ends, texts, strict=True)
    )


def _delimiter(table: Table) -> bytes:
    return table.delimiter.encode()


def _quoted(name: str, table: Table) -> bytes:
    """Quote a name as RFC 4180 asks, if it needs it."""
    if any(sign in name for sign in (table.delimiter, '"', "\r", "\n")):
        name = '"' + name.replace('"', '""') + '"'
    return name.encode()
