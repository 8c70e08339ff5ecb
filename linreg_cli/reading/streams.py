"""Byte streams that give what they are asked for and let their start be looked at."""

from collections.abc import Callable
from typing import BinaryIO

from linreg_cli.errors import DataError


class RawStream:
    """The bytes of a file as they are on disk, counted as they are read."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        self.bytes_read = 0
        self._file = file
        self._source = source

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end."""
        try:
            data = self._file.read(size)
        except OSError as error:
            problem = f"cannot be read: {error.strerror or error}"
            raise DataError(problem, source=self._source) from error
        self.bytes_read += len(data)
        return data


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
