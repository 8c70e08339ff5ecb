"""How many fields a long record has: no more of it is looked at than decides.

A few kilobytes of compressed data can be a record of millions of fields. It is refused at the
first field too many, before anything is made of all the others.
"""

from linreg_cli.reading.csv.structure import mask_quoted

MAX_COLUMNS = 1 << 20
"""The most columns that a file may have."""

_FIRST_LOOK = 1 << 16


def has_more_fields(data: bytes, delimiter: str, width: int) -> bool:
    """Tell whether the first record of the data has more than `width` fields."""
    sign, size = delimiter.encode(), _FIRST_LOOK
    while True:
        structure = mask_quoted(data[:size], delimiter)
        ends = [end for end in (structure.find(b"\n"), structure.find(b"\r")) if end >= 0]
        if structure.count(sign, 0, min(ends, default=len(structure))) >= width:
            return True
        if ends or size >= len(data):
            return False
        size *= 2
