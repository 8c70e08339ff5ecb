"""linreg plot: the fit, the residuals, the loss and its surface, in the terminal or in a file."""

from typing import Annotated, Literal, get_args

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.effects import ignore, ignore_what
from linreg_cli.commands.parsers import choice, complete_choice
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError
from linreg_cli.statistics import DEFAULT_CONFIDENCE

Kind = Literal["fit", "residuals", "loss", "surface"]


def plot(
    model: shared.ModelArgument,
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="CSV files with the rows, a quoted glob, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    kind: Annotated[
        Kind,
        typer.Option(
            parser=choice(*get_args(Kind)),
            autocompletion=complete_choice(*get_args(Kind)),
            metavar="fit|residuals|loss|surface",
            help="What to draw. loss and surface need no DATA.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = "fit",
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Picture file to write: .png, .svg or .pdf.",
            show_default="draw in the terminal",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    x: Annotated[
        list[str] | None,
        typer.Option(
            "--x",
            "-x",
            metavar="COLUMN",
            help="Feature to draw the fit for. Repeat it for more features.",
            show_default="all",
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None,
    confidence: shared.Confidence = DEFAULT_CONFIDENCE,
    quiet: shared.Quiet = False,
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Draw the fit, the residuals or the loss of a model.

    linreg plot model.json houses.csv

    linreg plot model.json houses.csv --kind residuals -o residuals.pdf

    linreg plot model.json --kind loss
    """
    from linreg_cli.commands.column_names import refuse_columns_as_files
    from linreg_cli.commands.drawing import FILE_DRAWER, TERMINAL_DRAWER, deliver, show_rows
    from linreg_cli.commands.outputs import check_outputs, refuse_standard_input_twice
    from linreg_cli.commands.reading_rows import Reading
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.plots import (
        FitPlot,
        ResidualPlot,
        format_of,
        loss_picture,
        surface_picture,
    )
    from linreg_cli.reading.sources import find_sources

    check_outputs(rejects=rows.rejects, output=output)
    given, data = data, _check_effects(typed, kind, data or [])
    refuse_standard_input_twice(model, data)
    if output is not None:
        format_of(output)
    csv = rows.csv()
    refuse_columns_as_files(rows, data, x or [])
    sources = find_sources(data)
    refuse_overwriting(
        [model, *(source.argument for source in sources)], output or "-", rows.rejects
    )
    refuse_overwriting(given or [], output)
    loaded = load_model(model, command="plot", data=data)
    if kind in {"loss", "surface"}:
        picture = loss_picture(loaded) if kind == "loss" else surface_picture(loaded)
    else:
        of_rows = FitPlot(loaded, confidence, x or ()) if kind == "fit" else ResidualPlot(loaded)
        if sources:
            reading = Reading(
                sources=sources,
                csv=csv,
                rejects=rows.rejects,
                threads=rows.threads,
                is_quiet=quiet,
            )
            drawer = TERMINAL_DRAWER if output is None else FILE_DRAWER
            show_rows(of_rows, loaded, reading, needed_next=drawer)
        picture = of_rows.picture()
    deliver(picture, output, is_quiet=quiet)


def _check_effects(typed: Typed, kind: Kind, data: list[str]) -> list[str]:
    """Warn of options and data without effect, or refuse them; return the data that is drawn."""
    if kind != "fit":
        ignore(typed, ["x", "confidence"], f"--kind {kind}")
    if kind == "residuals" and not data:
        raise UsageError(
            "--kind residuals needs the rows",
            hint="Name the files with the rows: linreg plot MODEL DATA --kind residuals",
        )
    if kind in {"loss", "surface"}:
        ignore(typed, RowOptions.names(), f"--kind {kind}, which is drawn from the model alone")
        if data:
            ignore_what("DATA", f"--kind {kind}, which is drawn from the model alone")
        return []
    if not data:
        ignore(typed, RowOptions.names(), "no DATA")
    return data
