"""The form in which names of columns and levels of categories are compared; keys of groups."""

import unicodedata
from typing import TypeAlias

from linreg_cli.exact import BLANKS

Key: TypeAlias = tuple[str | None, ...]
"""The key of a group: a level of each of some columns; None where the cells are missing."""


def canonical(name: str) -> str:
    """Return a name in NFC, without blanks of any kind at both ends."""
    return unicodedata.normalize("NFC", name).strip(BLANKS + "\u200b\ufeff\r\n")
