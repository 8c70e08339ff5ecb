"""linreg evaluate: how well a model predicts other rows, with conditions for scripts."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.group_option import GroupKey, OneModel, choose_group
from linreg_cli.commands.option_kinds import flag
from linreg_cli.commands.row_options import RowOptions

if TYPE_CHECKING:
    from linreg_cli.statistics import Evaluation, GroupedEvaluation


def evaluate(
    model: shared.ModelArgument,
    data: shared.DataArgument,
    *,
    group: GroupKey = None,
    check_drift: Annotated[
        bool,
        flag(
            "--check-drift",
            "Test whether the model still holds for these rows (Chow's test).",
            shared.VALIDATION,
        ),
    ] = False,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="Exit with status 6 if this condition holds, for example 'r2 < 0.9' or "
            "'mape > 10'. mape and coverage are in per cent. Repeat it for more conditions.",
            rich_help_panel=shared.VALIDATION,
        ),
    ] = None,
    json: shared.Json = False,
    quiet: shared.Quiet = False,
    rows: RowOptions,
) -> None:
    """Evaluate a model on other rows.

    linreg evaluate model.json new.csv

    linreg evaluate model.json new.csv --check-drift --fail-if 'r2 < 0.9'
    """
    from linreg_cli.commands.evaluating import evaluate_rows
    from linreg_cli.commands.outputs import check_outputs
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.commands.reading_rows import plan_reading
    from linreg_cli.model import load_any_model
    from linreg_cli.output.terminal import standard_output
    from linreg_cli.statistics import IN_PERCENT, NAMES, SHARES, Condition, check_conditions

    check_outputs(rejects=rows.rejects)
    conditions = [Condition.parse(condition, NAMES, shares=SHARES) for condition in fail_if or []]
    check_drift = check_drift or any(condition.name.startswith("drift") for condition in conditions)
    reading = plan_reading(model, data, rows, is_quiet=quiet)
    refuse_overwriting([model, *reading.inputs], rows.rejects, "-")
    loaded = load_any_model(model, command="evaluate", data=data)
    chosen = choose_group(loaded, model, group)
    evaluation: Evaluation | GroupedEvaluation
    if isinstance(chosen, OneModel):
        reading = replace(reading, group=chosen.group)
        evaluation = evaluate_rows(chosen.model, reading, checks_drift=check_drift)
    else:
        from linreg_cli.commands.evaluating_groups import evaluate_rows_by_group

        evaluation = evaluate_rows_by_group(chosen, reading, checks_drift=check_drift)

    from linreg_cli.output.terminal import evaluation_table as text

    try:
        if json or not quiet:
            with standard_output() as write:
                write((text.as_json(evaluation) if json else text.as_table(evaluation)).encode())
    finally:  # a closed pipe does not make a failed condition pass
        check_conditions(conditions, evaluation.figures, in_percent=IN_PERCENT)
