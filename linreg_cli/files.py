"""Write files whole: a reader sees the old content or the new, never a part of it."""

import contextlib
import errno
import os
import re
import shlex
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from linreg_cli.errors import DataError, LinregError

OTHER_PLACE = "Write it to another place: --output FILE"

Tell = Callable[[str], None]
"""A function that gets a sentence for the user although the file was written."""

_DESCRIPTOR = r"/dev/(?:std(?:out|err)|fd/\d+)|/proc/self/fd/\d+"


def tell_nobody(_text: str) -> None:
    """Ignore what a person should know."""


@contextlib.contextmanager
def open_whole(path: Path, *, tell: Tell = tell_nobody) -> Iterator[BinaryIO]:
    """Write beside the place and rename over it; a device or pipe is written directly.

    An old file keeps its mode and, as far as this user may set them, its owner and group;
    `tell` gets a sentence if they could not be kept.

    Raises
    ------
    OSError
        If the folder is missing, not writable or full. The old file is then untouched, as it
        is if the block raises.

    """
    descriptor = _open_descriptor(path)
    if descriptor is not None:  # renaming over its file would drop what is there already
        with os.fdopen(descriptor, "wb") as file:
            yield file
        return
    try:
        old = path.stat()
    except FileNotFoundError:
        old = None
    if old is not None and not stat.S_ISREG(old.st_mode):
        with path.open("wb") as file:
            yield file
        return
    target = Path(os.path.realpath(path))  # a link stays a link to the new content
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    # named before it is made, so that a signal at any moment leaves nothing behind
    temporary = target.parent / f".linreg-{os.urandom(8).hex()}"
    try:
        with open(temporary, "xb", opener=_open_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(stat.S_IMODE(old.st_mode) if old is not None else 0o666 & ~_umask())
        if old is not None:
            _keep_owner(temporary, old, path, tell)
        temporary.replace(target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


@contextlib.contextmanager
def open_output(
    path: str,
    what: str,
    *,
    hint: str = OTHER_PLACE,
    failure: type[LinregError] = DataError,
    tell: Tell = tell_nobody,
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
    tell
        Gets a sentence if the owner or the group of an old file could not be kept.

    Raises
    ------
    LinregError
        Of the class `failure`, if the file cannot be written.

    """
    try:
        with open_whole(Path(path), tell=tell) as file:
            yield file
    except OSError as error:
        problem = f"{path}: cannot write the {what}: {error.strerror}"
        raise failure(problem, hint=remedy(error, path, hint)) from error


def remedy(error: OSError, path: str, otherwise: str = OTHER_PLACE) -> str:
    """Return what to do about a file that cannot be written."""
    folder = Path(path).parent
    if isinstance(error, FileNotFoundError) and not folder.exists():
        return f"Make the folder: mkdir -p {shlex.quote(str(folder))}"
    if isinstance(error, IsADirectoryError):
        return f"Name a file in the folder: {shlex.quote(str(Path(path) / 'NAME'))}"
    return otherwise


def names_descriptor(path: Path) -> bool:
    """Return whether a path such as /dev/stdout names a file that this process has open."""
    name = os.path.abspath(path)  # noqa: PTH100  # Path.absolute leaves dots in
    return name.startswith(("/dev/", "/proc/")) and re.fullmatch(_DESCRIPTOR, name) is not None


def _open_descriptor(path: Path) -> int | None:
    """Return a copy of the descriptor that a path such as /dev/stdout names; None for others."""
    if not names_descriptor(path):
        return None
    name = os.path.abspath(path)  # noqa: PTH100  # Path.absolute leaves dots in
    numbers = {"stdout": 1, "stderr": 2}
    last = name.rpartition("/")[2]
    return os.dup(numbers[last] if last in numbers else int(last))


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _keep_owner(temporary: Path, old: os.stat_result, path: Path, tell: Tell) -> None:
    """Set the owner and group of the old file on the new one; report if they changed."""
    new = temporary.stat()
    if (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid):
        return
    for uid, gid in ((old.st_uid, old.st_gid), (-1, old.st_gid)):  # all may set a group of theirs
        try:
            os.chown(temporary, uid, gid)
        except OSError:
            continue
        break
    new = temporary.stat()
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        tell(
            f"{path}: its owner {old.st_uid} and group {old.st_gid} could not be kept; they are "
            f"now {new.st_uid} and {new.st_gid}. As root, chown {old.st_uid}:{old.st_gid} "
            f"{shlex.quote(str(path))} restores them."
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
