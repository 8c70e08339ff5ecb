"""Ctrl-C at the wrong moment: while modules are imported, and while a local cluster starts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import TIMEOUT

TRAIN = ["train", "houses.csv", "--x", "square_feet", "--y", "price"]
pytestmark = pytest.mark.usefixtures("houses", "interruptible")

INTERRUPTED_AT = """
import os, signal, sys
_, awaited, *args = sys.argv
sys.argv = ["linreg", *args]
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == awaited:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from linreg_cli.__main__ import main
main()
"""
"""The entry point, which is sent Ctrl-C when it begins to import a module."""


@pytest.mark.shell
@pytest.mark.parametrize(
    "module",
    [
        "typer",
        "linreg_cli.app",
        "linreg_cli.output.terminal.printing",
        "linreg_cli.reading",
        "flint",
    ],
)
def test_ctrl_c_while_a_module_is_imported_is_quiet(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, module, *TRAIN],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
    assert not Path("model.json").exists()


@pytest.mark.shell
def test_where_ctrl_c_is_ignored_the_work_goes_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, "linreg_cli.reading", *TRAIN, "-q"],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # as nohup and & do
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert (done.returncode, done.stderr) == (0, b"")


INTERRUPTED_IN = """
import os, signal, sys
from importlib import import_module
_, module, name, count, *args = sys.argv
sys.argv = ["linreg", *args]
owner = import_module(module)
function, calls = getattr(owner, name), []
def interrupted(*given):
    calls.append(given)
    if len(calls) == int(count):
        os.kill(os.getpid(), signal.SIGINT)
    return function(*given)
setattr(owner, name, interrupted)
from linreg_cli.__main__ import main
main()
"""
"""The entry point, which is sent Ctrl-C when a function is called for the given time."""


@pytest.mark.shell
@pytest.mark.parametrize(
    ("module", "name", "count"),
    [
        ("linreg_cli.training.group_fits", "train_group", 2),
        # within the descent of the second group: each shows fewer than ten epochs
        ("linreg_cli.training.descent_run", "is_doubling", 12),
        ("linreg_cli.model.model_file", "to_json", 1),
    ],
)
@pytest.mark.parametrize("old", [None, b"{}"])
def test_ctrl_c_while_groups_are_trained_writes_nothing(
    module: str, name: str, count: int, old: bytes | None
) -> None:
    rows = "".join(f"{key},{x},{x * x + len(key)}\n" for key in ("a", "bb", "c") for x in range(9))
    Path("d.csv").write_text(f"k,x,y\n{rows}")
    if old is not None:
        Path("model.json").write_bytes(old)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IN, module, name, str(count), "train", "d.csv",
         "--x", "x", "--y", "y", "--by", "k", "-q"],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
    assert sorted(path.name for path in Path().glob("*model*")) == ["model.json"] * (
        old is not None
    )
    assert old is None or Path("model.json").read_bytes() == old


@contextmanager
def starting_cluster(script: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [script, *TRAIN, "--cluster", "local"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with process:
            process.kill()


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_ctrl_c_while_a_local_cluster_starts_is_quiet(script: str, seconds: float) -> None:
    with starting_cluster(script) as process:
        while not _has_workers(process.pid):
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, said = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out, said) == (130, b"", b"")
    assert not Path("model.json").exists()


def _has_workers(pid: int) -> bool:
    """Return whether there is a process beside the one that tracks resources."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return sum(len(path.read_text().split()) for path in tasks) > 1
