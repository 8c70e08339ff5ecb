"""A lock on a path, which ends with the process that holds it.

The operating system locks a hidden file beside the path, since each rename puts another file at
the path itself. A process that is killed leaves at most that empty file, which locks nothing.
"""

import contextlib
import errno
import os
import stat
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from linreg_cli.files import Tell, names_descriptor, tell_nobody

_BUSY = {errno.EACCES, errno.EAGAIN}
"""The errors that POSIX allows for a lock that another process holds."""
_FIRST_WAIT, _LONGEST_WAIT = 0.005, 0.1
_SILENT_SECONDS = 2.0


@contextlib.contextmanager
def locked(path: Path, *, tell: Tell = tell_nobody) -> Iterator[None]:
    """Run the block in one process at a time, among all that lock the same path.

    On a file system without locks the block runs at once, and `tell` gets a sentence.

    Raises
    ------
    OSError
        If the folder is missing or not writable.

    """
    target = Path(os.path.realpath(path))
    # a device or a pipe: its real path, for example that of /dev/stdout, may not exist
    if os.name != "posix" or names_descriptor(path) or (path.exists() and not path.is_file()):
        yield
        return
    # two names with one checksum share a lock, which only makes one process wait for the other
    lock = target.with_name(f".linreg-{zlib.crc32(os.fsencode(target.name)):08x}")
    descriptor = _acquire(lock, target, tell)
    try:
        yield
    finally:  # removed before it is released, so that a waiting process sees that it is gone
        with contextlib.suppress(OSError):
            lock.unlink()
        os.close(descriptor)


def _acquire(lock: Path, target: Path, tell: Tell) -> int:
    """Lock the file of the lock, and return its descriptor."""
    while True:
        descriptor = _open(lock, target)
        try:
            _wait(descriptor, target, tell)
            if _is_at(lock, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder has removed it


def _open(lock: Path, target: Path) -> int:
    """Open the file of the lock, or create it for all users who may write the target."""
    flags = os.O_RDWR | os.O_NOFOLLOW
    while True:
        with contextlib.suppress(FileNotFoundError):
            return os.open(lock, flags)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(lock, flags | os.O_CREAT | os.O_EXCL, 0o600)
            with contextlib.suppress(OSError):
                status = target.stat()
                os.fchmod(descriptor, 0o600 | (stat.S_IMODE(status.st_mode) & 0o066))
                os.fchown(descriptor, -1, status.st_gid)
            return descriptor


def _wait(descriptor: int, target: Path, tell: Tell) -> None:
    """Wait for the lock; where the file system has none, report it and continue."""
    import fcntl

    start, pause, is_told = time.monotonic(), _FIRST_WAIT, False
    while True:
        try:
            # a POSIX lock: network file systems have these between machines
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _BUSY:
                tell(
                    f"{target}: its file system has no locks ({error.strerror}): let only one "
                    "linreg at a time write it"
                )
                return
        else:
            return
        if not is_told and time.monotonic() - start > _SILENT_SECONDS:
            tell(f"{target}: another linreg writes it; this one waits")
            is_told = True
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_WAIT)


def _is_at(lock: Path, descriptor: int) -> bool:
    """Return whether an open file is still at its path."""
    try:
        opened, there = os.fstat(descriptor), lock.lstat()
    except OSError:  # gone; ESTALE, where another machine removed it
        return False
    return opened.st_nlink > 0 and os.path.samestat(opened, there)
