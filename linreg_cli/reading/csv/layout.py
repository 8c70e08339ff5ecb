"""The settings with which the chunks of a file are parsed: the same for all threads."""

from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.syntax import Syntax

if TYPE_CHECKING:
    from collections.abc import Callable

    from linreg_cli.reading.csv.rows import Rows
    from linreg_cli.reading.csv.text_uses import TextUse


class Layout(Struct, frozen=True, kw_only=True):
    """The columns that are wanted of a file, and how it is written.

    Attributes
    ----------
    source
        The name of the source, for messages.
    syntax
        What separates fields and records.
    width
        How many fields a record has.
    has_empty_last
        Whether each record ends in a delimiter with nothing after it.
    names, positions
        The wanted columns, and where each stands in a record, from 0.
    options
        How numbers are written, and whether a missing cell is an error.
    optional
        How many of the wanted columns, the last ones, may lack a cell in a complete row.
    title_hint
        The remedy for longer records if the header looks like a title; else empty.
    texts
        How many of the wanted columns, the first ones, are categories; the others are numbers.
    keys
        How many of the categories, the first ones, are the key of a group.
    keeps_missing
        Whether a cell of a key may be missing even if other missing cells are errors.
    functions
        The function of texts of each wanted column, such as days; none if it is empty.
    uses
        How the user wrote each wanted column, for hints; no hint if it is empty.
    refuse
        A function that raises an error at the first row whose numbers cannot be used. It is called
        with the rows before a record that cannot be read, so that the first error of a file is
        reported; None if any number can be used.

    """

    source: str
    syntax: Syntax
    width: int
    has_empty_last: bool = False
    names: tuple[str, ...]
    positions: tuple[int, ...]
    options: CsvOptions
    optional: int = 0
    title_hint: str = ""
    texts: int = 0
    keys: int = 0
    keeps_missing: bool = False
    functions: tuple[str, ...] = ()
    uses: "tuple[TextUse | None, ...]" = ()
    refuse: "Callable[[Rows], None] | None" = None

    @property
    def allowed_missing(self) -> int:
        """How many of the wanted columns, the first ones, never make a missing cell an error."""
        return self.keys if self.keeps_missing else 0

    @property
    def required(self) -> int:
        """How many of the wanted columns, the first ones, a complete row has a value in."""
        return len(self.names) - self.optional

    @property
    def asks_grouping(self) -> bool:
        """Whether the decimal character may be the thousands separator: only after semicolons."""
        return self.syntax.delimiters == ";" and not self.options.thousands

    @property
    def columns(self) -> int:
        """How many columns the file has."""
        return self.width - self.has_empty_last
