"""linreg merge: combine models that were trained on parts of the rows."""

from typing import Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.errors import UsageError


def merge(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL", help="Model files, or - for standard input."),
    ],
    output: shared.Output,
    require_convergence: shared.RequireConvergence = False,
    quiet: shared.Quiet = False,
) -> None:
    """Combine models into the model of all their rows.

    The result is the same to the last bit as training on all the rows.

    linreg merge north.json south.json -o all.json

    linreg merge north.json south.json -o - | linreg show -
    """
    from linreg_cli.commands.model_sources import named_models
    from linreg_cli.commands.outputs import check_outputs
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.output.terminal import report, say, warn
    from linreg_cli.training import find_shared_inputs, merge_settings

    check_outputs(output=output)
    refuse_overwriting(models, output)
    if models.count("-") > 1:
        raise UsageError(
            "- is given twice", hint="Give - once: standard input can be read only once."
        )
    ones, groups = named_models(models)
    settings = merge_settings(ones or groups, {})
    for first, second in find_shared_inputs(ones or groups):
        warn(report.shared_inputs(first, second))
    if groups:
        from linreg_cli.commands.group_training import GroupDisplay, learn_groups
        from linreg_cli.training import merge_groups

        display = GroupDisplay(is_quiet=quiet, requires_convergence=require_convergence)
        all_groups = learn_groups(merge_groups(groups), settings, display, output)
        if not quiet:
            say(report.rows_of(all_groups))
        return

    from linreg_cli.commands.training_display import TrainingDisplay
    from linreg_cli.commands.training_run import learn
    from linreg_cli.training import merge_models

    training_display = TrainingDisplay(
        is_quiet=quiet,
        requires_convergence=require_convergence,
        trained="MODEL" if output == "-" else output,
    )
    merged = learn(merge_models(ones), settings, training_display, output)
    if not quiet:
        say(report.rows_of(merged))
