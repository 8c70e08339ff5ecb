"""The page of linreg replay in a real browser: Debian's chromium without a window."""

import base64
import json
import math
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from linreg_cli.model.model_file import save_model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.problem import set_up
from tests.conftest import TIMEOUT, Linreg, Shell
from tests.models import plain_moments

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs a browser: apt-get install chromium chromium-driver",
)
DATA = Path(__file__).parents[2] / "data"
HOUSES = (str(DATA / "houses.csv"), "--x", "square_feet", "--y", "price")
SACRAMENTO = (str(DATA / "sacramento.csv"), "--x", "sqft", "--y", "price")
PLANE = (*SACRAMENTO, "--x", "beds", "--x", "baths")
LIMIT = 1.0
"""Of the learning rate on one standardised feature: the Hessian is twice the identity."""


@pytest.fixture(scope="module")
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
        """Give one of the figures of the epoch, with all its digits."""
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
        """What the console was told since this was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]


class OpenPage(Protocol):
    """Opens a file; without `motion`, for a reader whose system asks for none."""

    def __call__(
        self,
        path: Path,
        *,
        motion: bool = False,
        scheme: str = "light",
        width: int = 1280,
        height: int = 900,
    ) -> Page: ...


@pytest.fixture
def open_page(chromium: webdriver.Chrome) -> Iterator[OpenPage]:
    """Open pages, and see at the end that the console was told nothing."""

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


class Replay(Protocol):
    """Trains with arguments and writes the replay of the model; gives the page's file."""

    def __call__(self, *training: str, data: Sequence[str] | None = None) -> Path: ...


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


def learned(linreg: Linreg, *training: str) -> list[float]:
    """Give the weights that linreg learns, the intercept first if there is one."""
    trained = linreg("train", *training, "-q", "-o", "-")
    assert trained.status == 0, trained.stderr
    return weights_of(json.loads(trained.stdout))


def weights_of(model: dict[str, Any]) -> list[float]:
    slopes = list(model["m"].values()) if isinstance(model["m"], dict) else [model["m"]]
    return [model["b"], *slopes] if model["training"]["settings"]["intercept"] else slopes


# it loads


@pytest.mark.parametrize(
    "training",
    [
        HOUSES,
        PLANE,
        (*HOUSES, "--solver", "exact"),
        (*SACRAMENTO, "--no-intercept"),
        (*SACRAMENTO, "--no-scale"),
        (*SACRAMENTO, "--test-fraction", "0.3", "--l2", "0.1"),
        (*PLANE, "--folds", "3", "--l2", "0,0.1"),
        (*SACRAMENTO, "--weights", "beds"),
        (*SACRAMENTO, "--start", "random", "--seed", "77", "--epochs", "3"),
        (*SACRAMENTO, "--epochs", "0"),
    ],
)
def test_a_page_loads_and_shows_the_model_as_it_was_trained(
    replay: Replay, open_page: OpenPage, linreg: Linreg, training: tuple[str, ...]
) -> None:
    page = open_page(replay(*training))
    descent = [text for text in training if text not in {"--solver", "exact"}]
    expected = learned(linreg, *descent)
    # where the optimum is 0 both are there but for their rounding
    scale = max(map(abs, expected))
    assert page.weights == pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)
    assert page.complaints == []


