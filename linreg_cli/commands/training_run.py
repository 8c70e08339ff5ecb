"""Train on moments, show the epochs, and write the model: shared by all commands that train."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import typer

from linreg_cli.errors import FitError
from linreg_cli.files import open_output
from linreg_cli.model import Model, Settings, save_model, to_json
from linreg_cli.moments import SplitMoments
from linreg_cli.output.explain import FirstRow, show_explanation
from linreg_cli.output.terminal import (
    MAX_WEIGHTS,
    Result,
    as_json,
    as_text,
    epoch_display,
    report,
    say,
    standard_output,
    warn,
)
from linreg_cli.reading.csv import record
from linreg_cli.statistics import nearly_collinear
from linreg_cli.training import (
    Descent,
    Epoch,
    Problem,
    Run,
    descended_model,
    exact_model,
    explain_dependencies,
    has_intercept_too_coarse,
    intercept_is_too_coarse,
    is_doubling,
    prepare_descent,
    remedies,
    run_descent,
    set_up,
)


@dataclass(frozen=True, kw_only=True)
class TrainingDisplay:
    """What is shown and written of a training.

    Attributes
    ----------
    is_quiet
        Print nothing but warnings.
    log_every
        Show every Nth epoch; None for epochs 0, 1, 2, 4, 8 and so on. The last is always shown.
    history
        A CSV file for the shown epochs, ``-`` for standard output, or None.
    explained
        The rows for which the first epochs are calculated step by step; empty without --explain.
    requires_convergence
        Whether a descent that does not converge is an error.
    trained
        The model file that ``linreg train`` trains again with other settings; empty if the
        command that is running takes them itself.
    prints_json
        Whether the result goes to standard output as JSON.

    """

    is_quiet: bool = False
    log_every: int | None = None
    history: str | None = None
    explained: Sequence[FirstRow] = ()
    requires_convergence: bool = False
    trained: str = ""
    prints_json: bool = False

    def shows(self, epoch: Epoch) -> bool:
        """Return whether an epoch is shown."""
        if self.log_every is None:
            return bool(epoch.stopped) or is_doubling(epoch.number)
        return bool(epoch.stopped) or epoch.number % self.log_every == 0


@dataclass(frozen=True)
class Warnings:
    """The warnings of a training, each printed at once."""

    texts: list[str] = field(default_factory=list)

    def add(self, text: str, hint: str = "") -> None:
        """Print a warning, and a remedy if there is one."""
        self.texts.append(text)
        warn(text, hint)


def learn(
    data: SplitMoments,
    settings: Settings,
    training_display: TrainingDisplay,
    output: str,
    *,
    replaces: Model | None = None,
) -> Model:
    """Train on moments, show the training and its result, and write the model.

    The history of a descent that diverged is written too. `replaces` is the model that must be at
    the place still, if any.

    Raises
    ------
    typer.Exit
        With status 130, if Ctrl-C ended the training.
    ModelChangedError
        If another model is at the place.
    FitError
        If the descent diverges, or does not converge where it has to; if an exact fit is not
        unique; if a part of the data is empty.

    """
    problem = set_up(data, settings)
    if problem.candidates and not training_display.is_quiet:
        say(report.cross_validation(problem))
    warnings = Warnings()
    for text in _doubts(problem):
        warnings.add(text)
    if settings.solver == "exact":
        if not training_display.is_quiet:
            say(report.exact_header(problem))
        model = exact_model(problem)
        _doubt_intercept(model, warnings)
        result = Result(model=model, problem=problem, warnings=tuple(warnings.texts))
        _deliver(result, training_display, output, replaces)
        return model
    descent = prepare_descent(problem)
    run, history = _watch(descent, problem, training_display, warnings)
    with _history_file(training_display.history, history):
        model = descended_model(problem, descent, run)
        _doubt_intercept(model, warnings)
        is_kept = run.stopped == "converged" or not training_display.requires_convergence
        if run.stopped == "out of epochs":
            _warn_or_refuse(problem, descent, run, training_display, warnings)
        if run.stopped == "interrupted":
            warnings.add(report.interrupted(run, is_kept=is_kept))
        if is_kept:
            distance = run.last.distance
            result = Result(
                model=model, problem=problem, warnings=tuple(warnings.texts), distance=distance
            )
            _deliver(result, training_display, output, replaces)
    if run.stopped == "interrupted":
        raise typer.Exit(130)
    return model


def _doubts(problem: Problem) -> list[str]:
    """Return warnings if the weights are not unique, or nearly so without a penalty."""
    if not problem.solution.is_unique:
        why = explain_dependencies(problem.moments, problem.solution)
        return [f"the least-squares solution is not unique: {why}"]
    if problem.l2:
        return []
    found = nearly_collinear(problem.moments, has_intercept=problem.settings.intercept)
    return report.near_collinear(found)


def _doubt_intercept(model: Model, warnings: Warnings) -> None:
    """Warn if m and b as floats do not give the predictions: somebody may copy them."""
    if has_intercept_too_coarse(model):
        warnings.add(intercept_is_too_coarse(model))


def _warn_or_refuse(
    problem: Problem,
    descent: Descent,
    run: Run,
    training_display: TrainingDisplay,
    warnings: Warnings,
) -> None:
    """Warn that a descent ran out of epochs.

    Raises
    ------
    FitError
        If it has to converge.

    """
    text = report.out_of_epochs(run)
    hint = report.remedy(remedies(problem, descent, run), descent, training_display.trained)
    if training_display.requires_convergence:
        if training_display.trained:
            hint = f"Without --require-convergence the model is written; then {hint}"
        raise FitError(f"{text}; no model was written", hint=hint)
    warnings.add(text, hint)


def _deliver(
    result: Result, training_display: TrainingDisplay, output: str, replaces: Model | None
) -> None:
    """Show the result, and write the model to a file or, for ``-``, to standard output."""
    if not training_display.is_quiet:
        say(as_text(result))
    if output == "-":
        with standard_output() as write:
            write(to_json(result.model).encode())
    else:
        save_model(result.model, output, replaces=replaces, tell=warn)
    if not training_display.is_quiet:
        say(report.saved(output))
    if training_display.prints_json:
        with standard_output() as write:
            write(as_json(result).encode())


def _watch(
    descent: Descent,
    problem: Problem,
    training_display: TrainingDisplay,
    warnings: Warnings,
) -> tuple[Run, list[Sequence[object]]]:
    """Run the descent and show its epochs; give their history as rows, the header first."""
    *features, _ = problem.moments.columns
    losses = ["loss"] if descent.test is None else ["loss", "test loss"]
    names = ["b", *report.slope_names(features)]
    shows_weights = len(features) <= MAX_WEIGHTS
    shown = names if shows_weights else []
    header = ["epoch", *losses, "gap", *shown]
    history: list[Sequence[object]] = [
        ["epoch", *(name.replace(" ", "_") for name in losses), *names]
    ]
    if not training_display.is_quiet:
        say(report.run_header(descent, problem))
    if descent.settings.learning_rate >= descent.rates.limit:
        warnings.add(report.above_the_limit(descent))
    if training_display.explained:
        show_explanation(problem, descent, training_display.explained)
    with epoch_display(
        header, problem.settings.epochs, weights=len(shown), is_quiet=training_display.is_quiet
    ) as display:

        def show(epoch: Epoch) -> None:
            needs_weights = shows_weights or training_display.history
            weights = descent.weights(epoch) if needs_weights else ()
            test_loss = descent.test_loss(epoch)
            tested = [epoch.loss] if test_loss is None else [epoch.loss, test_loss]
            history.append((epoch.number, *tested, *weights))
            display.add([epoch.number, *tested, epoch.gap, *weights][: len(header)])

        def watch(epoch: Epoch) -> None:
            display.advance(epoch.number)
            if training_display.shows(epoch):
                show(epoch)

        run = run_descent(descent, watch, log_every=training_display.log_every)
        if history[-1][0] != run.last.number:  # Ctrl-C came before it was shown
            show(run.last)
    left_out = display.left_out if shows_weights else [f"the weights of {len(features)} features"]
    if left_out and not training_display.is_quiet:
        say(report.no_room_for(left_out))
    return run, history


@contextlib.contextmanager
def _history_file(path: str | None, history: Sequence[Sequence[object]]) -> Iterator[None]:
    """Write the history before the block, and keep it unless the block cannot write the model."""
    if path is None:
        yield
        return
    content = b"".join(map(record, history))
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
