"""Predictions for typed values or for files, and what is counted while they are made.

Little is imported before it is needed: a prediction for a typed value starts fast.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field

from linreg_cli.commands.row_options import RowOptions
from linreg_cli.prediction import OutsideCounts, PredictionColumns
from linreg_cli.reading import RowCounts

if TYPE_CHECKING:
    from linreg_cli.reading.csv import CsvOptions
    from linreg_cli.reading.sources import Source

Pieces = Callable[[Callable[[], int | None]], Iterator[bytes]]
"""Returns what is to be written, given the `descriptor` of where it goes: see `Output`."""


class PredictionCounts(Struct, frozen=True, kw_only=True):
    """What is counted and noted while predictions are made, and is printed after the last."""

    outside: OutsideCounts
    rows: RowCounts = field(default_factory=RowCounts)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, columns: PredictionColumns) -> Self:
        """Return the counts before the first row."""
        return cls(outside=OutsideCounts(columns.model))

    def report(self, columns: PredictionColumns, rejects: str | None, *, is_quiet: bool) -> None:
        """Print the notes and the warnings."""
        from linreg_cli.commands.prediction_warnings import warn_of_predictions
        from linreg_cli.output.terminal import note

        notes = [*self.notes]
        if columns.inverse is not None and not columns.inverse.is_affine:
            notes.append(
                f"--inverse predicts the median of {columns.predicted}, not its mean: the "
                f"prediction is that of {columns.model.y}."
            )
        for text in () if is_quiet else notes:
            note(text)
        warn_of_predictions(columns, self.rows, self.outside, rejects)


class Files(Struct, frozen=True, kw_only=True):
    """The files to predict for.

    Attributes
    ----------
    sources, csv
        The files, and how they are written.
    rejects
        A CSV file for rows that are set aside, or None.
    threads
        The number of reading threads; None for one for each core.
    is_only
        Whether the predictions are written alone.
    fails_on_unknown
        Whether a level that no training row has is an error.

    """

    sources: "Sequence[Source]"
    csv: "CsvOptions"
    rejects: str | None
    threads: int | None
    is_only: bool
    fails_on_unknown: bool

    @property
    def inputs(self) -> list[str]:
        """The files as they were typed."""
        return [source.argument for source in self.sources]


def plan_files(
    data: Sequence[str], rows: RowOptions, *, is_only: bool, fails_on_unknown: bool
) -> Files:
    """Return the files to predict for, after they were looked for.

    Raises
    ------
    UsageError
        If an option is wrong.
    DataError
        If there is no such file.

    """
    from linreg_cli.prediction import VALUE_HINT
    from linreg_cli.reading.sources import find_sources

    csv = rows.csv()
    return Files(
        sources=find_sources(data, hint=VALUE_HINT),
        csv=csv,
        rejects=rows.rejects,
        threads=rows.threads,
        is_only=is_only,
        fails_on_unknown=fails_on_unknown,
    )


@contextlib.contextmanager
def of_values(
    data: Sequence[str], columns: PredictionColumns, counts: PredictionCounts
) -> Iterator[Pieces]:
    """Open the predictions for typed values."""
    from linreg_cli.prediction import predict_values

    yield lambda _: predict_values(data, columns, counts.outside)


@contextlib.contextmanager
def of_files(
    files: Files, columns: PredictionColumns, column: str, counts: PredictionCounts
) -> Iterator[Pieces]:
    """Open the predictions for files, in a column with this name, and the file of rejects."""
    from linreg_cli.output.terminal import warn
    from linreg_cli.prediction import Output, PredictionRun, predict_sources
    from linreg_cli.reading import rejects_file

    with rejects_file(files.rejects, tell=warn) as set_aside:
        run = PredictionRun(
            row_counts=counts.rows,
            outside_counts=counts.outside,
            threads=files.threads,
            set_aside=set_aside,
            notes=counts.notes,
            fails_on_unknown=files.fails_on_unknown,
        )

        def pieces(descriptor: Callable[[], int | None]) -> Iterator[bytes]:
            output = Output(column=column, is_only=files.is_only, descriptor=descriptor)
            return predict_sources(files.sources, files.csv, columns, output, run)

        yield pieces
