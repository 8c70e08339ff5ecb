"""linreg predict: predictions for typed values, or for the rows of CSV files."""

import contextlib
import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linreg_cli.commands import options as shared
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.model import Model
    from linreg_cli.prediction import PredictionColumns, TrainingRange
    from linreg_cli.reading import RowCounts

NEED_SUMS = ("interval", "confidence", "leverage", "cooks_distance", "flag_extrapolation")
"""Options for columns that the sums of the training rows are needed for."""
CSV_ONLY = (
    "residuals",
    "cooks_distance",
    "column",
    "rejects",
    "threads",
    "delimiter",
    "decimal",
    "thousands",
    "encoding",
    "no_header",
)


def predict(
    ctx: typer.Context,
    model: shared.ModelArgument,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            parser=str,
            metavar="INPUT",
            help="Values, name=value pairs, CSV files, or - for standard input.",
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Name of the column of predictions.",
            show_default="predicted_TARGET",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    only: Annotated[
        bool,
        typer.Option(
            "--only",
            help="Print only the predictions, without the columns of the input.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write the predictions to; - is standard output.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = "-",
    interval: Annotated[
        float | None,
        typer.Option(
            parser=shared.share,
            metavar="NUMBER",
            help="Add the prediction interval for a new row, for example 0.95 for 95 %.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(
            parser=shared.share,
            metavar="NUMBER",
            help="Add the confidence interval for the mean of such rows, for example 0.95 for "
            "95 %; with --interval, both are added.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    flag_extrapolation: Annotated[
        bool,
        typer.Option(
            "--flag-extrapolation",
            help="Add a column that says which rows are outside the training range.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False,
    residuals: Annotated[
        bool,
        typer.Option(
            "--residuals",
            help="Add the residual: the target less the prediction. DATA has the target.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False,
    leverage: Annotated[
        bool,
        typer.Option(
            "--leverage",
            help="Add the leverage: how far out a row is among the training rows, from 0 to 1.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False,
    cooks_distance: Annotated[
        bool,
        typer.Option(
            "--cooks-distance",
            help="Add Cook's distance of training rows: how far the fit moves without the row.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False,
    digits: Annotated[
        int | None,
        typer.Option(
            parser=shared.whole(at_least=1, at_most=17),
            metavar="N",
            help="Round the added numbers to N significant digits, not N decimal places: with 4, "
            "199554.7 is 199600 and 0.0123456 is 0.01235.",
            show_default="all digits",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    rejects: shared.Rejects = None,
    quiet: shared.Quiet = False,
    threads: shared.Threads = None,
    delimiter: shared.Delimiter = None,
    decimal: shared.Decimal = ".",
    thousands: shared.Thousands = "",
    encoding: shared.Encoding = "utf-8",
    no_header: shared.NoHeader = False,
) -> None:
    """Predict for typed values or for the rows of CSV files.

    linreg predict model.json 1800

    linreg predict model.json new.csv > predicted.csv
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.output import open_output
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.terminal import say, warn
    from linreg_cli.prediction import (
        VALUE_HINT,
        TrainingRange,
        are_values,
        predict_values,
        refuse_miswritten,
    )
    from linreg_cli.reading import RowCounts

    shared.check_outputs(output=output, rejects=rejects)
    if only:
        ignore(ctx, ["column"], "--only")
    data = inputs or _standard_input(model)
    shared.refuse_standard_input_twice(model, data)
    loaded = load_model(model, command="predict", data=data)
    refit = f"linreg train {shlex.quote(model)} --l2 0 --solver exact -o least-squares.json"
    answers = _answers(ctx.params, loaded, refit=refit)
    training_range, row_counts = TrainingRange(answers.model), RowCounts()
    refuse_miswritten(data, model, answers.model.x, decimal)
    with contextlib.ExitStack() as stack:
        if are_values(data, answers.model.x):
            refuse_overwriting([model], output)
            ignore(ctx, CSV_ONLY, "typed values")
            pieces = predict_values(data, answers, training_range)
        else:
            from linreg_cli.prediction import Account, Output, predict_sources
            from linreg_cli.reading import rejects_file
            from linreg_cli.reading.sources import find_sources

            csv = shared.csv_options(ctx)
            sources = find_sources(data, hint=VALUE_HINT)
            refuse_overwriting([model, *(source.argument for source in sources)], output, rejects)
            account = Account(
                row_counts=row_counts,
                training_range=training_range,
                threads=threads,
                set_aside=stack.enter_context(rejects_file(rejects, tell=warn)),
            )
            shape = Output(column=column or f"predicted_{answers.model.y}", is_only=only)
            pieces = predict_sources(sources, csv, answers, shape, account)
        write = stack.enter_context(open_output(output, "predictions"))
        for piece in pieces:
            write(piece)
    _warn(answers, row_counts, training_range, rejects)
    if output != "-" and not quiet:
        say(f"wrote {output}")


def _warn(
    answers: "PredictionColumns",
    row_counts: "RowCounts",
    training_range: "TrainingRange",
    rejects: str | None,
) -> None:
    """Say what a reader of the predictions has to know."""
    from linreg_cli.errors import count_of
    from linreg_cli.output.terminal import warn

    has_interval = answers.interval or answers.mean_interval
    if has_interval or answers.cooks_distance:  # a plain prediction starts without flint
        from linreg_cli.training import why_apart

        apart = why_apart(answers.model)
        if has_interval and apart:
            warn(f"intervals have the width of the least-squares fit, but {apart}")
        if answers.cooks_distance and apart:
            warn(f"Cook's distances are those of the least-squares fit, but {apart}")
    if row_counts.incomplete:
        warn(
            f"{count_of(row_counts.incomplete, 'row')} without a prediction: "
            f"{row_counts.missing_cells}"
        )
    if row_counts.rejected:
        warn(f"{count_of(row_counts.rejected, 'row')} set aside in {rejects}: {row_counts}")
    for text in training_range.warnings():
        warn(text)


def _answers(asked: Mapping[str, Any], model: "Model", *, refit: str) -> "PredictionColumns":
    """Return what the options ask for; `refit` is how a model without ridge penalty is made."""
    from linreg_cli.prediction import PredictionColumns

    answers = PredictionColumns(
        model=model, has_residuals=asked["residuals"], digits=asked["digits"]
    )
    if not any(asked[name] for name in NEED_SUMS):
        return answers
    for name in ("leverage", "cooks_distance"):
        if asked[name] and model.training.l2:
            raise UsageError(
                f"--{name.replace('_', '-')} is that of least squares, and the model was trained "
                f"with --l2 {model.training.l2:g}",
                hint=refit,
            )
    from linreg_cli.prediction import Leverages, Uncertainty

    cooks_distance = None
    if asked["cooks_distance"]:
        from linreg_cli.prediction import CooksDistance

        cooks_distance = CooksDistance.of(model)
    interval, confidence = asked["interval"], asked["confidence"]
    return replace(
        answers,
        interval=Uncertainty.of(model, interval) if interval else None,
        mean_interval=Uncertainty.of(model, confidence) if confidence else None,
        leverages=Leverages.of(model) if asked["leverage"] else None,
        cooks_distance=cooks_distance,
        flag=Leverages.of(model) if asked["flag_extrapolation"] else None,
    )


def _standard_input(model: str) -> list[str]:
    """Read data from standard input where no input is named, if something is piped in."""
    if model == "-" or sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "nothing to predict for",
            hint="Give values, CSV files, or - for CSV on standard input.",
        )
    return ["-"]
