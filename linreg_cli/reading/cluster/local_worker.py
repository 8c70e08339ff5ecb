"""Code that Dask loads into each process of a local cluster."""

import signal


def dask_setup(_worker: object) -> None:
    """Ignore Ctrl-C, which a terminal sends to all processes: only the command handles it.

    Dask calls this by its name, in the main thread.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
