"""linreg predict: predictions for typed values, or for the rows of CSV files."""

import sys
from typing import Annotated

import typer

from linreg_cli.commands import options as shared
from linreg_cli.errors import UsageError

CSV_ONLY = ("column", "only", "delimiter", "decimal", "thousands", "encoding", "no_header")


def predict(
    ctx: typer.Context,
    model: Annotated[str, typer.Argument(help="A model file, or - for stdin.", metavar="MODEL")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...", help="Values, name=value pairs, CSV files, or - for stdin."
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(help="The name of the new column.", show_default="predicted_TARGET"),
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="Print the predictions alone.")] = False,
    quiet: shared.Quiet = False,
    delimiter: shared.Delimiter = None,
    decimal: shared.Decimal = ".",
    thousands: shared.Thousands = "",
    encoding: shared.Encoding = "utf-8",
    no_header: shared.NoHeader = False,
) -> None:
    """Predict the target for values typed here, or for every row of CSV data.

    linreg predict model.json 1800

    linreg predict model.json new.csv > predicted.csv
    """
    from linreg_cli.ledger import Ledger
    from linreg_cli.model_file import load_model
    from linreg_cli.terminal.console import standard_output, warn
    from linreg_cli.training_range import TrainingRange
    from linreg_cli.typed_values import are_values, predict_values

    shared.refuse_unknown_options(ctx, inputs or [])
    if only:
        shared.refuse(ctx, ["column"], "--only")
    data = inputs or _standard_input(model)
    if model == "-" and "-" in data:
        raise UsageError("both the model and the data are -", hint="Write one to a file.")
    loaded = load_model(model)
    training_range, ledger = TrainingRange(loaded), Ledger()
    if are_values(data, loaded.x):
        shared.refuse(ctx, CSV_ONLY, "typed values")
        pieces = predict_values(data, loaded, training_range)
    else:
        from linreg_cli.predicted_csv import Account, Output, predict_sources
        from linreg_cli.reading import CsvOptions, find_sources

        csv = CsvOptions(
            delimiter=delimiter,
            decimal=decimal,
            thousands=thousands,
            encoding=encoding,
            has_header=not no_header,
        )
        output = Output(column=column or f"predicted_{loaded.y}", is_only=only)
        account = Account(ledger=ledger, training_range=training_range)
        pieces = predict_sources(find_sources(data), csv, loaded, output, account)
    with standard_output() as write:
        for piece in pieces:
            write(piece)
    if not quiet:
        if ledger.left_out:
            warn(f"{ledger.left_out:,} rows without a prediction: {ledger.missing_cells}")
        for text in training_range.warnings():
            warn(text)


def _standard_input(model: str) -> list[str]:
    """Read data from standard input where no input is named, if something is piped in."""
    if model == "-" or sys.stdin.isatty():
        raise UsageError(
            "nothing to predict for",
            hint="Give values, CSV files, or - for CSV on standard input.",
        )
    return ["-"]
