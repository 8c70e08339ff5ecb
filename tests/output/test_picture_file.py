"""Picture files: their formats, size and content, and that the same picture is the same bytes."""

import os
import re
import struct
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from linreg_cli.errors import DataError, UsageError
from linreg_cli.output.plots.figure import COLUMN_WIDTH, PAGE_WIDTH
from linreg_cli.output.plots.file_looks import LOOKS
from linreg_cli.output.plots.picture import (
    Axis,
    Band,
    Contour,
    Curve,
    Density,
    Dots,
    Panel,
    Picture,
    Role,
)
from linreg_cli.output.plots.picture_file import format_of, save_picture

pytestmark = pytest.mark.slow

X = np.linspace(1, 100, 50)
ENDINGS = [".png", ".svg", ".pdf"]


def panel(x: str = "size", y: str = "price", *, is_log: bool = False) -> Panel:
    counts = np.eye(5, dtype=np.int64) * 9
    edges = np.linspace(1, 100, 6)
    return Panel(
        x=Axis(label=x, scale="from zero" if is_log else "linear"),
        y=Axis(label=y, scale="log" if is_log else "linear"),
        layers=(
            Band(role=Role.PREDICTION, label="band", x=X, lower=X, upper=X + 9),
            Density(role=Role.DENSITY, label="9 rows", counts=counts, x_edges=edges, y_edges=edges),
            Dots(role=Role.ROWS, label="rows", x=X, y=X + np.sin(X)),
            Curve(role=Role.LINE, label="fit", x=X, y=X),
        ),
    )


def picture(*panels: Panel, title: str = "a title") -> Picture:
    return Picture(title=(title,), panels=panels or (panel(),))


def saved(picture: Picture, path: Path) -> bytes:
    assert save_picture(picture, str(path)) == []
    return path.read_bytes()


def size_of(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def pixels(png: bytes) -> bytes:
    """Return the compressed rows of a PNG, unpacked."""
    data, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    return zlib.decompress(data)


@pytest.mark.parametrize(
    ("ending", "magic"),
    [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF"), (".PNG", b"\x89PNG")],
)
def test_the_ending_decides_the_format(tmp_path: Path, ending: str, magic: bytes) -> None:
    assert saved(picture(), tmp_path / f"p{ending}").startswith(magic)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_picture_is_the_same_bytes(tmp_path: Path, ending: str) -> None:
    several = picture(panel(), panel(is_log=True))
    first = saved(several, tmp_path / f"a{ending}")
    with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "1"}):
        assert saved(several, tmp_path / f"b{ending}") == first
    assert not re.search(rb"<dc:date>|CreationDate|\b202\d-\d\d", first)


def test_a_picture_is_as_wide_as_a_column_or_a_page(tmp_path: Path) -> None:
    dots_per_inch = 300
    one = size_of(saved(picture(), tmp_path / "one.png"))
    two = size_of(saved(picture(panel(), panel()), tmp_path / "two.png"))
    four = size_of(saved(picture(*[panel()] * 4), tmp_path / "four.png"))
    assert [width for width, _ in (one, two, four)] == [
        COLUMN_WIDTH * dots_per_inch, PAGE_WIDTH * dots_per_inch, PAGE_WIDTH * dots_per_inch
    ]  # fmt: skip
    assert four[1] > 1.8 * two[1]


def test_no_two_lines_of_a_legend_look_alike() -> None:
    drawn = [Role.PREDICTION, Role.CONFIDENCE, Role.LINE, Role.REFERENCE, Role.NORMAL]
    drawn += [Role.LOSS, Role.TEST_LOSS]
    looks = {role: LOOKS[role] for role in drawn}
    # apart from bands, which are filled
    lines = [role for role in drawn if "alpha" not in looks[role]]
    dashed = [role for role in lines if "linestyle" in looks[role]]
    assert len({looks[role]["linestyle"] for role in dashed}) == len(dashed)


