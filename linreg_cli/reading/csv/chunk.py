"""Whole records of a file, with their structure and their lines."""

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.reading.csv.structure import mask_quoted
from linreg_cli.reading.csv.syntax import Syntax
from linreg_cli.reading.sources import count_line_ends, find_line_ends

if TYPE_CHECKING:  # few chunks are asked for their lines
    from linreg_cli.exact import Int64s


class Chunk(Struct, frozen=True, dict=True):
    """Whole records of a file.

    Attributes
    ----------
    data
        The records as they stand in the file, in UTF-8. Only the last one of a file may lack
        its line end.
    syntax
        What separates fields and records.
    first_line
        The number in the file of the first line, from 1.

    """

    data: bytes
    syntax: Syntax
    first_line: int

    @cached_property
    def line_ends(self) -> "Int64s":
        """The offset of the last byte of each line end, those in quotes too."""
        return find_line_ends(self.data)

    @cached_property
    def structure(self) -> bytes:
        """The data with every byte of a quoted field replaced by the filler.

        The delimiters and line ends in it are real.
        """
        return mask_quoted(self.data, self.syntax)

    @cached_property
    def plain(self) -> "Chunk":
        """The same lines with a plain syntax: what the fields are read from."""
        if self.syntax.is_plain:
            return self
        from linreg_cli.reading.csv.plain_form import rewrite

        data, structure = rewrite(self.data, self.structure, self.syntax)
        plain = Chunk(data, self.syntax.plain, self.first_line)
        plain.__dict__["structure"] = structure  # `rewrite` has already computed it
        return plain

    def line_at(self, offset: int) -> int:
        """Return the number of the line that holds the byte at `offset`."""
        return self.first_line + count_line_ends(self.data[:offset])

    def between(self, start: int, stop: int) -> "Chunk":
        """Return the records between two offsets; a record starts at the first."""
        return Chunk(self.data[start:stop], self.syntax, self.line_at(start))
