"""The first records of a file, one by one: a file is opened without NumPy.

`offsets` finds all records of a chunk at once.
"""

import re
from collections.abc import Iterator

from linreg_cli.reading.csv.chunk import Chunk

_LINE_END = re.compile(rb"\r\n|\n|\r")

Span = tuple[int, int]
"""The offsets of a record's first byte, and of the end of its text: line end excluded."""


def each_record(chunk: Chunk) -> Iterator[Span]:
    """Yield where each record of a chunk begins and ends, blank lines included."""
    start = 0
    for line_end in _LINE_END.finditer(chunk.structure):
        yield start, line_end.start()
        start = line_end.end()
    if start < len(chunk.structure):
        yield start, len(chunk.structure)


def each_with_text(chunk: Chunk) -> Iterator[Span]:
    """Yield the records that are neither blank nor comments."""
    comment = chunk.syntax.comment.encode()
    for start, end in each_record(chunk):
        is_blank = not chunk.structure[start:end].strip(b" \t\r\n")
        if not is_blank and not (comment and begins_comment(chunk.data, start, comment)):
            yield start, end


def begins_comment(data: bytes, start: int, comment: bytes) -> bool:
    """Return whether a line is a comment; blanks may stand before the text that begins one."""
    while data[start : start + 1] in {b" ", b"\t"} and not data.startswith(comment, start):
        start += 1
    return data.startswith(comment, start)
