"""An open CSV file: its columns, and its rows chunk by chunk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Protocol, Self, TypeVar

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.fast_reader import scan, scan_cells
from linreg_cli.reading.csv.general_reader import (
    Cells,
    Rows,
    parse_cells,
    parse_chunk,
    refuse_wide,
    set_wide_aside,
)
from linreg_cli.reading.csv.header import (
    HEAD_BYTES,
    MOST_SKIPPED,
    canonical,
    count_fields,
    find_column,
    find_delimiter,
    find_header_below,
    find_sep_line,
)
from linreg_cli.reading.csv.in_order import map_in_order
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.numbers import parse_cell
from linreg_cli.reading.csv.offsets import find_records
from linreg_cli.reading.csv.options import CsvOptions
from linreg_cli.reading.csv.records import (
    CHUNK_BYTES,
    LONG_BYTES,
    Chunk,
    Piece,
    checked,
    cut_pieces,
)
from linreg_cli.reading.csv.structure import split_fields
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.csv.width import MAX_COLUMNS, has_more_fields
from linreg_cli.reading.sources import Source, SourceStream, count_line_ends, find_line_ends

MAX_HEADER_BYTES = 1 << 20
"""The most bytes read where only the names of columns are wanted."""

T = TypeVar("T")


class _Part(Protocol):
    """What a part of a table was read as."""

    @property
    def count(self) -> int:
        """How many records it has."""

    def on_line(self, line: int) -> Self:
        """Return the same part with another number for its first line."""


P = TypeVar("P", bound=_Part)


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the start of a CSV file says: all that is needed to read any of its rows.

    Attributes
    ----------
    source
        The name of the source.
    options
        As given; `without_header` sets `has_header` to False.
    syntax
        What separates fields and records, as given or found.
    names
        What the columns are called: their numbers from 1, if there is no header. The column of
        row names, if there is one, has an empty name.
    has_empty_last
        Whether each record ends in a delimiter with nothing after it.
    has_row_names
        Whether the first column has no name, because the header has one field fewer.
    first_record
        The texts of the first record's fields, whether it is a header or not.
    header
        The header as it stands in the file, without its line end; nothing if there is none.
    preview
        The first lines from the header on.
    line_end
        What ends the first record, and so the file's lines.
    first_row
        The offset of the first row in the text.
    header_line, first_line
        The lines of the header and of the first row.

    """

    source: str
    options: CsvOptions
    syntax: Syntax
    names: tuple[str, ...]
    has_empty_last: bool
    has_row_names: bool
    first_record: tuple[str, ...]
    header: bytes
    preview: bytes
    line_end: bytes
    first_row: int
    header_line: int
    first_line: int

    @property
    def has_numeric_header(self) -> bool:
        """Whether what is taken for a header is nothing but numbers."""
        return self.options.has_header and all(map(self._is_number, self.first_record))

    @property
    def delimiter(self) -> str:
        """What a field that is added to a record is separated by."""
        return self.syntax.written_delimiter

    @property
    def width(self) -> int:
        """How many fields a record has."""
        return len(self.names) + self.has_empty_last

    @property
    def names_text(self) -> bytes:
        """The header without a delimiter after the last name: what more names can follow."""
        is_longer = self.has_empty_last and self.header.endswith(self.delimiter.encode())
        return self.header[:-1] if is_longer else self.header

    def layout(self, columns: Sequence[str], hint: str = "", *, optional: int = 0) -> Layout:
        """Find the wanted columns; `hint` is the remedy for one that is not there.

        The last columns, as many as `optional`, may lack a cell in a complete row.

        Raises
        ------
        DataError
            If a column does not exist, or its name occurs twice.

        """
        if not self.options.has_header:
            hint = "With --no-header, give the number of a column: --x 1"
        hint = hint or "Give a name from this list."
        below = self._header_below(columns)
        return Layout(
            source=self.source,
            syntax=self.syntax,
            width=self.width,
            has_empty_last=self.has_empty_last,
            names=tuple(columns),
            positions=tuple(
                find_column(name, self.names, self.source, hint, header_below=below)
                for name in columns
            ),
            options=self.options,
            optional=optional,
        )

    def _header_below(self, columns: Sequence[str]) -> str:
        """Return the option that finds columns which the header lacks in a line below it."""
        if not self.options.has_header or set(map(canonical, columns)) <= set(self.names):
            return ""
        return find_header_below(self.preview, columns, self.header_line - 1, self.options)

    def _is_number(self, text: str) -> bool:
        try:
            parse_cell(text, self.options)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, kw_only=True)
