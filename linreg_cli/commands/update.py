"""linreg update: add rows to a model, or remove rows from it."""

from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.row_options import TrainingRowOptions


def update(
    model: shared.ModelArgument,
    data: shared.DataArgument,
    *,
    remove: Annotated[
        bool,
        typer.Option(
            "--remove",
            help="Remove the rows instead of adding them.",
            rich_help_panel=shared.LEARNING,
        ),
    ] = False,
    once: shared.Once = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Model file to write, or - for standard output.",
            show_default="MODEL",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = None,
    require_convergence: shared.RequireConvergence = False,
    quiet: shared.Quiet = False,
    rows: TrainingRowOptions,
) -> None:
    """Add rows to a model, or remove rows from it.

    The result is the same to the last bit as training on all its rows.

    linreg update model.json new.csv

    linreg update model.json new.csv --once

    linreg update model.json withdrawn.csv --remove -o kept.json
    """
    from linreg_cli.commands.model_change import Change, apply_change, selection_for
    from linreg_cli.commands.model_sources import refuse_models
    from linreg_cli.commands.outputs import (
        check_outputs,
        refuse_pipe,
        refuse_standard_input_twice,
    )
    from linreg_cli.commands.reading_rows import Reading, sum_all_rows
    from linreg_cli.commands.training_display import TrainingDisplay
    from linreg_cli.files import refuse_overwriting
    from linreg_cli.model import load_model
    from linreg_cli.reading.sources import find_sources
    from linreg_cli.training import NamedModel

    check_outputs(output=output, rejects=rows.rejects)
    refuse_standard_input_twice(model, data)
    csv = rows.csv()
    sources = find_sources(data)
    if output is None:
        refuse_pipe(model)
        output = model
    refuse_overwriting([source.argument for source in sources], output, rows.rejects)
    is_streamed = "-" in (model, output)  # else the output may take the model's place
    refuse_overwriting([model], rows.rejects, output if is_streamed else None)
    loaded = load_model(model, command="update", data=data)
    refuse_models(sources, model)
    selection = selection_for(loaded)
    reading = Reading(
        sources=sources,
        csv=csv,
        rejects=rows.rejects,
        threads=rows.threads,
        is_quiet=quiet,
        keeps_apart=once or (remove and loaded.inputs is not None),
    )
    result = sum_all_rows(reading, selection)
    names = [source.name for source in sources]
    inputs = list(zip(names, result.by_source, strict=True)) if reading.keeps_apart else []
    change = Change(
        inputs=inputs or [("", result.data)], selection=selection, removes=remove, once=once
    )
    named = NamedModel(name=model, model=loaded)
    training_display = TrainingDisplay(
        is_quiet=quiet,
        requires_convergence=require_convergence,
        trained="MODEL" if is_streamed else output,
    )
    apply_change(named, change, output, training_display)
