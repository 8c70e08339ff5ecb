"""Models that many tests start from: trained once in a process, then written as files."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Linreg, snapshot


class Learned:
    """Files that a function makes; the same arguments give the same bytes."""

    def __init__(self, make: Callable[[Linreg, Path], object]) -> None:
        self._make = make
        self._files: dict[str, bytes] = {}

    def put(self, linreg: Linreg, folder: Path) -> None:
        """Put the files into an empty folder."""
        if self._files:
            for name, content in self._files.items():
                (folder / name).write_bytes(content)
        else:
            self._make(linreg, folder)
            self._files = snapshot(folder)
