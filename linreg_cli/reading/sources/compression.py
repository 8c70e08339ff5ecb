"""Decompression. The first bytes tell the format, not the name, so that it works on a pipe too.

    file        padding? stream (padding? stream)* padding?
    padding     NUL bytes: gzip and bzip2 any number, xz a multiple of four, Zstandard none

Anything else behind a stream is an error, because rows may be lost in it.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.streams import FullStream

MAGIC_BYTES = 10
"""The number of first bytes that tell every format."""

MAX_WINDOW_BYTES = 1 << 27
"""The largest window of Zstandard that is decompressed: 128 MiB, the limit of its own program."""

MAX_XZ_BYTES = 300 << 20
"""The most memory that decompressing xz data may take: enough for a dictionary of 256 MiB."""

_PIECE_BYTES = 1 << 16


class _Decoder(Protocol):
    """Decompresses one stream, as the decompressors of the standard library do."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether more output takes more input."""

    @property
    def unused_data(self) -> bytes:
        """The bytes that follow the stream in the input."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Decompress more input to at most `max_length` bytes."""


@dataclass(frozen=True, kw_only=True)
class _Format:
    """A compression format.

    Attributes
    ----------
    name
        Its name in messages.
    first
        Matches the first bytes of a file.
    starts
        A further stream begins with one of these.
    padding
        NUL bytes may follow a stream in multiples of this; 0 for never.
    program
        The command that decompresses to standard output.
    make
        Returns the decoder of one stream, and the exception that it raises for corrupt data.

    """

    name: str
    first: re.Pattern[bytes]
    starts: tuple[bytes, ...]
    padding: int
    program: str
    make: Callable[[], tuple[_Decoder, type[Exception]]]


def decompressed(stream: FullStream, source: str) -> FullStream:
    """Return a stream decompressed if it is gzip, bzip2, xz or Zstandard, and as it is if not.

    Raises
    ------
    DataError
        While the stream is read, if the compressed data is corrupt, cut short or followed by
        other data, or if it takes too much memory.

    """
    start = stream.peek(MAGIC_BYTES)
    for form in _FORMATS:
        if form.first.match(start):
            return FullStream(_Streams(stream, form, source).read)
    return stream


class _Streams:
    """Reads compressed streams that follow each other, and checks the bytes between them."""

    def __init__(self, file: FullStream, form: _Format, source: str) -> None:
        self._file = file
        self._format = form
        self._source = source
        self._decoder, self._corrupt = form.make()
        self._input = b""

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end."""
        while True:
            if self._decoder.eof and not self._begin_next():
                return b""
            if data := self._decompress(size):
                return data

    def _decompress(self, size: int) -> bytes:
        if self._decoder.needs_input and not self._fill(1):
            problem = f"ends in the middle of its {self._format.name} data"
            raise self._error(problem, "The file was cut short: copy it again.")
        data, self._input = self._input, b""
        try:
            decompressed = self._decoder.decompress(data, size)
        except self._corrupt as error:
            raise self._describe(str(error)) from error
        if self._decoder.eof:
            self._input = self._decoder.unused_data
        return decompressed

    def _begin_next(self) -> bool:
        """Begin the next stream; return whether there is one."""
        padding = self._skip_padding()
        is_right = padding % self._format.padding == 0 if self._format.padding else padding == 0
        self._fill(max(map(len, self._format.starts)))
        if not self._input and is_right:
            return False
        starts = (start.startswith(self._input[: len(start)]) for start in self._format.starts)
        if not is_right or not any(starts):
            name = self._format.name
            hint = f"Copy the file again, or cut off what follows its {name} data."
            raise self._error(f"what follows its {name} data is not {name}", hint)
        self._decoder, self._corrupt = self._format.make()
        return True

    def _skip_padding(self) -> int:
        """Skip NUL bytes; return their number."""
        count = 0
        while self._fill(1):
            rest = self._input.lstrip(b"\0")
            count += len(self._input) - len(rest)
            self._input = rest
            if rest:
                break
        return count

    def _fill(self, size: int) -> bool:
        """Hold `size` bytes of input, fewer only at the end; return whether there are any."""
        while len(self._input) < size and (piece := self._file.read(_PIECE_BYTES)):
            self._input += piece
        return bool(self._input)

    def _describe(self, reason: str) -> DataError:
        """Return the error for data that takes too much memory or is corrupt."""
        name, program = self._format.name, self._format.program
        if "too much memory" in reason:
            problem = f"its {name} window is larger than {MAX_WINDOW_BYTES >> 20} MiB"
            return self._error(problem, f"Decompress it first, for example with {program}")
        if "Memory usage limit" in reason:
            problem = f"its {name} data needs more than {MAX_XZ_BYTES >> 20} MiB to decompress"
            return self._error(problem, f"Decompress it first, for example with {program}")
        if "Dictionary" in reason:
            hint = "Decompress it first: zstd -d -D names its dictionary."
            return self._error(f"its {name} data was compressed with a dictionary", hint)
        return self._error(f"its {name} data is corrupt", "Copy the file again.")

    def _error(self, problem: str, hint: str) -> DataError:
        return DataError(problem, source=self._source, hint=hint)


class _GzipDecoder:
    """Decompresses a gzip member, with the interface of the other formats' decoders."""

    def __init__(self) -> None:
        import zlib

        self._zlib = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # 16: with gzip's frame
        self._is_full = False

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._is_full

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        decompressed = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        self._is_full = len(decompressed) == max_length
        return decompressed


def _gzip() -> tuple[_Decoder, type[Exception]]:
    import zlib

    return _GzipDecoder(), zlib.error


def _bzip2() -> tuple[_Decoder, type[Exception]]:
    import bz2

    return bz2.BZ2Decompressor(), OSError


def _xz() -> tuple[_Decoder, type[Exception]]:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_BYTES), lzma.LZMAError


def _zstd() -> tuple[_Decoder, type[Exception]]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    window_log = MAX_WINDOW_BYTES.bit_length() - 1
    window = {int(zstd.DecompressionParameter.window_log_max): window_log}
    return cast("_Decoder", zstd.ZstdDecompressor(options=window)), zstd.ZstdError


_SKIPPABLE = tuple(bytes([code]) + b"\x2a\x4d\x18" for code in range(0x50, 0x60))
"""The first bytes of Zstandard frames without data, which parallel compressors write."""

_FORMATS = (
    _Format(
        name="gzip",
        first=re.compile(rb"\x1f\x8b\x08"),
        starts=(b"\x1f\x8b\x08",),
        padding=1,
        program="gzip -dc",
        make=_gzip,
    ),
    _Format(
        name="bzip2",
        # A header may begin with the letters BZh, so that the mark of a block is asked for too.
        first=re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"),
        starts=(b"BZh",),
        padding=1,
        program="bzip2 -dc",
        make=_bzip2,
    ),
    _Format(
        name="xz",
        first=re.compile(rb"\xfd7zXZ\0"),
        starts=(b"\xfd7zXZ\0",),
        padding=4,
        program="xz -dc",
        make=_xz,
    ),
    _Format(
        name="Zstandard",
        first=re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
        starts=(b"\x28\xb5\x2f\xfd", *_SKIPPABLE),
        padding=0,
        program="zstd -dc --long=31",
        make=_zstd,
    ),
)
