"""Tell sources that are model files from those that hold rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.reading.sources import Source


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
