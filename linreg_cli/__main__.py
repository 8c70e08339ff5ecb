"""Run linreg, as the script ``linreg`` or as ``python -m linreg_cli``.

Nothing heavy is imported here at first, so that Ctrl-C ends the program quietly from its start on.
"""

import os
import signal

INTERRUPTED = 130


def _leave(*_: object) -> None:
    """End at once: nothing has been opened yet that would have to be closed."""
    os._exit(INTERRUPTED)


# Python's own handler would print where it was; one that ignores Ctrl-C, as of nohup, stays.
_TAKES_INTERRUPTS = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _TAKES_INTERRUPTS:
    signal.signal(signal.SIGINT, _leave)


def main() -> None:
    """Run linreg with the arguments of the shell."""
    from linreg_cli.app import main as run

    if _TAKES_INTERRUPTS:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run()
    except KeyboardInterrupt:  # outside of what Typer watches over
        _leave()
    finally:
        if _TAKES_INTERRUPTS:  # while Python takes itself down, there is nothing left to stop
            signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
