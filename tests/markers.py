"""Markers of tests by what they start: a browser, a cluster, a shell or linreg as a program."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

MARKER_OF_FIXTURE = {
    "chromium": "browser",
    "cluster": "cluster",
    "own_cluster": "cluster",
    "script": "shell",
    "typist": "shell",
}
"""The marker of a test that uses a fixture; `installed` and `shell` use `script`."""

SHARED_FIXTURES = ("chromium", "cluster", "typist")
"""Fixtures of many tests; the tests of one run in one worker of pytest-xdist, which starts it."""

MARKERS = ("browser", "cluster", "shell", "slow")

MARKED_PROGRAMS = {
    "bash", "chromedriver", "chromium", "dask", "fish", "linreg", "sh", "zsh",
}  # fmt: skip
"""Programs that a test without one of the markers may not start."""


def mark_by_fixtures(item: pytest.Item) -> None:
    """Mark a test by the fixtures that it uses, and keep together what shares a fixture."""
    for fixture in getattr(item, "fixturenames", ()):
        if fixture in MARKER_OF_FIXTURE:
            item.add_marker(MARKER_OF_FIXTURE[fixture])
        if fixture in SHARED_FIXTURES:
            item.add_marker(pytest.mark.xdist_group(fixture))


def slow_but_every(step: int, cases: Iterable[Any]) -> list[ParameterSet]:
    """Mark cases as slow, but for the first of every `step`, which make quick runs."""
    marks = [pytest.mark.slow]
    return [pytest.param(case, marks=marks if i % step else ()) for i, case in enumerate(cases)]


def is_marked(item: pytest.Item) -> bool:
    """Return whether a test has a marker by which make quick leaves it out."""
    return any(item.get_closest_marker(marker) for marker in MARKERS)


class ProgramGuard:
    """Fails a test without a marker that starts a shell, a terminal or linreg as a program."""

    def __init__(self) -> None:
        self._is_guarding = False
        sys.addaudithook(self._look)

    def begin(self, item: pytest.Item) -> None:
        """Guard a test if it has no marker."""
        self._is_guarding = not is_marked(item)

    def end(self) -> None:
        """Let every program start again."""
        self._is_guarding = False

    def _look(self, event: str, args: tuple[Any, ...]) -> None:
        if self._is_guarding and (name := _marked_program(event, args)):
            pytest.fail(f"starts {name}: mark the test with one of {', '.join(MARKERS)}")


def _marked_program(event: str, args: tuple[Any, ...]) -> str:
    """Return what an audit event starts, if it is nothing that every test may start."""
    if event == "os.forkpty":
        return "a terminal"
    if event != "subprocess.Popen":
        return ""
    name = Path(str(args[0])).name
    if name in MARKED_PROGRAMS:
        return name
    return "linreg" if any("linreg_cli" in str(word) for word in args[1]) else ""
