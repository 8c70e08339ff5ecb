"""Pictures as text: braille dots where the terminal can show them, ASCII where it cannot."""

import math
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Self

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Floats
from linreg_cli.output.plots.picture import (
    FEW_DOTS,
    Band,
    Contour,
    Counts,
    Density,
    Dots,
    Layer,
    Panel,
    Picture,
    Role,
    Scale,
)
from linreg_cli.output.plots.scales import place, round_values, with_room
from linreg_cli.output.terminal import escape

HEIGHT = 17
"""Lines of the room inside the axes."""
MARGIN = 0.02
"""Of the axes, around what is drawn."""
MIN_UNIT = -307
"""The least power of ten that float64 has all digits of."""
MAX_EXPONENT = 100
_BESIDE = 16
"""Characters for the frame and the numbers beside it."""
_SMALLEST_WIDTH = 20
_DOTS = {True: (2, 4), False: (1, 1)}
"""How many dots a character has, across and down: braille, and ASCII."""
_DOTS_A_CHARACTER = 2
"""Of a dash, along the curve."""
_HALFTONE = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
"""The order in which dots turn dark as the density grows: B. Bayer, IEEE ICC (1973)."""
_POOR = {"dumb", "linux"}
"""Terminals without braille; linux is the console without a window system."""
_SHADES = {True: " ·░▒▓█", False: " .:=%@"}
"""The darker, the smaller the loss: Unicode, and ASCII. Above the outermost contour: blank."""
_CELL = re.compile(r"((?:\x1b\[[0-9;]*m)*)(.)((?:\x1b\[0m)?)")
"""A character with its colour."""
_EMPTY = " \N{BRAILLE PATTERN BLANK}"
_PLAIN = str.maketrans({
    "┌": "+", "┐": "+", "└": "+", "┘": "+", "─": "-", "│": "|", "²": "^2", "√": "root of ",
    "×": "*", "\N{MINUS SIGN}": "-",
})  # fmt: skip


@dataclass(frozen=True)
class _Look:
    """How a role is drawn.

    Attributes
    ----------
    color, sign
        Its colour, and its sign in ASCII.
    is_joined
        Whether its points are joined by a line.
    dash
        Of a curve that is not: how long its dashes are, in characters; 0 for single dots.

    """

    color: str
    sign: str
    is_joined: bool = False
    dash: int = 0


_LOOKS = {
    Role.ROWS: _Look("blue", "o"),
    Role.TEST_ROWS: _Look("yellow", "+"),
    Role.DENSITY: _Look("blue", "o"),
    Role.EXTREMES: _Look("cyan", "x"),
    Role.PREDICTION: _Look("yellow", "."),
    Role.CONFIDENCE: _Look("green", ":", dash=3),
    Role.LINE: _Look("red", "#", is_joined=True),
    Role.REFERENCE: _Look("red", "-", dash=3),
    Role.NORMAL: _Look("red", "."),
    Role.LOSS: _Look("blue", "o", is_joined=True),
    Role.TEST_LOSS: _Look("yellow", "x", dash=1),
    Role.PATH: _Look("red", "o", is_joined=True),
    Role.OPTIMUM: _Look("green", "*"),
}


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What plots are drawn for: its width in characters, colours, and Unicode."""

    width: int = 80
    has_color: bool = False
    has_unicode: bool = True


def screen() -> Screen:
    """Tell what standard output can show: no colour in a file, and no Unicode on some terminals."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    is_poor = os.environ.get("TERM") in _POOR  # in a pipe too, which often ends on this terminal
    return Screen(
        width=shutil.get_terminal_size().columns,
        has_color=is_terminal and not is_poor and "NO_COLOR" not in os.environ,
        has_unicode=encoding.lower().startswith("utf") and not is_poor,
    )


def as_text(picture: Picture, screen: Screen) -> str:
    """Draw a picture, one panel below the other."""
    lines = [line for text in picture.title for line in wrap(escape(text), screen.width)]
    for panel in picture.panels:
        lines += ["", *_draw(panel, screen)]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text if screen.has_unicode else text.translate(_PLAIN)


