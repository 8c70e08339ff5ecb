"""What is imported while something else goes on."""

import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from linreg_cli.commands import background_import
from linreg_cli.commands.background_import import importing
from tests.conftest import TIMEOUT


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a module that notes the thread which imports it."""
    source = "import threading\nthread = threading.current_thread()\n"
    (tmp_path / "linreg_test_late.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "linreg_test_late", raising=False)
    return "linreg_test_late"


def test_a_module_is_imported_on_another_thread(module: str) -> None:
    with importing(module):
        pass
    assert sys.modules.pop(module).thread is not threading.current_thread()


def test_it_is_there_after_an_error_too(module: str) -> None:
    with pytest.raises(KeyError), importing(module):
        raise KeyError
    assert sys.modules.pop(module)


def test_threads_switch_as_before_when_it_is_done(module: str) -> None:
    before = sys.getswitchinterval()
    with importing(module):
        assert sys.getswitchinterval() < before
    assert sys.getswitchinterval() == before


def test_an_import_that_fails_is_left_to_the_one_who_needs_it() -> None:
    with importing("linreg_test_no_such_module"):
        pass
    with pytest.raises(ModuleNotFoundError):
        __import__("linreg_test_no_such_module")


IN_THE_IMPORT_SYSTEM = compile(
    "def run(raise_signal, number):\n    raise_signal(number)\n    return 'not cut'\n",
    "<frozen importlib._bootstrap>",
    "exec",
)
"""Code that passes for that of Python's import system."""


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_does_not_cut_the_import_system_but_comes_soon_after(module: str) -> None:
    names: dict[str, Any] = {}
    exec(IN_THE_IMPORT_SYSTEM, names)  # noqa: S102 - the text above
    results = []

    def interrupted() -> None:
        with importing(module):
            results.append(names["run"](signal.raise_signal, signal.SIGINT))
            time.sleep(TIMEOUT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert results == ["not cut"]


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_does_not_wait_for_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_import, "import_module", lambda _: time.sleep(TIMEOUT))
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), importing("any"):
        raise KeyboardInterrupt
    assert time.monotonic() - begun < TIMEOUT / 2
