"""Draw rows on the screen or in a picture file: shared by all commands that draw."""

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from linreg_cli.commands.reading_rows import Reading, read_rows
from linreg_cli.errors import FitError, UsageError
from linreg_cli.exact import Block, Flags, Floats
from linreg_cli.model import GroupedModel, Model
from linreg_cli.output.plots import (
    FitPlot,
    GroupFitPlot,
    Picture,
    as_text,
    format_of,
    save_picture,
    standard_output_screen,
)
from linreg_cli.output.terminal import report, say, standard_output, warn
from linreg_cli.prediction import (
    are_trained_on,
    selection_as_split,
    selection_of,
    selection_of_groups,
)
from linreg_cli.reading import UsedRows, find_groups
from linreg_cli.reading.csv import Rows
from linreg_cli.reading.sources import Source
from linreg_cli.statistics import DEFAULT_CONFIDENCE

TERMINAL_DRAWER, FILE_DRAWER = "uniplot", "matplotlib.figure"
"""Packages that are slow to load."""


class RowsPlot(Protocol):
    """A plot that needs the rows.

    Attributes
    ----------
    marks_test
        Whether test rows are marked.

    """

    marks_test: bool

    def see(self, block: Block, weights: Floats, is_test: Flags) -> None:
        """Add rows: the features and the target, their weights, and which are test rows."""


def show_rows(plot: RowsPlot, model: Model, reading: Reading, *, needed_next: str) -> None:
    """Read rows once and add the used ones to a plot; load the drawing package meanwhile."""
    # other columns that assigned rows to the test part may be missing here
    is_split = bool(model.training.settings.test_fraction) and not model.split_by
    selection = selection_as_split(model) if is_split else selection_of(model)

    def watch(rows: Rows) -> None:
        used = UsedRows.of(rows, selection)
        plot.see(used.block, used.float_weights, used.is_test)

    data = read_rows(reading, selection, [watch], needed_next=needed_next)
    plot.marks_test = is_split and are_trained_on(data, model)


def show_groups(
    plot: GroupFitPlot, model: GroupedModel, reading: Reading, *, needed_next: str
) -> None:
    """Read rows once and add those of groups to the plot of their group."""
    selections = {key: selection_of(model.model_of(key)) for key in plot.keys}

    def watch(rows: Rows) -> None:
        for group in find_groups(rows.keys):
            if group.key in selections:
                used = UsedRows.of(group.of(rows), selections[group.key])
                plot.see(group.key, used.block, used.float_weights, used.is_test)

    read_rows(reading, selection_of_groups(model), [watch], needed_next=needed_next)


def deliver(picture: Picture, output: str | None, *, is_quiet: bool = False) -> None:
    """Write a picture to a file, or draw it on standard output where no file is named."""
    if not picture.is_finite:
        raise FitError(
            "a number in the picture is beyond the range of a 64-bit float",
            hint="Give the columns in a larger unit.",
        )
    if output is None:
        with standard_output(is_drawn=True) as write:
            write(as_text(picture, standard_output_screen()).encode())
    else:
        for warning in save_picture(picture, output):
            warn(warning)
    if is_quiet:
        return
    for note in picture.notes:
        say(f"Note: {note}")
    if output is not None:
        say(report.saved(output))


def refuse_undrawable(path: str, sources: Sequence[Source]) -> None:
    """Refuse a picture at the end of training that could not be drawn, before the training.

    Raises
    ------
    UsageError
        If the file has another ending, matplotlib is missing, or a source can be read only once.

    """
    format_of(path)
    for source in sources:
        if source.size is None:
            raise UsageError(
                f"--plot reads the data twice, but {source.name} can be read only once",
                hint="Write it to a file first, or draw later with linreg plot MODEL DATA.",
            )


def draw_fit(model: Model, reading: Reading, path: str) -> None:
    """Read the rows of a training again, silently, and draw the fit in a file."""
    plot = FitPlot(model, DEFAULT_CONFIDENCE)
    again = replace(reading, rejects=None, is_quiet=True, is_repeated=True)
    show_rows(plot, model, again, needed_next=FILE_DRAWER)
    deliver(plot.picture(), path, is_quiet=reading.is_quiet)
