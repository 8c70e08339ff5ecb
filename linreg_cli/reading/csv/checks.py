"""Check that the records of a piece can be read: UTF-8, no NUL, quotes that close."""

from collections.abc import Iterator

from msgspec import Struct

from linreg_cli.errors import DataError
from linreg_cli.reading.csv import record_pieces
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.record_pieces import Piece, end_of_last_record
from linreg_cli.reading.csv.structure import FILLER, open_quote, text_after_quote
from linreg_cli.reading.csv.syntax import Syntax


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
    if piece.is_long and not end_of_last_record(chunk.structure, len(piece.data)):
        fault = _nul(chunk) or _too_long()
    if fault is None:
        yield chunk
        return
    whole = end_of_last_record(chunk.structure, fault.offset + 1)
    if whole:
        yield chunk.between(0, whole)
    raise _error(source, chunk, fault)


class _Fault(Struct, frozen=True):
    """What makes a record unreadable, at an offset in its chunk."""

    offset: int
    problem: str
    hint: str


def _first_fault(chunk: Chunk, *, at_end: bool) -> _Fault | None:
    faults = [_nul(chunk), _not_utf8(chunk), _text_after_quote(chunk)]
    if at_end:
        faults.append(_open_quote(chunk))
    return min(filter(None, faults), key=lambda fault: fault.offset, default=None)


def _nul(chunk: Chunk) -> _Fault | None:
    offset = chunk.data.find(b"\0")
    if offset < 0:
        return None
    # Big-endian UTF-16 without a mark begins with a NUL; the codec utf-16 would take it for little.
    encoding = "utf-16-be" if chunk.first_line == 1 and offset == 0 else "utf-16"
    return _Fault(offset, "holds a NUL byte", f"If it is a text file, try --encoding {encoding}.")


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
    problem = f"starts a record of more than {record_pieces.MAX_RECORD_BYTES >> 20} MiB"
    return _Fault(0, problem, "Is a quote left open?")


def _error(source: str, chunk: Chunk, fault: _Fault) -> DataError:
    line = chunk.line_at(fault.offset)
    return DataError(fault.problem, source=source, line=line, hint=fault.hint)
