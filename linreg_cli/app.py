"""The command line: the list of commands, and the one place where errors become messages."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click.exceptions import ClickException  # what Typer itself finds wrong

from linreg_cli.commands.command_line import CONTEXT_SETTINGS, Group
from linreg_cli.commands.lazy_commands import LazyCommands
from linreg_cli.commands.signals import ending_cleanly
from linreg_cli.errors import DataError, LinregError
from linreg_cli.output.terminal import (
    abandon_standard_output,
    flush_standard_output,
    show_error,
    show_usage_error,
    system_error,
)

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

COMMANDS = {
    "train": "Learn a line or a plane from CSV files.",
    "predict": "Predict for typed values or for the rows of CSV files.",
    "show": "Show the weights and statistics of a model.",
    "compare": "Show models side by side, and test nested models.",
    "test": "Test linear restrictions on the weights of a model.",
    "evaluate": "Evaluate a model on other rows.",
    "plot": "Draw the fit, the residuals or the loss of a model.",
    "columns": "Show what the columns of CSV files contain.",
    "update": "Add rows to a model, or remove rows from it.",
    "merge": "Combine models into the model of all their rows.",
    "export": "Write a model as code or as a formula.",
    "replay": "Write a web page that replays the training of a model.",
}
"""The commands in the order of the help; each is the function of its module in `commands`.

The first sentence of its help stands here too, so that the list of commands imports none."""


class Program(Group):
    """The program with its commands."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - of Typer
        super().__init__(**attributes | {"commands": LazyCommands(tuple(COMMANDS))})

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return the names of the commands."""
        del ctx
        return list(COMMANDS)

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the names of the commands, each with what it does."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    name="linreg",
    cls=Program,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=CONTEXT_SETTINGS,
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        from linreg_cli import native

        reader = "fast" if native.IS_AVAILABLE else "general: no compiler built the fast one"
        typer.echo(f"linreg {version('linreg-cli')} (reader: {reader})")
        raise typer.Exit


@app.callback()
def linreg(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Learn a line (or a plane) from a CSV file, and predict with it.

    linreg train houses.csv --x square_feet --y price

    linreg predict model.json 1800
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run linreg with the arguments of the shell, or with others."""
    # the matrices are small: BLAS threads would make them slower
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "COMP_WORDS" in os.environ:  # bash completes a line
        from linreg_cli.commands.completion import join_words

        join_words()
    try:
        with ending_cleanly():
            status = app(args, prog_name="linreg", standalone_mode=False)
            flush_standard_output()
    except LinregError as error:
        show_error(error)
        sys.exit(error.exit_code)
    except ClickException as error:
        show_usage_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of a help text went away
        abandon_standard_output()
        sys.exit(0)
    except OSError as error:
        show_error(system_error(error))
        abandon_standard_output()
        sys.exit(DataError.exit_code)
    sys.exit(status)
