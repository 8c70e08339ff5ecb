"""Decompression, told by the first bytes and not by the name, so that it works on a pipe too."""

import re
import sys
from collections.abc import Callable
from typing import BinaryIO, TypeAlias, cast

from linreg_cli.errors import DataError
from linreg_cli.reading.streams import FullStream

MAGIC_BYTES = 10
"""How many first bytes tell every format."""


def decompressed(stream: FullStream, source: str) -> FullStream:
    """Decompress a stream that is gzip, bzip2, xz or Zstandard; give any other as it is.

    Raises
    ------
    DataError
        While reading, if the compressed data is corrupt or cut short.

    """
    start = stream.peek(MAGIC_BYTES)
    for name, magic, reader in _FORMATS:
        if magic.match(start):
            read, errors = reader(cast("BinaryIO", stream))
            return FullStream(_translated(read, name, errors, source))
    return stream


def _translated(
    read: "_Read", name: str, errors: tuple[type[Exception], ...], source: str
) -> "_Read":
    """Turn what a decompressor raises into a DataError."""

    def read_translated(size: int) -> bytes:
        try:
            return read(size)
        except EOFError as error:
            problem = f"ends in the middle of its {name} data"
            hint = "The file was cut short: copy it again."
            raise DataError(problem, source=source, hint=hint) from error
        except errors as error:
            problem = f"its {name} data is corrupt"
            raise DataError(problem, source=source, hint="Copy the file again.") from error

    return read_translated


def _read_gzip(file: BinaryIO) -> "_Reader":
    import gzip
    import zlib

    return gzip.GzipFile(fileobj=file).read, (OSError, zlib.error)


def _read_bzip2(file: BinaryIO) -> "_Reader":
    import bz2

    return bz2.BZ2File(file).read, (OSError,)


def _read_xz(file: BinaryIO) -> "_Reader":
    import lzma

    return lzma.LZMAFile(file).read, (lzma.LZMAError,)


def _read_zstd(file: BinaryIO) -> "_Reader":
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    return zstd.ZstdFile(file).read, (zstd.ZstdError,)


_Read: TypeAlias = Callable[[int], bytes]
_Reader: TypeAlias = tuple[_Read, tuple[type[Exception], ...]]

_FORMATS: list[tuple[str, re.Pattern[bytes], Callable[[BinaryIO], _Reader]]] = [
    ("gzip", re.compile(rb"\x1f\x8b\x08"), _read_gzip),
    # A header may begin with the letters BZh, so that the mark of a block is asked for too.
    ("bzip2", re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"), _read_bzip2),
    ("xz", re.compile(rb"\xfd7zXZ\0"), _read_xz),
    ("Zstandard", re.compile(rb"\x28\xb5\x2f\xfd"), _read_zstd),
]
