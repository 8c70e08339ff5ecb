"""SIGTERM and SIGHUP ask the program to end: it cleans up as for Ctrl-C, and then ends.

Ctrl-C itself (SIGINT) is handled in four places: `linreg_cli.__main__` ends the program with
status 130; `linreg_cli.training.descent_run` keeps the weights learned so far, which
`linreg_cli.commands.training_run` saves before it ends with 130 too; and
`linreg_cli.reading.cluster.interrupts` holds it back while a cluster starts or ends.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from linreg_cli.errors import ENDING


@contextlib.contextmanager
def ending_cleanly() -> Iterator[None]:
    """End the block with exit status 128 + number at SIGTERM and SIGHUP, as Ctrl-C ends it.

    A signal that is ignored, as SIGHUP under nohup, stays so. Only the first one counts, so that
    a second one does not interrupt the cleaning up.
    """
    if threading.current_thread() is not threading.main_thread():  # which alone sets handlers
        yield
        return
    default = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in default:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in default:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number)
