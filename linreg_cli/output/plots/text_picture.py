"""A picture as text: braille dots where the terminal can show them, ASCII where it cannot."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

import numpy as np

from linreg_cli.output.plots.picture import Contour, Layer, Panel, Picture, Scale
from linreg_cli.output.plots.plot_area import BESIDE, HEIGHT, MIN_WIDTH, PlotArea, width_on
from linreg_cli.output.plots.scales import place, round_values
from linreg_cli.output.plots.screen import Screen
from linreg_cli.output.plots.shading import legend_of_shades, shaded
from linreg_cli.output.plots.text_dots import dots_of, points_of
from linreg_cli.output.plots.text_looks import LOOKS, legend_characters
from linreg_cli.output.terminal import cut, escape

_SHORTEST_NAME = 3
"""Characters to which a name below an axis is cut at most."""
_GAP = "   "
"""Between two entries of a legend."""
_PLAIN = str.maketrans({
    "┌": "+", "┐": "+", "└": "+", "┘": "+", "─": "-", "│": "|", "²": "^2", "√": "root of ",
    "×": "*", "\N{MINUS SIGN}": "-",
})  # fmt: skip


def as_text(picture: Picture, screen: Screen) -> str:
    """Return a picture as text, one panel below the other."""
    lines = [line for text in picture.title for line in wrap(escape(text), screen.width)]
    for panel in picture.panels:
        lines += ["", *_draw(panel, screen)]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text if screen.has_unicode else text.translate(_PLAIN)


def _draw(panel: Panel, screen: Screen) -> list[str]:
    area = _area_of(panel, screen)
    lines = shaded(_inside(panel, area, screen), panel, area, screen)
    if panel.y.scale != "linear":
        for row, value in _ticks(panel.y.scale, area.y, HEIGHT).items():
            lines[HEIGHT - row] += f" {value}"
    if panel.x.names:
        lines.append(_names_below(panel.x.names, area))
    elif panel.x.scale != "linear":
        lines.append(_ruler(_ticks(panel.x.scale, area.x, area.width)))
    above = ": ".join(filter(None, [panel.title, panel.y.label]))
    legend = [_legend_entry(layer, screen) for layer in panel.layers if layer.label]
    shades = [(entry, entry) for entry in legend_of_shades(panel, screen)]
    return [
        *wrap(escape(above), screen.width),
        *lines,
        *(line.center(area.width) for line in wrap(escape(panel.x.label), area.width)),
        *_in_lines(legend, screen.width),
        *_in_lines(shades, screen.width),
    ]


def _area_of(panel: Panel, screen: Screen) -> PlotArea:
    """Return the area that holds all layers of a panel."""
    width = width_on(screen)
    points = (points_of(layer, panel, width) for layer in panel.layers)
    x, y = (np.concatenate(values) for values in zip(*points, strict=True))
    return PlotArea.around(x, y, screen)


def _inside(panel: Panel, area: PlotArea, screen: Screen) -> list[str]:
    """Return the lines of the frame and of what is inside, with round values beside linear axes."""
    from uniplot import plot_to_string

    drawn = [layer for layer in panel.layers if not isinstance(layer, Contour)]
    series = [dots_of(layer, panel, area) for layer in drawn]
    looks = [LOOKS[layer.role] for layer in drawn]
    return plot_to_string(
        xs=[x for x, _ in series],
        ys=[y for _, y in series],
        lines=[look.is_joined for look in looks],
        color=[look.color for look in looks] if screen.has_color else False,
        character_set="braille" if screen.has_unicode else "ascii",
        force_ascii_characters=[look.ascii_character for look in looks],
        width=area.width,
        height=HEIGHT,
        line_length_hard_cap=max(screen.width, MIN_WIDTH + BESIDE),
        x_min=area.x[0],
        x_max=area.x[1],
        y_min=area.y[0],
        y_max=area.y[1],
        x_gridlines=[],
        y_gridlines=[],
        x_unit=f"e{area.x_unit}" if area.x_unit else "",
        y_unit=f"e{area.y_unit}" if area.y_unit else "",
        x_labels=panel.x.scale == "linear" and not panel.x.names,
        y_labels=panel.y.scale == "linear",
    ).split("\n")


def _ticks(scale: Scale, limits: tuple[float, float], length: int) -> dict[int, str]:
    """Return round values of an axis that is not linear, by the character at which each is."""
    low, high = limits
    values = round_values(low, high, scale)
    shares = (place(values, scale) - low) / (high - low)
    return {
        int(share * length): f"{value:g}"
        for share, value in zip(shares.tolist(), values.tolist(), strict=True)
    }


def _names_below(names: Sequence[str], area: PlotArea) -> str:
    """Write the names of the values 0, 1, 2, ... below an axis, each at its place.

    A name is cut to the room between two values, and left out where there is none.
    """
    low, high = area.x
    per_value = area.width / (high - low)
    line = ""
    for number, name in enumerate(names):
        text = cut(escape(name), max(int(per_value) - 1, _SHORTEST_NAME))
        middle = 1 + int((number - low) * per_value)
        start = max(middle - len(text) // 2, len(line) + bool(line))
        if start <= middle:
            line = line.ljust(start) + text
    return line


def _ruler(ticks: Mapping[int, str]) -> str:
    """Write values below an axis, each at its place, and leave out those without area."""
    line = ""
    for column, value in ticks.items():
        start = 1 + column - len(value) // 2
        if start > len(line):
            line = line.ljust(start) + value
    return line


def _legend_entry(layer: Layer, screen: Screen) -> tuple[str, str]:
    """Return the entry of a layer, without its colour and with it."""
    from uniplot.colors import Color

    look = LOOKS[layer.role]
    characters = legend_characters(layer) if screen.has_unicode else 2 * look.ascii_character
    plain = f"{characters} {layer.label}"
    if not screen.has_color:
        return plain, plain
    return plain, f"{Color.from_terminal(look.color).colorize(characters)} {layer.label}"


def _in_lines(entries: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Join the entries of a legend into lines that fit a width, without a break inside an entry.

    Each entry is a pair: the visible text, which is measured, and the text to print.
    """
    lines: list[str] = []
    used = 0
    for visible, printed in entries:
        if not lines or used + len(_GAP) + len(visible) > width:
            lines.append(f" {printed}")
            used = 1 + len(visible)
        else:
            lines[-1] += _GAP + printed
            used += len(_GAP) + len(visible)
    return lines
