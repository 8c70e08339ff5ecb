"""The formats of model files, and how to tell one from a file of rows without reading a model."""

import codecs
from pathlib import Path
from typing import Final

FORMAT: Final = "linreg-model"
VERSION: Final = 2
GROUPS_FORMAT: Final = "linreg-groups"
GROUPS_VERSION: Final = 1
HEAD_BYTES = 4096
"""A model file begins as JSON, and has its format within this number of bytes."""


def is_model_file(path: Path) -> bool:
    """Return whether the first bytes of a regular file are those of a model."""
    if not path.is_file():  # reading from a pipe would wait, and take its bytes away
        return False
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return False
    formats = (FORMAT, GROUPS_FORMAT)
    return begins_as_object(head) and any(f'"{name}"'.encode() in head for name in formats)


def begins_as_object(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a JSON object."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n").startswith(b"{")
