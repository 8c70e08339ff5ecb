"""Options that several commands share."""

import math
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from linreg_cli.errors import UsageError
from linreg_cli.exact import decimals, is_number

if TYPE_CHECKING:
    from linreg_cli.reading.csv import CsvOptions

COLUMNS = "Columns"
LEARNING = "Learning"
VALIDATION = "Validation"
OUTPUT = "Output"
READING = "Reading files"
CLUSTER = "Cluster"
OF_ROWS = ("rejects", "threads", "delimiter", "decimal", "thousands", "encoding", "no_header")
"""Options that say how rows are read."""


class BadValueError(typer.BadParameter):
    """The value of an option cannot be used.

    Attributes
    ----------
    need
        What can be given, as "a number above 0" or "0.95 for 95 %".
    better
        The value that is probably meant, or nothing.

    """

    def __init__(self, problem: str, need: str, better: str = "") -> None:
        super().__init__(problem)
        self.need = need
        self.better = better


def number(
    *, above: float | None = None, at_least: float | None = None, below: float | None = None
) -> Callable[[str], float]:
    """Make the parser of an option that takes a finite number in a range."""
    need = "a number"
    if above is not None:
        need += f" above {above:g}"
    if at_least is not None:
        need += f" of at least {at_least:g}"
    if below is not None:
        need += f" and below {below:g}"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            pointed = text.replace(",", ".")
            better = pointed if is_number(pointed) else ""
            problem = f"'{text}' is not a number"
            raise BadValueError(problem, better or need, better) from None
        if not math.isfinite(value):
            raise BadValueError(f"{text} is not finite", need)
        if above is not None and value <= above:
            raise BadValueError(f"{text} is not above {above:g}", need)
        if at_least is not None and value < at_least:
            raise BadValueError(f"{text} is below {at_least:g}", need)
        if below is not None and value >= below:
            raise BadValueError(f"{text} is not below {below:g}", need)
        return value

    return parse


def share(text: str) -> float:
    """Parse a number between 0 and 1, both excluded."""
    try:
        return number(above=0, below=1)(text)
    except BadValueError as error:
        better = error.better
        need = better or "a number between 0 and 1, for example 0.95 for 95 %"
        percent = text.removesuffix("%").strip()
        if is_number(percent) and 1 < float(percent) < 100:  # noqa: PLR2004  # per cent
            exact = decimals.parse(percent)
            better = str(decimals.shortest(exact.integer, exact.decimals + 2))
            need = f"{better} for {percent} %"
        raise BadValueError(error.message, need, better) from None


def whole(*, at_least: int, at_most: int | None = None) -> Callable[[str], int]:
    """Make the parser of an option that takes a whole number."""
    need = f"a whole number of at least {at_least}"
    if at_most is not None:
        need = f"a whole number from {at_least} to {at_most}"

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            better = _as_whole(text)
            problem = f"'{text}' is not a whole number"
            raise BadValueError(problem, better or need, better) from None
        if value < at_least:
            raise BadValueError(f"{text} is below {at_least}", need)
        if at_most is not None and value > at_most:
            raise BadValueError(f"{text} is above {at_most}", need)
        return value

    return parse


def _as_whole(text: str) -> str:
    """Write out 1e5 or 10,000 as the whole number that it is."""
    plain = text.replace(",", "")
    if not is_number(plain):
        return ""
    exact = decimals.parse(plain)
    exact = decimals.shortest(exact.integer, exact.decimals)
    return "" if exact.decimals else str(exact)


def choice(*names: str) -> Callable[[str], str]:
    """Make the parser of an option that takes one of some names."""

    def parse(text: str) -> str:
        if text not in names:
            listed = ", ".join(names)
            close = next(iter(get_close_matches(text.casefold(), names, n=1)), "")
            raise BadValueError(
                f"'{text}' is not one of {listed}", close or f"one of {listed}", close
            )
        return text

    return parse


def penalties(text: str) -> tuple[float, ...]:
    """Parse ridge penalties: numbers of at least 0, with commas between them."""
    return tuple(map(number(at_least=0), text.split(",")))


def learning_rate(text: str) -> float | Literal["auto"]:
    """Parse a learning rate: ``auto`` or a number above 0."""
    if text == "auto":
        return "auto"
    try:
        return number(above=0)(text)
    except BadValueError as error:
        need = error.need if error.better else f"auto, or {error.need}"
        raise BadValueError(error.message, need, error.better) from None


