"""Records of a table with their predictions: what is written for the rows of a chunk."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NoReturn

from msgspec import Struct

from linreg_cli import native
from linreg_cli.errors import DataError
from linreg_cli.exact import Flags, Floats, RowError, predict_block
from linreg_cli.prediction.fast_predictor import (
    Descriptor,
    FastPredictor,
    PredictedPart,
    WrittenRecords,
    no_descriptor,
)
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.training_range import OutsideCounts
from linreg_cli.reading import Undefined, compute_rows
from linreg_cli.reading.csv import Layout, Rows, Table, quoted


class Writer(Struct, frozen=True, kw_only=True):
    """Writes the prediction columns of the rows of a table; `write` works on any thread."""

    columns: PredictionColumns
    table: Table
    is_only: bool
    descriptor: Descriptor = no_descriptor
    fails_on_unknown: bool = False

    def each_part(
        self, layout: Layout, threads: int
    ) -> Iterator[tuple[Rows | PredictedPart, WrittenRecords | None]]:
        """Yield each part of the table with its output, as `write` returns it.

        Raises
        ------
        DataError
            At the first record that cannot be read.

        """
        fast = FastPredictor.of(
            self.columns, self.table, layout, self.descriptor, is_only=self.is_only
        )
        if fast is None:
            return self.table.each_taken(layout, lambda _: None, self.write, threads=threads)
        return fast.each_part(self.table, self.write, threads)

    def write(self, rows: Rows | PredictedPart) -> WrittenRecords | None:
        """Return the output for some rows, or None if a row has no prediction.

        Which line that row is on is known when all rows before it have been read: see `refuse`.
        """
        if isinstance(rows, PredictedPart):
            return rows.written
        from linreg_cli.prediction.feature_rows import with_features  # it makes arrays

        model = self.columns.model
        counts, unknown, texts, lacking = OutsideCounts(model), Counter[str](), [], 0
        rows, undefined = self._computed(rows)
        try:
            for part in with_features(rows, model.known_levels):
                counts.count_block(part.rows.block.columns(slice(len(model.x))))
                unknown += part.unknown
                text, without = self._write(part.rows)
                texts.append(text)
                lacking += without
        except RowError:
            return None
        if unknown and self.fails_on_unknown:
            return None
        return WrittenRecords(
            text=b"".join(texts),
            outside=counts.outside,
            unknown=unknown,
            undefined=undefined.with_rows(self.columns.predicted, lacking),
        )

    def _computed(self, rows: Rows) -> tuple[Rows, Undefined]:
        columns = self.columns
        return compute_rows(rows, columns.computed, optional=len(columns.extras))

    def refuse(self, rows: Rows | PredictedPart) -> NoReturn:
        """Raise the error of rows for which `write` returns None.

        Raises
        ------
        DataError
            With the line of the row.

        """
        for part in self._feature_rows(rows):
            try:
                self._write(part)
            except RowError as error:
                line = int(part.complete_lines[error.row])
                raise DataError(
                    error.problem, source=part.source, line=line, hint=error.hint
                ) from None
        raise AssertionError("rows with predictions were refused")

    def _feature_rows(self, rows: Rows | PredictedPart) -> Iterator[Rows]:
        """Yield rows with their features; of levels that no training row has, the first is refused.

        Raises
        ------
        DataError
            At the first row of an unknown level, if that is an error.

        """
        from linreg_cli.prediction.feature_rows import refuse_unknown, with_features

        known = self.columns.model.known_levels
        if isinstance(rows, Rows):
            computed, _ = self._computed(rows)
            if known and self.fails_on_unknown:
                refuse_unknown(computed, known)
            for part in with_features(computed, known):
                yield part.rows

    def _write(self, rows: Rows) -> tuple[bytes, int]:
        """Return the output for some rows, and how many complete rows lack a prediction."""
        if self.columns.is_plain and native.IS_AVAILABLE:
            predictions = predict_block(self.columns.model.plane, rows.block)
            return self._with_numbers(rows, rows.complete, predictions), 0
        decimal = "." if self.is_only else self.table.options.decimal
        found = self.columns.of_rows(rows, decimal)
        nothing = ("",) * len(self.columns.names(""))
        texts = [next(found) if is_there else nothing for is_there in rows.complete.tolist()]
        lacking = sum(not text[0] for text in texts) - int((~rows.complete).sum())
        return self._with_texts(rows, texts), lacking

    def _with_numbers(self, rows: Rows, has_one: Flags, predictions: Floats) -> bytes:
        """Return the output from the extension, which writes predictions without other columns."""
        records = rows.records
        if self.is_only:
            return native.extension.write_numbers(
                b"", b"", b"", has_one, predictions, "\t", ".", b"\n"
            )
        return native.extension.write_numbers(
            records.chunk.data,
            records.starts,
            records.ends,
            has_one,
            predictions,
            self.table.delimiter,
            self.table.options.decimal,
            self.table.line_end,
        )

    def _with_texts(self, rows: Rows, texts: Sequence[Sequence[str]]) -> bytes:
        """Return the columns, with the records before them in the dialect of the file."""
        if self.is_only:
            return "".join("\t".join(row) + "\n" for row in texts).encode()
        data, delimiter = rows.records.chunk.data, self.table.delimiter
        starts, ends = rows.records.starts.tolist(), rows.records.ends.tolist()
        separator = delimiter.encode()
        return b"".join(
            separator.join([data[start:end], *(quoted(text, delimiter) for text in row)])
            + self.table.line_end
            for start, end, row in zip(starts, ends, texts, strict=True)
        )
