"""Model files: JSON with a format and a version, read strictly and written whole."""

import codecs
import contextlib
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

import msgspec

from linreg_cli.errors import ModelFileError
from linreg_cli.files import Tell, open_output, remedy, tell_nobody
from linreg_cli.model.file_format import (
    FORMAT,
    GROUPS_FORMAT,
    GROUPS_VERSION,
    HEAD_BYTES,
    VERSION,
    begins_as_object,
    is_model_file,
)
from linreg_cli.model.model import Model
from linreg_cli.model.record import read_custom

if TYPE_CHECKING:
    from linreg_cli.model.grouped_model import GroupedModel

AnyModel: TypeAlias = "Model | GroupedModel"
"""What a model file holds; most files have no groups, and the record of these is not imported."""
MAX_BYTES = 256 << 20
"""The largest file that is read as a model: enough for those of 3000 features."""

_NAMES_SINCE_VERSION_2 = {
    "sums": "moments",
    "test_sums": "test_moments",
    "fold_sums": "fold_moments",
    "dealt_by": "split_by",
}
"""The names of fields of version 1, and what they are called now."""


_NEWEST = {FORMAT: VERSION, GROUPS_FORMAT: GROUPS_VERSION}
"""The newest version of each format."""


def to_json(model: AnyModel) -> bytes:
    """Return a model as JSON, one line for each of its parts and each group."""
    if not isinstance(model, Model):
        return _grouped_json(model)
    fields = model.to_fields()
    if model.version == 1:
        old = {new: old for old, new in _NAMES_SINCE_VERSION_2.items()}
        fields = {old.get(name, name): value for name, value in fields.items()}
    return b"{\n" + _lines_of(fields) + b"\n}\n"


def _grouped_json(model: "GroupedModel") -> bytes:
    shared = model.changed(groups=()).to_fields()
    del shared["groups"]
    content = BytesIO()  # one group after the other, and no copy at the end: there may be many
    content.write(b"{\n" + _lines_of(shared) + b',\n  "groups": [')
    for before, group in zip(chain((b"\n    ",), repeat(b",\n    ")), model.groups, strict=False):
        content.write(before + _encoded(group.to_fields()))
    content.write(b"\n  ]\n}\n")
    return content.getvalue()


def _lines_of(fields: Mapping[str, Any]) -> bytes:
    lines = (b"  %b: %b" % (_encoded(name), _encoded(value)) for name, value in fields.items())
    return b",\n".join(lines)


def _encoded(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=0)  # one line, with blanks


def from_json(text: str | bytes, name: str) -> AnyModel:
    """Read a model from JSON text; `name` is its name in messages.

    Raises
    ------
    ModelFileError
        If the text is no JSON, no model, or a model of a newer version.

    """
    head = text[:HEAD_BYTES]
    head = head if isinstance(head, bytes) else head.encode()
    kind = _kind_of(GROUPS_FORMAT if f'"{GROUPS_FORMAT}"'.encode() in head else FORMAT)
    try:
        model = msgspec.json.decode(text, type=kind, dec_hook=read_custom)
    except (ValueError, RecursionError):
        model = _from_fields(_read_fields(text, name), name)
    try:
        if isinstance(model, Model):
            model.check_moments()
    except ValueError as error:
        raise _not_whole(name, str(error)) from None
    return model


def _kind_of(form: str) -> type[AnyModel]:
    """Return the record of a format."""
    if form == FORMAT:
        return Model
    from linreg_cli.model.grouped_model import GroupedModel

    return GroupedModel


def _read_fields(text: str | bytes, name: str) -> dict[str, Any]:
    """Return the fields of a model file, by the names of version 2."""
    import json

    hint = "Give a model file that linreg train wrote."
    try:
        fields = json.loads(text if isinstance(text, str) else text.decode())
        json.dumps(fields, ensure_ascii=False).encode()  # half a character has no bytes
    except (ValueError, RecursionError):  # UnicodeError is a ValueError
        raise ModelFileError(f"{name}: is not JSON", hint=hint) from None
    if not isinstance(fields, dict) or fields.get("format") not in list(
        _NEWEST
    ):  # it may be a list
        raise ModelFileError(f"{name}: is JSON but not a linreg model", hint=hint)
    version = fields.get("version")
    newest = _NEWEST[fields["format"]]
    if isinstance(version, int) and version > newest:
        raise ModelFileError(
            f"{name}: has version {version} of the model format; this linreg reads {newest}",
            hint="pip install --upgrade linreg-cli",
        )
    if version == 1 and fields["format"] == FORMAT:
        new = _NAMES_SINCE_VERSION_2
        return {new.get(key, key): value for key, value in cast("dict[str, Any]", fields).items()}
    return fields


def _from_fields(fields: dict[str, Any], name: str) -> AnyModel:
    kind = _kind_of(fields["format"])
    try:
        return msgspec.convert(fields, kind, dec_hook=read_custom)
    except ValueError as error:
        from linreg_cli.model.refusals import explain

        raise _not_whole(name, explain(str(error), fields, kind)) from None


