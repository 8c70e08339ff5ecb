"""The commands of the program, each imported when it is named: the others cost no start-up time."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import typer

from linreg_cli.commands.command_line import Command

if TYPE_CHECKING:
    from typer._click import Command as AnyCommand

TAKES_NEGATIVE_NUMBERS = {"predict"}
"""Commands whose arguments may begin with a minus; `Command` refuses unknown options itself."""


class LazyCommands(Mapping[str, "AnyCommand"]):
    """Commands by their names, in the order of the help."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __getitem__(self, name: str) -> "AnyCommand":
        if name not in self.names:
            raise KeyError(name)
        return _make(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@cache
def _make(name: str) -> "AnyCommand":
    """Import a command: the function `name` of the module `name`."""
    from linreg_cli.commands.option_groups import expand_groups

    function = getattr(import_module(f"linreg_cli.commands.{name}"), name)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(
        name,
        cls=Command,
        no_args_is_help=True,
        context_settings={"ignore_unknown_options": name in TAKES_NEGATIVE_NUMBERS},
    )(expand_groups(function))
    return typer.main.get_command(alone)
