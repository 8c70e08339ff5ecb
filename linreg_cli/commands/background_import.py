"""Imports beside other work: what comes after the reading is loaded during it."""

import contextlib
import sys
from collections.abc import Iterator
from importlib import import_module
from threading import Thread

SWITCH_SECONDS = 0.0002
"""How long the import may keep the interpreter from the threads that read; Python's own 5 ms is
ten chunks of a file."""


@contextlib.contextmanager
def importing(module: str) -> Iterator[None]:
    """Import a module on another thread during the block; an import that fails does so after it."""
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