@pytest.mark.parametrize("training", [HOUSES, PLANE])
def test_a_page_needs_no_rows(
    replay: Replay, open_page: OpenPage, training: tuple[str, ...]
) -> None:
    page = open_page(replay(*training, data=[]))
    assert page.run("return document.getElementById('fit-figure').checkVisibility()") == (
        training is HOUSES
    )
    assert page.run("return document.getElementById('loss').childElementCount") > 3


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ("3,5\n", []),
        ("3,5\n3,5\n", []),
        ("3,0\n3,0\n", []),
        ("0,5\n0,6\n", ["--no-intercept"]),
        ("1,5\n2,5\n", ["--no-intercept"]),
        ("0,0\n", ["--no-intercept"]),
        ("3,5\n3,6\n", ["--no-scale", "--epochs", "50"]),
    ],
)
def test_a_column_without_spread_is_drawn_too(
    linreg: Linreg, folder: Path, open_page: OpenPage, rows: str, options: list[str]
) -> None:
    (folder / "few.csv").write_text(f"x,y\n{rows}")
    assert linreg("train", "few.csv", "--x", "x", "--y", "y", "-q", *options).status == 0
    assert linreg("replay", "model.json", "few.csv", "-q").status == 0
    page = open_page(folder / "replay.html")
    expected = weights_of(json.loads((folder / "model.json").read_text()))
    assert page.weights == pytest.approx(expected, rel=1e-9)
    assert not re.search(
        "NaN|Infinity|undefined", page.run("return document.querySelector('main').outerHTML")
    )


def test_numbers_in_epoch_seconds_keep_their_axis(
    linreg: Linreg, folder: Path, open_page: OpenPage
) -> None:
    rows = "".join(f"{1_700_000_000 + i},{3 * i + 7}\n" for i in range(50))
    (folder / "times.csv").write_text("time,count\n" + rows)
    assert linreg("train", "times.csv", "--x", "time", "--y", "count", "-q").status == 0
    assert linreg("replay", "model.json", "times.csv", "-q").status == 0
    page = open_page(folder / "replay.html")
    labels = page.run(
        "return [...document.querySelectorAll('#fit .axes text')].map(t => t.textContent)"
    )
    assert len(set(labels)) == len(labels) > 5
    assert "1,700,000,020" in labels
    assert page.weights[1] == pytest.approx(3)


def test_a_line_through_0_is_drawn_near_features_far_from_0(
    replay: Replay, open_page: OpenPage, folder: Path
) -> None:
    times = [1700000000000000000 + 37 * i % 406 for i in range(60)]
    rows = "".join(f"{t},{2 * (t - times[0])}\n" for t in times)
    (folder / "far.csv").write_text(f"t,v\n{rows}")
    page = open_page(replay("far.csv", "--x", "t", "--y", "v", "--no-intercept"))
    points = page.run("return replay.points.values")
    assert len({x for x, _ in points}) == len(set(times))
    # v = m t is nearly constant here: the weighted mean of v, the weights being t
    mean = sum(2 * (t - times[0]) for t in times) / len(times)
    assert page.figure("value at the center") == pytest.approx(mean, rel=1e-9)
    assert page.text("#fit .beyond") == ""


def test_another_script_in_the_page_does_not_run(replay: Replay, open_page: OpenPage) -> None:
    path = replay(*HOUSES)
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace("</main>", "</main><script>document.title = 'x'</script>"))
    opened = open_page(path)
    assert opened.driver.title == "price from square_feet: linreg replay"
    [complaint] = opened.complaints  # which shows that the tests would see one
    assert "Content Security Policy" in complaint


# watching


def test_the_slider_moves_the_line(houses_page: Page) -> None:
    last = houses_page.attribute("#line", "d")
    houses_page.type("epoch", 0)
    assert (houses_page.epoch, houses_page.figure("m")) == (0, 0)
    first = houses_page.attribute("#line", "d")
    heights = [float(number) for number in re.findall(r"[ML][\d.]+ ([\d.]+)", first)]
    assert len(heights) == 2
    assert heights[0] == heights[1]  # m is 0: a level line
    assert first != last
    houses_page.type("epoch", 1)
    # auto halves the distance to the optimum every epoch
    assert houses_page.figure("m") == pytest.approx(150)


def test_the_line_goes_through_the_points(replay: Replay, open_page: OpenPage) -> None:
    page = open_page(replay(*HOUSES))
    dots = re.findall(r"M([\d.]+) ([\d.]+)h0", page.attribute("#fit .dots", "d"))
    [(x0, y0), (x1, y1)] = re.findall(r"[ML]([\d.]+) ([\d.]+)", page.attribute("#line", "d"))
    assert len(dots) == 5
    for x, y in dots:
        share = (float(x) - float(x0)) / (float(x1) - float(x0))
        assert float(y) == pytest.approx(float(y0) + share * (float(y1) - float(y0)), abs=0.05)


