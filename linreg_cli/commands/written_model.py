"""Write a model to a file or to standard output: the same for all commands."""

from linreg_cli.model import AnyModel, save_model, to_json
from linreg_cli.output.terminal import standard_output, warn


def write_model(model: AnyModel, output: str, *, replaces: "AnyModel | None" = None) -> None:
    """Write a model to a file, whole, or to standard output for ``-``.

    `replaces` is the model that must be at the place still, if any.

    Raises
    ------
    ModelChangedError
        If another model is at the place.
    ModelFileError
        If the file cannot be written.

    """
    if output == "-":
        with standard_output() as write:
            write(to_json(model))
    else:
        save_model(model, output, replaces=replaces, tell=warn)
