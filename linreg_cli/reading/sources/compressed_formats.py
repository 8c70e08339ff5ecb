"""The formats of compressed files: how each begins, and what decompresses one stream of it."""

import sys
from collections.abc import Callable
from typing import Protocol, cast

from msgspec import Struct

MAX_WINDOW_BYTES = 1 << 27
"""The largest window of Zstandard that is decompressed: 128 MiB, the limit of its own program."""

MAX_XZ_BYTES = 300 << 20
"""The most memory that decompressing xz data may take: enough for a dictionary of 256 MiB."""


class Decoder(Protocol):
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


class Format(Struct, frozen=True, kw_only=True):
    """A compression format.

    Attributes
    ----------
    name
        Its name in messages.
    starts
        A stream begins with one of these.
    first
        The first stream begins with one of these, if not with any of `starts`.
    padding
        NUL bytes may follow a stream in multiples of this; 0 for never.
    program
        The command that decompresses to standard output.
    make
        Returns the decoder of one stream, and the exception that it raises for corrupt data.

    """

    name: str
    starts: tuple[bytes, ...]
    first: tuple[bytes, ...] = ()
    padding: int
    program: str
    make: Callable[[], tuple[Decoder, type[Exception]]]


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


def _gzip() -> tuple[Decoder, type[Exception]]:
    import zlib

    return _GzipDecoder(), zlib.error


def _bzip2() -> tuple[Decoder, type[Exception]]:
    import bz2

    return bz2.BZ2Decompressor(), OSError


def _xz() -> tuple[Decoder, type[Exception]]:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_BYTES), lzma.LZMAError


def _zstd() -> tuple[Decoder, type[Exception]]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    window_log = MAX_WINDOW_BYTES.bit_length() - 1
    window = {int(zstd.DecompressionParameter.window_log_max): window_log}
    return cast("Decoder", zstd.ZstdDecompressor(options=window)), zstd.ZstdError


_SKIPPABLE = tuple(bytes([code]) + b"\x2a\x4d\x18" for code in range(0x50, 0x60))
"""The first bytes of Zstandard frames without data, which parallel compressors write."""

FORMATS = (
    Format(
        name="gzip",
        starts=(b"\x1f\x8b\x08",),
        padding=1,
        program="gzip -dc",
        make=_gzip,
    ),
    Format(
        name="bzip2",
        # A header may begin with the letters BZh, so that the mark of a block is asked for too.
        first=tuple(
            b"BZh%d" % level + mark
            for level in range(1, 10)
            for mark in (b"1AY&SY", b"\x17rE8P\x90")
        ),
        starts=(b"BZh",),
        padding=1,
        program="bzip2 -dc",
        make=_bzip2,
    ),
    Format(
        name="xz",
        starts=(b"\xfd7zXZ\0",),
        padding=4,
        program="xz -dc",
        make=_xz,
    ),
    Format(
        name="Zstandard",
        starts=(b"\x28\xb5\x2f\xfd", *_SKIPPABLE),
        padding=0,
        program="zstd -dc --long=31",
        make=_zstd,
    ),
)
