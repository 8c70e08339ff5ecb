"""linreg compare: several models in one table."""

from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.option_kinds import flag
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError


def compare(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL", help="Model files, or - for standard input."),
    ],
    *,
    stars: Annotated[
        bool,
        flag(
            "--stars",
            "Mark weights with a p-value below 0.05 (*), 0.01 (**) or 0.001 (***).",
            shared.OUTPUT,
        ),
    ] = False,
    json: shared.Json = False,
    markdown: Annotated[
        bool,
        flag("--markdown", "Print a Markdown table.", shared.OUTPUT),
    ] = False,
    latex: Annotated[
        bool,
        flag("--latex", "Print a LaTeX table.", shared.OUTPUT),
    ] = False,
    csv: Annotated[
        bool,
        flag("--csv", "Print the table as CSV, with all digits.", shared.OUTPUT),
    ] = False,
    typed: Typed,
) -> None:
    """Show models side by side, and test nested models.

    linreg compare small.json large.json

    linreg compare small.json large.json --latex --stars
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.terminal import comparison_table as text, standard_output
    from linreg_cli.statistics import compare_models

    typed.refuse_together("json", "markdown", "latex", "csv")
    if json or csv:
        ignore(typed, ["stars"], "--json" if json else "--csv")
    refuse_overwriting(models, "-")
    _refuse_same(models)
    comparison = compare_models({name: load_model(name) for name in models})
    if json:
        output = text.as_json(comparison)
    elif csv:
        output = text.as_csv(comparison)
    elif markdown or latex:
        output = text.paper_table(comparison, "markdown" if markdown else "latex", has_stars=stars)
    else:
        output = text.report(comparison, has_stars=stars)
    with standard_output() as write:
        write(f"{output}\n".encode())


def _refuse_same(models: list[str]) -> None:
    """Refuse fewer than two models, and a model that is named twice.

    Raises
    ------
    UsageError
        With what to give instead.

    """
    if len(models) == 1:
        raise UsageError(
            "one model cannot be compared",
            hint=f"Name two or more models; linreg show {models[0]} shows one.",
        )
    for name in models:
        if models.count(name) > 1:
            raise UsageError(f"{name} is named twice", hint="Name each model once.")
