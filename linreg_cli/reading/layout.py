"""What parsing a chunk needs to know of its file: one value for all chunks and threads."""

from dataclasses import dataclass

from linreg_cli.reading.options import CsvOptions


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns that are wanted of a file, and how it is written.

    Attributes
    ----------
    source
        The name of the source, for messages.
    delimiter
        What separates fields.
    width
        How many columns the file has.
    names, positions
        The wanted columns, and where each stands in a record, from 0.
    options
        How numbers are written, and whether a missing cell is an error.

    """

    source: str
    delimiter: str
    width: int
    names: tuple[str, ...]
    positions: tuple[int, ...]
    options: CsvOptions
