"""The structure of CSV: which delimiters and line ends separate, and which are text in quotes.

    data        1,"a,b",2      the second comma is text
    structure   1,?????,2      every byte of a quoted field is the filler

A quote opens a quoted field only at the start of a field; inside, ``""`` is a quote; a quote in
the middle of an unquoted field is text. A comment is a line of blanks in the structure.

native/structure.hpp has the same rule in C++; tests/reading/test_fast_reader.py compares the two.
"""

import re
from functools import cache

from linreg_cli.reading.csv.syntax import Syntax

FILLER = b"\0"
"""What replaces a quoted byte: NUL, because text that holds a NUL is refused."""


def mask_quoted(data: bytes, syntax: Syntax) -> bytes:
    """Return the data with quoted bytes replaced by the filler, and comments by blanks.

    Parameters
    ----------
    data
        CSV text that begins at the start of a record. A quote still open at its end masks
        everything up to there.
    syntax
        What begins a field and a comment.

    """
    if b'"' not in data and (not syntax.comment or syntax.comment.encode() not in data):
        return data
    return _masked(syntax).sub(_fill, data)


def text_after_quote(structure: bytes, syntax: Syntax) -> int | None:
    """Return the offset of text between a closing quote and the next delimiter or line end."""
    pattern = _text_after_quote(syntax.delimiters)
    match = pattern.search(structure) if FILLER in structure else None
    return match.end() - 1 if match else None


def open_quote(data: bytes, structure: bytes) -> int | None:
    """Return the offset of the quote that is still open at the end of the data, if there is one."""
    start = len(structure.rstrip(FILLER))
    # A closed field holds its two outer quotes, and the others in pairs.
    return start if data.count(b'"', start) % 2 else None


def split_fields(record: bytes, structure: bytes, delimiter: str) -> list[str]:
    """Return the texts of the fields of one record of plain syntax, given without its line end."""
    fields = []
    start = 0
    for part in structure.split(delimiter.encode()):
        field = record[start : start + len(part)].decode()
        if part.startswith(FILLER):
            field = field[1:-1].replace('""', '"')
        fields.append(field)
        start += len(part) + 1
    return fields


def _fill(match: re.Match[bytes]) -> bytes:
    size = match.end() - match.start()
    if match["blanks"] is None:
        return b" " * size
    return match["blanks"] + FILLER * (size - len(match["blanks"]))


@cache
def _masked(syntax: Syntax) -> re.Pattern[bytes]:
    """Return a pattern of a quoted field with the blanks skipped before it, or of a comment."""
    # Possessive quantifiers: a long field is matched in one pass, without backtracking.
    start = rb"(?<![^%s\r\n])" % re.escape(syntax.delimiters.encode())
    blanks = rb"(?P<blanks>[ \t]*+)" if syntax.skips_initial_space else rb"(?P<blanks>)"
    quoted = start + blanks + rb'"[^"]*+(?:""[^"]*+)*+"?+'
    if not syntax.comment:
        return re.compile(quoted)
    comment = rb"(?<![^\r\n])[ \t]*+%s[^\r\n]*+" % re.escape(syntax.comment.encode())
    return re.compile(comment + b"|" + quoted)


@cache
def _text_after_quote(delimiters: str) -> re.Pattern[bytes]:
    return re.compile(rb"\0[^\0%s\r\n]" % re.escape(delimiters.encode()))
