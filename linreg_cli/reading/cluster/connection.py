"""Connecting to a cluster: a scheduler at an address, or one process per core of this machine."""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from tempfile import TemporaryDirectory

import dask
from distributed import Client, LocalCluster

from linreg_cli.errors import ClusterError
from linreg_cli.reading.cluster import local_worker
from linreg_cli.reading.cluster.interrupts import held_interrupts
from linreg_cli.reading.csv import default_threads

PACKAGE = "linreg-cli"

LOCAL = "local"
"""The address that stands for processes of this machine."""

CONNECT_SECONDS = 10
"""Seconds that a scheduler may take to answer."""

WORKERLESS_SECONDS = 30
"""Seconds that a cluster may be without a worker."""

_LOGGERS = ("distributed", "distributed.client", "tornado")
"""Loggers that would write to standard error; the errors that matter are raised as well."""


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Connect to a scheduler, or start a cluster of this machine that ends with the block.

    Raises
    ------
    ClusterError
        If no scheduler answers.

    """
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    for name in levels:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with _cluster(address) as client:
            yield client
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _cluster(address: str) -> Iterator[Client]:
    if address == LOCAL:
        with _processes() as client:
            yield client
        return
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {address} within {CONNECT_SECONDS} seconds",
            hint="Start one with dask scheduler, which prints its address; "
            "--cluster local needs none.",
        ) from error
    with client:
        yield client


@contextmanager
def _processes() -> Iterator[Client]:
    """Start a cluster of this machine, which ends with the block."""
    stack = ExitStack()
    try:
        with held_interrupts():
            # Dask makes workers give every free page back: reading would be three times slower.
            trim = "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_"
            # A worker that has to be killed leaves files behind, which go with this folder.
            folder = TemporaryDirectory(prefix="linreg-", ignore_cleanup_errors=True)
            settings = {trim: None, "temporary-directory": stack.enter_context(folder)}
            stack.enter_context(dask.config.set(settings))
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=default_threads(),
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",  # it cannot be without, but any port will do
                    scheduler_kwargs={"dashboard": False},
                    preload=[local_worker.__name__],
                    silence_logs=logging.CRITICAL,
                )
            )
            client = stack.enter_context(Client(cluster))
        yield client
    finally:
        with held_interrupts():
            stack.close()


def require_same_version(client: Client) -> None:
    """Wait for a worker; raise an error if a worker or the scheduler has another linreg, or none.

    Raises
    ------
    ClusterError
        If linreg is missing somewhere or has another version, or if no worker comes.

    """
    watch = Watch(client)
    while not watch.look():
        time.sleep(1 / 16)
    # The function is one of Python's own, so that it can be called where linreg is not installed.
    workers: dict[str, object] = client.run(version, PACKAGE, on_error="return")
    found = {f"the worker {address}": theirs for address, theirs in workers.items()}
    try:
        found["the scheduler"] = client.run_on_scheduler(version, PACKAGE)
    except PackageNotFoundError as error:
        found["the scheduler"] = error
    ours = version(PACKAGE)
    for where, theirs in found.items():
        if theirs != ours:
            what = f"linreg {theirs}" if isinstance(theirs, str) else "no linreg"
            raise ClusterError(
                f"{where} has {what}; needed is {ours}",
                hint=f"pip install '{PACKAGE}[cluster]=={ours}' there.",
            )


class Watch:
    """Checks whether a cluster can still do its work."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._last_worker = time.monotonic()

    def look(self) -> bool:
        """Return whether there is a worker.

        Raises
        ------
        ClusterError
            If the scheduler does not answer, or there was no worker for too long.

        """
        try:
            workers = self._client.nthreads()
        except OSError as error:
            raise scheduler_gone() from error
        if workers:
            self._last_worker = time.monotonic()
        elif time.monotonic() - self._last_worker > WORKERLESS_SECONDS:
            raise ClusterError(
                f"the cluster has had no worker for {WORKERLESS_SECONDS} seconds",
                hint="Start one: dask worker ADDRESS",
            )
        return bool(workers)


def scheduler_gone() -> ClusterError:
    """Return the error for a scheduler that stopped during the run."""
    return ClusterError(
        "the scheduler went away", hint="Start it again, and run the same command again."
    )
