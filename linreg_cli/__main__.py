"""Run linreg, as the script ``linreg`` or as ``python -m linreg_cli``.

Nothing heavy is imported here at first, so that Ctrl-C ends the program quietly from its start on.
"""

import gc
import os
import signal
import sys

INTERRUPTED = 130
NEW_OBJECTS = 200_000
"""New objects after which Python looks for cycles: more than a start makes, which leaves none."""


def _leave(*_: object) -> None:
    """End at once: nothing has been opened yet that would have to be closed."""
    os._exit(INTERRUPTED)


# Python's own handler would print where it was; one that ignores Ctrl-C, as of nohup, stays.
_TAKES_INTERRUPTS = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _TAKES_INTERRUPTS:
    signal.signal(signal.SIGINT, _leave)


def main() -> None:
    """Run linreg with the arguments of the shell, and end the process."""
    gc.set_threshold(NEW_OBJECTS)
    from linreg_cli.app import main as run

    if _TAKES_INTERRUPTS:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run()
    except KeyboardInterrupt:  # outside of what Typer watches over
        _leave()
    except SystemExit as end:
        status = end.code
    else:
        status = 0
    finally:
        if _TAKES_INTERRUPTS:  # from here on there is nothing left to stop
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end(status)


def _end(status: object) -> None:
    """End the process without the time that Python takes to delete every module and object.

    The commands close what they open, and `run` reports what cannot be written. Only after
    another error may something be left in a stream.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # closed
                stream.flush()
        except OSError:  # the other stream may be all right
            pass
    os._exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
