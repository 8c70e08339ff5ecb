"""Import a module in the background while rows are read."""

import contextlib
import sys
from collections.abc import Iterator
from importlib import import_module
from threading import Thread

SWITCH_SECONDS = 0.0002
"""The longest time in which the import holds the interpreter while reading threads wait.

Python's default of 5 ms is the time in which ten chunks of a file are read."""


@contextlib.contextmanager
def importing(module: str) -> Iterator[None]:
    """Import a module on another thread during the block; a failed import is tried again later."""
    interval = sys.getswitchinterval()
    thread = Thread(target=_try_import, args=[module])
    thread.start()
    try:
        sys.setswitchinterval(SWITCH_SECONDS)
        yield
    finally:
        thread.join()
        sys.setswitchinterval(interval)


def _try_import(module: str) -> None:
    with contextlib.suppress(ImportError):
        import_module(module)
