"""Ctrl-C and signals end a run on a cluster, and leave no file."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linreg_cli.commands.signals import ending_cleanly
from linreg_cli.reading.cluster.interrupts import held_interrupts
from tests.clusters import Cluster
from tests.conftest import TIMEOUT
from tests.reading.cluster.cluster_runs import TWO
from tests.reading.cluster.object_store import Store, serving

pytestmark = pytest.mark.cluster


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    (folder / "store").mkdir()
    with serving(Store(folder / "store")) as store:
        yield store


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("is_local", [False, True])
def test_ctrl_c_ends_the_run(
    script: str, cluster: Cluster, store: Store, *, is_local: bool
) -> None:
    command = [script, "train", store.url("stuck.csv"), *TWO]
    process = subprocess.Popen(
        [*command, "--cluster", "local" if is_local else cluster.address],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert store.is_stuck.wait(TIMEOUT)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, said = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out, said) == (130, b"", b"")
    assert not Path("model.json").exists()


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("is_group", [False, True])
def test_a_signal_ends_a_local_cluster_and_leaves_no_file(
    script: str, store: Store, tmp_path: Path, number: signal.Signals, *, is_group: bool
) -> None:
    command = [script, "train", store.url("stuck.csv"), *TWO, "--cluster", "local"]
    (tmp_path / "temporary").mkdir()
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
    )
    assert store.is_stuck.wait(TIMEOUT)
    if is_group:
        os.killpg(process.pid, number)  # as a terminal that is closed, or timeout, does
    else:
        process.send_signal(number)
    out, said = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out, said) == (128 + number, b"", b"")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not [path for path in Path().iterdir() if path.name.startswith(".")]


def test_a_signal_that_was_held_back_comes_at_the_end_of_the_block() -> None:
    done = []
    with pytest.raises(SystemExit) as caught, ending_cleanly(), held_interrupts():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("held")
        raise RuntimeError
    assert (caught.value.code, done) == (143, ["held"])
