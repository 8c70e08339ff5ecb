"""Reads data: from paths, globs and stdin to blocks of exact decimals, in constant memory."""

from linreg_cli.reading.faults import BadExample
from linreg_cli.reading.general import Cells, Reject, Rows, parse_cells, parse_chunk
from linreg_cli.reading.header import find_column
from linreg_cli.reading.in_order import default_threads
from linreg_cli.reading.layout import Layout
from linreg_cli.reading.numbers import Numbers, as_block
from linreg_cli.reading.options import CsvOptions
from linreg_cli.reading.ranges import Range
from linreg_cli.reading.records import CHUNK_BYTES, Chunk
from linreg_cli.reading.sources import Source, find_sources
from linreg_cli.reading.table import Head, Table, open_table, read_names

__all__ = [
    "CHUNK_BYTES",
    "BadExample",
    "Cells",
    "Chunk",
    "CsvOptions",
    "Head",
    "Layout",
    "Numbers",
    "Range",
    "Reject",
    "Rows",
    "Source",
    "Table",
    "as_block",
    "default_threads",
    "find_column",
    "find_sources",
    "open_table",
    "parse_cells",
    "parse_chunk",
    "read_names",
]
