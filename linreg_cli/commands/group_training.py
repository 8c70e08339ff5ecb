"""Train a model for each group, show a line for each, and write them in one file."""

import shlex
from typing import Self

from msgspec import Struct

from linreg_cli.commands.train_options import TrainOptions
from linreg_cli.commands.written_model import write_model
from linreg_cli.errors import FitError, count_of
from linreg_cli.model import AnyModel, GroupedModel, Settings, show_key
from linreg_cli.moments import GroupedMoments
from linreg_cli.output.terminal import (
    group_table,
    report,
    say,
    standard_output,
    training_progress,
)
from linreg_cli.statistics import score_groups
from linreg_cli.training import train_groups

MOST_SHOWN = 20
"""Maximum number of groups in the table of the training; linreg show prints all."""


class GroupDisplay(Struct, frozen=True, kw_only=True):
    """What is shown and required of a training of groups.

    Attributes
    ----------
    is_quiet
        Print nothing but warnings.
    is_strict
        Whether a group without a fit is an error.
    requires_convergence
        Whether a descent that does not converge is an error.
    prints_json
        Whether the result goes to standard output as JSON.

    """

    is_quiet: bool = False
    is_strict: bool = False
    requires_convergence: bool = False
    prints_json: bool = False

    @classmethod
    def of(cls, options: TrainOptions) -> Self:
        """Return what the options of linreg train ask for."""
        return cls(
            is_quiet=options.quiet,
            is_strict=options.strict,
            requires_convergence=options.require_convergence,
            prints_json=options.json,
        )


def learn_groups(
    data: GroupedMoments,
    settings: Settings,
    display: GroupDisplay,
    output: str,
    *,
    replaces: "AnyModel | None" = None,
) -> GroupedModel:
    """Train a model for each group, show the groups, and write the file.

    Raises
    ------
    FitError
        If no group has a fit; if one has none, or does not converge, where it has to.
    ModelChangedError
        If another model is at the place than the one that is replaced.

    """
    with training_progress(len(data.groups), is_quiet=display.is_quiet) as watch:
        model = train_groups(data, settings, watch)
    _refuse_failures(model, display)
    if not display.is_quiet:
        _show(model, output)
    write_model(model, output, replaces=replaces)
    if not display.is_quiet:
        say(report.saved(output))
    if display.prints_json:
        with standard_output() as write:
            write(group_table.as_json(model, score_groups(model), None).encode())
    return model


def _refuse_failures(model: GroupedModel, display: GroupDisplay) -> None:
    unfit = [group for group in model.groups if group.reason is not None]
    if unfit and (display.is_strict or len(unfit) == len(model.groups)):
        first = unfit[0]
        others = f", and {count_of(len(unfit) - 1, 'other group')}" if len(unfit) > 1 else ""
        raise FitError(
            f"the group {show_key(first.key)} cannot be fitted: {first.reason}{others}",
            hint="Leave out --strict to fit the other groups."
            if len(unfit) < len(model.groups)
            else "No group can be fitted: give --by a column with fewer values, or other --x.",
        )
    late = [
        group for group in model.groups if group.training and group.training.stopped != "converged"
    ]
    if late and display.requires_convergence and model.settings.solver != "exact":
        raise FitError(
            f"{count_of(len(late), 'group')} did not converge, the first is "
            f"{show_key(late[0].key)}; no model was written",
            hint="Give more --epochs, or use --solver exact.",
        )


def _show(model: GroupedModel, output: str) -> None:
    keys = model.keys[:MOST_SHOWN]
    say("\n".join(group_table.table(model, list(score_groups(model, keys)))))
    more = len(model.groups) - len(keys)
    if more:
        shown = "MODEL" if output == "-" else output
        say(f"... {count_of(more, 'more group')}; linreg show {shlex.quote(shown)} prints all")
    say(group_table.counts(model))
