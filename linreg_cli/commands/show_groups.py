"""Show a file with a model for each group: a line for each, or one of its models."""

from collections.abc import Iterator, Sequence

from linreg_cli.commands.effects import refuse
from linreg_cli.commands.group_option import OneModel, one_of
from linreg_cli.commands.typed_options import Typed
from linreg_cli.commands.written_model import write_model
from linreg_cli.errors import UsageError, nearest
from linreg_cli.model import GroupedModel, Model, find_key
from linreg_cli.output.terminal import group_table, report, say, standard_output
from linreg_cli.reading.csv import record
from linreg_cli.statistics import GroupScores, check_groups, score_groups

_OF_ALL = ("sort", "csv")
"""Options of the list of all groups."""
_OF_ONE = ("output", "markdown", "latex", "confidence", "robust")
"""Options of one model."""


def choose_model(model: GroupedModel, typed: Typed) -> OneModel | None:
    """Return the one model that is asked for: of a group or of all rows; None for the list.

    Raises
    ------
    UsageError
        If no group has the key, or an option has no effect.
    FitError
        If the group, or all rows together, have no model.

    """
    if "group" in typed:
        refuse(typed, _OF_ALL, "--group")
        return one_of(model, find_key(typed.values["group"], model.by, model.keys))
    if "pooled" in typed:
        from linreg_cli.training import set_up, train_once

        refuse(typed, _OF_ALL, "--pooled")
        return OneModel(model=train_once(set_up(model.data().pooled(), model.settings)))
    refuse(typed, _OF_ONE, "a list of groups", hint="Choose one model: --group KEY or --pooled.")
    return None


def list_groups(model: GroupedModel, typed: Typed, *, sort: str) -> None:
    """Print a line for each group, and the tests of what they have in common.

    Raises
    ------
    UsageError
        If there is nothing of this name to sort by.

    """
    groups = _in_order(model, list(score_groups(model)), sort)
    if "csv" in typed:
        content = b"".join(_csv(model, groups))
    elif "json" in typed:
        content = group_table.as_json(model, groups, check_groups(model)).encode()
    else:
        content = "\n".join([*_text(model, groups), ""]).encode()
    with standard_output() as write:
        write(content)


def write_chosen(model: Model, output: str) -> None:
    """Write the model of one group or of all rows in a file of its own."""
    write_model(model, output)
    say(report.saved(output))


def _text(model: GroupedModel, groups: Sequence[GroupScores]) -> Iterator[str]:
    yield from group_table.header(model)
    yield ""
    yield from group_table.table(model, groups)
    yield ""
    yield from group_table.tests(model, check_groups(model))


def _csv(model: GroupedModel, groups: Sequence[GroupScores]) -> Iterator[bytes]:
    """Yield the groups as records of a CSV file, with all digits."""
    yield record([*model.by, "rows", "b", *model.x, "r2", "rmse", "status"])
    for group in groups:
        weights = [group.weights.get(name) for name in ("b", *model.x)]
        yield record([*group.key, group.rows, *weights, group.r2, group.rmse, group.status])


def _in_order(
    model: GroupedModel, groups: Sequence[GroupScores], sort: str
) -> Sequence[GroupScores]:
    if sort == "key":
        return groups
    names = ["key", "rows", "r2", "rmse", "b", *model.x]
    if sort == "m" and len(model.x) == 1:
        sort = model.x[0]
    if sort not in names:
        raise UsageError(
            f"--sort {sort}: there is no such figure", hint=_names(nearest(sort, names), names)
        )

    def place(group: GroupScores) -> tuple[bool, float]:
        figures = {"rows": group.rows, "r2": group.r2, "rmse": group.rmse, **group.weights}
        figure = figures.get(sort)
        return figure is None, -(figure or 0.0)

    return sorted(groups, key=place)


def _names(near: str, names: Sequence[str]) -> str:
    return near or f"Sort by {', '.join(names)}."
