"""The sums by group of records that the extension has read: see `fast_sums`.

The extension numbers keys by the texts of their cells. Here texts that are one key come together.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from linreg_cli.design import Key, canonical
from linreg_cli.exact import Flags
from linreg_cli.moments import sums_of
from linreg_cli.reading.csv import Layout, is_missing
from linreg_cli.reading.fast_sums import SummedPart

if TYPE_CHECKING:
    from linreg_cli.native._extension import GroupTable

_SEPARATOR = "\0"
_MISSING = "-"
"""How the extension writes a missing cell of a key; before every other text is a plus."""


def with_groups(
    part: SummedPart,
    tables: "Iterable[GroupTable]",
    layout: Layout,
    parts: int,
    *,
    is_weighted: bool,
) -> SummedPart:
    """Return a part with the sums of the rows that have a key, by part of a split."""
    lost, lost_cells = 0, np.zeros(len(layout.names), np.int64)
    groups = []
    for decimals, texts, *found, weightless, log_weights in tables:
        keys = [key for text in texts for key in [_key_of(text, layout)] * parts]
        labels = [(key, number % parts) for number, key in enumerate(keys)]
        table = sums_of(decimals, labels, found, log_weights if is_weighted else b"")
        kept: Flags = np.ones(len(keys), np.bool_)
        if is_weighted:  # a key may have only rows with a weight of 0
            kept = table.rows.reshape(-1, parts).any(axis=1).repeat(parts)
        if not layout.keeps_missing and any(None in key for key in keys):
            is_missing_in = np.array([[value is None for value in key] for key in keys])
            has_key: Flags = np.array([None not in key for key in keys], np.bool_)
            lost += int(table.rows[~has_key].sum())
            rows = table.rows + np.frombuffer(weightless, np.int64)
            lost_cells[: layout.keys] += rows @ is_missing_in
            kept = kept & has_key
        groups.append(table if kept.all() else table.of_groups(kept))
    return replace(
        part,
        missing=tuple((lost_cells + part.missing).tolist()),
        without_key=part.without_key + lost,
        groups=tuple(groups),
    )


def _key_of(text: str, layout: Layout) -> Key:
    """Return the key that the extension wrote; it does not know all blanks, such as NBSP."""
    cells = (None if part == _MISSING else part[1:] for part in text.split(_SEPARATOR))
    return tuple(
        None if cell is None or is_missing(cell, layout.options) else canonical(cell)
        for cell in cells
    )
