"""Whether a long record has too many fields: it is read only as far as needed to decide.

A few kilobytes of compressed data can be a record of millions of fields. It is refused at the
first field too many, before anything is made of all the others.
"""

from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.syntax import Syntax

MAX_COLUMNS = 1 << 20
"""The most columns that a file may have."""

_FIRST_LOOK = 1 << 16


def has_more_fields(data: bytes, syntax: Syntax, width: int) -> bool:
    """Return whether the first record of the data has more than `width` fields."""
    size = _FIRST_LOOK
    while True:
        start = Chunk(data[:size], syntax, 1).plain
        delimiter, structure = start.syntax.delimiters.encode(), start.structure
        ends = [end for end in (structure.find(b"\n"), structure.find(b"\r")) if end >= 0]
        if structure.count(delimiter, 0, min(ends, default=len(structure))) >= width:
            return True
        if ends or size >= len(data):
            return False
        size *= 2
