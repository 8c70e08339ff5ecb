"""Workers that are killed, schedulers that go away, and machines without linreg."""

import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from linreg_cli.errors import ClusterError
from linreg_cli.reading.cluster import connection
from linreg_cli.reading.cluster.connection import connected
from linreg_cli.reading.csv.csv_options import CsvOptions
from linreg_cli.reading.row_sums import PassResult, sum_rows
from linreg_cli.reading.selection import Selection
from linreg_cli.reading.sources.source import Source
from tests import clusters
from tests.clusters import Cluster
from tests.conftest import TIMEOUT, Linreg
from tests.reading.cluster.cluster_runs import HEADER, rows, sum_there

pytestmark = pytest.mark.cluster


def sum_here(source: Source) -> PassResult:
    selection = Selection(columns=("x", "y"))
    return sum_rows([source], selection, CsvOptions(), advance=lambda *_: None)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Return a file that takes some hundred tasks."""
    path = tmp_path / "data.csv"
    path.write_bytes(HEADER + rows(1, 1500))
    return Source("data.csv", path)


def test_a_worker_that_is_killed_costs_no_row(cluster: Cluster, source: Source) -> None:
    victim = cluster.add_worker()
    wait_for_workers(cluster, 4)
    there = sum_there(cluster, source, victim.kill)
    here = sum_here(source)
    assert victim.wait(TIMEOUT) == -signal.SIGKILL
    assert there.data.moments == here.data.moments
    assert there.row_counts == here.row_counts


def wait_for_workers(cluster: Cluster, count: int) -> None:
    with connected(cluster.address) as client:
        client.wait_for_workers(count, timeout=TIMEOUT)


def test_a_cluster_that_loses_all_workers_is_an_error(
    own_cluster: Cluster, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.WORKERLESS_SECONDS == 30  # as docs/cluster.md says
    monkeypatch.setattr(connection, "WORKERLESS_SECONDS", 1)
    with pytest.raises(ClusterError, match=r"^the cluster has had no worker for 1 seconds$"):
        sum_there(own_cluster, source, own_cluster.workers[0].kill)


def test_a_scheduler_that_goes_away_is_an_error(own_cluster: Cluster, source: Source) -> None:
    with pytest.raises(ClusterError, match=r"^the scheduler went away$"):
        sum_there(own_cluster, source, own_cluster.scheduler.kill)


def test_no_scheduler_is_an_error(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.CONNECT_SECONDS == 10  # as docs/cluster.md says
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    columns = ["--x", "square_feet", "--y", "price"]
    done = linreg("train", houses.name, *columns, "--cluster", address)
    assert done.status == 3
    assert done.stderr.startswith(f"Error: no scheduler answers at {address} within 1 seconds\n")


def test_a_task_that_ends_every_worker_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # opening it takes until the worker dies
    environment = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with clusters.started(tmp_path, workers=1, environment=environment) as started:
        wait_for_workers(started, 1)
        killer = threading.Timer(1.0, started.workers[0].kill)
        killer.start()
        with pytest.raises(ClusterError, match=r"^a task ended every worker that tried it$"):
            sum_there(started, Source("pipe", tmp_path / "pipe"), lambda: None)
        killer.join()


def test_a_worker_of_another_version_is_an_error(tmp_path: Path, source: Source) -> None:
    metadata = tmp_path / "linreg_cli-9.9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: linreg-cli\nVersion: 9.9\n")
    with clusters.started(tmp_path, workers=0) as started:
        started.add_worker({"PYTHONPATH": str(tmp_path)})
        with pytest.raises(
            ClusterError, match=r"^the worker tcp://\S+ has linreg 9\.9; needed is "
        ):
            sum_there(started, source, lambda: None)


@pytest.fixture
def without_linreg(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a Python without linreg."""
    (tmp_path / "sitecustomize.py").write_text(
        "from importlib import metadata\n"
        "of = metadata.version\n"
        "metadata.version = lambda name: of(name.replace('linreg', 'none'))\n"
    )
    return {"PYTHONPATH": str(tmp_path)}


def test_a_worker_without_linreg_is_an_error(
    tmp_path: Path, source: Source, without_linreg: dict[str, str]
) -> None:
    with clusters.started(tmp_path, workers=0) as started:
        started.add_worker(without_linreg)
        with pytest.raises(ClusterError, match=r"^the worker tcp://\S+ has no linreg; needed is "):
            sum_there(started, source, lambda: None)


def test_a_scheduler_without_linreg_is_an_error(
    tmp_path: Path, source: Source, without_linreg: dict[str, str]
) -> None:
    with (
        clusters.started(tmp_path, workers=1, environment=without_linreg) as started,
        pytest.raises(ClusterError, match=r"^the scheduler has no linreg; needed is "),
    ):
        sum_there(started, source, lambda: None)
