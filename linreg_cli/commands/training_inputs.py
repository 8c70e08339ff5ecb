"""What linreg train learns from: the rows of CSV files, or the moments of models."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.commands.effects import ignore_all, refuse
from linreg_cli.commands.overwriting import refuse_overwriting
from linreg_cli.commands.row_options import TrainingRowOptions
from linreg_cli.commands.train_options import MOMENTS, TrainOptions
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError
from linreg_cli.model import Settings

if TYPE_CHECKING:
    from linreg_cli.commands.reading_rows import Reading
    from linreg_cli.design import KnownLevels
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.moments import SplitMoments
    from linreg_cli.output.explain import FirstRow
    from linreg_cli.reading import ChosenColumns, Selection
    from linreg_cli.reading.csv import CsvOptions
    from linreg_cli.reading.sources import Source
    from linreg_cli.training import Named, NamedGroups, NamedModel

DESCENT_ONLY = ("log_every", "history", "explain")
"""Options, beside settings, that say something of gradient descent."""
NEED_ROWS = (
    *("once", "weights", "test_fraction", "folds", "explain", "plot", "cluster"),
    *("max_levels", "by", "keep_missing", "moments", "robust"),
    *TrainingRowOptions.names(),
)
"""Options that say something of rows."""
IN_FORMULA = ("x", "y", "without", "intercept")
"""Options in whose place a formula stands."""
NO_ROWS = "a model as DATA: its rows have already been summed"
_OTHER_TERMS = "--x and --without choose terms of the model; train on the rows for other terms."


class TrainingInput(Struct, frozen=True, kw_only=True):
    """What is learned from, and how.

    Attributes
    ----------
    data
        The moments of the rows.
    settings
        How to learn; those without effect have their default.
    first_rows
        The rows with which ``--explain`` calculates; none without it.
    reading
        How the rows were read; None if the moments are those of models.

    """

    data: "SplitMoments"
    settings: Settings
    first_rows: "Sequence[FirstRow]" = ()
    reading: "Reading | None" = None


def from_rows(
    sources: "Sequence[Source]",
    options: TrainOptions,
    settings: Settings,
    rows: TrainingRowOptions,
    typed: Typed,
) -> TrainingInput:
    """Read the rows of CSV files.

    Raises
    ------
    UsageError
        If options contradict each other or the files.

    """
    from linreg_cli.commands.reading_rows import read_clusters, read_distinct

    plan = plan_rows(sources, options, settings, rows, typed)
    selection, reading, settings = plan.selection, plan.reading, plan.settings
    first_rows, watch = None, []
    if options.explain:
        from linreg_cli.output.explain import FirstRows
        from linreg_cli.reading import Peek

        first_rows = FirstRows(selection)
        watch = [Peek(first_rows.take, first_rows.has_room)]
    if options.robust:
        data, reading = read_clusters(reading, selection)
    else:
        data, reading = read_distinct(reading, selection, watch)
    return TrainingInput(
        data=data,
        settings=settings.effective(),
        first_rows=first_rows.rows(_levels_of(data, settings)) if first_rows else (),
        reading=reading,
    )


class RowPlan(Struct, frozen=True, kw_only=True):
    """What is read of each row, how the rows are read, and how to learn from them."""

    selection: "Selection"
    reading: "Reading"
    settings: Settings


def plan_rows(
    sources: "Sequence[Source]",
    options: TrainOptions,
    settings: Settings,
    rows: TrainingRowOptions,
    typed: Typed,
) -> RowPlan:
    """Return what to read, after all checks that need no row.

    Raises
    ------
    UsageError
        If options contradict each other or the files.

    """
    check_effects(typed, settings)
    options.check_sums()
    typed.refuse_together("robust", "explain")
    csv = rows.csv()
    _check_outputs(sources, options, rows)
    chosen = _choose(sources, csv, options, rows, typed)
    if chosen.has_intercept is not None:
        settings = settings.changed(intercept=chosen.has_intercept)
    _tell(chosen.notes, options)
    if chosen.design is None or not chosen.design.categories:
        ignore_all(typed, {"max_levels": "no category"})
    if options.sums_fourth:
        from linreg_cli.training import refuse_many_terms

        refuse_many_terms(len(chosen.columns) - 1)
    return RowPlan(
        selection=_select(chosen, options, settings),
        reading=_plan_reading(chosen.sources, csv, options, rows),
        settings=settings,
    )


def _choose(
    sources: "Sequence[Source]",
    csv: "CsvOptions",
    options: TrainOptions,
    rows: TrainingRowOptions,
    typed: Typed,
) -> "ChosenColumns":
    """Return the features and the target, as a formula or the options name them."""
    from linreg_cli.reading import choose_by_formula, choose_columns

    references = options.reference or ()
    if options.formula is not None:
        for name in IN_FORMULA:
            typed.refuse_together("formula", name)
        return choose_by_formula(
            options.formula,
            options.weights,
            sources,
            csv,
            categories=options.category or (),
            references=references,
            by=options.by or (),
        )
    return choose_columns(
        options.x or [],
        options.y,
        options.weights,
        sources,
        csv,
        without=options.without or (),
        rejects=rows.rejects,
        categories=options.category or (),
        references=references,
        by=options.by or (),
    )


def _check_outputs(
    sources: "Sequence[Source]", options: TrainOptions, rows: TrainingRowOptions
) -> None:
    """Refuse outputs that would overwrite an input, and a picture that cannot be drawn."""
    inputs = [source.argument for source in sources]
    outputs = [options.output, options.history, options.plot, rows.rejects]
    refuse_overwriting(inputs, *outputs, "-" if options.json else None)
    if options.plot is not None:
        from linreg_cli.commands.drawing import refuse_undrawable

        refuse_undrawable(options.plot, sources)


def _select(chosen: "ChosenColumns", options: TrainOptions, settings: Settings) -> "Selection":
    """Return what is read of each row, and how the rows are split."""
    from linreg_cli.design import canonical
    from linreg_cli.moments import Split
    from linreg_cli.reading import Selection

    return Selection(
        columns=chosen.columns,
        design=chosen.design and replace(chosen.design, max_levels=options.max_levels),
        uses=chosen.uses,
        by=tuple(map(canonical, options.by or ())) or (*filter(None, [options.cluster_by]),),
        keeps_missing=options.keep_missing,
        weights=options.weights or "",
        sums_fourth=options.sums_fourth,
        split=Split.of(
            test_fraction=settings.test_fraction, folds=settings.folds, seed=settings.seed
        ),
    )


def _plan_reading(
    sources: "Sequence[Source]", csv: "CsvOptions", options: TrainOptions, rows: TrainingRowOptions
) -> "Reading":
    from linreg_cli.commands.reading_rows import Reading

    return Reading(
        sources=sources,
        csv=csv,
        rejects=rows.rejects,
        threads=rows.threads,
        cluster=options.cluster,
        is_quiet=options.quiet,
        keeps_apart=options.once,
    )


def from_models(
    models: "Sequence[NamedModel]", options: TrainOptions, typed: Typed
) -> TrainingInput:
    """Join the moments of models, and their settings with those that the user typed.

    Raises
    ------
    UsageError
        If the models do not add up, or an option needs rows.

    """
    from linreg_cli.training import merge_models

    settings = settings_of_models(models, typed)
    data = choose_of_models(models[0], options, typed)(merge_models(models))
    check_effects(typed, settings)
    return TrainingInput(data=data, settings=settings)


def load_models(
    sources: "Sequence[Source]", options: TrainOptions
) -> "tuple[list[NamedModel], list[NamedGroups]]":
    """Load the models that are trained again: of one model, or of one for each group.

    Raises
    ------
    UsageError
        If there are both kinds, or an output would overwrite one of them.

    """
    from linreg_cli.commands.model_sources import named_models

    inputs = [source.argument for source in sources]
    refuse_overwriting(inputs, options.output, options.history, "-" if options.json else None)
    return named_models([source.name for source in sources])


def settings_of_models(models: "Sequence[Named]", typed: Typed) -> Settings:
    """Return the settings that models share, joined with those that the user typed.

    Raises
    ------
    UsageError
        If the models differ in them, or an option needs rows.

    """
    from linreg_cli.training import merge_settings

    own = _decided_by_rows(models[0].model)
    changed = [name for name in NEED_ROWS if _plain(typed.values.get(name)) != own.get(name)]
    if "moments" in changed and "moments" in typed:
        option = f"--moments {typed.values['moments']}"
        raise UsageError(
            f"{option} is not possible with {NO_ROWS}",
            hint=f"Train on the rows: linreg train DATA {option}",
        )
    refuse(typed, ("formula", "category"), NO_ROWS, _OTHER_TERMS)
    ignore_all(typed, dict.fromkeys(changed, NO_ROWS))
    given = {name: value for name, value in typed.values.items() if name in Settings.names()}
    settings = merge_settings(models, given)
    if (settings.test_fraction or settings.folds) and settings.seed != own["seed"]:
        refuse(typed, ["seed"], NO_ROWS)
    return settings


def _plain(value: object) -> object:
    """Return the value of an option; a list as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def choose_of_models(
    model: "Named", options: TrainOptions, typed: Typed
) -> "Callable[[SplitMoments], SplitMoments]":
    """Return what takes moments to those of the columns, or of the terms, that are asked for."""
    from linreg_cli.reading import find_references
    from linreg_cli.training import choose_from_model, choose_terms

    features = _features_of(model, options)
    if model.model.known_levels is None:
        ignore_all(typed, {"reference": "a model without categories"})
        columns = choose_from_model(model, features, options.y)
        return lambda data: data.select(columns)

    def choose(data: "SplitMoments") -> "SplitMoments":
        chosen = choose_terms(model, data, features, options.y)
        if chosen.design is None or not options.reference:
            return chosen
        given = find_references(options.reference, chosen.design.categories)
        references = {**chosen.design.references, **given}
        return replace(chosen, design=chosen.design.with_references(references))

    return choose