def _not_whole(name: str, problem: str) -> ModelFileError:
    return ModelFileError(
        f"{name}: is not a whole linreg model: {problem}",
        hint="Train it again, or restore the file.",
    )


def load_model(path: str, *, command: str = "", data: Sequence[str] = ()) -> Model:
    """Read the file of one model, as `load_any_model` reads it.

    Raises
    ------
    ModelFileError
        As `load_any_model`, and if the file has a model for each group.

    """
    model = load_any_model(path, command=command, data=data)
    if isinstance(model, Model):
        return model
    from linreg_cli.model.group_keys import show_key, write_key

    key = next(iter([*model.fit_keys, *model.keys]))
    show = ["linreg", "show", path, "--group", write_key(key), "-o", "one.json"]
    raise ModelFileError(
        f"{path}: has one model for each group by {', '.join(model.by)}; needed is one model",
        hint=f"{shlex.join(show)} writes the model of the group {show_key(key)}.",
    )


def load_any_model(path: str, *, command: str = "", data: Sequence[str] = ()) -> AnyModel:
    """Read the file of one model or of one for each group; ``-`` is standard input.

    A file that does not begin like a model is refused before more of it is read.

    Parameters
    ----------
    path
        The path of the model.
    command, data
        The command that reads it and its other arguments, for the hint where one of these is a
        model, so that the two seem to be swapped.

    Raises
    ------
    ModelFileError
        If the file cannot be read, is too large, or holds no model.

    """
    name = "standard input" if path == "-" else path or "''"
    try:
        content = _read_bounded(path, name)
    except FileNotFoundError:
        raise ModelFileError(
            f"{name}: no such model file",
            hint="linreg train DATA --x COLUMN --y COLUMN writes one.",
        ) from None
    except OSError as error:
        raise ModelFileError(
            f"{name}: cannot be read: {error.strerror}",
            hint="Give a model file that linreg train wrote.",
        ) from error
    except _NotJsonError:
        hint = _right_order(path, command, data) or "Give a model file that linreg train wrote."
        raise ModelFileError(f"{name}: is not JSON", hint=hint) from None
    return from_json(content, name)


class _NotJsonError(Exception):
    """The first bytes are not those of a JSON object."""


def _read_bounded(path: str, name: str) -> bytes:
    """Return the content of a file that begins like a model and is not too large to be one."""
    with _open(path, name) as file:
        head = file.read(HEAD_BYTES)
        is_whole = len(head) < HEAD_BYTES
        if not begins_as_object(head) and not (is_whole and _is_json(head)):
            raise _NotJsonError
        content = head + file.read(MAX_BYTES + 1 - len(head))
    if len(content) > MAX_BYTES:
        raise ModelFileError(
            f"{name}: is larger than {MAX_BYTES >> 20} MiB, which no model is",
            hint="Give a model file that linreg train wrote.",
        )
    return content.removeprefix(codecs.BOM_UTF8)


def _open(path: str, name: str) -> AbstractContextManager[BinaryIO]:
    if path != "-":
        return Path(path or name).open("rb")
    # closed, as by <&-
    return nullcontext(BytesIO() if sys.stdin is None else cast("BinaryIO", sys.stdin.buffer))


def _is_json(text: bytes) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _right_order(path: str, command: str, data: Sequence[str]) -> str:
    """Return the command with MODEL first, if one of the other arguments is a model."""
    model = next((name for name in data if is_model_file(Path(name))), None)
    if not command or model is None:
        return ""
    others = [path if name == model else name for name in data]
    return f"MODEL comes first: {shlex.join(['linreg', command, model, *others])}"


class ModelChangedError(Exception):
    """The model at a place is another one than the one that is to be replaced."""

    def __init__(self, found: AnyModel) -> None:
        super().__init__()
        self.found = found


def save_model(
    model: AnyModel, path: str, *, replaces: "AnyModel | None" = None, tell: Tell = tell_nobody
) -> None:
    """Write a model file whole, or leave the old one as it was.

    Parameters
    ----------
    model, path
        The model, and its place.
    replaces
        The model that must be at the place still, if any: whatever changed it would be lost.
        No other linreg writes there between the look and the writing.
    tell
        Gets what a person should know though the model was written.

    Raises
    ------
    ModelChangedError
        If another model is there.
    ModelFileError
        If the file cannot be written, or would be too large to be read.

    """
    from linreg_cli.model.file_lock import locked

    content = to_json(model)
    if len(content) > MAX_BYTES:
        raise ModelFileError(
            f"{path}: the model would be larger than {MAX_BYTES >> 20} MiB, which linreg does not "
            "read",
            hint="Give fewer features, or --by a column with fewer values.",
        )
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(Path(path), tell=tell))
        except OSError as error:
            raise ModelFileError(
                f"{path}: cannot write the model: {error.strerror}",
                hint=remedy(error, path),
            ) from error
        if replaces is not None and (found := load_any_model(path)) != replaces:
            raise ModelChangedError(found)
        file = stack.enter_context(open_output(path, "model", failure=ModelFileError, tell=tell))
        file.write(content)
