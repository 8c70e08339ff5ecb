"""Columns of texts that stand for numbers, such as dates: each distinct text is read once."""

from collections.abc import Sequence

import numpy as np

from linreg_cli.design import TEXT_FUNCTIONS
from linreg_cli.exact import ExactDecimal
from linreg_cli.reading.csv.cell_numbers import is_missing
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.csv.grouping import Grouping
from linreg_cli.reading.csv.numbers import BadCell, Numbers

_MISSING = ExactDecimal(0, 0)


def read_texts(cells: Sequence[str], function: str, options: CsvOptions) -> Numbers:
    """Read a column of cells as a function of texts says."""
    read = TEXT_FUNCTIONS[function]
    found: dict[str, ExactDecimal] = {}
    missing, reasons = set(), {}
    for text in dict.fromkeys(cells):
        found[text] = _MISSING
        if is_missing(text, options):
            missing.add(text)
            continue
        try:
            found[text] = read(text)
        except ValueError as error:
            reasons[text] = str(error)
    numbers = [found[text] for text in cells]
    return Numbers(
        integers=np.array([number.integer for number in numbers], np.int64),
        decimals=np.array([number.decimals for number in numbers], np.int64),
        missing=np.array([text in missing for text in cells], np.bool_),
        bad=tuple(
            BadCell(row, text, reasons[text]) for row, text in enumerate(cells) if text in reasons
        ),
        written_grouping=Grouping.WHOLE,
    )