class Table(Head):
    """A CSV file that is open, and rows of it that are still to be read."""

    _stream: SourceStream
    _pieces: Iterator[Piece]

    @classmethod
    def under(cls, head: Head, stream: SourceStream, pieces: Iterator[Piece], line: int) -> Self:
        """Return the table whose head is known and whose rows begin on a line."""
        known = {field.name: getattr(head, field.name) for field in fields(Head)}
        return cls(**known | {"first_line": line}, _stream=stream, _pieces=pieces)

    @property
    def head(self) -> Head:
        """What the start of the file says, without the open file."""
        return Head(**{field.name: getattr(self, field.name) for field in fields(Head)})

    @property
    def bytes_read(self) -> int:
        """How many bytes of the source were read, as they are on disk."""
        return self._stream.bytes_read

    @property
    def sha256(self) -> str:
        """The SHA-256 of the decompressed bytes that were read, if it is computed."""
        return self._stream.hashed.sha256 if self._stream.hashed else ""

    def without_header(self, names: Sequence[str]) -> "Table":
        """Return the same table with its first record as a row; its columns are called `names`."""
        if len(names) != len(self.first_record):
            raise DataError(
                f"has {len(self.first_record)} columns; needed are {', '.join(names)}",
                source=self.source,
            )
        options = replace(self.options, has_header=False)
        return replace(
            self,
            options=options,
            names=tuple(names),
            header=b"",
            first_row=self.first_row - len(self.header + self.line_end),
            first_line=self.header_line,
            _pieces=_before(self.header + self.line_end, self._pieces),
        )

    def each(  # noqa: PLR0913  # what reading rows needs
        self,
        columns: Sequence[str],
        work: Callable[[Rows], T],
        *,
        threads: int,
        keeps_records: bool = True,
        hint: str = "",
        optional: int = 0,
    ) -> Iterator[tuple[Rows, T]]:
        """Yield each part of the wanted columns with the result of the work on it, once.

        Parameters
        ----------
        columns
            Their names.
        work
            Done on any thread, where lines are not known yet.
        threads
            How many.
        keeps_records
            Whether it matters where each record lies.
        hint
            The remedy for a column that is not there.
        optional
            How many of the columns, the last ones, may lack a cell in a complete row.

        Raises
        ------
        DataError
            At the first record that cannot be read.

        """
        layout = self.layout(columns, hint, optional=optional)
        return self._each(
            lambda data: scan(data, layout, keeps_records=keeps_records),
            lambda chunk: parse_chunk(chunk, layout),
            lambda record: set_wide_aside(record, layout),
            work,
            threads,
        )

    def each_cells(self, work: Callable[[Cells], T], *, threads: int) -> Iterator[tuple[Cells, T]]:
        """Yield all columns, each by itself, once; parameters and errors are those of `each`.

        A cell that is not a number is not an error here.
        """
        layout = Layout(
            source=self.source,
            syntax=self.syntax,
            width=self.width,
            has_empty_last=self.has_empty_last,
            names=self.names,
            positions=tuple(range(len(self.names))),
            options=self.options,
        )
        return self._each(
            lambda data: scan_cells(data, layout),
            lambda chunk: parse_cells(chunk, layout),
            lambda record: refuse_wide(record, layout),
            work,
            threads,
        )

    def _each(
        self,
        scan_piece: Callable[[bytes], tuple[P, int] | None],
        parse: Callable[[Chunk], P],
        take_wide: Callable[[Chunk], P],
        work: Callable[[P], T],
        threads: int,
    ) -> Iterator[tuple[P, T]]:
        """Scan and work on threads; the general reader reads what the scanner did not accept."""

        def scan_and_work(piece: Piece) -> tuple[P, int, T] | None:
            is_odd = piece.is_long or self._is_wide(piece)
            found = None if is_odd else scan_piece(piece.data)
            return None if found is None else (*found, work(found[0]))

        line = self.first_line
        for piece, found in map_in_order(scan_and_work, self._pieces, threads):
            if found is not None:
                part, lines, result = found
                if part.count:
                    yield part.on_line(line), result
            else:
                is_wide = self._is_wide(piece)
                for chunk in self._wide(piece, line) if is_wide else self._checked(piece, line):
                    part = take_wide(chunk) if is_wide else parse(chunk)
                    if part.count:
                        yield part, work(part)
                lines = count_line_ends(piece.data)
            line += lines

    def _is_wide(self, piece: Piece) -> bool:
        """Return whether a piece is one long record of too many fields."""
        return len(piece.data) > LONG_BYTES and has_more_fields(piece.data, self.syntax, self.width)

    def _wide(self, piece: Piece, line: int) -> Iterator[Chunk]:
        yield Chunk(piece.data, self.syntax, line)

    def _checked(self, piece: Piece, line: int) -> Iterator[Chunk]:
        return checked(piece, source=self.source, syntax=self.syntax, first_line=line)


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
        yield read_head(stream, source.name, options, chunk_bytes=chunk_bytes)


