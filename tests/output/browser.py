"""The page of linreg replay in a real browser: Debian's chromium without a window."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.conftest import TIMEOUT, Linreg

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs a browser: apt-get install chromium chromium-driver",
)
DATA = Path(__file__).parents[2] / "data"
HOUSES = (str(DATA / "houses.csv"), "--x", "square_feet", "--y", "price")
SACRAMENTO = (str(DATA / "sacramento.csv"), "--x", "sqft", "--y", "price")
PLANE = (*SACRAMENTO, "--x", "beds", "--x", "baths")
LIMIT = 1.0
"""The limit of the learning rate for one scaled feature: the Hessian is twice the identity."""


@dataclass(frozen=True)
class Page:
    """A replay, open in the browser."""

    driver: webdriver.Chrome

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str) -> str:
        text: str = self.run("return document.querySelector(arguments[0]).textContent", selector)
        return text

    def attribute(self, selector: str, name: str) -> str:
        script = "return document.querySelector(arguments[0]).getAttribute(arguments[1]) ?? ''"
        value: str = self.run(script, selector, name)
        return value

    def type(self, field: str, value: object) -> None:
        """Put a value into a field as a reader does who types or drags it there."""
        self.run(
            "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
            "field.dispatchEvent(new Event('input', { bubbles: true }))",
            field,
            str(value),
        )

    def find(self, identity: str) -> WebElement:
        """Find an element and scroll it to the middle, clear of the bar at the bottom."""
        found = self.driver.find_element("id", identity)
        self.run("arguments[0].scrollIntoView({ block: 'center' })", found)
        return found

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def wait(self, is_so: Callable[[], bool]) -> None:
        WebDriverWait(self.driver, TIMEOUT).until(lambda _: is_so())

    def figure(self, name: str) -> float:
        """Return one of the figures of the epoch, with all its digits."""
        return float(self.attribute(f"#figures dd[data-name='{name}'] data", "value"))

    @property
    def epoch(self) -> int:
        return int(self.figure("Epoch"))

    @property
    def weights(self) -> list[float]:
        """The weights of the epoch, the intercept first if there is one, with all their digits."""
        values = "return [...document.querySelectorAll(arguments[0])].map((data) => data.value)"
        table = [float(text) for text in self.run(values, "#weights td:nth-child(2) data")]
        if table:
            return table
        names = self.run("return [...document.querySelectorAll('dd')].map((d) => d.dataset.name)")
        return [self.figure(name) for name in ("b", "m") if name in names]

    @property
    def complaints(self) -> list[str]:
        """Messages of the console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]


class OpenPage(Protocol):
    """Opens a file; without `motion`, for a reader whose system asks for reduced motion."""

    def __call__(
        self,
        path: Path,
        *,
        motion: bool = False,
        scheme: str = "light",
        width: int = 1280,
        height: int = 900,
    ) -> Page: ...


class Replay(Protocol):
    """Trains with arguments and writes the replay of the model; gives the page's file."""

    def __call__(self, *training: str, data: Sequence[str] | None = None) -> Path: ...


def learned(linreg: Linreg, *training: str) -> list[float]:
    """Return the weights that linreg learns, the intercept first if there is one."""
    trained = linreg("train", *training, "-q", "-o", "-")
    assert trained.status == 0, trained.stderr
    return weights_of(json.loads(trained.stdout))


def weights_of(model: dict[str, Any]) -> list[float]:
    slopes = list(model["m"].values()) if isinstance(model["m"], dict) else [model["m"]]
    return [model["b"], *slopes] if model["training"]["settings"]["intercept"] else slopes


def visible_text(page: Page, identity: str) -> str:
    """Return the text of an element, or nothing if a reader does not see it."""
    text: str = page.run(
        "const seen = document.getElementById(arguments[0]);"
        "return seen.checkVisibility() ? seen.innerText : ''",
        identity,
    )
    return text
