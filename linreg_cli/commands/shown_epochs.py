"""Run a descent and show its epochs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.output.terminal import MAX_WEIGHTS, epoch_display, say, slope_names
from linreg_cli.training import run_descent

if TYPE_CHECKING:
    from linreg_cli.commands.training_display import TrainingDisplay, Warnings
    from linreg_cli.output.terminal import EpochDisplay
    from linreg_cli.training import Descent, Epoch, Problem, Run


class _Columns(Struct, frozen=True, kw_only=True):
    """The columns of the table of epochs, and of the history in a file.

    Attributes
    ----------
    losses
        The names of the losses.
    weights
        The names of the weights, the intercept first.
    shows_weights
        Whether the table has them: the history always has.

    """

    losses: Sequence[str]
    weights: Sequence[str]
    shows_weights: bool

    @property
    def table(self) -> list[str]:
        """The header of the table."""
        return ["epoch", *self.losses, "gap", *(self.weights if self.shows_weights else [])]

    @property
    def history(self) -> list[object]:
        """The header of the history."""
        return ["epoch", *(name.replace(" ", "_") for name in self.losses), *self.weights]


def watch_descent(
    problem: "Problem",
    descent: "Descent",
    training_display: "TrainingDisplay",
    warnings: "Warnings",
) -> "tuple[Run, list[Sequence[object]]]":
    """Run the descent and show its epochs; return their history as rows, the header first."""
    *features, _ = problem.moments.columns
    columns = _Columns(
        losses=["loss"] if descent.test is None else ["loss", "test loss"],
        weights=["b", *slope_names(features)],
        shows_weights=len(features) <= MAX_WEIGHTS,
    )
    if not training_display.is_quiet:
        from linreg_cli.output.terminal import report

        say(report.run_header(descent, problem))
    if descent.settings.learning_rate >= descent.rates.limit:
        from linreg_cli.output.terminal import report

        warnings.add(report.above_the_limit(descent))
    if training_display.explained:
        from linreg_cli.output.explain import show_explanation

        show_explanation(problem, descent, training_display.explained)
    with epoch_display(
        columns.table,
        problem.settings.epochs,
        weights=len(columns.weights) if columns.shows_weights else 0,
        is_quiet=training_display.is_quiet,
    ) as display:
        shown = _ShownEpochs(descent, columns, training_display, display)
        run = run_descent(descent, shown.watch, log_every=training_display.log_every)
        shown.end(run)
    left_out = (
        display.left_out if columns.shows_weights else [f"the weights of {len(features)} features"]
    )
    if left_out and not training_display.is_quiet:
        from linreg_cli.output.terminal import report

        say(report.no_room_for(left_out))
    return run, shown.history


class _ShownEpochs:
    """The epochs that were shown so far."""

    def __init__(
        self,
        descent: "Descent",
        columns: _Columns,
        training_display: "TrainingDisplay",
        display: "EpochDisplay",
    ) -> None:
        self.history: list[Sequence[object]] = [columns.history]
        self._descent = descent
        self._columns = columns
        self._training_display = training_display
        self._display = display

    def watch(self, epoch: "Epoch") -> None:
        """Show an epoch if it is one of those that are shown."""
        self._display.advance(epoch.number)
        if self._training_display.shows(epoch):
            self._show(epoch)

    def end(self, run: "Run") -> None:
        """Show the last epoch, if Ctrl-C came before it was shown."""
        if self.history[-1][0] != run.last.number:
            self._show(run.last)

    def _show(self, epoch: "Epoch") -> None:
        needs_weights = self._columns.shows_weights or self._training_display.history
        weights = self._descent.weights(epoch) if needs_weights else ()
        test_loss = self._descent.test_loss(epoch)
        losses = [epoch.loss] if test_loss is None else [epoch.loss, test_loss]
        self.history.append((epoch.number, *losses, *weights))
        cells = [epoch.number, *losses, epoch.gap, *weights]
        self._display.add(cells[: len(self._columns.table)])
