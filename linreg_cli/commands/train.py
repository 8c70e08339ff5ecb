"""linreg train: learn a line from CSV data."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from linreg_cli.commands import options as shared

if TYPE_CHECKING:
    LearningRate = float | Literal["auto"]
else:  # what typer may call the type of a parsed option
    LearningRate = str

TRAINING = "Training"
VALIDATION = "Validation"
DESCENT_ONLY = (
    "learning_rate",
    "epochs",
    "tolerance",
    "scale",
    "start",
    "seed",
    "log_every",
    "history",
)


def train(
    ctx: typer.Context,
    data: Annotated[list[str], typer.Argument(help="CSV files, a quoted glob, or - for stdin.")],
    x: Annotated[
        list[str] | None, typer.Option("--x", help="A feature's column; repeat it for more.")
    ] = None,
    y: Annotated[str | None, typer.Option("--y", help="The target's column.")] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", help="Where the model goes; - is stdout.")
    ] = "model.json",
    quiet: shared.Quiet = False,
    solver: Annotated[
        Literal["gradient-descent", "exact"],
        typer.Option(help="How to find the weights.", rich_help_panel=TRAINING),
    ] = "gradient-descent",
    learning_rate: Annotated[
        LearningRate,
        typer.Option(
            parser=shared.learning_rate,
            metavar="NUMBER|auto",
            help="Step size; auto halves the steepest direction's error every epoch.",
            rich_help_panel=TRAINING,
        ),
    ] = "auto",
    epochs: Annotated[
        int, typer.Option(min=0, help="The most steps to take.", rich_help_panel=TRAINING)
    ] = 5000,
    tolerance: Annotated[
        float,
        typer.Option(
            parser=shared.number(at_least=0),
            metavar="NUMBER",
            help="Converged: this fraction of the first distance to the optimum.",
            rich_help_panel=TRAINING,
        ),
    ] = 1e-12,
    scale: Annotated[
        bool,
        typer.Option(help="Standardise features while training.", rich_help_panel=TRAINING),
    ] = True,
    intercept: Annotated[
        bool, typer.Option(help="Learn b; without it b is 0.", rich_help_panel=TRAINING)
    ] = True,
    start: Annotated[
        Literal["zeros", "random"],
        typer.Option(help="The first weights.", rich_help_panel=TRAINING),
    ] = "zeros",
    seed: Annotated[
        int, typer.Option(min=0, help="Of --start random, --test-fraction and --folds.", rich_help_panel=TRAINING)
    ] = 0,
    l2: Annotated[
        tuple[float, ...],
        typer.Option(
            parser=shared.penalties,
            metavar="NUMBER[,NUMBER...]",
            help="Ridge: add this times the sum of squared slopes to the loss, on scaled features "
            "unless --no-scale; Ridge(alpha=l2 * rows) in scikit-learn. Of several, --folds "
            "chooses.",
            show_default="0",
            rich_help_panel=TRAINING,
        ),
    ] = "0",  # type: ignore[assignment]  # typer parses the default too
    weights: Annotated[
        str | None,
        typer.Option(
            help="A column of weights: how much a row counts; 0 leaves it out.",
            rich_help_panel=TRAINING,
        ),
    ] = None,
    test_fraction: Annotated[
        float,
        typer.Option(
            parser=shared.number(above=0, below=1),
            metavar="NUMBER",
            help="Keep this share of the rows for testing.",
            show_default="none",
            rich_help_panel=VALIDATION,
        ),
    ] = 0.0,
    folds: Annotated[
        int,
        typer.Option(
            min=2,
            help="Cross-validate with so many folds.",
            show_default="none",
            rich_help_panel=VALIDATION,
        ),
    ] = 0,
    log_every: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Show every Nth epoch.",
            show_default="0, 1, 2, 4, 8 ...",
            rich_help_panel=TRAINING,
        ),
    ] = None,
    history: Annotated[
        str | None,
        typer.Option(help="Write the shown epochs to a CSV file.", rich_help_panel=TRAINING),
    ] = None,
    missing: Annotated[
        Literal["drop", "fail"],
        typer.Option(
            help="A row with a missing cell is left out, or is an error.",
            rich_help_panel=shared.INPUT,
        ),
    ] = "drop",
    delimiter: shared.Delimiter = None,
    decimal: shared.Decimal = ".",
    thousands: shared.Thousands = "",
    encoding: shared.Encoding = "utf-8",
    no_header: shared.NoHeader = False,
) -> None:
    """Learn a line (or a plane) from CSV data and write it to a model file.

    linreg train houses.csv --x square_feet --y price

    linreg train 'sales-*.csv.gz' --x rooms --x age --y price --solver exact -o sales.json
    """
    from linreg_cli.columns import choose_columns
    from linreg_cli.commands.learning import Watching, deliver, learn
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.gather import gather
    from linreg_cli.model import Settings
    from linreg_cli.reading import CsvOptions, find_sources
    from linreg_cli.terminal import report
    from linreg_cli.terminal.console import say, warn
    from linreg_cli.terminal.reading_progress import reading_progress

    if solver == "exact":
        shared.refuse(ctx, DESCENT_ONLY, "--solver exact")
    if start == "zeros":
        shared.refuse(ctx, ["seed"], "--start zeros")
    settings = Settings(
        solver=solver,
        intercept=intercept,
        scale=scale,
        learning_rate=learning_rate,
        epochs=epochs,
        tolerance=tolerance,
        start=start,
        seed=seed,
    )
    csv = CsvOptions(
        delimiter=delimiter,
        decimal=decimal,
        thousands=thousands,
        encoding=encoding,
        has_header=not no_header,
        fail_on_missing=missing == "fail",
    )
    sources = find_sources(data)
    refuse_overwriting([source.name for source in sources], output, history)
    columns = choose_columns(x or [], y, sources, csv)
    with reading_progress(sources, is_quiet=quiet) as advance:
        gathered = gather(sources, columns, csv, advance=advance)
    if not quiet:
        say(report.reading(sources, gathered.ledger))
        for name in gathered.numeric_headers:
            warn(report.numeric_header(name))
    watching = Watching(is_quiet=quiet, log_every=log_every, history=history)
    model = learn(gathered.sums, settings, watching)
    deliver(model, output, is_quiet=quiet)
    if model.training.stopped == "interrupted":
        raise typer.Exit(130)
