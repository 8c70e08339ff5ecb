"""Picture files for papers: PNG, SVG and PDF, by matplotlib, the same bytes on every run."""

import logging
import math
import warnings
from importlib.util import find_spec
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import numpy as np

from linreg_cli.errors import DataError, UsageError
from linreg_cli.files import open_output
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
    Scale,
)
from linreg_cli.output.plots.scales import place, round_values, with_room
from linreg_cli.output.terminal import escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis as MatplotlibAxis
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch
    from matplotlib.ticker import MaxNLocator

Format = Literal["png", "svg", "pdf"]

_NAMED_CONTOURS = 3
"""The outermost ones have room for their loss."""
COLUMN_WIDTH, PAGE_WIDTH = 3.5, 7.2
"""Of a journal with two columns, in inches."""
PANEL_HEIGHT = 2.6
_TITLE_LINE = 0.16
_PANELS_ACROSS, _DENSITIES_ACROSS = 3, 2
_DOTS_PER_INCH = 300
_MARGIN, _MARGIN_OF_NAMES = 0.03, 0.1
_MOST_TICKS = 6
_LARGEST = 1e300
"""What matplotlib can count with: it adds margins, and takes differences."""
_LARGER = 2
"""Few rows are so many times as wide."""
_MINUS = "\N{MINUS SIGN}"
_PALEST = 0.2
"""Of the colours of a density, what a bin with one row has: it is to be seen on white."""
_LETTERS_PER_INCH = 16
_BESIDE, _BAR = 0.8, 0.7
"""Inches beside a panel: for the numbers of its axis, and for the bar of a density."""
_GAP = 2
"""Letters between numbers below an axis."""
_LABEL_LETTERS, _LABEL_LINES, _TITLE_LINES = 36, 3, 4
"""What a panel has room for."""
_LETTERS_UP = 30
"""The letters of a label that have room beside a panel."""

_BLACK, _GREY = "#000000", "#767676"
_ORANGE, _SKY, _GREEN, _BLUE, _RED = "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00"
"""Told apart by every kind of colour vision: M. Okabe and K. Ito, Color universal design (2008)."""

_LOOKS: dict[Role, dict[str, Any]] = {
    Role.ROWS: {"color": _BLUE, "marker": "o", "markersize": 2.2, "alpha": 0.55},
    Role.TEST_ROWS: {
        "color": _GREEN, "marker": "^", "markersize": 3, "fillstyle": "none",
        "markeredgewidth": 0.6,
    },
    Role.DENSITY: {"cmap": "Blues"},
    Role.EXTREMES: {"color": _BLUE, "marker": "x", "markersize": 2.6, "markeredgewidth": 0.5},
    Role.PREDICTION: {"color": _SKY, "alpha": 0.22, "linestyle": "--"},
    Role.CONFIDENCE: {"color": _ORANGE, "alpha": 0.45, "linestyle": ":"},
    Role.LINE: {"color": _RED, "linewidth": 1.2},
    Role.REFERENCE: {"color": _BLACK, "linewidth": 0.8, "linestyle": "--"},
    Role.NORMAL: {"color": _RED, "linewidth": 1.2, "linestyle": ":"},
    Role.LOSS: {"color": _BLUE, "linewidth": 1.2},
    Role.TEST_LOSS: {"color": _RED, "linewidth": 1.2, "linestyle": "-."},
    Role.CONTOUR: {"color": _GREY, "linewidth": 0.6},
    Role.PATH: {"color": _RED, "linewidth": 0.9, "marker": "o", "markersize": 2.2},
    Role.OPTIMUM: {"color": _BLACK, "marker": "*", "markersize": 6},
}  # fmt: skip
"""Every role also has a line style or marker of its own, for print in black and white."""

_STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 7.5, "axes.labelsize": 8, "legend.fontsize": 7.5,
    "axes.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4, "legend.frameon": False, "lines.markeredgewidth": 0,
    "pdf.fonttype": 42, "svg.fonttype": "path",
    "svg.hashsalt": "linreg",
}  # fmt: skip
_METADATA: dict[Format, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "linreg"},
    "pdf": {"CreationDate": None, "Creator": "linreg", "Producer": None},
}
"""Without clock and version."""


def format_of(path: str) -> Format:
    """Tell the format of a picture file by its ending.

    Raises
    ------
    UsageError
        If it is none of the known ones, or matplotlib is not installed.

    """
    ending = Path(path).suffix.lower()
    known: dict[str, Format] = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if ending not in known:
        raise UsageError(
            f"{path}: the ending of a picture file is .png, .svg or .pdf",
            hint=f"Name it {Path(path).with_suffix('.png')}; linreg plot without --output draws in "
            "the terminal.",
        )
    if find_spec("matplotlib") is None:
        raise UsageError(
            f"{path}: picture files need matplotlib, which is not installed",
            hint="pip install 'linreg-cli[plot]'",
        )
    return known[ending]


