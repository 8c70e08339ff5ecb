"""What a worker does: look at a file, divide it, sum the rows of a range, merge sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from linreg_cli.errors import DataError
from linreg_cli.reading import PassResult, Selection, sum_table
from linreg_cli.reading.cluster.url_sources import UrlSource
from linreg_cli.reading.csv import (
    HEAD_BYTES,
    CsvOptions,
    Head,
    Range,
    find_cuts,
    open_range,
    open_table,
    read_head,
)
from linreg_cli.reading.sources import Source

RANGE_BYTES = 64 << 20
"""How much of a file one task reads: about a second of work."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What all tasks of a run have in common.

    Attributes
    ----------
    selection
        Which columns, and how rows are dealt out.
    options
        How the files are written.
    range_bytes
        How much of a file one task reads.

    """

    selection: Selection
    options: CsvOptions
    range_bytes: int = RANGE_BYTES


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a look at the start of a file tells.

    Attributes
    ----------
    head
        Its columns, and how it is written.
    start
        The offset on disk of its first row.
    size
        Its size in bytes, if it can be read in ranges; None if it takes one task, because it is
        small, compressed, not in UTF-8, or on a server that knows no ranges.
    has_quotes
        Whether there are quotes among its first rows.

    """

    head: Head
    start: int
    size: int | None
    has_quotes: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """What was found in some of the rows, and how many lines they take."""

    result: PassResult
    lines: int = 0


def look_at(source: Source, job: Job) -> Look:
    """Look at the start of a file.

    Raises
    ------
    DataError
        If it cannot be opened, holds nothing, or lacks a wanted column.

    """
    if source.path is not None and not source.path.exists():
        raise DataError(
            "no such file on a worker",
            source=source.name,
            hint="Workers open files themselves: share the file system, or name a URL.",
        )
    with source.open(job.options.encoding) as stream:
        text = stream.peek(HEAD_BYTES)
        head = read_head(stream, source.name, job.options).head
    head.layout(job.selection.all_columns, job.selection.hint)
    start, size = stream.text_start, None
    if start is not None:
        size = source.size_for_ranges() if isinstance(source, UrlSource) else source.size
    return Look(
        head=head,
        start=(start or 0) + head.first_row,
        size=size if size is not None and size > job.range_bytes else None,
        has_quotes=b'"' in text[head.first_row :],
    )


def divide(source: Source, look: Look, job: Job) -> list[Range]:
    """Read a whole file for nothing but the offsets between its records."""
    return find_cuts(source, look.head, look.start, job.range_bytes, size=look.size or 0)


def sum_range(source: Source, look: Look, part: Range, job: Job) -> Part:
    """Sum the rows of a range.

    Raises
    ------
    QuotesFoundError
        If the range has a guess and holds a quote.
    DataError
        At the first record that cannot be read, with its line in the file if that is known, else
        in the range.

    """
    with open_range(source, look.head, part) as (table, pieces):
        result = sum_table(table, job.selection)
    return Part(result=result, lines=pieces.lines)


def sum_file(source: Source, job: Job) -> Part:
    """Sum the rows of a whole file.

    Raises
    ------
    DataError
        At the first record that cannot be read.

    """
    with open_table(source, job.options) as table:
        return Part(result=sum_table(table, job.selection))


def merge(parts: Sequence[Part]) -> Part:
    """Join parts that follow each other."""
    return Part(
        result=reduce(add, (part.result for part in parts)),
        lines=sum(part.lines for part in parts),
    )