def test_the_loss_is_that_of_the_table(houses_page: Page) -> None:
    houses_page.type("epoch", 0)
    # by hand: mean of 150², 300², 450², 600², 750², in thousands
    assert houses_page.figure("Loss") == pytest.approx(247.5e9)
    houses_page.type("epoch", 1)
    assert houses_page.figure("Loss") == pytest.approx(247.5e9 / 4)


def test_keys_play_step_and_jump(houses_page: Page) -> None:
    assert houses_page.epoch == 40
    houses_page.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert houses_page.epoch == 38
    houses_page.press(Keys.ARROW_RIGHT)
    assert houses_page.epoch == 39
    houses_page.press(Keys.HOME)
    assert houses_page.epoch == 0
    houses_page.press(Keys.ARROW_LEFT)
    assert houses_page.epoch == 0
    houses_page.press(Keys.END)
    assert houses_page.epoch == 40
    houses_page.press(Keys.HOME, Keys.SPACE)
    assert houses_page.attribute("#play", "aria-label") == "Pause"
    houses_page.wait(lambda: houses_page.epoch > 1)
    houses_page.press(Keys.SPACE)
    assert houses_page.attribute("#play", "aria-label") == "Play"


def test_keys_in_a_field_are_the_fields_own(houses_page: Page) -> None:
    houses_page.run("document.getElementById('rate').focus()")
    houses_page.press(Keys.HOME, Keys.ARROW_LEFT)
    assert houses_page.epoch == 40


def test_buttons_do_what_they_say(houses_page: Page) -> None:
    for button, epoch in [("back", 39), ("forward", 40), ("first", 0), ("forward", 1)]:
        houses_page.driver.find_element("id", button).click()
        assert houses_page.epoch == epoch


def test_a_page_plays_by_itself_to_its_end(replay: Replay, open_page: OpenPage) -> None:
    page = open_page(replay(*HOUSES, "--epochs", "4"), motion=True)
    assert page.attribute("#play", "aria-label") == "Pause"
    page.wait(lambda: page.attribute("#play", "aria-label") == "Play")
    assert page.epoch == 4


def test_nothing_moves_by_itself_where_the_system_asks_for_no_motion(houses_page: Page) -> None:
    assert houses_page.attribute("#play", "aria-label") == "Play"
    assert houses_page.epoch == 40


def test_a_click_on_the_loss_goes_to_the_epoch(houses_page: Page) -> None:
    loss = houses_page.find("loss")
    ActionChains(houses_page.driver).move_to_element(loss).click().perform()
    assert 15 < houses_page.epoch < 25


# training again


