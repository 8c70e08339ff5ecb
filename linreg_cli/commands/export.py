"""linreg export: write a model as code or a formula for another tool."""

from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.parsers import choice, complete_choice
from linreg_cli.errors import UsageError
from linreg_cli.output.export import TARGETS


def export(
    model: shared.ModelArgument,
    to: Annotated[
        str,
        typer.Option(
            parser=choice(*TARGETS),
            autocompletion=complete_choice(*TARGETS),
            metavar="TARGET",
            help=f"What to write: {', '.join(TARGETS[:-1])} or {TARGETS[-1]}.",
            rich_help_panel=shared.OUTPUT,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write, or - for standard output.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = "-",
) -> None:
    """Write a model as code or as a formula.

    linreg export model.json --to sql

    linreg export model.json --to python -o price.py
    """
    from linreg_cli.commands.outputs import check_outputs, write_output
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.output.export import write

    check_outputs(output=output)
    refuse_overwriting([model], output)
    written = write(load_model(model), to)
    if isinstance(written, bytes):
        _refuse_terminal(output, to)
    write_output(written if isinstance(written, bytes) else written.encode(), output, "export")


def _refuse_terminal(output: str, target: str) -> None:
    """Refuse to write bytes where a person looks."""
    from linreg_cli.output.terminal import is_terminal

    if output == "-" and is_terminal(of_data=True):
        raise UsageError(
            f"--to {target} writes a binary file, not text for a terminal",
            hint="Add --output FILE.",
        )
