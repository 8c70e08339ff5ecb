"""Reading a large file with threads of the extension, and the rest of it as a pipe is read.

file    |  ranges that the extension reads  | unsure | ranges ...          | end |
          a pass                              pieces   the next pass         pieces
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from msgspec import Struct

from linreg_cli.reading.csv.table import Part, Place, Table

if TYPE_CHECKING:
    from linreg_cli.reading.csv.grouping import Grouping
    from linreg_cli.reading.csv.layout import Layout
    from linreg_cli.reading.csv.rows import Rows

RANGE_BYTES = 1 << 18
"""How much of a file a thread reads at a time."""
_FEW_RANGES = 16
"""If a pass ends after fewer ranges than this, others take twice as much before the next pass."""

T = TypeVar("T")
F_co = TypeVar("F_co", covariant=True)
F = TypeVar("F")
Q = TypeVar("Q", bound=Part)
Q_co = TypeVar("Q_co", bound=Part, covariant=True)


class CountedPart(Struct, frozen=True, kw_only=True):
    """What the extension counts in records that it has read.

    Attributes
    ----------
    source
        The name of the source.
    count, used
        The number of records, and of those that are used.
    missing
        The count of missing cells of each wanted column.
    groupings
        The grouping of the numbers of each column; empty where it is not asked for.
    without_key
        The number of records, among those used, that belong to no group.

    """

    source: str
    count: int
    used: int
    missing: tuple[int, ...]
    groupings: "tuple[Grouping, ...]"
    without_key: int = 0

    def on_line(self, _line: int) -> Self:
        """Return the same part: it has no line."""
        return self

    @property
    def groupings_by_source(self) -> "dict[str, tuple[Grouping, ...]]":
        """The groupings by the name of the source; empty where they are not asked for."""
        return {self.source: self.groupings} if self.groupings else {}


class Results(Protocol[F_co]):
    """What the extension finds in a file, and where it stopped."""

    @property
    def offset(self) -> int:
        """Where the records begin that were not read."""

    def __iter__(self) -> Iterator[F_co]:
        """Return the iterator itself."""

    def __next__(self) -> F_co:
        """Return what is found in the next records."""


class RecordReader(Protocol[F, Q_co]):
    """Reads records with the extension, and makes parts of what it finds."""

    @property
    def layout(self) -> "Layout":
        """The wanted columns."""

    def take(self, data: bytes) -> tuple[Q_co, int] | None:
        """Return the part of whole records, and the count of their lines; None if it is unsure."""

    def read_file(self, descriptor: int, start: int, end: int, threads: int) -> Results[F]:
        """Start to read a file from an offset on, at which a record begins, up to near its end."""

    def part_of(self, found: F) -> tuple[Q_co, int]:
        """Return the part of what was found, and the count of its lines."""


def each_in_passes(
    table: Table,
    reader: RecordReader[F, Q],
    work: "Callable[[Rows | Q], T]",
    threads: int,
    range_bytes: int,
) -> "Iterator[tuple[Rows | Q, T]]":
    """Yield each part of a table with the result of the work on it.

    The extension's threads read a large file, up to the first records that they leave; after some
    pieces that are read as those of a pipe, they go on.

    Raises
    ------
    DataError
        At the first record that cannot be read.

    """
    place, size, pieces = table.place, table.file.size or 0, 1

    def is_large(place: Place) -> bool:
        return reader.layout.syntax.is_plain and size - place.offset >= 2 * range_bytes

    def others(some: Table) -> "Iterator[tuple[Rows | Q, T]]":
        for pair in some.each_taken(reader.layout, reader.take, work, threads=threads):
            table.file.count_to(some.file.position)
            yield pair

    while place is not None and is_large(place):
        line = place.line
        results = reader.read_file(table.file.descriptor, place.offset, size, threads)
        for found in results:
            part, lines = reader.part_of(found)
            line += lines
            table.file.count_to(results.offset)
            yield part, work(part)
        has_read_few = results.offset - place.offset < _FEW_RANGES * range_bytes
        place = Place(results.offset, line)
        del results  # ends its threads
        if not is_large(place):
            break
        pieces = 2 * pieces if has_read_few else 1
        some, counted = table.at(place, pieces)
        yield from others(some)
        if not counted.bytes:
            return
        place = Place(place.offset + counted.bytes, line + counted.lines)
    yield from others(table if place in {None, table.place} else table.at(place)[0])
