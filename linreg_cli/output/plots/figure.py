"""A picture as a figure of matplotlib."""

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from linreg_cli.output.plots.file_looks import LOOKS
from linreg_cli.output.plots.file_ticks import set_names, set_ticks
from linreg_cli.output.plots.picture import (
    FEW_DOTS,
    Band,
    Contour,
    Density,
    Dots,
    Layer,
    Panel,
    Picture,
    Role,
)
from linreg_cli.output.terminal import escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

_NAMED_CONTOURS = 3
"""Number of contours, the outermost ones, that have room for their loss."""
COLUMN_WIDTH, PAGE_WIDTH = 3.5, 7.2
"""Widths in a journal with two columns, in inches."""
PANEL_HEIGHT = 2.6
_TITLE_LINE = 0.16
_PANELS_ACROSS, _DENSITIES_ACROSS = 3, 2
_MARGIN, _MARGIN_OF_NAMES = 0.03, 0.1
_LARGER = 2
"""The dots of few rows are this many times as wide."""
_PALEST = 0.2
"""The share of the colours of a density at which a bin with one row is, to be visible on white."""
_CHARACTERS_PER_INCH = 16
_BESIDE, _BAR = 0.8, 0.7
"""Inches beside a panel: for the numbers of its axis, and for the colour bar of a density."""
_LABEL_CHARACTERS, _LABEL_LINES, _TITLE_LINES = 36, 3, 4
"""The room of a panel."""
_CHARACTERS_UP = 30
"""The characters of a label that fit beside a panel."""


def draw_figure(picture: Picture) -> "Figure":
    """Return the figure of a picture."""
    from matplotlib.figure import Figure

    count = len(picture.panels)
    across = min(count, _DENSITIES_ACROSS if any(map(_has_bar, picture.panels)) else _PANELS_ACROSS)
    down = -(-count // across)
    width = COLUMN_WIDTH if across == 1 else PAGE_WIDTH
    characters = int(width * _CHARACTERS_PER_INCH)
    title = [line for text in picture.title for line in _lines(text, characters, _TITLE_LINES)]
    height = PANEL_HEIGHT * down + _TITLE_LINE * len(title)
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(down, across, squeeze=False).flatten().tolist()
    named: dict[str, Any] = {}
    is_one_label = len({panel.y.label for panel in picture.panels}) == 1
    for i, (ax, panel) in enumerate(zip(axes, picture.panels, strict=False)):
        named |= _draw_panel(ax, panel, width / across)
        if is_one_label and i % across:  # the first panel of a row has it
            ax.set_ylabel("")
    for ax in axes[count:]:
        ax.remove()
    figure.suptitle("\n".join(title), fontsize=9, parse_math=False)
    if named:
        columns = 2 if across == 1 else 4
        figure.legend(named.values(), named.keys(), loc="outside lower center", ncols=columns)
    return figure


def _has_bar(panel: Panel) -> bool:
    return any(isinstance(layer, Density) for layer in panel.layers)


def _draw_panel(ax: "Axes", panel: Panel, width: float) -> dict[str, Any]:
    """Draw a panel in a width in inches; return what a legend shows for each label."""
    if panel.y.scale == "log":
        ax.set_yscale("log")
    if panel.x.scale == "from zero":
        ax.set_xscale("function", functions=(np.log1p, np.expm1))
    if panel.has_equal_units:
        ax.set_aspect("equal", adjustable="datalim")
    has_contours = any(isinstance(layer, Contour) for layer in panel.layers)
    ax.margins(_MARGIN_OF_NAMES if has_contours else _MARGIN)
    handles = {layer.label: _draw_layer(ax, layer) for layer in panel.layers}
    _name_contours(ax, panel)
    inside = width - _BESIDE - _BAR * _has_bar(panel)
    across = min(_LABEL_CHARACTERS, int(_CHARACTERS_PER_INCH * inside))
    # a name with dollar signs is not a formula
    for axis, label, characters in (
        (ax.xaxis, panel.x.label, across),
        (ax.yaxis, panel.y.label, _CHARACTERS_UP),
    ):
        lines = _lines(label, characters, _LABEL_LINES)
        axis.set_label_text("\n".join(lines), parse_math=False)
    title = _lines(panel.title, across, _LABEL_LINES)
    ax.set_title("\n".join(title), fontsize=8, parse_math=False)
    if panel.x.names:
        set_names(ax, panel.x.names, _CHARACTERS_PER_INCH * inside)
    else:
        set_ticks(ax.xaxis, panel.x.scale, _CHARACTERS_PER_INCH * inside)
    set_ticks(ax.yaxis, panel.y.scale)
    return {label: handle for label, handle in handles.items() if label and handle is not None}


def _name_contours(ax: "Axes", panel: Panel) -> None:
    """Write the loss at the top of the outermost contours."""
    contours = [layer for layer in panel.layers if isinstance(layer, Contour)]
    for contour in contours[:_NAMED_CONTOURS]:
        top = contour.y.argmax()
        ax.annotate(
            f"{contour.level:.3g}",
            (contour.x[top], contour.y[top]),
            ha="center",
            va="center",
            fontsize=6,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        )


def _lines(text: str, characters: int, count: int) -> list[str]:
    """Break a text into lines, and cut it after the last line that fits."""
    lines = wrap(escape(text), characters)
    return lines if len(lines) <= count else [*lines[: count - 1], f"{lines[count - 1][:-1]}…"]


def _draw_layer(ax: "Axes", layer: Layer) -> Any:  # noqa: ANN401  # what a legend takes
    """Draw a layer; return what a legend shows for it, or None."""
    look = LOOKS[layer.role]
    if isinstance(layer, Density):
        return _draw_density(ax, layer, look)
    if isinstance(layer, Band):
        color, alpha = look["color"], look["alpha"]
        edge: dict[str, Any] = {"color": color, "linestyle": look["linestyle"], "linewidth": 0.6}
        fill = ax.fill_between(
            layer.x, layer.lower, layer.upper, color=color, alpha=alpha, linewidth=0
        )
        (line,) = ax.plot(layer.x, layer.lower, **edge)
        ax.plot(layer.x, layer.upper, **edge)
        return fill, line
    if isinstance(layer, Dots):
        is_large = layer.role in {Role.ROWS, Role.TEST_ROWS} and len(layer.x) <= FEW_DOTS
        size = look["markersize"] * (_LARGER if is_large else 1)
        look = look | {"linestyle": "none", "markersize": size}
    (line,) = ax.plot(layer.x, layer.y, **look)
    return line


def _draw_density(ax: "Axes", layer: Density, look: dict[str, Any]) -> "Patch":
    """Draw bins, darker for more rows, and a colour bar with the number of rows."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, LogNorm
    from matplotlib.patches import Patch

    shades = ListedColormap(colormaps[look["cmap"]](np.linspace(_PALEST, 1, 256)))
    ax.use_sticky_edges = False  # keep the margin
    mesh = ax.pcolormesh(
        layer.x_edges,
        layer.y_edges,
        np.ma.masked_equal(layer.counts.T, 0),
        cmap=shades,
        norm=LogNorm(vmin=1, vmax=max(2, layer.counts.max())),
        rasterized=True,
    )
    bar = ax.figure.colorbar(mesh, ax=ax, label="rows per bin", aspect=30, pad=0.02)
    bar.outline.set_visible(False)
    return Patch(color=shades(0.6))
