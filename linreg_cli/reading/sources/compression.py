"""Decompression. The first bytes tell the format, not the name, so that it works on a pipe too.

    file        padding? stream (padding? stream)* padding?
    padding     NUL bytes: gzip and bzip2 any number, xz a multiple of four, Zstandard none

Anything else behind a stream is an error, because rows may be lost in it.
"""

from linreg_cli.errors import DataError
from linreg_cli.reading.sources.compressed_formats import (
    FORMATS,
    MAX_WINDOW_BYTES,
    MAX_XZ_BYTES,
    Format,
)
from linreg_cli.reading.sources.streams import FullStream

MAGIC_BYTES = 10
"""The number of first bytes that tell every format."""

_PIECE_BYTES = 1 << 16


def decompressed(stream: FullStream, source: str) -> FullStream:
    """Return a stream decompressed if it is gzip, bzip2, xz or Zstandard, and as it is if not.

    Raises
    ------
    DataError
        While the stream is read, if the compressed data is corrupt, cut short or followed by
        other data, or if it takes too much memory.

    """
    start = stream.peek(MAGIC_BYTES)
    for form in FORMATS:
        if start.startswith(form.first or form.starts):
            return FullStream(_Streams(stream, form, source).read)
    return stream


class _Streams:
    """Reads compressed streams that follow each other, and checks the bytes between them."""

    def __init__(self, file: FullStream, form: Format, source: str) -> None:
        self._file = file
        self._format = form
        self._source = source
        self._decoder, self._corrupt = form.make()
        self._input = b""

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; none at the end."""
        while True:
            if self._decoder.eof and not self._begin_next():
                return b""
            if data := self._decompress(size):
                return data

    def _decompress(self, size: int) -> bytes:
        if self._decoder.needs_input and not self._fill(1):
            problem = f"ends in the middle of its {self._format.name} data"
            raise self._error(problem, "The file was cut short: copy it again.")
        data, self._input = self._input, b""
        try:
            decompressed = self._decoder.decompress(data, size)
        except self._corrupt as error:
            raise self._describe(str(error)) from error
        if self._decoder.eof:
            self._input = self._decoder.unused_data
        return decompressed

    def _begin_next(self) -> bool:
        """Begin the next stream; return whether there is one."""
        padding = self._skip_padding()
        is_right = padding % self._format.padding == 0 if self._format.padding else padding == 0
        self._fill(max(map(len, self._format.starts)))
        if not self._input and is_right:
            return False
        starts = (start.startswith(self._input[: len(start)]) for start in self._format.starts)
        if not is_right or not any(starts):
            name = self._format.name
            hint = f"Copy the file again, or cut off what follows its {name} data."
            raise self._error(f"what follows its {name} data is not {name}", hint)
        self._decoder, self._corrupt = self._format.make()
        return True

    def _skip_padding(self) -> int:
        """Skip NUL bytes; return their number."""
        count = 0
        while self._fill(1):
            rest = self._input.lstrip(b"\0")
            count += len(self._input) - len(rest)
            self._input = rest
            if rest:
                break
        return count

    def _fill(self, size: int) -> bool:
        """Hold `size` bytes of input, fewer only at the end; return whether there are any."""
        while len(self._input) < size and (piece := self._file.read(_PIECE_BYTES)):
            self._input += piece
        return bool(self._input)

    def _describe(self, reason: str) -> DataError:
        """Return the error for data that takes too much memory or is corrupt."""
        name, program = self._format.name, self._format.program
        if "too much memory" in reason:
            problem = f"its {name} window is larger than {MAX_WINDOW_BYTES >> 20} MiB"
            return self._error(problem, f"Decompress it first, for example with {program}")
        if "Memory usage limit" in reason:
            problem = f"its {name} data needs more than {MAX_XZ_BYTES >> 20} MiB to decompress"
            return self._error(problem, f"Decompress it first, for example with {program}")
        if "Dictionary" in reason:
            hint = "Decompress it first: zstd -d -D names its dictionary."
            return self._error(f"its {name} data was compressed with a dictionary", hint)
        return self._error(f"its {name} data is corrupt", "Copy the file again.")

    def _error(self, problem: str, hint: str) -> DataError:
        return DataError(problem, source=self._source, hint=hint)
