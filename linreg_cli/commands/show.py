"""linreg show: print the weights and statistics of a model."""

from typing import Annotated, get_args

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.effects import ignore
from linreg_cli.commands.option_kinds import choice, flag
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError
from linreg_cli.statistics import DEFAULT_CONFIDENCE, RobustKind


def show(
    model: shared.ModelArgument,
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="The training rows, for --robust: CSV files, a quoted glob, or -.",
            show_default=False,
        ),
    ] = None,
    *,
    robust: Annotated[
        RobustKind | None,
        choice(
            get_args(RobustKind),
            "Standard errors that hold if the variance of the errors is not constant; DATA are "
            "the training rows.",
            shared.OUTPUT,
        ),
    ] = None,
    confidence: shared.Confidence = DEFAULT_CONFIDENCE,
    json: shared.Json = False,
    markdown: Annotated[
        bool,
        flag("--markdown", "Print the weights and statistics as Markdown tables.", shared.OUTPUT),
    ] = False,
    latex: Annotated[
        bool,
        flag("--latex", "Print the weights and statistics as LaTeX tables.", shared.OUTPUT),
    ] = False,
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Show the weights and statistics of a model.

    linreg show model.json

    linreg show model.json --json | jq .r2

    linreg show model.json houses.csv --robust hc3
    """
    import json as json_format

    from msgspec import to_builtins

    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.terminal import standard_output, summary_tables as text
    from linreg_cli.statistics import summarize

    typed.refuse_together("json", "markdown", "latex")
    data = _check_effects(typed, robust, data or [])
    refuse_overwriting([model], "-")
    loaded = load_model(model, command="show", data=data)
    sandwich = None
    if robust:  # a report from the model alone starts without the reader of rows
        from linreg_cli.commands.robust_errors import plan_training_rows, read_sandwich

        sandwich = read_sandwich(loaded, robust, plan_training_rows(model, data, rows))
    summary = summarize(loaded, confidence, sandwich)
    if json:
        output = json_format.dumps(to_builtins(summary), indent=2, ensure_ascii=False)
    elif markdown or latex:
        output = text.paper_table(loaded, summary, "markdown" if markdown else "latex")
    else:
        output = text.report(loaded, summary)
    with standard_output() as write:
        write(f"{output}\n".encode())


def _check_effects(typed: Typed, robust: RobustKind | None, data: list[str]) -> list[str]:
    """Warn of options without effect, or refuse them; return the data that is read.

    Raises
    ------
    UsageError
        If there are rows without --robust, or --robust without rows.

    """
    if robust and not data:
        raise UsageError(
            "--robust needs the training rows",
            hint=f"Name the files with the rows: linreg show MODEL DATA --robust {robust}",
        )
    if data and not robust:
        raise UsageError(
            "DATA has no effect without --robust",
            hint="linreg evaluate MODEL DATA evaluates a model on rows.",
        )
    if not robust:
        ignore(typed, RowOptions.names(), "no DATA")
    return data
