"""Converting text of any encoding to UTF-8: the rest of the package sees only UTF-8."""

import codecs
from collections.abc import Callable

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.lines import count_line_ends
from linreg_cli.reading.sources.streams import FullStream

PIECE_BYTES = 1 << 16

_DECIDING_BYTES = 1 << 16
"""The number of bytes, from the first that is not ASCII on, that decide the encoding."""

_UTF8 = frozenset({"utf-8", "utf-8-sig"})

# The marks of UTF-32 come first, because one of them begins with a mark of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def as_utf8(stream: FullStream, encoding: str, source: str) -> FullStream:
    """Return a stream as UTF-8 without a byte-order mark.

    A stream whose encoding is UTF-8 is returned unchecked. If it begins with the byte-order mark
    of UTF-16 or UTF-32, it is decoded as that. With ``auto``, the first bytes that are not ASCII
    decide whether it is UTF-8, Windows-1252 or, if that does not have them, Latin-1.

    Raises
    ------
    DataError
        While the stream is read, at the first bytes that are not valid in the encoding, with
        their line.

    """
    is_auto = encoding == "auto"
    if is_auto or codecs.lookup(encoding).name in _UTF8:
        start = stream.peek(4)
        encoding = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    text = stream
    if encoding:
        text = FullStream(_Transcoder(stream, encoding, source).read)
    elif is_auto:
        text = FullStream(_Detecting(stream, source).read)
    text.skip(codecs.BOM_UTF8)
    return text


class _Detecting:
    """Reads ASCII as it is, and finds the encoding at the first bytes that are not."""

    def __init__(self, stream: FullStream, source: str) -> None:
        self._stream = stream
        self._source = source
        self._line_ends = 0
        self._last = b""
        self._read: Callable[[int], bytes] = self._read_ascii

    def read(self, size: int) -> bytes:
        """Read the next piece, of whatever size; nothing at the end."""
        return self._read(size)

    def _read_ascii(self, size: int) -> bytes:
        piece = self._stream.peek(PIECE_BYTES)[:PIECE_BYTES]
        ascii_bytes = _first_not_ascii(piece)
        if ascii_bytes or not piece:
            return self._pass_on(ascii_bytes)
        start = self._stream.peek(_DECIDING_BYTES)[:_DECIDING_BYTES]
        encoding = _encoding_of(start, is_whole=len(start) < _DECIDING_BYTES)
        self._read = self._stream.read
        if encoding != "utf-8":
            lines = self._line_ends
            self._read = _Transcoder(self._stream, encoding, self._source, lines_before=lines).read
        return self._read(size)

    def _pass_on(self, size: int) -> bytes:
        """Return the next bytes, and count their lines."""
        data = self._stream.read(size)
        # The LF of a CRLF whose CR ended the last piece does not end another line.
        is_split = self._last == b"\r" and data.startswith(b"\n")
        self._line_ends += count_line_ends(data) - is_split
        self._last = data[-1:] or self._last
        return data


def _first_not_ascii(data: bytes) -> int:
    try:
        data.decode("ascii")
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _encoding_of(data: bytes, *, is_whole: bool) -> str:
    """Return the encoding of text that begins with a byte that is not ASCII.

    Unless the data is whole, its last character may be cut.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=is_whole)
    except UnicodeDecodeError:
        return next(name for name in ("cp1252", "latin-1") if _is(data, name))
    return "utf-8"


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class _Transcoder:
    """Reads text of one encoding and returns UTF-8, piece by piece."""

    def __init__(
        self, stream: FullStream, encoding: str, source: str, *, lines_before: int = 0
    ) -> None:
        self._stream = stream
        self._encoding = encoding
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._line_ends = lines_before
        self._last = b""

    def read(self, _size: int) -> bytes:
        """Return the next piece, of any size; nothing at the end."""
        at_end, data = False, b""
        while not data and not at_end:
            piece = self._stream.read(PIECE_BYTES)
            at_end = not piece
            data = self._decode(piece, at_end=at_end)
        self._count_lines(data)
        return data

    def _decode(self, piece: bytes, *, at_end: bool) -> bytes:
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(piece, final=at_end)
        except UnicodeError as error:
            self._decoder.setstate(state)
            self._count_lines(self._readable(piece))
            raise DataError(
                f"is not {self._encoding}",
                source=self._source,
                line=self._line_ends + 1,
                hint="Try --encoding utf-8, --encoding latin-1 or --encoding cp1252.",
            ) from error
        # A lone surrogate passes here, to be reported with its line as what is not UTF-8.
        return text.encode("utf-8", errors="surrogatepass")

    def _readable(self, piece: bytes) -> bytes:
        """Decode byte by byte up to the invalid one: not every codec tells where it is."""
        readable = ""
        try:
            for code in piece:
                readable += self._decoder.decode(bytes([code]))
        except UnicodeError:
            pass
        return readable.encode("utf-8", errors="surrogatepass")

    def _count_lines(self, data: bytes) -> None:
        # The LF of a CRLF whose CR ended the last piece does not end another line.
        split = self._last == b"\r" and data.startswith(b"\n")
        self._line_ends += count_line_ends(data) - split
        self._last = data[-1:] or self._last
