"""The records of a chunk, and the texts of the cells in its wanted columns, for any syntax.

The records are found here and not by pandas, which fills short records up without an error and
reports no line numbers. pandas only removes the quotes of the cells in the wanted columns.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from linreg_cli.exact import Flags, Int64s
from linreg_cli.reading.csv.categories import Categories, read_categories
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.faults import NO_LAST_DELIMITER
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import Numbers, read_numbers
from linreg_cli.reading.csv.offsets import Records, find_records
from linreg_cli.reading.csv.remedies import MAX_SAMPLE
from linreg_cli.reading.csv.text_numbers import read_texts

TextArray: TypeAlias = npt.NDArray[np.object_]


class FoundRows(NamedTuple):
    """Which lines are records, where each record lies, and its number of fields."""

    is_record: Flags
    records: Records
    counts: Int64s


def find_rows(chunk: Chunk, layout: Layout) -> FoundRows:
    """Find the records of a chunk; blank lines and comments are not records."""
    lines = find_records(chunk)
    plain = lines if chunk.plain is chunk else find_records(chunk.plain)
    counts = plain.count_fields(chunk.plain.syntax.delimiters)
    is_record = ~(_find_blank(plain, counts, layout) | lines.are_comments())
    records = lines.where(is_record)
    counts = counts[is_record]
    if layout.has_empty_last:
        records, counts = _without_last(records, counts, layout)
    return FoundRows(is_record, records, counts)


def _without_last(records: Records, counts: Int64s, layout: Layout) -> tuple[Records, Int64s]:
    """Remove the delimiter at the end of each record; a record without one counts as ragged."""
    codes = np.frombuffer(records.chunk.structure, np.uint8)
    has_one = codes[np.maximum(records.ends - 1, 0)] == ord(layout.syntax.delimiters)
    counts = np.where(has_one | (counts != layout.width), counts, NO_LAST_DELIMITER)
    ends = np.where(counts == layout.width, records.ends - 1, records.ends)
    return Records(records.chunk, records.starts, ends), counts


def _find_blank(lines: Records, counts: Int64s, layout: Layout) -> Flags:
    """Return which lines are blank; in a file of one column a blank line is a missing cell."""
    has_one_field: Flags = counts == 1
    if layout.width == 1 or not has_one_field.any():
        return np.zeros(len(lines), np.bool_)
    has_one_field &= lines.are_blank()
    return has_one_field


def read_columns(
    chunk: Chunk, is_record: Flags, layout: Layout
) -> tuple[list[Categories], list[Numbers]]:
    """Read the wanted columns, each position once: the categories and the numbers."""
    texts = _read_texts(chunk.plain, layout)
    # pandas and `find_records` follow the same rule for quotes, so they find the same records.
    assert all(len(column) == len(is_record) for column in texts.values())  # noqa: S101 - a bug
    cells = {position: column[is_record].tolist() for position, column in texts.items()}
    of_texts, of_numbers = layout.positions[: layout.texts], layout.positions[layout.texts :]
    functions = layout.functions[layout.texts :] or ("",) * len(of_numbers)
    wanted = list(zip(of_numbers, functions, strict=True))
    numbers = {
        (position, function): read_numbers(cells[position], layout.options)
        if not function
        else read_texts(cells[position], function, layout.options)
        for position, function in set(wanted)
    }
    return (
        [read_categories(cells[position], layout.options) for position in of_texts],
        [numbers[each] for each in wanted],
    )


def _read_texts(chunk: Chunk, layout: Layout) -> dict[int, TextArray]:
    """Return the cells of the wanted columns without quotes, by position; blank lines count."""
    import pandas as pd

    # With a header in front, pandas never meets a byte-order mark or empty data at the start.
    delimiter = chunk.syntax.delimiters
    header = delimiter.join(str(position) for position in range(layout.width))
    frame = pd.read_csv(
        io.BytesIO(header.encode() + b"\n" + chunk.data),
        sep=delimiter,
        usecols=list(layout.positions),
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        index_col=False,
        engine="c",
        low_memory=False,
    )
    return {int(name): frame[name].to_numpy() for name in frame.columns}


def sample(chunk: Chunk, positions: Sequence[int], layout: Layout) -> list[str]:
    """Return the first cells of some columns, on which remedies are tried."""
    part = replace(layout, names=("",) * len(positions), positions=tuple(positions), functions=())
    columns = _read_texts(chunk.plain, part).values()
    return [text for column in columns for text in column[:MAX_SAMPLE].tolist() if text]
