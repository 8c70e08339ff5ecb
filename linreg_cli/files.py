"""Files written whole: a reader sees the old content or the new, never a part."""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from linreg_cli.errors import DataError, LinregError, UsageError


@contextlib.contextmanager
def open_whole(path: Path) -> Iterator[BinaryIO]:
    """Write beside the place and rename over it; a device or pipe is written directly.

    Raises
    ------
    OSError
        If the folder is missing, not writable or full. The old file is then untouched, as it
        is if the block raises.

    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("wb") as file:
            yield file
        return
    target = Path(os.path.realpath(path))  # a link stays a link to the new content
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    descriptor, name = tempfile.mkstemp(prefix=".linreg-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


@contextlib.contextmanager
def open_output(
    path: str,
    what: str,
    *,
    hint: str = "--output names another place.",
    failure: type[LinregError] = DataError,
) -> Iterator[BinaryIO]:
    """Open what a user asked for, as `open_whole` does.

    Parameters
    ----------
    path
        Where it goes.
    what
        What it is called in an error.
    hint, failure
        The remedy, and what is raised.

    Raises
    ------
    LinregError
        Of the class `failure`, if the file cannot be written.

    """
    try:
        with open_whole(Path(path)) as file:
            yield file
    except OSError as error:
        raise failure(f"{path}: cannot write the {what}: {error.strerror}", hint=hint) from error


def refuse_overwriting(inputs: Iterable[str], *outputs: str | None) -> None:
    """Refuse an output that is one of the inputs, or two outputs that are one file.

    Raises
    ------
    UsageError
        Naming the file.

    """
    seen = {os.path.realpath(name) for name in inputs}
    for output in outputs:
        if output is None or output == "-":
            continue
        if os.path.realpath(output) in seen and not os.path.realpath(output).startswith("/dev/"):
            raise UsageError(
                f"{output} is named twice: it would be overwritten",
                hint="Name another place for the output.",
            )
        seen.add(os.path.realpath(output))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
