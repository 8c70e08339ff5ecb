"""Passes over rows with and without the extension: what tests of sums share."""

import pytest
from hypothesis import strategies as st

from linreg_cli import native
from linreg_cli.errors import LinregError
from linreg_cli.moments.split import ONE_PART, Split, SplitMoments
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.row_sums import sum_groups, sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests.reading.both_readers import error_of

SPLITS = st.one_of(
    st.just(ONE_PART),
    st.builds(
        Split.of,
        test_fraction=st.sampled_from([0, 0.2, 0.5]),
        folds=st.sampled_from([0, 2, 5]),
        seed=st.integers(0, 3),
    ),
)


def described_moments(data: SplitMoments) -> dict[str, object]:
    """Return the moments of each part, to compare two passes."""
    described: dict[str, object] = {}
    for name, part in data.by_name().items():
        found = part.simplest()
        fourth = None if found.fourth is None else found.fourth.tolist()
        sums = (found.matrix, found.log_weights, found.minimum, found.maximum, fourth)
        described[name] = (found.rows, found.decimals, found.weight_decimals, *sums)
    return described


def summed(
    source: Source, options: CsvOptions, selection: Selection, threads: int = 1
) -> list[object]:
    """Return all that a pass over rows finds, or its error."""
    try:
        found = sum_rows([source], selection, options, advance=lambda *_: None, threads=threads)
    except LinregError as error:
        return [error_of(error)]
    return [
        found.data.rows,
        described_moments(found.data),
        found.row_counts,
        found.numeric_headers,
        found.notes,
    ]


def summed_by_group(
    source: Source, options: CsvOptions, selection: Selection, threads: int = 1
) -> list[object]:
    """Return all that a pass over rows by group finds, or its error."""
    try:
        found = sum_groups([source], selection, options, advance=lambda *_: None, threads=threads)
    except LinregError as error:
        return [error_of(error)]
    return [
        {key: described_moments(data) for key, data in found.data.groups.items()},
        found.data.rows_without_key,
        found.row_counts,
        found.numeric_headers,
        found.notes,
    ]


def summed_slowly(source: Source, options: CsvOptions, selection: Selection) -> list[object]:
    """Return what `summed` returns without the extension."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "IS_AVAILABLE", False)
        return summed(source, options, selection)
