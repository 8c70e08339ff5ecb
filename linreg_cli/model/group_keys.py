"""Keys of groups: as people read them, and as users type them."""

import csv
from collections.abc import Collection

from linreg_cli.design import Key, canonical, first_of
from linreg_cli.errors import UsageError, nearest

MISSING = "(missing)"
"""How a missing value of a key is shown and typed."""


def show_key(key: Key) -> str:
    """Return a key as people read it: its values, with a comma between them."""
    return ", ".join(MISSING if value is None else value for value in key)


def find_key(text: str, keys: Collection[Key]) -> Key:
    """Return the key that a user typed: its values, with commas between them as in a CSV file.

    Parameters
    ----------
    text
        What was typed, such as ``DAVIS`` or ``DAVIS,2020``; ``(missing)`` stands for a missing
        value.
    keys
        The keys of all groups.

    Raises
    ------
    UsageError
        If no group has this key.

    """
    values = [canonical(text)]
    if len(next(iter(keys))) > 1:
        values = [canonical(value) for value in next(csv.reader([text], skipinitialspace=True), [])]
    typed: Key = tuple(values)
    if typed in keys:
        return typed
    with_none: Key = tuple(None if value == MISSING else value for value in values)
    if with_none in keys:
        return with_none
    shown = [show_key(key) for key in keys]
    near = nearest(show_key(typed), shown)
    raise UsageError(
        f"no group has the key '{text}'{'; ' + near if near else ''}",
        hint=f"The groups are {first_of(shown)}.",
    )
