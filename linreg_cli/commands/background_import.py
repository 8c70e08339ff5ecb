"""Import a module in the background while rows are read."""

import contextlib
import signal
import sys
from _thread import interrupt_main
from collections.abc import Iterator
from importlib import import_module
from threading import Thread, Timer, current_thread, main_thread
from types import FrameType

SWITCH_SECONDS = 0.0002
"""The longest time in which the import holds the interpreter while reading threads wait.

Python's default of 5 ms is the time in which ten chunks of a file are read."""
RETRY_SECONDS = 0.005
"""After this time, Ctrl-C in the import system is tried again."""
_IMPORT_SYSTEM = "<frozen importlib._bootstrap>"


@contextlib.contextmanager
def importing(module: str) -> Iterator[None]:
    """Import a module on another thread during the block; a failed import is tried again later.

    Ctrl-C does not wait for the import.
    """
    interval = sys.getswitchinterval()
    thread = Thread(target=_try_import, args=[module], daemon=True)
    with _keeping_imports_whole():
        thread.start()
        try:
            sys.setswitchinterval(SWITCH_SECONDS)
            yield
        except Exception:
            thread.join()
            raise
        else:
            thread.join()
        finally:
            sys.setswitchinterval(interval)


@contextlib.contextmanager
def _keeping_imports_whole() -> Iterator[None]:
    """Hold Ctrl-C back while Python's import system runs on the main thread.

    Interrupted there, it can keep its lock for ever, for which the other thread then waits.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or current_thread() is not main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_filename == _IMPORT_SYSTEM:
            again = Timer(RETRY_SECONDS, _send_to_main_thread, [number])
            again.daemon = True
            again.start()
        else:
            signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _send_to_main_thread(number: int) -> None:
    if hasattr(signal, "pthread_kill"):  # which also ends its waiting
        signal.pthread_kill(main_thread().ident or 0, number)
    else:
        interrupt_main()


def _try_import(module: str) -> None:
    with contextlib.suppress(ImportError):
        import_module(module)
