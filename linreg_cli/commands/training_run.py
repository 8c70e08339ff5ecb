"""Train on moments, show the training, and write the model: shared by all commands that train."""

from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from linreg_cli.commands.history_file import history_file
from linreg_cli.commands.training_display import TrainingDisplay, Warnings
from linreg_cli.commands.written_model import write_model
from linreg_cli.errors import FitError
from linreg_cli.output.terminal import say, standard_output
from linreg_cli.training import (
    descended_model,
    exact_model,
    has_intercept_too_coarse,
    prepare_descent,
    set_up,
)

if TYPE_CHECKING:
    from linreg_cli.model import AnyModel, Model, Settings
    from linreg_cli.moments import SplitMoments
    from linreg_cli.training import Descent, Problem, Run


def learn(
    data: "SplitMoments",
    settings: "Settings",
    training_display: TrainingDisplay,
    output: str,
    *,
    replaces: "AnyModel | None" = None,
) -> "Model":
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
        from linreg_cli.output.terminal import report

        say(report.cross_validation(problem))
    warnings = Warnings()
    for text in _doubts(problem):
        warnings.add(text)
    destination = _Destination(training_display=training_display, output=output, replaces=replaces)
    if settings.solver == "exact":
        return _learn_exactly(problem, destination, warnings)
    return _learn_by_descent(problem, destination, warnings)


class _Destination(Struct, frozen=True, kw_only=True):
    """Where the result of a training goes: `learn` explains the fields."""

    training_display: TrainingDisplay
    output: str
    replaces: "AnyModel | None"

    def deliver(
        self, model: "Model", problem: "Problem", warnings: Warnings, *, distance: float = 0.0
    ) -> None:
        """Show the result, and write the model to a file or, for ``-``, to standard output."""
        is_quiet = self.training_display.is_quiet
        if is_quiet and not self.training_display.prints_json:
            write_model(model, self.output, replaces=self.replaces)
            return
        from linreg_cli.output.terminal import Result, as_json, as_text, report

        result = Result(
            model=model, problem=problem, warnings=tuple(warnings.texts), distance=distance
        )
        if not is_quiet:
            say(as_text(result))
        write_model(model, self.output, replaces=self.replaces)
        if not is_quiet:
            say(report.saved(self.output))
        if self.training_display.prints_json:
            with standard_output() as write:
                write(as_json(result).encode())


def _learn_exactly(problem: "Problem", destination: _Destination, warnings: Warnings) -> "Model":
    if not destination.training_display.is_quiet:
        from linreg_cli.output.terminal import report

        say(report.exact_header(problem))
    model = exact_model(problem)
    _doubt_intercept(model, warnings)
    destination.deliver(model, problem, warnings)
    return model


def _learn_by_descent(problem: "Problem", destination: _Destination, warnings: Warnings) -> "Model":
    from linreg_cli.commands.shown_epochs import watch_descent

    training_display = destination.training_display
    descent = prepare_descent(problem)
    run, history = watch_descent(problem, descent, training_display, warnings)
    with history_file(training_display.history, history):
        model = descended_model(problem, descent, run)
        _doubt_intercept(model, warnings)
        is_kept = run.stopped == "converged" or not training_display.requires_convergence
        if run.stopped == "out of epochs":
            _warn_or_refuse(problem, descent, run, training_display, warnings)
        if run.stopped == "interrupted":
            from linreg_cli.output.terminal import report

            warnings.add(report.interrupted(run, is_kept=is_kept))
        if is_kept:
            destination.deliver(model, problem, warnings, distance=run.last.distance)
    if run.stopped == "interrupted":
        raise typer.Exit(130)
    return model


def _doubts(problem: "Problem") -> list[str]:
    """Return warnings of categories of one level, and of weights that are hardly unique or not."""
    return [*_single_levels(problem), *_near_dependencies(problem)]


def _single_levels(problem: "Problem") -> list[str]:
    known = problem.data.known
    return [
        f"category '{column}' has one level in all rows, '{levels[0]}', and so no weight"
        for column, levels in (known.levels if known else {}).items()
        if len(levels) == 1
    ]


def _near_dependencies(problem: "Problem") -> list[str]:
    """Return warnings if the weights are not unique, or nearly so without a penalty."""
    if not problem.solution.is_unique:
        from linreg_cli.training import explain_dependencies

        why = explain_dependencies(problem.moments, problem.solution, problem.data.known)
        return [f"the least-squares solution is not unique: {why}"]
    *features, _ = problem.moments.columns
    if problem.l2 or len(features) == 1:
        return []
    from linreg_cli.output.terminal import report
    from linreg_cli.statistics import nearly_collinear

    found = nearly_collinear(problem.moments, has_intercept=problem.settings.intercept)
    return report.near_collinear(found)


def _doubt_intercept(model: "Model", warnings: Warnings) -> None:
    """Warn if m and b as floats do not give the predictions: somebody may copy them."""
    if has_intercept_too_coarse(model):
        from linreg_cli.training import intercept_is_too_coarse

        warnings.add(intercept_is_too_coarse(model))


def _warn_or_refuse(
    problem: "Problem",
    descent: "Descent",
    run: "Run",
    training_display: TrainingDisplay,
    warnings: Warnings,
) -> None:
    """Warn that a descent ran out of epochs.

    Raises
    ------
    FitError
        If it has to converge.

    """
    from linreg_cli.output.terminal import report
    from linreg_cli.training import remedies

    text = report.out_of_epochs(run)
    hint = report.remedy(remedies(problem, descent, run), descent, training_display.trained)
    if training_display.requires_convergence:
        if training_display.trained:
            hint = f"Without --require-convergence the model is written; then {hint}"
        raise FitError(f"{text}; no model was written", hint=hint)
    warnings.add(text, hint)
