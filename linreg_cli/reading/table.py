"""An open CSV file: its columns, and its rows chunk by chunk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain

from linreg_cli.errors import DataError
from linreg_cli.reading.general import Rows, parse_chunk
from linreg_cli.reading.header import HEAD_BYTES, find_column, find_delimiter
from linreg_cli.reading.layout import Layout
from linreg_cli.reading.numbers import parse_cell
from linreg_cli.reading.offsets import find_records
from linreg_cli.reading.options import CsvOptions
from linreg_cli.reading.records import CHUNK_BYTES, Chunk, cut_records
from linreg_cli.reading.sources import Source, SourceStream
from linreg_cli.reading.structure import split_fields


@dataclass(frozen=True, kw_only=True)
class Table:
    """A CSV file that is open, read up to its first record.

    Attributes
    ----------
    source
        The name of the source.
    options
        As given; without a header if the table was made so.
    delimiter
        As given or found.
    names
        What the columns are called: their numbers from 1, if there is no header.
    first_record
        The texts of the first record's fields, be it a header or not.
    header
        The header as it stands in the file, without its line end; nothing if there is none.
    line_end
        What ends the first record, and so the file's lines.

    """

    source: str
    options: CsvOptions
    delimiter: str
    names: tuple[str, ...]
    first_record: tuple[str, ...]
    header: bytes
    line_end: bytes
    _stream: SourceStream
    _first: Chunk
    _rest: Iterator[Chunk]

    @property
    def bytes_read(self) -> int:
        """How many bytes of the source were read, as they are on disk."""
        return self._stream.bytes_read

    @property
    def has_numeric_header(self) -> bool:
        """Whether what is taken for a header is nothing but numbers."""
        return self.options.has_header and all(map(self._is_number, self.first_record))

    def without_header(self, names: Sequence[str]) -> "Table":
        """Give the same table with its first record as a row, and its columns called `names`."""
        if len(names) != len(self.first_record):
            raise DataError(
                f"has {len(self.first_record)} columns; needed are {', '.join(names)}",
                source=self.source,
            )
        options = replace(self.options, has_header=False)
        return replace(self, options=options, names=tuple(names), header=b"")

    def layout(self, columns: Sequence[str]) -> Layout:
        """Find the wanted columns.

        Raises
        ------
        DataError
            If a column does not exist, or its name occurs twice.

        """
        return Layout(
            source=self.source,
            delimiter=self.delimiter,
            width=len(self.names),
            names=tuple(columns),
            positions=tuple(find_column(name, self.names, self.source) for name in columns),
            options=self.options,
        )

    def chunks(self) -> Iterator[Chunk]:
        """Give the chunks of records after the header, once."""
        yield from filter(lambda chunk: chunk.data, chain([self._first_rows()], self._rest))

    def rows(self, columns: Sequence[str]) -> Iterator[Rows]:
        """Read the wanted columns, once; chunks of blank lines give nothing.

        Raises
        ------
        DataError
            At the first record that cannot be read.

        """
        layout = self.layout(columns)
        rows = (parse_chunk(chunk, layout) for chunk in self.chunks())
        return (some for some in rows if some.count)

    def _is_number(self, text: str) -> bool:
        try:
            parse_cell(text, self.options)
        except ValueError:
            return False
        return True

    def _first_rows(self) -> Chunk:
        """Give the first chunk without its header."""
        start = len(self.header) + len(self.line_end) if self.options.has_header else 0
        return self._first.between(start, len(self._first.data))


@contextmanager
def open_table(
    source: Source, options: CsvOptions, *, chunk_bytes: int = CHUNK_BYTES
) -> Iterator[Table]:
    """Open a source as a table: find its delimiter and read its first record.

    Raises
    ------
    DataError
        If the source cannot be opened, or holds nothing.

    """
    with source.open(options.encoding) as stream:
        delimiter = find_delimiter(stream.peek(HEAD_BYTES), options)
        chunks = cut_records(
            stream, source=source.name, delimiter=delimiter, chunk_bytes=chunk_bytes
        )
        first = _from_first_record(chunks, source)
        end = int(find_records(first).ends[0])
        record = first.data[:end]
        fields = split_fields(record, first.structure[:end], delimiter)
        numbers = tuple(str(number) for number in range(1, len(fields) + 1))
        yield Table(
            source=source.name,
            options=options,
            delimiter=delimiter,
            names=tuple(field.strip() for field in fields) if options.has_header else numbers,
            first_record=tuple(fields),
            header=record if options.has_header else b"",
            line_end=_line_end(first.data[end : end + 2]),
            _stream=stream,
            _first=first,
            _rest=chunks,
        )


def _from_first_record(chunks: Iterator[Chunk], source: Source) -> Chunk:
    """Read chunks up to the first that is not blank, and drop the blank lines it begins with."""
    for chunk in chunks:
        lines = find_records(chunk)
        has_text = ~lines.are_blank()
        if has_text.any():
            return chunk.between(int(lines.starts[has_text.argmax()]), len(chunk.data))
    hint = "A CSV file has a header line and rows."
    raise DataError("is empty", source=source.name, hint=hint)


def _line_end(data: bytes) -> bytes:
    """Give the line end that the data begins with; at the end of a file, LF."""
    return data if data == b"\r\n" else data[:1] or b"\n"