@dataclass(frozen=True, kw_only=True)
class _Room:
    """The room between the axes.

    Attributes
    ----------
    width
        In characters.
    across, down
        How many dots a character has.
    x_unit, y_unit
        The power of ten that is counted in: not 0 only for numbers whose squares float64 cannot
        hold.
    x, y
        The limits, in these units.

    """

    width: int
    across: int
    down: int
    x_unit: int
    y_unit: int
    x: tuple[float, float]
    y: tuple[float, float]

    @classmethod
    def of(cls, panel: Panel, screen: Screen) -> Self:
        """Make room for all that a panel shows."""
        width = max(_SMALLEST_WIDTH, screen.width - _BESIDE)
        across, down = _DOTS[screen.has_unicode]
        xs, ys = zip(*(_points(layer, panel, width) for layer in panel.layers), strict=True)
        (x_unit, x), (y_unit, y) = (_unit_and_limits(np.concatenate(values)) for values in (xs, ys))
        return cls(width=width, across=across, down=down, x_unit=x_unit, y_unit=y_unit, x=x, y=y)

    def counted(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Give values in the units of the room."""
        return x / 10.0**self.x_unit, y / 10.0**self.y_unit

    @property
    def columns(self) -> Floats:
        """Where the columns of dots are."""
        return _centers(self.x, self.across * self.width)

    @property
    def rows(self) -> Floats:
        """Where the rows of dots are."""
        return _centers(self.y, self.down * HEIGHT)


def _draw(panel: Panel, screen: Screen) -> list[str]:
    room = _Room.of(panel, screen)
    lines = _shaded(_inside(panel, room, screen), panel, room, screen)
    if panel.y.scale != "linear":
        for row, value in _ticks(panel.y.scale, room.y, HEIGHT).items():
            lines[HEIGHT - row] += f" {value}"
    if panel.x.scale != "linear":
        lines.append(_ruler(_ticks(panel.x.scale, room.x, room.width)))
    above = ": ".join(filter(None, [panel.title, panel.y.label]))
    return [
        *wrap(escape(above), screen.width),
        *lines,
        *(line.center(room.width) for line in wrap(escape(panel.x.label), room.width)),
        *_legend(panel.layers, screen),
        *_legend_of_shades(panel, screen),
    ]


def _inside(panel: Panel, room: _Room, screen: Screen) -> list[str]:
    """Draw the frame and what is in it, and round values beside linear axes."""
    from uniplot import plot_to_string

    drawn = [layer for layer in panel.layers if not isinstance(layer, Contour)]
    series = [_dots(layer, panel, room) for layer in drawn]
    looks = [_LOOKS[layer.role] for layer in drawn]
    return plot_to_string(
        xs=[x for x, _ in series],
        ys=[y for _, y in series],
        lines=[look.is_joined for look in looks],
        color=[look.color for look in looks] if screen.has_color else False,
        character_set="braille" if screen.has_unicode else "ascii",
        force_ascii_characters=[look.sign for look in looks],
        width=room.width,
        height=HEIGHT,
        line_length_hard_cap=max(screen.width, _SMALLEST_WIDTH + _BESIDE),
        x_min=room.x[0],
        x_max=room.x[1],
        y_min=room.y[0],
        y_max=room.y[1],
        x_gridlines=[],
        y_gridlines=[],
        x_unit=f"e{room.x_unit}" if room.x_unit else "",
        y_unit=f"e{room.y_unit}" if room.y_unit else "",
        x_labels=panel.x.scale == "linear",
        y_labels=panel.y.scale == "linear",
    ).split("\n")


def _contours(panel: Panel, screen: Screen) -> list[Contour]:
    """Return the contours that have a shade of their own, the outermost first."""
    found = [layer for layer in panel.layers if isinstance(layer, Contour)]
    return found[: len(_SHADES[screen.has_unicode]) - 1]


def _shaded(lines: list[str], panel: Panel, room: _Room, screen: Screen) -> list[str]:
    """Shade what is empty in a frame by how many contours are around it."""
    contours = _contours(panel, screen)
    if not contours:
        return lines
    shades = _SHADES[screen.has_unicode]
    columns, rows = _centers(room.x, room.width), _centers(room.y, HEIGHT)[::-1]
    levels = sum(_is_inside(*room.counted(c.x, c.y), columns, rows).astype(int) for c in contours)
    shaded = [*lines]
    for i, row in enumerate(np.asarray(levels).tolist(), start=1):
        cells = _CELL.findall(lines[i])
        shaded[i] = "".join(
            before + (shades[row[j - 1]] if 1 <= j <= len(row) and sign in _EMPTY else sign) + after
            for j, (before, sign, after) in enumerate(cells)
        )
    return shaded


def _is_inside(x: Floats, y: Floats, columns: Floats, rows: Floats) -> npt.NDArray[np.bool_]:
    """Tell which places are inside a closed curve, shape (rows, columns).

    A ray to the right crosses the curve an odd number of times.
    """
    x0, y0, x1, y1 = x[:-1], y[:-1], x[1:], y[1:]
    inside = np.zeros((len(rows), len(columns)), dtype=bool)
    for i, height in enumerate(rows.tolist()):
        crossed = (y0 > height) != (y1 > height)
        share = (height - y0[crossed]) / (y1[crossed] - y0[crossed])
        at = x0[crossed] + share * (x1[crossed] - x0[crossed])
        inside[i] = (at[:, np.newaxis] > columns).sum(axis=0) % 2 == 1
    return inside


def _legend_of_shades(panel: Panel, screen: Screen) -> list[str]:
    """Say below which loss each shade is."""
    shades = _SHADES[screen.has_unicode]
    contours = _contours(panel, screen)
    entries = [
        f"{2 * shade} below {contour.level:.3g}"
        for shade, contour in zip(shades[1:], contours, strict=False)
    ]
    return _in_lines(["loss:", *entries], screen.width) if entries else []


def _in_lines(entries: Sequence[str], width: int) -> list[str]:
    """Join entries into lines that fit a width, without a break inside one."""
    lines = [""]
    for entry in entries:
        gap = "   " if lines[-1].strip() else " "
        if lines[-1] and len(lines[-1]) + len(gap) + len(entry) > width:
            lines.append("")
            gap = " "
        lines[-1] += gap + entry
    return lines


def _dots(layer: Layer, panel: Panel, room: _Room) -> tuple[Floats, Floats]:
    """Give where a layer sets dots, or the corners of its lines."""
    if isinstance(layer, Density):
        return _halftone(layer, room)
    x, y = room.counted(*_points(layer, panel, room.width))
    if room.across > 1 and layer.role is Role.TEST_ROWS:
        return _crossed(x, y, room)
    if room.across > 1 and isinstance(layer, Dots) and len(x) <= FEW_DOTS:
        return _enlarged(x, y, room)
    return x, y


def _points(layer: Layer, panel: Panel, width: int) -> tuple[Floats, Floats]:
    """Give the points of a layer, as the scales place them; of a density, its corners."""
    if isinstance(layer, Density):
        return layer.x_edges[[0, -1]], layer.y_edges[[0, -1]]
    if isinstance(layer, Contour):
        return layer.x, layer.y
    look = _LOOKS[layer.role]
    ends = (layer.lower, layer.upper) if isinstance(layer, Band) else (layer.y,)
    curves = [(place(layer.x, panel.x.scale), place(y, panel.y.scale)) for y in ends]
    if not isinstance(layer, Dots) and not look.is_joined:
        curves = [_dashed(x, y, width, look.dash) for x, y in curves]
    x, y = (np.concatenate(part) for part in zip(*curves, strict=True))
    return x, y


def _dashed(x: Floats, y: Floats, count: int, dash: int) -> tuple[Floats, Floats]:
    """Set dots along a curve, as far apart as they look: told from a line without colour.

    Single dots are two characters apart; dashes have gaps of the same length.
    """
    # next to the largest, so that no difference is beyond float64
    sizes = [float(np.abs(part).max()) or 1.0 for part in (x, y)]
    small = [part / size for part, size in zip((x, y), sizes, strict=True)]
    steps = [np.diff(part) / (np.ptp(part) or 1) for part in small]
    along = np.append(0, np.cumsum(np.hypot(*steps)))
    at = np.linspace(0, along[-1], count // 2)
    if dash:
        at = np.linspace(0, along[-1], _DOTS_A_CHARACTER * count)
        at = at[np.arange(len(at)) // (_DOTS_A_CHARACTER * dash) % 2 == 0]
    x, y = (np.interp(at, along, part) * size for part, size in zip(small, sizes, strict=True))
    return x, y


def _unit_and_limits(values: Floats) -> tuple[int, tuple[float, float]]:
    """Give the power of ten to count in, and the range of values with a margin."""
    size = float(np.abs(values).max())
    exponent = math.floor(math.log10(size)) if size else 0
    unit = max(exponent, MIN_UNIT) if abs(exponent) > MAX_EXPONENT else 0
    low, high = with_room(float(values.min()) / 10.0**unit, float(values.max()) / 10.0**unit)
    margin = MARGIN * (high - low)
    return unit, (low - margin, high + margin)


def _halftone(layer: Density, room: _Room) -> tuple[Floats, Floats]:
    """Set more dots where there are more points, in proportion to the logarithm."""
    columns, rows = room.columns, room.rows
    x_edges, y_edges = room.counted(layer.x_edges, layer.y_edges)
    counts, x_edges = _widened(layer.counts, x_edges, columns[1] - columns[0])
    counts, y_edges = _widened(counts.T, y_edges, rows[1] - rows[0])
    padded = np.pad(counts.T, 1)  # beyond the edges there is nothing
    i = np.searchsorted(x_edges, columns, side="right")
    j = np.searchsorted(y_edges, rows, side="right")
    shade = np.log1p(padded[np.ix_(i, j)]) / np.log1p(counts.max())
    order = np.tile(_HALFTONE, (1 + len(columns) // 4, 1 + len(rows) // 4))
    dark = shade * _HALFTONE.size > order[: len(columns), : len(rows)]
    x, y = np.nonzero(dark & (shade > 0))
    return columns[x], rows[y]


def _enlarged(x: Floats, y: Floats, room: _Room) -> tuple[Floats, Floats]:
    """Make four dots of each, so that they are seen beside a line."""
    right, up = x + room.columns[1] - room.columns[0], y + room.rows[1] - room.rows[0]
    return np.concatenate([x, right, x, right]), np.concatenate([y, y, up, up])


def _crossed(x: Floats, y: Floats, room: _Room) -> tuple[Floats, Floats]:
    """Make a cross of dots of each, which tells it from a single dot without colour."""
    right, up = room.columns[1] - room.columns[0], room.rows[1] - room.rows[0]
    return np.concatenate([x, x - right, x + right, x, x]), np.concatenate(
        [y, y, y, y - up, y + up]
    )


def _centers(limits: tuple[float, float], count: int) -> Floats:
    low, high = limits
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _widened(counts: Counts, edges: Floats, dot: float) -> tuple[Counts, Floats]:
    """Join bins along the first axis until none is narrower than a dot."""
    step = int(np.ceil(dot / (edges[1] - edges[0])))
    starts = np.arange(0, len(counts), step)
    return np.add.reduceat(counts, starts, axis=0), np.append(edges[starts], edges[-1])


def _ticks(scale: Scale, limits: tuple[float, float], room: int) -> dict[int, str]:
    """Give round values on an axis that is not linear, by the character that each is at."""
    low, high = limits
    values = round_values(low, high, scale)
    shares = (place(values, scale) - low) / (high - low)
    return {
        int(share * room): f"{value:g}"
        for share, value in zip(shares.tolist(), values.tolist(), strict=True)
    }


def _ruler(ticks: Mapping[int, str]) -> str:
    """Write values below an axis, each at its place, and leave out those without room."""
    line = ""
    for column, value in ticks.items():
        start = 1 + column - len(value) // 2
        if start > len(line):
            line = line.ljust(start) + value
    return line


def _legend(layers: Sequence[Layer], screen: Screen) -> list[str]:
    """Name the layers, in as few lines as they fit in."""
    from uniplot.colors import Color

    lines, used = [""], 0
    for layer in layers:
        if not layer.label:
            continue
        look = _LOOKS[layer.role]
        sign = _sign(layer) if screen.has_unicode else look.sign * 2
        entry = f"{sign} {layer.label}"
        if used and used + 3 + len(entry) > screen.width:
            lines, used = [*lines, ""], 0
        if screen.has_color:
            sign = Color.from_terminal(look.color).colorize(sign)
        gap = "   " if used else " "
        lines[-1] += f"{gap}{sign} {layer.label}"
        used += len(gap) + len(entry)
    return lines


def _sign(layer: Layer) -> str:
    if isinstance(layer, Density):
        return "░▒"
    if isinstance(layer, Dots):
        return "++" if layer.role is Role.TEST_ROWS else "••"
    look = _LOOKS[layer.role]
    return "━━" if look.is_joined else {0: "··", 1: "┄┄"}.get(look.dash, "╌╌")
