"""What linreg train --by learns from: the rows of CSV files, group by group."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.commands.effects import ignore_all
from linreg_cli.commands.row_options import TrainingRowOptions
from linreg_cli.commands.train_options import TrainOptions
from linreg_cli.commands.training_inputs import (
    check_effects,
    choose_of_models,
    plan_rows,
    settings_of_models,
)
from linreg_cli.commands.typed_options import Typed
from linreg_cli.model import Settings

if TYPE_CHECKING:
    from linreg_cli.moments import GroupedMoments
    from linreg_cli.reading.sources import Source
    from linreg_cli.training import NamedGroups

OF_ONE_MODEL = ("log_every", "history", "explain", "plot")
"""Options that say something of the training of one model."""


class GroupInput(Struct, frozen=True, kw_only=True):
    """What is learned from, and how.

    Attributes
    ----------
    data
        The moments of each group.
    settings
        How to learn; those without effect have their default.

    """

    data: "GroupedMoments"
    settings: Settings


def groups_from_rows(
    sources: "Sequence[Source]",
    options: TrainOptions,
    settings: Settings,
    rows: TrainingRowOptions,
    typed: Typed,
) -> GroupInput:
    """Read the rows of CSV files.

    Raises
    ------
    UsageError
        If options contradict each other or the files.

    """
    from linreg_cli.commands.reading_rows import read_groups

    ignore_all(typed, dict.fromkeys(OF_ONE_MODEL, "--by"))
    plan = plan_rows(sources, options, settings, rows, typed)
    data = read_groups(plan.reading, plan.selection)
    return GroupInput(data=data, settings=plan.settings.effective())


def groups_from_models(
    models: "Sequence[NamedGroups]", options: TrainOptions, typed: Typed
) -> GroupInput:
    """Join the moments of models group by group, and their settings with those of the user.

    Raises
    ------
    UsageError
        If the models do not add up, or an option needs rows.

    """
    from linreg_cli.training import merge_groups

    ignore_all(typed, dict.fromkeys(OF_ONE_MODEL, "one model for each group"))
    settings = settings_of_models(models, typed)
    data = merge_groups(models).each(choose_of_models(models[0], options, typed))
    check_effects(typed, settings)
    return GroupInput(data=data, settings=settings)
