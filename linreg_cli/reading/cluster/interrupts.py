"""Holding signals back while a cluster starts or ends: a half-started cluster cannot be ended."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

from linreg_cli.errors import ENDING


@contextmanager
def held_interrupts() -> Iterator[None]:
    """Hold Ctrl-C, SIGTERM and SIGHUP back until the end of the block.

    A terminal sends Ctrl-C and its hangup to all processes. Those that are started in the block
    inherit that these two are blocked, and never get them; SIGTERM ends them as before.

    Raises
    ------
    KeyboardInterrupt, SystemExit
        What the handler of the signal raises, at the end of the block, if a signal came in it.

    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    of_terminal = {signal.SIGINT, *ENDING} - {signal.SIGTERM}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, of_terminal)
    resource_tracker.ensure_running()  # it inherits this too; where it starts, it unblocks some
    signal.pthread_sigmask(signal.SIG_BLOCK, of_terminal)
    held = (signal.SIGINT, *ENDING)
    before = {number: signal.signal(number, lambda it, _: came.append(it)) for number in held}
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)  # one that waits comes now
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:  # an error in the block then comes from workers that got the signal too
            _handle(came[0], before[came[0]])


def _handle(number: int, handler: object) -> None:
    """Handle a signal that was held back."""
    if callable(handler):
        handler(number, None)
    elif handler is signal.SIG_DFL:
        os.kill(os.getpid(), number)
