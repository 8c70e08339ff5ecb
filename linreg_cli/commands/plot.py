"""linreg plot: the fit, the residuals, the loss and its surface, in the terminal or in a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer
from msgspec.structs import replace

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.effects import ignore, ignore_what
from linreg_cli.commands.group_option import (
    GroupKeys,
    Groups,
    OneModel,
    choose_groups,
    needs_one_model,
)
from linreg_cli.commands.option_kinds import choice, output_file
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError
from linreg_cli.statistics import DEFAULT_CONFIDENCE

if TYPE_CHECKING:
    from linreg_cli.commands.reading_rows import Reading
    from linreg_cli.model import Model
    from linreg_cli.output.plots import FitPlot, Picture, ResidualPlot

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
        choice(get_args(Kind), "What to draw. loss and surface need no DATA.", shared.OUTPUT),
    ] = "fit",
    output: Annotated[
        str | None,
        output_file(
            "Picture file to write: .png, .svg or .pdf.",
            shared.OUTPUT,
            default="draw in the terminal",
        ),
    ] = None,
    x: Annotated[
        list[str] | None,
        typer.Option(
            "--x",
            "-x",
            metavar="COLUMN",
            help="Feature or category to draw the fit for. Repeat it for more.",
            show_default="all",
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None,
    group: GroupKeys = None,
    confidence: shared.Confidence = DEFAULT_CONFIDENCE,
    quiet: shared.QuietResult = False,
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Draw the fit, the residuals or the loss of a model.

    linreg plot model.json houses.csv

    linreg plot model.json houses.csv --kind residuals -o residuals.pdf

    linreg plot model.json --kind loss

    linreg plot cities.json sales.csv --group DAVIS
    """
    from linreg_cli.commands.column_names import refuse_columns_as_files
    from linreg_cli.commands.drawing import FILE_DRAWER, TERMINAL_DRAWER, deliver
    from linreg_cli.commands.outputs import check_outputs
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.commands.reading_rows import plan_reading
    from linreg_cli.model import load_any_model
    from linreg_cli.output.plots import format_of

    check_outputs(rejects=rows.rejects, output=output)
    drawn = _check_effects(typed, kind, data or [])
    if output is not None:
        format_of(output)
    refuse_columns_as_files(rows, drawn, x or [])
    reading = plan_reading(model, drawn, rows, is_quiet=quiet)
    refuse_overwriting([model, *reading.inputs], output or "-", rows.rejects)
    refuse_overwriting(data or [], output)
    loaded = load_any_model(model, command="plot", data=drawn)
    chosen = choose_groups(loaded, model, group or [])
    drawer = TERMINAL_DRAWER if output is None else FILE_DRAWER
    if not isinstance(chosen, OneModel):
        if kind != "fit":
            raise needs_one_model(chosen.model, model, f"--kind {kind}")
        picture = _picture_of_groups(chosen, confidence, x or (), reading, drawer)
    elif kind in {"loss", "surface"}:
        picture = _picture_of_model(kind, chosen.model)
    else:
        plot_of_rows = _plot_of_rows(kind, chosen.model, confidence, x or ())
        reading = replace(reading, group=chosen.group)
        picture = _picture_of_rows(plot_of_rows, chosen.model, reading, drawer)
    deliver(picture, output, is_quiet=quiet)


def _picture_of_model(kind: Kind, model: "Model") -> "Picture":
    """Return a picture that needs no rows."""
    from linreg_cli.output.plots import loss_picture, surface_picture

    return loss_picture(model) if kind == "loss" else surface_picture(model)


def _plot_of_rows(
    kind: Kind, model: "Model", confidence: float, x: Sequence[str]
) -> "FitPlot | ResidualPlot":
    from linreg_cli.output.plots import FitPlot, ResidualPlot

    return FitPlot(model, confidence, x) if kind == "fit" else ResidualPlot(model)


def _picture_of_groups(
    groups: Groups, confidence: float, x: Sequence[str], reading: "Reading", drawer: str
) -> "Picture":
    """Read the rows, if there are any, and return a picture with a panel for each group."""
    from linreg_cli.commands.drawing import show_groups
    from linreg_cli.output.plots import GroupFitPlot

    plot_of_groups = GroupFitPlot(groups.model, groups.keys, confidence, x)
    if reading.sources:
        show_groups(plot_of_groups, groups.model, reading, needed_next=drawer)
    return plot_of_groups.picture()


def _picture_of_rows(
    plot_of_rows: "FitPlot | ResidualPlot", model: "Model", reading: "Reading", drawer: str
) -> "Picture":
    """Read the rows, if there are any, and return their picture."""
    from linreg_cli.commands.drawing import show_rows

    if reading.sources:
        show_rows(plot_of_rows, model, reading, needed_next=drawer)
    return plot_of_rows.picture()


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