def cluster(text: str) -> str:
    """Parse where a cluster is: ``local``, or the address of a scheduler."""
    if text != "local" and not re.fullmatch(r"[a-z]+://.+", text):
        better = f"tcp://{text}" if re.fullmatch(r"[\w.-]+:\d+", text) else ""
        raise BadValueError(
            f"'{text}' is neither local nor an address",
            better or "local, or the address of a scheduler such as tcp://10.0.0.1:8786",
            better,
        )
    return text


ModelArgument = Annotated[
    str, typer.Argument(metavar="MODEL", help="A model file, or - for standard input.")
]
DataArgument = Annotated[
    list[str],
    typer.Argument(metavar="DATA", help="CSV files, a quoted glob, or - for standard input."),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        metavar="CHAR",
        help="Field delimiter, for example ';' or tab. It is detected if not given.",
        rich_help_panel=READING,
    ),
]
Decimal = Annotated[
    str,
    typer.Option(metavar="CHAR", help="Decimal point, for example ','.", rich_help_panel=READING),
]
Thousands = Annotated[
    str,
    typer.Option(
        metavar="CHAR",
        help="Thousands separator in numbers, for example '.'.",
        show_default="none",
        rich_help_panel=READING,
    ),
]
Encoding = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Text encoding, for example latin-1 or utf-16.",
        rich_help_panel=READING,
    ),
]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header",
        help="The first line is a row; the columns are named 1, 2, 3 ...",
        rich_help_panel=READING,
    ),
]
Rejects = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Write rows that cannot be read to this CSV file, and continue.",
        rich_help_panel=READING,
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        parser=whole(at_least=1),
        metavar="N",
        help="Number of reading threads.",
        show_default="one for each core",
        rich_help_panel=READING,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        parser=cluster,
        metavar="ADDRESS|local",
        help="Read on a Dask cluster: the address of its scheduler, or local for one process for "
        "each core of this machine.",
        rich_help_panel=CLUSTER,
    ),
]
Once = Annotated[
    bool,
    typer.Option(
        "--once",
        help="Count each input once: keep the SHA-256 of its content in the model.",
        rich_help_panel=LEARNING,
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Model file to write, or - for standard output.",
        rich_help_panel=OUTPUT,
    ),
]
if TYPE_CHECKING:
    Missing = Literal["drop", "fail"]
else:  # what typer may call the type of a parsed option
    Missing = Annotated[
        str,
        typer.Option(
            parser=choice("drop", "fail"),
            metavar="drop|fail",
            help="Rows with a missing cell: drop leaves them out, fail stops with an error.",
            rich_help_panel=READING,
        ),
    ]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print only warnings and errors.", rich_help_panel=OUTPUT),
]
RequireConvergence = Annotated[
    bool,
    typer.Option(
        "--require-convergence",
        help="Exit with status 5 and write no model if gradient descent does not converge.",
        rich_help_panel=LEARNING,
    ),
]
Confidence = Annotated[
    float,
    typer.Option(
        parser=share,
        metavar="NUMBER",
        help="Confidence level of the intervals, between 0 and 1; 0.95 means 95 %.",
        rich_help_panel=OUTPUT,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print the result as one JSON object.", rich_help_panel=OUTPUT),
]


def csv_options(ctx: typer.Context) -> "CsvOptions":
    """Give how the files are written, and what becomes of rows that cannot be used."""
    from linreg_cli.reading.csv import CsvOptions

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


def check_outputs(**outputs: str | None) -> None:
    """Refuse outputs without a name, and two of them on standard output.

    Rejects are written while rows are read and a picture's format is told by the name of its
    file, so that neither can go to standard output.

    Raises
    ------
    UsageError
        For the first of them.

    """
    taken = ""
    for name, path in outputs.items():
        can_be_printed = name in {"output", "history"}
        if path == "":
            also = ", or - for standard output" if can_be_printed else ""
            raise UsageError(f"--{name} is empty", hint=f"Name a file{also}.")
        if path == "-":
            if not can_be_printed or taken:
                why = f": --{taken} is - already" if can_be_printed else ""
                raise UsageError(f"--{name} cannot be -{why}", hint="Name a file for it.")
            taken = name


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
