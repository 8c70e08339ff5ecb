"""The tasks of a worker: read the start of a file, divide it, sum a range, merge results."""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import DataError
from linreg_cli.reading import PassOf, Selection, sum_table
from linreg_cli.reading.cluster.url_sources import UrlSource
from linreg_cli.reading.csv import (
    HEAD_BYTES,
    CsvOptions,
    Head,
    Range,
    find_cuts,
    open_range,
    open_table,
    start_table,
)
from linreg_cli.reading.sources import Source

RANGE_BYTES = 64 << 20
"""The number of bytes that one task reads: about a second of work."""


class Job(Struct, frozen=True, kw_only=True):
    """The settings that all tasks of a run share.

    Attributes
    ----------
    selection
        Which columns are read, and how rows are split.
    options
        The format of the files.
    range_bytes
        The number of bytes that one task reads.

    """

    selection: Selection
    options: CsvOptions
    range_bytes: int = RANGE_BYTES


class FileStart(Struct, frozen=True, kw_only=True):
    """The start of a file: its columns, and whether it can be read in ranges.

    Attributes
    ----------
    head
        Its columns and its format.
    start
        The offset on disk of its first row.
    size
        Its size in bytes, if it can be read in ranges; None if one task reads it all, because it
        is small, compressed, not in UTF-8, or on a server that does not support ranges.
    has_quotes
        Whether there are quotes among its first rows.

    """

    head: Head
    start: int
    size: int | None
    has_quotes: bool


def read_start(source: Source, job: Job) -> FileStart:
    """Read the start of a file.

    Raises
    ------
    DataError
        If it cannot be opened, is empty, or lacks a selected column.

    """
    if source.path is not None and not source.path.exists():
        raise DataError(
            "no such file on a worker",
            source=source.name,
            hint="Workers open files themselves: share the file system, or name a URL.",
        )
    with source.open(job.options.encoding) as stream:
        text = stream.peek(HEAD_BYTES)
        head = start_table(stream, source.name, job.options).head
    head.layout(
        job.selection.all_columns,
        job.selection.hint,
        functions=job.selection.computed.texts,
    )
    start, size = stream.text_start, None
    if start is not None:
        size = source.size_for_ranges() if isinstance(source, UrlSource) else source.size
    return FileStart(
        head=head,
        start=(start or 0) + head.first_row,
        size=size if size is not None and size > job.range_bytes else None,
        has_quotes=b'"' in text[head.first_row :],
    )


def divide(source: Source, file_start: FileStart, job: Job) -> list[Range]:
    """Read a whole file to find offsets at which records begin."""
    return find_cuts(
        source, file_start.head, file_start.start, job.range_bytes, size=file_start.size or 0
    )


def sum_range(source: Source, file_start: FileStart, part: Range, job: Job) -> PassOf[Any]:
    """Sum the rows of a range.

    Raises
    ------
    QuotesFoundError
        If a border of the range is a guess and the range holds a quote.
    DataError
        At the first record that cannot be read, with its line in the file if that is known, and
        with its line in the range otherwise.

    """
    with open_range(source, file_start.head, part) as (table, pieces):
        result = sum_table(table, job.selection)
    return replace(result, lines=pieces.lines)


def sum_file(source: Source, job: Job) -> PassOf[Any]:
    """Sum the rows of a whole file.

    Raises
    ------
    DataError
        At the first record that cannot be read.

    """
    with open_table(source, job.options) as table:
        return sum_table(table, job.selection)


def merge(results: Sequence[PassOf[Any]]) -> PassOf[Any]:
    """Merge the results of ranges that follow each other."""
    return reduce(add, results)
