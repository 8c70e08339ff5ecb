"""Rows of a file as rows of features: the categories of a model become indicators."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import KnownLevels
from linreg_cli.errors import DataError, nearest
from linreg_cli.reading import count_unknown
from linreg_cli.reading.csv import Rows

MAX_CELLS = 1 << 22
"""Maximum number of features times rows at once, so that many levels need little memory."""


class FeatureRows(Struct, frozen=True, kw_only=True):
    """Rows whose block has the features of a model.

    Attributes
    ----------
    rows
        The rows; one of an unknown level counts as incomplete.
    unknown
        The number of rows of each level that no training row has.

    """

    rows: Rows
    unknown: Counter[str]


def with_features(rows: Rows, known: KnownLevels | None) -> Iterator[FeatureRows]:
    """Yield rows with the features of a model, a few at once."""
    if known is None:
        yield FeatureRows(rows=rows, unknown=Counter())
        return
    step = max(1, MAX_CELLS // len(known.features))
    places = np.cumsum(rows.complete)  # of each record among the complete ones, from 1
    for start in range(0, len(rows.complete), step):
        records = slice(start, start + step)
        first = int(places[start] - rows.complete[start])
        part = slice(first, int(places[records][-1]))
        yield _with_features(rows, known, records, part)


def refuse_unknown(rows: Rows, known: KnownLevels) -> None:
    """Raise an error at the first row of a level that no training row has.

    Raises
    ------
    DataError
        If there is one.

    """
    is_unknown = known.are_unknown(rows.categories, len(rows.block.values))
    for row in np.flatnonzero(is_unknown)[:1].tolist():
        for column, each in zip(known.design.categories, rows.categories, strict=True):
            level = each.levels[each.codes[row]]
            if level not in known.levels[column]:
                near = nearest(level, known.levels[column])
                raise DataError(
                    f"no training row has the level '{level}'{'; ' + near if near else ''}",
                    source=rows.source,
                    line=int(rows.complete_lines[row]),
                    column=column,
                    hint="Without --unknown fail, such a row gets an empty prediction.",
                )


def _with_features(rows: Rows, known: KnownLevels, records: slice, part: slice) -> FeatureRows:
    categories = tuple(each.rows(part) for each in rows.categories)
    is_unknown = known.are_unknown(categories, len(rows.block.values[part]))
    is_known = ~is_unknown
    complete = rows.complete[records].copy()
    complete[complete] = is_known
    numbers = rows.block.rows(part).rows(is_known)
    kept = np.zeros(len(rows.complete), np.bool_)
    kept[records] = True
    return FeatureRows(
        rows=replace(
            rows,
            block=known.block(numbers, [each.rows(is_known) for each in categories]),
            complete=complete,
            records=rows.records.where(kept) if len(rows.records) else rows.records,
            absent=tuple(flags[part][is_known] for flags in rows.absent),
            categories=(),
        ),
        unknown=count_unknown(known, categories, is_unknown),
    )
