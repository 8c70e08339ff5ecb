"""The command line: the list of commands, and the one place where errors become messages."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer._click.exceptions import ClickException  # what Typer itself finds wrong

from linreg_cli.commands.columns import columns
from linreg_cli.commands.command_line import CONTEXT_SETTINGS, Command, Group
from linreg_cli.commands.evaluate import evaluate
from linreg_cli.commands.export import export
from linreg_cli.commands.merge import merge
from linreg_cli.commands.option_groups import expand_groups
from linreg_cli.commands.plot import plot
from linreg_cli.commands.predict import predict
from linreg_cli.commands.replay import replay
from linreg_cli.commands.show import show
from linreg_cli.commands.signals import ending_cleanly
from linreg_cli.commands.train import train
from linreg_cli.commands.update import update
from linreg_cli.errors import DataError, LinregError
from linreg_cli.output.terminal import (
    abandon_standard_output,
    flush_standard_output,
    show_error,
    show_usage_error,
    system_error,
)

app = typer.Typer(
    name="linreg",
    cls=Group,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=CONTEXT_SETTINGS,
)
for _command in (train, predict, show, evaluate, plot, columns, update, merge, export, replay):
    # a negative number is a value of predict; Command refuses other unknown options itself
    app.command(
        cls=Command,
        no_args_is_help=True,
        context_settings={"ignore_unknown_options": _command is predict},
    )(expand_groups(_command))


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
    # the matrices are small: threads of BLAS cost more than they give
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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
