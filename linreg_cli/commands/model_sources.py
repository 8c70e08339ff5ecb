"""Tell sources that are model files from those that hold rows."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.model import AnyModel
    from linreg_cli.reading.sources import Source
    from linreg_cli.training import Named, NamedGroups, NamedModel


def are_models(sources: "Sequence[Source]") -> bool:
    """Return whether sources are model files.

    Raises
    ------
    UsageError
        If some are and some are not.

    """
    found = [_is_model(source) for source in sources]
    if any(found) and not all(found):
        model, other = (sources[found.index(is_model)].name for is_model in (True, False))
        raise UsageError(
            f"{model} is a model and {other} is not",
            hint=f"linreg update {model} {other} adds rows to a model.",
        )
    return all(found)


def named_models(names: "Sequence[str]") -> "tuple[list[NamedModel], list[NamedGroups]]":
    """Load model files, all of one model or all of one for each group; one of the lists is empty.

    Raises
    ------
    UsageError
        If there are both kinds.

    """
    from linreg_cli.model import load_any_model
    from linreg_cli.training import NamedGroups, NamedModel

    found = [name_model(name, load_any_model(name)) for name in names]
    ones = [named for named in found if isinstance(named, NamedModel)]
    groups = [named for named in found if isinstance(named, NamedGroups)]
    if ones and groups:
        raise UsageError(
            f"{groups[0].name} has a model for each group by {', '.join(groups[0].model.by)}, "
            f"{ones[0].name} has none",
            hint=f"linreg show {shlex.quote(groups[0].name)} --pooled -o all.json writes one "
            "model of all its rows.",
        )
    return ones, groups


def name_model(name: str, model: "AnyModel") -> "Named":
    """Return a model of either kind with its name."""
    from linreg_cli.model import Model
    from linreg_cli.training import NamedGroups, NamedModel

    if isinstance(model, Model):
        return NamedModel(name=name, model=model)
    return NamedGroups(name=name, model=model)


def refuse_models(sources: "Sequence[Source]", model: str) -> None:
    """Refuse models where rows are wanted for a model.

    Raises
    ------
    UsageError
        For the first of them.

    """
    for source in filter(_is_model, sources):
        raise UsageError(
            f"{source.name} is a model and holds no rows",
            hint=f"linreg merge {model} {source.name} merges models.",
        )


def _is_model(source: "Source") -> bool:
    from linreg_cli.model import is_model_file

    return source.path is not None and is_model_file(source.path)
