"""Byte streams that give what they are asked for."""

import io

import pytest

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.streams import FullStream, RawStream


class Dripping(io.BytesIO):
    """A pipe that delivers one byte at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 1))


class Broken(io.BytesIO):
    """A disk that fails."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_dripping_pipe_gives_all_that_is_asked_for() -> None:
    stream = FullStream(Dripping(b"abcdef").read)
    assert [stream.read(4), stream.read(4), stream.read(4)] == [b"abcd", b"ef", b""]


def test_what_is_looked_at_is_read_again() -> None:
    stream = FullStream(Dripping(b"abcdef").read)
    assert stream.peek(3) == b"abc"
    assert stream.read(2) + stream.read(9) == b"abcdef"


def test_looking_past_the_end_gives_what_there_is() -> None:
    assert FullStream(io.BytesIO(b"ab").read).peek(10) == b"ab"


def test_a_prefix_is_skipped_only_if_it_is_there() -> None:
    stream = FullStream(io.BytesIO(b"abcd").read)
    stream.skip(b"ab")
    stream.skip(b"x")
    assert stream.read(9) == b"cd"


def test_raw_bytes_are_counted_as_they_are_read() -> None:
    raw = RawStream(io.BytesIO(b"abcdef"), "a.csv")
    raw.read(4)
    assert raw.bytes_read == 4
    raw.read(4)
    assert raw.bytes_read == 6


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("my data.csv", "Copy it to another disk first: cp 'my data.csv' FOLDER"),
        ("stdin", "Write the data to a file first: COMMAND > data.csv"),
        ("s3://b/a.csv", "Copy it to this machine first: aws s3 cp s3://b/a.csv - > data.csv"),
        ("https://h/a.csv", "Copy it to this machine first: curl -L https://h/a.csv > data.csv"),
    ],
)
def test_a_disk_that_fails_is_an_error_in_the_data(source: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        RawStream(Broken(b""), source).read(1)
    assert caught.value.message == f"{source}: cannot be read: Input/output error"
    assert caught.value.hint == hint