def _features_of(model: "Named", options: TrainOptions) -> Sequence[str]:
    """Return the features of a model that are asked for; none for its own."""
    if not options.x and not options.without:
        return ()
    from linreg_cli.design import labels_of
    from linreg_cli.reading import find_features

    target = options.y or model.model.y
    known = model.model.known_levels
    terms = labels_of(known.design.terms if known else ())
    labels = {term.name: label for term, label in terms.items()}
    names = (*(labels.values() if known else model.model.x), model.model.y)
    found = find_features(
        [labels.get(text, text) for text in options.x or ["*"]],
        names,
        without=[labels.get(text, text) for text in options.without or ()],
        others=[target],
        source=model.name,
    )
    _tell(found.notes, options)
    return found.features


def _levels_of(data: "SplitMoments", settings: Settings) -> "KnownLevels | None":
    """Return the levels of the categories in the rows that were read, if there are any."""
    from linreg_cli.moments import coded

    return coded(data, has_intercept=settings.intercept).known


def _tell(notes: Sequence[str], options: TrainOptions) -> None:
    if notes and not options.quiet:
        from linreg_cli.output.terminal import note

        for text in notes:
            note(text)


def check_effects(typed: Typed, settings: Settings) -> None:
    """Warn of options that have no effect with the settings, or refuse them."""
    reasons = settings.without_effect()
    if settings.solver == "exact":
        reasons |= dict.fromkeys(DESCENT_ONLY, "--solver exact")
    ignore_all(typed, reasons)
    if len(settings.l2) > 1 and not settings.folds:
        raise UsageError("several values of --l2 need --folds to choose one", hint="Add --folds 5.")


def _decided_by_rows(model: "Model | GroupedModel") -> dict[str, object]:
    """Return the values of options that were decided when the rows of a model were read."""
    settings = model.settings
    return {
        "weights": model.weights or None,
        "test_fraction": settings.test_fraction,
        "folds": settings.folds,
        "seed": settings.seed,
        "missing": "drop",
        "by": getattr(model, "by", None),
        "keep_missing": getattr(model, "keeps_missing", False),
        "moments": MOMENTS[model.has_fourth],
        "robust": f"cluster:{column}" if (column := getattr(model, "cluster_by", "")) else None,
    }
