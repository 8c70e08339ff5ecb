"""The form in which the names of columns, and the levels of categories, are compared."""

import unicodedata

from linreg_cli.exact import BLANKS


def canonical(name: str) -> str:
    """Return a name in NFC, without blanks of any kind at both ends."""
    return unicodedata.normalize("NFC", name).strip(BLANKS + "\u200b\ufeff\r\n")