@pytest.mark.parametrize(
    ("training", "fields", "same"),
    [
        # but for houses.csv with scaled features: there b is 0 and all its digits are rounding
        (SACRAMENTO, {"rate": 0.3, "epochs": 7, "start": "random 3"},
         ["--learning-rate", "0.3", "--epochs", "7", "--start", "random", "--seed", "3"]),
        (SACRAMENTO, {"rate": 0.95, "epochs": 20}, ["--learning-rate", "0.95", "--epochs", "20"]),
        ((*HOUSES, "--no-scale"), {"rate": 1e-7}, ["--learning-rate", "1e-7"]),
        (PLANE, {"rate": 0.4, "epochs": 100}, ["--learning-rate", "0.4", "--epochs", "100"]),
        (PLANE, {"rate": 0.05, "start": "random 9"},
         ["--learning-rate", "0.05", "--start", "random", "--seed", "9"]),
        ((*PLANE, "--test-fraction", "0.25", "--l2", "0.3"), {"rate": 0.1, "epochs": 15},
         ["--learning-rate", "0.1", "--epochs", "15"]),
        ((*PLANE, "--no-intercept"), {"rate": 0.1, "epochs": 9},
         ["--learning-rate", "0.1", "--epochs", "9"]),
        ((*SACRAMENTO, "--weights", "beds"), {"rate": 0.6, "epochs": 12},
         ["--learning-rate", "0.6", "--epochs", "12"]),
        ((*SACRAMENTO, "--no-scale", "--no-intercept"), {"rate": 1e-7, "epochs": 3},
         ["--learning-rate", "1e-7", "--epochs", "3"]),
    ],
)  # fmt: skip
def test_training_in_the_page_gives_the_weights_of_linreg(  # noqa: PLR0917, PLR0913
    replay: Replay,
    open_page: OpenPage,
    installed: Linreg,
    training: tuple[str, ...],
    fields: dict[str, object],
    same: list[str],
) -> None:
    page = open_page(replay(*training))
    for field, value in fields.items():
        page.type(field, value)
    page.press(Keys.END)
    expected = learned(installed, *training, *same)
    for weight, wanted in zip(page.weights, expected, strict=True):
        assert math.isclose(weight, wanted, rel_tol=1e-9)


def test_a_page_stops_where_a_step_changes_no_weight(
    replay: Replay, open_page: OpenPage, folder: Path
) -> None:
    (folder / "rest.csv").write_text("x,y\n1,2\n2,4.1\n3,5.9\n4,8.3\n")
    page = open_page(replay("rest.csv", "--x", "x", "--y", "y", "--tolerance", "0"))
    page.press(Keys.END)
    trained = json.loads((folder / "model.json").read_text())
    assert trained["training"]["stopped"] == "converged"
    assert page.text("#verdict").startswith("Converged after")
    # the page adds in another order, so the last bits stop changing at another epoch
    assert page.epoch == pytest.approx(trained["training"]["epochs"], abs=8)
    assert page.epoch < 5000
    assert page.weights == pytest.approx(weights_of(trained), rel=1e-14)


def test_training_in_the_page_is_the_loop_of_the_textbook(
    replay: Replay, open_page: OpenPage
) -> None:
    x, y = np.loadtxt(DATA / "houses.csv", delimiter=",", skiprows=1).T
    m = b = 0.0
    for _ in range(5000):
        error = m * x + b - y
        m, b = m - 1e-7 * (2 * x * error).mean(), b - 1e-7 * (2 * error).mean()
    page = open_page(replay(*HOUSES, "--no-scale"))
    page.type("rate", "1e-7")
    assert page.weights == pytest.approx([b, m], rel=1e-9)


@pytest.mark.parametrize(
    ("training", "start"),
    [
        ((*PLANE, "--l2", "0,0.2", "--folds", "3"), "random 4"),
        ((*PLANE, "--test-fraction", "0.25", "--seed", "3"), "random 3"),
        ((*PLANE, "--test-fraction", "0.25", "--seed", "3", "--tolerance", "1e-3"), "zeros"),
        ((*SACRAMENTO, "--no-scale", "--no-intercept", "--weights", "beds"), "zeros"),
    ],
)
def test_the_command_that_is_shown_trains_the_same(
    replay: Replay, open_page: OpenPage, shell: Shell, training: tuple[str, ...], start: str
) -> None:
    page = open_page(replay(*training))
    page.type("epochs", 30)
    page.type("start", start)
    command = page.text("#command").replace("DATA", str(DATA / "sacramento.csv"))
    done = shell(f"{command} -q -o -")
    assert done.status == 0, done.stderr
    expected = weights_of(json.loads(done.stdout))
    assert page.weights == pytest.approx(expected, rel=1e-9)


def test_no_command_is_shown_for_what_linreg_cannot_do(replay: Replay, open_page: OpenPage) -> None:
    page = open_page(replay(*SACRAMENTO, "--test-fraction", "0.25"))
    is_shown = "return document.getElementById('command').checkVisibility()"
    assert page.run(is_shown)
    page.type("start", "random 4")  # --seed 4 would keep other rows for testing
    assert not page.run(is_shown)
    page.type("start", "random 0")
    assert page.run(is_shown)
    page.type("start-m", 5)
    assert not page.run(is_shown)


