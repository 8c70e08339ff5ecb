"""From rows to a picture on the screen or in a file: what every command that draws shares."""

from collections.abc import Sequence
from typing import Protocol

from linreg_cli.block import Block
from linreg_cli.errors import UsageError
from linreg_cli.gather import Gathered, gather, used_rows, wanted_by
from linreg_cli.model import Model
from linreg_cli.picture_file import format_of, save_picture
from linreg_cli.plots.fit import FitPlot
from linreg_cli.plots.picture import Floats, Picture
from linreg_cli.reading import CsvOptions, Rows, Source
from linreg_cli.rejects import SetAside
from linreg_cli.terminal import plots as text
from linreg_cli.terminal import report
from linreg_cli.terminal.console import say, standard_output, warn
from linreg_cli.terminal.reading_progress import reading_progress

CONFIDENCE = 0.95
"""Of the bands that training draws; linreg plot draws others."""


class RowsPlot(Protocol):
    """A plot that needs the rows."""

    def see(self, block: Block, weights: Floats) -> None:
        """Take rows, the features and the target, and how much each counts."""


def show_rows(
    plot: RowsPlot,
    model: Model,
    sources: Sequence[Source],
    csv: CsvOptions,
    *,
    threads: int | None = None,
    set_aside: SetAside = lambda _: None,
    is_quiet: bool = False,
) -> Gathered:
    """Read rows once, and let a plot see those that count."""

    def watch(rows: Rows) -> None:
        set_aside(rows)
        used = used_rows(rows, is_weighted=model.sums.weights is not None)
        plot.see(used.block, used.weights)

    with reading_progress(sources, is_quiet=is_quiet) as advance:
        return gather(sources, wanted_by(model), csv, advance=advance, threads=threads, watch=watch)


def deliver(picture: Picture, output: str | None, *, is_quiet: bool = False) -> None:
    """Write a picture to a file, or draw it on standard output where no file is named."""
    notes = [*picture.notes]
    if output is None:
        with standard_output() as write:
            write(text.as_text(picture, text.screen()).encode())
    else:
        notes += save_picture(picture, output)
    if not is_quiet:
        for note in notes:
            warn(note)
        if output is not None:
            say(report.saved(output))


def require_drawing(path: str, sources: Sequence[Source]) -> None:
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


def draw_fit(
    model: Model,
    sources: Sequence[Source],
    csv: CsvOptions,
    path: str,
    *,
    threads: int | None,
    is_quiet: bool,
) -> None:
    """Read the rows again and draw a model's fit in a file."""
    plot = FitPlot(model, CONFIDENCE)
    show_rows(plot, model, sources, csv, threads=threads, is_quiet=is_quiet)
    deliver(plot.picture(), path, is_quiet=is_quiet)