def save_picture(picture: Picture, path: str) -> list[str]:
    """Write a picture to a file, whole or not at all, in the format of its ending.

    Returns
    -------
    What the file lacks, in words, and whether its owner could not be kept.

    Raises
    ------
    DataError
        If the file cannot be written, or a number is too large for matplotlib.

    """
    notes: list[str] = []
    with open_output(path, "picture", hint="Name another place.", tell=notes.append) as file:
        lacks = write_picture(picture, file, format_of(path))
    return [*lacks, *notes]


def write_picture(picture: Picture, file: BinaryIO, kind: Format) -> list[str]:
    """Draw a picture into a file that is open; give what it lacks, in words."""
    from matplotlib import style

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it speaks of its cache of fonts

    with style.context(["default", _STYLE]), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure = _draw(picture)
        figure.savefig(file, format=kind, dpi=_DOTS_PER_INCH, metadata=_METADATA[kind])
    missing = [str(warning.message) for warning in caught]
    if any("missing from font" in text for text in missing):
        return ["the picture's font lacks signs that the names of columns have"]
    return []


def _draw(picture: Picture) -> "Figure":
    from matplotlib.figure import Figure

    count = len(picture.panels)
    across = min(count, _DENSITIES_ACROSS if any(map(_has_bar, picture.panels)) else _PANELS_ACROSS)
    down = -(-count // across)
    width = COLUMN_WIDTH if across == 1 else PAGE_WIDTH
    letters = int(width * _LETTERS_PER_INCH)
    title = [line for text in picture.title for line in _lines(text, letters, _TITLE_LINES)]
    height = PANEL_HEIGHT * down + _TITLE_LINE * len(title)
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(down, across, squeeze=False).flatten().tolist()
    named: dict[str, Any] = {}
    is_one_label = len({panel.y.label for panel in picture.panels}) == 1
    for i, (ax, panel) in enumerate(zip(axes, picture.panels, strict=False)):
        named |= _draw_panel(ax, panel, width / across)
        if is_one_label and i % across:  # the first of a row has it
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
    """Draw a panel in a width in inches; give what a legend shows for each label."""
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
    across = min(_LABEL_LETTERS, int(_LETTERS_PER_INCH * inside))
    # a name with dollars is a name, not a formula
    for axis, label, letters in (
        (ax.xaxis, panel.x.label, across),
        (ax.yaxis, panel.y.label, _LETTERS_UP),
    ):
        lines = _lines(label, letters, _LABEL_LINES)
        axis.set_label_text("\n".join(lines), parse_math=False)
    ax.set_title(escape(panel.title), fontsize=8, parse_math=False)
    _set_ticks(ax.xaxis, panel.x.scale, _LETTERS_PER_INCH * inside)
    _set_ticks(ax.yaxis, panel.y.scale)
    return {label: handle for label, handle in handles.items() if label and handle is not None}


def _name_contours(ax: "Axes", panel: Panel) -> None:
    """Write the loss on the outermost contours, at their tops."""
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


def _lines(text: str, letters: int, most: int) -> list[str]:
    """Break a text into lines, and cut what then still is too long."""
    lines = wrap(escape(text), letters)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]


def _set_ticks(axis: "MatplotlibAxis", scale: Scale, letters: float = math.inf) -> None:
    """Name round values on an axis that has room for so many letters along it."""
    from matplotlib.ticker import FuncFormatter

    if scale == "log":  # matplotlib's own are powers of ten
        return
    if scale == "linear":
        low, high = axis.get_data_interval()
        if max(abs(low), abs(high)) > _LARGEST:
            raise DataError(
                "numbers beyond 1e300 cannot be drawn in a picture file",
                hint="Without --output they are drawn in the terminal.",
            )
        if with_room(low, high) != (low, high):
            axis.set_view_interval(*with_room(low, high), ignore=True)
        axis.set_major_locator(_locator(*axis.get_view_interval(), letters))
    else:
        low, high = place(np.array(axis.get_view_interval()), scale).tolist()
        axis.set_ticks(round_values(low, high, scale).tolist())
    axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))


def _locator(low: float, high: float, letters: float) -> "MaxNLocator":
    """Take as many round values between two as have room beside each other."""
    from matplotlib.ticker import MaxNLocator

    def locator(most: int) -> MaxNLocator:
        return MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10])

    def length(most: int) -> int:
        values = locator(most).tick_values(low, high)
        return sum(_GAP + len(_number(value)) for value in values if low <= value <= high)

    return locator(next((n for n in range(_MOST_TICKS, 1, -1) if length(n) <= letters), 1))


def _number(value: float) -> str:
    return f"{value:,.12g}".replace("-", _MINUS)


def _draw_layer(ax: "Axes", layer: Layer) -> Any:  # noqa: ANN401  # what a legend takes
    """Draw a layer; give what a legend shows for it, or None."""
    look = _LOOKS[layer.role]
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
    """Draw bins the darker, the more rows they have, and a bar that tells how many."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, LogNorm
    from matplotlib.patches import Patch

    shades = ListedColormap(colormaps[look["cmap"]](np.linspace(_PALEST, 1, 256)))
    ax.use_sticky_edges = False  # a margin here too
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