def test_a_start_can_be_chosen_by_its_weights(houses_page: Page) -> None:
    houses_page.type("start-m", 700)
    houses_page.type("start-b", -20000)
    assert houses_page.run("return document.getElementById('start').value") == "chosen"
    houses_page.press(Keys.HOME)
    assert houses_page.weights == pytest.approx([-20000, 700])
    houses_page.press(Keys.END)
    assert houses_page.figure("m") == pytest.approx(300)


def test_a_start_can_be_chosen_on_the_surface(houses_page: Page) -> None:
    surface = houses_page.find("surface")
    ActionChains(houses_page.driver).move_to_element_with_offset(surface, 120, 60).click().perform()
    houses_page.press(Keys.HOME)
    b, m = houses_page.weights
    # the optimum is in the middle: to the right of it m is larger, below it b is smaller
    assert m > 350
    assert b < -50_000
    where = [float(houses_page.attribute("#walker", name)) for name in ("cx", "cy")]
    box = houses_page.run(
        "const box = arguments[0].getBoundingClientRect(); return [box.width, box.height]", surface
    )
    assert where == pytest.approx([box[0] / 2 + 120, box[1] / 2 + 60], abs=1)


def test_the_form_can_be_set_back(houses_page: Page) -> None:
    assert houses_page.text("#reset") == "Reset"
    houses_page.type("rate", 3)
    houses_page.type("start", "random 2")
    houses_page.driver.find_element("id", "reset").send_keys(Keys.ENTER)
    assert houses_page.run("return document.getElementById('rate').value") == "0.25"
    assert houses_page.run("return document.getElementById('start').value") == "zeros"
    assert houses_page.figure("m") == pytest.approx(300)


@pytest.mark.parametrize(
    ("field", "value"),
    [("rate", "0"), ("rate", "-1"), ("rate", ""), ("epochs", "2.5"), ("epochs", "-1"),
     ("epochs", "10000000"), ("start-m", "")],
)  # fmt: skip
def test_a_field_that_makes_no_sense_says_so_and_changes_nothing(
    houses_page: Page, field: str, value: str
) -> None:
    houses_page.type(field, value)
    script = "return document.getElementById(arguments[0]).matches(':invalid')"
    assert houses_page.run(script, field)
    assert visible_text(houses_page, f"{field}-problem").startswith("Not ")
    assert houses_page.epoch == 40
    assert houses_page.figure("m") == pytest.approx(300)


def visible_text(page: Page, identity: str) -> str:
    """Give the text of an element, or nothing if a reader does not see it."""
    text: str = page.run(
        "const seen = document.getElementById(arguments[0]);"
        "return seen.checkVisibility() ? seen.innerText : ''",
        identity,
    )
    return text


@pytest.mark.parametrize(
    ("rate", "why"),
    [
        ("", "Not a number."),
        ("0", "Not above 0."),
        ("-0.5", "Not above 0."),
        ("1.5", "Above the limit 1: training diverges."),
        ("1", "At the limit 1: training does not converge."),
        ("0.9", ""),
    ],
)
def test_a_learning_rate_that_cannot_converge_says_why(
    houses_page: Page, rate: str, why: str
) -> None:
    houses_page.type("rate", rate)
    said = visible_text(houses_page, "rate-problem")
    assert said.startswith(why)
    assert bool(said) == bool(why)
    houses_page.type("rate", "0.25")
    assert visible_text(houses_page, "rate-problem") == ""


