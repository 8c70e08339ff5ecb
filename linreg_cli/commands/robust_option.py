"""The option --robust, and whether it fits the training rows and the options of reading them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, get_args

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.commands.effects import ignore
from linreg_cli.commands.option_kinds import choice
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.shared_options import OUTPUT
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.statistics import RobustKind

if TYPE_CHECKING:
    from linreg_cli.commands.group_option import ChosenGroup
    from linreg_cli.statistics import RobustCovariance

Robust = Annotated[
    RobustKind | None,
    choice(
        get_args(RobustKind),
        "Standard errors that hold if the variance of the errors is not constant; DATA are the "
        "training rows. A model trained with --moments 4 has hc0 and hc1 without DATA.",
        OUTPUT,
    ),
]


def check_robust(typed: Typed, robust: RobustKind | None, data: Sequence[str]) -> None:
    """Warn of options without effect, or refuse them.

    Raises
    ------
    UsageError
        If there are rows without --robust.

    """
    if data and not robust:
        raise UsageError(
            "DATA has no effect without --robust",
            hint="linreg evaluate MODEL DATA evaluates a model on rows.",
        )
    if not data:
        ignore(typed, RowOptions.names(), "no DATA")


class RobustInput(Struct, frozen=True, kw_only=True):
    """What robust errors are computed from.

    Attributes
    ----------
    name, model
        The path of the model, and the model.
    kind
        The kind of errors.
    data
        The files with the training rows; none for the model alone.
    group
        The group whose rows are the training rows; None for all rows.
    command
        The command with its arguments, for hints.

    """

    name: str
    model: Model
    kind: RobustKind
    data: Sequence[str]
    group: "ChosenGroup | None"
    command: str


def find_covariance(given: RobustInput, rows: RowOptions) -> "RobustCovariance":
    """Return the robust covariance of the weights, from rows or from the model alone.

    Raises
    ------
    UsageError
        If rows are needed.

    """
    if given.data:  # a report from the model alone starts without the reader of rows
        from linreg_cli.commands.robust_errors import plan_training_rows, read_sandwich

        plan = plan_training_rows(given.name, given.data, rows)
        reading = replace(plan, group=given.group)
        return read_sandwich(given.model, given.kind, reading)
    from linreg_cli.statistics import FROM_MOMENTS, FourthCovariance

    if given.kind in FROM_MOMENTS and given.model.has_fourth:
        return FourthCovariance.of(given.model, given.kind)
    hint = f"Name the files with the rows: {given.command} --robust {given.kind}"
    if given.kind in FROM_MOMENTS and not given.model.weights:
        hint += ". A model trained with --moments 4 does not need them"
    raise UsageError(f"--robust {given.kind} needs the training rows", hint=hint)
