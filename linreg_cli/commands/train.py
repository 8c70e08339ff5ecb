"""linreg train: learn a line from CSV data."""

from typing import Annotated

import typer

from linreg_cli.commands.effects import ignore, refuse
from linreg_cli.commands.row_options import TrainingRowOptions
from linreg_cli.commands.setting_options import SettingOptions
from linreg_cli.commands.train_options import TrainOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError


def train(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA",
            help="CSV files, a quoted glob, - for standard input, or model files to train again.",
        ),
    ],
    *,
    asked: SettingOptions,
    options: TrainOptions,
    rows: TrainingRowOptions,
    typed: Typed,
) -> None:
    """Learn a line or a plane from CSV files.

    linreg train houses.csv --x square_feet --y price

    linreg train 'sales-*.csv.gz' -x rooms -x age -y price -o sales.json

    linreg train houses.csv -x square_feet -y price --solver exact

    linreg train sales.csv -x sqft -y price --by city -o cities.json

    linreg train model.json --solver exact -o exact.json
    """
    from linreg_cli.commands.column_names import refuse_columns_as_files
    from linreg_cli.commands.model_sources import are_models
    from linreg_cli.commands.training_inputs import from_models, from_rows, load_models
    from linreg_cli.reading.sources import find_sources

    _check_outputs(options, rows, typed)
    refuse_columns_as_files(rows, data, options.x or [])
    if options.cluster:
        from linreg_cli.commands.cluster_sources import find_on_cluster

        sources = find_on_cluster(typed, data)
    else:
        sources = find_sources(data)
    has_models = are_models(sources)
    ones, groups = load_models(sources, options) if has_models else ([], [])
    if groups or (options.by and not has_models):
        from linreg_cli.commands.group_inputs import groups_from_models, groups_from_rows
        from linreg_cli.commands.group_training import GroupDisplay, learn_groups

        if groups:
            by_group = groups_from_models(groups, options, typed)
        else:
            by_group = groups_from_rows(sources, options, asked.settings, rows, typed)
        learn_groups(by_group.data, by_group.settings, GroupDisplay.of(options), options.output)
        return
    if ones:
        found = from_models(ones, options, typed)
    else:
        refuse(
            typed,
            ["keep_missing"],
            "one model for all rows",
            hint="Add --by and the column of the groups, such as --by city.",
        )
        ignore(typed, ["strict"], "one model for all rows")
        found = from_rows(sources, options, asked.settings, rows, typed)

    from linreg_cli.commands.training_display import TrainingDisplay
    from linreg_cli.commands.training_run import learn

    training_display = TrainingDisplay(
        is_quiet=options.quiet,
        log_every=options.log_every,
        history=options.history,
        explained=found.first_rows,
        requires_convergence=options.require_convergence,
        prints_json=options.json,
    )
    model = learn(found.data, found.settings, training_display, options.output)
    if options.plot is not None and found.reading is not None:
        from linreg_cli.commands.drawing import draw_fit

        draw_fit(model, found.reading, options.plot)


def _check_outputs(options: TrainOptions, rows: TrainingRowOptions, typed: Typed) -> None:
    """Refuse outputs that exclude each other."""
    from linreg_cli.commands.outputs import check_outputs

    check_outputs(
        output=options.output, history=options.history, plot=options.plot, rejects=rows.rejects
    )
    typed.refuse_together("explain", "quiet")
    if options.json and options.output == "-":
        raise UsageError(
            "--json and --output - both write to standard output",
            hint="Write the model to a file: --output model.json.",
        )
