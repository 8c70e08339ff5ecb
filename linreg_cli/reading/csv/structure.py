"""The structure of CSV: which delimiters and line ends are real, and which stand in quotes.

    data        1,"a,b",2      the second comma is text
    structure   1,?????,2      every byte of a quoted field is the filler

A quote opens a quoted field only at the start of a field; inside, ``""`` is a quote; a quote in
the middle of an unquoted field is text.
"""

import re
from functools import cache

FILLER = b"\0"
"""What stands for a quoted byte: NUL, because it cannot occur in the text itself."""


def mask_quoted(data: bytes, delimiters: str) -> bytes:
    """Replace every byte of the quoted fields by the filler.

    Parameters
    ----------
    data
        CSV text that begins at the start of a record. A quote still open at its end masks
        everything up to there.
    delimiters
        The characters after which a field starts.

    """
    if b'"' not in data:
        return data
    return _quoted_field(delimiters).sub(lambda match: FILLER * (match.end() - match.start()), data)


def text_after_quote(structure: bytes, delimiters: str) -> int | None:
    """Find the first byte between a closing quote and the next delimiter or line end."""
    match = _text_after_quote(delimiters).search(structure) if FILLER in structure else None
    return match.end() - 1 if match else None


def open_quote(data: bytes, structure: bytes) -> int | None:
    """Find where the quote opens that is still open at the end of the data."""
    start = len(structure.rstrip(FILLER))
    # A closed field holds its two outer quotes, and the others in pairs.
    return start if data.count(b'"', start) % 2 else None


def split_fields(record: bytes, structure: bytes, delimiter: str) -> list[str]:
    """Split one record (without its line end) into the texts of its fields."""
    fields = []
    start = 0
    for part in structure.split(delimiter.encode()):
        field = record[start : start + len(part)].decode()
        if part.startswith(FILLER):
            field = field[1:-1].replace('""', '"')
        fields.append(field)
        start += len(part) + 1
    return fields


@cache
def _quoted_field(delimiters: str) -> re.Pattern[bytes]:
    # Possessive, so that a long field costs one pass and no stack.
    start = rb"(?<![^%s\r\n])" % re.escape(delimiters.encode())
    return re.compile(start + rb'"[^"]*+(?:""[^"]*+)*+"?+')


@cache
def _text_after_quote(delimiters: str) -> re.Pattern[bytes]:
    return re.compile(rb"\0[^\0%s\r\n]" % re.escape(delimiters.encode()))
