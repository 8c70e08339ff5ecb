"""Tests are marked by what they start, so that make quick can leave them out."""

import subprocess
import sys

import pexpect
import pytest

from tests.markers import MARKER_OF_FIXTURE, MARKERS, is_marked, slow_but_every


def test_a_test_without_a_marker_that_starts_a_shell_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"^starts sh: mark the test with one of "):
        subprocess.run(["/bin/sh", "-c", "true"], check=False)


def test_a_test_without_a_marker_that_starts_a_terminal_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"^starts a terminal: mark the test with "):
        pexpect.spawn("true")


def test_a_test_without_a_marker_that_starts_linreg_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"^starts linreg: mark the test with one of "):
        subprocess.run([sys.executable, "-m", "linreg_cli", "--version"], check=False)


@pytest.mark.shell
def test_a_test_with_a_marker_may_start_a_shell() -> None:
    assert subprocess.run(["/bin/sh", "-c", "true"], check=False).returncode == 0


def test_a_test_that_uses_such_a_fixture_is_marked(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        if MARKER_OF_FIXTURE.keys() & set(getattr(item, "fixturenames", ())):
            assert is_marked(item), item.nodeid


def test_every_marker_is_declared(pytestconfig: pytest.Config) -> None:
    declared = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert set(MARKERS) <= declared


def test_the_first_of_every_three_cases_is_not_slow() -> None:
    cases = slow_but_every(3, "abcdefg")
    assert [case.values for case in cases] == [(letter,) for letter in "abcdefg"]
    assert [case.values for case in cases if not case.marks] == [("a",), ("d",), ("g",)]
