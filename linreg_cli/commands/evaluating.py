"""One pass over rows that evaluates a model on them."""

from collections.abc import Callable, Sequence

from linreg_cli.model import Model
from linreg_cli.prediction import selection_of
from linreg_cli.reading import Advance, PassResult, UsedRows, sum_rows
from linreg_cli.reading.csv import CsvOptions, Rows
from linreg_cli.reading.sources import Source
from linreg_cli.statistics import Evaluation, RowErrors, evaluate


def evaluate_rows(  # what a pass over data needs
    model: Model,
    sources: Sequence[Source],
    options: CsvOptions,
    *,
    checks_drift: bool,
    threads: int | None = None,
    advance: Advance,
    watch: Sequence[Callable[[Rows], None]],
) -> tuple[Evaluation, PassResult]:
    """Read rows once and evaluate a model on them.

    Parameters
    ----------
    model
        Its columns are found by name; rows of a weighted model need their weights.
    sources, options
        The rows, and how they are written.
    checks_drift
        Whether to test if the model still holds.
    threads, advance, watch
        As `sum_rows` takes them.

    """
    errors, selection = RowErrors.of(model), selection_of(model)

    def see(rows: Rows) -> None:
        used = UsedRows.of(rows, selection)
        errors.add(used.block, used.float_weights, used.lines, used.source)

    result = sum_rows(
        sources, selection, options, advance=advance, threads=threads, watch=[*watch, see]
    )
    evaluation = evaluate(model, result.data.moments, errors, checks_drift=checks_drift)
    return evaluation, result
