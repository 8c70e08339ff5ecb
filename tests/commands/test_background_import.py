"""What is imported while something else goes on."""

import sys
import threading
from pathlib import Path

import pytest

from linreg_cli.commands.background_import import importing


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
