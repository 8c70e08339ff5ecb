"""A file as it would be read with other options: its delimiter, its names, the cells of a chunk."""

from msgspec.structs import replace

from linreg_cli.reading.csv.cells import Cells, parse_cells
from linreg_cli.reading.csv.checks import checked
from linreg_cli.reading.csv.chunk import Chunk
from linreg_cli.reading.csv.csv_options import WHITESPACE, CsvOptions
from linreg_cli.reading.csv.delimiter import find_delimiter
from linreg_cli.reading.csv.fast_cells import scan_cells
from linreg_cli.reading.csv.head import Head
from linreg_cli.reading.csv.record_pieces import Piece
from linreg_cli.reading.csv.shape import Shape


def keep_delimiter(head: Head, options: CsvOptions) -> CsvOptions:
    """Return options with which a file has the delimiter that was found.

    The delimiter is part of them only if it would not be found again: the decimal character
    decides what can be one.
    """
    found = delimiter_option(head)
    is_found = find_delimiter(head.preview, options) == found
    return options if is_found else replace(options, delimiter=found)


def delimiter_option(head: Head) -> str:
    """Return the delimiter as `CsvOptions` has it."""
    return WHITESPACE if head.syntax.merges_blanks else head.syntax.delimiters


def names_with(head: Head, options: CsvOptions) -> tuple[str, ...]:
    """Return the names of the columns as they would be read with other options."""
    if options.skip_initial_space == head.options.skip_initial_space:
        return head.names
    chunk = Chunk(head.preview, options.syntax(delimiter_option(head)), 1)
    return Shape.of(chunk, has_header=options.has_header).names


def reread(cells: Cells, options: CsvOptions) -> Cells:
    """Read the cells of a chunk with other options; its delimiter stays.

    Raises
    ------
    DataError
        If its records cannot be read with them.

    """
    skips = options.skip_initial_space and not cells.layout.syntax.merges_blanks
    syntax = replace(cells.layout.syntax, skips_initial_space=skips)
    layout = replace(cells.layout, options=options, syntax=syntax)
    data, line = cells.chunk.data, cells.chunk.first_line
    found = scan_cells(data, layout)
    if found is not None:
        return found[0].on_line(line)
    piece = Piece(data, is_last=True)
    (chunk,) = checked(piece, source=layout.source, syntax=syntax, first_line=line)
    return parse_cells(chunk, layout)
