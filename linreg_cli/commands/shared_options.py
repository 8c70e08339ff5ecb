"""The options and arguments that several commands share, each declared once.

An option of one command stands in the signature of that command, an option of how rows are read
in `row_options`. An option of any two commands is an ``Annotated`` type here, beside `Json`.

Help, completion, the warnings of `effects` and the way to the reader follow from the declaration.
An option without which the user would look in vain for a result is listed in `effects.RESULTS`
too. Names that other programs have for the option go to `synonyms`.
"""

from typing import Annotated, Any

import typer

from linreg_cli.commands import parsers
from linreg_cli.commands.lazy_completion import complete_column
from linreg_cli.commands.option_kinds import flag, output_file

COLUMNS = "Columns"
GROUPS = "Groups"
LEARNING = "Learning"
VALIDATION = "Validation"
OUTPUT = "Output"
READING = "Reading files"
CLUSTER = "Cluster"

ModelArgument = Annotated[
    str, typer.Argument(metavar="MODEL", help="A model file, or - for standard input.")
]
DataArgument = Annotated[
    list[str],
    typer.Argument(metavar="DATA", help="CSV files, a quoted glob, or - for standard input."),
]
Output = Annotated[
    str,
    output_file("Model file to write, or - for standard output.", OUTPUT),
]
QuietResult = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="Print only the result, warnings and errors.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print only warnings and errors.", rich_help_panel=OUTPUT),
]
Json = Annotated[
    bool,
    flag("--json", "Print the result as one JSON object.", OUTPUT),
]
Once = Annotated[
    bool,
    flag(
        "--once", "Count each input once: keep the SHA-256 of its content in the model.", LEARNING
    ),
]
RequireConvergence = Annotated[
    bool,
    flag(
        "--require-convergence",
        "Exit with status 5 and write no model if gradient descent does not converge.",
        LEARNING,
    ),
]
Confidence = Annotated[
    float,
    typer.Option(
        parser=parsers.share,
        metavar="NUMBER",
        help="Confidence level of the intervals, between 0 and 1; 0.95 means 95 %.",
        rich_help_panel=OUTPUT,
    ),
]


def column_option(help_text: str, *names: str, panel: str = COLUMNS) -> Any:  # noqa: ANN401
    """Return an option that takes the name of a column; `names` if not that of the parameter."""
    return typer.Option(
        *names,
        metavar="COLUMN",
        help=help_text,
        autocompletion=complete_column,
        rich_help_panel=panel,
    )
