"""A lock that excludes other processes and ends with its own."""

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from linreg_cli.model.file_lock import locked
from tests.conftest import TIMEOUT

COUNTING = """
import sys
from pathlib import Path
from linreg_cli.model.file_lock import locked
place = Path(sys.argv[1])
for _ in range(20):
    with locked(place):
        new = Path(f"{place}.{sys.argv[2]}")
        new.write_text(str(int(place.read_text()) + 1))
        new.replace(place)
"""
HOLDING = """
import sys
from pathlib import Path
from linreg_cli.model.file_lock import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "model.json"
    path.write_text("0")
    return path


def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


@pytest.mark.shell
def test_processes_that_replace_a_file_take_turns(place: Path) -> None:
    processes = [start(COUNTING, str(place), str(number)) for number in range(6)]
    for process in processes:
        process.communicate(timeout=TIMEOUT)
    assert place.read_text() == "120"
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.shell
def test_a_killed_process_leaves_no_lock(place: Path) -> None:
    process = start(HOLDING, str(place))
    assert process.stdout
    assert process.stdout.readline() == b"locked\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=TIMEOUT)
    assert len(list(place.parent.iterdir())) == 2  # its file is there still
    told: list[str] = []
    with locked(place, tell=told.append):
        pass
    assert (told, list(place.parent.iterdir())) == ([], [place])


@pytest.mark.shell
def test_who_waits_long_is_told_why(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linreg_cli.model.file_lock._SILENT_SECONDS", -1.0)
    process = start(HOLDING, str(place))
    assert process.stdout
    assert process.stdout.readline() == b"locked\n"
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        process.communicate(timeout=TIMEOUT)

    with locked(place, tell=tell):
        assert process.returncode == 0
    assert told == [f"{place}: another linreg writes it; this one waits"]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_locks_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "lockf", fail)
    told: list[str] = []
    with locked(place, tell=told.append):
        pass
    said = f"{place}: its file system has no locks ({os.strerror(number)})"
    assert told == [f"{said}: let only one linreg at a time write it"]
    assert list(place.parent.iterdir()) == [place]


def test_who_may_write_the_file_may_lock_it(place: Path) -> None:
    place.chmod(0o664)
    with locked(place):
        (lock,) = set(place.parent.iterdir()) - {place}
        assert stat.S_IMODE(lock.stat().st_mode) == 0o664


def test_links_to_a_file_share_its_lock(place: Path) -> None:
    folder = place.parent / "links"
    folder.mkdir()
    (folder / "link.json").symlink_to(place)
    with locked(folder / "link.json"):
        assert len(list(place.parent.iterdir())) == 3


def test_a_name_as_long_as_names_can_be_is_locked(tmp_path: Path) -> None:
    with locked(tmp_path / ("n" * 255)):
        assert len(list(tmp_path.iterdir())) == 1


def test_a_device_is_not_locked() -> None:
    before = set(Path("/dev").iterdir())
    with locked(Path("/dev/null")):
        assert set(Path("/dev").iterdir()) == before


def test_a_redirection_is_not_locked(place: Path) -> None:
    with place.open("ab") as file, locked(Path(f"/dev/fd/{file.fileno()}")):
        assert list(place.parent.iterdir()) == [place]


def test_a_lock_in_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), locked(tmp_path / "missing" / "model.json"):
        pytest.fail("the block is not reached")
