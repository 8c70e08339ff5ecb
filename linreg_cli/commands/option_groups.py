"""Options that are declared once for several commands, as the fields of a class.

A command takes such a group as one parameter. Typer reads one parameter for each option, so
`expand_groups` makes the function that Typer sees:

    def columns(data: DataArgument, *, json: Json = False, file: FileOptions) -> None

    columns(ctx, *, data, json, delimiter, decimal, ...)   what Typer calls
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from inspect import Parameter
from typing import Annotated, Any, Self, get_args, get_origin

import typer
from msgspec import Struct


class OptionGroup(Struct, frozen=True):
    """The parent of a class whose fields are options, each with a default.

    The type of a field is ``Annotated[type, typer.Option(...)]``, as of a command's parameter.
    """

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return a parameter for each option."""
        types = {
            name: kind
            for each in cls.__mro__
            for name, kind in inspect.get_annotations(each).items()
        }
        return tuple(
            Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=types[name])
            for name, default in zip(cls.__struct_fields__, cls.__struct_defaults__, strict=True)
        )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the options in the code, as ``no_header``."""
        return cls.__struct_fields__

    @classmethod
    def from_context(cls, context: typer.Context) -> Self:
        """Return the group with the values of a command line."""
        return cls(**{name: context.params[name] for name in cls.names()})


def expand_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Return the function that Typer calls in place of a command: each option is a parameter."""
    signature = inspect.signature(command)
    groups = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if isinstance(parameter.annotation, type) and issubclass(parameter.annotation, OptionGroup)
    }

    @functools.wraps(command)
    def run(ctx: typer.Context, **values: Any) -> None:  # noqa: ANN401 - of any option
        own = {name: value for name, value in values.items() if name in signature.parameters}
        made = {name: group.from_context(ctx) for name, group in groups.items()}
        command(**own, **made)

    context = Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [context, *_expanded(signature.parameters, groups)]
    )
    return run


def _expanded(
    parameters: Mapping[str, Parameter], groups: Mapping[str, type[OptionGroup]]
) -> Iterator[Parameter]:
    for name, parameter in parameters.items():
        for option in groups[name].parameters() if name in groups else [parameter]:
            yield Parameter(
                option.name,
                Parameter.KEYWORD_ONLY,
                default=option.default,
                annotation=_as_typer_reads_it(option.annotation),
            )


def _as_typer_reads_it(annotation: Any) -> Any:  # noqa: ANN401 - as above
    """Return the type of an option; Typer knows no union or Literal, and parsers need none."""
    if get_origin(annotation) is Annotated:
        kind, *rest = get_args(annotation)
        is_list = any(get_origin(member) is list for member in (kind, *get_args(kind)))
        if not is_list and any(getattr(info, "parser", None) for info in rest):
            return Annotated[(str, *map(_with_default_as_it_is, rest))]
    return annotation


def _with_default_as_it_is(info: Any) -> Any:  # noqa: ANN401 - as above
    """Return an option whose parser leaves the default as it is; Typer parses the default too."""
    parse = info.parser
    changed = copy(info)
    changed.parser = lambda value: parse(value) if isinstance(value, str) else value
    return changed
