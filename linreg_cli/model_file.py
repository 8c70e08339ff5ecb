"""Model files: JSON with a format and a version, read strictly and written whole."""

import codecs
import json
import sys
from pathlib import Path

from pydantic import ValidationError

from linreg_cli.errors import ModelFileError
from linreg_cli.files import open_output
from linreg_cli.model import FORMAT, VERSION, Model

_BRANCHES = {"float", "dict[str,float]"}
"""What pydantic calls the branches of a union in the place of an error."""


def to_json(model: Model) -> str:
    """Write a model as JSON text, one line for each of its parts."""
    fields = model.model_dump(mode="json", exclude_none=True)
    lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in fields.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def from_json(text: str | bytes, name: str) -> Model:
    """Read a model from JSON text; `name` is what messages call it.

    Raises
    ------
    ModelFileError
        If the text is no JSON, no model, or a model of a newer version.

    """
    hint = "linreg train writes such a file."
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise ModelFileError(f"{name}: is not JSON", hint=hint) from None
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ModelFileError(f"{name}: is JSON but not a linreg model", hint=hint)
    version = fields.get("version")
    if isinstance(version, int) and version > VERSION:
        raise ModelFileError(
            f"{name}: has version {version} of the model format; this linreg reads {VERSION}",
            hint="A newer linreg reads it.",
        )
    try:
        return Model.model_validate_json(text)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # of a union all branches complain: a number that is not finite is what it is
        first = min(errors, key=lambda found: found["type"] != "finite_number")
        place = ".".join(str(part) for part in first["loc"] if part not in _BRANCHES)
        problem = first["msg"].removeprefix("Value error, ")
        raise ModelFileError(
            f"{name}: is not a whole linreg model: {place + ': ' if place else ''}{problem}",
            hint="Train it again, or restore the file.",
        ) from None


def load_model(path: str) -> Model:
    """Read a model file; ``-`` is standard input."""
    name = "standard input" if path == "-" else path or "''"
    try:
        content = _read_standard_input() if path == "-" else Path(path or name).read_bytes()
    except FileNotFoundError:
        raise ModelFileError(
            f"{name}: no such model file",
            hint="linreg train DATA --x COLUMN --y COLUMN writes one.",
        ) from None
    except OSError as error:
        raise ModelFileError(
            f"{name}: cannot be read: {error.strerror}", hint="MODEL is a file that linreg wrote."
        ) from error
    return from_json(content.removeprefix(codecs.BOM_UTF8), name)


def _read_standard_input() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin is not None else b""  # closed, as by <&-


def save_model(model: Model, path: str) -> None:
    """Write a model file whole, or leave the old one as it was."""
    with open_output(path, "model", failure=ModelFileError) as file:
        file.write(to_json(model).encode())
