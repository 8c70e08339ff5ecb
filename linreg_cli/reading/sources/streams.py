"""Byte streams that give what they are asked for and let their start be looked at."""

import os
import stat
from collections.abc import Callable
from typing import BinaryIO

from linreg_cli.errors import DataError


class RawStream:
    """The bytes of a file as they are on disk, counted as they are read.

    Parameters
    ----------
    file, source
        The file, and what messages call it.
    extent
        The offset at which the file is open, and the one that it must reach; its size at the
        start if not given. What is written to its end meanwhile is read too.

    """

    def __init__(self, file: BinaryIO, source: str, extent: tuple[int, int] | None = None) -> None:
        self.bytes_read = 0
        self._file = file
        self._source = source
        self._start, self._least_end = extent or _extent_of(file)

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end.

        Raises
        ------
        DataError
            If the file cannot be read, or ends before it should: it became shorter meanwhile.

        """
        try:
            data = self._file.read(size)
        except OSError as error:
            problem = f"cannot be read: {error.strerror or error}"
            raise DataError(problem, source=self._source) from error
        self.bytes_read += len(data)
        end = self._start + self.bytes_read
        if size and not data and end < self._least_end:
            raise DataError(
                f"was cut short while it was read: it ended after {end:,} of {self._least_end:,} "
                "bytes",
                source=self._source,
                hint="Read it again when no other program writes it.",
            )
        return data


def _extent_of(file: BinaryIO) -> tuple[int, int]:
    """Give where a file is open, and its size; nothing is known of a pipe or a device."""
    try:
        status = os.fstat(file.fileno())
    except (AttributeError, OSError):  # no file of the operating system
        return 0, 0
    return (file.tell(), status.st_size) if stat.S_ISREG(status.st_mode) else (0, 0)


class HashedStream:
    """Bytes that are hashed as they are read."""

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
        """The SHA-256 of all that was read."""
        return self._hash.hexdigest()


class FullStream:
    """Gives exactly as many bytes as asked for, fewer only at the end, whatever a pipe does."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.position = 0
        """How many bytes were read."""
        self._read = read
        self._held = b""

    def read(self, size: int) -> bytes:
        """Read the next `size` bytes, or fewer at the end."""
        data = self.peek(size)[:size]
        self._held = self._held[size:]
        self.position += len(data)
        return data

    def peek(self, size: int) -> bytes:
        """Give at least the next `size` bytes, or fewer at the end, and keep them."""
        pieces, held = [self._held], len(self._held)
        while held < size and (piece := self._read(size - held)):
            pieces.append(piece)
            held += len(piece)
        self._held = b"".join(pieces)
        return self._held

    def skip(self, prefix: bytes) -> None:
        """Drop the prefix if the stream goes on with it."""
        if self.peek(len(prefix)).startswith(prefix):
            self.read(len(prefix))
