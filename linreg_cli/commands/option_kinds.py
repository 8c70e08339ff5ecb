"""The kinds of options that occur often: flags, output files, and one of a few names."""

from collections.abc import Sequence
from typing import Any

import typer

from linreg_cli.commands import parsers


def flag(name: str, help_text: str, panel: str) -> Any:  # noqa: ANN401 - as Typer's functions do
    """Return an option that is on if it is typed, as ``--json``."""
    return typer.Option(name, help=help_text, rich_help_panel=panel)


def output_file(help_text: str, panel: str, *, default: str = "") -> Any:  # noqa: ANN401
    """Return the option ``--output``; `default` is shown in help, if it is not that of the code."""
    return typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help=help_text,
        show_default=default or True,
        rich_help_panel=panel,
    )


def choice(names: Sequence[str], help_text: str, panel: str, *, metavar: str = "") -> Any:  # noqa: ANN401
    """Return an option that takes one of a few names, which shells complete."""
    return typer.Option(
        parser=parsers.choice(*names),
        autocompletion=parsers.complete_choice(*names),
        metavar=metavar or "|".join(names),
        help=help_text,
        rich_help_panel=panel,
    )
