"""The instructions of the processor that the extension uses."""

import pytest

from linreg_cli import native

NAMES = ["plain", "avx2", "avx512"]

pytestmark = pytest.mark.skipif(not native.IS_AVAILABLE, reason="no compiler built the extension")


@pytest.mark.parametrize("name", NAMES)
def test_the_environment_chooses_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINREG_INSTRUCTIONS", raising=False)
    best = native.extension.instructions()
    if NAMES.index(name) > NAMES.index(best):
        pytest.skip(f"this processor lacks {name}: no test of the fast reader runs that code")
    monkeypatch.setenv("LINREG_INSTRUCTIONS", name)
    assert native.extension.instructions() == name
