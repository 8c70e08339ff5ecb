"""Where the layers of a panel set dots in a terminal."""

import numpy as np

from linreg_cli.exact import Floats, Int64s
from linreg_cli.output.plots.picture import (
    FEW_DOTS,
    Band,
    Contour,
    Curve,
    Density,
    Dots,
    Layer,
    Panel,
    Role,
)
from linreg_cli.output.plots.plot_area import PlotArea
from linreg_cli.output.plots.scales import place
from linreg_cli.output.plots.text_looks import LOOKS

_DOTS_A_CHARACTER = 2
"""Dots of a dash for each character along the curve."""
_HALFTONE = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
"""The order in which dots turn dark as the density grows: B. Bayer, IEEE ICC (1973)."""


def dots_of(layer: Layer, panel: Panel, area: PlotArea) -> tuple[Floats, Floats]:
    """Return where a layer sets dots, or the corners of its lines, in the units of the area."""
    if isinstance(layer, Density):
        return _halftone(layer, area)
    x, y = area.in_units(*points_of(layer, panel, area.width))
    if area.across > 1 and layer.role is Role.TEST_ROWS:
        return _crossed(x, y, area)
    if area.across > 1 and isinstance(layer, Dots) and len(x) <= FEW_DOTS:
        return _enlarged(x, y, area)
    return x, y


def points_of(layer: Layer, panel: Panel, width: int) -> tuple[Floats, Floats]:
    """Return the points of a layer as the scales place them; for a density, its corners."""
    if isinstance(layer, Density):
        return layer.x_edges[[0, -1]], layer.y_edges[[0, -1]]
    if isinstance(layer, Contour):
        return layer.x, layer.y
    look = LOOKS[layer.role]
    ends = (layer.lower, layer.upper) if isinstance(layer, Band) else (layer.y,)
    curves = [(place(layer.x, panel.x.scale), place(y, panel.y.scale)) for y in ends]
    if not isinstance(layer, Dots) and not look.is_joined:
        count = max(2, int(width * _share(layer, panel)))
        curves = [_dashed(x, y, count, look.dash) for x, y in curves]
    x, y = (np.concatenate(part) for part in zip(*curves, strict=True))
    return x, y


def _share(layer: Curve | Band, panel: Panel) -> float:
    """Return the share of an axis of names over which a layer reaches; 1 on other axes."""
    return float(np.ptp(layer.x)) / len(panel.x.names) if panel.x.names else 1.0


def _dashed(x: Floats, y: Floats, count: int, dash: int) -> tuple[Floats, Floats]:
    """Return dots at equal distances along a curve, which differs from a line without colour.

    Single dots are two characters apart; dashes have gaps of the same length.
    """
    # as shares of the largest, so that float64 holds each difference
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


def _halftone(layer: Density, area: PlotArea) -> tuple[Floats, Floats]:
    """Return dots in proportion to the logarithm of the number of points."""
    columns, rows = area.columns, area.rows
    x_edges, y_edges = area.in_units(layer.x_edges, layer.y_edges)
    counts, x_edges = _widened(layer.counts, x_edges, columns[1] - columns[0])
    counts, y_edges = _widened(counts.T, y_edges, rows[1] - rows[0])
    padded = np.pad(counts.T, 1)  # no points beyond the edges
    i = np.searchsorted(x_edges, columns, side="right")
    j = np.searchsorted(y_edges, rows, side="right")
    shade = np.log1p(padded[np.ix_(i, j)]) / np.log1p(counts.max())
    order = np.tile(_HALFTONE, (1 + len(columns) // 4, 1 + len(rows) // 4))
    dark = shade * _HALFTONE.size > order[: len(columns), : len(rows)]
    x, y = np.nonzero(dark & (shade > 0))
    return columns[x], rows[y]


def _enlarged(x: Floats, y: Floats, area: PlotArea) -> tuple[Floats, Floats]:
    """Return four dots for each point, which are visible beside a line."""
    right, up = x + area.columns[1] - area.columns[0], y + area.rows[1] - area.rows[0]
    return np.concatenate([x, right, x, right]), np.concatenate([y, y, up, up])


def _crossed(x: Floats, y: Floats, area: PlotArea) -> tuple[Floats, Floats]:
    """Return a cross of dots for each point, which differs from a single dot without colour."""
    right, up = area.columns[1] - area.columns[0], area.rows[1] - area.rows[0]
    return np.concatenate([x, x - right, x + right, x, x]), np.concatenate(
        [y, y, y, y - up, y + up]
    )


def _widened(counts: Int64s, edges: Floats, dot: float) -> tuple[Int64s, Floats]:
    """Join bins along the first axis until each is at least as wide as a dot."""
    step = int(np.ceil(dot / (edges[1] - edges[0])))
    starts = np.arange(0, len(counts), step)
    return np.add.reduceat(counts, starts, axis=0), np.append(edges[starts], edges[-1])
