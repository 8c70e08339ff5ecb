"""Plots as text: what is drawn where, in how much room, and with which characters."""

import os
import re
import sys
from unittest import mock

import numpy as np
import pytest

from linreg_cli.output.plots.picture import (
    Axis,
    Band,
    Contour,
    Curve,
    Density,
    Dots,
    Layer,
    Panel,
    Picture,
    Role,
    Scale,
)
from linreg_cli.output.plots.plot_area import HEIGHT
from linreg_cli.output.plots.screen import Screen, standard_output_screen
from linreg_cli.output.plots.text_picture import as_text

PLAIN = Screen(width=80, has_unicode=False)
BRAILLE = {chr(code) for code in range(0x2800, 0x2900)}
MANY = np.linspace(0, 1, 200)


def picture(*layers: Layer, x: Axis | None = None, y: Axis | None = None) -> Picture:
    panel = Panel(x=x or Axis(label="size"), y=y or Axis(label="price"), layers=layers)
    return Picture(title=("a title",), panels=(panel,))


def dots(x: list[float], y: list[float], role: Role = Role.ROWS) -> Dots:
    return Dots(role=role, label="rows", x=np.array(x), y=np.array(y))


def inside(text: str) -> list[str]:
    """Return the lines between the axes."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line[:1] in {"+", "┌"})
    return [line[1 : lines[start].rindex(lines[start][-1])] for line in lines[start + 1 :][:HEIGHT]]


def test_a_dot_stands_where_its_values_say() -> None:
    rows = inside(as_text(picture(dots([0, 10, 5], [0, 0, 100])), PLAIN))
    found = [
        (row, line.index("o"), line.rindex("o")) for row, line in enumerate(rows) if "o" in line
    ]
    (top, middle, _), (bottom, left, right) = found
    assert (top, bottom) == (0, HEIGHT - 1)
    assert left <= 2
    assert right >= len(rows[0]) - 3
    assert abs(middle - len(rows[0]) / 2) <= 1


def test_title_labels_and_names_of_layers_are_there() -> None:
    text = as_text(picture(dots([0, 1], [0, 1])), PLAIN)
    lines = text.splitlines()
    assert lines[0] == "a title"
    assert lines[2] == "price"
    assert lines[-2].strip() == "size"
    assert lines[-1] == " oo rows"


@pytest.mark.parametrize("width", [40, 80, 132])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    layers: list[Layer] = [dots([0, 1e9], [-1e12, 1e12]), *bands()]
    drawn = as_text(picture(*layers, x=Axis(label="n " * 60)), Screen(width=width))
    assert max(map(len, drawn.splitlines())) <= width


def bands() -> list[Band]:
    return [
        Band(role=role, label=f"a long name for {role}", x=MANY, lower=-MANY, upper=MANY + 1)
        for role in (Role.PREDICTION, Role.CONFIDENCE)
    ]


def all_layers() -> list[Layer]:
    counts = np.arange(100).reshape(10, 10)
    edges = np.linspace(0, 1, 11)
    return [
        *bands(),
        Density(role=Role.DENSITY, label="many", counts=counts, x_edges=edges, y_edges=edges),
        Curve(role=Role.LINE, label="fit", x=MANY, y=MANY),
        Curve(role=Role.REFERENCE, label="reference", x=MANY, y=0 * MANY),
        dots([0.5], [0.5]),
    ]


def test_the_fallback_is_ascii() -> None:
    text = as_text(picture(*all_layers()), PLAIN)
    assert text.isascii()
    assert "^2" in as_text(Picture(title=("R² = 1",), panels=()), PLAIN)


def test_dots_are_braille_where_the_screen_has_it() -> None:
    text = as_text(picture(*all_layers()), Screen())
    assert BRAILLE & set(text)


def test_colours_are_used_only_where_they_are_allowed() -> None:
    assert "\x1b" not in as_text(picture(*all_layers()), Screen())
    colored = as_text(picture(*all_layers()), Screen(has_color=True))
    assert "\x1b[34m" in colored
    assert "\x1b[31m━━\x1b[0m fit" in colored


def test_signs_tell_the_layers_apart_without_colour() -> None:
    last = as_text(picture(*all_layers()), PLAIN).split("+\n")[-1]
    assert [
        character for character in ("..", "::", "oo", "##", "--") if f"{character} " not in last
    ] == []


def test_a_joined_line_has_no_gap_and_a_dotted_one_has() -> None:
    solid = Curve(role=Role.LINE, label="", x=np.array([0.0, 1]), y=np.array([0.0, 1]))
    columns = list(zip(*inside(as_text(picture(solid), PLAIN)), strict=True))
    assert set().union(*columns) == {"#", " "}
    assert all("#" in column for column in columns[2:-2])
    dotted = Curve(role=Role.REFERENCE, label="", x=np.array([0.0, 1]), y=np.array([0.0, 1]))
    dots_set = sum(
        (ord(character) - 0x2800).bit_count()
        for line in inside(as_text(picture(dotted), Screen()))
        for character in line
        if character in BRAILLE
    )
    assert dots_set <= len(columns)


def test_dashed_lines_of_one_legend_differ_without_colour() -> None:
    """Dots, short dashes and long dashes have runs of characters of their own."""
    drawn = {}
    for role in (Role.PREDICTION, Role.CONFIDENCE, Role.NORMAL, Role.REFERENCE, Role.TEST_LOSS):
        flat = Curve(role=role, label=f"{role}", x=np.array([0.0, 1]), y=np.zeros(2))
        text = as_text(picture(flat), Screen())
        [line] = [line for line in inside(text) if BRAILLE & set(line)]
        runs = {len(run) for run in re.findall(r"[^ \u2800]+", line)}
        drawn[role] = (max(runs), text.splitlines()[-1].split()[0])
    assert drawn[Role.PREDICTION] != drawn[Role.CONFIDENCE]
    assert drawn[Role.NORMAL] != drawn[Role.REFERENCE]
    assert drawn[Role.TEST_LOSS] != drawn[Role.REFERENCE]
    # how long a dash is tells which character the legend has
    assert len(set(drawn.values())) == len({character for _, character in drawn.values()}) == 3


def rings(*sizes: float) -> list[Contour]:
    angle = np.linspace(0, 2 * np.pi, 181)
    return [
        Contour(
            role=Role.CONTOUR, label="", x=size * np.cos(angle), y=size * np.sin(angle), level=size
        )
        for size in sizes
    ]


@pytest.mark.parametrize(("screen", "characters"), [(PLAIN, " .:"), (Screen(), " ·░")])
def test_shades_tell_how_small_a_loss_is(screen: Screen, characters: str) -> None:
    text = as_text(picture(*rings(4, 2), dots([0], [0], Role.OPTIMUM)), screen)
    rows = inside(text)
    assert set().union(*rows) - BRAILLE - {"*"} == set(characters)
    across = rows[HEIGHT // 2].strip()
    # half as wide inside as outside
    assert across.count(characters[2]) / len(across) == pytest.approx(1 / 2, abs=0.05)
    assert rows[HEIGHT // 2].index(characters[1]) < rows[2].index(characters[1])
    assert (
        text.splitlines()[-1]
        == f" loss:   {2 * characters[1]} below 4   {2 * characters[2]} below 2"
    )


def test_a_path_is_drawn_over_the_shades() -> None:
    path = Curve(role=Role.PATH, label="path", x=np.array([-4.0, 0]), y=np.zeros(2))
    colored = as_text(picture(*rings(4, 2), path), Screen(has_color=True))
    assert "\x1b[31m" in colored
    assert "░" in colored
    plain = inside(as_text(picture(*rings(4, 2), path), PLAIN))[HEIGHT // 2]
    assert re.fullmatch(r" *o{25,}:+\.+ *", plain)


@pytest.mark.parametrize("size", [1.0, 1e200, 1e-200])
def test_numbers_of_any_size_are_drawn_alike(size: float) -> None:
    layers = []
    for unit in (1.0, size):
        edges = np.linspace(0, 1, 11) * unit
        counts = np.arange(100).reshape(10, 10)
        layers.append(
            picture(
                Density(role=Role.DENSITY, label="", counts=counts, x_edges=edges, y_edges=edges),
                Curve(role=Role.LINE, label="", x=MANY * unit, y=MANY * unit),
            )
        )
    one, other = (inside(as_text(each, Screen())) for each in layers)
    assert one == other


def test_a_density_is_darker_where_there_are_more_points() -> None:
    counts = np.array([[1000, 30], [1, 0]])
    edges = np.array([0.0, 1, 2])
    density = Density(role=Role.DENSITY, label="", counts=counts, x_edges=edges, y_edges=edges)
    rows = inside(as_text(picture(density), Screen()))
    half, middle = HEIGHT // 2, len(rows[0]) // 2

    def dark(lines: list[str], start: int, end: int) -> int:
        characters = "".join(line[start:end] for line in lines)
        return sum(
            (ord(character) - 0x2800).bit_count()
            for character in characters
            if character in BRAILLE
        )

    lower, upper = rows[half + 1 :], rows[:half]
    shades = [
        dark(lower, 0, middle - 1),
        dark(upper, 0, middle - 1),
        dark(lower, middle + 1, -1),
        dark(upper, middle + 1, -1),
    ]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 4
    assert shades[-1] == 0


@pytest.mark.parametrize(
    ("scale", "y", "expected"),
    [
        ("log", [1.0, 1e8], {"1", "100", "10000", "1e+06"}),
        ("log", [20.0, 300.0], {"50", "100", "200"}),
        ("log", [1e-9, 1e-7], {"1e-08", "2e-08", "5e-08"}),
    ],
)
def test_a_log_axis_has_round_values(scale: Scale, y: list[float], expected: set[str]) -> None:
    line = Curve(role=Role.LOSS, label="loss", x=np.array([0.0, 1]), y=np.array(y))
    text = as_text(picture(line, y=Axis(label="loss", scale=scale)), PLAIN)
    assert expected <= set(text.split())


def test_an_axis_from_zero_has_room_for_0() -> None:
    line = Curve(role=Role.LOSS, label="", x=np.array([0.0, 999]), y=np.array([0.0, 1]))
    text = as_text(picture(line, x=Axis(label="epoch", scale="from zero")), PLAIN)
    ruler = text.splitlines()[-2]
    assert ruler.split() == ["0", "1", "10", "100", "1000"]
    # by hand: log10(1 + 999) = 3 is at the end, log10(1 + 100) = 2.004 at two thirds
    assert ruler.index("100 ") / ruler.index("1000") == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize("value", [0.0, 5.0, -1e300, 1e-300])
def test_one_value_has_room_around_it(value: float) -> None:
    text = as_text(picture(dots([value], [value])), PLAIN)
    assert sum("o" in line for line in inside(text)) == 1


def test_control_characters_of_names_are_shown_escaped() -> None:
    text = as_text(picture(dots([0, 1], [0, 1]), x=Axis(label="\x1b[31m\nx")), PLAIN)
    assert "\\x1b[31m\\nx" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("encoding", "is_terminal", "environment", "expected"),
    [
        ("utf-8", True, {"TERM": "xterm"}, Screen(has_color=True)),
        ("utf-8", False, {"TERM": "xterm"}, Screen()),
        ("utf-8", False, {"TERM": "dumb"}, Screen(has_unicode=False)),
        ("utf-8", True, {"TERM": "xterm", "NO_COLOR": "1"}, Screen()),
        ("utf-8", True, {"TERM": "dumb"}, Screen(has_unicode=False)),
        ("latin-1", True, {"TERM": "xterm"}, Screen(has_color=True, has_unicode=False)),
        ("ascii", False, {"COLUMNS": "99"}, Screen(width=99, has_unicode=False)),
    ],
)
def test_the_screen_is_what_standard_output_can_show(
    *,
    encoding: str,
    is_terminal: bool,
    environment: dict[str, str],
    expected: Screen,
) -> None:
    output = mock.Mock(encoding=encoding, isatty=lambda: is_terminal)
    environment = {"COLUMNS": "80"} | environment
    with (
        mock.patch.object(sys, "stdout", output),
        mock.patch.dict(os.environ, environment, clear=True),
    ):
        assert standard_output_screen() == expected
