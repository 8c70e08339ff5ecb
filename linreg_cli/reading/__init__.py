"""Reads data: from paths, globs and stdin to blocks of exact decimals, in constant memory."""

from linreg_cli.reading.general import Reject, Rows, parse_chunk
from linreg_cli.reading.in_order import default_threads
from linreg_cli.reading.layout import Layout
from linreg_cli.reading.options import CsvOptions
from linreg_cli.reading.ranges import Range
from linreg_cli.reading.records import CHUNK_BYTES, Chunk
from linreg_cli.reading.sources import Source, find_sources
from linreg_cli.reading.table import Head, Table, open_table

__all__ = [
    "CHUNK_BYTES",
    "Chunk",
    "CsvOptions",
    "Head",
    "Layout",
    "Range",
    "Reject",
    "Rows",
    "Source",
    "Table",
    "default_threads",
    "find_sources",
    "open_table",
    "parse_chunk",
]
