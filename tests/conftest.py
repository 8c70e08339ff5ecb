"""What the tests of the command line share: linreg in process, the installed script, files."""

import io
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from unittest import mock

import pytest

from linreg_cli.app import main
from tests import profiles  # noqa: F401 - loads the profile of Hypothesis
from tests.markers import ProgramGuard, mark_by_fixtures
from tests.strd import load_lre

HOUSES = b"square_feet,price\n500,150000\n1000,300000\n1500,450000\n2000,600000\n2500,750000\n"
"""Rows of price = 300 * square_feet: the same as data/houses.csv."""

TIMEOUT = 60
"""Seconds after which something hangs, however slow the machine."""


@dataclass(frozen=True)
class Result:
    """What a run leaves: its exit status and the text on its streams, line ends as they are."""

    status: int
    stdout: str
    stderr: str


class Linreg(Protocol):
    """Runs linreg with arguments; without `stdin`, standard input is empty."""

    def __call__(self, *args: str, stdin: bytes | str = b"") -> Result: ...


Shell: TypeAlias = Callable[[str], Result]

GUARD = ProgramGuard()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the fixtures that it uses."""
    for item in items:
        mark_by_fixtures(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that starts what its markers do not say."""
    GUARD.begin(item)
    try:
        yield
    finally:
        GUARD.end()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no setting of the caller's terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "LINES", "LANG", "LC_ALL", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def linreg(folder: Path) -> Linreg:
    """Run linreg in process, in an empty folder; a crash surfaces as itself."""
    assert folder.samefile(".")
    return _run_in_process


@pytest.fixture(scope="session")
def script() -> str:
    """Return the path of the installed console script."""
    path = Path(sys.executable).with_name("linreg")
    assert path.exists(), "install the package first: pip install -e ."
    return str(path)


@pytest.fixture
def installed(script: str, folder: Path) -> Linreg:
    """Run the installed console script, in an empty folder."""

    def run(*args: str, stdin: bytes | str = b"") -> Result:
        return _run_program([script, *args], folder, dict(os.environ), _as_bytes(stdin))

    return run


@pytest.fixture
def shell(script: str, folder: Path) -> Shell:
    """Run a line of bash in an empty folder, in which linreg is the installed script."""
    bash = shutil.which("bash")
    assert bash, "these tests need bash"
    path = f"{Path(script).parent}{os.pathsep}{os.environ['PATH']}"

    def run(line: str) -> Result:
        return _run_program([bash, "-c", line], folder, {**os.environ, "PATH": path}, None)

    return run


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Start processes that signals reach, even where the tests run under nohup or with &."""
    handlers: dict[int, Any] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def houses(folder: Path) -> Path:
    """Put houses.csv into the folder."""
    path = folder / "houses.csv"
    path.write_bytes(HOUSES)
    return path


def _run_program(
    command: list[str], folder: Path, environment: dict[str, str], stdin: bytes | None
) -> Result:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL if stdin is None else None,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def _run_in_process(*args: str, stdin: bytes | str = b"") -> Result:
    with _stream("strict") as source, _stream("strict") as out, _stream("backslashreplace") as err:
        source.buffer.write(_as_bytes(stdin))
        source.seek(0)
        with mock.patch.multiple(sys, stdin=source, stdout=out, stderr=err):
            status = _status_of_main(args)
        return Result(status, _content(out), _content(err))


def _stream(errors: str) -> io.TextIOWrapper:
    """Make a stream like Python's own: it has a buffer and a file descriptor."""
    return io.TextIOWrapper(tempfile.TemporaryFile(), "utf-8", errors, write_through=True)


def _status_of_main(args: tuple[str, ...]) -> int:
    try:
        main(args)
    except SystemExit as end:
        if isinstance(end.code, str):  # what Python prints and calls status 1
            raise
        return end.code or 0
    return 0


def _content(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return os.pread(stream.fileno(), os.fstat(stream.fileno()).st_size, 0).decode()


def _as_bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder, by its path there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def table_lines(stderr: str) -> list[list[str]]:
    """Return the lines of the epoch table in plain output, the header first, as words."""
    lines = [line.split() for line in stderr.splitlines()]
    start = next((i for i, words in enumerate(lines) if words[:2] == ["epoch", "loss"]), len(lines))
    rows = itertools.takewhile(lambda words: words and words[0].isdigit(), lines[start + 1 :])
    return [*lines[start : start + 1], *rows]


@pytest.fixture(scope="session")
def lre() -> Any:
    """Return lre.py of the shared folder, which measures digits."""
    return load_lre()
