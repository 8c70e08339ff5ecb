"""Keys of groups: as people read them, and as users type them."""

import csv
import io
import re
from collections.abc import Collection, Sequence

from linreg_cli.design import Key, canonical, first_of
from linreg_cli.errors import UsageError, nearest

MISSING = "(missing)"
"""How a missing value of a key is shown and typed."""


def show_key(key: Key) -> str:
    """Return a key as people read it: its values, with a comma between them."""
    return ", ".join(MISSING if value is None else value for value in key)


def write_key(key: Key) -> str:
    """Return a key as it is typed: its only value, or its values as a record of a CSV file."""
    values = [MISSING if value is None else value for value in key]
    if len(values) == 1:
        return values[0]
    written = io.StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue().removesuffix("\r\n")


def find_key(text: str, by: Sequence[str], keys: Collection[Key]) -> Key:
    """Return the key that a user typed.

    Parameters
    ----------
    text
        What was typed: the values with commas between them as in a CSV file, such as ``DAVIS`` or
        ``DAVIS,2020``, or with their names in any order, such as ``year=2020,city=DAVIS``.
        ``(missing)`` stands for a missing value.
    by
        The columns of the key.
    keys
        The keys of all groups.

    Raises
    ------
    UsageError
        If no group has this key.

    """
    return _find(_readings(text, by), text, by, keys)


def key_of(values: Sequence[str], by: Sequence[str], keys: Collection[Key]) -> Key:
    """Return the key with these values of the columns ``by``.

    Raises
    ------
    UsageError
        If no group has this key.

    """
    return _find([values], ", ".join(values), by, keys)


def _find(
    readings: Sequence[Sequence[str]], text: str, by: Sequence[str], keys: Collection[Key]
) -> Key:
    for values in readings:
        typed: Key = tuple(map(canonical, values))
        with_none: Key = tuple(None if value == MISSING else value for value in typed)
        for key in (typed, with_none):
            if key in keys:
                return key
    shown = [write_key(key) for key in keys]
    near = nearest(write_key(tuple(readings[-1])), shown)
    raise UsageError(
        f"the model has no group '{text}'{'; ' + near if near else ''}",
        hint=f"The groups by {', '.join(by)} are {first_of(shown)}.",
    )


def _readings(text: str, by: Sequence[str]) -> list[Sequence[str]]:
    """Return the values that a text may mean, the likeliest first; at least one."""
    named = _named(text, by)
    return [
        *([_record(text)] if len(by) > 1 else [[text], [_unquoted(text)]]),
        *([] if named is None else [named]),
    ]


def _record(text: str) -> Sequence[str]:
    """Return the values of a record of a CSV file."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True), [])
    except csv.Error:  # such as a line end without quotes
        return [text]


def _named(text: str, by: Sequence[str]) -> Sequence[str] | None:
    """Return the values of ``name=value`` pairs with commas between them; None for another text."""
    names = "|".join(map(re.escape, sorted(by, key=len, reverse=True)))
    before, *parts = re.split(rf"(?:^|,)\s*({names})=", text)
    pairs = dict(zip(parts[::2], map(_unquoted, parts[1::2]), strict=True))
    if before or pairs.keys() != set(by):
        return None
    return [pairs[name] for name in by]


def _unquoted(value: str) -> str:
    """Return a value without the quotes of a CSV file around it."""
    is_quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1].replace('""', '"') if is_quoted else value
