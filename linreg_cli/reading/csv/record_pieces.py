"""Cut a stream of CSV text between records, before anything is checked."""

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from linreg_cli import native
from linreg_cli.reading.csv.structure import mask_quoted
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.sources import count_line_ends

CHUNK_BYTES = 1 << 19
"""How much is read at a time."""

FIRST_BYTES = 1 << 17
"""How much is read at first: more than what tells the delimiter and the shape of the columns."""

LONG_BYTES = 2 * CHUNK_BYTES
"""A piece with more bytes holds one long record and nothing else."""

MAX_RECORD_BYTES = 64 << 20
"""The longest record; without this limit a forgotten quote could take all memory."""


class Readable(Protocol):
    """A source of bytes: `read` returns as many as asked for, fewer only at the end."""

    def read(self, size: int, /) -> bytes:
        """Read the next bytes."""


class Piece(Struct, frozen=True):
    """Whole records as they were cut, not checked yet; `is_last` if the file ends with them."""

    data: bytes
    is_last: bool

    @property
    def is_long(self) -> bool:
        """Whether it is longer than any record may be, so that a record may have been cut."""
        return len(self.data) > MAX_RECORD_BYTES


class CountedPieces:
    """The pieces of a stream; their lines and bytes are counted."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self.lines = 0
        self.bytes = 0
        self._pieces = pieces

    def __iter__(self) -> Iterator[Piece]:
        """Return the iterator itself."""
        return self

    def __next__(self) -> Piece:
        """Return the next piece."""
        piece = next(self._pieces)
        self.lines += count_line_ends(piece.data)
        self.bytes += len(piece.data)
        return piece


def cut_pieces(
    stream: Readable,
    *,
    syntax: Syntax,
    chunk_bytes: int = CHUNK_BYTES,
    first_bytes: int = CHUNK_BYTES,
) -> Iterator[Piece]:
    """Cut a stream between records, about every `chunk_bytes`.

    A record that is too long is cut as well; `checked` raises the error.

    Parameters
    ----------
    stream
        The text in UTF-8.
    syntax
        What separates fields and records.
    chunk_bytes
        About how long a piece is; a longer record is still whole.
    first_bytes
        How long the first piece is at most, if it holds a record.

    """
    data, at_end, size = b"", False, min(first_bytes, chunk_bytes)
    while not at_end:
        wanted = _bytes_wanted(len(data), size)
        data += (read := stream.read(wanted))
        at_end = len(read) < wanted
        is_too_long = len(data) > MAX_RECORD_BYTES
        end = len(data) if at_end else last_record_end(data, syntax)
        if is_too_long and not end:
            end = len(data)
        if 0 < end <= LONG_BYTES or is_too_long or (at_end and not data):
            yield Piece(data[:end], at_end)
        elif end:
            pieces = _split(data[:end], syntax, chunk_bytes)
            yield from (Piece(part, at_end and is_last) for part, is_last in pieces)
        data, size = data[end:], chunk_bytes


def _split(data: bytes, syntax: Syntax, chunk_bytes: int) -> Iterator[tuple[bytes, bool]]:
    """Cut whole records again, so that a long record becomes a piece of its own."""
    start = 0
    while start < len(data):
        size = _first_size(data, start, syntax, chunk_bytes)
        stop = len(data)
        if start + size < stop:
            stop = start + last_record_end(data[start : start + size], syntax)
        yield data[start:stop], stop == len(data)
        start = stop


def _first_size(data: bytes, start: int, syntax: Syntax, size: int) -> int:
    """Return a number of bytes that holds a whole record: `size`, or the first record's size."""
    if last_record_end(data[start : start + size], syntax):
        return size
    none = size
    while start + size < len(data) and not last_record_end(data[start : start + size], syntax):
        none, size = size, 2 * size
    size = min(size, len(data) - start)
    while size - none > 1:
        middle = (none + size) // 2
        if last_record_end(data[start : start + middle], syntax):
            size = middle
        else:
            none = middle
    return size


def last_record_end(data: bytes, syntax: Syntax) -> int:
    """Return the offset after the last record whose end is certain; 0 if there is none."""
    if b'"' not in data:
        return end_of_last_record(data, len(data))
    if native.IS_AVAILABLE and syntax.is_plain_in(data):
        return native.extension.last_record_end(data, syntax.delimiters)
    return end_of_last_record(mask_quoted(data, syntax), len(data))


def _bytes_wanted(held: int, chunk_bytes: int) -> int:
    """Return how many bytes to read next.

    While a record is longer than a chunk, the size doubles: each byte is then searched about
    twice, however long the record is.
    """
    return max(1, min(max(chunk_bytes, held), MAX_RECORD_BYTES + 1 - held))


def end_of_last_record(structure: bytes, stop: int) -> int:
    """Return where the last record before `stop` ends, line end included; 0 if there is none."""
    # A CR as the last byte may be half of a CRLF.
    return max(structure.rfind(b"\n", 0, stop), structure.rfind(b"\r", 0, stop - 1)) + 1
