"""What the start of a CSV file says: all that is needed to read any of its rows."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import TextInput, canonical
from linreg_cli.reading.csv.cell_numbers import parse_cell
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.header import find_column, find_header_below, find_wider_below
from linreg_cli.reading.csv.layout import Layout
from linreg_cli.reading.csv.syntax import Syntax

if TYPE_CHECKING:
    from linreg_cli.reading.csv.rows import Rows
    from linreg_cli.reading.csv.text_uses import TextUse


class Head(Struct, frozen=True, kw_only=True):
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
        The text from the header on, in which the delimiter was found.
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

    def layout(  # noqa: PLR0913  # what reading rows needs
        self,
        columns: Sequence[str],
        hint: str = "",
        *,
        optional: int = 0,
        texts: int = 0,
        keys: int = 0,
        keeps_missing: bool = False,
        functions: Mapping[str, TextInput] = MappingProxyType({}),
        uses: "Mapping[str, TextUse]" = MappingProxyType({}),
        refuse: "Callable[[Rows], None] | None" = None,
    ) -> Layout:
        """Find the wanted columns; `hint` is the remedy for one that is not there.

        The other parameters are those of `Table.each`.

        Raises
        ------
        DataError
            If a column does not exist, or its name occurs twice.

        """
        if not self.options.has_header:
            hint = "With --no-header, give the number of a column: --x 1"
        hint = hint or "Give a name from this list."
        wanted = tuple(map(uses.get, columns)) if uses else ()
        found = [functions.get(name, TextInput("", name)) for name in columns]
        columns = [each.column for each in found]
        below = self._header_below(columns)
        positions = tuple(
            find_column(name, self.names, self.source, hint, header_below=below) for name in columns
        )
        return replace(
            self._layout(tuple(columns), positions),
            optional=optional,
            texts=texts,
            keys=keys,
            keeps_missing=keeps_missing,
            functions=tuple(each.function for each in found),
            uses=wanted,
            refuse=refuse,
        )

    @property
    def all_columns(self) -> Layout:
        """The layout of all columns in their order, found by position and not by name."""
        return self._layout(self.names, tuple(range(len(self.names))))

    def _layout(self, names: tuple[str, ...], positions: tuple[int, ...]) -> Layout:
        return Layout(
            source=self.source,
            syntax=self.syntax,
            width=self.width,
            has_empty_last=self.has_empty_last,
            names=names,
            positions=positions,
            options=self.options,
            title_hint=self.title_hint,
        )

    def _header_below(self, columns: Sequence[str]) -> str:
        """Return the option that finds columns which the header lacks in a line below it."""
        if not self.options.has_header or set(map(canonical, columns)) <= set(self.names):
            return ""
        return find_header_below(self.preview, columns, self.header_line - 1, self.options)

    @property
    def title_hint(self) -> str:
        """Return the option that skips a title in the place of the header, if it looks like one."""
        is_title = sum(map(bool, self.names)) == 1 and not self.has_row_names
        if not is_title or not self.options.has_header:
            return ""
        return find_wider_below(self.preview, self.header_line - 1, self.options)

    def _is_number(self, text: str) -> bool:
        try:
            parse_cell(text, self.options)
        except ValueError:
            return False
        return True
