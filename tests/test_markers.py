"""Tests are marked by what they start, so that make quick can leave them out."""

import subprocess

import pytest

from tests.markers import MARKER_OF_FIXTURE, MARKERS, is_marked


def test_a_test_without_a_marker_that_starts_a_shell_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"^starts sh: mark the test with one of "):
        subprocess.run(["/bin/sh", "-c", "true"], check=False)


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
