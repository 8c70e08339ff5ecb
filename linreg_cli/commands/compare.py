"""linreg compare: several models in one table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from linreg_cli.commands import shared_options as shared
from linreg_cli.commands.group_option import GroupKeys, choose_group
from linreg_cli.commands.option_kinds import flag
from linreg_cli.commands.typed_options import Typed
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.model import GroupedModel, Model

MAX_GROUPS = 12
"""The most groups that are compared, if none is named."""


def compare(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL", help="Model files, or - for standard input."),
    ],
    *,
    group: GroupKeys = None,
    stars: Annotated[
        bool,
        flag(
            "--stars",
            "Mark weights with a p-value below 0.05 (*), 0.01 (**) or 0.001 (***).",
            shared.OUTPUT,
        ),
    ] = False,
    json: shared.Json = False,
    markdown: Annotated[
        bool,
        flag("--markdown", "Print a Markdown table.", shared.OUTPUT),
    ] = False,
    latex: Annotated[
        bool,
        flag("--latex", "Print a LaTeX table.", shared.OUTPUT),
    ] = False,
    csv: Annotated[
        bool,
        flag("--csv", "Print the table as CSV, with all digits.", shared.OUTPUT),
    ] = False,
    typed: Typed,
) -> None:
    """Show models side by side, and test nested models.

    linreg compare small.json large.json

    linreg compare small.json large.json --latex --stars

    linreg compare cities.json --group DAVIS --group GALT
    """
    from linreg_cli.commands.effects import ignore
    from linreg_cli.commands.overwriting import refuse_overwriting
    from linreg_cli.output.terminal import comparison_table as text, standard_output
    from linreg_cli.statistics import compare_models

    typed.refuse_together("json", "markdown", "latex", "csv")
    if json or csv:
        ignore(typed, ["stars"], "--json" if json else "--csv")
    refuse_overwriting(models, "-")
    comparison = compare_models(_load(models, group or []))
    if json:
        output = text.as_json(comparison)
    elif csv:
        output = text.as_csv(comparison)
    elif markdown or latex:
        output = text.paper_table(comparison, "markdown" if markdown else "latex", has_stars=stars)
    else:
        output = text.report(comparison, has_stars=stars)
    with standard_output() as write:
        write(f"{output}\n".encode())


def _load(names: list[str], groups: list[str]) -> "dict[str, Model]":
    """Return the models to compare by their names; of a model of groups, one for each group.

    Raises
    ------
    UsageError
        If there are fewer than two or too many, or a file is named twice.

    """
    from linreg_cli.model import Model, load_any_model

    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name} is named twice", hint="Name each model once.")
    loaded = {name: load_any_model(name) for name in names}
    found: dict[str, Model] = {}
    for name, model in loaded.items():
        if isinstance(model, Model):
            found[name] = model
        else:
            title = f"{name} " if len(names) > 1 else ""
            found |= {f"{title}{key}": one for key, one in _models_of(model, name, groups)}
    if groups and all(isinstance(model, Model) for model in loaded.values()):
        choose_group(loaded[names[0]], names[0], groups[0])
    if len(found) == 1 and len(names) == 1 and not isinstance(loaded[names[0]], Model):
        raise UsageError(
            "one model cannot be compared",
            hint=f"Name two or more groups: --group KEY --group KEY; linreg show {names[0]} lists "
            "them.",
        )
    if len(found) == 1:
        raise UsageError(
            "one model cannot be compared",
            hint=f"Name two or more models; linreg show {names[0]} shows one.",
        )
    return found


def _models_of(
    model: "GroupedModel", name: str, groups: list[str]
) -> "Iterator[tuple[str, Model]]":
    """Yield the key and the model of each group to compare.

    Raises
    ------
    UsageError
        If there are too many.

    """
    from linreg_cli.model import find_key, show_key

    keys = [find_key(group, model.by, model.keys) for group in groups] or model.fit_keys
    if len(keys) > MAX_GROUPS and not groups:
        raise UsageError(
            f"{name} has a model for each of {len(keys):,} groups; a table has room for "
            f"{MAX_GROUPS}",
            hint="Choose some of them: --group KEY --group KEY",
        )
    yield from ((show_key(key), model.model_of(key)) for key in dict.fromkeys(keys))
