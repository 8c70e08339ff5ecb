"""The page of linreg replay: it loads, and shows the epochs."""

import json
import re
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.conftest import Linreg
from tests.output.browser import (
    HOUSES,
    PLANE,
    SACRAMENTO,
    OpenPage,
    Page,
    Replay,
    learned,
    needs_browser,
    weights_of,
)

pytestmark = needs_browser


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
