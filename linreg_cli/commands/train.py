"""linreg train: learn a line from CSV data."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from linreg_cli.commands import options as shared, parsers
from linreg_cli.commands.completion import complete_column
from linreg_cli.commands.effects import ignore
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    LearningRate = float | Literal["auto"]
    Penalties = tuple[float, ...]
    Solver = Literal["gradient-descent", "exact"]
    Start = Literal["zeros", "random"]
else:  # what typer may call the type of a parsed option
    LearningRate = Penalties = Solver = Start = str

DESCENT_ONLY = ("learning_rate", "epochs", "tolerance", "start", "log_every", "history", "explain")


def train(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA",
            help="CSV files, a quoted glob, - for standard input, or model files to train again.",
        ),
    ],
    *,
    x: Annotated[
        list[str] | None,
        typer.Option(
            "--x",
            "-x",
            metavar="COLUMN",
            help="Feature column. Repeat it for more features: -x beds -x baths.",
            autocompletion=complete_column,
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None,
    y: Annotated[
        str | None,
        typer.Option(
            "--y",
            "-y",
            metavar="COLUMN",
            help="Target column.",
            autocompletion=complete_column,
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None,
    output: shared.Output = "model.json",
    quiet: shared.Quiet = False,
    solver: Annotated[
        Solver,
        typer.Option(
            parser=parsers.choice("gradient-descent", "exact"),
            metavar="gradient-descent|exact",
            help="How the weights are found.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = "gradient-descent",
    learning_rate: Annotated[
        LearningRate,
        typer.Option(
            parser=parsers.learning_rate,
            metavar="NUMBER|auto",
            help="Step size. The gradient has the factor 2, since the loss is the mean squared "
            "error: for the alpha of a course whose loss is 1/(2n) times the sum, give alpha / 2. "
            "auto halves the error in the steepest direction in every epoch.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = "auto",
    epochs: Annotated[
        int,
        typer.Option(
            parser=parsers.whole(at_least=0, at_most=10**18),
            metavar="N",
            help="Maximum number of epochs.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = 5000,
    tolerance: Annotated[
        float,
        typer.Option(
            parser=parsers.number(at_least=0),
            metavar="NUMBER",
            help="Stop when the distance to the optimum is this fraction of the initial distance.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = 1e-12,
    scale: Annotated[
        bool,
        typer.Option(
            help="Standardize the features during training.", rich_help_panel=shared.LEARNING
        ),
    ] = True,
    intercept: Annotated[
        bool,
        typer.Option(
            help="Learn the intercept b. Without it, b is 0.", rich_help_panel=shared.LEARNING
        ),
    ] = True,
    start: Annotated[
        Start,
        typer.Option(
            parser=parsers.choice("zeros", "random"),
            metavar="zeros|random",
            help="Initial weights.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = "zeros",
    require_convergence: shared.RequireConvergence = False,
    seed: Annotated[
        int,
        typer.Option(
            parser=parsers.whole(at_least=0),
            metavar="N",
            help="Random seed for --start random, --test-fraction and --folds.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = 0,
    l2: Annotated[
        Penalties,
        typer.Option(
            parser=parsers.penalties,
            metavar="NUMBER[,NUMBER...]",
            help="Ridge penalty: this number times the sum of the squared weights of the scaled "
            "features (of the features as they are with --no-scale) is added to the loss. "
            "Ridge(alpha=l2 * rows) in scikit-learn. With several numbers, --folds chooses.",
            show_default="0",
            rich_help_panel=shared.LEARNING,
        ),
    ] = "0",  # type: ignore[assignment]  # typer parses the default too
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Column with the weight of each row. A weight of 0 leaves the row out.",
            autocompletion=complete_column,
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None,
    test_fraction: Annotated[
        float | None,
        typer.Option(
            parser=parsers.share,
            metavar="NUMBER",
            help="Fraction of the rows for testing only, for example 0.2 for 20 %.",
            rich_help_panel=shared.VALIDATION,
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            parser=parsers.whole(at_least=2, at_most=1000),
            metavar="N",
            help="Number of cross-validation folds.",
            rich_help_panel=shared.VALIDATION,
        ),
    ] = None,
    log_every: Annotated[
        int | None,
        typer.Option(
            parser=parsers.whole(at_least=1),
            metavar="N",
            help="Print every Nth epoch and the last.",
            show_default="0, 1, 2, 4, 8 ...",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Print the arithmetic of the first epochs, with the first rows.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False,
    history: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv",
            help="Write the printed epochs to this CSV file; - is standard output.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Draw the fit in this picture file: .png, .svg or .pdf. DATA is read twice.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    once: shared.Once = False,
    json: shared.Json = False,
    rows: shared.TrainingRowOptions,
    cluster: Annotated[
        str | None,
        typer.Option(
            parser=parsers.cluster,
            metavar="ADDRESS|local",
            help="Read on a Dask cluster: the address of its scheduler, or local for one process "
            "for each core of this machine.",
            rich_help_panel=shared.CLUSTER,
        ),
    ] = None,
    typed: shared.Typed,
) -> None:
    """Learn a line or a plane from CSV files.

    linreg train houses.csv --x square_feet --y price

    linreg train 'sales-*.csv.gz' -x rooms -x age -y price -o sales.json

    linreg train houses.csv -x square_feet -y price --solver exact

    linreg train model.json --solver exact -o exact.json
    """
    from linreg_cli.commands.column_names import refuse_columns_as_files
    from linreg_cli.commands.on_cluster import find_on_cluster
    from linreg_cli.commands.refitting import are_models, restore
    from linreg_cli.commands.streams import check_outputs
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.reading.sources import find_sources

    check_outputs(output=output, history=history, plot=plot, rejects=rows.rejects)
    typed.refuse_together("explain", "quiet")
    if json and output == "-":
        raise UsageError(
            "--json and --output - both write to standard output",
            hint="Write the model to a file: --output model.json.",
        )
    first_rows = reading = None
    refuse_columns_as_files(rows, data, x or [])
    sources = find_on_cluster(typed, data) if cluster else find_sources(data)
    names = [source.name for source in sources]
    inputs = [source.argument for source in sources]
    if are_models(sources):
        refuse_overwriting(inputs, output, history, "-" if json else None)
        summed, settings = restore(typed, names, x or [], y)
        _check_effects(typed, dict(settings))
    else:
        from linreg_cli.commands.rows import Reading, read_distinct
        from linreg_cli.moments import Split
        from linreg_cli.reading import Selection, choose_columns

        _check_effects(
            typed,
            {
                "solver": solver,
                "l2": l2,
                "test_fraction": test_fraction,
                "folds": folds,
                "start": start,
            },
        )
        csv = rows.csv()
        refuse_overwriting(inputs, output, history, plot, rows.rejects, "-" if json else None)
        if plot is not None:
            from linreg_cli.commands.drawing import refuse_undrawable

            refuse_undrawable(plot, sources)
        selection = Selection(
            columns=choose_columns(x or [], y, weights, sources, csv),
            weights=weights or "",
            split=Split.of(test_fraction=test_fraction or 0.0, folds=folds or 0, seed=seed),
        )
        if explain:
            from linreg_cli.output.explain import FirstRows

            first_rows = FirstRows(selection)
        reading = Reading(
            sources=sources,
            csv=csv,
            rejects=rows.rejects,
            threads=rows.threads,
            cluster=cluster,
            is_quiet=quiet,
            keeps_apart=once,
        )
        watch = [first_rows.take] if first_rows else []
        summed, reading = read_distinct(reading, selection, watch)

        from linreg_cli.model import Settings

        settings = Settings(
            solver=solver,
            intercept=intercept,
            scale=scale,
            learning_rate=learning_rate,
            epochs=epochs,
            tolerance=tolerance,
            start=start,
            seed=seed,
            l2=l2,
            test_fraction=test_fraction or 0.0,
            folds=folds or 0,
        ).effective()
    from linreg_cli.commands.learning import TrainingDisplay, learn

    training_display = TrainingDisplay(
        is_quiet=quiet,
        log_every=log_every,
        history=history,
        explained=first_rows.rows if first_rows else (),
        requires_convergence=require_convergence,
        prints_json=json,
    )
    model = learn(summed, settings, training_display, output)
    if plot is not None and reading is not None:
        from linreg_cli.commands.drawing import draw_fit

        draw_fit(model, reading, plot)


def _check_effects(typed: shared.Typed, settings: Mapping[str, Any]) -> None:
    """Warn of options that have no effect with the settings, or refuse them."""
    is_exact = settings["solver"] == "exact"
    if is_exact:
        ignore(typed, DESCENT_ONLY, "--solver exact")
        if not any(settings["l2"]):
            ignore(typed, ["scale"], "--solver exact, without --l2")
    if not (settings["test_fraction"] or settings["folds"]):
        start = "--solver exact" if is_exact else "--start zeros"
        if is_exact or settings["start"] == "zeros":
            ignore(typed, ["seed"], f"{start}, without --test-fraction or --folds")
    if len(settings["l2"]) > 1 and not settings["folds"]:
        raise UsageError("several values of --l2 need --folds to choose one", hint="Add --folds 5.")
