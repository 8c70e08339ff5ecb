"""Text of any encoding made UTF-8."""

import codecs
import io

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.sources import encodings
from linreg_cli.reading.sources.encodings import as_utf8
from linreg_cli.reading.sources.streams import FullStream

TEXT = "größe,prix\r\n1,2\r\n3,4\r\n"


def read(data: bytes, encoding: str = "utf-8") -> bytes:
    stream = as_utf8(FullStream(io.BytesIO(data).read), encoding, "a.csv")
    return b"".join(iter(lambda: stream.read(7), b""))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "utf-16-le", "utf-32", "utf-7"])
def test_each_encoding_becomes_utf8(encoding: str) -> None:
    assert read(TEXT.encode(encoding), encoding) == TEXT.encode()


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf_8_sig"])
def test_the_mark_of_utf8_is_dropped(name: str) -> None:
    assert read(codecs.BOM_UTF8 + TEXT.encode(), name) == TEXT.encode()


def test_a_mark_that_another_encoding_leaves_is_dropped() -> None:
    assert read(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be") == TEXT.encode()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_another_mark_is_believed_where_utf8_is_the_default(mark: bytes, encoding: str) -> None:
    assert read(mark + TEXT.encode(encoding)) == TEXT.encode()


def test_utf8_is_passed_on_unchecked() -> None:
    assert read(b"a\n\xff\n") == b"a\n\xff\n"


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 5, 1000])
def test_pieces_of_any_size_decode_the_same(
    monkeypatch: pytest.MonkeyPatch, piece_bytes: int
) -> None:
    monkeypatch.setattr(encodings, "PIECE_BYTES", piece_bytes)
    assert read("日本,1\r\n".encode("shift_jis"), "shift_jis") == "日本,1\r\n".encode()


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize(
    ("data", "encoding", "line"),
    [
        (b"a\r\n1\r\n2\r3\n\x81\n", "cp1252", 5),
        (b"a\n\x93\xfa\n\x81\n\n\n", "shift_jis", 3),
        ("a\r\n1\r\n".encode("utf-16-le") + b"2", "utf-16-le", 3),
        (b"\xe9", "ascii", 1),
    ],
)
def test_bytes_of_another_encoding_are_named_by_their_line(
    monkeypatch: pytest.MonkeyPatch, data: bytes, encoding: str, line: int, piece_bytes: int
) -> None:
    monkeypatch.setattr(encodings, "PIECE_BYTES", piece_bytes)
    with pytest.raises(DataError) as raised:
        read(data, encoding)
    assert raised.value.message == f"a.csv, line {line}: is not {encoding}"
    assert raised.value.hint == ("Try --encoding utf-8, --encoding latin-1 or --encoding cp1252.")
