"""linreg predict: predictions for typed values, or for the rows of CSV files."""

import sys
from typing import Annotated, Literal

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.added_columns import AddedColumns
from linreg_cli.commands.group_option import GroupKey
from linreg_cli.commands.lazy_completion import complete_value
from linreg_cli.commands.option_kinds import choice, flag, output_file
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError

CSV_ONLY = ("residuals", "cooks_distance", "column", "unknown", *RowOptions.names())
"""Options that have no effect with typed values."""


def predict(
    model: shared.ModelArgument,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            parser=str,
            metavar="INPUT",
            autocompletion=complete_value,
            help="Values, name=value pairs, CSV files, or - for standard input.",
        ),
    ] = None,
    *,
    group: GroupKey = None,
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
        flag("--only", "Print only the added columns, without those of the input.", shared.OUTPUT),
    ] = False,
    output: Annotated[
        str,
        output_file("File to write the predictions to; - is standard output.", shared.OUTPUT),
    ] = "-",
    added: AddedColumns,
    unknown: Annotated[
        Literal["empty", "fail"],
        choice(
            ("empty", "fail"),
            "Rows of a level or a group that no training row has: empty leaves the prediction "
            "empty, fail stops with an error.",
            shared.READING,
        ),
    ] = "empty",
    quiet: shared.QuietResult = False,
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Predict for typed values or for the rows of CSV files.

    linreg predict model.json 1800

    linreg predict model.json new.csv > predicted.csv
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.outputs import (
        check_outputs,
        open_output,
        refuse_standard_input_twice,
    )
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.commands.predicting import (
        PredictionCounts,
        are_typed,
        choose_model,
        of_files,
        of_values,
        plan_files,
        refuse_values_without_group,
    )
    from linreg_cli.model import Model, load_any_model
    from linreg_cli.output.terminal import say
    from linreg_cli.prediction import PredictionColumns

    check_outputs(output=output, rejects=rows.rejects)
    if only:
        ignore(typed, ["column"], "--only")
    data = inputs or _standard_input(model)
    refuse_standard_input_twice(model, data)
    loaded = load_any_model(model, command="predict", data=data)
    one, values = choose_model(loaded, model, group, data)
    columns = added.of(one, model) if isinstance(one, Model) else added.of_groups(one, model)
    counts = PredictionCounts.of(columns)
    if isinstance(columns, PredictionColumns) and are_typed(data, values, columns, model, rows):
        refuse_overwriting([model], output)
        ignore(typed, CSV_ONLY, "typed values")
        predictions = of_values(values, columns, counts)
    else:
        if not isinstance(columns, PredictionColumns):
            refuse_values_without_group(values, columns, model)
        files = plan_files(values, rows, columns, is_only=only, fails_on_unknown=unknown == "fail")
        refuse_overwriting([model, *files.inputs], output, rows.rejects)
        predictions = of_files(files, columns, column or f"predicted_{columns.predicted}", counts)
    with predictions as pieces, open_output(output, "predictions") as sink:
        for piece in pieces(sink.descriptor):
            sink.write(piece)
    counts.report(columns, rows.rejects, is_quiet=quiet)
    if output != "-" and not quiet:
        say(f"wrote {output}")


def _standard_input(model: str) -> list[str]:
    """Read data from standard input where no input is named, if something is piped in."""
    if model == "-" or sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "there is no input to predict for",
            hint="Give values, CSV files, or - for CSV on standard input.",
        )
    return ["-"]
