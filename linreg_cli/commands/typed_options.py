"""Which options the user typed: the only place that looks at Typer's context for it."""

from collections.abc import Mapping
from inspect import Parameter
from typing import Any, Self

import typer

from linreg_cli.commands.option_groups import OptionGroup
from linreg_cli.errors import UsageError


class Typed(OptionGroup, frozen=True):
    """The options that the user typed, with their values; a command takes it as a parameter.

    Attributes
    ----------
    values
        The value of each typed option by its name in the code, as ``no_header``.

    """

    values: Mapping[str, Any]

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return nothing: no option belongs to it."""
        return ()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return nothing, as `parameters`."""
        return ()

    @classmethod
    def from_context(cls, context: typer.Context) -> Self:
        """Return what was typed on a command line."""
        sources = {name: context.get_parameter_source(name) for name in context.params}
        return cls(
            {
                name: context.params[name]
                for name, source in sources.items()
                if source is not None and source.name == "COMMANDLINE"
            }
        )

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def spelling(self, name: str) -> str:
        """Return an option as it was typed, as ``--no-header``."""
        is_off = self.values[name] is False
        return f"--{'no-' if is_off else ''}{name.replace('_', '-')}"

    def refuse_together(self, *names: str) -> None:
        """Refuse options of which only one can be given.

        Raises
        ------
        UsageError
            For the first two.

        """
        given = [self.spelling(name) for name in names if name in self]
        if len(given) > 1:
            raise UsageError(
                f"{given[0]} and {given[1]} cannot be used together",
                hint="Leave out one of the two.",
            )
