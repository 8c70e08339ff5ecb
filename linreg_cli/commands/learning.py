"""From sums to a model while the user watches: what every command that trains shares."""

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import typer

from linreg_cli import fit
from linreg_cli.errors import FitError
from linreg_cli.explain.epochs import explain
from linreg_cli.explain.first_rows import FirstRow
from linreg_cli.explain.story import story
from linreg_cli.files import open_output
from linreg_cli.model import Model, Settings
from linreg_cli.model_file import save_model, to_json
from linreg_cli.parts import Data
from linreg_cli.terminal import report
from linreg_cli.terminal.console import say, standard_output, warn
from linreg_cli.terminal.epochs import MAX_WEIGHTS, epoch_display
from linreg_cli.terminal.page import show_page
from linreg_cli.terminal.result import result
from linreg_cli.training.gradient_descent import Epoch


@dataclass(frozen=True, kw_only=True)
class Watching:
    """What the user wants to see of the training.

    Attributes
    ----------
    is_quiet
        Show nothing.
    log_every
        Show every so many epochs; None for epochs 0, 1, 2, 4, 8 and so on. The last is
        always shown.
    history
        A CSV file for the shown epochs, ``-`` for standard output, or None.
    explained
        The rows on which the first epochs are worked out in full; none if they are not.

    """

    is_quiet: bool = False
    log_every: int | None = None
    history: str | None = None
    explained: Sequence[FirstRow] = ()

    def shows(self, epoch: Epoch) -> bool:
        """Tell whether an epoch is shown."""
        if self.log_every is None:
            return bool(epoch.stopped) or fit.is_doubling(epoch.number)
        return bool(epoch.stopped) or epoch.number % self.log_every == 0


def learn(
    data: Data,
    settings: Settings,
    watching: Watching,
    output: str,
    *,
    replaces: Model | None = None,
) -> Model:
    """Train on sums, show the training and its result, and write the model.

    The history of a descent that diverged is written too. `replaces` is the model that must be at
    the place still, if any.

    Raises
    ------
    typer.Exit
        With status 130, if Ctrl-C ended the training.
    ModelChangedError
        If another model is at the place.
    FitError
        If the descent diverges, an exact fit is not unique, or a part of the data is empty.

    """
    problem = fit.pose(data, settings)
    if not watching.is_quiet:
        if problem.candidates:
            say(report.cross_validation(problem))
        if not problem.solution.is_unique:
            why = fit.explain_dependencies(problem.sums, problem.solution)
            warn(f"more than one fit is best: {why}")
    if settings.solver == "exact":
        if not watching.is_quiet:
            say(report.exact_header(problem))
        model = fit.exact_model(problem)
        _deliver(model, watching, output, result(model, problem), replaces)
        return model
    descent = fit.prepare_descent(problem)
    run, history = _watch(descent, problem, watching)
    with _history_file(watching.history, history):
        model = fit.descended_model(problem, descent, run)
        left = descent.epochs_left(run.last)
        text = result(model, problem, distance=run.last.distance, epochs_left=left)
        _deliver(model, watching, output, text, replaces)
    if run.stopped == "interrupted":
        raise typer.Exit(130)
    return model


def _deliver(
    model: Model, watching: Watching, output: str, text: str, replaces: Model | None
) -> None:
    """Show the result, and write the model to a file or, for ``-``, to standard output."""
    if not watching.is_quiet:
        say(text)
    if output == "-":
        with standard_output() as write:
            write(to_json(model).encode())
    else:
        save_model(model, output, replaces=replaces, tell=warn)
    if not watching.is_quiet:
        say(report.saved(output))


def _watch(
    descent: fit.Descent, problem: fit.Problem, watching: Watching
) -> tuple[fit.Run, list[Sequence[object]]]:
    """Run the descent and show its epochs; give their history as rows, the header first."""
    *features, _ = problem.sums.columns
    losses = ["loss"] if descent.test is None else ["loss", "test loss"]
    names = ["b", *report.slope_names(features)]
    shows_weights = len(features) <= MAX_WEIGHTS
    header = ["epoch", *losses, "gap", *(names if shows_weights else [])]
    history: list[Sequence[object]] = [
        ["epoch", *(name.replace(" ", "_") for name in losses), *names]
    ]
    if not watching.is_quiet:
        say(report.run_header(descent, problem))
        if descent.settings.learning_rate >= descent.rates.limit:
            warn(report.above_the_limit(descent))
        if watching.explained:
            show_page(story(explain(problem, descent, watching.explained)))
    with epoch_display(header, problem.settings.epochs, is_quiet=watching.is_quiet) as display:

        def show(epoch: Epoch) -> None:
            needs_weights = shows_weights or watching.history
            weights = descent.weights(epoch) if needs_weights else ()
            test_loss = descent.test_loss(epoch)
            tested = [epoch.loss] if test_loss is None else [epoch.loss, test_loss]
            history.append((epoch.number, *tested, *weights))
            display.add([epoch.number, *tested, epoch.excess, *weights][: len(header)])

        def watch(epoch: Epoch) -> None:
            display.advance(epoch.number)
            if watching.shows(epoch):
                show(epoch)

        run = fit.run(descent, watch, log_every=watching.log_every)
        if history[-1][0] != run.last.number:  # Ctrl-C came before it was shown
            show(run.last)
    return run, history


@contextlib.contextmanager
def _history_file(path: str | None, history: Sequence[Sequence[object]]) -> Iterator[None]:
    """Write the history before the block, and keep it unless the block cannot write the model."""
    if path is None:
        yield
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(history)
    content = text.getvalue().encode()
    divergence = None
    with contextlib.ExitStack() as stack:
        if path != "-":
            hint = "Write it to another place: --history FILE"
            file = stack.enter_context(open_output(path, "history", hint=hint, tell=warn))
            file.write(content)
            file.flush()
        try:
            yield
        except FitError as error:  # how it diverged is worth keeping
            divergence = error
    try:
        if path == "-":  # after the model, which does not depend on who reads the history
            with standard_output() as write:
                write(content)
    finally:
        if divergence is not None:
            raise divergence
