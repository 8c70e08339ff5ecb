"""How each role of a layer looks in a picture file."""

from typing import Any

from linreg_cli.output.plots.picture import Role

_BLACK, _GREY = "#000000", "#767676"
_ORANGE, _SKY, _GREEN, _BLUE, _RED = "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00"
"""Colours that differ for every kind of colour vision.

Source: M. Okabe and K. Ito, Color universal design (2008).
"""
LOOKS: dict[Role, dict[str, Any]] = {
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
"""Every role has its own line style or marker too, for print in black and white."""