@pytest.mark.parametrize(("rate", "end"), [("0.25", "Converged after 40"), ("1.3", "Diverged: ")])
def test_how_a_run_ended_is_said_at_its_last_epoch_only(
    houses_page: Page, rate: str, end: str
) -> None:
    houses_page.type("rate", rate)
    houses_page.press(Keys.END)
    assert houses_page.text("#verdict").startswith(end)
    houses_page.press(Keys.ARROW_LEFT)
    before = houses_page.text("#verdict")
    assert before
    assert not re.search("[Cc]onverged|[Dd]iverged|after", before)
    houses_page.press(Keys.ARROW_RIGHT)
    assert houses_page.text("#verdict").startswith(end)


# divergence


def test_a_rate_above_the_limit_shows_the_divergence(houses_page: Page, installed: Linreg) -> None:
    houses_page.type("rate", 1.3)
    houses_page.press(Keys.END)
    said = installed("train", *HOUSES, "--learning-rate", "1.3").stderr
    epoch = re.search(r"at epoch (\d+); no model was written", said)
    assert epoch
    assert houses_page.epoch == int(epoch[1])
    verdict = houses_page.text("#verdict")
    assert "The learning rate 1.3 is above the limit 1:" in verdict
    assert "1.6 times as far away" in verdict  # |1 - 2 · 1.3|, since the curvature is 2
    assert houses_page.text("#fit .beyond").startswith("The line is ")
    assert houses_page.text("#surface .beyond") == "The weights are outside the chart"
    assert houses_page.figure("Loss") > 1e6 * 247.5e9


def test_a_rate_that_overflows_is_told_too(houses_page: Page) -> None:
    houses_page.type("rate", "1e200")
    houses_page.press(Keys.END)
    assert houses_page.text("#verdict").startswith("Diverged")
    assert houses_page.complaints == []


def test_just_below_the_limit_it_converges_and_just_above_it_does_not(houses_page: Page) -> None:
    houses_page.type("rate", 0.99 * LIMIT)
    assert houses_page.text("#verdict").startswith("Converged")
    houses_page.type("rate", 1.01 * LIMIT)
    assert houses_page.text("#verdict").startswith("Diverged")


def test_the_limit_is_marked_where_the_slider_crosses_it(houses_page: Page) -> None:
    assert houses_page.text("#limit-text") == "limit 1"
    mark = houses_page.run(
        "return document.getElementById('limit-mark').getBoundingClientRect().left"
    )
    slider = houses_page.find("rate-slider")
    ActionChains(houses_page.driver).move_to_element_with_offset(
        slider, mark - slider.rect["x"] - slider.rect["width"] / 2, 0
    ).click().perform()
    rate = float(houses_page.run("return document.getElementById('rate').value"))
    # a pixel of the slider is 3 % of the rate
    assert rate == pytest.approx(LIMIT, rel=0.07)


# for everyone


HOSTILE = [
    "</script><img onerror=\"document.title='owned'\" src=x>",
    "<!--<script>",
    "&lt;b&gt; \u2028 \u202e${1+1}",
]


@pytest.mark.parametrize("features", [1, 2])
def test_names_of_columns_are_text(
    linreg: Linreg, folder: Path, open_page: OpenPage, features: int
) -> None:
    names = HOSTILE[1 : 1 + features] + HOSTILE[:1]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = "\n".join(",".join(str(i**j) for j in range(1, features + 2)) for i in range(1, 9))
    (folder / "odd.csv").write_text(f"{header}\n{rows}\n", encoding="utf-8")
    x = [text for name in names[:-1] for text in ("--x", name)]
    assert linreg("train", "odd.csv", *x, "--y", names[-1], "-q").status == 0
    assert linreg("replay", "model.json", "odd.csv", "-q").status == 0
    page = open_page(folder / "replay.html")
    assert page.run("return document.images.length") == 0
    assert page.driver.title != "owned"
    assert "</script><img onerror=" in page.text("#title")
    assert "<!--<script>" in page.text("#title")
    labels = page.run(
        "return [...document.querySelectorAll('#fit .label')].map(e => e.textContent)"
    )
    assert any(label.startswith("</script><img onerror=") for label in labels)
    everything = page.run("return document.body.innerText")
    assert "\u202e" not in everything
    if features == 2:
        assert r"\u{202e}${1+1}" in everything


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("training", [HOUSES, PLANE])
def test_a_page_never_scrolls_sideways(
    replay: Replay, open_page: OpenPage, training: tuple[str, ...], width: int
) -> None:
    page = open_page(replay(*training), width=width)
    page.type("rate", 3.3)  # the longest texts are those of a divergence
    assert page.run("return innerWidth") == width
    assert page.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("rate", [None, 3.3])
