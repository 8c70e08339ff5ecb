"""Byte streams that return as many bytes as asked for, and whose next bytes can be peeked at."""

import os
import stat
from collections.abc import Callable
from typing import BinaryIO

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.hints import copy_hint


class RawStream:
    """The bytes of a file as they are on disk, counted as they are read.

    Parameters
    ----------
    file, source
        The file, and what messages call it.
    extent
        The offset at which the file is open, and the offset that it must reach; if not given,
        its size at the start. Bytes that are appended to the file meanwhile are read too.

    """

    def __init__(self, file: BinaryIO, source: str, extent: tuple[int, int] | None = None) -> None:
        self.bytes_read = 0
        self._file = file
        self._source = source
        self._start, self._least_end = extent or (_position_of(file), _size_of(file) or 0)

    @property
    def descriptor(self) -> int:
        """The number by which the operating system knows the file."""
        return self._file.fileno()

    @property
    def start(self) -> int:
        """The offset at which the file was open."""
        return self._start

    @property
    def size(self) -> int | None:
        """The size of a regular file now; None for others."""
        return _size_of(self._file)

    @property
    def position(self) -> int:
        """The offset up to which bytes are counted as read."""
        return self._start + self.bytes_read

    def count_to(self, offset: int) -> None:
        """Count the bytes up to an offset as read: others read them."""
        self.bytes_read = offset - self._start

    def moved_to(self, offset: int) -> "RawStream":
        """Return the same file from an offset on; this stream is not read any more."""
        self._file.seek(offset)
        return RawStream(self._file, self._source, (offset, self._least_end))

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end.

        Raises
        ------
        DataError
            If the file cannot be read, or ends before it should: it became shorter meanwhile.

        """
        data = self._read(size)
        if size and not data and self.position < self._least_end:
            data = self._read_behind_end(size)
        self.bytes_read += len(data)
        return data

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            problem = f"cannot be read: {error.strerror or error}"
            raise DataError(problem, source=self._source, hint=copy_hint(self._source)) from error

    def _read_behind_end(self, size: int) -> bytes:
        """Read once more where a file ends too early, unless it is known to be cut short.

        Files in /sys have a size of 4096 bytes and hold fewer; their size does not change.
        """
        now = _size_of(self._file)
        if now is not None and now >= self._least_end:
            return self._read(size)
        end = self.position
        raise DataError(
            f"was cut short while it was read: it ended after {end:,} of {self._least_end:,} bytes",
            source=self._source,
            hint="Read it again when no other program writes it.",
        )


def _size_of(file: BinaryIO) -> int | None:
    """Return the size of a regular file; nothing is known of a pipe or a device."""
    try:
        status = os.fstat(file.fileno())
    except (AttributeError, OSError):  # no file of the operating system
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _position_of(file: BinaryIO) -> int:
    """Return the offset at which a regular file is open; 0 for all others."""
    return 0 if _size_of(file) is None else file.tell()


class HashedStream:
    """A stream that computes the SHA-256 of the bytes that are read."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        from hashlib import sha256

        self._read = read
        self._hash = sha256()

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes."""
        data = self._read(size)
        self._hash.update(data)
        return data

    @property
    def sha256(self) -> str:
        """The SHA-256 of all bytes read so far."""
        return self._hash.hexdigest()


class FullStream:
    """Returns exactly as many bytes as asked for, fewer only at the end, whatever a pipe does."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.position = 0
        """The number of bytes read."""
        self._read = read
        self._held = b""

    def read(self, size: int) -> bytes:
        """Read the next `size` bytes, or fewer at the end."""
        data = self.peek(size)[:size]
        self._held = self._held[size:]
        self.position += len(data)
        return data

    def peek(self, size: int) -> bytes:
        """Return at least the next `size` bytes, fewer only at the end, without reading them."""
        pieces, held = [self._held], len(self._held)
        while held < size and (piece := self._read(size - held)):
            pieces.append(piece)
            held += len(piece)
        self._held = b"".join(pieces)
        return self._held

    def skip(self, prefix: bytes) -> None:
        """Skip the prefix if it comes next."""
        if self.peek(len(prefix)).startswith(prefix):
            self.read(len(prefix))
