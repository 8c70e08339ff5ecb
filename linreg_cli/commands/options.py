"""Options that several commands share."""

import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from linreg_cli.decimals import is_number
from linreg_cli.errors import UsageError, nearest

if TYPE_CHECKING:
    from linreg_cli.reading import CsvOptions

INPUT = "Input"
OF_ROWS = ("rejects", "threads", "delimiter", "decimal", "thousands", "encoding", "no_header")
"""Options that say how rows are read."""


def number(
    *, above: float | None = None, at_least: float | None = None, below: float | None = None
) -> Callable[[str], float]:
    """Make the parser of an option that takes a finite number in a range."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise typer.BadParameter(f"'{text}' is not a number.") from None
        if not math.isfinite(value):
            raise typer.BadParameter(f"{text} is not finite.")
        if above is not None and value <= above:
            raise typer.BadParameter(f"{text} is not above {above:g}.")
        if at_least is not None and value < at_least:
            raise typer.BadParameter(f"{text} is below {at_least:g}.")
        if below is not None and value >= below:
            raise typer.BadParameter(f"{text} is not below {below:g}.")
        return value

    return parse


def share(text: str) -> float:
    """Parse a number between 0 and 1, both excluded."""
    return number(above=0, below=1)(text)


def whole(*, at_least: int, at_most: int | None = None) -> Callable[[str], int]:
    """Make the parser of an option that takes a whole number."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise typer.BadParameter(f"'{text}' is not a whole number.") from None
        if value < at_least:
            raise typer.BadParameter(f"{text} is below {at_least}.")
        if at_most is not None and value > at_most:
            raise typer.BadParameter(f"{text} is above {at_most}.")
        return value

    return parse


def choice(*names: str) -> Callable[[str], str]:
    """Make the parser of an option that takes one of some names."""

    def parse(text: str) -> str:
        if text not in names:
            listed = ", ".join(f"'{name}'" for name in names)
            raise typer.BadParameter(f"'{text}' is not one of {listed}.")
        return text

    return parse


def penalties(text: str) -> tuple[float, ...]:
    """Parse ridge penalties: numbers of at least 0, with commas between them."""
    return tuple(map(number(at_least=0), text.split(",")))


def learning_rate(text: str) -> float | Literal["auto"]:
    """Parse a learning rate: ``auto`` or a number above 0."""
    return "auto" if text == "auto" else number(above=0)(text)


def cluster(text: str) -> str:
    """Parse where a cluster is: ``local``, or the address of a scheduler."""
    if text != "local" and not re.fullmatch(r"[a-z]+://.+", text):
        raise typer.BadParameter(f"'{text}' is neither local nor as tcp://host:8786.")
    return text


Delimiter = Annotated[
    str | None,
    typer.Option(
        metavar="SIGN",
        help="What separates fields: , ; | or tab.",
        show_default="found",
        rich_help_panel=INPUT,
    ),
]
Decimal = Annotated[
    str, typer.Option(metavar="SIGN", help="The decimal sign.", rich_help_panel=INPUT)
]
Thousands = Annotated[
    str,
    typer.Option(
        metavar="SIGN",
        help="The sign between groups of three digits.",
        show_default="none",
        rich_help_panel=INPUT,
    ),
]
Encoding = Annotated[
    str, typer.Option(metavar="NAME", help="The encoding of the text.", rich_help_panel=INPUT)
]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header", help="The first row is data; columns are 1, 2, 3 ...", rich_help_panel=INPUT
    ),
]
Rejects = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Set rows that cannot be read aside in this CSV file, and go on.",
        rich_help_panel=INPUT,
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        parser=whole(at_least=1),
        metavar="N",
        help="How many threads read.",
        show_default="one for each core",
        rich_help_panel=INPUT,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        parser=cluster,
        metavar="ADDRESS|local",
        help="Read on the Dask cluster of this scheduler, or with a process for each core.",
        show_default="none",
        rich_help_panel=INPUT,
    ),
]
Output = Annotated[
    str,
    typer.Option("--output", "-o", metavar="FILE", help="Where the model goes; - is stdout."),
]
if TYPE_CHECKING:
    Missing = Literal["drop", "fail"]
