"""Clusters that the tests of this folder share."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from linreg_cli.reading import cluster as package
from linreg_cli.reading.cluster.run import sum_rows_on_cluster
from tests import clusters
from tests.clusters import Cluster
from tests.reading.cluster.cluster_runs import RANGE_BYTES


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a cluster of three workers, for all tests that leave it whole."""
    with clusters.started(tmp_path_factory.mktemp("cluster"), workers=3) as started:
        yield started


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Start a cluster of one worker for a test that breaks it."""
    with clusters.started(tmp_path, workers=1) as started:
        yield started


@pytest.fixture
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tasks read 1000 bytes, so that small files have many ranges."""
    small = partial(sum_rows_on_cluster, range_bytes=RANGE_BYTES)
    monkeypatch.setattr(package, "sum_rows_on_cluster", small)
