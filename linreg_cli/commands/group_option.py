"""The option --group: which group of a model of groups a command uses."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.commands.lazy_completion import complete_group
from linreg_cli.commands.shared_options import GROUPS
from linreg_cli.errors import UsageError, count_of

if TYPE_CHECKING:
    from linreg_cli.design import Key
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.reading import Selection


def _option(help_text: str) -> Any:  # noqa: ANN401 - as Typer's functions do
    return typer.Option(
        "--group",
        metavar="KEY",
        help=help_text,
        autocompletion=complete_group,
        show_default=False,
        rich_help_panel=GROUPS,
    )


GroupKey = Annotated[
    str | None,
    _option(
        "Group of a model of groups: its value, or its values with commas, such as "
        "city=DAVIS,year=2020."
    ),
]
GroupKeys = Annotated[
    list[str] | None,
    _option(
        "Group of a model of groups: its value, or its values with commas, such as "
        "city=DAVIS,year=2020. Repeat it for more groups."
    ),
]


class ChosenGroup(Struct, frozen=True, kw_only=True):
    """The group of a model of groups that a command uses.

    Attributes
    ----------
    by
        The columns of the keys of all groups.
    key
        The key of the group.

    """

    by: tuple[str, ...]
    key: "Key"

    def select(self, selection: "Selection") -> "Selection":
        """Return the same selection of the rows of this group alone."""
        return replace(selection, by=self.by, only=self.key, keeps_missing=None in self.key)


class OneModel(Struct, frozen=True, kw_only=True):
    """A model, and the group that it is of; None for a file with one model."""

    model: "Model"
    group: ChosenGroup | None = None


def choose_group(
    model: "Model | GroupedModel", name: str, group: str | None
) -> "OneModel | GroupedModel":
    """Return the only model or that of the group which the user typed, or the models of all groups.

    Parameters
    ----------
    model, name
        One model or those of all groups, and the name of their file.
    group
        The value of --group.

    Raises
    ------
    UsageError
        If there is no such group, or the model has no groups.
    FitError
        If the group has no fit.

    """
    from linreg_cli.model import Model

    if isinstance(model, Model):
        if group is not None:
            raise UsageError(
                f"--group needs a model of groups, and {name} is one model",
                hint="Leave out --group, or train with --by COLUMN.",
            )
        return OneModel(model=model)
    if group is None:
        return model
    from linreg_cli.model import find_key

    return one_of(model, find_key(group, model.by, model.keys))


class Groups(Struct, frozen=True, kw_only=True):
    """The models of groups, and the keys that the user named; none for all groups."""

    model: "GroupedModel"
    keys: "Sequence[Key]"


def choose_groups(
    model: "Model | GroupedModel", name: str, groups: Sequence[str]
) -> "OneModel | Groups":
    """Return the only model or that of the only group that the user named, or those of several.

    The parameters and errors are those of `choose_group`; `groups` are the values of --group.
    """
    from linreg_cli.model import Model, find_key

    if len(groups) == 1 or isinstance(model, Model):
        chosen = choose_group(model, name, groups[0] if groups else None)
        assert isinstance(chosen, OneModel)  # noqa: S101 - one group is named, or there is one model
        return chosen
    keys = (find_key(group, model.by, model.keys) for group in groups)
    return Groups(model=model, keys=list(dict.fromkeys(keys)))


def one_of(model: "GroupedModel", key: "Key") -> OneModel:
    """Return the model of a group.

    Raises
    ------
    FitError
        If the group has no fit.

    """
    return OneModel(model=model.model_of(key), group=ChosenGroup(by=model.by, key=key))


def needs_one_model(model: "GroupedModel", name: str, what: str) -> UsageError:
    """Return the error of a command or an option that needs the model of one group."""
    from linreg_cli.model import write_key

    key = write_key([*model.fit_keys, *model.keys][0])
    return UsageError(
        f"{name} has a model for each of {count_of(len(model.keys), 'group')} by "
        f"{', '.join(model.by)}, and {what} needs one",
        hint=f"Add --group KEY, for example --group {shlex.quote(key)}; linreg show {name} lists "
        "the groups.",
    )


def load_one_model(
    path: str, group: str | None, *, command: str, data: Sequence[str] = ()
) -> OneModel:
    """Read a model file, and of a model of groups the model of one group.

    The parameters are those of `load_any_model`, and the value of --group.

    Raises
    ------
    UsageError
        If the file has groups and none is named, or the reverse, or there is no such group.
    FitError
        If the group has no fit.

    """
    from linreg_cli.model import load_any_model

    chosen = choose_group(load_any_model(path, command=command, data=data), path, group)
    if isinstance(chosen, OneModel):
        return chosen
    raise needs_one_model(chosen, path, f"linreg {command}")
