"""linreg show: print the weights and statistics of a model."""

from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.effects import refuse
from linreg_cli.commands.group_option import GroupKey
from linreg_cli.commands.option_kinds import flag, output_file
from linreg_cli.commands.robust_option import Robust, RobustInput, check_robust, find_covariance
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.statistics import DEFAULT_CONFIDENCE


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
    robust: Robust = None,
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
    group: GroupKey = None,
    pooled: Annotated[
        bool,
        flag("--pooled", "Show one model of the rows of all groups.", shared.GROUPS),
    ] = False,
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Order of the groups: key, rows, r2, rmse, b, m or a feature; the largest number "
            "first.",
            show_default="key",
            rich_help_panel=shared.GROUPS,
        ),
    ] = None,
    csv: Annotated[
        bool, flag("--csv", "Print the groups as CSV with all digits.", shared.GROUPS)
    ] = False,
    output: Annotated[
        str | None,
        output_file(
            "Write the model of --group or --pooled to this file in place of the report.",
            shared.GROUPS,
            default="none",
        ),
    ] = None,
    rows: RowOptions,
    typed: Typed,
) -> None:
    """Show the weights and statistics of a model.

    linreg show model.json

    linreg show model.json --json | jq .r2

    linreg show model.json houses.csv --robust hc3

    linreg show cities.json --sort r2

    linreg show cities.json --group DAVIS
    """
    import json as json_format

    from msgspec import to_builtins

    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.model import Model, load_any_model
    from linreg_cli.output.terminal import standard_output, summary_tables as text
    from linreg_cli.statistics import summarize

    typed.refuse_together("json", "markdown", "latex", "csv")
    typed.refuse_together("group", "pooled")
    for of_report in ("json", "markdown", "latex", "csv", "robust", "confidence"):
        typed.refuse_together("output", of_report)
    check_robust(typed, robust, data or [])
    refuse_overwriting([model], output or "-")
    loaded = load_any_model(model, command="show", data=data or [])
    chosen_group = groups = None
    if not isinstance(loaded, Model):
        from linreg_cli.commands.show_groups import choose_model, list_groups, write_chosen

        chosen = choose_model(loaded, typed)
        if chosen is None:
            list_groups(loaded, typed, sort=sort or "key")
            return
        groups = loaded if pooled else None
        loaded, chosen_group = chosen.model, chosen.group
        if output is not None:
            write_chosen(loaded, output)
            return
    else:
        refuse(
            typed,
            ("group", "pooled", "sort", "csv", "output"),
            "a model without groups",
            hint="linreg train DATA --x COLUMN --y COLUMN --by COLUMN learns one for each group.",
        )
    covariance = None
    if robust:
        covariance = find_covariance(
            RobustInput(
                name=model,
                model=loaded,
                kind=robust,
                data=data or [],
                group=chosen_group,
                command="linreg show MODEL DATA",
                groups=groups,
            ),
            rows,
        )
    summary = summarize(loaded, confidence, covariance)
    if json:
        output = json_format.dumps(to_builtins(summary), indent=2, ensure_ascii=False)
    elif markdown or latex:
        output = text.paper_table(loaded, summary, "markdown" if markdown else "latex")
    else:
        output = text.report(loaded, summary)
    with standard_output() as write:
        write(f"{output}\n".encode())
