"""An open CSV file: its rows chunk by chunk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import DataError
from linreg_cli.reading.csv.checks import checked
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.head import Head
from linreg_cli.reading.csv.in_order import map_in_order
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.record_pieces import LONG_BYTES, CountedPieces, Piece, cut_pieces
from linreg_cli.reading.csv.width import has_more_fields
from linreg_cli.reading.sources import FullStream, RawStream, SourceStream, count_line_ends

if TYPE_CHECKING:
    from linreg_cli.design import TextInput
    from linreg_cli.reading.csv.cells import Cells
    from linreg_cli.reading.csv.rows import Rows
    from linreg_cli.reading.csv.text_uses import TextUse

T = TypeVar("T")


class Part(Protocol):
    """What a part of a table was read as."""

    @property
    def count(self) -> int:
        """How many records it has."""

    def on_line(self, line: int) -> Self:
        """Return the same part with another number for its first line."""


P = TypeVar("P", bound=Part)
Q = TypeVar("Q", bound=Part)


class Place(Struct, frozen=True):
    """Where a record begins: the offset in its file, and the line."""

    offset: int
    line: int


class Table(Head, frozen=True, kw_only=True):
    """A CSV file that is open, and rows of it that are still to be read."""

    _stream: SourceStream
    _pieces: Iterator[Piece]

    @classmethod
    def under(cls, head: Head, stream: SourceStream, pieces: Iterator[Piece], line: int) -> Self:
        """Return the table whose head is known and whose rows begin on a line."""
        known = {name: getattr(head, name) for name in Head.__struct_fields__}
        return cls(**known | {"first_line": line}, _stream=stream, _pieces=pieces)

    @property
    def head(self) -> Head:
        """What the start of the file says, without the open file."""
        return Head(**{name: getattr(self, name) for name in Head.__struct_fields__})

    @property
    def bytes_read(self) -> int:
        """How many bytes of the source were read, as they are on disk."""
        return self._stream.bytes_read

    @property
    def sha256(self) -> str:
        """The SHA-256 of the decompressed bytes that were read, if it is computed."""
        return self._stream.hashed.sha256 if self._stream.hashed else ""

    @property
    def place(self) -> Place | None:
        """Where the first row begins; None if the rows are not in a file as they are read."""
        start, raw = self._stream.text_start, self._stream.raw
        if start is None or raw.size is None:
            return None
        return Place(raw.start + start + self.first_row, self.first_line)

    @property
    def file(self) -> RawStream:
        """The bytes on disk."""
        return self._stream.raw

    def at(self, place: Place, most_pieces: int | None = None) -> "tuple[Table, CountedPieces]":
        """Return the table of the rows from a place on, and its pieces; of all, if not limited.

        This table is not read any more.
        """
        raw = self.file.moved_to(place.offset)
        text = FullStream(raw.read)
        pieces = CountedPieces(islice(cut_pieces(text, syntax=self.syntax), most_pieces))
        stream = SourceStream(text, raw, 0)
        return Table.under(self.head, stream, pieces, place.line), pieces

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
        work: "Callable[[Rows], T]",
        *,
        threads: int,
        keeps_records: bool = True,
        hint: str = "",
        optional: int = 0,
        texts: int = 0,
        keys: int = 0,
        keeps_missing: bool = False,
        functions: "Mapping[str, TextInput]" = MappingProxyType({}),
        uses: "Mapping[str, TextUse]" = MappingProxyType({}),
        refuse: "Callable[[Rows], None] | None" = None,
    ) -> "Iterator[tuple[Rows, T]]":
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
        texts
            How many of the columns, the first ones, are categories; the others are numbers.
        keys
            How many of the categories, the first ones, are the key of a group: a row is complete
            without a cell in them.
        keeps_missing
            Whether a cell of a key may be missing even if other missing cells are errors.
        functions
            The columns that are functions of texts, by name.
        uses
            How the user wrote columns of numbers, by name, for hints on texts in them.
        refuse
            Raises an error at the first row whose numbers cannot be used: see `Layout`. The caller
            calls it too, with each part.

        Raises
        ------
        DataError
            At the first record that cannot be read.

        """
        layout = self.layout(
            columns,
            hint,
            optional=optional,
            texts=texts,
            keys=keys,
            keeps_missing=keeps_missing,
            functions=functions,
            uses=uses,
            refuse=refuse,
        )
        return self._each(
            lambda data: _scan(data, layout, keeps_records=keeps_records),
            lambda chunk: _parse(chunk, layout),
            lambda record: _set_wide_aside(record, layout),
            work,
            threads,
        )

    def each_taken(
        self,
        layout: Layout,
        take: Callable[[bytes], tuple[Q, int] | None],
        work: "Callable[[Rows | Q], T]",
        *,
        threads: int,
    ) -> "Iterator[tuple[Rows | Q, T]]":
        """Yield each part with the result of the work on it; errors are those of `each`.

        Parameters
        ----------
        layout
            The wanted columns.
        take
            Returns what is made of whole records in the place of `Rows`, and the count of lines;
            None where it cannot. Any thread may call it.
        work, threads
            As for `each`.

        """

        def scan_piece(data: bytes) -> "tuple[Rows | Q, int] | None":
            taken = take(data) if layout.syntax.is_plain_in(data) else None
            return taken or _scan(data, layout, keeps_records=True)

        return self._each(
            scan_piece,
            lambda chunk: _parse(chunk, layout),
            lambda record: _set_wide_aside(record, layout),
            work,
            threads,
        )

    def each_cells(
        self, work: "Callable[[Cells], T]", *, threads: int
    ) -> "Iterator[tuple[Cells, T]]":
        """Yield all columns, each by itself, once; parameters and errors are those of `each`.

        A cell that is not a number is not an error here.
        """
        from linreg_cli.reading.csv.cells import parse_cells, set_wide_cells_aside
        from linreg_cli.reading.csv.fast_cells import scan_cells

        layout = self.all_columns
        return self._each(
            lambda data: scan_cells(data, layout),
            lambda chunk: parse_cells(chunk, layout),
            lambda record: set_wide_cells_aside(record, layout),
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
        first = next(self._pieces, None)
        if first is None:
            return
        if first.is_last:
            threads = 1  # a pool of threads takes longer to start than a piece to read
        for piece, found in map_in_order(scan_and_work, chain([first], self._pieces), threads):
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


def _scan(data: bytes, layout: Layout, *, keeps_records: bool) -> "tuple[Rows, int] | None":
    from linreg_cli.reading.csv.fast_reader import scan  # here and below: it makes arrays

    return scan(data, layout, keeps_records=keeps_records)


def _parse(chunk: Chunk, layout: Layout) -> "Rows":
    from linreg_cli.reading.csv.general_reader import parse_chunk

    return parse_chunk(chunk, layout)


def _set_wide_aside(record: Chunk, layout: Layout) -> "Rows":
    from linreg_cli.reading.csv.general_reader import set_wide_aside

    return set_wide_aside(record, layout)


def _before(data: bytes, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Return the pieces with the data before the first one."""
    first = next(pieces)
    return chain([Piece(data + first.data, first.is_last)], pieces)
