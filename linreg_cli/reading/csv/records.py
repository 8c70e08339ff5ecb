"""Cut a stream of CSV text into chunks of whole records."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from linreg_cli import native
from linreg_cli.errors import DataError
from linreg_cli.reading.csv.plain_form import rewrite
from linreg_cli.reading.csv.structure import FILLER, mask_quoted, open_quote, text_after_quote
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.sources import count_line_ends

CHUNK_BYTES = 1 << 19
"""How much is read at a time."""

LONG_BYTES = 2 * CHUNK_BYTES
"""A piece with more bytes holds one long record and nothing else."""

MAX_RECORD_BYTES = 64 << 20
"""The longest record; without this limit a forgotten quote could take all memory."""


class Readable(Protocol):
    """A source of bytes: `read` returns as many as asked for, fewer only at the end."""

    def read(self, size: int, /) -> bytes:
        """Read the next bytes."""


@dataclass(frozen=True)
class Chunk:
    """Whole records of a file.

    Attributes
    ----------
    data
        The records as they stand in the file, in UTF-8. Only the last one of a file may lack
        its line end.
    syntax
        What separates fields and records.
    first_line
        The number in the file of the first line, from 1.

    """

    data: bytes
    syntax: Syntax
    first_line: int

    @cached_property
    def structure(self) -> bytes:
        """The data with every byte of a quoted field replaced by the filler.

        The delimiters and line ends in it are real.
        """
        return mask_quoted(self.data, self.syntax)

    @cached_property
    def plain(self) -> "Chunk":
        """The same lines with a plain syntax: what the fields are read from."""
        if self.syntax.is_plain:
            return self
        data, structure = rewrite(self.data, self.structure, self.syntax)
        plain = Chunk(data, self.syntax.plain, self.first_line)
        plain.__dict__["structure"] = structure  # `rewrite` has already computed it
        return plain

    def line_at(self, offset: int) -> int:
        """Return the number of the line that holds the byte at `offset`."""
        return self.first_line + count_line_ends(self.data[:offset])

    def between(self, start: int, stop: int) -> "Chunk":
        """Return the records between two offsets; a record starts at the first."""
        return Chunk(self.data[start:stop], self.syntax, self.line_at(start))


@dataclass(frozen=True)
class _Fault:
    """What makes a record unreadable, at an offset in its chunk."""

    offset: int
    problem: str
    hint: str


@dataclass(frozen=True)
class Piece:
    """Whole records as they were cut, not checked yet; `is_last` if the file ends with them."""

    data: bytes
    is_last: bool

    @property
    def is_long(self) -> bool:
        """Whether it is longer than any record may be, so that a record may have been cut."""
        return len(self.data) > MAX_RECORD_BYTES


def cut_pieces(
    stream: Readable, *, syntax: Syntax, chunk_bytes: int = CHUNK_BYTES
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

    """
    data, at_end = b"", False
    while not at_end:
        wanted = _bytes_wanted(len(data), chunk_bytes)
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
        data = data[end:]


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


def checked(piece: Piece, *, source: str, syntax: Syntax, first_line: int) -> Iterator[Chunk]:
    """Yield a piece as a chunk, after all of its bytes were checked.

    Raises
    ------
    DataError
        At a record that is not UTF-8, holds a NUL, has text after a closing quote, leaves a
        quote open, or is longer than `MAX_RECORD_BYTES`. The records before it are yielded
        first, whatever the size of the chunks, so that an error in them is reported first.

    """
    chunk = Chunk(piece.data, syntax, first_line)
    fault = _first_fault(chunk, at_end=piece.is_last)
    if piece.is_long and not _last_record_end(chunk.structure, len(piece.data)):
        fault = _nul(chunk) or _too_long()
    if fault is None:
        yield chunk
        return
    whole = _last_record_end(chunk.structure, fault.offset + 1)
    if whole:
        yield chunk.between(0, whole)
    raise _error(source, chunk, fault)


def last_record_end(data: bytes, syntax: Syntax) -> int:
    """Return the offset after the last record whose end is certain; 0 if there is none."""
    if b'"' not in data:
        return _last_record_end(data, len(data))
    if native.IS_AVAILABLE and syntax.is_plain_in(data):
        return native.extension.last_record_end(data, syntax.delimiters)
    return _last_record_end(mask_quoted(data, syntax), len(data))


def _bytes_wanted(held: int, chunk_bytes: int) -> int:
    """Return how many bytes to read next.

    While a record is longer than a chunk, the size doubles: each byte is then searched about
    twice, however long the record is.
    """
    return max(1, min(max(chunk_bytes, held), MAX_RECORD_BYTES + 1 - held))


def _last_record_end(structure: bytes, stop: int) -> int:
    """Return where the last record before `stop` ends, line end included; 0 if there is none."""
    # A CR as the last byte may be half of a CRLF.
    return max(structure.rfind(b"\n", 0, stop), structure.rfind(b"\r", 0, stop - 1)) + 1


def _first_fault(chunk: Chunk, *, at_end: bool) -> _Fault | None:
    faults = [_nul(chunk), _not_utf8(chunk), _text_after_quote(chunk)]
    if at_end:
        faults.append(_open_quote(chunk))
    return min(filter(None, faults), key=lambda fault: fault.offset, default=None)


def _nul(chunk: Chunk) -> _Fault | None:
    offset = chunk.data.find(b"\0")
    if offset < 0:
        return None
    return _Fault(offset, "holds a NUL byte", "If it is a text file, try --encoding utf-16.")


def _not_utf8(chunk: Chunk) -> _Fault | None:
    if chunk.data.isascii():
        return None
    try:
        chunk.data.decode()
    except UnicodeDecodeError as error:
        return _Fault(error.start, "is not UTF-8", _encoding_hint(chunk.data))
    return None


def _encoding_hint(data: bytes) -> str:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "Try --encoding latin-1."
    return "Try --encoding cp1252."


def _text_after_quote(chunk: Chunk) -> _Fault | None:
    offset = text_after_quote(chunk.structure, chunk.syntax)
    if offset is None:
        return None
    # The field may begin many lines above, where a quote was left open.
    begin = chunk.line_at(len(chunk.structure[:offset].rstrip(FILLER)))
    hint = f'Write a quote inside the field that begins on line {begin} twice: "".'
    return _Fault(offset, "has text after a closing quote", hint)


def _open_quote(chunk: Chunk) -> _Fault | None:
    offset = open_quote(chunk.data, chunk.structure)
    if offset is None:
        return None
    return _Fault(
        offset, "opens a quote that is never closed", 'A quoted field ends with another ".'
    )


def _too_long() -> _Fault:
    problem = f"starts a record of more than {MAX_RECORD_BYTES >> 20} MiB"
    return _Fault(0, problem, "Is a quote left open?")


def _error(source: str, chunk: Chunk, fault: _Fault) -> DataError:
    line = chunk.line_at(fault.offset)
    return DataError(fault.problem, source=source, line=line, hint=fault.hint)
