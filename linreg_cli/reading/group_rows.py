"""Rows of a chunk by group, each group's in their order."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import Codes, Key, join_codes
from linreg_cli.exact import Block, Int64s
from linreg_cli.reading.csv import Rows


class GroupRows(Struct, frozen=True, kw_only=True):
    """The rows of a group in a chunk.

    Attributes
    ----------
    key
        The key of the group.
    places
        The places of the rows among the complete rows of the chunk, shape (rows,).

    """

    key: Key
    places: Int64s

    def of(self, rows: Rows) -> Rows:
        """Return the rows of the group, from the rows of the chunk."""
        places = self.places
        records = rows.records
        if len(records):
            found = np.flatnonzero(rows.complete)[places]
            records = replace(records, starts=records.starts[found], ends=records.ends[found])
        return replace(
            rows,
            block=Block(values=rows.block.values[places], decimals=rows.block.decimals),
            categories=tuple(
                Codes(codes=each.codes[places], levels=each.levels) for each in rows.categories
            ),
            keys=(),
            complete=np.ones(len(places), np.bool_),
            absent=tuple(flags[places] for flags in rows.absent),
            records=records,
        )


def find_groups(keys: Sequence[Codes]) -> Iterator[GroupRows]:
    """Yield the groups of some rows in the order of their first rows.

    Parameters
    ----------
    keys
        The columns of the key.

    """
    codes, found = join_codes(keys)
    order = np.argsort(codes, kind="stable")  # one sort, and no mask for each group
    ends = np.cumsum(np.bincount(codes, minlength=len(found))).tolist()
    parts = [order[start:end] for start, end in pairwise([0, *ends])]
    for number in sorted(range(len(found)), key=lambda code: int(parts[code][0])):
        yield GroupRows(key=found[number], places=parts[number])


def rows_of_key(rows: Rows, key: Key) -> Rows:
    """Return the rows of one group of a chunk."""
    for group in find_groups(rows.keys):
        if group.key == key:
            return group.of(rows)
    return GroupRows(key=key, places=np.zeros(0, np.int64)).of(rows)
