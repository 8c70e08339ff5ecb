"""The page of linreg replay: training again."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.conftest import Linreg, Shell
from tests.output.browser import (
    DATA,
    HOUSES,
    LIMIT,
    PLANE,
    SACRAMENTO,
    OpenPage,
    Page,
    Replay,
    learned,
    needs_browser,
    visible_text,
    weights_of,
)

pytestmark = needs_browser


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