@pytest.mark.parametrize(
    "training", [HOUSES, (*SACRAMENTO, "--test-fraction", "0.3"), (*PLANE, "--l2", "0.1")]
)
def test_both_pictures_are_on_the_first_screen(
    replay: Replay, open_page: OpenPage, training: tuple[str, ...], rate: float | None
) -> None:
    page = open_page(replay(*training), height=720)
    if rate is not None:  # the longest texts are those of a divergence
        page.type("rate", rate)
    box = "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
    bar = page.run(f"{box} return box.top", ".transport")
    for picture in ("#fit", "#surface"):
        top, bottom = page.run(f"{box} return [box.top, box.bottom]", picture)
        assert 0 <= top < bottom - 200
        assert bottom <= bar


def test_test_rows_are_crosses_and_training_rows_dots(replay: Replay, open_page: OpenPage) -> None:
    page = open_page(replay(*SACRAMENTO, "--test-fraction", "0.3"))
    dots = page.attribute("#fit .dots", "d").count("M")
    crosses = page.attribute("#fit .crosses", "d").count("M")
    assert dots + crosses == 932
    assert 200 < crosses < 360


def test_long_names_do_not_widen_a_phone(linreg: Linreg, folder: Path, open_page: OpenPage) -> None:
    x, y = "x" * 300, "y" * 300
    (folder / "long.csv").write_text(f"{x},{y}\n1,2\n2,3\n3,5\n")
    assert linreg("train", "long.csv", "--x", x, "--y", y, "-q").status == 0
    assert linreg("replay", "model.json", "long.csv", "-q").status == 0
    page = open_page(folder / "replay.html", width=360)
    assert page.run("return document.documentElement.scrollWidth") <= 360


def test_all_that_can_be_used_is_reached_by_tab_with_a_visible_focus(houses_page: Page) -> None:
    script = """
        const [element, style] = [document.activeElement, getComputedStyle(document.activeElement)];
        const bar = document.querySelector(".transport");
        const isFree = bar.contains(element)
            || element.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top;
        return [element.id, style.outlineStyle, parseFloat(style.outlineWidth), isFree];
    """
    reached = {}
    for _ in range(30):
        houses_page.press(Keys.TAB)
        name, outline, width, is_free = houses_page.run(script)
        reached[name] = outline != "none" and width >= 2 and is_free
    fields = {"rate", "rate-slider", "start", "epochs", "start-m", "start-b", "reset"}
    transport = {"first", "back", "play", "forward", "epoch"}
    assert fields | transport <= set(reached)
    assert all(reached[name] for name in fields | transport)


@pytest.mark.parametrize("training", [HOUSES, PLANE])
def test_a_screen_reader_finds_a_name_for_everything(
    replay: Replay, open_page: OpenPage, training: tuple[str, ...]
) -> None:
    page = open_page(replay(*training))
    page.driver.execute_cdp_cmd("Accessibility.enable", {})
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {"button", "slider", "spinbutton", "combobox", "radio", "image", "form", "group"}
    found = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in named
    ]
    assert len(found) >= 12
    assert [role for role, name in found if not name] == []


def test_a_screen_reader_is_told_the_figures(houses_page: Page) -> None:
    houses_page.press(Keys.HOME, Keys.ARROW_RIGHT)
    told = "Epoch 1 of 40: loss 6.188 * 10¹⁰, gap 6.188 * 10¹⁰; m 150, b 0"
    houses_page.wait(
        lambda: houses_page.text("#live").replace("\N{MULTIPLICATION SIGN}", "*") == told
    )
    assert houses_page.attribute("#live", "aria-live") == "polite"
    assert houses_page.attribute("#epoch", "aria-valuetext") == "epoch 1 of 40"


