"""Find names of columns that were typed in place of files, as in ``--x size beds``."""

import contextlib
import shlex
from collections.abc import Sequence
from pathlib import Path

from linreg_cli.commands.row_options import FileOptions
from linreg_cli.errors import LinregError, UsageError


def refuse_columns_as_files(file: FileOptions, data: Sequence[str], x: Sequence[str]) -> None:
    """Refuse a column of the first file that is named among the files.

    Raises
    ------
    UsageError
        With the options to type: a column of its own, or one name with blanks, in quotes.

    """
    absent = [name for name in data if name != "-" and not Path(name).exists()]
    files = [name for name in data if Path(name).is_file()]
    if not (absent and files and x):
        return
    from linreg_cli.reading.csv import read_names
    from linreg_cli.reading.sources import find_sources

    names: Sequence[str] = ()
    with contextlib.suppress(LinregError):  # what is wrong with the file is said later
        names = read_names(find_sources(files[:1])[0], file.csv())
    if set(absent) <= set(names):
        options = " ".join(f"--x {shlex.quote(name)}" for name in (*x, *absent))
        raise UsageError(
            f"'{absent[0]}' is a column of {files[0]}, not a file", hint=f"Repeat --x: {options}"
        )
    for name in names:
        for first in x:
            if name == " ".join((first, *absent)):
                raise UsageError(
                    f"no such file: '{absent[0]}', which is a part of the column '{name}'",
                    hint=f"Quote the name: --x {shlex.quote(name)}",
                )
