"""Fixtures of the tests of output."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.conftest import HOUSES as HOUSES_CSV, TIMEOUT, Linreg
from tests.output.browser import CHROMIUM, DRIVER, HOUSES, OpenPage, Page, Replay
from tests.output.explanations import MANY, ROOMS, TIMES


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    profile = tmp_path_factory.mktemp("profile")
    for argument in (
        "--headless=new",
        "--no-sandbox",  # which root has to do without
        "--disable-dev-shm-usage",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_page_load_timeout(TIMEOUT)
    driver.set_script_timeout(TIMEOUT)
    yield driver
    driver.quit()


@pytest.fixture
def open_page(chromium: webdriver.Chrome) -> Iterator[OpenPage]:
    """Open pages, and check at the end that the console has no message."""

    def open_it(
        path: Path,
        *,
        motion: bool = False,
        scheme: str = "light",
        width: int = 1280,
        height: int = 900,
    ) -> Page:
        features = [
            {"name": "prefers-reduced-motion", "value": "no-preference" if motion else "reduce"},
            {"name": "prefers-color-scheme", "value": scheme},
        ]
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        chromium.get(path.resolve().as_uri())
        return Page(chromium)

    yield open_it
    assert Page(chromium).complaints == []


@pytest.fixture
def replay(linreg: Linreg, folder: Path) -> Replay:
    def write(*training: str, data: Sequence[str] | None = None) -> Path:
        trained = linreg("train", *training, "-q")
        assert trained.status == 0, trained.stderr  # it may warn that it did not converge
        rows = [training[0]] if data is None else data
        written = linreg("replay", "model.json", *rows, "-q")
        assert (written.status, written.stderr) == (0, "")
        return folder / "replay.html"

    return write


@pytest.fixture
def houses_page(replay: Replay, open_page: OpenPage) -> Page:
    return open_page(replay(*HOUSES))


@pytest.fixture
def explained_data(folder: Path) -> None:
    (folder / "houses.csv").write_bytes(HOUSES_CSV)
    (folder / "rooms.csv").write_bytes(ROOMS)
    (folder / "times.csv").write_text(TIMES)
    (folder / "many.csv").write_text(MANY)
