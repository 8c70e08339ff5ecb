"""Files as people have them, read on a cluster with the options that hints lead to."""

import shlex
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.commands.hint_walks import FILES, write
from tests.conftest import Linreg

OF_ROWS = {"total", "bank", "footers"}
"""Files that need --rejects, which a cluster does not have."""


@pytest.mark.slow
def test_a_cluster_reads_the_same_model(linreg: Linreg, cluster: Cluster) -> None:
    for name, (_, options) in FILES.items():
        if name in OF_ROWS:
            continue
        words = ["train", write(name), "--x", "x", "--y", "y", *shlex.split(options)]
        here = linreg(*words, "-o", "here.json")
        there = linreg(*words, "-o", "there.json", "--cluster", cluster.address)
        assert (here.status, there.status) == (0, 0), (name, here.stderr, there.stderr)
        assert Path("there.json").read_bytes() == Path("here.json").read_bytes(), name
        notes = [line for line in here.stderr.splitlines() if line.startswith("Note")]
        assert notes == [line for line in there.stderr.splitlines() if line.startswith("Note")]


@pytest.mark.slow
def test_a_cluster_gives_the_same_hints(linreg: Linreg, cluster: Cluster) -> None:
    for name, (_, options) in FILES.items():
        words = ["train", write(name), "--x", "x", "--y", "y"]
        if options and name not in OF_ROWS:
            here, there = linreg(*words), linreg(*words, "--cluster", cluster.address)
            assert (here.status, here.stderr) == (there.status, there.stderr), name
