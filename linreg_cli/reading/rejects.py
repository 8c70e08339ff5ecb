"""Writing rejected rows to a CSV file: the place of each, what is wrong with it, and its text."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from linreg_cli.errors import NoRowsError
from linreg_cli.files import Tell, open_output, tell_nobody

if TYPE_CHECKING:
    from linreg_cli.reading.csv import Cells, Rows

HEADER = ("source", "line", "column", "reason", "text")

SetAside = Callable[["Rows | Cells"], None]
"""A function that takes the rows of a chunk and writes those that were rejected."""


@contextlib.contextmanager
def rejects_file(path: str | None, *, tell: Tell = tell_nobody) -> Iterator[SetAside]:
    """Write rejected rows to a file; without a path, drop them.

    The file appears, complete, when the block has ended.

    Raises
    ------
    DataError
        If the file cannot be written.

    """
    if path is None:
        yield lambda _: None
        return
    from linreg_cli.reading.csv import record

    unusable = None
    hint = "Write it to another place: --rejects FILE"
    with open_output(path, "rejects", hint=hint, tell=tell) as file:
        file.write(record(HEADER))

        def set_aside(rows: "Rows | Cells") -> None:
            for error, text in rows.rejects:
                where = (error.source, error.line, error.column)
                file.write(record([*where, error.problem, text.decode()]))

        try:
            yield set_aside
        except NoRowsError as error:
            unusable = error  # the file says why no row can be used
    if unusable is not None:
        raise unusable
