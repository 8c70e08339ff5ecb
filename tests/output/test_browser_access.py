"""The page of linreg replay: names, small screens, keyboards, screen readers and sizes."""

import base64
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver.common.keys import Keys

from linreg_cli.model.model_file import save_model
from linreg_cli.model.settings import Settings
from linreg_cli.moments.split import SplitMoments
from linreg_cli.training.make_model import exact_model
from linreg_cli.training.problem import set_up
from tests.conftest import Linreg
from tests.models import plain_moments
from tests.output.browser import HOUSES, PLANE, SACRAMENTO, OpenPage, Page, Replay, needs_browser

pytestmark = needs_browser


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
    """Return the relative luminance of a colour #rrggbb, as WCAG 2.2 defines it."""
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
