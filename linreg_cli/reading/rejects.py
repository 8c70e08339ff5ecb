"""Rows that cannot be used, set aside in a CSV file: where each was, why, and its text."""

import contextlib
from collections.abc import Callable, Iterator

from linreg_cli.errors import NoRowsError
from linreg_cli.files import Tell, open_output, tell_nobody
from linreg_cli.reading.csv import Rows, record

HEADER = ("source", "line", "column", "reason", "text")

SetAside = Callable[[Rows], None]
"""Takes what was read, and keeps its rejects."""


@contextlib.contextmanager
def rejects_file(path: str | None, *, tell: Tell = tell_nobody) -> Iterator[SetAside]:
    """Write rejects to a file, or keep none where there is no path.

    The file is there, whole, when the block has ended, and not before.

    Raises
    ------
    DataError
        If the file cannot be written.

    """
    if path is None:
        yield lambda _: None
        return
    unusable = None
    hint = "Write it to another place: --rejects FILE"
    with open_output(path, "rejects", hint=hint, tell=tell) as file:
        file.write(record(HEADER))

        def set_aside(rows: Rows) -> None:
            for error, text in rows.rejects:
                where = (error.source, error.line, error.column)
                file.write(record([*where, error.problem, text.decode()]))

        try:
            yield set_aside
        except NoRowsError as error:
            unusable = error  # the rejects tell why
    if unusable is not None:
        raise unusable
