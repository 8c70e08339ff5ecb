"""The classes that Typer makes commands of: help in groups, and errors with a hint."""

import re
import shlex
from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperGroup

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.usage_errors import refuse_options_as_values, translated
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from typer._click import Command as AnyCommand, Context, HelpFormatter, Parameter

CONTEXT_SETTINGS = {
    "help_option_names": ["--help", "-h"],
    "max_content_width": 1 << 16,  # as wide as the terminal
}
_OTHER = "Other"
_ORDER = (
    "Arguments",
    shared.COLUMNS,
    shared.GROUPS,
    shared.LEARNING,
    shared.VALIDATION,
    shared.OUTPUT,
    shared.READING,
    shared.CLUSTER,
    _OTHER,
)


class Command(TyperCommand):
    """A command whose help shows its options in groups."""

    def collect_usage_pieces(self, ctx: "Context") -> list[str]:
        """Return the parts of the usage line: MODEL DATA... and not {MODEL} {DATA}...."""
        return [re.sub(r"^\{(.*)\}", r"\1", piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write a section for each group of options."""
        groups: dict[str, list[tuple[str, str]]] = {name: [] for name in _ORDER}
        for parameter in self.get_params(ctx):
            record = _help_record(parameter, ctx)
            if record is not None:
                groups[_group_of(parameter)].append(record)
        for name, records in groups.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records)

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Read the arguments; what is wrong with them is a UsageError with a remedy."""
        typed = list(args)  # the parser empties the list
        with translated(ctx, typed):
            rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            refuse_options_as_values(ctx, typed)
        return rest


class Group(TyperGroup):
    """The program, whose help shows its commands first."""

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        records = [_help_record(parameter, ctx) for parameter in self.get_params(ctx)]
        with formatter.section("Options"):
            formatter.write_dl([record for record in records if record is not None])

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Read what comes before the command."""
        with translated(ctx, list(args)):
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: "Context", args: list[str]
    ) -> "tuple[str | None, AnyCommand | None, list[str]]":
        """Find the command, or name the one that is meant."""
        name, *rest = args
        if name not in self.commands and not ctx.resilient_parsing:
            from linreg_cli.commands.synonyms import command_meant

            meant = command_meant(name, list(self.commands))
            line = shlex.join([ctx.command_path, meant, *rest])
            raise UsageError(
                f"no such command: {name}{f'; did you mean {meant}?' if meant else ''}",
                hint=line if meant else f"{ctx.command_path} --help lists the commands.",
            )
        return super().resolve_command(ctx, args)


def _help_record(parameter: "Parameter", ctx: "Context") -> tuple[str, str] | None:
    """Return the two columns of help for an argument or option, without names of Python's types."""
    record = parameter.get_help_record(ctx)
    if record is None:
        return None
    name, text = record
    text = re.sub(r"\[default: \((.*)\)", r"[default: \1", text)
    if parameter.param_type_name == "argument":
        return name.partition(" <")[0], text.removesuffix("  [required]")
    return name, text


def _group_of(parameter: "Parameter") -> str:
    if parameter.param_type_name == "argument":
        return "Arguments"
    return getattr(parameter, "rich_help_panel", None) or _OTHER
