"""The header: what the columns are called, and what separates them."""

import shlex
from collections.abc import Sequence

from linreg_cli.errors import DataError, nearest
from linreg_cli.reading.csv.offsets import find_records
from linreg_cli.reading.csv.options import CsvOptions
from linreg_cli.reading.csv.records import Chunk

DELIMITERS = ",;\t|"
"""What a delimiter is looked for among, the likeliest first."""

_SPLITTING = ":;|\t,~^# "
"""What a header that was not split may be split at."""

HEAD_BYTES = 1 << 16
"""How much of a file is looked at to find its delimiter."""

HEAD_RECORDS = 100
"""How many records are looked at to find the delimiter."""


def find_delimiter(head: bytes, options: CsvOptions) -> str:
    """Find the delimiter from the first bytes of a file.

    It is the one that occurs equally often in each of the first records, if there is one (the
    most frequent, if there are several); else the most frequent in the first record; else the
    likeliest. The decimal sign is never it, the thousands sign only if no other occurs.
    """
    if options.delimiter is not None:
        return options.delimiter
    possible = [sign for sign in DELIMITERS if sign != options.decimal]
    # Which of them is the delimiter is not known yet, so that a field may start after any.
    head = head[:HEAD_BYTES]
    records = _whole_records(Chunk(head, "".join(possible), 1))
    counts = {sign: [record.count(sign.encode()) for record in records] for sign in possible}
    likely = [sign for sign in possible if sign != options.thousands]
    steady = [sign for sign in likely if len(set(counts[sign])) == 1]
    for signs in (steady, likely, possible):
        # Of several largest, max() gives the first and so the likeliest.
        best = max(signs, key=lambda sign: counts[sign][:1], default="")
        if best and any(counts[best][:1]):
            return best
    return likely[0]


def _whole_records(head: Chunk) -> list[bytes]:
    """Give the structure of the first records, without one that the head cuts off."""
    records = find_records(head)
    found = [
        head.structure[start:end]
        for start, end in zip(
            records.starts[:HEAD_RECORDS], records.ends[:HEAD_RECORDS], strict=True
        )
        if head.data[start:end].strip()
    ]
    is_cut = len(head.data) == HEAD_BYTES
    return found[:-1] if is_cut and len(found) > 1 else found


def find_column(name: str, names: Sequence[str], source: str, hint: str) -> int:
    """Find the position of the column called `name`; `hint` is the remedy if none is near.

    Raises
    ------
    DataError
        If no column or more than one is called so.

    """
    if name not in names:
        raise DataError(
            f"no column '{name}'; the columns are {', '.join(names)}",
            source=source,
            hint=_several(name, names) or nearest(name, names) or _alone(names) or hint,
        )
    if names.count(name) > 1:
        hint = "Give each column that is used a name of its own."
        raise DataError("occurs twice in the header", source=source, column=name, hint=hint)
    return names.index(name)


def _alone(names: Sequence[str]) -> str:
    """Return the remedy for a header that was not split, if its only name says how it could be."""
    sign = next((sign for sign in _SPLITTING if sign in names[0]), "") if len(names) == 1 else ""
    return f"If that is more than one column: --delimiter {shlex.quote(sign)}" if sign else ""


def _several(name: str, names: Sequence[str]) -> str:
    """Return the remedy for columns that are named together, such as "size,beds" or "size beds"."""
    for parts in ([part.strip() for part in name.split(",")], name.split()):
        if len(parts) > 1 and set(parts) <= set(names):
            return "Repeat --x: " + " ".join(f"--x {shlex.quote(part)}" for part in parts)
    return ""
