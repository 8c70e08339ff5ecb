"""One pass over rows that evaluates the model of each group on its rows."""

from msgspec.structs import replace

from linreg_cli.commands.evaluating import EVALUATION_TABLE
from linreg_cli.commands.reading_rows import Reading, pass_over, report_pass
from linreg_cli.design import Key
from linreg_cli.errors import DataError
from linreg_cli.model import GroupedModel, Model
from linreg_cli.moments import Summation
from linreg_cli.output.terminal import note, warn
from linreg_cli.prediction import GroupCounts, selection_of, selection_of_groups
from linreg_cli.reading import GroupRows, RowCounts, UsedRows, find_groups
from linreg_cli.reading.csv import Rows
from linreg_cli.statistics import (
    EvaluatedRows,
    GroupedEvaluation,
    RowErrors,
    WaitingRows,
    evaluate_groups,
    joined,
)

MAX_WAITING = 1 << 19
"""The number of rows that wait at most, which bounds the memory."""


class _GroupErrors:
    """The rows of one group so far: their moments, and the errors of its model on them.

    A few rows cost as much as many, so that rows wait until there are many of them.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.selection = selection_of(model)
        self.errors = RowErrors.of(model)
        self._sums = Summation(
            (*model.x, model.y), self.selection.weights, sums_fourth=model.has_fourth
        )
        self._waiting: list[WaitingRows] = []

    def see(self, rows: Rows) -> UsedRows:
        used = UsedRows.of(rows, self.selection)
        if len(used):
            part = WaitingRows(
                block=used.block,
                weights=used.weights,
                float_weights=used.float_weights,
                lines=used.lines,
                source=used.source,
            )
            self._waiting.append(part)
        return used

    def add_waiting(self) -> None:
        """Add the rows that wait."""
        for part in joined(self._waiting):
            self.errors.add(part.block, part.float_weights, part.lines.item, part.source)
            self._sums.take(self._sums.prepare(part.block, part.weights))
        self._waiting.clear()

    def evaluated(self, key: Key) -> EvaluatedRows:
        return EvaluatedRows(key=key, model=self.model, new=self._sums.total(), errors=self.errors)


class GroupEvaluator:
    """Evaluates the models of groups on rows, which are added chunk by chunk.

    Attributes
    ----------
    counts
        The number of rows of groups without a model.
    rows
        The number of rows that are used and left out, without those that are not complete.

    """

    def __init__(self, model: GroupedModel) -> None:
        self.counts = GroupCounts()
        self.rows = RowCounts()
        self._model = model
        self._groups: dict[Key, _GroupErrors] = {}
        self._waiting = 0

    def see(self, rows: Rows) -> None:
        """Add the rows of a chunk."""
        for group in find_groups(rows.keys):
            errors = self._errors_of(group)
            if errors is None:
                continue
            used, complete = errors.see(group.of(rows)), len(group.places)
            self._waiting += len(used)
            left_out = used.unknown.total() + used.undefined.rows
            self.rows.add(
                read=complete,
                used=len(used),
                rejected=0,
                missing={},
                weightless=complete - len(used) - left_out,
                unknown=used.unknown,
                undefined=used.undefined.rows,
                undefined_cells=used.undefined.cells,
            )
        if self._waiting >= MAX_WAITING:
            self._add_waiting()

    def _add_waiting(self) -> None:
        for errors in self._groups.values():
            errors.add_waiting()
        self._waiting = 0

    def _errors_of(self, group: GroupRows) -> _GroupErrors | None:
        """Return the errors of a group; if it has no model, its rows are counted."""
        if group.key in self._groups:
            return self._groups[group.key]
        if self.counts.count_without_model(self._model, group.key, len(group.places)):
            return None
        found = self._groups[group.key] = _GroupErrors(self._model.model_of(group.key))
        return found

    def evaluation(self, source: str, *, checks_drift: bool) -> GroupedEvaluation:
        """Return the figures of all rows so far.

        Raises
        ------
        DataError
            If no row is of a group with a model.

        """
        self._add_waiting()
        parts = [
            self._groups[key].evaluated(key) for key in self._model.keys if key in self._groups
        ]
        parts = [part for part in parts if part.new.rows]
        if not parts:
            raise DataError(
                f"no row is of a group that has a model; the groups are by "
                f"{', '.join(self._model.by)}",
                source=source,
                hint="linreg show MODEL lists the groups.",
            )
        return evaluate_groups(self._model.by, parts, checks_drift=checks_drift)


def evaluate_rows_by_group(
    model: GroupedModel, reading: Reading, *, checks_drift: bool
) -> GroupedEvaluation:
    """Read rows once, and evaluate the model of each group on its rows."""
    evaluator = GroupEvaluator(model)
    selection = selection_of_groups(model)
    result = pass_over(reading, selection, [evaluator.see], needed_next=EVALUATION_TABLE)
    names = ", ".join(source.name for source in reading.sources)
    evaluation = evaluator.evaluation(names, checks_drift=checks_drift)
    row_counts = replace(
        evaluator.rows,
        read=result.row_counts.read,
        rejected=result.row_counts.rejected,
        missing=result.row_counts.missing,
        ungrouped=evaluator.counts.unknown.rows + evaluator.counts.without_fit.rows,
    )
    report_pass(reading, replace(result, row_counts=row_counts))
    for text in evaluator.counts.warnings("left out"):
        warn(text)
    if model.has_fourth and not reading.is_quiet:
        note("--json has the tests of the errors of each group, and --group KEY prints them")
    return evaluation
