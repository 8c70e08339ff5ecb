"""One pass over the training rows of a model, for its robust standard errors."""

from collections.abc import Sequence

from msgspec.structs import replace

from linreg_cli.commands.outputs import check_outputs
from linreg_cli.commands.overwriting import refuse_overwriting
from linreg_cli.commands.reading_rows import Reading, plan_reading, read_groups, read_rows
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.design import canonical
from linreg_cli.errors import DataError, UsageError, count_of
from linreg_cli.model import Model
from linreg_cli.moments import SplitMoments
from linreg_cli.prediction import are_trained_on, clusters_of, selection_as_split
from linreg_cli.reading import UsedRows
from linreg_cli.reading.csv import Rows
from linreg_cli.statistics import ClusterCovariance, RobustKind, Sandwich


def plan_training_rows(model: str, data: Sequence[str], rows: RowOptions) -> Reading:
    """Return how the training rows are read, if no output would overwrite them."""
    check_outputs(rejects=rows.rejects)
    reading = plan_reading(model, data, rows, is_quiet=True)
    refuse_overwriting([model, *reading.inputs], rows.rejects, "-")
    return reading


def read_sandwich(model: Model, kind: RobustKind, reading: Reading) -> Sandwich:
    """Read the training rows of a model again, and return the estimator that has seen them.

    Raises
    ------
    DataError
        If they are not the rows that the model was trained on.
    FitError
        If the estimator is undefined.

    """
    sandwich, selection = Sandwich.of(model, kind), selection_as_split(model)

    def see(rows: Rows) -> None:
        used = UsedRows.of(rows, selection)
        is_training = ~used.is_test

        def line_of(row: int) -> int:
            return int(used.lines[is_training][row])

        block, weights = used.block.rows(is_training), used.float_weights[is_training]
        sandwich.add(block, weights, line_of, used.source)

    data = read_rows(reading, selection, [see], needed_next="linreg_cli.statistics.whole_fit")
    _require_training_rows(data, model, reading)
    return sandwich


def read_clusters(model: Model, column: str, reading: Reading) -> ClusterCovariance:
    """Read the training rows of a model again, and return the covariance by cluster.

    Raises
    ------
    DataError
        If they are not the rows that the model was trained on, or a row has no cluster.
    FitError
        If the estimator is undefined.
    UsageError
        If the model is of one group.

    """
    if reading.group is not None:
        raise UsageError(
            f"--robust cluster:{column} cannot be used with --group",
            hint="Use --robust hc3, or --pooled.",
        )
    selection = replace(selection_as_split(model), by=(canonical(column),))
    data = read_groups(reading, selection)
    if data.rows_without_key and model.cluster_by != canonical(column):
        raise DataError(
            f"{count_of(data.rows_without_key, 'row')} without a value",
            source=_names(reading),
            column=column,
            hint="Each training row needs a cluster. Fill the cells, or train without these rows.",
        )
    if not data.groups:
        raise DataError("there is no row", source=_names(reading), hint="Name the training rows.")
    _require_training_rows(data.pooled(), model, reading)
    return ClusterCovariance.of(model, column, clusters_of(data, model))


def _require_training_rows(data: SplitMoments, model: Model, reading: Reading) -> None:
    if not are_trained_on(data, model):
        raise DataError(
            "these rows are not the rows that the model was trained on",
            source=_names(reading),
            hint=f"Robust errors need the training rows, all {model.moments.rows} of them.",
        )


def _names(reading: Reading) -> str:
    return ", ".join(source.name for source in reading.sources)
