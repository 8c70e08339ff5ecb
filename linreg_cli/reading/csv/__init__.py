"""From the text of a CSV file to blocks of exact decimals.

Text of a source goes in; blocks of numbers with their lines, and faults with their place, come out.
"""

from typing import TYPE_CHECKING

from linreg_cli import lazy_exports

if TYPE_CHECKING:
    from linreg_cli.reading.csv.cell_numbers import is_missing as is_missing
    from linreg_cli.reading.csv.cells import Cells as Cells
    from linreg_cli.reading.csv.csv_options import CsvOptions as CsvOptions
    from linreg_cli.reading.csv.delimiter import HEAD_BYTES as HEAD_BYTES
    from linreg_cli.reading.csv.doubts import (
        Groupings as Groupings,
        find_doubts as find_doubts,
        merge_groupings as merge_groupings,
    )
    from linreg_cli.reading.csv.faults import BadExample as BadExample
    from linreg_cli.reading.csv.grouping import Grouping as Grouping
    from linreg_cli.reading.csv.head import Head as Head
    from linreg_cli.reading.csv.header import find_column as find_column
    from linreg_cli.reading.csv.in_order import default_threads as default_threads
    from linreg_cli.reading.csv.layout import Layout as Layout
    from linreg_cli.reading.csv.missing import MissingMarkers as MissingMarkers
    from linreg_cli.reading.csv.numbers import Numbers as Numbers, as_block as as_block
    from linreg_cli.reading.csv.other_options import (
        delimiter_option as delimiter_option,
        keep_delimiter as keep_delimiter,
        names_with as names_with,
        reread as reread,
    )
    from linreg_cli.reading.csv.passes import (
        RANGE_BYTES as RANGE_BYTES,
        CountedPart as CountedPart,
        each_in_passes as each_in_passes,
    )
    from linreg_cli.reading.csv.ranges import (
        QuotesFoundError as QuotesFoundError,
        Range as Range,
        find_cuts as find_cuts,
        guess_ranges as guess_ranges,
        open_range as open_range,
    )
    from linreg_cli.reading.csv.remedies import (
        Remedy as Remedy,
        count_readable as count_readable,
        shorten as shorten,
    )
    from linreg_cli.reading.csv.rows import Reject as Reject, Rows as Rows
    from linreg_cli.reading.csv.scanner_form import scanner_arguments as scanner_arguments
    from linreg_cli.reading.csv.table import Table as Table
    from linreg_cli.reading.csv.table_start import (
        open_table as open_table,
        read_names as read_names,
        start_table as start_table,
    )
    from linreg_cli.reading.csv.text_uses import TextUse as TextUse
    from linreg_cli.reading.csv.typed_words import option_words as option_words
    from linreg_cli.reading.csv.writing import quoted as quoted, record as record
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "cell_numbers": ("is_missing",),
            "cells": ("Cells",),
            "csv_options": ("CsvOptions",),
            "delimiter": ("HEAD_BYTES",),
            "doubts": ("Groupings", "find_doubts", "merge_groupings"),
            "faults": ("BadExample",),
            "grouping": ("Grouping",),
            "head": ("Head",),
            "header": ("find_column",),
            "in_order": ("default_threads",),
            "layout": ("Layout",),
            "missing": ("MissingMarkers",),
            "numbers": ("Numbers", "as_block"),
            "passes": ("CountedPart", "RANGE_BYTES", "each_in_passes"),
            "ranges": ("QuotesFoundError", "Range", "find_cuts", "guess_ranges", "open_range"),
            "rows": ("Reject", "Rows"),
            "scanner_form": ("scanner_arguments",),
            "table": ("Table",),
            "table_start": ("open_table", "read_names", "start_table"),
            "other_options": ("delimiter_option", "keep_delimiter", "names_with", "reread"),
            "remedies": ("Remedy", "count_readable", "shorten"),
            "text_uses": ("TextUse",),
            "typed_words": ("option_words",),
            "writing": ("quoted", "record"),
        },
    )
