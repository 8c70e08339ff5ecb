"""Predictions for CSV files: each record unchanged, with the prediction columns after it."""

import shlex
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli.errors import DataError, UsageError
from linreg_cli.prediction.fast_predictor import (
    Descriptor,
    PredictedPart,
    WrittenRecords,
    no_descriptor,
)
from linreg_cli.prediction.grouped_columns import GroupCounts, GroupedColumns
from linreg_cli.prediction.prediction_columns import PredictionColumns
from linreg_cli.prediction.record_writer import Writer
from linreg_cli.prediction.training_range import GroupedOutsideCounts, OutsideCounts
from linreg_cli.reading import RowCounts
from linreg_cli.reading.csv import (
    CsvOptions,
    Groupings,
    Rows,
    Table,
    default_threads,
    find_doubts,
    merge_groupings,
    open_table,
    quoted,
)
from linreg_cli.reading.sources import Source

AnyColumns = PredictionColumns | GroupedColumns


class Output(Struct, frozen=True, kw_only=True):
    """How the output is written.

    Attributes
    ----------
    column
        The name of the column of predictions.
    is_only
        Whether the prediction columns are written alone, without header and records.
    descriptor
        Returns the descriptor of the file where the output goes, after all that was yielded has
        been written there; None if only the caller can write.

    """

    column: str
    is_only: bool = False
    descriptor: Descriptor = no_descriptor


class PredictionRun(Struct, frozen=True, kw_only=True):
    """What one run over CSV files counts, for the messages after the last row.

    Attributes
    ----------
    row_counts, outside_counts
        The number of rows, and the number of values outside the training range.
    threads
        The number of reading threads; None for one for each core.
    set_aside
        Takes the rows, and keeps their rejects.
    notes
        What is in doubt about the files.
    fails_on_unknown
        Whether a level or a group that no training row has is an error.
    group_counts
        The number of rows of groups without a prediction; None for a model without groups.

    """

    row_counts: RowCounts
    outside_counts: OutsideCounts | GroupedOutsideCounts
    threads: int | None
    set_aside: Callable[[Rows], None]
    notes: list[str] = field(default_factory=list)
    fails_on_unknown: bool = False
    group_counts: GroupCounts | None = None


def predict_sources(
    sources: Sequence[Source],
    csv: CsvOptions,
    columns: AnyColumns,
    output: Output,
    run: PredictionRun,
) -> Iterator[bytes]:
    """Predict the rows of all sources, chunk by chunk.

    A source without header and with a column for each feature gets predictions without records.

    Yields
    ------
    The first header, then records in the order of the input; nothing for records that the
    extension has written. A row with a missing feature has an empty prediction.

    Raises
    ------
    DataError
        If the table lacks a feature, cannot be read, or a prediction is beyond float64.
    UsageError
        If the table has a column with the name of a new one.

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
            yield from _predict_table(table, columns, output, run, is_first=first_names is None)
            first_names = first_names or table.names if not output.is_only else None


def _predict_table(
    table: Table, columns: AnyColumns, output: Output, run: PredictionRun, *, is_first: bool
) -> Iterator[bytes]:
    wanted = columns.inputs
    names = columns.names(output.column)
    if _is_bare(table, columns.written_inputs):
        table = table.without_header(columns.written_inputs)
        output = replace(output, is_only=True)
    if not output.is_only:
        _refuse_taken_names(table, columns, output.column)
    writer = _writer(columns, table, output, fails_on_unknown=run.fails_on_unknown)
    # finds the columns before anything is written
    layout = table.layout(
        wanted,
        f"The model needs the columns {', '.join(columns.written_inputs)}.",
        optional=columns.optional_inputs,
        functions=columns.text_inputs,
        texts=columns.texts,
        keys=columns.keys,
    )
    written = writer.each_part(layout, run.threads or default_threads())
    if is_first and table.header and not output.is_only:
        fields = [table.names_text, *(quoted(name, table.delimiter) for name in names)]
        yield table.delimiter.encode().join(fields) + table.line_end
    groupings: Groupings = {}
    for part, records in written:
        groupings = merge_groupings(groupings, part.groupings_by_source)
        if records is None:
            writer.refuse(part)
        _count(part, records, columns, run)
        if records.text:
            yield records.text
    run.notes.extend(find_doubts(table, wanted, groupings))


def _writer(columns: AnyColumns, table: Table, output: Output, *, fails_on_unknown: bool) -> Writer:
    if isinstance(columns, GroupedColumns):
        from linreg_cli.prediction.group_writer import GroupWriter  # it computes with arrays

        return GroupWriter(
            groups=columns,
            columns=columns.shared,
            table=table,
            is_only=output.is_only,
            fails_on_unknown=fails_on_unknown,
        )
    return Writer(
        columns=columns,
        table=table,
        is_only=output.is_only,
        descriptor=output.descriptor,
        fails_on_unknown=fails_on_unknown,
    )


def _refuse_taken_names(table: Table, columns: AnyColumns, name: str) -> None:
    """Refuse to add a column whose name the table has already.

    Raises
    ------
    UsageError
        With a name that is free.

    """
    taken = [added for added in columns.names(name) if added in table.names]
    if not taken:
        return
    free = f"new_{name}"
    while set(columns.names(free)) & set(table.names):
        free = f"new_{free}"
    raise UsageError(
        f"{table.source} has a column '{taken[0]}' already",
        hint=f"Give the predictions another name: --column {shlex.quote(free)}",
    )


def _count(
    part: Rows | PredictedPart,
    records: WrittenRecords,
    columns: AnyColumns,
    run: PredictionRun,
) -> None:
    """Add the counts of a part to those of the run, and set its rejects aside."""
    rejected, groups, keys = 0, records.groups, columns.keys
    if isinstance(part, Rows):
        run.set_aside(part)
        rejected = len(part.rejects)
    run.row_counts.add(
        read=part.count,
        used=part.used - records.unknown.total() - records.undefined.rows - groups.rows,
        rejected=rejected,
        missing=dict(
            zip(columns.features_read[keys:], part.missing[keys:], strict=False)  # without extras
        ),
        unknown=records.unknown,
        undefined=records.undefined.rows,
        undefined_cells=records.undefined.cells,
        ungrouped=groups.rows,
    )
    if run.group_counts is not None:
        run.group_counts.add(groups)
    run.outside_counts.outside.update(records.outside)


def _is_bare(table: Table, wanted: Sequence[str]) -> bool:
    return (
        table.has_numeric_header
        and len(table.first_record) == len(wanted)
        and not set(table.names) & set(wanted)
    )
