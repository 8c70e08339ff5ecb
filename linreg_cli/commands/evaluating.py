"""One pass over rows that evaluates a model on them."""

from msgspec.structs import replace

from linreg_cli.commands.reading_rows import Reading, pass_over, report_pass
from linreg_cli.model import Model
from linreg_cli.moments import of_features
from linreg_cli.prediction import selection_of
from linreg_cli.reading import UsedRows
from linreg_cli.reading.csv import Rows
from linreg_cli.statistics import Evaluation, RowErrors, evaluate

EVALUATION_TABLE = "linreg_cli.output.terminal.evaluation_table"
"""The module that is needed next."""


def evaluate_rows(model: Model, reading: Reading, *, checks_drift: bool) -> Evaluation:
    """Read rows once and evaluate a model on them.

    Parameters
    ----------
    model
        Its columns are found by name; rows of a weighted model need their weights.
    reading
        The rows.
    checks_drift
        Whether to test if the model still holds.

    """
    errors = RowErrors.of(model)
    selection = replace(selection_of(model), sums_fourth=model.has_fourth)

    def see(rows: Rows) -> None:
        used = UsedRows.of(rows, selection)
        errors.add(used.block, used.float_weights, used.line_of, used.source)

    result = pass_over(reading, selection, [see], needed_next=EVALUATION_TABLE)
    known, moments = model.known_levels, result.data.moments
    new = moments if known is None else of_features(moments, known)
    evaluation = evaluate(model, new, errors, checks_drift=checks_drift)
    report_pass(reading, result)
    return evaluation
