"""Byte ranges of one file, each read on its own, so that many machines can read it at once.

    range       the bytes from one offset to another, wherever these fall
    records     those that begin in the range; the last one is read on behind its end

Where a range begins inside a record, that record ends with the first LF. That is a guess: the LF
may stand in quotes. Where a range holds no quote the guess is not disproved by it, and if that is
so of all ranges of a file, every guess was right. Where a quote occurs, `find_cuts` reads the file
once and finds offsets at which records begin for sure.

The threads of one process follow quotes across ranges in another way: native/file_pass.hpp.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from linreg_cli.reading.csv.head import Head
from linreg_cli.reading.csv.record_pieces import CHUNK_BYTES, CountedPieces, cut_pieces
from linreg_cli.reading.csv.table import Table
from linreg_cli.reading.sources import FullStream, RawStream, Source, SourceStream, count_line_ends

TAIL_BYTES = 1 << 16
"""How much is read at a time to find a line end outside of the range."""


class QuotesFoundError(Exception):
    """A range whose ends are guesses holds a quote, so that the guesses may be wrong."""


class Range(Struct, frozen=True):
    """Some bytes of a file.

    Attributes
    ----------
    start
        The offset of the first byte.
    end
        The offset behind the last byte; infinite for the end of the file.
    first_line
        The line of the first byte, where it is known that a record begins there; None where the
        first record begins behind an LF, the first at or behind ``start - 1``.
    end_is_guess
        Whether the last record ends with an LF, the first at or behind ``end - 1``.
    least_end
        The offset that the file must reach, or else it was cut short.

    """

    start: int
    end: float
    first_line: int | None
    end_is_guess: bool
    least_end: int = 0

    @property
    def has_guess(self) -> bool:
        """Whether a quote could make an end of this range wrong."""
        return self.first_line is None or self.end_is_guess


def guess_ranges(head: Head, start: int, size: int, range_bytes: int) -> list[Range]:
    """Divide a file of `size` bytes, whose first row is at `start`, without looking at it."""
    starts = list(range(start, size, range_bytes)) or [start]
    lines = [head.first_line, *[None] * (len(starts) - 1)]
    ends = [*starts[1:], math.inf]
    return [
        Range(*edges, end_is_guess=edges[1] < math.inf, least_end=int(min(edges[1], size)))
        for edges in zip(starts, ends, lines, strict=True)
    ]


def find_cuts(
    source: Source, head: Head, start: int, range_bytes: int, *, size: int
) -> list[Range]:
    """Read a file of `size` bytes from its first row at `start`, and divide it between records."""
    offset, line = start, head.first_line
    cuts = [(offset, line)]
    with source.open_bytes(start) as file:
        stream = FullStream(RawStream(file, source.name, (start, size)).read)
        chunk_bytes = min(CHUNK_BYTES, range_bytes)
        for piece in cut_pieces(stream, syntax=head.syntax, chunk_bytes=chunk_bytes):
            offset += len(piece.data)
            line += count_line_ends(piece.data)
            if offset - cuts[-1][0] >= range_bytes and not piece.is_last:
                cuts.append((offset, line))
    ends = [*(offset for offset, _ in cuts[1:]), math.inf]
    return [
        Range(start, end, line, end_is_guess=False, least_end=int(min(end, offset)))
        for (start, line), end in zip(cuts, ends, strict=True)
    ]


@contextmanager
def open_range(
    source: Source, head: Head, part: Range, *, chunk_bytes: int = CHUNK_BYTES
) -> Iterator[tuple[Table, CountedPieces]]:
    """Open the records of a range as a table; where its first line is not known, it is called 1.

    Raises
    ------
    QuotesFoundError
        While reading, if the range has a guess and holds a quote.

    """
    first = part.start if part.first_line is not None else part.start - 1
    with source.open_bytes(first) as file:
        raw = RawStream(file, source.name, (first, part.least_end))
        text = FullStream(_RangeReader(FullStream(raw.read), part).read)
        pieces = CountedPieces(cut_pieces(text, syntax=head.syntax, chunk_bytes=chunk_bytes))
        stream = SourceStream(text, raw, first)
        yield Table.under(head, stream, pieces, part.first_line or 1), pieces


class _RangeReader:
    """Reads the records of a range from a file that is open where the range begins."""

    def __init__(self, file: FullStream, part: Range) -> None:
        self._file = file
        self._part = part
        self._position = part.start
        self._is_at_end = False
        if part.first_line is None:
            self._position -= 1
            self._skip_to_record()

    def read(self, size: int) -> bytes:
        """Read some of the next bytes of records; none at the end."""
        left = self._part.end - self._position
        if self._is_at_end:
            return b""
        if left > 0:
            data = self._file.read(int(min(size, left)))
            is_cut = self._part.end_is_guess and not data.endswith(b"\n")
            self._is_at_end = not data or (len(data) == left and not is_cut)
        else:  # the rest of the record that lies across the end
            data = self._file.read(TAIL_BYTES)
            line_end = data.find(b"\n")
            self._is_at_end = not data or line_end >= 0
            data = data[: line_end + 1] or data
        if self._part.has_guess and b'"' in data:
            raise QuotesFoundError
        self._position += len(data)
        return data

    def _skip_to_record(self) -> None:
        """Skip what is left of the record before; in a long one this range may lie entirely."""
        while True:
            data = self._file.peek(TAIL_BYTES)[:TAIL_BYTES]
            skipped = data.find(b"\n") + 1
            self._position += len(self._file.read(skipped or len(data)))
            self._is_at_end = not data or self._position >= self._part.end
            if skipped or self._is_at_end:
                return
