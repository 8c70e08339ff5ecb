"""What is wrong with a command line, with a hint that says what to type."""

import contextlib
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer._click.exceptions import (
    BadOptionUsage,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError as TyperUsageError,
)

from linreg_cli.commands.parsers import BadValueError
from linreg_cli.errors import UsageError
from linreg_cli.exact import is_number

if TYPE_CHECKING:
    from typer._click import Context


_NEGATIVE = r"-[\d.,]"
"""How a negative number begins, in any spelling."""


@contextlib.contextmanager
def translated(ctx: "Context", args: Sequence[str]) -> Iterator[None]:
    """Turn an error of typer's into one of ours.

    Raises
    ------
    UsageError
        With what is wrong, and a hint with what to type.

    """
    try:
        yield
    except NoArgsIsHelpError:  # which is help
        raise
    except NoSuchOption as error:
        raise _unknown_option(ctx, error.option_name, args) from None
    except BadOptionUsage as error:
        raise _misused(ctx, error) from None
    except MissingParameter as error:
        name = _name_of(error.param)
        raise UsageError(f"{name} is missing", hint=f"For example: {_example(ctx)}") from None
    except typer.BadParameter as error:
        raise _bad_value(error) from None
    except TyperUsageError as error:
        if error.message.startswith("Got unexpected extra argument"):
            raise _too_many(ctx, args, error.message) from None
        raise UsageError(error.message, hint=f"{ctx.command_path} --help") from None


def refuse_options_as_values(ctx: "Context", args: Sequence[str]) -> None:
    """Refuse what looks like an option where a value or a file is expected.

    Raises
    ------
    UsageError
        For an unknown option among arguments that may be negative numbers, and for an option
        whose value was left out, so that it took the next option for its value.

    """
    options = _options_of(ctx.command)
    for parameter in ctx.command.params:
        value = ctx.params.get(str(parameter.name))
        several = value if isinstance(value, list | tuple) else []
        words = [value] if isinstance(value, str) else several
        for word in words:
            if parameter.param_type_name == "option":
                if word in options:
                    raise UsageError(
                        f"{_name_of(parameter)} needs a value, and {word} is an option",
                        hint=f"Type it after the option: {_usage_of(parameter)} {word} ...",
                    )
            elif word.startswith("-") and word != "-" and not re.match(_NEGATIVE, word):
                raise _unknown_option(ctx, word.partition("=")[0], args)


def _unknown_option(ctx: "Context", typed: str, args: Sequence[str]) -> UsageError:
    """Describe an option that the command does not have, with the command line that is meant."""
    from linreg_cli.commands.synonyms import options_meant

    message = f"no such option: {typed}"
    if meant := options_meant(typed, _options_of(ctx.command)):
        return UsageError(
            f"{message}; did you mean {' or '.join(meant)}?",
            hint=shlex.join([*ctx.command_path.split(), *_all_corrected(ctx, args)]),
        )
    others = [name for name, options in _other_commands(ctx) if typed in options]
    if others:
        *before, last = others
        listed = f"{', '.join(before)} and {last}" if before else last
        message += f"; {listed} {'has' if len(others) == 1 else 'have'} it"
    files = " A file can be named ./-FILE." if ctx.ignore_unknown_options else ""
    return UsageError(message, hint=f"{ctx.command_path} --help lists the options.{files}")


def _all_corrected(ctx: "Context", args: Sequence[str]) -> list[str]:
    """Return the arguments with every option that the command lacks replaced by what is meant."""
    from linreg_cli.commands.synonyms import corrected, options_meant

    options = _options_of(ctx.command)
    line = list(args)
    for word in args:
        name = word.partition("=")[0]
        if name.startswith("-") and name != "-" and name not in options and not is_number(name):
            for meant in options_meant(name, options)[:1]:
                line = corrected(line, name, meant, is_flag=not _takes_value(ctx.command, meant))
    return line


def _other_commands(ctx: "Context") -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the program, with its options."""
    if ctx.parent is not None:
        for name, command in getattr(ctx.parent.command, "commands", {}).items():
            yield f"{ctx.parent.command_path} {name}", _options_of(command)


def _options_of(command: Any) -> list[str]:  # noqa: ANN401 - of typer, without a public class
    return [
        spelling
        for parameter in command.params
        if parameter.param_type_name == "option"
        for spelling in (*parameter.opts, *parameter.secondary_opts)
    ]


def _takes_value(command: Any, option: str) -> bool:  # noqa: ANN401 - as above
    parameters = (p for p in command.params if option in (*p.opts, *p.secondary_opts))
    return not next(parameters).is_flag


def _misused(ctx: "Context", error: BadOptionUsage) -> UsageError:
    """Describe an option without its value, or with one that it does not take."""
    option = error.option_name
    parameter = next(p for p in ctx.command.params if option in p.opts)
    if "does not take" in error.message:
        return UsageError(f"{option} takes no value", hint=f"Type {option} alone.")
    hint = f"Type it after the option: {_usage_of(parameter)}"
    return UsageError(f"{option} needs a value", hint=hint)


def _bad_value(error: typer.BadParameter) -> UsageError:
    option = _name_of(error.param)
    problem = f"{option}: {error.message.removesuffix('.')}"
    if not isinstance(error, BadValueError):
        return UsageError(problem)
    better = f": {option} {shlex.quote(error.better)}" if error.better else "."
    return UsageError(problem, hint=f"Give {error.need}{better}")


def _too_many(ctx: "Context", args: Sequence[str], message: str) -> UsageError:
    """Describe arguments beyond those that the command takes; `message` ends with them."""
    names = " and ".join(_name_of(p) for p in ctx.command.params if p.param_type_name == "argument")
    rest = message.partition(" (")[2].removesuffix(")")
    kept: list[str] = []
    for word in reversed(args):
        if f" {rest}".endswith(f" {word}"):
            rest = rest.removesuffix(word).removesuffix(" ")
        else:
            kept.insert(0, word)
    return UsageError(
        f"{ctx.command_path} takes one {names}, and more are given",
        hint=f"Run it for one at a time: {shlex.join([*ctx.command_path.split(), *kept])}",
    )


def _name_of(parameter: Any) -> str:  # noqa: ANN401 - as above
    """Return what a parameter is called: the longest spelling of an option, or DATA."""
    is_option = parameter.param_type_name == "option"
    name: str = max(parameter.opts, key=len) if is_option else parameter.metavar
    return name


def _usage_of(parameter: Any) -> str:  # noqa: ANN401 - as above
    return f"{_name_of(parameter)} {parameter.metavar or 'VALUE'}"


def _example(ctx: "Context") -> str:
    """Return the first example of the command's help."""
    text = ctx.command.help or ""
    return next(line for line in map(str.strip, text.splitlines()) if line.startswith("linreg "))
