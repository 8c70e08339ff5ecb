"""Decompression by the first bytes."""

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.compression import decompressed
from linreg_cli.reading.sources.streams import FullStream

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b"%d,%d\n" % (i, i * i) for i in range(3000))


def compress_zstd(data: bytes) -> bytes:
    # With a checksum, as the program zstd writes it.
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: True})


COMPRESSORS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "Zstandard": compress_zstd,
}

each_format = pytest.mark.parametrize(("name", "compress"), COMPRESSORS.items())


def read(data: bytes) -> bytes:
    stream = decompressed(FullStream(io.BytesIO(data).read), "a.csv")
    return b"".join(iter(lambda: stream.read(1000), b""))


@each_format
def test_each_format_is_decompressed(name: str, compress: Callable[[bytes], bytes]) -> None:
    assert read(compress(TEXT)) == TEXT, name


@each_format
def test_parts_that_were_joined_are_read_as_one(
    name: str, compress: Callable[[bytes], bytes]
) -> None:
    assert read(compress(TEXT) + compress(TEXT)) == TEXT + TEXT, name


@each_format
def test_a_file_cut_short_is_an_error(name: str, compress: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DataError) as raised:
        read(compress(TEXT)[:-10])
    assert raised.value.message == f"a.csv: ends in the middle of its {name} data"
    assert raised.value.hint == "The file was cut short: copy it again."


@each_format
def test_a_damaged_file_is_an_error(name: str, compress: Callable[[bytes], bytes]) -> None:
    data = bytearray(compress(TEXT))
    middle = slice(len(data) // 2, len(data) // 2 + 50)
    data[middle] = bytes(255 - code for code in data[middle])
    with pytest.raises(DataError) as raised:
        read(bytes(data))
    assert raised.value.message == f"a.csv: its {name} data is corrupt"


@pytest.mark.parametrize("text", [b"", b"a", b"a,b\n1,2\n", b"BZh,x\n1,2\n", b"BZh9,price\n1,2\n"])
def test_text_is_given_as_it_is(text: bytes) -> None:
    assert read(text) == text