def read_head(
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
    pieces = cut_pieces(stream, syntax=syntax, chunk_bytes=chunk_bytes)
    first, piece, offset, line = _first_with_text(pieces, source, syntax, skipped)
    end = int(find_records(first).ends[0])
    record = first.data[:end]
    line_end = _line_end(first.data[end : end + 2])
    start = len(record + line_end) if options.has_header else 0
    shape = _Shape.of(first, has_header=options.has_header)
    return Table(
        source=source,
        options=options,
        syntax=syntax,
        names=shape.names,
        has_empty_last=shape.has_empty_last,
        has_row_names=shape.has_row_names,
        first_record=shape.first_record,
        header=record if options.has_header else b"",
        preview=_first_lines(first.data[:HEAD_BYTES], 1 + MOST_SKIPPED),
        line_end=line_end,
        first_row=offset + start,
        header_line=line,
        first_line=line + count_line_ends(piece.data[:start]),
        _stream=stream,
        _pieces=chain([Piece(piece.data[start:], piece.is_last)], pieces),
    )


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What the first records say about the columns; see `Head`."""

    names: tuple[str, ...]
    first_record: tuple[str, ...]
    has_empty_last: bool
    has_row_names: bool

    @classmethod
    def of(cls, first: Chunk, *, has_header: bool) -> Self:
        """Return the shape of a chunk's records; the first is the header, if there is one."""
        head = Chunk(first.data[:HEAD_BYTES], first.syntax, 1)
        plain = first.plain
        end = int(find_records(plain).ends[0])
        texts = split_fields(plain.data[:end], plain.structure[:end], plain.syntax.delimiters)
        counts, ends_empty = count_fields(head)
        rows = list(zip(counts, ends_empty, strict=True))[has_header:]
        has_empty_last = has_row_names = is_last_name_empty = False
        if rows:
            fields, ends = rows[0]
            is_last_name_empty = ends and fields == len(texts) > 1 and not texts[-1].strip()
            has_empty_last = (
                ends
                and (is_last_name_empty or (has_header and fields == len(texts) + 1))
                and not any(count == fields and not ends for count, ends in rows)
                and not first.syntax.merges_blanks
            )
            has_row_names = (
                has_header
                and not has_empty_last
                and {count for count, _ in rows} == {len(texts) + 1}
            )
        if has_empty_last and is_last_name_empty:
            texts = texts[:-1]
        names = [canonical(text) for text in texts]
        if not has_header:
            names = [str(number) for number in range(1, len(texts) + 1)]
        return cls(
            names=("", *names) if has_row_names else tuple(names),
            first_record=tuple(texts),
            has_empty_last=has_empty_last,
            has_row_names=has_row_names,
        )


def read_names(source: Source, options: CsvOptions) -> tuple[str, ...]:
    """Read what the columns are called; of a large file, from its first MiB alone.

    Raises
    ------
    DataError
        As `open_table` does.

    """
    with open_table(source, options, most_bytes=MAX_HEADER_BYTES) as table:
        return table.names


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
            lines = find_records(chunk)
            has_text = ~(lines.are_blank() | lines.are_comments())
            if has_text.any():
                start = int(lines.starts[has_text.argmax()])
                rest = Piece(piece.data[start:], piece.is_last)
                first = chunk.between(start, len(chunk.data))
                return first, rest, offset + start, first.first_line
        offset += len(piece.data)
        line += count_line_ends(piece.data)
    raise DataError("is empty", source=source, hint="Give a file with a header line and rows.")


def _first_lines(data: bytes, count: int) -> bytes:
    """Return the first lines of some data."""
    line_ends = find_line_ends(data)
    return data[: int(line_ends[count - 1]) + 1] if len(line_ends) >= count else data


def _before(data: bytes, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Return the pieces with the data before the first one."""
    first = next(pieces)
    return chain([Piece(data + first.data, first.is_last)], pieces)


def _line_end(data: bytes) -> bytes:
    """Return the line end that the data begins with; LF at the end of a file."""
    return data if data == b"\r\n" else data[:1] or b"\n"
