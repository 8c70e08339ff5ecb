"""Open a CSV file as a table: find its delimiter and its header, and where its rows begin."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.checks import checked
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.delimiter import HEAD_BYTES, find_delimiter, find_sep_line
from linreg_cli.reading.csv.first_records import each_record, each_with_text
from linreg_cli.reading.csv.record_pieces import CHUNK_BYTES, FIRST_BYTES, Piece, cut_pieces
from linreg_cli.reading.csv.shape import Shape
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.csv.table import Table
from linreg_cli.reading.csv.width import MAX_COLUMNS, has_more_fields
from linreg_cli.reading.sources import Source, SourceStream, count_line_ends, find_line_ends

MAX_HEADER_BYTES = 1 << 20
"""The most bytes read where only the names of columns are wanted."""


@contextmanager
def open_table(
    source: Source,
    options: CsvOptions,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    most_bytes: int | None = None,
    hashes: bool = False,
) -> Iterator[Table]:
    """Open a source as a table: find its delimiter and read its first record.

    With `most_bytes` its text is taken to end there; with `hashes` the table knows the SHA-256.

    Raises
    ------
    DataError
        If the source cannot be opened, or holds nothing.

    """
    with source.open(options.encoding, hashes=hashes) as stream:
        if most_bytes is not None:
            stream = stream.head(most_bytes)  # noqa: PLW2901  # the same, but shorter
        yield start_table(stream, source.name, options, chunk_bytes=chunk_bytes)


def read_names(source: Source, options: CsvOptions) -> tuple[str, ...]:
    """Read what the columns are called; of a large file, from its first MiB alone.

    Raises
    ------
    DataError
        As `open_table` does.

    """
    with open_table(source, options, most_bytes=MAX_HEADER_BYTES) as table:
        return table.names


def start_table(
    stream: SourceStream, source: str, options: CsvOptions, *, chunk_bytes: int = CHUNK_BYTES
) -> Table:
    """Find the delimiter of a stream and read its first record.

    Raises
    ------
    DataError
        If the stream holds nothing.

    """
    skipped = _skip_lines(stream, options.skip, source)
    sep_line, sep = find_sep_line(stream.peek(HEAD_BYTES))
    skipped += stream.read(len(sep_line))
    delimiter = options.delimiter or sep or find_delimiter(stream.peek(HEAD_BYTES), options)
    syntax = options.syntax(delimiter)
    pieces = cut_pieces(stream, syntax=syntax, chunk_bytes=chunk_bytes, first_bytes=FIRST_BYTES)
    first, piece, offset, line = _first_with_text(pieces, source, syntax, skipped)
    _, end = next(each_record(first))
    record = first.data[:end]
    line_end = _line_end(first.data[end : end + 2])
    start = len(record + line_end) if options.has_header else 0
    shape = Shape.of(first, has_header=options.has_header)
    return Table(
        source=source,
        options=options,
        syntax=syntax,
        names=shape.names,
        has_empty_last=shape.has_empty_last,
        has_row_names=shape.has_row_names,
        first_record=shape.first_record,
        header=record if options.has_header else b"",
        preview=first.data[:HEAD_BYTES],
        line_end=line_end,
        first_row=offset + start,
        header_line=line,
        first_line=line + count_line_ends(piece.data[:start]),
        _stream=stream,
        _pieces=chain([Piece(piece.data[start:], piece.is_last)], pieces),
    )


def _skip_lines(stream: SourceStream, count: int, source: str) -> bytes:
    """Read the first lines of a stream, and return them.

    Raises
    ------
    DataError
        If there are not as many.

    """
    skipped = b""
    while (lines := count_line_ends(skipped)) < count:
        data = stream.peek(HEAD_BYTES)
        line_ends = find_line_ends(data)
        # a CR at the end may be half of a CRLF
        whole = line_ends[: count - lines]
        if not len(data):
            raise DataError(
                f"has {lines} lines, so that --skip {count} leaves nothing",
                source=source,
                hint=f"--skip takes a number of lines below {lines}.",
            )
        skipped += stream.read(int(whole[-1]) + 1 if len(whole) else len(data))
        if skipped.endswith(b"\r") and stream.peek(1)[:1] == b"\n":
            skipped += stream.read(1)
    return skipped


def _first_with_text(
    pieces: Iterable[Piece], source: str, syntax: Syntax, skipped: bytes
) -> tuple[Chunk, Piece, int, int]:
    """Find the first record that is neither blank nor a comment.

    Returns
    -------
    A chunk that begins with it and has been looked at, the piece that begins with it and has
    not, its offset in the text, and its line.

    """
    offset, line = len(skipped), 1 + count_line_ends(skipped)
    for piece in pieces:
        if has_more_fields(piece.data, syntax, MAX_COLUMNS):
            problem = f"has more than {MAX_COLUMNS:,} columns"
            raise DataError(problem, source=source, line=line, hint="Is it a CSV file?")
        chunks = checked(piece, source=source, syntax=syntax, first_line=line)
        for chunk in chunks:
            for start, _ in each_with_text(chunk):
                rest = Piece(piece.data[start:], piece.is_last)
                first = chunk.between(start, len(chunk.data))
                return first, rest, offset + start, first.first_line
        offset += len(piece.data)
        line += count_line_ends(piece.data)
    raise DataError("is empty", source=source, hint="Give a file with a header line and rows.")


def _line_end(data: bytes) -> bytes:
    """Return the line end that the data begins with; LF at the end of a file."""
    return data if data == b"\r\n" else data[:1] or b"\n"