else:  # what typer may call the type of a parsed option
    Missing = Annotated[
        str,
        typer.Option(
            parser=choice("drop", "fail"),
            metavar="drop|fail",
            help="A row with a missing cell is left out, or is an error.",
            rich_help_panel=INPUT,
        ),
    ]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Confidence = Annotated[
    float,
    typer.Option(parser=share, metavar="NUMBER", help="The confidence of the intervals."),
]


def csv_options(ctx: typer.Context) -> "CsvOptions":
    """Give how the files are written, and what becomes of rows that cannot be used."""
    from linreg_cli.reading import CsvOptions

    given = ctx.params
    return CsvOptions(
        delimiter=given["delimiter"],
        decimal=given["decimal"],
        thousands=given["thousands"],
        encoding=given["encoding"],
        has_header=not given["no_header"],
        fail_on_missing=given.get("missing") == "fail",
        sets_aside=given.get("rejects") is not None,
    )


def refuse_empty(**outputs: str | None) -> None:
    """Refuse outputs without a name, and standard output for all but `output`.

    Raises
    ------
    UsageError
        For the first of them.

    """
    for name, path in outputs.items():
        if path == "":
            also = ", or - for standard output" if name == "output" else ""
            raise UsageError(f"--{name} is empty", hint=f"Name a file{also}.")
        if path == "-" and name != "output":
            raise UsageError(f"--{name} cannot be -", hint="Name a file for it.")


def refuse_standard_input_twice(model: str, data: Iterable[str]) -> None:
    """Refuse a model and data that both are standard input.

    Raises
    ------
    UsageError
        If they are.

    """
    if model == "-" and "-" in data:
        raise UsageError("both the model and the data are -", hint="Write one to a file.")


def refuse_pipe(model: str) -> None:
    """Refuse a model that is no file, which cannot be written to the place it came from.

    Raises
    ------
    UsageError
        If it is a pipe, as of ``<(...)``, or a device.

    """
    path = Path(model)
    if model != "-" and path.exists() and not (path.is_file() or path.is_dir()):
        raise UsageError(
            f"{model} is not a file, so the model cannot go to its place",
            hint="--output says where it goes.",
        )


def refuse_together(ctx: typer.Context, *names: str) -> None:
    """Refuse options of which only one can be given.

    Raises
    ------
    UsageError
        For the first two.

    """
    given = [name for name in names if is_given(ctx, name)]
    if len(given) > 1:
        raise UsageError(
            f"{option_of(ctx, given[0])} and {option_of(ctx, given[1])} cannot go together",
            hint="Leave out one of the two.",
        )


def is_given(ctx: typer.Context, name: str) -> bool:
    """Tell whether the user gave an option."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def option_of(ctx: typer.Context, name: str) -> str:
    """Give the option that the user gave for a parameter."""
    is_off = ctx.params.get(name) is False
    return f"--{'no-' if is_off else ''}{name.replace('_', '-')}"


def refuse(ctx: typer.Context, names: Iterable[str], because: str) -> None:
    """Refuse options that the user gave though `because` leaves them no meaning.

    Raises
    ------
    UsageError
        For the first of them.

    """
    for name in names:
        if is_given(ctx, name):
            raise UsageError(
                f"{option_of(ctx, name)} has no meaning with {because}",
                hint="Leave out one of the two.",
            )


def refuse_unknown_options(ctx: typer.Context, inputs: Iterable[str]) -> None:
    """Refuse inputs that look like options, where negative numbers had to be let through.

    Raises
    ------
    UsageError
        For the first of them, with the nearest option.

    """
    options = [option for parameter in ctx.command.params for option in parameter.opts]
    for text in inputs:
        if text.startswith("-") and text != "-" and not is_number(text):
            near = nearest(text, options)
            raise UsageError(
                f"no such option: {text}{'; ' + near if near else ''}",
                hint="linreg predict --help lists the options; a file can be named ./-FILE.",
            )
