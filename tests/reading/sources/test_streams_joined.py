"""Compressed files of several streams: what may lie between them, and what is an error.

The files are made with the standard library, whose compressors know nothing of our rules.
"""

import bz2
import gzip
import io
import lzma
import struct
import sys
import zlib
from pathlib import Path

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.compression import decompressed
from linreg_cli.reading.sources.streams import FullStream
from tests.conftest import Linreg

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FIRST = b"x,y\n" + b"".join(b"%d,%d\n" % (i, 2 * i) for i in range(5000))
SECOND = b"".join(b"%d,%d\n" % (i, 2 * i) for i in range(5000, 9000))
SKIPPABLE = b"\x5a\x2a\x4d\x18" + struct.pack("<I", 6) + b"ignore"
"""A frame of Zstandard without data, as RFC 8878 (3.1.2) draws it."""


def compress_zstd(data: bytes) -> bytes:
    # With a checksum, as the program zstd writes it.
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: True})


A = {
    "gzip": gzip.compress(FIRST),
    "bzip2": bz2.compress(FIRST),
    "xz": lzma.compress(FIRST),
    "Zstandard": compress_zstd(FIRST),
}
B = {
    "gzip": gzip.compress(SECOND),
    "bzip2": bz2.compress(SECOND),
    "xz": lzma.compress(SECOND),
    "Zstandard": compress_zstd(SECOND),
}

LEGAL = [
    *((name, b"", b"") for name in A),
    ("gzip", bytes(1), bytes(3)),
    ("gzip", b"", bytes(512 * 200)),  # a tape's blocks
    ("bzip2", bytes(4), b""),
    ("bzip2", bytes(7), bytes(4)),
    ("xz", bytes(4), b""),
    ("xz", b"", bytes(8)),
    ("xz", bytes(4 * 50_000), bytes(4)),  # longer than is read at once
    ("Zstandard", SKIPPABLE, b""),
    ("Zstandard", SKIPPABLE + SKIPPABLE, SKIPPABLE),
]
NOT_STREAMS = [
    *((name, b"rubbish") for name in A),
    ("gzip", bytes(3) + b"rubbish"),
    ("bzip2", bytes(4) + b"rubbish"),
    ("xz", bytes(3)),
    ("xz", bytes(5)),
    ("xz", bytes(3) + B["xz"]),
    ("Zstandard", bytes(4)),
    *((name, B[other]) for name, other in zip(A, [*list(A)[1:], "gzip"], strict=True)),
]


def read(data: bytes, size: int = 1000) -> bytes:
    stream = decompressed(FullStream(io.BytesIO(data).read), "a.csv")
    return b"".join(iter(lambda: stream.read(size), b""))


@pytest.mark.parametrize(("name", "between", "behind"), LEGAL)
@pytest.mark.parametrize("size", [1000, 1 << 20])
def test_streams_and_what_may_lie_between_them_are_read_to_the_end(
    name: str, between: bytes, behind: bytes, size: int
) -> None:
    assert read(A[name] + between + B[name] + behind, size) == FIRST + SECOND


@pytest.mark.parametrize(("name", "behind"), NOT_STREAMS)
def test_anything_else_behind_a_stream_is_an_error(name: str, behind: bytes) -> None:
    with pytest.raises(DataError) as raised:
        read(A[name] + behind)
    assert raised.value.message == f"a.csv: what follows its {name} data is not {name}"


@pytest.mark.parametrize("name", A)
def test_a_second_stream_that_is_damaged_is_an_error(name: str) -> None:
    middle = len(B[name]) // 2
    damaged = bytearray(B[name])
    damaged[middle : middle + 50] = bytes(255 - code for code in damaged[middle : middle + 50])
    with pytest.raises(DataError, match=f"its {name} data is corrupt"):
        read(A[name] + damaged)


@pytest.mark.parametrize("name", A)
@pytest.mark.parametrize("kept", [1, 3, 12, -10])
def test_a_second_stream_that_is_cut_short_is_an_error(name: str, kept: int) -> None:
    with pytest.raises(DataError, match=f"ends in the middle of its {name} data"):
        read(A[name] + B[name][:kept])


def test_skippable_frames_of_zstandard_may_come_first() -> None:
    assert read(SKIPPABLE + SKIPPABLE + A["Zstandard"]) == FIRST


def test_streams_without_text_are_read_over() -> None:
    for name, empty in (("gzip", gzip.compress(b"")), ("xz", lzma.compress(b""))):
        assert read(empty + A[name] + 100 * empty + B[name]) == FIRST + SECOND


def test_a_zstandard_window_that_is_too_large_is_named() -> None:
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(31 - 10) << 3]) + b"\x01\x00\x00"
    with pytest.raises(DataError) as raised:
        read(frame)
    assert raised.value.message == "a.csv: its Zstandard window is larger than 128 MiB"
    assert raised.value.hint == "Decompress it first, for example with zstd -dc --long=31"


def test_an_xz_dictionary_that_is_too_large_is_named() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 4096}]
    data = bytearray(lzma.compress(FIRST, filters=filters))
    # the block header's LZMA2 property: 512 MiB, with the header's CRC32 made anew
    start = 12
    size = (data[start] + 1) * 4
    place = start + data[start : start + size].index(b"\x21\x01") + 2
    data[place] = 34
    checksum = zlib.crc32(data[start : start + size - 4])
    data[start + size - 4 : start + size] = struct.pack("<I", checksum)
    with pytest.raises(DataError) as raised:
        read(bytes(data))
    assert raised.value.message == "a.csv: its xz data needs more than 300 MiB to decompress"


def test_all_rows_of_a_padded_file_are_trained_on(linreg: Linreg, folder: Path) -> None:
    (folder / "d.xz").write_bytes(A["xz"] + bytes(4) + B["xz"])
    done = linreg("train", "d.xz", "--x", "x", "--y", "y", "--solver", "exact")
    assert (done.status, "9,000 rows" in done.stderr) == (0, True), done.stderr
