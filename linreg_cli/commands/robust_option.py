"""The option --robust, and whether it fits the training rows and the options of reading them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.commands import parsers
from linreg_cli.commands.effects import ignore
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.commands.shared_options import OUTPUT
from linreg_cli.commands.typed_options import Typed
from linreg_cli.design import canonical
from linreg_cli.errors import UsageError
from linreg_cli.statistics import CLUSTER, RobustKind

if TYPE_CHECKING:
    from linreg_cli.commands.group_option import ChosenGroup
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.statistics import RobustCovariance

Robust = Annotated[
    str | None,
    typer.Option(
        parser=parsers.robust(*get_args(RobustKind)),
        autocompletion=parsers.complete_choice(*get_args(RobustKind), CLUSTER),
        metavar="|".join([*get_args(RobustKind), "cluster:COLUMN"]),
        help="Standard errors that hold if the variance of the errors is not constant or, with "
        "cluster:COLUMN, if errors of rows with the same value depend on each other. DATA are the "
        "training rows; models trained with --moments 4, --robust or --by do not need them for "
        "some kinds.",
        rich_help_panel=OUTPUT,
    ),
]


def check_robust(typed: Typed, robust: str | None, data: Sequence[str]) -> None:
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
    groups
        The models of groups, if the model is of all of their rows.
    command
        The command with its arguments, for hints.

    """

    name: str
    model: "Model"
    kind: str
    data: Sequence[str]
    group: "ChosenGroup | None"
    command: str
    groups: "GroupedModel | None" = None

    @property
    def cluster(self) -> str:
        """The column of the clusters; empty for the other kinds."""
        return canonical(self.kind.removeprefix(CLUSTER)) if self.kind.startswith(CLUSTER) else ""


def find_covariance(given: RobustInput, rows: RowOptions) -> "RobustCovariance":
    """Return the robust covariance of the weights, from rows or from the model alone.

    Raises
    ------
    UsageError
        If rows are needed.

    """
    if given.data:  # a report from the model alone starts without the reader of rows
        from linreg_cli.commands import robust_errors

        plan = robust_errors.plan_training_rows(given.name, given.data, rows)
        reading = replace(plan, group=given.group)
        if given.cluster:
            return robust_errors.read_clusters(given.model, given.cluster, reading)
        return robust_errors.read_sandwich(given.model, cast("RobustKind", given.kind), reading)
    return _without_rows(given)


def _without_rows(given: RobustInput) -> "RobustCovariance":
    from linreg_cli.prediction import clusters_of
    from linreg_cli.statistics import FROM_MOMENTS, ClusterCovariance, FourthCovariance

    column = given.cluster
    if given.groups is not None and column in given.groups.by:
        clusters = clusters_of(given.groups.data().by_columns([column]), given.model)
        return ClusterCovariance.of(given.model, column, clusters)
    if column and column == given.model.cluster_by and given.model.clusters is not None:
        clusters = list(given.model.clusters.restore().values())
        return ClusterCovariance.of(given.model, column, clusters)
    if given.kind in FROM_MOMENTS and given.model.has_fourth:
        return FourthCovariance.of(given.model, cast("RobustKind", given.kind))
    hint = f"Name the files with the rows: {given.command} --robust {given.kind}"
    if given.kind in FROM_MOMENTS and not given.model.weights:
        hint += ". A model trained with --moments 4 does not need them."
    if column:
        hint += f". A model trained with --robust {given.kind} does not need them."
    raise UsageError(f"--robust {given.kind} needs the training rows", hint=hint)
