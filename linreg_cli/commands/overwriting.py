"""Which files are the same, by whatever name: no command overwrites what it reads."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from linreg_cli.errors import UsageError

STANDARD_STREAM = "-"
"""The name of standard input among inputs, and of standard output among outputs."""


def is_same_file(first: str, second: str) -> bool:
    """Return whether two paths lead to the same existing file."""
    try:
        return os.path.samefile(first, second)  # noqa: PTH121  # Path has no shorter way
    except OSError:
        return False


def refuse_overwriting(inputs: Iterable[str], *outputs: str | None) -> None:
    """Refuse an output that is one of the inputs, or two outputs that are one file.

    Files are compared by device and inode, so that links, other spellings and redirections are
    seen. Devices and pipes hold no data that could be lost, and may be named again.

    Parameters
    ----------
    inputs
        Paths; ``-`` is standard input.
    outputs
        Paths; ``-`` is standard output, None is no output.

    Raises
    ------
    UsageError
        Naming the file.

    """
    seen: dict[tuple[object, ...], str] = {}
    for name in inputs:
        identity = _identity(name, sys.stdin)
        if identity is not None:
            seen[identity] = "standard input" if name == STANDARD_STREAM else name
    read = frozenset(seen)
    for name in filter(None, outputs):
        identity = _identity(name, sys.stdout)
        output = "standard output" if name == STANDARD_STREAM else name
        if identity is None or seen.get(identity) == output == "standard output":
            continue
        if identity in seen:
            raise _named_twice(seen[identity], output, is_input=identity in read)
        seen[identity] = output


def _named_twice(first: str, output: str, *, is_input: bool) -> UsageError:
    if output == "standard output" and is_input:
        return UsageError(
            f"{first}: the input file is the output file",
            hint="Redirect standard output to another file.",
        )
    streams = [name for name in (first, output) if name in {"standard input", "standard output"}]
    path = output if output not in streams else first
    problem = f"is {streams[0]} too" if streams else "is named twice"
    return UsageError(
        f"{path} {problem}: it would be overwritten", hint="Name another file for the output."
    )


def _identity(name: str, stream: object) -> tuple[object, ...] | None:
    """Return a key that is equal for all names of one file; None if it cannot be overwritten."""
    try:
        status = _status_of(stream) if name == STANDARD_STREAM else Path(name).stat()
    except (FileNotFoundError, NotADirectoryError):
        place = Path(os.path.realpath(name))
        with contextlib.suppress(OSError):
            folder = place.parent.stat()
            return (folder.st_dev, folder.st_ino, place.name)
        return (str(place),)
    except OSError:  # such as a folder without permission, which reading or writing reports
        return (os.path.realpath(name),)
    if status is None or not (stat.S_ISREG(status.st_mode) or stat.S_ISBLK(status.st_mode)):
        return None
    return (status.st_dev, status.st_ino)


def _status_of(stream: object) -> os.stat_result | None:
    """Return the status of a standard stream; None if it is closed or not a file."""
    try:
        return os.fstat(stream.fileno())  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return None
