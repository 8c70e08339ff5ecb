"""The option --robust, and whether it fits the training rows and the options of reading them."""

from collections.abc import Sequence
from typing import Annotated, get_args

from linreg_cli.commands.effects import ignore
from linreg_cli.commands.option_kinds import choice
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.shared_options import OUTPUT
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError
from linreg_cli.statistics import RobustKind

Robust = Annotated[
    RobustKind | None,
    choice(
        get_args(RobustKind),
        "Standard errors that hold if the variance of the errors is not constant; DATA are the "
        "training rows.",
        OUTPUT,
    ),
]


def check_robust(
    typed: Typed, robust: RobustKind | None, data: Sequence[str], *, command: str
) -> None:
    """Warn of options without effect, or refuse them.

    Raises
    ------
    UsageError
        If there are rows without --robust, or --robust without rows.

    """
    if robust and not data:
        raise UsageError(
            "--robust needs the training rows",
            hint=f"Name the files with the rows: {command} --robust {robust}",
        )
    if data and not robust:
        raise UsageError(
            "DATA has no effect without --robust",
            hint="linreg evaluate MODEL DATA evaluates a model on rows.",
        )
    if not robust:
        ignore(typed, RowOptions.names(), "no DATA")
