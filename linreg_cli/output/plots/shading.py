"""The loss surface of a terminal: characters that are darker where the loss is smaller."""

import re

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Floats
from linreg_cli.output.plots.picture import Contour, Panel
from linreg_cli.output.plots.plot_area import HEIGHT, PlotArea, centers
from linreg_cli.output.plots.screen import Screen

_SHADES = {True: " ·░▒▓█", False: " .:=%@"}
"""Darker characters for smaller losses: Unicode, and ASCII; blank above the outermost contour."""
_CELL = re.compile(r"((?:\x1b\[[0-9;]*m)*)(.)((?:\x1b\[0m)?)")
"""A character with its colour."""
_EMPTY = " \N{BRAILLE PATTERN BLANK}"


def _contours(panel: Panel, screen: Screen) -> list[Contour]:
    """Return the contours that have a shade, the outermost first."""
    found = [layer for layer in panel.layers if isinstance(layer, Contour)]
    return found[: len(_SHADES[screen.has_unicode]) - 1]


def shaded(lines: list[str], panel: Panel, area: PlotArea, screen: Screen) -> list[str]:
    """Return the lines of a frame, their blanks shaded by the number of contours around them."""
    contours = _contours(panel, screen)
    if not contours:
        return lines
    shades = _SHADES[screen.has_unicode]
    columns, rows = centers(area.x, area.width), centers(area.y, HEIGHT)[::-1]
    levels = sum(_is_inside(*area.in_units(c.x, c.y), columns, rows).astype(int) for c in contours)
    shaded = [*lines]
    for i, row in enumerate(np.asarray(levels).tolist(), start=1):
        cells = _CELL.findall(lines[i])
        shaded[i] = "".join(
            before
            + (shades[row[j - 1]] if 1 <= j <= len(row) and character in _EMPTY else character)
            + after
            for j, (before, character, after) in enumerate(cells)
        )
    return shaded


def _is_inside(x: Floats, y: Floats, columns: Floats, rows: Floats) -> npt.NDArray[np.bool_]:
    """Return which places are inside a closed curve, shape (rows, columns).

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


def legend_of_shades(panel: Panel, screen: Screen) -> list[str]:
    """Return the entries of a legend: below which loss each shade is."""
    shades = _SHADES[screen.has_unicode]
    contours = _contours(panel, screen)
    entries = [
        f"{2 * shade} below {contour.level:.3g}"
        for shade, contour in zip(shades[1:], contours, strict=False)
    ]
    return ["loss:", *entries] if entries else []
