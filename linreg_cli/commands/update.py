"""linreg update: add rows to a model, or remove rows from it."""

from typing import Annotated

import typer

from linreg_cli.commands import parsers, shared_options as shared
from linreg_cli.commands.option_kinds import flag, output_file
from linreg_cli.commands.row_options import TrainingRowOptions
from linreg_cli.commands.typed_options import Typed


def update(
    model: shared.ModelArgument,
    data: shared.DataArgument,
    *,
    remove: Annotated[
        bool,
        flag("--remove", "Remove the rows instead of adding them.", shared.LEARNING),
    ] = False,
    once: shared.Once = False,
    max_levels: Annotated[
        int | None,
        typer.Option(
            parser=parsers.whole(parsers.Bounds(at_least=1)),
            metavar="N",
            help="Maximum number of levels of a category in DATA.",
            show_default="that of the training",
            rich_help_panel=shared.COLUMNS,
        ),
    ] = None,
    output: Annotated[
        str | None,
        output_file(
            "Model file to write, or - for standard output.", shared.OUTPUT, default="MODEL"
        ),
    ] = None,
    require_convergence: shared.RequireConvergence = False,
    quiet: shared.Quiet = False,
    rows: TrainingRowOptions,
    typed: Typed,
) -> None:
    """Add rows to a model, or remove rows from it.

    The result is the same to the last bit as training on all the model's rows.

    linreg update model.json new.csv

    linreg update model.json new.csv --once

    linreg update model.json withdrawn.csv --remove -o kept.json
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.model_change import apply_change, read_change
    from linreg_cli.commands.model_sources import name_model, refuse_models
    from linreg_cli.commands.outputs import check_outputs, refuse_pipe
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.commands.reading_rows import plan_reading
    from linreg_cli.commands.training_display import TrainingDisplay
    from linreg_cli.model import load_any_model

    check_outputs(output=output, rejects=rows.rejects)
    reading = plan_reading(model, data, rows, is_quiet=quiet)
    if output is None:
        refuse_pipe(model)
        output = model
    refuse_overwriting(reading.inputs, output, rows.rejects)
    is_streamed = "-" in {model, output}  # else the output may take the model's place
    refuse_overwriting([model], rows.rejects, output if is_streamed else None)
    loaded = load_any_model(model, command="update", data=data)
    refuse_models(reading.sources, model)
    if loaded.known_levels is None or not loaded.known_levels.design.categories:
        ignore(typed, ["max_levels"], "a model without categories")
    change = read_change(loaded, reading, removes=remove, once=once, max_levels=max_levels)
    training_display = TrainingDisplay(
        is_quiet=quiet,
        requires_convergence=require_convergence,
        trained="MODEL" if is_streamed else output,
    )
    apply_change(name_model(model, loaded), change, output, training_display)
