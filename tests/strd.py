"""NIST's certified problems (StRD), in the folder that is shared beside the project."""

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

STRD = Path(os.environ.get("LINREG_STRD", Path(__file__).parents[2] / "shared" / "strd"))
NAMES = [
    "Norris",
    "Pontius",
    "NoInt1",
    "NoInt2",
    "Filip",
    "Longley",
    "Wampler1",
    "Wampler2",
    "Wampler3",
    "Wampler4",
    "Wampler5",
]
DIGITS = 15
"""What is asked of every figure: one more than the 14 that were promised."""

needs_strd = pytest.mark.skipif(not STRD.is_dir(), reason=f"NIST's files are not in {STRD}")
every_problem = pytest.mark.parametrize("name", NAMES)


def load_lre() -> Any:
    """Import lre.py of the shared folder: it measures digits and writes the problems as CSV."""
    spec = importlib.util.spec_from_file_location("lre", STRD / "lre.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
