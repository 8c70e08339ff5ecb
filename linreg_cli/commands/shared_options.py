"""The options and arguments that several commands share, each declared once.

An option of one command stands in the signature of that command, an option of how rows are read
in `row_options`. An option of any two commands is an ``Annotated`` type here, beside `Json`.

Help, completion, the warnings of `effects` and the way to the reader follow from the declaration.
An option without which the user would look in vain for a result is listed in `effects.RESULTS`
too. Names that other programs have for the option go to `synonyms`.
"""

from typing import Annotated

import typer

from linreg_cli.commands import parsers

COLUMNS = "Columns"
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
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Model file to write, or - for standard output.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print only warnings and errors.", rich_help_panel=OUTPUT),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print the result as one JSON object.", rich_help_panel=OUTPUT),
]
Once = Annotated[
    bool,
    typer.Option(
        "--once",
        help="Count each input once: keep the SHA-256 of its content in the model.",
        rich_help_panel=LEARNING,
    ),
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
        parser=parsers.share,
        metavar="NUMBER",
        help="Confidence level of the intervals, between 0 and 1; 0.95 means 95 %.",
        rich_help_panel=OUTPUT,
    ),
]
