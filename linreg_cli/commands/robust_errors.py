"""One pass over the training rows of a model, for its robust standard errors."""

from collections.abc import Sequence

from linreg_cli.commands.outputs import check_outputs
from linreg_cli.commands.overwriting import refuse_overwriting
from linreg_cli.commands.reading_rows import Reading, plan_reading, read_rows
from linreg_cli.commands.row_options import RowOptions
from linreg_cli.errors import DataError
from linreg_cli.model import Model
from linreg_cli.prediction import are_trained_on, selection_as_split
from linreg_cli.reading import UsedRows
from linreg_cli.reading.csv import Rows
from linreg_cli.statistics import RobustKind, Sandwich


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
        sandwich.add(
            used.block.rows(is_training),
            used.float_weights[is_training],
            used.lines[is_training],
            used.source,
        )

    data = read_rows(reading, selection, [see], needed_next="linreg_cli.statistics.whole_fit")
    if not are_trained_on(data, model):
        raise DataError(
            "these rows are not the rows that the model was trained on",
            source=", ".join(source.name for source in reading.sources),
            hint=f"Robust errors need the training rows, all {model.moments.rows} of them.",
        )
    return sandwich
