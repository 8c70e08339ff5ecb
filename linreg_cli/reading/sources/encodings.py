"""Converting text of any encoding to UTF-8: the rest of the package sees only UTF-8."""

import codecs

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.lines import count_line_ends
from linreg_cli.reading.sources.streams import FullStream

PIECE_BYTES = 1 << 16

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
    of UTF-16 or UTF-32, it is decoded as that.

    Raises
    ------
    DataError
        While the stream is read, at the first bytes that are not valid in the encoding, with
        their line.

    """
    if codecs.lookup(encoding).name in _UTF8:
        start = stream.peek(4)
        encoding = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    text = FullStream(_Transcoder(stream, encoding, source).read) if encoding else stream
    text.skip(codecs.BOM_UTF8)
    return text


class _Transcoder:
    """Reads text of one encoding and returns UTF-8, piece by piece."""

    def __init__(self, stream: FullStream, encoding: str, source: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._line_ends = 0
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
