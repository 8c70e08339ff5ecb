"""A pipe whose first bytes can be read twice: once for the names of columns, then with the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from msgspec import field

from linreg_cli.reading.sources import Source


class RememberedSource(Source, frozen=True, eq=False):
    """A pipe that can be opened once more: what was read before is read again."""

    _read: bytearray = field(default_factory=bytearray)

    @contextmanager
    def open_bytes(self, start: int = 0) -> Iterator[BinaryIO]:
        """Open the pipe as if nothing of it had been read."""
        with super().open_bytes(start) as file:
            yield _Remembering(file, self._read)  # type: ignore[misc]  # all that is read of it


class _Remembering:
    """Reads again what was read before, then the pipe, and keeps all of the first time."""

    def __init__(self, file: BinaryIO, kept: bytearray) -> None:
        self._file = file
        self._kept = kept
        self._again = bytes(kept)
        self._keeps = not kept

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end."""
        if self._again:
            data, self._again = self._again[:size], self._again[size:]
            return data
        data = self._file.read(size)
        if self._keeps:
            self._kept += data
        return data