COLOURS = """
    const done = arguments[1];
    const image = new Image();
    image.onload = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        const counts = {};
        for (let i = 0; i < data.length; i += 4) {
            const colour = [data[i], data[i + 1], data[i + 2]].join();
            counts[colour] = (counts[colour] ?? 0) + 1;
        }
        done(counts);
    };
    image.src = "data:image/png;base64," + arguments[0];
"""


@pytest.mark.parametrize(
    ("scheme", "line", "paper"),
    [("light", "189,74,0", "251,250,246"), ("dark", "255,149,82", "20,23,27")],
)
def test_a_screenshot_is_not_blank(
    replay: Replay, open_page: OpenPage, scheme: str, line: str, paper: str
) -> None:
    page = open_page(replay(*HOUSES), scheme=scheme)
    pictures = [
        page.driver.find_element("id", name).screenshot_as_base64
        for name in ("fit", "surface", "loss")
    ]
    page.driver.get("about:blank")
    for picture in pictures:
        assert base64.b64decode(picture).startswith(b"\x89PNG")
        counts = page.driver.execute_async_script(COLOURS, picture)
        assert counts[line] > 100
        assert len(counts) > 20
    fit = page.driver.execute_async_script(COLOURS, pictures[0])
    assert max(fit, key=lambda colour: fit[colour]) == paper


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour #rrggbb, as WCAG 2.2 defines it."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(
    replay: Replay, open_page: OpenPage, scheme: str
) -> None:
    page = open_page(replay(*HOUSES), scheme=scheme)
    script = "return getComputedStyle(document.documentElement).getPropertyValue(arguments[0])"
    texts = ["ink", "soft", "alarm", *(f"series-{i}" for i in range(5))]
    pairs = [(text, ground) for text in texts for ground in ("paper", "card")]
    for text, ground in [*pairs, ("alarm", "alarm-back")]:
        light, dark = sorted(
            (luminance(page.run(script, f"--{name}")) for name in (text, ground)), reverse=True
        )
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


# size


def test_a_million_rows_make_a_small_page(
    linreg: Linreg, folder: Path, open_page: OpenPage
) -> None:
    random = np.random.default_rng(3)
    x = random.integers(0, 100_000, size=1_000_000)
    y = 3 * x + random.integers(-50_000, 50_000, size=len(x))
    lines = np.char.add(np.char.add(x.astype(str), ","), y.astype(str))
    (folder / "many.csv").write_text("x,y\n" + "\n".join(lines.tolist()) + "\n")
    assert linreg("train", "many.csv", "--x", "x", "--y", "y", "-q").status == 0
    assert linreg("replay", "model.json", "many.csv", "-q").status == 0
    path = folder / "replay.html"
    assert path.stat().st_size < 2_000_000
    page = open_page(path)
    assert "The density of 1,000,000 points" in page.text("#fit-caption")
    assert page.run("return document.querySelectorAll('#fit .cells').length") == 8


def test_the_widest_page_is_small_and_trains(
    folder: Path, linreg: Linreg, open_page: OpenPage
) -> None:
    random = np.random.default_rng(4)
    rows = random.normal(size=(400, 301)).round(3).astype(str).tolist()
    model = exact_model(
        set_up(SplitMoments(moments=plain_moments(rows)), Settings(solver="exact", l2=(0.1,)))
    )
    save_model(model, str(folder / "model.json"))
    header = ",".join([*model.x, model.y])
    (folder / "wide.csv").write_text("\n".join([header, *map(",".join, rows)]))
    assert linreg("replay", "model.json", "wide.csv", "-q").status == 0
    path = folder / "replay.html"
    assert path.stat().st_size < 2_000_000
    page = open_page(path)
    assert page.weights[1:] == pytest.approx(model.slopes, rel=1e-6)