def test_names_of_contours_are_their_losses(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    ring = Contour(
        role=Role.CONTOUR, label="", x=np.cos(angle), y=np.sin(angle), level=82938000000.0
    )
    surface = Panel(x=Axis(label="m"), y=Axis(label="b"), layers=(ring,))
    svg = saved(picture(surface), tmp_path / "p.svg").decode()
    assert "<!-- 8.29e+10 -->" in svg


def test_text_in_many_panels_stays_in_its_panel(tmp_path: Path) -> None:
    name = "a feature with a rather long name given the others"
    panels = [panel(name, "the target given the others") for _ in range(6)]
    bare = [replace(each, layers=each.layers[2:]) for each in panels]
    svg = saved(picture(*bare), tmp_path / "many.svg").decode()
    comments = re.findall(r"<!-- (.*?) -->", svg, re.DOTALL)
    assert sum("target" in comment for comment in comments) == 2  # once for each row of panels
    # a panel is 2.4 inches wide, of which 0.8 are for its numbers: 27 letters of 8 points
    longest = max(len(c) for c in comments if "feature" in c or "others" in c)
    assert longest <= 30


def test_a_picture_is_not_blank(tmp_path: Path) -> None:
    shown = pixels(saved(picture(), tmp_path / "p.png"))
    assert len(set(shown)) > 50


def test_labels_and_title_are_in_the_picture(tmp_path: Path) -> None:
    svg = saved(picture(panel("size", "price"), title="price = 3 size"), tmp_path / "p.svg")
    # text is drawn as outlines, which look the same everywhere, and named in comments
    comments = re.findall(r"<!-- (.*?) -->", svg.decode())
    assert {"size", "price", "price = 3 size", "rows", "fit", "band", "rows per bin"} <= set(
        comments
    )
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  # our own


@pytest.mark.parametrize(
    "name",
    ["$x_1^2$", r"\$5", "$", "a_b^c", "$$", r"\frac{1}{2}", "_hidden", "</svg><script>", "%s {x}"],
)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_name_is_text_and_no_formula(tmp_path: Path, name: str, ending: str) -> None:
    content = saved(picture(panel(name, name), title=name), tmp_path / f"p{ending}")
    if ending == ".svg":
        ET.fromstring(content)  # noqa: S314  # our own
        escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert content.decode().count(f"<!-- {escaped} -->") == 3


def test_a_name_with_dollars_looks_like_itself(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    drawn: list[Figure] = []
    save = Figure.savefig

    def watch(figure: Figure, *args: Any, **asked: Any) -> None:
        drawn.append(figure)
        save(figure, *args, **asked)

    with mock.patch.object(Figure, "savefig", watch):
        saved(picture(panel("$x^2$")), tmp_path / "p.png")
    label = drawn[0].axes[0].xaxis.label
    assert (label.get_text(), label.get_parse_math()) == ("$x^2$", False)


def test_control_characters_of_names_are_shown_escaped(tmp_path: Path) -> None:
    svg = saved(picture(panel("\x1b[31m\nx")), tmp_path / "p.svg").decode()
    assert "<!-- \\x1b[31m\\nx -->" in svg
    assert "\x1b" not in svg


def test_long_names_are_broken_and_then_cut(tmp_path: Path) -> None:
    svg = saved(picture(panel("word " * 50, "x" * 999)), tmp_path / "p.svg").decode()
    labels = [text for text in re.findall(r"<!-- (.*?) -->", svg, re.DOTALL) if "…" in text]
    assert len(labels) == 2
    assert all(len(label) <= 80 for label in labels)


@pytest.mark.parametrize(("low", "high"), [(0, 2_600_000), (-1.5e9, 1.5e9), (1e-7, 9e-7), (0, 5)])
def test_numbers_below_an_axis_do_not_run_into_each_other(
    tmp_path: Path, low: float, high: float
) -> None:
    edges = np.linspace(low, high, 6)
    counts = np.eye(5, dtype=np.int64)
    wide = Density(role=Role.DENSITY, label="", counts=counts, x_edges=edges, y_edges=edges)
    one = Panel(x=Axis(label="x"), y=Axis(label="y"), layers=(wide,))
    for panels in ([one], [one, one], [one] * 3):
        svg = saved(picture(*panels), tmp_path / "made.svg").decode()
        for axes in svg.split('<g id="axes_')[1:]:
            # a comment has the number, and the group below it where its first digit stands
            ticks = re.findall(
                r'id="xtick_.*?<!-- (\S+) -->\s*<g[^>]*translate\(([\d.]+) ', axes, re.DOTALL
            )
            if not ticks:
                continue  # the bar beside a density
            places = [float(place) for _, place in ticks]
            # DejaVu Sans, 7 points: a digit is 4.45 points wide, a comma or point 2.22
            widths = [sum(2.2 if sign in ",." else 4.4 for sign in text) for text, _ in ticks]
            assert len(ticks) >= 2
            for left, width, right in zip(places, widths, places[1:], strict=False):
                assert left + width + 2 < right


def test_numbers_that_matplotlib_cannot_draw_are_refused(tmp_path: Path) -> None:
    far = np.array([-1.7e308, 1.7e308])
    curve = Curve(role=Role.LINE, label="", x=far, y=np.zeros(2))
    one = Panel(x=Axis(label="x"), y=Axis(label="y"), layers=(curve,))
    with pytest.raises(DataError, match="numbers beyond 1e300 cannot be drawn"):
        save_picture(picture(one), str(tmp_path / "made.svg"))
    assert not list(tmp_path.iterdir())


def test_few_rows_are_drawn_larger(tmp_path: Path) -> None:
    def size(count: int) -> float:
        x = np.linspace(0, 1, count)
        rows = Dots(role=Role.ROWS, label="", x=x, y=x)
        one = Panel(x=Axis(label="x"), y=Axis(label="y"), layers=(rows,))
        svg = saved(picture(one), tmp_path / "made.svg").decode()
        # the radius is where the path of the marker starts
        [radius] = re.findall(r'<path id="m[0-9a-f]+" d="M 0 ([\d.]+) \nC', svg)
        return float(radius)

    assert size(50) == pytest.approx(2 * size(51))


def test_signs_that_the_font_lacks_are_told_of(tmp_path: Path) -> None:
    lacks = save_picture(picture(panel("平方")), str(tmp_path / "p.png"))
    assert lacks == ["the font of the picture lacks characters of the column names"]


def test_the_settings_of_the_user_change_nothing(tmp_path: Path) -> None:
    import matplotlib as mpl

    before = saved(picture(), tmp_path / "a.png")
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "red"}):
        assert saved(picture(), tmp_path / "b.png") == before


@pytest.mark.parametrize("path", ["fit", "fit.jpg", "-", ".png", "fit.png.gz"])
def test_another_ending_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match=r"the ending of a picture file is \.png, \.svg or \.pdf"):
        format_of(path)


def test_where_matplotlib_is_missing_the_error_says_how_to_install_it() -> None:
    with mock.patch.dict(sys.modules, {"matplotlib": None}), pytest.raises(UsageError) as caught:
        format_of("fit.png")
    assert caught.value.message == (
        "fit.png: picture files need matplotlib, which is not installed"
    )
    assert caught.value.hint == "pip install 'linreg-cli[plot]'"


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot write the picture: No such file"):
        save_picture(picture(), str(tmp_path / "nowhere" / "p.png"))
