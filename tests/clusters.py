"""Clusters for tests: a scheduler and workers, each a process of its own on this machine."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import TIMEOUT

DASK = str(Path(sys.executable).with_name("dask"))


@dataclass
class Cluster:
    """A scheduler, and the workers that were started with it."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the scheduler is."""
        return str(json.loads(self._file.read_text())["address"])

    @property
    def is_ready(self) -> bool:
        """Whether the scheduler has said where it is, to the end of its last line."""
        return self._file.exists() and self._file.read_text().endswith("}")

    def add_worker(self, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        worker = subprocess.Popen(
            [DASK, "worker", "--scheduler-file", str(self._file), "--no-nanny", "--nthreads", "1",
             "--no-dashboard", "--local-directory", str(self.folder)],
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"


@contextmanager
def started(
    folder: Path, workers: int, environment: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """Start a cluster, and end all that is left of it."""
    assert shutil.which(DASK), "install what the tests need: pip install -e '.[test]'"
    scheduler = subprocess.Popen(
        [DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(folder / "scheduler.json")],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    cluster = Cluster(folder, scheduler)
    try:
        deadline = time.monotonic() + TIMEOUT
        while not cluster.is_ready and time.monotonic() < deadline:
            time.sleep(0.02)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in [*cluster.workers, scheduler]:
            process.kill()
            process.wait()
