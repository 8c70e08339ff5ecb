"""Predictions for typed values or for files, and what is counted while they are made.

Little is imported before it is needed: a prediction for a typed value starts fast.
"""

import contextlib
import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field

from linreg_cli.commands.group_option import OneModel, choose_group
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.errors import UsageError
from linreg_cli.prediction import OutsideCounts, PredictionColumns
from linreg_cli.reading import RowCounts

if TYPE_CHECKING:
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.prediction import AnyColumns, GroupCounts, GroupedColumns, GroupedOutsideCounts
    from linreg_cli.reading.csv import CsvOptions
    from linreg_cli.reading.sources import Source

Pieces = Callable[[Callable[[], int | None]], Iterator[bytes]]
"""Returns what is to be written, given the `descriptor` of where it goes: see `Output`."""


class PredictionCounts(Struct, frozen=True, kw_only=True):
    """What is counted and noted while predictions are made, and is printed after the last."""

    outside: "OutsideCounts | GroupedOutsideCounts"
    groups: "GroupCounts | None" = None
    rows: RowCounts = field(default_factory=RowCounts)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, columns: "AnyColumns") -> Self:
        """Return the counts before the first row."""
        if isinstance(columns, PredictionColumns):
            return cls(outside=OutsideCounts(columns.model))
        from linreg_cli.prediction import GroupCounts, GroupedOutsideCounts

        return cls(outside=GroupedOutsideCounts(), groups=GroupCounts())

    def report(self, columns: "AnyColumns", rejects: str | None, *, is_quiet: bool) -> None:
        """Print the notes and the warnings."""
        from linreg_cli.commands.prediction_warnings import (
            warn_of_groups,
            warn_of_other_fit,
            warn_of_rows,
        )
        from linreg_cli.output.terminal import note, warn

        notes = [*self.notes]
        if columns.inverse is not None:
            from linreg_cli.commands.original_scale import median_note

            notes += filter(None, [median_note(columns.model, columns.inverse)])
        for text in () if is_quiet else notes:
            note(text)
        if isinstance(columns, PredictionColumns):
            warn_of_other_fit(columns)
        warn_of_rows(self.rows, rejects)
        if self.groups is not None:
            warn_of_groups(self.groups)
        for text in self.outside.warnings():
            warn(text)


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


def choose_model(
    model: "Model | GroupedModel", name: str, group: str | None, data: Sequence[str]
) -> "tuple[Model | GroupedModel, Sequence[str]]":
    """Return the model of the group that is named, if one is, and the other inputs.

    Parameters
    ----------
    model, name
        One model or those of all groups, and the name of their file.
    group
        The value of --group.
    data
        The inputs: values of the key, as ``city=DAVIS``, may be among them.

    Raises
    ------
    UsageError
        If the key is not that of a group, or not whole.
    FitError
        If the group has no fit.

    """
    chosen = choose_group(model, name, group)
    if isinstance(chosen, OneModel):
        return chosen.model, data
    from linreg_cli.model import key_of
    from linreg_cli.prediction import split_key

    typed, others = split_key(data, chosen.by)
    if not typed:
        return chosen, data
    if not others:
        raise UsageError("there is no value to predict for", hint="Type the features too.")
    key = key_of([typed[column] for column in chosen.by], chosen.by, chosen.keys)
    return chosen.model_of(key), others


def are_typed(
    data: Sequence[str],
    values: Sequence[str],
    columns: PredictionColumns,
    name: str,
    rows: RowOptions,
) -> bool:
    """Return whether inputs are values, not files.

    Parameters
    ----------
    data, values
        All inputs, and those that are not of the key of a group.
    columns, name
        The columns to write, and the name of the model file.
    rows
        How numbers are written.

    Raises
    ------
    UsageError
        If some are values and others are not, or a number cannot be read.

    """
    from linreg_cli.prediction import are_values, refuse_miswritten

    refuse_miswritten(data, name, columns, rows.decimal)
    return are_values(values, columns.typed_inputs, columns.levels, columns.functions)


def refuse_values_without_group(data: Sequence[str], columns: "GroupedColumns", name: str) -> None:
    """Refuse typed values for a model of groups, whose group is not named.

    Raises
    ------
    UsageError
        With an example.

    """
    from linreg_cli.model import write_key
    from linreg_cli.prediction import are_values

    known = columns.model.known_levels
    levels = known.levels if known else {}
    if are_values(data, columns.shared.typed_inputs, levels, columns.shared.functions):
        key = columns.model.fit_keys[0]
        pairs = [f"{by}={write_key((value,))}" for by, value in zip(columns.by, key, strict=True)]
        raise UsageError(
            f"{name} has a model for each group by {', '.join(columns.by)}, and no group is named",
            hint=shlex.join(["linreg", "predict", name, *data, *pairs]),
        )


def plan_files(
    data: Sequence[str],
    rows: RowOptions,
    columns: "AnyColumns",
    *,
    is_only: bool,
    fails_on_unknown: bool,
) -> Files:
    """Return the files to predict for, after they were looked for.

    Raises
    ------
    UsageError
        If an option is wrong.
    DataError
        If there is no such file.

    """
    from linreg_cli.prediction import value_hint
    from linreg_cli.reading.sources import find_sources

    csv = rows.csv()
    shared = columns if isinstance(columns, PredictionColumns) else columns.shared
    return Files(
        sources=find_sources(data, hint=value_hint(shared)),
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

    outside = counts.outside
    assert isinstance(outside, OutsideCounts)  # noqa: S101 - it is of one model
    yield lambda _: predict_values(data, columns, outside)


@contextlib.contextmanager
def of_files(
    files: Files, columns: "AnyColumns", column: str, counts: PredictionCounts
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
            group_counts=counts.groups,
        )

        def pieces(descriptor: Callable[[], int | None]) -> Iterator[bytes]:
            output = Output(column=column, is_only=files.is_only, descriptor=descriptor)
            return predict_sources(files.sources, files.csv, columns, output, run)

        yield pieces
