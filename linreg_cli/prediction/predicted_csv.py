"""Predictions for CSV files: their records untouched, each with more fields after it."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linreg_cli import native
from linreg_cli.errors import DataError, UsageError
from linreg_cli.exact import RowError, predict_block
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.training_range import TrainingRange
from linreg_cli.reading import RowCounts
from linreg_cli.reading.csv import CsvOptions, Rows, Table, default_threads, open_table
from linreg_cli.reading.sources import Source


@dataclass(frozen=True, kw_only=True)
class Output:
    """What the output looks like.

    Attributes
    ----------
    column
        The name of the column of predictions.
    is_only
        Whether the answers come alone, without header and records.

    """

    column: str
    is_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is kept on the way, for the messages after the last row."""

    row_counts: RowCounts
    training_range: TrainingRange
    threads: int | None
    set_aside: Callable[[Rows], None]


def predict_sources(
    sources: Sequence[Source],
    csv: CsvOptions,
    answers: PredictionColumns,
    output: Output,
    account: Account,
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
        If the name of a new column is taken.

    """
    first_names = None
    for source in sources:
        with open_table(source, csv) as table:
            if first_names is not None and table.names != first_names:
                raise DataError(
                    "has other columns than the first file",
                    source=source.name,
                    hint="Predict for each file by itself, or add --only.",
                )
            yield from _predict_table(table, answers, output, account, is_first=first_names is None)
            first_names = first_names or table.names if not output.is_only else None


def _predict_table(
    table: Table, answers: PredictionColumns, output: Output, account: Account, *, is_first: bool
) -> Iterator[bytes]:
    wanted = answers.columns
    names = answers.names(output.column)
    if _is_bare(table, wanted):
        table, output = table.without_header(wanted), replace(output, is_only=True)
    taken = [name for name in names if name in table.names]
    if taken and not output.is_only:
        free = f"new_{output.column}"
        while set(answers.names(free)) & set(table.names):
            free = f"new_{free}"
        raise UsageError(
            f"{table.source} has a column '{taken[0]}' already",
            hint=f"Give the predictions another name: --column {shlex.quote(free)}",
        )
    writing = Writing(answers=answers, table=table, is_only=output.is_only)
    # finds the columns before anything is written
    answered = table.each(
        wanted,
        writing.answer,
        threads=account.threads or default_threads(),
        hint=f"The model needs the columns {', '.join(wanted)}.",
        optional=len(wanted) - len(answers.model.x),
    )
    if is_first and table.header and not output.is_only:
        fields = [table.header, *(_quoted(name, table.delimiter) for name in names)]
        yield table.delimiter.encode().join(fields) + table.line_end
    for rows, answer in answered:
        if isinstance(answer, RowError):
            line = int(rows.complete_lines[answer.row])
            raise DataError(answer.problem, source=rows.source, line=line, hint=answer.hint)
        text, outside = answer
        account.row_counts.add(
            read=rows.count,
            used=len(rows.block.values),
            rejected=len(rows.rejects),
            missing=dict(zip(answers.model.x, rows.missing, strict=False)),
        )
        account.set_aside(rows)
        account.training_range.outside.update(outside)
        yield text


def _is_bare(table: Table, wanted: Sequence[str]) -> bool:
    return (
        table.has_numeric_header
        and len(table.first_record) == len(wanted)
        and not set(table.names) & set(wanted)
    )


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Writes the answers for the rows of a table, on any thread."""

    answers: PredictionColumns
    table: Table
    is_only: bool

    def answer(self, rows: Rows) -> tuple[bytes, Mapping[str, int]] | RowError:
        """Give the output for some rows, and how many values were outside the training range.

        What cannot be answered is given back, since lines are known elsewhere.
        """
        outside = TrainingRange(self.answers.model)
        outside.count_block(rows.block.columns(slice(len(self.answers.model.x))))
        try:
            return self._write(rows), outside.outside
        except RowError as error:
            return error

    def _write(self, rows: Rows) -> bytes:
        if self.answers.is_plain and native.IS_AVAILABLE:
            return self._write_fast(rows)
        decimal = "." if self.is_only else self.table.options.decimal
        found = self.answers.of_rows(rows, decimal)
        nothing = ("",) * len(self.answers.names(""))
        texts = [next(found) if is_there else nothing for is_there in rows.complete.tolist()]
        if self.is_only:
            return "".join("\t".join(row) + "\n" for row in texts).encode()
        return self._beside(rows, texts)

    def _write_fast(self, rows: Rows) -> bytes:
        """Let the extension write, where a row has nothing but a prediction."""
        records = rows.records
        predictions = predict_block(self.answers.model.plane, rows.block)
        if self.is_only:
            return native.extension.write_numbers(
                b"", b"", b"", rows.complete, predictions, "\t", ".", b"\n"
            )
        return native.extension.write_numbers(
            records.chunk.data,
            records.starts,
            records.ends,
            rows.complete,
            predictions,
            self.table.delimiter,
            self.table.options.decimal,
            self.table.line_end,
        )

    def _beside(self, rows: Rows, texts: Sequence[Sequence[str]]) -> bytes:
        """Write the records with the answers after them, in the file's own way."""
        data, delimiter = rows.records.chunk.data, self.table.delimiter
        starts, ends = rows.records.starts.tolist(), rows.records.ends.tolist()
        separator = delimiter.encode()
        return b"".join(
            separator.join([data[start:end], *(_quoted(text, delimiter) for text in row)])
            + self.table.line_end
            for start, end, row in zip(starts, ends, texts, strict=True)
        )


def _quoted(text: str, delimiter: str) -> bytes:
    """Quote a text as RFC 4180 asks, if it needs it."""
    if delimiter in text or '"' in text or "\r" in text or "\n" in text:
        text = '"' + text.replace('"', '""') + '"'
    return text.encode()
