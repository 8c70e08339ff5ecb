"""Add rows to a model or remove them, even while others change the same model file."""

from collections.abc import Sequence
from itertools import compress
from operator import not_
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.commands.model_sources import name_model
from linreg_cli.commands.outputs import write_output
from linreg_cli.commands.overwriting import is_same_file
from linreg_cli.commands.reading_rows import Reading, sum_all_groups, sum_all_rows
from linreg_cli.commands.training_display import TrainingDisplay
from linreg_cli.commands.training_run import learn
from linreg_cli.errors import ModelFileError
from linreg_cli.model import AnyModel, Model, ModelChangedError, to_json
from linreg_cli.moments import GroupedMoments, Split, SplitMoments, find_known, find_new, merged
from linreg_cli.output.terminal import report, say
from linreg_cli.prediction import selection_of, selection_of_groups
from linreg_cli.reading import PassOf, Selection
from linreg_cli.training import Named, NamedModel, remove_group_rows, remove_rows


class Change(Struct, frozen=True, kw_only=True):
    """The rows to add to a model or to remove from it.

    Attributes
    ----------
    inputs
        The name of each input, and its moments.
    selection
        What was read of them.
    removes
        Whether the rows are removed.
    once
        Whether an input counts only if its content is not yet in the model (to add it) or is in the
        model (to remove it).

    """

    inputs: Sequence[tuple[str, SplitMoments | GroupedMoments]]
    selection: Selection
    removes: bool
    once: bool

    def counts(self, model: AnyModel) -> list[bool]:
        """Return which inputs count for a model."""
        if not self.once:
            return [True for _ in self.inputs]
        find = find_known if self.removes else find_new
        return find([data for _, data in self.inputs], frozenset(model.inputs or ()))


def selection_for(model: AnyModel, max_levels: int | None = None) -> Selection:
    """Return what to read for a model: its columns, and those by which its rows are split.

    Categories may have other levels than the model, and as many as `max_levels` says if it is
    given, else as the training allowed. Rows may be of other groups.
    """
    settings = model.settings
    split = Split.of(test_fraction=settings.test_fraction, folds=settings.folds, seed=settings.seed)
    columns = model.split_by or ()
    if isinstance(model, Model):
        selection = replace(
            selection_of(model, columns), by=(model.cluster_by,) if model.cluster_by else ()
        )
    else:
        selection = selection_of_groups(model, columns)
    design = selection.design
    if design is not None and max_levels is not None:
        design = replace(design, max_levels=max_levels)
    return replace(selection, split=split, known=None, design=design, sums_fourth=model.has_fourth)


def read_change(
    model: AnyModel, reading: Reading, *, removes: bool, once: bool, max_levels: int | None = None
) -> Change:
    """Read the rows to add to a model or to remove from it."""
    keeps_apart = once or (removes and model.inputs is not None)
    selection = selection_for(model, max_levels)
    reading = replace(reading, keeps_apart=keeps_apart)
    result: PassOf[Any]
    if not isinstance(model, Model):
        result = sum_all_groups(reading, selection)
    elif model.cluster_by:
        groups: PassOf[Any] = sum_all_groups(reading, selection)
        by_source = tuple(data.clustered() for data in groups.by_source)
        result = replace(groups, data=groups.data.clustered(), by_source=by_source)
    else:
        result = sum_all_rows(reading, selection)
    inputs: list[tuple[str, Any]] = [("", result.data)]
    if keeps_apart:
        names = [source.name for source in reading.sources]
        inputs = list(zip(names, result.by_source, strict=True))
    return Change(inputs=inputs, selection=selection, removes=removes, once=once)


def apply_change(
    named: Named, change: Change, output: str, training_display: TrainingDisplay
) -> None:
    """Change a model and write it; if its file was changed while DATA was read, change the new one.

    Raises
    ------
    ModelFileError
        If the model that is there now needs other rows than were read.

    """
    is_in_place = "-" not in {named.name, output} and is_same_file(named.name, output)
    while True:
        try:
            _apply(named, change, output, training_display, is_in_place=is_in_place)
        except ModelChangedError as changed:
            found = changed.found
            design = change.selection.design
            most = design.max_levels if design else None
            if selection_for(found, most) != change.selection:
                raise ModelFileError(
                    f"{named.name}: was replaced by a model of other columns or parts while "
                    "DATA was read",
                    hint="Nothing was changed. Run the same command again.",
                ) from None
            if not training_display.is_quiet:
                say(report.changed_meanwhile(named.name))
            named = name_model(named.name, found)
        else:
            return


def _apply(
    named: Named,
    change: Change,
    output: str,
    training_display: TrainingDisplay,
    *,
    is_in_place: bool,
) -> None:
    model, counts = named.model, change.counts(named.model)
    if not training_display.is_quiet:
        for name, _ in compress(change.inputs, map(not_, counts)):
            say(report.left_out(name, removes=change.removes))
    parts: list[Any] = [data for _, data in compress(change.inputs, counts)]
    rows = merged(parts)
    if rows is not None:
        replaces = model if is_in_place else None
        model = _learn(named, rows, change, output, training_display, replaces)
    elif not is_in_place:
        write_output(to_json(model), output, "model")
    if not training_display.is_quiet:
        say(report.rows_of(model))


def _learn(
    named: Named,
    rows: SplitMoments | GroupedMoments,
    change: Change,
    output: str,
    training_display: TrainingDisplay,
    replaces: "AnyModel | None",
) -> AnyModel:
    """Train the model with the rows or without them, and write it."""
    if isinstance(named, NamedModel):
        model = named.model
        assert isinstance(rows, SplitMoments)  # noqa: S101 - of one model
        rows = rows if rows.design else rows.select(model.moments.columns)
        data = remove_rows(named, rows) if change.removes else model.data() + rows
        return learn(data, model.settings, training_display, output, replaces=replaces)
    from linreg_cli.commands.group_training import GroupDisplay, learn_groups

    assert isinstance(rows, GroupedMoments)  # noqa: S101 - of groups
    groups, columns = named.model, (*named.model.x, named.model.y)
    rows = rows if groups.design else rows.each(lambda data: data.select(columns))
    display = GroupDisplay(
        is_quiet=training_display.is_quiet,
        requires_convergence=training_display.requires_convergence,
    )
    by_group = remove_group_rows(named, rows) if change.removes else groups.data() + rows
    return learn_groups(by_group, groups.settings, display, output, replaces=replaces)
